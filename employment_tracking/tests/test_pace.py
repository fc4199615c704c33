"""Registered, verified and net jobs against quota and plan: one rule for whoever reads them."""

import io
import zipfile

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.tests.factories import national_id
from employment_tracking.models import JobRecord
from employment_tracking.pace import counted_as, in_all, most_behind_first, pace_of_agencies
from oversight.summary import summary
from quotas.tests.factories import A_DAY, JobQuotaFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
Status = JobRecord.Status
EACH = list(Status)


@pytest.fixture(autouse=True)
def _the_day(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def programme():
    return ProgrammeFactory()


def record(programme, agency, *, number: int, status: str = Status.REGISTERED, **fields) -> JobRecord:
    return JobRecord.everything.create(
        programme=programme,
        agency=agency,
        national_id=national_id(7_120_001 + number),
        first_name="زهرا",
        last_name=f"احمدی {number}",
        mobile="09901234567",
        job_title="گلیم‌بافی",
        starts_on=A_DAY,
        registered_on=fields.pop("registered_on", A_DAY),
        status=status,
        **fields,
    )


@pytest.fixture
def agency(programme):
    """Owes 120, planned 50 by the day; one record in every state."""
    agency = ExecutiveAgencyFactory(county=programme.county, name="بهزیستی")
    JobQuotaFactory(programme=programme, agency=agency, jobs=120)
    for number, status in enumerate(EACH):
        record(programme, agency, number=number, status=status)
    return agency


def test_each_figure_counts_what_its_word_says(programme, agency):
    (found,) = pace_of_agencies(programme, as_of=A_DAY)

    assert (found.quota, found.planned) == (120, 50)
    assert found.registered == len(EACH) - 2  # without void and duplicate
    assert found.verified == 2  # verified and sustained
    assert found.net == found.registered - 3  # without not verified, objected and ended
    assert (found.behind, found.distance, found.colour) == (42, "۴۲ نفر عقب", "orange")
    assert (found.left, found.needed) == (115, 17)  # 115 over seven months, rounded up


def test_a_figure_equals_the_records_behind_it(programme, agency):
    (found,) = pace_of_agencies(programme, as_of=A_DAY)

    for name in ("registered", "verified", "net"):
        assert counted_as(JobRecord.everything.all(), name, as_of=A_DAY).count() == getattr(found, name)


def test_a_record_of_tomorrow_does_not_count_today(programme, agency):
    (before,) = pace_of_agencies(programme, as_of=A_DAY)
    record(programme, agency, number=900, registered_on=A_DAY.replace(day=23))

    assert pace_of_agencies(programme, as_of=A_DAY) == [before]


def test_the_summary_and_the_page_say_the_same(programme, agency):
    figures = summary(programme, A_DAY)
    whole = in_all(programme, pace_of_agencies(programme, as_of=A_DAY), as_of=A_DAY)

    assert figures["jobs_net"] == whole.net == 5
    assert (figures["jobs_registered"], figures["job_plan_to_date"]) == (whole.registered, whole.planned)


def test_the_one_most_behind_comes_first(programme, agency):
    late = JobQuotaFactory(programme=programme, agency__county=programme.county, agency__name="آ", jobs=240).agency
    JobQuotaFactory(programme=programme, agency__county=programme.county, agency__name="ب", jobs=0)

    paces = most_behind_first(pace_of_agencies(programme, as_of=A_DAY))

    assert [found.agency for found in paces[:2]] == [late, agency]
    assert (paces[2].distance, paces[2].colour, paces[2].pace_percent) == ("برابر برنامه", "green", None)


def test_the_number_of_queries_does_not_grow(programme, agency, django_assert_num_queries):
    for number in range(1_000, 1_060):
        other = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=12).agency
        record(programme, other, number=number)

    with django_assert_num_queries(3):
        assert len(pace_of_agencies(programme, as_of=A_DAY)) == 61


def test_every_figure_of_the_office_opens_the_list_that_it_counts(client, programme, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    page = client.get(reverse("pace-board"))

    (row,) = page.context["rows"]
    for name in ("registered", "verified", "net"):
        listed = client.get(row["urls"][name])
        assert listed.context["cl"].result_count == getattr(row["pace"], name), name
    assert client.get(row["urls"]["quota"]).status_code == 200
    assert client.get(row["urls"]["loans"]).context["page_obj"].paginator.count == row["loans"] == 0


def test_every_figure_of_the_supervisor_opens_the_list_that_it_counts(client, programme, agency):
    client.force_login(UserFactory(role=Role.SUPERVISOR, county=programme.county))

    (row,) = client.get(reverse("oversight-pace")).context["rows"]

    for name in ("registered", "verified", "net"):
        assert client.get(row["urls"][name]).context["page_obj"].paginator.count == getattr(row["pace"], name), name
    assert client.get(row["urls"]["loans"]).status_code == 200


def test_an_agency_reads_its_own_figures_and_they_are_the_offices(client, programme, agency):
    stranger = JobQuotaFactory(programme=programme, agency__county=programme.county, agency__name="بیگانه", jobs=9)
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    of_office = {row["pace"].agency: row["pace"] for row in client.get(reverse("pace-board")).context["rows"]}
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=agency))

    page = client.get(reverse("agency-pace"))

    assert [row["pace"] for row in page.context["rows"]] == [of_office[agency]]
    assert stranger.agency.name not in page.content.decode()


def test_an_objection_is_shown_beside_the_quota(client, programme, agency):
    quota = programme.job_quotas(manager="everything").get(agency=agency)
    quota.notices.update(dispute="objected", note="نامه مدیر استانی")
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    assert "اعتراض شده، در بررسی" in client.get(reverse("pace-board")).content.decode()


def test_only_those_behind_are_shown_when_asked_for(client, programme, agency):
    JobQuotaFactory(programme=programme, agency__county=programme.county, agency__name="جلو", jobs=0)
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    shown = client.get(reverse("pace-board"), {"show": "behind"}).context["rows"]

    assert [row["pace"].agency for row in shown] == [agency]


def test_the_excel_file_has_every_agency(client, programme, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))

    answer = client.get(reverse("pace-export"))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "بهزیستی" in words
    assert "۴۲ نفر عقب" in words


def test_the_page_asks_the_same_number_of_questions_for_every_number_of_records(client, programme, agency):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    asked = []
    for start in (2_000, 3_000):
        client.get(reverse("pace-board"))
        with CaptureQueriesContext(connections["default"]) as captured:
            client.get(reverse("pace-board"))
        asked.append(len(captured))
        for number in range(start, start + 30):
            record(programme, agency, number=number)

    assert asked[0] == asked[1]
