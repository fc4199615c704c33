"""What an agency owes: its letters, its objections, its monthly plan."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, ExecutiveAgencyFactory, UserFactory
from quotas.models import JobQuota, JobQuotaNotice
from quotas.pace import owed
from quotas.rules import even_plan, needed_per_month
from quotas.tests.factories import A_DAY, JobQuotaFactory, ProgrammeFactory


def test_the_county_of_1401_needs_119_jobs_a_month():
    """832 jobs left at the end of the fifth month, seven months to go (docs/sources.md#the-countys-figures)."""
    assert needed_per_month(1219 - 387, year=1401, today=A_DAY) == 119


@pytest.mark.parametrize(
    ("left", "today", "needed"),
    [
        (0, A_DAY, 0),
        (-3, A_DAY, 0),
        (120, date(2022, 3, 1), 10),  # before the year: all twelve months
        (120, date(2022, 3, 21), 11),  # the first day of the year is gone
        (10, date(2023, 3, 15), 10),  # in the last month: all that is left
        (10, date(2023, 9, 1), 10),  # after the year
    ],
)
def test_jobs_a_month_still_needed(left, today, needed):
    assert needed_per_month(left, year=1401, today=today) == needed


@pytest.mark.parametrize("jobs", [0, 1, 11, 12, 120, 1219])
def test_an_even_plan_adds_up(jobs):
    plan = even_plan(jobs)

    assert sum(plan.values()) == jobs
    assert max(plan.values()) - min(plan.values()) <= 1


pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def office(client, programme):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    return client


def sent(quota: JobQuota | None = None, *, notices=(), months=(), **more) -> dict:
    """What the form of a quota sends: new letters and new months of the plan."""
    body = dict(more)
    for prefix, rows in (("notices", notices), ("plan_months", months)):
        stored = [] if quota is None else list(getattr(quota, prefix).all())
        body |= {f"{prefix}-TOTAL_FORMS": len(stored) + len(rows), f"{prefix}-INITIAL_FORMS": len(stored)}
        for number, row in enumerate(stored):
            body |= {f"{prefix}-{number}-id": row.pk, f"{prefix}-{number}-quota": quota.pk}
            names = ("jobs", "month") if prefix == "plan_months" else ("jobs", "dispute", "letter_number", "note")
            body |= {f"{prefix}-{number}-{name}": getattr(row, name) for name in names}
            if prefix == "notices":
                body[f"{prefix}-{number}-effective_on"] = "1401/01/01"
        for number, row in enumerate(rows, start=len(stored)):
            body |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return body


LETTER = {
    "jobs": "۱۲۰",
    "effective_on": "۱۴۰۱/۰۱/۲۰",
    "letter_number": "۱۲/۳۴",
    "letter_on": "1401/01/18",
    "dispute": "none",
    "note": "",
}


def post(office, programme, *, agency=None, **rows):
    agency = agency or ExecutiveAgencyFactory(county=programme.county)
    return office.post(reverse("admin:quotas_jobquota_add"), sent(programme=programme.pk, agency=agency.pk, **rows))


def test_a_quota_is_written_with_its_letter_and_its_plan(office, programme):
    answer = post(office, programme, notices=[LETTER], months=[{"month": "1", "jobs": "120"}])

    assert answer.status_code == 302
    notice = JobQuotaNotice.objects.get()
    assert (notice.jobs, notice.letter_on, notice.effective_on) == (120, date(2022, 4, 7), date(2022, 4, 9))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"letter_number": ""}, "شماره نامه را بنویسید."),
        ({"letter_on": ""}, "تاریخ نامه را بنویسید."),
        ({"letter_on": "1450/01/01"}, "تاریخ نامه باید امروز یا پیش از آن باشد."),
        ({"effective_on": "1399/01/01"}, "سهمیه در بازه برنامه اجرا می‌شود: از ۱ فروردین ۱۴۰۱"),
        ({"dispute": "objected"}, "در یادداشت بنویسید چه کسی اعتراض کرد و نتیجه چه شد."),
        ({"jobs": "-5"}, ""),
        ({"jobs": "صد"}, ""),
    ],
)
def test_what_a_letter_lacks_is_said_at_its_field_and_nothing_is_written(office, programme, change, said):
    answer = post(office, programme, notices=[LETTER | change])

    assert answer.status_code in (200, 422)
    assert said in answer.content.decode()
    assert not JobQuota.everything.exists()


def test_a_quota_without_a_letter_is_refused(office, programme):
    answer = post(office, programme)

    assert "نامه‌ای را که سهمیه را تعیین کرده بنویسید" in answer.content.decode()
    assert not JobQuota.everything.exists()


def test_a_month_written_twice_is_refused_in_persian(office, programme):
    months = [{"month": "2", "jobs": "5"}, {"month": "۲", "jobs": "7"}]

    answer = post(office, programme, notices=[LETTER], months=months)

    assert "این ماه در ردیف بالاتر نوشته شده است." in answer.content.decode()
    assert not JobQuota.everything.exists()


def test_a_plan_that_misses_the_quota_is_kept_and_told(office, programme):
    answer = post(office, programme, notices=[LETTER], months=[{"month": "1", "jobs": "100"}])

    told = [str(message) for message in office.get(answer["Location"]).context["messages"]]
    assert any("جمع ماه‌های برنامه ۱۰۰ شغل است و سهمیه جاری ۱۲۰ شغل" in words for words in told)
    assert JobQuota.everything.count() == 1


def test_an_amendment_counts_from_its_day_and_the_old_letter_stays(office, programme):
    quota = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=120)
    later = LETTER | {"jobs": "۹۰", "effective_on": "1401/06/01", "dispute": "upheld", "note": "نامه مدیرکل استان"}

    answer = office.post(reverse("admin:quotas_jobquota_change", args=[quota.pk]), sent(quota, notices=[later]))

    assert answer.status_code == 302
    assert [row.jobs for row in owed(programme, as_of=date(2022, 8, 22))] == [120]
    assert [(row.jobs, row.dispute) for row in owed(programme, as_of=date(2022, 8, 23))] == [(90, "upheld")]


def test_a_quota_that_is_objected_to_is_owed_until_a_letter_changes_it(programme):
    quota = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=120)
    quota.notices.update(dispute="objected", note="نامه مدیر استانی")

    assert [(row.jobs, row.dispute) for row in owed(programme, as_of=A_DAY)] == [(120, "objected")]


def test_the_database_keeps_an_objection_with_its_note(programme):
    quota = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=120)

    with pytest.raises(IntegrityError, match="objection_has_a_note"), transaction.atomic():
        quota.notices.update(dispute="objected", note="")


def test_whoever_has_no_plan_is_measured_by_an_even_one(programme):
    quota = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=120)
    quota.plan_months.all().delete()

    assert [row.planned for row in owed(programme, as_of=A_DAY)] == [50]


def test_only_agencies_of_the_county_are_offered(office, programme):
    stranger = ExecutiveAgencyFactory(county=CountyFactory(), name="دستگاه بیگانه")

    answer = office.get(reverse("admin:quotas_jobquota_add"))

    assert stranger.name not in answer.content.decode()
