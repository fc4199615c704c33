from datetime import date, datetime

import pytest
from rest_framework.exceptions import ValidationError

from iran import serializers

A_DAY = date(2022, 8, 22)  # ۳۱ مرداد ۱۴۰۱


def code_of(field, value) -> str:
    with pytest.raises(ValidationError) as caught:
        field.run_validation(value)
    return caught.value.get_codes()[0]


@pytest.mark.parametrize("value", ["2022-08-22", "1401/05/31", "1401-05-31", "۱۴۰۱/۵/۳۱", A_DAY])
def test_a_day_comes_in_either_calendar(value):
    assert serializers.JalaliDateField().run_validation(value) == A_DAY


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1405/12/30", "date_impossible"),
        ("2022-02-30", "date_impossible"),
        ("1599-01-01", "date_out_of_range"),
        ("", "date_incomplete"),
        ("دیروز", "date_incomplete"),
        (14010531, "date_incomplete"),
        (datetime(2022, 8, 22), "date_incomplete"),
        (None, "null"),
    ],
)
def test_a_wrong_day_has_a_stable_code(value, code):
    assert code_of(serializers.JalaliDateField(), value) == code


def test_a_day_goes_out_as_iso():
    assert serializers.JalaliDateField().to_representation(A_DAY) == "2022-08-22"
    assert serializers.JalaliDateField().to_representation(None) is None


def test_identifiers_are_normalised():
    assert serializers.NationalIdField().run_validation("۰۴۹۹۳۷۰۸۹۹") == "0499370899"
    assert serializers.MobileField().run_validation("+989123456789") == "09123456789"


@pytest.mark.parametrize(
    ("field_class", "value", "code"),
    [
        (serializers.NationalIdField, "0499370898", "nid_checksum"),
        (serializers.NationalIdField, "499370899", "nid_length"),
        (serializers.NationalIdField, 499370899, "invalid"),
        (serializers.NationalIdField, "", "blank"),
        (serializers.MobileField, "0912", "mobile_format"),
    ],
)
def test_a_wrong_identifier_has_a_stable_code(field_class, value, code):
    assert code_of(field_class(), value) == code


def test_the_bare_field_is_not_for_use():
    with pytest.raises(NotImplementedError):
        serializers._IdentifierField().run_validation("1")


@pytest.mark.parametrize("value", [1_000_000_000, "1000000000", "۱٬۰۰۰٬۰۰۰٬۰۰۰"])
def test_an_amount_is_an_integer_or_its_digits(value):
    assert serializers.RialField().run_validation(value) == 1_000_000_000


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1e9, "amount_text"),
        (True, "amount_text"),
        (float("nan"), "amount_text"),
        ([], "amount_text"),
        ("1e9", "amount_text"),
        (-1, "amount_sign"),
        ("1.0", "amount_decimal"),
        ("", "amount_missing"),
        (2**63, "amount_too_large"),
    ],
)
def test_a_wrong_amount_has_a_stable_code(value, code):
    assert code_of(serializers.RialField(), value) == code
