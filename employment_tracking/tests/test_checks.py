"""The automatic checks: each rule finds what it is for, leaves an honest record alone, and takes its flag back."""

from datetime import date

import pytest
from django.core.management import call_command

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.models import BusinessLine, ImportedList, LineRestriction, SupportedWorker
from applicants.tests.factories import ApplicationFactory, national_id
from applicants.tests.lists import a_programme
from background.models import StoredFile
from employment_tracking import checks, workflow
from employment_tracking.models import JobRecord, KnownWorker, RecordFlag
from employment_tracking.tests.factories import a_record, flags, registered
from quotas.models import YearRule
from quotas.tests.factories import A_DAY, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def relief(programme):
    return programme.county.agencies.get(code="relief")


@pytest.fixture
def welfare(programme):
    return programme.county.agencies.get(code="welfare")


@pytest.fixture
def clerk(relief):
    return UserFactory(role=Role.AGENCY_USER, agency=relief, mobile="09901112222")


def in_the_night(programme) -> None:
    """What a record has after the night's run must be what its entry found."""
    RecordFlag.everything.all().delete()
    checks.check_programme(programme)


def test_an_honest_record_has_no_flag(programme, relief, clerk):
    record = registered(programme, relief, 1, by=clerk)

    assert flags(record) == set()
    in_the_night(programme)
    assert flags(record) == set()


@pytest.mark.parametrize(("records", "found"), [(2, set()), (3, {"mobile_shared"})])
def test_a_mobile_on_three_records_is_found_on_all_of_them(programme, relief, welfare, records, found):
    made = [registered(programme, (relief, welfare)[n % 2], n, mobile="09121234567") for n in range(records)]

    assert [flags(record) for record in made] == [found] * records
    in_the_night(programme)
    assert [flags(record) for record in made] == [found] * records


def test_the_number_of_records_is_a_rule_of_the_year(programme, relief):
    YearRule.objects.create(programme=programme, key="shared_mobile_records", value="2")
    made = [registered(programme, relief, n, mobile="09121234567") for n in range(2)]

    assert [flags(record) for record in made] == [{"mobile_shared"}] * 2


def test_a_flag_clears_by_itself_on_all_records_that_it_touched_and_stays_as_history(programme, relief, clerk):
    made = [registered(programme, relief, n, mobile="09121234567") for n in range(3)]

    workflow.correct(record_id=made[0].pk, changes={"mobile": "09127654321"}, by=clerk, today=A_DAY)

    assert [flags(record) for record in made] == [set()] * 3
    assert RecordFlag.everything.filter(code="mobile_shared", cleared_at__isnull=False).count() == 3


def test_a_record_struck_out_clears_its_flags_and_its_neighbours(programme, relief, clerk):
    made = [registered(programme, relief, n, mobile="09121234567") for n in range(3)]

    workflow.void(record_id=made[0].pk, reason="اشتباه", by=clerk)

    assert [flags(record) for record in made] == [set()] * 3


@pytest.mark.parametrize("whose", ["registrar", "colleague", "office", "contact"])
def test_the_mobile_of_whoever_counts_the_jobs_is_found(programme, relief, clerk, whose):
    UserFactory(role=Role.AGENCY_USER, agency=relief, mobile="09901113333")
    UserFactory(role=Role.OFFICE, county=programme.county, mobile="09901114444")
    type(relief).objects.filter(pk=relief.pk).update(contact_mobile="09901115555")
    mobile = {
        "registrar": "09901112222",
        "colleague": "09901113333",
        "office": "09901114444",
        "contact": "09901115555",
    }[whose]

    record = registered(programme, relief, 1, by=clerk, mobile=mobile)

    assert flags(record) == {"mobile_of_staff"}
    in_the_night(programme)
    assert flags(record) == {"mobile_of_staff"}


def test_the_mobile_of_another_agencys_clerk_is_nobodys_colleague(programme, relief, welfare, clerk):
    UserFactory(role=Role.AGENCY_USER, agency=welfare, mobile="09901113333")

    assert flags(registered(programme, relief, 1, by=clerk, mobile="09901113333")) == set()


@pytest.mark.parametrize(
    ("born", "found"),
    [(date(2007, 5, 1), set()), (date(2007, 5, 2), {"age_impossible"}), (date(1932, 5, 1), set()),
     (date(1932, 4, 30), {"age_impossible"}), (None, set())],
)  # fmt: skip
def test_nobody_works_before_fifteen_nor_after_ninety(programme, relief, born, found):
    assert flags(registered(programme, relief, 1, birth_on=born)) == found


def test_a_start_outside_the_year_is_found_where_the_year_was_moved(programme, relief):
    record, later = registered(programme, relief, 1), registered(programme, relief, 2, starts_on=date(2022, 7, 1))
    programme.opens_on = date(2022, 6, 1)
    programme.save(update_fields=["opens_on"])

    checks.check_programme(programme)

    assert (flags(record), flags(later)) == ({"start_outside_year"}, set())


def test_a_job_outside_the_approved_lines_is_found(programme, relief):
    assert flags(registered(programme, relief, 1, job_title="تعمیر موبایل")) == {"line_unapproved"}


def test_a_year_without_a_list_of_lines_approves_all():
    programme = ProgrammeFactory()
    agency = ApplicationFactory(programme=programme, line=None).agency

    assert flags(registered(programme, agency, 1, job_title="تعمیر موبایل")) == set()


def test_an_excluded_line_is_found_with_its_reason(programme, relief):
    line = BusinessLine.everything.get(programme=programme, title="تذهیب")
    LineRestriction.objects.create(line=line, reason="اشباع بازار")

    record = registered(programme, relief, 1)

    assert flags(record) == {"line_restricted"}
    flag = RecordFlag.everything.get()
    assert "اشباع بازار" in checks.said(flag.code, flag.detail)


@pytest.mark.parametrize(
    "place",
    [
        {"address": "خیابان امام، پلاک ۵"},
        {"address": "خيابان امام پلاك 5"},
        {"postal_code": "8931100331"},
    ],
)
def test_five_jobs_at_one_address_are_a_cluster_however_it_is_written(programme, relief, place):
    same = {"address": "خیابان امام، پلاک ۵"} if "address" in place else place
    made = [registered(programme, relief, n, **same) for n in range(4)]
    assert [flags(record) for record in made] == [set()] * 4

    made.append(registered(programme, relief, 4, **place))

    assert [flags(record) for record in made] == [{"address_cluster"}] * 5


@pytest.mark.parametrize("address", ["روستای اسفندآباد", ""])
def test_the_name_of_a_village_alone_is_no_address(programme, relief, address):
    made = [registered(programme, relief, n, address=address, postal_code="") for n in range(6)]

    assert [flags(record) for record in made] == [set()] * 6


def test_the_same_street_of_two_villages_is_no_cluster(programme, relief):
    made = [registered(programme, relief, n, address="کوچه ۱", village=f"روستای {n % 2}") for n in range(6)]

    assert [flags(record) for record in made] == [set()] * 6


def test_workers_of_one_supporter_at_one_address_are_found(programme, relief):
    supporter = ApplicationFactory(supporter=True, programme=programme, agency=relief)
    one, two = (registered(programme, relief, n, supporter=supporter, postal_code="8931100331") for n in (1, 2))
    other = registered(programme, relief, 3, supporter=supporter)

    assert (flags(one), flags(two), flags(other)) == ({"household_of_supporter"}, {"household_of_supporter"}, set())
    in_the_night(programme)
    assert (flags(one), flags(two), flags(other)) == ({"household_of_supporter"}, {"household_of_supporter"}, set())


def test_neighbours_of_different_supporters_are_not_one_household(programme, relief):
    for n in (1, 2):
        supporter = ApplicationFactory(supporter=True, programme=programme, agency=relief)
        record = registered(programme, relief, n, supporter=supporter, postal_code="8931100331")

    assert flags(record) == set()


def test_a_worker_of_the_supporters_own_list_needs_no_note_on_his_record(programme, relief):
    supporter = ApplicationFactory(supporter=True, programme=programme, agency=relief)
    for n in (1, 2):
        SupportedWorker.everything.create(
            application=supporter,
            programme=programme,
            national_id=national_id(n + 1_000),
            first_name="م",
            last_name="ا",
        )
    one, two = (registered(programme, relief, n, postal_code="8931100331") for n in (1, 2))

    assert (flags(one), flags(two)) == ({"household_of_supporter"}, {"household_of_supporter"})


@pytest.mark.parametrize(("kind", "found"), [("employees", "state_employee"), ("insured", "insured_elsewhere")])
def test_whoever_stands_in_an_uploaded_list_is_found_while_the_list_stands(programme, relief, kind, found):
    record, honest = registered(programme, relief, 1), registered(programme, relief, 2)
    known = a_list(programme, kind)
    KnownWorker.everything.create(imported_list=known, national_id=record.national_id, employer="شهرداری")

    checks.check_programme(programme)
    assert (flags(record), flags(honest)) == ({found}, set())

    known.status, known.registered_at = "cancelled", None
    known.save()
    checks.check_programme(programme)
    assert flags(record) == set()


def a_list(programme, kind):
    file = StoredFile.keep(name="a.xlsx", content_type="x", content=b"x", by=None)
    return ImportedList.everything.create(
        kind=kind, programme=programme, file=file, file_sha256="0", status="registered", registered_at="2022-08-01T00:00Z"
    )  # fmt: skip


def test_the_same_person_in_another_county_is_found(programme, relief):
    elsewhere = ProgrammeFactory()
    other = ApplicationFactory(programme=elsewhere, line=None).agency
    registered(elsewhere, other, 1)

    record, honest = registered(programme, relief, 1), registered(programme, relief, 2)

    assert (flags(record), flags(honest)) == ({"person_of_other_agency"}, set())


def test_the_same_person_in_another_year_is_honest(programme, relief):
    earlier = ProgrammeFactory(county=programme.county, year=1400)
    registered(earlier, relief, 1)

    assert flags(registered(programme, relief, 1)) == set()


def test_a_second_run_changes_nothing(programme, relief):
    for n in range(3):
        registered(programme, relief, n, mobile="09121234567")

    results = checks.check_programme(programme)

    assert {name: result for name, result in results.items() if result["new"] or result["cleared"]} == {}
    assert results["mobile_shared"]["found"] == 3


def test_the_command_speaks_json(programme, relief, capsys):
    JobRecord.everything.bulk_create(
        a_record(programme, relief, n, mobile="09121234567", registered_on=A_DAY) for n in range(3)
    )

    call_command("check_jobs", "--json")

    assert '"mobile_shared": {"found": 3, "new": 3, "cleared": 0}' in capsys.readouterr().out


def test_a_county_is_not_checked_with_anothers(programme, relief):
    elsewhere = ProgrammeFactory()
    other = ApplicationFactory(programme=elsewhere, line=None).agency
    made = [registered(programme, relief, 1, mobile="09121234567")]
    made += [registered(elsewhere, other, n, mobile="09121234567") for n in (2, 3)]

    assert [flags(record) for record in made] == [set()] * 3


def test_one_rule_costs_one_statement_however_many_records(programme, relief, django_assert_max_num_queries):
    JobRecord.everything.bulk_create(a_record(programme, relief, n, registered_on=A_DAY) for n in range(300))

    with django_assert_max_num_queries(18):
        checks.check_programme(programme)


def test_every_rule_has_its_sentence_and_every_flag_its_rule():
    assert set(checks.CHECKS) == set(RecordFlag.Code.values)
