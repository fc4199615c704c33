"""Fetching what people wrote, for a site that the gateway's callbacks cannot reach, and for callbacks that were lost.

Handing over marks messages as read, so a page is kept and committed before the next is asked for. What somebody fetched who
died before keeping it is among the read ones, which are asked for first.
"""

import logging

from django.conf import settings

from messaging.gateways.kavenegar import Kavenegar, RefusedError
from messaging.gateways.transport import NotSentError, UnclearError
from messaging.workflow import inbound
from messaging.workflow.inbound import Arrived

MOST_PAGES = 50  # of one line at a time; the rest comes with the next round
log = logging.getLogger(__name__)


def pull(gateway: Kavenegar) -> dict[str, int]:
    """Keep what waits at the gateway, then take up whatever is kept; says how many were fetched, new and taken up."""
    counts = {"fetched": 0, "new": 0}
    for line in filter(None, (settings.SMS_LINE, settings.SMS_SERVICE_LINE)):
        try:
            _pull_line(gateway, line, counts)
        except (RefusedError, NotSentError, UnclearError) as error:
            log.warning("the gateway did not hand over what came to line %s: %s", line, error)
    return counts | {"taken_up": inbound.take_up_all()}


def _pull_line(gateway: Kavenegar, line: str, counts: dict[str, int]) -> None:
    _keep(gateway.receive(line, read_before=True), line, counts)
    for _page in range(MOST_PAGES):
        if not _keep(gateway.receive(line), line, counts):
            break


def _keep(entries: list[dict], line: str, counts: dict[str, int]) -> int:
    counts["fetched"] += len(entries)
    counts["new"] += inbound.keep([_arrived(entry, line) for entry in entries])
    return len(entries)


def _arrived(entry: dict, line: str) -> Arrived:
    number, sender, text = (str(entry.get(name) or "") for name in ("messageid", "sender", "message"))
    return Arrived(number, str(entry.get("receptor") or line), sender, text, entry)
