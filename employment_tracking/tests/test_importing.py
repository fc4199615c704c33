"""Lists of jobs: what is refused and where, and that a person counts once."""

import pytest

from applicants.importing import workflow
from applicants.importing.guard import PAGE
from applicants.importing.returned import faulty_rows
from applicants.importing.workbook import read_sheets
from applicants.models import ImportedList
from applicants.tests.factories import ApplicationFactory, national_id
from applicants.tests.lists import a_programme, excel, job, sample
from employment_tracking.importing import check_jobs
from employment_tracking.models import JobRecord, JobRecordEvent, RecordFlag
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


NEW_CELLS = {
    "نسبت مالک شماره": "همسر", "تلفن ثابت": "035-3282 1234", "کد پستی": "۸۹۳۱۱-۰۰۳۳۱", "بخش": "مرکزی", "شهر": "ابرکوه",
    "دهستان": "فراغه", "روستا": "اسفندآباد", "عرض جغرافیایی": "۳۱٫۱۲۸۹", "طول جغرافیایی": 53.2823, "کد آیسیک": 123,
}  # fmt: skip


def test_every_field_of_the_monitoring_system_is_read(programme):
    supporter = ApplicationFactory(supporter=True, programme=programme)

    import_rows(programme, excel(job(1, **NEW_CELLS, پشتیبان=supporter.tracking_code)))

    record = JobRecord.everything.get()
    assert (record.mobile_owner_relation, record.phone_landline, record.postal_code) == (
        "spouse", "03532821234", "8931100331",
    )  # fmt: skip
    assert (record.district, record.city, record.rural_district, record.village) == (
        "مرکزی", "ابرکوه", "فراغه", "اسفندآباد",
    )  # fmt: skip
    assert (str(record.latitude), str(record.longitude), record.isic4) == ("31.128900", "53.282300", "0123")
    assert record.supporter == supporter


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("تلفن ثابت", "12345", "landline_set_aside"),
        ("عرض جغرافیایی", "91", "place_set_aside"),
        ("طول جغرافیایی", "خانه", "place_set_aside"),
        ("کد آیسیک", "کشاورزی", "isic_set_aside"),
        ("نسبت مالک شماره", "نامعلوم", "owner_unknown"),
    ],
)
def test_a_side_fact_that_is_wrong_is_set_aside_and_said(programme, heading, value, code):
    result = check(programme, job(1, **NEW_CELLS | {heading: value}))

    assert result.valid == 1
    assert [finding.code for finding in result.findings if finding.level == "warning"] == [code]


def test_an_unknown_supporter_is_a_fault(programme):
    independent = ApplicationFactory(programme=programme)

    result = check(programme, job(1), job(2, پشتیبان="1401-0000"), job(3, پشتیبان=independent.tracking_code))

    assert faults(result) == {(3, "پشتیبان", "supporter_unknown"), (4, "پشتیبان", "supporter_unknown")}


def test_a_person_of_another_agency_is_told_what_to_do(programme):
    import_rows(programme, excel(job(1, نام="زهرا")), code="relief")

    (finding,) = check(programme, job(1)).findings

    assert "ادعا" in finding.message
    assert "زهرا" not in finding.message


def test_faulty_rows_come_back_as_excel_and_match_when_corrected(programme):
    import_rows(programme, excel(job(1)), code="relief")
    kept = keep_list(programme, job(1), job(2), job(3, **{"تاریخ شروع": "1400/01/01"}))
    workflow.register(list_id=kept.pk, by=None, today=A_DAY)

    kept.refresh_from_db()
    returned = read_rows(faulty_rows(kept))

    assert [row["کد ملی"] for row in returned] == [national_id(1), national_id(3)]
    assert "ادعا" in returned[0]["خطا"]
    assert returned[1]["خطا"].startswith("تاریخ شروع:")
    again = [returned[1] | {"تاریخ شروع": "1401/03/12"}]
    assert import_rows(programme, excel(*again)).committed == 1
    assert JobRecord.everything.filter(agency=agency(programme)).counted().count() == 2


def test_a_list_is_checked_by_the_rules_too_and_taking_it_back_clears_them(programme):
    kept = keep_list(programme, *(job(n, **{"تلفن همراه": "09121234567"}) for n in (1, 2, 3)))
    workflow.register(list_id=kept.pk, by=None, today=A_DAY)
    assert RecordFlag.everything.live().filter(code="mobile_shared").count() == 3

    workflow.take_back(list_id=kept.pk, by=None, reason="اشتباه")

    assert not RecordFlag.everything.live().exists()


@pytest.mark.parametrize(("kind", "code"), [("employees", "state_employee"), ("insured", "insured_elsewhere")])
def test_the_office_brings_a_list_of_people_employed_elsewhere(
    programme, kind, code, django_capture_on_commit_callbacks
):
    import_rows(programme, excel(job(1), job(2)))
    row = {"نام": "مریم", "نام خانوادگی": "احمدی", "کد ملی": national_id(1), "محل خدمت": "شهرداری"}
    with django_capture_on_commit_callbacks(execute=True):
        result = workflow.import_now(
            kind=kind, programme=programme, agency=None, name="a.xlsx", content=excel(row, row | {"کد ملی": "12"}),
            by=None, today=A_DAY, limits=PAGE,
        )  # fmt: skip

    assert (result.committed, faults(result)) == (1, {(3, "کد ملی", "nid_length")})
    assert RecordFlag.everything.live().get().record.national_id == national_id(1)
    assert RecordFlag.everything.live().get().code == code

    with django_capture_on_commit_callbacks(execute=True):
        workflow.take_back(list_id=ImportedList.everything.get(kind=kind).pk, by=None, reason="کهنه بود")
    assert not RecordFlag.everything.live().exists()


def keep_list(programme, *rows) -> ImportedList:
    kept = workflow.keep(
        kind="jobs", programme=programme, agency=agency(programme), name="jobs.xlsx", content=excel(*rows), by=None
    )
    return workflow.check(list_id=kept.pk, today=A_DAY)


def read_rows(content: bytes) -> list[dict]:
    headings, *rows = next(iter(read_sheets(content, PAGE))).rows
    return [dict(zip(headings, row, strict=True)) for row in rows]
