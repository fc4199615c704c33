"""A running campaign with people at the phone level, for the tests of the operators' desk."""

from datetime import datetime, timedelta
from itertools import count

from accounts.models import ExecutiveAgency, User
from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.tests.factories import national_id
from employment_tracking import workflow
from employment_tracking.models import Attempt, Campaign, JobRecord, VerificationCase
from employment_tracking.rules.calls import Outcome
from employment_tracking.workflow import calls
from iran.calendar import TEHRAN
from quotas.models import Programme
from quotas.tests.factories import A_DAY, ProgrammeFactory

NOW = datetime(2022, 8, 22, 10, 0, tzinfo=TEHRAN)
_people = count(7_000_001)


class Desk:
    """``operator`` and ``colleague`` call; ``case()`` is one more person who waits."""

    def __init__(self, programme: Programme | None = None) -> None:
        self.programme = programme or ProgrammeFactory()
        self.county = self.programme.county
        self.agency: ExecutiveAgency = ExecutiveAgencyFactory(county=self.county, name="کمیته امداد")
        self.expert = UserFactory(role=Role.OFFICE, county=self.county)
        self.operator = self.new_operator(last_name="رستمی")
        self.colleague = self.new_operator(last_name="کاظمی")
        self.campaign = Campaign.everything.create(
            programme=self.programme, title="پویش مرداد", status=Campaign.Status.RUNNING, planned_by=self.expert
        )

    def new_operator(self, **fields) -> User:
        return UserFactory(role=Role.OPERATOR, county=self.county, **fields)

    def record(self, *, by: User | None = None, **changes) -> JobRecord:
        number = next(_people)
        fields = {
            "first_name": "زهرا",
            "last_name": f"احمدی {number}",
            "mobile": f"0990{number:07d}",
            "job_title": "گلیم‌بافی",
            "address": "روستای بالاده",
            "starts_on": A_DAY,
            "hours_per_week": 30,
            **changes,
        }
        record = JobRecord(programme=self.programme, agency=self.agency, national_id=national_id(number), **fields)
        record = workflow.register(record=record, by=by or self.expert, today=A_DAY)
        workflow.move(record, to=JobRecord.Status.IN_VERIFICATION, by=self.expert)
        return record

    def case(self, *, record: JobRecord | None = None, **changes) -> VerificationCase:
        fields = {
            "level": VerificationCase.Level.PHONE,
            "next_at": NOW - timedelta(days=1),
            "opened_at": NOW,
            "level_since": NOW,
            **changes,
        }
        return VerificationCase.everything.create(record=record or self.record(), campaign=self.campaign, **fields)


def record_call(desk, case, outcome=Outcome.NO_ANSWER, *, by=None, now=NOW, **given):
    return calls.record_call(case_id=case.pk, outcome=outcome, by=by or desk.operator, now=now, **given)


def called(desk, outcome, *, now=NOW, **changes) -> tuple[VerificationCase, Attempt]:
    """A person who was taken up and called."""
    case = desk.case(**changes)
    assert calls.take_next(by=desk.operator, now=now) == case
    later = {"call_later_at": now + timedelta(hours=1)} if outcome == Outcome.CALL_LATER else {}
    attempt = record_call(desk, case, outcome, now=now, **later)
    case.refresh_from_db()
    return case, attempt
