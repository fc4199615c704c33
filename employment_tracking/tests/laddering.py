"""A programme with registered people, and a campaign that asks them, for the tests of the ladder."""

from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction

from accounts.models import ExecutiveAgency
from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.tests.factories import national_id
from employment_tracking.models import Attempt, Campaign, JobRecord, RecordFlag, VerificationCase
from employment_tracking.workflow import advancing, answers, campaigns
from employment_tracking.workflow.register import register
from iran.calendar import TEHRAN
from messaging.models import InboundMessage, OutboundMessage
from messaging.replies import Handling, Question, Reply
from quotas.models import Programme
from quotas.tests.factories import A_DAY, ProgrammeFactory

NOW = datetime(2022, 8, 22, 10, 0, tzinfo=TEHRAN)
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
_people = count(8_000_001)
Sent = OutboundMessage.Status


class Ladder:
    """``record()`` is one more registered person; ``started()`` asks everybody who is there."""

    def __init__(self, programme: Programme | None = None) -> None:
        self.programme = programme or ProgrammeFactory()
        self.county = self.programme.county
        self.agency: ExecutiveAgency = ExecutiveAgencyFactory(county=self.county, name="کمیته امداد")
        self.expert = UserFactory(role=Role.OFFICE, county=self.county)
        self.now = NOW

    def rule(self, key: str, value: str) -> None:
        self.programme.rules.update_or_create(key=key, defaults={"value": value})

    def record(self, *, flags: tuple[str, ...] = (), **changes) -> JobRecord:
        number = next(_people)
        fields = {
            "agency": self.agency,
            "first_name": "زهرا",
            "last_name": f"احمدی {number}",
            "mobile": f"0990{number:07d}",
            "job_title": "گلیم‌بافی",
            "starts_on": A_DAY,
            **changes,
        }
        record = JobRecord(programme=self.programme, national_id=national_id(number), **fields)
        record = register(record=record, by=self.expert, today=A_DAY)
        for code in flags:
            RecordFlag.everything.create(record=record, code=code, severity="suspicion")
        return record

    def planned(self, *, share_percent: int = 100, agencies: list[int] = (), since: date | None = None) -> Campaign:
        return campaigns.plan(
            programme=self.programme,
            title="پویش مرداد",
            agencies=list(agencies),
            since=since,
            share_percent=share_percent,
            by=self.expert,
            now=self.now,
        )

    def started(self, **selection) -> Campaign:
        return campaigns.start(campaign_id=self.planned(**selection).pk, by=self.expert, now=self.now)

    def advance(self, after: timedelta = timedelta(0)) -> dict[str, int]:
        self.now += after
        return advancing.advance(now=self.now)

    def case(self, record: JobRecord) -> VerificationCase:
        return VerificationCase.everything.select_related("record").get(record=record)

    def questions(self, record: JobRecord) -> list[OutboundMessage]:
        return list(OutboundMessage.everything.filter(receptor=record.mobile, channel="sms").order_by("pk"))

    def gateway_says(self, status: str, *, failure: str = "", ended: bool = False, channel: str = "sms") -> None:
        """Of everything that is queued."""
        moment = datetime.now(TEHRAN)
        OutboundMessage.everything.filter(county=self.county, status=Sent.QUEUED, channel=channel).update(
            status=status, failure=failure, ended_at=moment if ended else None, sent_at=moment
        )

    def answers(self, record: JobRecord, *meanings: str, at: datetime | None = None) -> list[Handling]:
        """The person answers so, as one batch of the inbox."""
        return self.answered([(record, meaning) for meaning in meanings], at=at)

    def answered(self, said: list[tuple[JobRecord, str]], at: datetime | None = None) -> list[Handling]:
        replies = [self.reply(record, meaning, at=at) for record, meaning in said]
        with transaction.atomic():  # as the inbox does
            handled = answers.take(replies, now=self.now)
        return [handled[reply.inbound_id] for reply in replies]

    def reply(self, record: JobRecord, meaning: str, at: datetime | None = None) -> Reply:
        inbound = InboundMessage.everything.create(
            county=self.county, provider_id=f"in-{next(_people)}", line="1000", sender=record.mobile, text="1"
        )
        asked = [Question(q.pk, q.key, q.purpose, q.sent_at) for q in reversed(self.questions(record))]
        moment = at or datetime.now(TEHRAN)
        return Reply(inbound.pk, self.county.pk, record.mobile, meaning, "1", moment, asked)

    def outcomes(self, record: JobRecord) -> list[str]:
        return list(Attempt.everything.filter(case__record=record).order_by("pk").values_list("outcome", flat=True))
