"""Lists of jobs: what is refused and where, and that a person counts once."""

import pytest

from applicants.importing import workflow
from applicants.importing.guard import PAGE
from applicants.tests.factories import national_id
from applicants.tests.lists import a_programme, excel, job, sample
from employment_tracking.importing import check_jobs
from employment_tracking.models import JobRecord, JobRecordEvent
from quotas.tests.factories import A_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return a_programme()


def agency(programme, code="agriculture"):
    return programme.county.agencies.get(code=code)


def check(programme, *rows, code="agriculture"):
    return check_jobs(excel(*rows), programme=programme, agency=agency(programme, code), today=A_DAY)


def import_rows(programme, content, code="agriculture"):
    return workflow.import_now(
        kind="jobs", programme=programme, agency=agency(programme, code), name="jobs.xlsx", content=content, by=None,
        today=A_DAY, limits=PAGE,
    )  # fmt: skip


def faults(result):
    return {(f.row, f.field, f.code) for f in result.findings if f.level == "fault"}


def test_the_example_of_an_agency_is_sound(programme):
    result = check_jobs(sample("jobs_agriculture.xlsx"), programme=programme, agency=agency(programme), today=A_DAY)

    assert (result.read, result.valid, result.faulty) == (118, 118, 0)


def test_the_example_is_registered_with_its_events_and_lines(programme):
    result = import_rows(programme, sample("jobs_agriculture.xlsx"))

    records = JobRecord.everything.filter(programme=programme, agency=agency(programme))
    assert result.committed == records.counted().count() == 118
    assert JobRecordEvent.everything.filter(record__in=records, to_status="registered").count() == 118
    assert not records.filter(line=None).exists()


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("کد ملی", "1234567890", "nid_checksum"),
        ("کد ملی", "", "nid_missing"),
        ("کد ملی", "10380284790", "nid_length"),
        ("تلفن همراه", "0912345", "mobile_bad"),
        ("نام", "", "name_missing"),
        ("عنوان شغل", "", "job_missing"),
        ("تاریخ شروع", "", "start_missing"),
        ("تاریخ شروع", "1401/13/02", "start_impossible"),
        ("تاریخ شروع", "2022-05-12", "start_gregorian"),
        ("تاریخ شروع", "1400/12/29", "start_outside_year"),
        ("تاریخ شروع", "1401/06/01", "start_outside_year"),
        ("نوع اشتغال", "نامعلوم", "employment_unknown"),
        ("ساعت کار هفتگی", 101, "hours_bad"),
        ("ساعت کار هفتگی", "سی", "hours_bad"),
        ("محل تأمین", "نامعلوم", "funding_unknown"),
    ],
)
def test_a_wrong_cell_is_a_fault_at_its_place(programme, heading, value, code):
    result = check(programme, job(1), job(2, **{heading: value}))

    assert faults(result) == {(3, heading, code)}


def test_a_person_of_another_agency_is_refused_without_naming_it(programme):
    import_rows(programme, excel(job(1)), code="relief")

    result = check(programme, job(1))

    (finding,) = result.findings
    assert finding.code == "nid_exists"
    assert "امداد" not in finding.message


def test_a_record_struck_out_no_longer_counts(programme):
    import_rows(programme, excel(job(1)))
    JobRecord.everything.update(status="void")

    assert check(programme, job(1)).valid == 1


def test_a_person_stands_once_in_a_list(programme):
    result = check(programme, job(1), job(2, **{"کد ملی": national_id(1)}))

    assert faults(result) == {(3, "کد ملی", "nid_duplicate_in_file")}
