"""A paid loan's promised jobs must appear; those that do not are on somebody's list."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.models import Application, SupportedWorker
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, national_id
from banks import workflow as banks
from banks.tests.factories import bank_branch, confirmed
from employment_tracking.expectations import (
    expectations,
    late,
    loans_without_jobs,
    loans_without_jobs_by_agency,
)
from employment_tracking.models import JobRecord
from employment_tracking.tests.test_pace import record
from quotas.models import YearRule
from quotas.tests.factories import A_DAY, ProgrammeFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _the_day(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def agency(programme):
    return ExecutiveAgencyFactory(county=programme.county, name="بهزیستی")


def paid(programme, agency, *, jobs: int = 1, person: int = 1, **fields) -> Application:
    """A paid loan as the end state leaves it."""
    return ApplicationFactory(
        programme=programme,
        agency=agency,
        status=Application.Status.PAID,
        promised_jobs=jobs,
        approved_rial=300_000_000,
        applicant=ApplicantFactory(national_id=national_id(8_120_001 + person)),
        **fields,
    )


def lacking(programme) -> dict[int, int]:
    return {row.pk: row.jobs_missing for row in loans_without_jobs(programme)}


def test_a_paid_loan_lacks_its_jobs_until_they_are_registered(programme, agency):
    loan = paid(programme, agency, jobs=2)
    assert lacking(programme) == {loan.pk: 2}

    record(programme, agency, number=1, application=loan)
    assert lacking(programme) == {loan.pk: 1}

    record(programme, agency, number=2, application=loan)
    assert lacking(programme) == {}


def test_the_borrowers_own_record_counts_though_it_names_no_loan(programme, agency):
    loan = paid(programme, agency)
    JobRecord.everything.filter(pk=record(programme, agency, number=1).pk).update(
        national_id=loan.applicant.national_id
    )

    assert lacking(programme) == {}


def test_the_workers_of_a_supporter_count_for_his_loan(programme, agency):
    loan = paid(programme, agency, jobs=5)
    for number in range(3):
        worker = record(programme, agency, number=number)
        SupportedWorker.everything.create(
            application=loan, programme=programme, national_id=worker.national_id, first_name="زهرا", last_name="کریمی"
        )

    assert lacking(programme) == {loan.pk: 2}


@pytest.mark.parametrize("status", ["void", "duplicate"])
def test_a_record_that_does_not_count_meets_no_promise(programme, agency, status):
    loan = paid(programme, agency)
    record(programme, agency, number=1, application=loan, status=status)

    assert lacking(programme) == {loan.pk: 1}


def test_a_record_of_another_loan_or_year_meets_no_promise(programme, agency):
    loan = paid(programme, agency)
    other = paid(programme, agency, person=2)
    before = ProgrammeFactory(
        county=programme.county, year=1400, opens_on=date(2021, 3, 21), closes_on=date(2022, 3, 1)
    )
    record(programme, agency, number=1, application=other)
    record(before, agency, number=2)

    assert lacking(programme) == {loan.pk: 1}


def test_an_unpaid_loan_promises_nothing_yet(programme, agency):
    ApplicationFactory(
        programme=programme, agency=agency, status=Application.Status.REFERRED, approved_rial=300_000_000
    )

    assert lacking(programme) == {}


def test_the_days_run_from_the_last_payment_and_the_deadline_is_the_years_rule(programme, agency):
    referral = confirmed(programme, branch=bank_branch(programme), agency=agency)
    half = referral.amount_rial // 2
    for number, (amount, day) in enumerate([(half, A_DAY), (referral.amount_rial - half, A_DAY + 3 * DAY)]):
        banks.record_payment(
            referral_id=referral.pk,
            amount_rial=amount,
            paid_on=day,
            contract_number=f"ق/{number}",
            by=UserFactory(),
            today=day,
        )
    YearRule.objects.create(programme=programme, key="loan_job_days", value="30")
    last = A_DAY + 3 * DAY

    def on(day) -> tuple:
        (found,) = expectations(loans_without_jobs(programme), programme, today=day)
        return found.paid_on, found.due_on, found.days, found.is_late, found.days_late

    assert on(last + 30 * DAY) == (last, last + 30 * DAY, 30, False, 0)
    assert on(last + 31 * DAY) == (last, last + 30 * DAY, 31, True, 1)
    assert late(loans_without_jobs(programme), programme, today=last + 30 * DAY).count() == 0
    assert late(loans_without_jobs(programme), programme, today=last + 31 * DAY).count() == 1


def test_a_loan_without_a_recorded_payment_has_no_deadline(programme, agency):
    paid(programme, agency)

    (found,) = expectations(loans_without_jobs(programme), programme, today=A_DAY)

    assert (found.paid_on, found.due_on, found.days, found.is_late) == (None, None, None, False)


def test_the_list_is_one_query_however_long_it_is(programme, agency, django_assert_num_queries):
    for person in range(10, 40):
        paid(programme, agency, person=person)
    programme.rule("loan_job_days")

    with django_assert_num_queries(1):
        assert len(expectations(loans_without_jobs(programme), programme, today=A_DAY)) == 30
    with django_assert_num_queries(1):
        assert loans_without_jobs_by_agency(programme) == {agency.pk: 30}


def test_an_agency_reads_its_own_loans_and_registers_from_there(client, programme, agency):
    own = paid(programme, agency)
    foreign = paid(programme, ExecutiveAgencyFactory(county=programme.county), person=2)
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=agency))

    page = client.get(reverse("agency-loans"))

    words = page.content.decode()
    assert str(own.applicant) in words
    assert str(foreign.applicant) not in words
    assert client.get(f"{reverse('job-register')}?application={own.pk}").status_code == 200
    asked = client.get(reverse("agency-loans"), {"agency": foreign.agency.code})
    assert asked.context["page_obj"].paginator.count == 0


def test_the_office_narrows_the_list_and_takes_it_as_excel(client, programme, agency):
    loan = paid(programme, agency)
    other = paid(programme, ExecutiveAgencyFactory(county=programme.county, name="جهاد"), person=2)
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    narrowed = client.get(reverse("loans-without-job"), {"agency": agency.code, "q": loan.tracking_code})
    file = client.get(reverse("loans-without-job-export"), {"agency": agency.code})

    assert [row.loan.pk for row in narrowed.context["loans"]] == [loan.pk]
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert loan.applicant.national_id in words
    assert other.applicant.national_id not in words
    assert client.get(reverse("loans-without-job"), {"show": "late"}).context["page_obj"].paginator.count == 0
