import pytest

from iran import identifiers
from iran.identifiers import IdentifierError

SHEBA = "IR062960000000100324200001"


def code_of(function, value, **options) -> str:
    with pytest.raises(IdentifierError) as caught:
        function(value, **options)
    assert str(caught.value) == str(identifiers.MESSAGES[caught.value.code])
    return caught.value.code


@pytest.mark.parametrize("value", ["0499370899", "0013542419", "0076229645", "1583250689"])
def test_a_right_national_id_is_kept(value):
    assert identifiers.is_national_id(value)
    assert identifiers.national_id(value) == value


@pytest.mark.parametrize(
    "typed", ["۰۴۹۹۳۷۰۸۹۹", "٠٤٩٩٣٧٠٨٩٩", " 049-937089-9\u200f", "\u200e0499370899\u00a0", "\u202a049 937 0899\u202c"]
)
def test_a_national_id_is_normalised(typed):
    assert identifiers.national_id(typed) == "0499370899"


@pytest.mark.parametrize("value", ["1111111111", "0000000000", "1230000001", "1234567890", "0499370898"])
def test_a_wrong_national_id_is_refused(value):
    assert not identifiers.is_national_id(value)
    assert code_of(identifiers.national_id, value) == "nid_checksum"


def test_every_other_check_digit_is_refused():
    assert [digit for digit in range(10) if identifiers.is_national_id(f"001354241{digit}")] == [9]


@pytest.mark.parametrize("value", ["049937089", "04993708991", "04993708x9", "نام", 499370899, True])
def test_a_national_id_has_ten_digits(value):
    assert code_of(identifiers.national_id, value) == "nid_length"


@pytest.mark.parametrize("value", ["", None, "  ", "\u200c-\u200f"])
def test_a_missing_identifier_is_told_apart(value):
    assert code_of(identifiers.national_id, value) == "nid_missing"
    assert code_of(identifiers.legal_id, value) == "legal_missing"
    assert code_of(identifiers.sheba, value) == "sheba_missing"
    assert code_of(identifiers.mobile, value) == "mobile_missing"
    assert code_of(identifiers.postal_code, value) == "postal_missing"


@pytest.mark.parametrize("value", ["499370899", 499370899, 499370899.0, "۴۹۹۳۷۰۸۹۹"])
def test_an_import_gets_back_the_zeros_that_the_sheet_lost(value):
    assert identifiers.national_id(value, pad=True) == "0499370899"


def test_padding_begins_at_eight_digits():
    assert identifiers.national_id("13542419", pad=True) == "0013542419"
    assert code_of(identifiers.national_id, "3542419", pad=True) == "nid_length"
    assert code_of(identifiers.national_id, "13542418", pad=True) == "nid_checksum"


def test_the_predicate_takes_only_ten_ascii_digits():
    assert not identifiers.is_national_id("۰۴۹۹۳۷۰۸۹۹")
    assert not identifiers.is_national_id("")
    assert not identifiers.is_national_id("049937089")


@pytest.mark.parametrize("value", ["10380284790", "14007650912", "۱۰۳۸۰۲۸۴۷۹۰", 10380284790.0])
def test_a_right_legal_id_is_kept(value):
    assert identifiers.is_legal_id(identifiers.legal_id(value))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("10380285692", "legal_checksum"),
        ("12300000019", "legal_checksum"),
        ("1038028479", "legal_length"),
        ("103802847900", "legal_length"),
    ],
)
def test_a_wrong_legal_id_is_refused(value, code):
    assert code_of(identifiers.legal_id, value) == code
    assert not identifiers.is_legal_id(value)


@pytest.mark.parametrize("typed", [SHEBA, "ir06 2960 0000 0010 0324 2000 01", "IR06-2960-0000-0010-0324-2000-01"])
def test_a_sheba_is_normalised(typed):
    assert identifiers.sheba(typed) == SHEBA
    assert identifiers.sheba("IR۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱") == SHEBA


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("IR072960000000100324200001", "sheba_checksum"),
        ("IR06296000000010032420000", "sheba_length"),
        ("IR0629600000001003242000011", "sheba_length"),
        ("DE062960000000100324200001", "sheba_length"),
        ("062960000000100324200001", "sheba_length"),
    ],
)
def test_a_wrong_sheba_is_refused(value, code):
    assert code_of(identifiers.sheba, value) == code
    assert not identifiers.is_sheba(value)


def test_the_bank_stands_after_the_check_digits():
    assert identifiers.sheba_bank_code("IR820160000000000000000000") == "016"


@pytest.mark.parametrize(
    "typed",
    ["09123456789", "00989123456789", "+98 912 345 6789", "989123456789", "9123456789", "۰۹۱۲-۳۴۵-۶۷۸۹", 9123456789.0],
)
def test_a_mobile_is_stored_in_one_form(typed):
    assert identifiers.mobile(typed) == "09123456789"


@pytest.mark.parametrize("value", ["0912345678", "091234567890", "0912abc4567", "08123456789", "03532820000", 1.5])
def test_a_wrong_mobile_is_refused(value):
    assert code_of(identifiers.mobile, value) == "mobile_format"
    assert not identifiers.is_mobile(str(value))


@pytest.mark.parametrize("typed", ["1619735744", "16197-35744", "۱۶۱۹۷۳۵۷۴۴", 1619735744.0])
def test_a_postal_code_is_normalised(typed):
    assert identifiers.postal_code(typed) == "1619735744"


@pytest.mark.parametrize("value", ["161973574", "16197357444", "16197x5744"])
def test_a_wrong_postal_code_is_refused(value):
    assert code_of(identifiers.postal_code, value) == "postal_format"
