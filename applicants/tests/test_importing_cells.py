"""Cell by cell: what is put right, and both sides of every fault."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applicants.importing import cells
from applicants.importing.applicant_columns import birth, gender, jobs, track, yes_or_no
from applicants.importing.applicant_list import check_applicants
from applicants.importing.refusals import FileRefusedError
from applicants.models import BusinessLine, LineRestriction
from applicants.tests.factories import ApplicationFactory, national_id
from applicants.tests.lists import a_programme, excel, person
from quotas.tests.factories import A_DAY

A_DATE = datetime.date(1991, 8, 3)


@pytest.mark.parametrize(
    ("reader", "cell", "stored", "code"),
    [
        (cells.person_id, "9983186098", "9983186098", ""),
        (cells.person_id, "۹۹۸۳۱۸۶۰۹۸", "9983186098", "digits"),
        (cells.person_id, "٩٩٨٣١٨٦٠٩٨", "9983186098", "digits"),
        (cells.person_id, 9983186098.0, "9983186098", ""),
        (cells.person_id, 499370899.0, "0499370899", "leading_zeros"),
        (cells.person_id, "499370899", "0499370899", "leading_zeros"),
        (cells.person_id, " 998-318609-8\u200c", "9983186098", "spaces"),
        (cells.person_id, "10380284790", "10380284790", ""),
        (cells.person_id, 10380284790.0, "10380284790", ""),
        (cells.mobile, 9901000296.0, "09901000296", "leading_zeros"),
        (cells.mobile, "9901000296", "09901000296", "leading_zeros"),
        (cells.mobile, "+989901000296", "09901000296", "country_code"),
        (cells.mobile, "0098 990 100 0296", "09901000296", "country_code"),
        (cells.mobile, "0990 100 0296", "09901000296", "spaces"),
        (cells.postal_code, "16197-35744", "1619735744", "spaces"),
        (cells.postal_code, "89311757317", "", "postal_code_set_aside"),
        (cells.postal_code, "", "", ""),
        (cells.text(60), "مريم", "مریم", "letters"),
        (cells.text(60), " مریم  سادات ", "مریم سادات", "spaces"),
        (cells.text(60), "پلاک ۱۲", "پلاک 12", ""),
        (cells.text(60), 12.0, "12", ""),
        (cells.amount, 580_000_000.0, 580_000_000, ""),
        (cells.amount, "۴۸۰,۰۰۰,۰۰۰", 480_000_000, "grouped_number"),
        (cells.amount, "۴۸۰٬۰۰۰٬۰۰۰ ریال", 480_000_000, "unit_word"),
        (cells.amount, "۴۸۰۰۰۰۰۰۰", 480_000_000, "digits"),
        (birth, "1370/05/12", A_DATE, ""),
        (birth, "۱۳۷۰/۰۵/۱۲", A_DATE, "digits"),
        (birth, "1370-5-12", A_DATE, "date_form"),
        (birth, 13700512.0, A_DATE, "date_form"),
        (birth, "", None, ""),
        (jobs, 2.0, 2, ""),
        (jobs, "۲ نفر", 2, "spaces"),
        (track, "پشتيبان", ("supporter", False), ""),
        (track, "پیشران", ("independent", True), ""),
        (track, "پشیران", ("independent", True), "spelling"),
        (yes_or_no, "بلی", True, ""),
        (yes_or_no, "✓", True, ""),
        (yes_or_no, "پشیران", True, "spelling"),
        (yes_or_no, 1.0, True, ""),
        (yes_or_no, True, True, ""),
        (yes_or_no, "-", False, ""),
        (yes_or_no, "", False, ""),
        (gender, "مؤنث", "female", ""),
    ],
)
def test_what_can_be_put_right_is_put_right_and_said(reader, cell, stored, code):
    reading = reader(cell)

    assert (reading.stored, reading.code) == (stored, code)
    assert reading.level in ("", "corrected")


@pytest.mark.parametrize(
    ("reader", "cell", "code"),
    [
        (cells.person_id, "", "nid_missing"),
        (cells.person_id, "1234567890", "nid_checksum"),
        (cells.person_id, "1111111111", "nid_checksum"),
        (cells.person_id, "1234567", "nid_length"),
        (cells.person_id, "10380284791", "legal_checksum"),
        (cells.person_id, "نامعلوم", "nid_length"),
        (cells.natural_id, "10380284790", "nid_length"),
        (cells.mobile, "", "mobile_missing"),
        (cells.mobile, "0912345", "mobile_bad"),
        (cells.mobile, "02133445566", "mobile_bad"),
        (cells.text(3), "چهارم", "text_too_long"),
        (cells.amount, "", "amount_missing"),
        (cells.amount, "پانصد", "amount_not_number"),
        (cells.amount, "۵۰ میلیون تومان", "amount_not_number"),
        (cells.amount, 0.0, "amount_not_number"),
        (cells.amount, 10.5, "amount_not_number"),
        (cells.amount, "-5", "amount_not_number"),
        (cells.amount, float("nan"), "amount_not_number"),
        (cells.amount, True, "amount_not_number"),
        (birth, "1370/12/31", "birth_impossible"),
        (birth, "1402/12/30", "birth_impossible"),
        (birth, "70/5/12", "birth_impossible"),
        (birth, "1991-05-12", "birth_gregorian"),
        (birth, datetime.date(1991, 5, 12), "birth_gregorian"),
        (jobs, "", "jobs_missing"),
        (jobs, 0.0, "jobs_missing"),
        (jobs, "چند", "jobs_not_number"),
        (jobs, 1.5, "jobs_not_number"),
        (jobs, 1e9, "jobs_not_number"),
        (track, "", "kind_unknown"),
        (track, "نامشخص", "kind_unknown"),
    ],
)
def test_what_cannot_be_known_is_a_fault(reader, cell, code):
    reading = reader(cell)

    assert (reading.level, reading.code) == ("fault", code)


@pytest.mark.django_db
class TestTheList:
    def check(self, *rows, agency=None, **about):
        self.programme = getattr(self, "programme", None) or a_programme()
        return check_applicants(excel(*rows, **about), programme=self.programme, today=A_DAY, agency=agency)

    def codes(self, *rows, level="fault", **about):
        return [(f.row, f.code) for f in self.check(*rows, **about).findings if f.level == level]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"مبلغ درخواستی (ریال)": 1_000_000_001}, "amount_over_ceiling"),
            ({"تعداد شغل": 6}, "jobs_out_of_range"),
            ({"نوع متقاضی": "پشتیبان", "تعداد شغل": 4}, "jobs_out_of_range"),
            ({"دستگاه معرف": "اداره‌ای که نیست"}, "agency_unknown"),
            ({"نام": ""}, "name_missing"),
            ({"نام خانوادگی": ""}, "name_missing"),
            ({"تاریخ تولد": "1401/06/01"}, "birth_impossible"),
        ],
    )
    def test_a_row_against_the_rules_of_the_year(self, changes, code):
        assert self.codes(person(1), person(2, **changes)) == [(3, code)]

    def test_the_ceiling_itself_may_be_asked(self):
        assert not self.codes(person(1, **{"مبلغ درخواستی (ریال)": 1_000_000_000}))

    @pytest.mark.parametrize(("amount", "suspect"), [(50_000_000, True), (50_000_001, False)])
    def test_a_tenth_of_the_middle_is_suspect(self, amount, suspect):
        rows = [person(number) for number in range(1, 6)] + [person(6, **{"مبلغ درخواستی (ریال)": amount})]

        assert (self.codes(*rows, level="warning") == [(7, "amount_unit_suspect")]) is suspect

    def test_a_row_may_have_several_faults(self):
        found = self.codes(person(1, **{"کد ملی": "", "تلفن همراه": "1", "مبلغ درخواستی (ریال)": "x"}))

        assert {code for _row, code in found} == {"nid_missing", "mobile_bad", "amount_not_number"}

    def test_who_asks_already_this_year_is_named_with_the_day(self):
        self.programme = a_programme()
        ApplicationFactory(
            programme=self.programme, applicant__national_id=national_id(1), applicant__last_name="صادقی"
        )

        (finding,) = self.check(person(1)).findings

        assert finding.code == "nid_exists"
        assert "صادقی" in finding.message

    def test_a_withdrawn_application_is_no_obstacle(self):
        self.programme = a_programme()
        ApplicationFactory(programme=self.programme, applicant__national_id=national_id(1), status="withdrawn")

        assert not self.codes(person(1))

    def test_an_excluded_line_is_a_fault_and_an_unknown_one_is_not(self):
        self.programme = a_programme()
        line = BusinessLine.everything.get(programme=self.programme, title="تذهیب")
        LineRestriction.objects.create(line=line, reason="اشباع")

        result = self.check(
            person(1), person(2, **{"رشته شغلی": "قالی بافی ماشینی"}), person(3, **{"رشته شغلی": "سفالگري"})
        )

        assert [(f.row, f.code) for f in result.findings if f.level != "corrected"] == [
            (2, "line_excluded"),
            (3, "line_unknown"),
        ]

    def test_a_firm_has_a_legal_id_and_one_name(self):
        result = self.check(person(1, **{"کد ملی": "10380284790", "نام": "شرکت تعاونی", "نام خانوادگی": ""}))

        assert result.valid == 1
        assert (result.columns["first_name"], result.columns["last_name"]) == ([""], ["شرکت تعاونی"])

    def test_a_list_of_one_agency_takes_no_other(self):
        self.programme = a_programme()
        agency = self.programme.county.agencies.get(code="relief")

        assert self.codes(person(1), agency=agency) == [(2, "agency_other")]
        assert not self.codes(person(1, **{"دستگاه معرف": ""}), agency=agency)

    def test_a_body_is_recognised_by_a_part_of_its_name(self):
        result = self.check(person(1, **{"دستگاه معرف": "کميته امداد", "بانک پیشنهادی": "بانک ملی"}))

        assert result.valid == 1
        assert result.columns["agency"][0].code == "relief"

    def test_banner_rows_other_sheets_other_order_and_other_words(self):
        row = person(1)
        swapped = {
            "موبایل": row["تلفن همراه"], "شماره ملی": row["کد ملی"], "مبلغ وام": row["مبلغ درخواستی (ریال)"], "یادداشت": "؟",
            "نام متقاضی": "مریم", "نام خانوادگي": "احمدی", "نوع": "مستقل", "تعداد اشتغال": 1, "دستگاه": "بهزیستی",
        }  # fmt: skip

        result = self.check(swapped, banner=("بسمه تعالی", "", "فهرست متقاضیان"), sheets=("راهنما", "لیست"))

        assert (result.read, result.valid, result.table.numbers) == (1, 1, [5])

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ([{"الف": "1", "ب": "2"}], "file_headings_missing"),
            ([{key: value for key, value in person(1).items() if key != "کد ملی"}], "file_columns_missing"),
            ([{key: value for key, value in person(1).items() if key != "دستگاه معرف"}], "file_columns_missing"),
        ],
    )
    def test_a_list_without_its_columns_is_refused_whole(self, rows, code):
        with pytest.raises(FileRefusedError) as refused:
            self.check(*rows)
        assert refused.value.code == code

    def test_amounts_in_toman_are_never_guessed(self):
        row = person(1)
        row["مبلغ (تومان)"] = row.pop("مبلغ درخواستی (ریال)")

        with pytest.raises(FileRefusedError):
            self.check(row)


CELL = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789۰۱۲۳٤٥٦/-.,٬ +\u200c\u200fيك", max_size=14),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.dates(datetime.date(1900, 3, 1)),
    st.datetimes(datetime.datetime(1900, 3, 1)),
    st.sampled_from(["=1+1", "بلی", "مستقل", "پشتیبان", "1370/05/12", "بهزیستی", "تذهیب", "#N/A", "x" * 32_767]),
)
READERS = (
    cells.person_id, cells.natural_id, cells.mobile, cells.postal_code, cells.sheba, cells.amount, cells.text(60), jobs,
    birth, track, gender, yes_or_no,
)  # fmt: skip


@given(cell=CELL)
@settings(max_examples=500, deadline=None)
def test_no_cell_stops_the_reader(cell):
    for reader in READERS:
        reading = reader(cell)
        assert (reading.level == "fault") == (reading.stored is None and reading.code != "") or reading.level != "fault"


@pytest.mark.django_db
def test_any_row_of_anything_is_either_registered_or_reported():
    programme = a_programme()

    @given(rows=st.lists(st.dictionaries(st.sampled_from(list(person())), CELL, max_size=6), min_size=1, max_size=4))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def look(rows):
        content = excel(*(person(number, **row) for number, row in enumerate(rows, 1)))
        result = check_applicants(content, programme=programme, today=A_DAY)
        faulty = {finding.row for finding in result.findings if finding.level == "fault"}
        assert result.read == len(rows)
        assert result.faulty == len(faulty)
        assert all(finding.as_json()["message"] for finding in result.findings)

    look()
