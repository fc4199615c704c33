"""Loaded by pytest before Django's settings are: servers, the demo's day, a Redis database of this process's own."""

import os
import re

from abarkuh_loans import messages_compile
from devservices import surroundings

if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:  # pytest called by hand, not by bin/test
    lease = surroundings.prepare()
    messages_compile.compile_changed()

os.environ |= {
    **surroundings.DEMO,
    "PROGRAMME_TODAY_FILE": "",
    "DEBUG": "no",
    "BEHIND_HTTPS": "no",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    # nobody listens there: only a test with the fixture ``simulator`` sends a message
    "SMS_GATEWAY": "simulator",
    "KAVENEGAR_BASE_URL": "http://127.0.0.1:1/v1",
}
# 0 is the running site's: its worker must not take a test's tasks
number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) % 14 + 1
if os.environ["REDIS_URL"].startswith("unix:"):
    os.environ["REDIS_URL"] = re.sub(r"db=\d+", f"db={number}", os.environ["REDIS_URL"])
else:
    os.environ["REDIS_URL"] = re.sub(r"(://[^/]+)(/\d*)?$", rf"\1/{number}", os.environ["REDIS_URL"])
