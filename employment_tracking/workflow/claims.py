"""Two agencies and one person: the second one's claim, and the office's decision. J1 holds at every instant."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from employment_tracking import checks, rules
from employment_tracking.models import ClaimDispute, JobRecord
from employment_tracking.workflow import cases
from employment_tracking.workflow.register import Evidence, move, write

Status, Outcome = JobRecord.Status, ClaimDispute.Status


@transaction.atomic
def claim(*, record: JobRecord, reason: str, by, today: date, evidence: Evidence = ()) -> ClaimDispute:
    """Keep a second agency's record as a duplicate that waits for the office's decision. ``record`` is unsaved.

    Raises ReasonMissingError, NothingToClaimError, AlreadyClaimedError, PersonAlreadyCountedError, StartOutsideYearError.
    """
    if not reason.strip():
        raise rules.ReasonMissingError
    first = _records_of(record.programme_id, record.national_id).counted().first()
    if first is None:
        raise rules.NothingToClaimError
    if first.agency_id == record.agency_id:
        raise rules.PersonAlreadyCountedError
    same = ClaimDispute.everything.undecided().filter(
        claim__agency=record.agency_id, claim__programme=record.programme_id, claim__national_id=record.national_id
    )
    if same.exists():
        raise rules.AlreadyClaimedError
    write(record, status=Status.DUPLICATE, by=by, today=today, evidence=evidence, reason=_("Another agency was first."))
    dispute = ClaimDispute.everything.create(against=first, claim=record, reason=reason.strip()[:500], claimed_by=by)
    checks.check_records([first.pk])
    return dispute


def keep(dispute_id: int, *, reason: str, by) -> ClaimDispute:
    """The person stays with the agency that was first. Raises WrongStateError, ReasonMissingError."""
    return _decide(dispute_id, outcome=Outcome.KEPT, reason=reason, by=by)


def give(dispute_id: int, *, reason: str, by, now: datetime) -> ClaimDispute:
    """The person is the claiming agency's: the first record becomes the duplicate, and nobody is asked about it any more.

    Whoever comes newly to count was not asked yet. Raises WrongStateError, ReasonMissingError.
    """
    return _decide(dispute_id, outcome=Outcome.MOVED, reason=reason, by=by, now=now)


@transaction.atomic
def _decide(dispute_id: int, *, outcome: str, reason: str, by, now: datetime | None = None) -> ClaimDispute:
    if not reason.strip():
        raise rules.ReasonMissingError
    person = ClaimDispute.everything.values_list("claim__programme", "claim__national_id").get(pk=dispute_id)
    records = list(_records_of(*person))  # records first, then the dispute: two decisions wait for each other here
    dispute = ClaimDispute.everything.select_for_update(of=("self",), no_key=True).get(pk=dispute_id)
    rules.check_undecided(dispute)
    beside = checks.touched([record.pk for record in records])
    if outcome == Outcome.MOVED:
        _hand_over(dispute, records, reason=reason.strip(), by=by)
        cases.withdraw([record.pk for record in records], now=now)
    dispute.status, dispute.decision_reason = outcome, reason.strip()
    dispute.decided_at, dispute.decided_by = timezone.now(), by
    dispute.save(update_fields=["status", "decision_reason", "decided_at", "decided_by"])
    checks.check_records([record.pk for record in records], touched_before=beside)
    return dispute


def _hand_over(dispute: ClaimDispute, records: list[JobRecord], *, reason: str, by) -> None:
    """Whoever counts now steps back first, then the claiming record counts: at no instant do two."""
    for record in records:
        if record.pk != dispute.claim_id and record.status not in JobRecord.everything.all().NOT_COUNTED:
            move(record, to=Status.DUPLICATE, by=by, reason=reason)
    claiming = next(record for record in records if record.pk == dispute.claim_id)
    move(claiming, to=Status.REGISTERED, by=by, reason=reason)


def _records_of(programme_id: int, national_id: str):
    """Every record of a person in a year, locked in the order of their ids."""
    rows = JobRecord.everything.select_for_update(of=("self",), no_key=True)
    return rows.filter(programme=programme_id, national_id=national_id).order_by("pk")
