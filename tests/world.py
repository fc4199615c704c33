"""Two counties, each with two banks, two agencies and a person in every role: who must not see whom.

Every applicant and worker carries a name of his own, a canary: where it shows, its row has been seen.
"""

from dataclasses import dataclass, field
from itertools import count

from django.db.models import Model
from django.db.models.functions import Now

from accounts.models import Bank, Branch, County, ExecutiveAgency, User
from accounts.roles import Role
from accounts.tests.factories import (
    BankFactory,
    BranchFactory,
    CountyFactory,
    ExecutiveAgencyFactory,
    UserFactory,
)
from applicants import workflow as applications
from applicants.models import Application, ImportedList, Inquiry
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, BusinessLineFactory, national_id
from background.models import BackgroundTask, StoredFile
from banks import workflow as referrals
from banks.models import Disbursement, Referral
from employment_tracking import workflow as jobs
from employment_tracking.models import (
    Attempt,
    Campaign,
    ClaimDispute,
    JobEvidence,
    JobRecord,
    PaceReminder,
    VerificationCase,
)
from employment_tracking.workflow import calls
from iran.calendar import programme_now
from messaging.models import InboundMessage, MessageTemplate, OptOut, OutboundMessage, SendingPause, SendingRules
from quotas.models import Programme
from quotas.tests.factories import A_DAY, JobQuotaFactory, ProgrammeFactory, pool_with
from working_group import workflow as meetings
from working_group.models import AgendaItem, Meeting, Member

MESSAGE_CODE = "pace_reminder"
_numbers = count(1)
_national_ids = count(5_000_001)


@dataclass
class World:
    """One county with everything in it. ``seen_by`` says which canaries a principal may come across."""

    county: County
    programme: Programme
    banks: list[Bank]
    branches: list[Branch]
    agencies: list[ExecutiveAgency]
    users: dict[str, User]
    applications: dict[str, Application] = field(default_factory=dict)
    referrals: list[Referral] = field(default_factory=list)
    disbursement: Disbursement | None = None
    jobs: list[JobRecord] = field(default_factory=list)
    papers: list[JobEvidence] = field(default_factory=list)
    dispute: ClaimDispute | None = None
    meetings: dict[str, Meeting] = field(default_factory=dict)
    items: dict[str, AgendaItem] = field(default_factory=dict)
    inquiry: Inquiry | None = None
    lists: dict[str, ImportedList] = field(default_factory=dict)
    reminders: list[PaceReminder] = field(default_factory=list)
    campaign: Campaign | None = None
    cases: dict[str, VerificationCase] = field(default_factory=dict)
    calls: list[Attempt] = field(default_factory=list)
    messages: dict[str, Model] = field(default_factory=dict)
    canaries: dict[str, set[str]] = field(default_factory=dict)

    @property
    def all_canaries(self) -> set[str]:
        return set().union(*self.canaries.values())


def build() -> World:
    """A county after its first signed meeting: one name at each bank, one in reserve, one on the next agenda, one new."""
    world = empty()
    users = world.users
    for bank in world.banks:
        pool_with(world.programme, 10_000_000_000, bank=bank, by=users["head"])
    for agency in world.agencies:
        JobQuotaFactory(programme=world.programme, agency=agency, jobs=120)
    BusinessLineFactory(programme=world.programme)
    for seat in (Member.Seat.CHAIR, Member.Seat.SECRETARY, Member.Seat.MEMBER):
        Member.everything.create(county=world.county, name=str(seat.label), position="عضو", body="فرمانداری", seat=seat)
    _first_meeting(world)
    _pay_in_part(world)
    _next_meeting(world)
    _register(world, "new", agency=0)
    world.inquiry = Inquiry.everything.create(
        application=world.applications["new"], kind="bounced_cheque", asked_on=A_DAY, recorded_by=users["expert"]
    )
    for index in range(2):
        add_job(world, index)
    add_claim(world)
    for kind, person in ((ImportedList.Kind.APPLICANTS, "expert"), (ImportedList.Kind.JOBS, "agency_user")):
        add_list(world, kind, users[person])
    for index in range(2):
        add_reminder(world, index, month=f"1401/{index + 1:02d}")
    _calls(world)
    _write_messages(world)
    return world


def empty() -> World:
    """A county with its people and a programme, before the first letter and the first name."""
    county = CountyFactory()
    banks = [BankFactory(), BankFactory()]
    branches = [BranchFactory(bank=bank, county=county) for bank in banks]
    agencies = [ExecutiveAgencyFactory(county=county) for _ in range(2)]
    users = _users(county, banks, branches, agencies)
    return World(county, ProgrammeFactory(county=county), banks, branches, agencies, users)


def _users(county, banks, branches, agencies) -> dict[str, User]:
    people = {
        role.value: UserFactory(role=role, county=county)
        for role in Role
        if role not in (Role.BANK_OFFICER, Role.AGENCY_USER, Role.OFFICE, Role.OFFICE_HEAD, Role.ADMIN)
    }
    return people | {
        "head": UserFactory(role=Role.OFFICE_HEAD, county=county),
        "expert": UserFactory(role=Role.OFFICE, county=county),
        "admin": UserFactory(role=Role.ADMIN),
        "bank_officer": UserFactory(role=Role.BANK_OFFICER, bank=banks[0]),
        "branch_officer": UserFactory(role=Role.BANK_OFFICER, branch=branches[0]),
        "agency_user": UserFactory(role=Role.AGENCY_USER, agency=agencies[0]),
    }


def canary() -> str:
    return f"قناری{next(_numbers):04d}"


def _register(world: World, key: str, *, agency: int, bank: int = 0) -> Application:
    name = canary()
    application = ApplicationFactory.build(
        programme=world.programme,
        applicant=None,
        agency=world.agencies[agency],
        line=None,
        wished_bank=world.banks[bank],
    )
    applicant = ApplicantFactory.build(national_id=national_id(next(_national_ids)), last_name=name)
    applications.register(applicant=applicant, application=application, by=world.users["expert"])
    world.applications[key] = application
    world.canaries.setdefault(f"agency{agency}", set()).add(name)
    if key in ("at_bank_0", "at_bank_1"):
        world.canaries.setdefault(f"bank{bank}", set()).add(name)
    return application


def _first_meeting(world: World) -> None:
    expert, head = world.users["expert"], world.users["head"]
    names = [_register(world, f"at_bank_{i}", agency=i, bank=i) for i in range(2)]
    names.append(_register(world, "in_reserve", agency=1))
    applications.find_eligible(application_ids=[name.pk for name in names], by=expert)
    meeting = _meeting(world, 1)
    present = {member.pk: "" for member in Member.everything.filter(county=world.county)}
    meetings.open_session(meeting_id=meeting.pk, present=present, by=expert)
    for item in AgendaItem.everything.filter(meeting=meeting):
        reserve = item.application_id == names[2].pk
        meetings.decide(
            item_id=item.pk,
            outcome="reserve" if reserve else "approve",
            amount_rial=None if reserve else item.proposed_rial,
            bank_id=None if reserve else item.proposed_bank_id,
            by=expert,
        )
    world.meetings["signed"] = meetings.sign(meeting_id=meeting.pk, by=head)
    for index, branch in enumerate(world.branches):
        referral = referrals.refer(
            application_id=names[index].pk,
            branch_id=branch.pk,
            letter_number=f"د/{1200 + index}",
            letter_on=A_DAY,
            by=expert,
            today=A_DAY,
        )
        world.referrals.append(referral)


def _pay_in_part(world: World) -> None:
    """The second bank has confirmed and paid the half; the first has not answered yet."""
    referral, officer = world.referrals[1], UserFactory(role=Role.BANK_OFFICER, bank=world.banks[1])
    referrals.confirm(referral_id=referral.pk, payable_rial=referral.amount_rial, by=officer)
    world.disbursement = referrals.record_payment(
        referral_id=referral.pk,
        amount_rial=referral.amount_rial // 2,
        paid_on=A_DAY,
        contract_number="ق/۱",
        by=officer,
        today=A_DAY,
    )


def _next_meeting(world: World) -> None:
    name = _register(world, "on_agenda", agency=1)
    applications.find_eligible(application_ids=[name.pk], by=world.users["expert"])
    world.meetings["planned"] = _meeting(world, 2)
    world.items["planned"] = AgendaItem.everything.get(meeting=world.meetings["planned"])


def _meeting(world: World, number: int) -> Meeting:
    meeting = Meeting.everything.create(
        programme=world.programme, number=number, held_on=A_DAY, place="سالن اجتماعات فرمانداری"
    )
    meetings.prepare_agenda(meeting_id=meeting.pk, by=world.users["expert"], today=A_DAY)
    return meeting


def add_job(world: World, index: int) -> None:
    world.jobs.append(a_job(world, index))


def a_job(world: World, index: int) -> JobRecord:
    name = canary()
    record = JobRecord(
        programme=world.programme,
        agency=world.agencies[index],
        national_id=national_id(next(_national_ids)),
        first_name="زهرا",
        last_name=name,
        mobile="09901234567",
        job_title="گلیم‌بافی",
        starts_on=A_DAY,
    )
    paper = StoredFile.keep(name=f"{name}.png", content_type="image/png", content=b"\x89PNG\r\n\x1a\n", by=None)
    world.canaries.setdefault(f"agency{index}", set()).add(name)
    evidence = [("photo", paper)]
    return jobs.register(record=record, by=world.users["expert"], today=A_DAY, evidence=evidence)


def _calls(world: World) -> None:
    """A running campaign: the operator has called one person, holds another, and a third waits with a colleague's call."""
    operator, now = world.users["operator"], programme_now()
    colleague = UserFactory(role=Role.OPERATOR, county=world.county)
    world.campaign = Campaign.everything.create(
        programme=world.programme,
        title="پویش مرداد",
        status=Campaign.Status.RUNNING,
        planned_by=world.users["expert"],
    )
    world.cases = {key: add_case(world, next_at=now) for key in ("called", "in_hand", "of_colleague")}
    for by in (operator, colleague):
        case = calls.take_next(by=by, now=now)
        world.calls.append(calls.record_call(case_id=case.pk, outcome="no_answer", by=by, now=now))
        calls.take_next(by=operator, now=now)
    seen = (world.cases["called"], world.cases["in_hand"])
    world.canaries["operator"] = {case.record.last_name for case in seen}


def add_case(world: World, **fields) -> VerificationCase:
    """One more person at the phone level."""
    record = a_job(world, 0)
    jobs.move(record, to=JobRecord.Status.IN_VERIFICATION, by=world.users["expert"])
    return VerificationCase.everything.create(record=record, campaign=world.campaign, level="phone", **fields)


def add_claim(world: World) -> None:
    """The second agency claims the first one's person, under another name: neither reads the other's."""
    world.papers = [JobEvidence.everything.get(record=record) for record in world.jobs]
    name, first = canary(), world.jobs[0]
    record = JobRecord(
        programme=world.programme, agency=world.agencies[1], national_id=first.national_id, first_name="زهرا", last_name=name,
        mobile="09907654321", job_title="گلیم‌بافی", starts_on=A_DAY,
    )  # fmt: skip
    world.dispute = jobs.claim(record=record, reason="نزد ماست", by=world.users["agency_user"], today=A_DAY)
    world.canaries.setdefault("agency1", set()).add(name)


def add_reminder(world: World, index: int, *, month: str) -> None:
    """Of a month that is past; its letter is a canary."""
    name, by = canary(), world.users["expert"]
    letter = StoredFile.keep(name=f"{name}.pdf", content_type="application/pdf", content=name.encode(), by=by)
    record = PaceReminder.everything.create(
        programme=world.programme,
        agency=world.agencies[index],
        month=month,
        letter_number=name,
        letter_on=A_DAY,
        letter=letter,
        figures={"registered": 1, "planned": 10, "behind": 9},
        sent_by=by,
    )
    world.reminders.append(record)
    world.canaries.setdefault(f"agency{index}", set()).add(name)


def add_list(world: World, kind: str, by: User) -> None:
    name = canary()
    stored = StoredFile.keep(name=f"{name}.xlsx", content_type="application/octet-stream", content=name.encode(), by=by)
    task = BackgroundTask.everything.create(kind="nothing", asked_by=by)
    world.lists[kind] = ImportedList.everything.create(
        kind=kind,
        programme=world.programme,
        agency=world.agencies[0] if kind == ImportedList.Kind.JOBS else None,
        file=stored,
        file_sha256=stored.sha256,
        uploaded_by=by,
        task=task,
    )
    world.canaries.setdefault("agency0" if kind == ImportedList.Kind.JOBS else "office", set()).add(name)


def add_messages(world: World) -> None:
    """One message out and one in, each with a canary."""
    out, written, number = canary(), canary(), next(_numbers)
    mobile = f"0915{number:07d}"
    world.messages["outboundmessage"] = OutboundMessage.everything.create(
        county=world.county, key=out, purpose="notice", receptor=mobile, text=out
    )
    world.messages["inboundmessage"] = came = InboundMessage.everything.create(
        county=world.county, provider_id=written, line="10004346", sender=mobile, text=written, status="for_a_person"
    )
    world.messages["optout"] = OptOut.everything.create(mobile=mobile, inbound=came)
    world.canaries.setdefault("office", set()).update({out, written})


def _write_messages(world: World) -> None:
    add_messages(world)
    world.messages["messagetemplate"] = MessageTemplate.everything.create(
        county=world.county, code=MESSAGE_CODE, text="متن خود اداره"
    )
    world.messages["sendingrules"] = SendingRules.everything.create(county=world.county)
    world.messages["sendingpause"] = SendingPause.everything.create(reason="no_credit", ended_at=Now())
