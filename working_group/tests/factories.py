"""Meetings for tests: a county with its seven seats, names that wait, a meeting as far as a test needs it."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.roles import Role
from accounts.tests.factories import BankFactory, UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from quotas.models import CreditPool, Programme
from quotas.tests.factories import A_DAY, ProgrammeFactory, pool_with
from working_group import workflow
from working_group.models import AgendaItem, Meeting, Member


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"عضو {n}")
    position = "مدیر"
    body = "اداره"


class MeetingFactory(DjangoModelFactory):
    """A planned meeting without an agenda."""

    class Meta:
        model = Meeting

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: n + 1)
    held_on = date(2022, 8, 31)
    place = "سالن اجتماعات فرمانداری"


class World:
    """One county on the eve of a meeting: seven voting members, one bank with credit, names that wait.

    ``World(names=3, credit_rial=900)`` asks 300 rial million for each name by default.
    """

    def __init__(self, *, names: int = 2, credit_rial: int = 1_000_000_000, asked_rial: int = 300_000_000) -> None:
        self.programme: Programme = ProgrammeFactory()
        self.county = self.programme.county
        self.expert: User = UserFactory(role=Role.OFFICE, county=self.county)
        self.head: User = UserFactory(role=Role.OFFICE_HEAD, county=self.county)
        self.members = [
            MemberFactory(county=self.county, seat=Member.Seat.CHAIR),
            MemberFactory(county=self.county, seat=Member.Seat.SECRETARY),
            *MemberFactory.create_batch(5, county=self.county),
        ]
        self.bank = BankFactory()
        self.pool: CreditPool = pool_with(self.programme, credit_rial, bank=self.bank)
        self.names: list[Application] = [self.name(asked_rial=asked_rial) for _ in range(names)]
        self.meeting: Meeting = MeetingFactory(programme=self.programme, number=1)

    def name(self, *, asked_rial: int = 300_000_000, **fields) -> Application:
        fields = {"status": Application.Status.ELIGIBLE, "wished_bank": self.bank} | fields
        return ApplicationFactory(programme=self.programme, requested_rial=asked_rial, **fields)

    def prepare(self) -> Meeting:
        workflow.prepare_agenda(meeting_id=self.meeting.pk, by=self.expert, today=A_DAY)
        return self.refreshed()

    def open(self, *, present: int = 7) -> Meeting:
        there = {member.pk: "" for member in self.members[:present]}
        workflow.open_session(meeting_id=self.prepare().pk, present=there)
        return self.refreshed()

    def approve_all(self) -> None:
        workflow.decide_unflagged(meeting_id=self.meeting.pk, by=self.expert)

    def signed(self) -> Meeting:
        self.open()
        self.approve_all()
        workflow.reserve_below_line(meeting_id=self.meeting.pk, by=self.expert)
        workflow.sign(meeting_id=self.meeting.pk, by=self.head)
        return self.refreshed()

    def next_meeting(self) -> Meeting:
        self.meeting = MeetingFactory(
            programme=self.programme, number=self.meeting.number + 1, held_on=date(2022, 9, 30)
        )
        return self.meeting

    def refreshed(self) -> Meeting:
        self.meeting.refresh_from_db()
        return self.meeting

    def item(self, place: int = 0) -> AgendaItem:
        return AgendaItem.everything.filter(meeting=self.meeting).order_by("rank")[place]

    def decide(self, place: int = 0, **decision):
        found = self.item(place)
        decision = {"outcome": "approve", "amount_rial": found.proposed_rial, "bank_id": self.bank.pk} | decision
        return workflow.decide(item_id=found.pk, by=self.expert, **decision)

    def left_rial(self) -> int:
        self.pool.refresh_from_db()
        return self.pool.left_rial
