"""How far a campaign is: by level, by agency, and how many confirm at each stage. A few statements for any size."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import ExecutiveAgency
from employment_tracking.case_list import CLOSED, FILTERS
from employment_tracking.models import Attempt, Campaign, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.workflow.opening import frame
from messaging.models import OutboundMessage
from quotas.models import Programme
from quotas.models.programme import Track

Case, Outcome, Sent = VerificationCase, Attempt.Outcome, OutboundMessage.Status
SHOWN_PER_AGENCY = ("sms", "phone", "field", "silent", "confirmed", "denied", "unreached")


@dataclass(frozen=True)
class Stage:
    """One level: how many were asked there, how many said yes or no. ``rate`` = yes ÷ (yes + no), in percent."""

    label: str
    asked: int
    yes: int
    no: int

    @property
    def answered(self) -> int:
        return self.yes + self.no

    @property
    def answered_percent(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None

    @property
    def rate_percent(self) -> int | None:
        return round(100 * self.yes / self.answered) if self.answered else None


def stages(campaign: Campaign) -> list[Stage]:
    """SMS, phone and field, each by the answers that stand (corrected ones do not). One query."""
    phone, field = Attempt.Channel.PHONE, Attempt.Channel.FIELD

    def people(**about) -> Count:
        return Count("case", distinct=True, filter=Q(**about))

    found = Attempt.objects.filter(case__campaign=campaign, superseded_by=None).aggregate(
        asked=people(outcome=Outcome.ASKED),
        sms_yes=people(outcome=Outcome.YES),
        sms_no=people(outcome=Outcome.NO),
        called=people(channel=phone),
        phone_yes=people(channel=phone, outcome=Outcome.CONFIRMED),
        phone_no=people(channel=phone, outcome=Outcome.DENIED),
        visited=people(channel=field),
        field_yes=people(channel=field, outcome=Outcome.CONFIRMED),
        field_no=people(channel=field, outcome=Outcome.DENIED),
    )
    level = Case.Level
    return [
        Stage(level.SMS.label, found["asked"], found["sms_yes"], found["sms_no"]),
        Stage(level.PHONE.label, found["called"], found["phone_yes"], found["phone_no"]),
        Stage(level.FIELD.label, found["visited"], found["field_yes"], found["field_no"]),
    ]


def messages_of(campaign: Campaign) -> dict[str, int]:
    """The questions by what became of them. One query."""
    rows = Attempt.objects.filter(case__campaign=campaign, channel=Attempt.Channel.SMS, message__isnull=False)
    return rows.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(message__status__in=[Sent.QUEUED, Sent.SENDING])),
        sent=Count("pk", filter=Q(message__status__in=[Sent.SENT, Sent.UNKNOWN])),
        delivered=Count("pk", filter=Q(message__status=Sent.DELIVERED)),
        failed=Count("pk", filter=Q(message__status__in=[Sent.UNDELIVERED, Sent.BLOCKED, Sent.FAILED])),
        cancelled=Count("pk", filter=Q(message__status=Sent.CANCELLED)),
    )


def by_agency(campaign: Campaign) -> list[dict]:
    """For each agency how many of its people stand where, the largest first. Two queries."""
    picked = {name: Count("pk", filter=FILTERS[name][1]) for name in SHOWN_PER_AGENCY}
    rows = Case.objects.filter(campaign=campaign).order_by().values("record__agency")
    found = list(rows.annotate(all=Count("pk"), closed=Count("pk", filter=CLOSED), **picked))
    names = dict(
        ExecutiveAgency.objects.filter(pk__in=[row["record__agency"] for row in found]).values_list("pk", "name")
    )
    for row in found:
        row["agency"], row["agency_id"] = names[row["record__agency"]], row["record__agency"]
        judged = row["confirmed"] + row["denied"]
        row["rate_percent"] = round(100 * row["confirmed"] / judged) if judged else None
        row["closed_percent"] = round(100 * row["closed"] / row["all"])
    return sorted(found, key=lambda row: (-row["all"], row["agency"]))


def not_asked(campaign: Campaign) -> int:
    """Who waits for verification and came after this campaign drew its people: registered, or given by a claim. One query."""
    selection = campaign.selection
    came_later = Q(pk__gt=selection.get("last_id", 0))
    if not selection.get("rank_up_to"):  # where all are asked, whoever was passed by came to count later
        came_later |= Q(pk__lte=campaign.opened_up_to)
    return frame(campaign.programme, selection).filter(came_later).exclude(cases__campaign=campaign).order_by().count()


def of_plan(campaign: Campaign) -> dict[str, int]:
    """Whom a planned campaign would ask now: how many, and how far up they must go. Three queries."""
    programme: Programme = campaign.programme
    year = rules.LadderRules.of(programme)
    rows = frame(programme, campaign.selection).order_by()
    flagged = {"flags__cleared_at": None}
    to_field = Q(flags__code__in=year.to_field, **flagged) | Q(application__approved_rial__gt=year.field_above_rial)
    if year.field_for_supporters:
        to_field |= Q(application__track=Track.SUPPORTER)
    visited = rows.filter(to_field).values("pk")
    called = rows.filter(flags__code__in=year.to_phone, **flagged).exclude(pk__in=visited).values("pk")
    size = rows.count()
    return {
        "frame": size,
        "asked": -(-size * campaign.selection["share_percent"] // 100),
        "field": visited.distinct().count(),
        "phone": called.distinct().count(),
    }
