import json

import pytest
from django.core.management import CommandError, call_command

from applicants import workflow as applications
from applicants.tests.factories import ApplicantFactory, ApplicationFactory
from iran.calendar import from_jalali
from oversight.summary import summary
from quotas.lookup import find
from quotas.models import Programme
from quotas.tests.factories import A_DAY, ProgrammeFactory
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return worlds.build()


def test_the_four_parts_make_up_the_credit(world):
    figures = summary(world.programme, A_DAY)

    parts = ("approved_rial", "referred_rial", "paid_rial", "left_rial")
    assert figures["credit_announced_rial"] == sum(figures[part] for part in parts) == 20_000_000_000
    assert (figures["referred_rial"], figures["paid_rial"]) == (450_000_000, 150_000_000)
    for part in parts:
        assert figures[part] == sum(pool[part] for pool in figures["pools"])


def test_the_agencies_and_the_states_make_up_the_whole(world):
    figures = summary(world.programme, A_DAY)

    for name in ("applicants", "requested_rial", "job_quota", "job_plan_to_date", "jobs_registered"):
        assert figures[name] == sum(agency[name] for agency in figures["agencies"])
    assert figures["applicants"] == sum(row["applicants"] for row in figures["applications_by_status"]) == 5


def test_a_person_who_asks_again_counts_once_with_his_newest_request(world):
    applicant = ApplicantFactory()
    first = ApplicationFactory(programme=world.programme, applicant=applicant, agency=world.agencies[0])
    applications.withdraw(application_id=first.pk, reason="خطا", by=world.users["expert"])
    ApplicationFactory(
        programme=world.programme, applicant=applicant, agency=world.agencies[0], requested_rial=123_000_000
    )

    figures = summary(world.programme, A_DAY)

    assert figures["applicants"] == 6
    assert figures["requested_rial"] == 5 * 300_000_000 + 123_000_000


def test_jobs_and_plans_are_those_of_the_day(world):
    before = summary(world.programme, from_jalali(1401, 4, 31))

    assert (before["jobs_registered"], before["job_plan_to_date"]) == (0, 80)
    assert summary(world.programme, A_DAY)["job_plan_to_date"] == 100
    assert summary(world.programme, from_jalali(1400, 12, 1))["job_quota"] == 0


def test_a_share_of_nothing_is_nothing():
    figures = summary(ProgrammeFactory(), A_DAY)

    assert (figures["jobs_registered_percent"], figures["pace_percent"]) == (None, None)


def test_the_queries_do_not_grow_with_the_programme(world, django_assert_num_queries):
    with django_assert_num_queries(6):  # one of them looks up the programme
        summary(Programme.everything.select_related("county").get(pk=world.programme.pk), A_DAY)


def test_the_command_gives_the_api_its_json(world, capsys):
    call_command("summary", "--programme", "۱۴۰۱", "--as-of", "۱۴۰۱/۰۵/۳۱", "--json")

    assert json.loads(capsys.readouterr().out) == summary(world.programme, A_DAY)


@pytest.mark.parametrize(
    "wrong", [["--programme", "1390"], ["--programme", "x"], ["--programme", "1401", "--as-of", "1401/13/01"]]
)
def test_a_wrong_argument_ends_with_two(world, wrong):
    with pytest.raises(CommandError) as refused:
        call_command("summary", *wrong)

    assert refused.value.returncode == 2


def test_two_counties_with_one_year_are_told_apart_by_code(world):
    other = worlds.build()

    with pytest.raises(Programme.MultipleObjectsReturned):
        find("1401")
    assert find("1401", county=other.county.code) == other.programme
