"""More of everything in a county: what a page lists grows by ``count`` rows of each kind."""

from accounts.models import User
from accounts.roles import Role
from accounts.tests.factories import BankFactory, BranchFactory, CountyFactory, ExecutiveAgencyFactory, UserFactory
from applicants.models import Application, ImportedList
from applicants.tests.factories import ApplicationFactory, BusinessLineFactory, InquiryFactory
from banks import workflow as referrals
from banks.models import Referral, RefusalReason
from banks.tests.factories import approved, confirmed, referred
from quotas.tests.factories import A_DAY, JobQuotaFactory, ProgrammeFactory, pool_with
from tests import world as worlds
from tests.world import World
from working_group import workflow as meetings
from working_group.models import AgendaItem, Meeting, Member

Status = Application.Status


def crowd(world: World, count: int) -> None:
    """``count`` more of each; called again, as many again."""
    pool_with(world.programme, count * 2_000_000_000, bank=world.banks[0], by=world.users["head"])
    for _ in range(count):
        _bodies(world)
        _names(world)
        _referrals(world)
        _papers(world)
    for _ in range(count):
        _application(world, status=Status.ELIGIBLE)
    meeting = world.meetings["planned"]
    meetings.prepare_agenda(meeting_id=meeting.pk, by=world.users["expert"], today=A_DAY)
    world.items["planned"] = AgendaItem.everything.filter(meeting=meeting).first()


def _application(world: World, **fields) -> Application:
    fields = {"agency": world.agencies[0], "wished_bank": world.banks[0]} | fields
    return ApplicationFactory(programme=world.programme, **fields)


def _bodies(world: World) -> None:
    bank, agency = BankFactory(), ExecutiveAgencyFactory(county=world.county)
    BranchFactory(bank=bank, county=world.county)
    BranchFactory(bank=world.banks[0], county=world.county)
    pool_with(world.programme, 1_000_000_000, bank=bank, by=world.users["head"])
    JobQuotaFactory(programme=world.programme, agency=agency, jobs=12)
    CountyFactory()
    UserFactory(role=Role.OFFICE, county=world.county)
    year = 1400 - world.county.programmes(manager="everything").count()
    ProgrammeFactory(county=world.county, year=year)
    BusinessLineFactory(programme=world.programme)
    Member.everything.create(county=world.county, name="عضو", position="مدیر", body="اداره", seat=Member.Seat.MEMBER)


def _names(world: World) -> None:
    """One at each stage before the bank."""
    _application(world)
    for status in (Status.RETURNED, Status.RESERVE, Status.CONDITIONAL, Status.APPROVED):
        _application(world, status=status, approved_rial=300_000_000 if status == Status.APPROVED else None, rank=9)
    ready = approved(world.programme, branch=world.branches[0], agency=world.agencies[0], rank=10)
    InquiryFactory(application=ready, recorded_by=world.users["expert"])


def _referrals(world: World) -> None:
    """One at each stage at the first bank."""
    own = {"branch": world.branches[0], "agency": world.agencies[0]}
    referred(world.programme, **own)
    confirmed(world.programme, **own)
    _pay(confirmed(world.programme, **own), by=world.users["bank_officer"])
    refused = referred(world.programme, **own)
    referrals.decline(
        referral_id=refused.pk, refusal_reason=RefusalReason.values[0], note="نیامد", by=world.users["bank_officer"]
    )


def _pay(referral: Referral, *, by: User) -> None:
    referrals.record_payment(
        referral_id=referral.pk,
        amount_rial=referral.amount_rial,
        paid_on=A_DAY,
        contract_number="ق/۲",
        by=by,
        today=A_DAY,
    )


def _papers(world: World) -> None:
    worlds.add_job(world, 0)
    worlds.add_messages(world)
    worlds.add_list(world, ImportedList.Kind.APPLICANTS, world.users["expert"])
    worlds.add_list(world, ImportedList.Kind.JOBS, world.users["agency_user"])
    worlds.add_reminder(world, 0, month=f"13{len(world.reminders):02d}/01")
    number = 1 + world.programme.meetings(manager="everything").count()
    Meeting.everything.create(programme=world.programme, number=number, held_on=A_DAY, place="فرمانداری")
