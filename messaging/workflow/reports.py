"""What the gateway says of our messages: kept as it came, then applied to all messages of a batch in one statement.

Anybody who learns the secret of the callback could report anything. So a callback may move a message forward, and whatever
bad it says of one (not delivered, failed, blocked) the gateway is asked about at once; its own answer takes the place of an
unconfirmed failure. Nothing that a report says ever confirms or refuses a job. See docs/decisions/0019.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from messaging import bell
from messaging.gateways.codes import MESSAGE
from messaging.models import OutboundMessage

Report = tuple[int, int]  # the gateway's number of the message, and its status code
Channel, Status = OutboundMessage.Channel, OutboundMessage.Status
# In the queue or in a worker's hands it has no report to wait for; taken back, nobody waits for one.
REPORTABLE = (Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.BLOCKED, Status.FAILED, Status.UNKNOWN)

_KEEP = """
    INSERT INTO messaging_deliveryreport (channel, provider_id, provider_status, asked)
    SELECT %(channel)s, came.number, came.code, false FROM unnest(%(numbers)s::bigint[], %(codes)s::int[]) AS came(number, code)
"""
# The same answer to the same question is kept once: a message on its way is asked about many times.
_KEEP_ASKED = """
    INSERT INTO messaging_deliveryreport (channel, provider_id, provider_status, asked)
    SELECT %(channel)s, came.number, came.code, true FROM unnest(%(numbers)s::bigint[], %(codes)s::int[]) AS came(number, code)
    WHERE NOT EXISTS (SELECT FROM messaging_deliveryreport AS kept WHERE kept.provider_id = came.number
        AND kept.provider_status = came.code AND kept.channel = %(channel)s AND kept.asked)
"""


def _rank(code: int) -> int:
    """Of two codes of one stage the higher counts, so that contradicting reports lead to one state in any order."""
    return 100 * MESSAGE[code].rank + code


# What may move a message: code -> (rank, state, final, failure)
_MOVING = {code: (_rank(code), m.state, m.final, m.failure) for code, m in MESSAGE.items() if m.state}
_RANK, _STATE, _FINAL, _FAILURE = range(4)


def _case(column: str, what: int, otherwise: str) -> str:
    """One attribute of a code's meaning as an SQL expression."""
    arms = " ".join(f"WHEN {code} THEN {_literal(meaning[what])}" for code, meaning in _MOVING.items())
    return f"CASE {column} {arms} ELSE {otherwise} END"


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else f"'{value}'"


_RANK_NOW, _RANK_CAME = _case("message.provider_status", _RANK, "0"), _case("came.code", _RANK, "0")
_FINAL_NOW, _FINAL_CAME = _case("message.provider_status", _FINAL, "false"), _case("came.code", _FINAL, "false")
_STATE_CAME = _case("came.code", _STATE, "message.status")
_UNCONFIRMED = f"(message.poll_at IS NOT NULL AND {_FINAL_NOW})"
_BAD_NEWS = f"({_STATE_CAME} NOT IN ('{Status.SENT}', '{Status.DELIVERED}'))"
# The rows are locked in the order of their numbers, and each is judged by its newest state: two batches at once neither
# block each other for ever nor undo each other.
_APPLY = f"""
    UPDATE messaging_outboundmessage AS message
    SET status = {_STATE_CAME},
        provider_status = came.code,
        failure = {_case("came.code", _FAILURE, "''")},
        ended_at = CASE WHEN message.provider_status = came.code THEN message.ended_at
                        WHEN {_FINAL_CAME} THEN now() END,
        cost_rial = CASE WHEN %(asked)s AND {_STATE_CAME} IN ('{Status.BLOCKED}', '{Status.FAILED}') THEN 0
                         ELSE message.cost_rial END,
        poll_at = CASE WHEN {_FINAL_CAME} AND (%(asked)s OR NOT {_BAD_NEWS}) THEN NULL
                       WHEN {_BAD_NEWS} AND NOT %(asked)s THEN now()
                       ELSE message.poll_at END
    FROM (
        SELECT message.id, came.code
        FROM unnest(%(numbers)s::bigint[], %(codes)s::int[]) AS came(number, code)
        JOIN messaging_outboundmessage AS message ON message.provider_id = came.number
        WHERE message.channel = %(channel)s AND message.status = ANY(%(reportable)s)
            AND ({_RANK_CAME} > {_RANK_NOW} OR %(asked)s AND {_UNCONFIRMED})
        ORDER BY message.id
        FOR NO KEY UPDATE OF message
    ) AS came
    WHERE message.id = came.id
    RETURNING message.status, message.poll_at IS NOT NULL
"""


def record(reports: Iterable[Report], *, channel: str = Channel.SMS) -> int:
    """What callbacks told. Kept and committed first; gives how many messages it moved."""
    return _record(list(reports), channel=channel, asked=False, keep=_KEEP)


def record_asked(reports: Iterable[Report], *, channel: str = Channel.SMS) -> int:
    """What the gateway answered to our own question: stands against a failure that only a callback told of."""
    return _record(list(reports), channel=channel, asked=True, keep=_KEEP_ASKED)


def catch_up(numbers: Iterable[int], *, channel: str = Channel.SMS) -> int:
    """Apply the reports that came before we had written down the gateway's numbers of these messages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT provider_id, provider_status FROM messaging_deliveryreport"
            " WHERE provider_id = ANY(%s) AND channel = %s AND NOT asked",
            [list(numbers), channel],
        )
        early = cursor.fetchall()
    return _apply(early, channel=channel, asked=False)


def _record(reports: list[Report], *, channel: str, asked: bool, keep: str) -> int:
    if not reports:
        return 0
    numbers, codes = zip(*reports, strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(keep, {"channel": channel, "numbers": list(numbers), "codes": list(codes)})
    return _apply(reports, channel=channel, asked=asked)


@transaction.atomic
def _apply(reports: list[Report], *, channel: str, asked: bool) -> int:
    """Of several reports of one message the one that counts most; the rest would change nothing after it."""
    best: dict[int, int] = {}
    for number, code in reports:
        if code in _MOVING and (number not in best or _rank(code) > _rank(best[number])):
            best[number] = code
    if not best:
        return 0
    values = {
        "channel": channel,
        "asked": asked,
        "numbers": list(best),
        "codes": list(best.values()),
        "reportable": list(REPORTABLE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPLY, values)
        moved = cursor.fetchall()
    if not asked and any(status != Status.SENT and is_asked_about for status, is_asked_about in moved):
        bell.ring_on_commit(bell.POLL_DELIVERIES)
    return len(moved)
