"""Opening a campaign's cases: by the numbers of the records, a batch a transaction, going on where a kill stopped it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from applicants.models import Application
from employment_tracking.models import Campaign, JobRecord, JobRecordEvent, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.workflow import asking
from employment_tracking.workflow.cases import QUESTION, flag_codes
from quotas.models import Programme
from quotas.models.programme import Track

BATCH = 1_000
Case, Status = VerificationCase, JobRecord.Status


def frame(programme: Programme, selection: dict):
    """The records among which is asked: registered or corrected, of the chosen agencies, since the chosen day."""
    rows = JobRecord.everything.filter(programme=programme, status__in=rules.ASKABLE)
    if agencies := selection.get("agencies"):
        rows = rows.filter(agency__in=agencies)
    if since := selection.get("since"):
        rows = rows.filter(registered_on__gte=date.fromisoformat(since))
    return rows.order_by("pk")


def must_reach_of(records: Sequence[JobRecord], programme: Programme) -> dict[int, tuple[str, list[str]]]:
    """For each record the level that it must reach and why; two statements for any number. Needs ``application``."""
    year, flags = rules.LadderRules.of(programme), flag_codes([record.pk for record in records])
    return {
        record.pk: rules.must_reach(
            flags.get(record.pk, ()),
            is_supporter=_is_supporter(record.application),
            loan_rial=(record.application.approved_rial or 0) if record.application else 0,
            rules=year,
        )
        for record in records
    }


def _is_supporter(application: Application | None) -> bool:
    return application is not None and application.track == Track.SUPPORTER


@transaction.atomic
def open_batch(*, campaign_id: int, now: datetime) -> int:
    """Open the next cases of a running campaign and queue their questions; says how many, 0 when all are open.

    Whoever comes while another worker opens leaves it to him: the campaign's row is skipped when locked.
    """
    rows = Campaign.everything.filter(pk=campaign_id, status=Campaign.Status.RUNNING, all_opened_at=None)
    campaign = rows.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    return open_next(campaign, now=now) if campaign is not None else 0


def open_next(campaign: Campaign, *, now: datetime) -> int:
    """One batch of a campaign whose row the caller has locked."""
    programme = Programme.everything.select_related("county").get(pk=campaign.programme_id)
    ids, reached = _next_ids(campaign, programme)
    records = _locked(ids, programme, campaign)
    cases = _open(records, campaign=campaign, programme=programme, now=now)
    asking.ask(cases, purpose=QUESTION, programme=programme, now=now)
    campaign.opened_up_to = reached
    if reached >= campaign.selection.get("last_id", 0):
        campaign.all_opened_at = now
    campaign.save(update_fields=["opened_up_to", "all_opened_at"])
    return len(cases)


def _next_ids(campaign: Campaign, programme: Programme) -> tuple[list[int], int]:
    """The numbers of the next records that are drawn, and how far the frame has been read."""
    selection = campaign.selection
    last = selection.get("last_id", 0)
    rows = frame(programme, selection).filter(pk__lte=last)
    limit, drawn, reached = selection.get("rank_up_to", ""), [], campaign.opened_up_to
    while reached < last and not drawn:  # of a small share, whole pages may hold nobody
        page = list(rows.filter(pk__gt=reached).values_list("pk", flat=True)[:BATCH])
        reached = page[-1] if len(page) == BATCH else last
        drawn = [pk for pk in page if not limit or rules.rank(selection["seed"], pk) <= limit]
    return drawn, reached


def _locked(ids: Sequence[int], programme: Programme, campaign: Campaign) -> list[JobRecord]:
    rows = frame(programme, campaign.selection).filter(pk__in=ids).exclude(cases__campaign=campaign)
    return list(rows.select_related("application").select_for_update(of=("self",), no_key=True))


def _open(records: list[JobRecord], *, campaign: Campaign, programme: Programme, now: datetime) -> list[Case]:
    levels = must_reach_of(records, programme)
    JobRecordEvent.everything.bulk_create(
        JobRecordEvent(
            record=record,
            from_status=record.status,
            to_status=Status.IN_VERIFICATION,
            reason=campaign.title,
            happened_by_id=campaign.planned_by_id,
        )
        for record in records
    )
    JobRecord.everything.filter(pk__in=[record.pk for record in records]).update(status=Status.IN_VERIFICATION)
    return Case.everything.bulk_create(
        Case(
            record=record,
            campaign=campaign,
            must_reach=levels[record.pk][0],
            reasons=levels[record.pk][1],
            opened_at=now,
            level_since=now,
        )
        for record in records
    )
