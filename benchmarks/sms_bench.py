"""Sending messages: from rows in the outbox to a gateway that answers after 50 ms, by one Celery worker with one process.

Peer: one task, one HTTP call and one save per message, through the same worker and Redis. Limit: a bare async client that
posts the same bulk calls, as many at once, without database or queue. Figures are milliseconds per message: a thousand of
them is a thousand divided by the figure messages per second.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connections

from abarkuh_loans.celery import app
from accounts.tests.factories import CountyFactory
from benchmarks import sms_limit
from benchmarks.measuring import figure, interleaved, scratch_database, seconds
from messaging import bell, outbox
from messaging.models import OutboundMessage, SendingRules

SIZES = (20_000,)
OF_PEER = 200  # it needs a call's time for each
LINE, KEY, QUEUE = "10008663", "benchmark", "sms-benchmark"
TEXT = "آیا در شغل ثبت‌شده مشغول کارید؟ 1 بله 2 خیر\nاداره کار ابرکوه"
MOST_SECONDS = 60
OPEN = ("queued", "sending")  # both without number and end: looked up in an index, or waiting would be the work


def figures(sizes: Sequence[int] = SIZES) -> Iterator[dict]:
    with scratch_database(), a_gateway() as base_url, a_worker(base_url):
        county = CountyFactory()
        SendingRules.everything.create(
            county=county, quiet_from="00:00", quiet_until="00:00", daily_per_person=10_000, daily_total=10_000_000
        )
        for n in sizes:
            medians = interleaved(
                {
                    "ours": lambda n=n: ours(county, n),
                    "limit": lambda n=n: limit(base_url, n),
                    "peer": lambda n=n: peer(county, min(n, OF_PEER)),
                },
                {"ours": 5, "limit": 5, "peer": 3},
            )
            yield figure("sms", n=n, unit="ms per message", **medians)


def ours(county, n: int) -> float:
    """From the bell to the last row recorded."""
    write(county, n)
    return seconds(lambda: (ring(bell.SEND_DUE), wait_until_sent())) * 1_000 / n


def peer(county, n: int) -> float:
    ids = write(county, n)
    return seconds(lambda: ([ring("benchmarks.sms_peer.send_one", pk) for pk in ids], wait_until_sent())) * 1_000 / n


def limit(base_url: str, n: int) -> float:
    messages = [(number, receptor_of(number), TEXT) for number in range(n)]
    taken = []
    spent = seconds(lambda: taken.append(sms_limit.post_all(base_url, messages, line=LINE, key=KEY)))
    if taken != [n]:
        raise AssertionError(f"the limit sent {taken} of {n} messages")
    return spent * 1_000 / n


def write(county, n: int) -> list[int]:
    """Rows in the outbox. Their own bell is rung in a queue that the worker does not hear."""
    first = OutboundMessage.everything.count()
    drafts = [
        outbox.Draft(key=f"bench:{number}", county_id=county.pk, to=receptor_of(number), text=TEXT, purpose="notice")
        for number in range(first, first + n)
    ]
    return list(outbox.add_many(drafts).values())


def receptor_of(number: int) -> str:
    return f"0990{number:07d}"


def ring(task: str, *arguments: int) -> None:
    app.send_task(task, arguments, queue=QUEUE)


def wait_until_sent() -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while OutboundMessage.everything.filter(status__in=OPEN, provider_id=None, ended_at=None).exists():
        if time.monotonic() > deadline:
            raise AssertionError("the worker did not send everything")
        time.sleep(0.01)


@contextmanager
def a_gateway() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.sms_gateway"], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
    finally:
        end(server)


@contextmanager
def a_worker(base_url: str) -> Iterator[None]:
    """One worker process on this benchmark's database and gateway, with a queue of its own."""
    environment = os.environ | {
        "DATABASE_URL": here(os.environ["DATABASE_URL"]),
        "KAVENEGAR_BASE_URL": base_url,
        "KAVENEGAR_API_KEY": KEY,
        "SMS_LINE": LINE,
    }
    command = [
        sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "abarkuh_loans.celery", "worker", "-I", "benchmarks.sms_peer",
        "--concurrency", "1", "--loglevel", "ERROR", "-Q", QUEUE, "-n", f"sms-benchmark-{os.getpid()}@%h",
    ]  # fmt: skip
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(QUEUE)
    worker = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        yield
    finally:
        end(worker)


def here(url: str) -> str:
    """The same server and role, and the scratch database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{connections['default'].settings_dict['NAME']}"))


def end(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(30)
    if process.stdout:
        process.stdout.close()
