"""Writing questions into the outbox, each with its attempt, in the transaction of the step that asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from employment_tracking.models import Attempt, VerificationCase
from employment_tracking.workflow.cases import ANNOUNCEMENT, QUESTION, REMINDER, VOICE_REMINDER
from messaging import outbox, texts
from messaging.models import OutboundMessage
from quotas.models import Programme

Case, Channel, Outcome = VerificationCase, Attempt.Channel, Attempt.Outcome
# A question may wait in the queue for days (limits of a day, a pause); until then its answer must find it.
LONGEST_ON_THE_WAY = timedelta(days=60)
_SENDS = {
    QUESTION: (Channel.SMS, OutboundMessage.Channel.SMS, Outcome.ASKED),
    REMINDER: (Channel.SMS, OutboundMessage.Channel.SMS, Outcome.REMINDED),
    ANNOUNCEMENT: (Channel.VOICE, OutboundMessage.Channel.CALL, Outcome.ANNOUNCED),
    VOICE_REMINDER: (Channel.VOICE, OutboundMessage.Channel.CALL, Outcome.REMINDED),
}


def ask(cases: Sequence[Case], *, purpose: str, programme: Programme, now: datetime) -> None:
    """One message of this purpose to each person, and its attempt. The cases are locked or new, records loaded.

    The key counts the case's messages, under the lock of the case: nobody can be asked twice by two workers.
    """
    if not cases:
        return
    channel, by_wire, outcome = _SENDS[purpose]
    numbers = _numbers(cases, channel=channel)
    office = {"office": programme.county.name}
    values = [office | {"name": case.record.full_name, "job": case.record.job_title} for case in cases]
    written = texts.render_many(purpose, programme.county_id, values)
    drafts = [
        outbox.Draft(
            key=f"{'job-check' if channel == Channel.SMS else 'job-call'}:{case.pk}:{numbers[case.pk]}",
            county_id=programme.county_id,
            to=case.record.mobile,
            text=text,
            purpose=purpose,
            channel=by_wire,
            answer_until=timezone.now() + LONGEST_ON_THE_WAY if channel == Channel.SMS else None,
        )
        for case, text in zip(cases, written, strict=True)
    ]
    ids = outbox.add_many(drafts)
    Attempt.everything.bulk_create(
        Attempt(
            case=case,
            channel=channel,
            number=numbers[case.pk],
            outcome=outcome,
            message_id=ids[draft.key],
            happened_at=now,
        )
        for case, draft in zip(cases, drafts, strict=True)
    )


def _numbers(cases: Sequence[Case], *, channel: str) -> dict[int, int]:
    """The number of each case's next message of a channel."""
    asked = Q(attempts__channel=channel, attempts__message__isnull=False)
    rows = Case.everything.filter(pk__in=[case.pk for case in cases]).order_by()
    return {pk: count + 1 for pk, count in rows.values_list("pk").annotate(asked=Count("attempts", filter=asked))}
