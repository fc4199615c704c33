from datetime import date, datetime

import jdatetime
import pytest
from django.contrib.admin.widgets import AdminBigIntegerFieldWidget, AdminDateWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.forms import Textarea

from iran import fields, forms, widgets

A_DAY = date(2022, 8, 22)  # ۳۱ مرداد ۱۴۰۱
SHEBA = "IR062960000000100324200001"

IDENTIFIERS = [
    (fields.NationalIdField, forms.NationalIdField, "۰۴۹۹۳۷۰۸۹۹", "0499370899"),
    (fields.LegalIdField, forms.LegalIdField, "۱۰۳۸۰۲۸۴۷۹۰", "10380284790"),
    (fields.MobileField, forms.MobileField, "9123456789", "09123456789"),
    (fields.ShebaField, forms.ShebaField, SHEBA.lower(), SHEBA),
    (fields.PostalCodeField, forms.PostalCodeField, "16197-35744", "1619735744"),
]


def named(field):
    field.set_attributes_from_name("value")
    return field


@pytest.mark.parametrize(("field_class", "form_class", "typed", "stored"), IDENTIFIERS)
def test_an_identifier_is_stored_in_its_one_form(field_class, form_class, typed, stored):
    field = named(field_class())
    assert field.clean(typed, None) == stored
    assert field.get_prep_value(typed) == stored
    assert field.max_length == len(stored)


@pytest.mark.parametrize(("field_class", "form_class", "typed", "stored"), IDENTIFIERS)
def test_an_identifier_brings_its_form_field_and_widget(field_class, form_class, typed, stored):
    field = named(field_class(null=True, blank=True))
    assert type(field.formfield()) is form_class
    assert field.formfield().clean("") is None
    assert isinstance(field.formfield(widget=AdminTextInputWidget).widget, widgets.NumericTextInput)
    assert isinstance(field.formfield(widget=AdminTextInputWidget()).widget, widgets.NumericTextInput)
    assert isinstance(field.formfield(widget=Textarea).widget, Textarea)
    assert named(field_class(blank=True)).formfield().clean("") == ""


@pytest.mark.parametrize(("field_class", "form_class", "typed", "stored"), IDENTIFIERS)
def test_a_migration_does_not_repeat_the_length(field_class, form_class, typed, stored):
    name, path, args, kwargs = named(field_class(blank=True)).deconstruct()
    assert path == f"iran.fields.{field_class.__name__}"
    assert (args, kwargs) == ([], {"blank": True})


def test_a_wrong_identifier_is_refused_by_full_clean():
    with pytest.raises(ValidationError) as caught:
        named(fields.NationalIdField()).clean("0499370898", None)
    assert caught.value.code == "nid_checksum"


def test_a_query_for_half_an_identifier_fails_nothing():
    field = named(fields.NationalIdField())
    assert field.get_prep_value("۰۴۹") == "049"
    assert field.get_prep_value("") == ""
    assert field.get_prep_value(None) is None
    assert field.to_python(None) is None


def test_the_bare_field_is_not_for_use():
    class Named(fields._IdentifierField):
        length = 1

    with pytest.raises(NotImplementedError):
        named(Named()).clean("1", None)


def test_money_is_never_a_float():
    field = named(fields.RialField())
    assert field.to_python("۱٬۵۰۰") == 1500
    assert field.get_prep_value(1500) == 1500
    assert field.to_python("") is None
    with pytest.raises(TypeError, match="float"):
        field.get_prep_value(1.0)
    with pytest.raises(ValidationError) as caught:
        field.to_python("x")
    assert caught.value.code == "amount_text"


def test_money_brings_its_form_field():
    field = named(fields.RialField())
    assert type(field.formfield()) is forms.RialField
    widget = field.formfield(widget=AdminBigIntegerFieldWidget).widget
    assert widget.input_type == "text"


@pytest.mark.parametrize(
    "value", ["1401/05/31", "2022-08-22", A_DAY, jdatetime.date(1401, 5, 31), datetime(2022, 8, 22, 9)]
)
def test_a_day_is_gregorian_inside(value):
    assert named(fields.JalaliDateField()).to_python(value) == A_DAY


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError) as caught:
        named(fields.JalaliDateField()).to_python("1405/12/30")
    assert caught.value.code == "date_impossible"
    assert named(fields.JalaliDateField()).to_python(None) is None


def test_a_day_brings_its_form_field_and_the_picker_of_the_admin():
    field = named(fields.JalaliDateField())
    assert type(field.formfield()) is forms.JalaliDateField
    assert isinstance(field.formfield().widget, widgets.JalaliDateWidget)
    assert isinstance(field.formfield(widget=AdminDateWidget).widget, widgets.AdminJalaliDateWidget)


@pytest.mark.parametrize(
    ("check", "pattern"),
    [
        (fields.national_id_check, "^[0-9]{10}$"),
        (fields.legal_id_check, "^[0-9]{11}$"),
        (fields.mobile_check, "^09[0-9]{9}$"),
        (fields.sheba_check, "^IR[0-9]{24}$"),
        (fields.postal_code_check, "^[0-9]{10}$"),
    ],
)
def test_a_constraint_holds_the_shape(check, pattern):
    assert check("value") == Q(value__regex=pattern)
    assert check("value", blank=True) == Q(value__regex=pattern) | Q(value="")
    CheckConstraint(condition=check("value"), name="shape").deconstruct()


@pytest.mark.parametrize(
    ("check", "function"),
    [
        (fields.national_id_ok_check, "iran_national_id_ok"),
        (fields.legal_id_ok_check, "iran_legal_id_ok"),
        (fields.sheba_ok_check, "iran_sheba_ok"),
    ],
)
def test_a_constraint_holds_the_check_digit(check, function):
    assert check("value").children[0].extra["function"] == function
    assert len(check("value", blank=True).children) == 2
    CheckConstraint(condition=check("value"), name="digit").deconstruct()
