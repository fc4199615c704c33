"""The two worked examples, to the cell."""

import pytest

from applicants.importing.applicant_list import check_applicants
from applicants.tests.lists import a_programme, sample
from quotas.tests.factories import A_DAY

pytestmark = pytest.mark.django_db

FAULTS = {
    (6, "کد ملی", "nid_checksum"),
    (7, "کد ملی", "nid_missing"),
    (9, "کد ملی", "nid_duplicate_in_file"),
    (12, "تلفن همراه", "mobile_bad"),
    (23, "مبلغ درخواستی (ریال)", "amount_over_ceiling"),
    (26, "مبلغ درخواستی (ریال)", "amount_not_number"),
    (28, "تاریخ تولد", "birth_impossible"),
    (37, "نوع متقاضی", "kind_unknown"),
    (40, "دستگاه معرف", "agency_unknown"),
    (44, "تاریخ تولد", "birth_gregorian"),
    (57, "تعداد شغل", "jobs_missing"),
}


def found(result, level):
    return {(f.row, f.field, f.code) for f in result.findings if f.level == level}


def test_the_faulty_example_gives_exactly_its_faults():
    result = check_applicants(sample("applicants_faulty.xlsx"), programme=a_programme(), today=A_DAY)

    assert (result.read, result.valid, result.faulty) == (60, 49, 11)
    assert found(result, "fault") == FAULTS
    assert found(result, "warning") == {(55, "مبلغ درخواستی (ریال)", "amount_unit_suspect")}
    assert sum(f.level == "fault" for f in result.findings) == 11


def test_the_postal_codes_of_eleven_digits_are_set_aside():
    result = check_applicants(sample("applicants_faulty.xlsx"), programme=a_programme(), today=A_DAY)

    assert sum(f.code == "postal_code_set_aside" for f in result.findings) == 60
    assert set(result.columns["postal_code"]) == {""}


def test_the_list_of_the_year_is_sound():
    result = check_applicants(sample("applicants_1401.xlsx"), programme=a_programme(), today=A_DAY)

    assert (result.read, result.valid, result.faulty) == (122, 122, 0)
    assert not found(result, "warning")
    assert sum(result.columns["requested_rial"]) == 92_000_000_000
