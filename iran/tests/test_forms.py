from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.forms import Form, HiddenInput, Textarea
from django.utils.translation import override

from iran import forms, widgets

A_DAY = date(2022, 8, 22)  # ۳۱ مرداد ۱۴۰۱
SHEBA = "IR062960000000100324200001"


def code_of(field, value) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    assert caught.value.messages
    return caught.value.error_list[0].code


@pytest.mark.parametrize(
    ("field_class", "typed", "stored"),
    [
        (forms.NationalIdField, "۰۴۹۹۳۷۰۸۹۹", "0499370899"),
        (forms.LegalIdField, "۱۰۳۸۰۲۸۴۷۹۰", "10380284790"),
        (forms.MobileField, "+98 912 345 6789", "09123456789"),
        (forms.ShebaField, "ir06-2960 0000 0010 0324 2000 01", SHEBA),
        (forms.PostalCodeField, "۱۶۱۹۷-۳۵۷۴۴", "1619735744"),
        (forms.RialField, "۱٬۵۰۰٬۰۰۰", 1_500_000),
        (forms.CountField, "۱٬۲۱۹", 1219),
        (forms.JalaliDateField, "۱۴۰۱-۵-۳۱", A_DAY),
        (forms.PersianCharField, " علي\u200f  كريمي ", "علی کریمی"),
    ],
)
def test_what_was_typed_is_normalised(field_class, typed, stored):
    assert field_class().clean(typed) == stored


@pytest.mark.parametrize(
    ("field_class", "typed", "code"),
    [
        (forms.NationalIdField, "0499370898", "nid_checksum"),
        (forms.NationalIdField, "499370899", "nid_length"),
        (forms.LegalIdField, "10380284791", "legal_checksum"),
        (forms.MobileField, "0912345", "mobile_format"),
        (forms.ShebaField, "IR07" + SHEBA[4:], "sheba_checksum"),
        (forms.PostalCodeField, "123", "postal_format"),
        (forms.RialField, "یک میلیارد", "amount_text"),
        (forms.RialField, "۱٫۵", "amount_decimal"),
        (forms.CountField, "۱٫۵", "count_text"),
        (forms.CountField, "2147483648", "count_above_maximum"),
        (forms.JalaliDateField, "1405/12/30", "date_impossible"),
        (forms.JalaliDateField, "2026/03/21", "date_gregorian"),
        (forms.JalaliDateField, "1405/4", "date_incomplete"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(field_class, typed, code):
    assert code_of(field_class(), typed) == code


ALL_FIELDS = [
    forms.NationalIdField, forms.LegalIdField, forms.MobileField, forms.ShebaField, forms.PostalCodeField,
    forms.RialField, forms.CountField, forms.JalaliDateField, forms.PersianCharField,
]  # fmt: skip


@pytest.mark.parametrize("field_class", ALL_FIELDS)
@pytest.mark.parametrize("nothing", ["", None, "   "])
def test_nothing_is_refused_only_where_something_is_required(field_class, nothing):
    assert code_of(field_class(), nothing) == "required"
    assert field_class(required=False).clean(nothing) in ("", None)


@pytest.mark.parametrize(
    ("field_class", "typed", "sentence"),
    [
        (forms.NationalIdField, "", "کد ملی را وارد کنید"),
        (forms.NationalIdField, "499370899", "کد ملی باید ۱۰ رقم باشد"),
        (forms.NationalIdField, "0499370898", "رقم کنترلی کد ملی درست نیست؛ کد را از روی کارت وارد کنید"),
        (forms.MobileField, "0912", "تلفن همراه باید ۱۱ رقم باشد و با ۰۹ شروع شود"),
        (forms.JalaliDateField, "", "تاریخ را کامل وارد کنید، مانند ۱۴۰۵/۰۴/۲۷"),
        (forms.JalaliDateField, "1405/4", "تاریخ را کامل وارد کنید، مانند ۱۴۰۵/۰۴/۲۷"),
        (forms.JalaliDateField, "1405/12/30", "چنین روزی در تقویم نیست؛ اسفند ۱۴۰۵ فقط ۲۹ روز دارد"),
        (forms.JalaliDateField, "2026/3/21", "این تاریخ میلادی است؛ تاریخ شمسی وارد کنید"),
        (forms.RialField, "زیاد", "مبلغ را با رقم وارد کنید"),
    ],
)
def test_the_officer_reads_a_persian_sentence(field_class, typed, sentence):
    with override("fa"), pytest.raises(ValidationError) as caught:
        field_class().clean(typed)
    with override("fa"):
        assert caught.value.messages == [sentence]


def test_the_ceiling_is_said_in_million_rial():
    field = forms.RialField(min_value=1_000_000, max_value=2_000_000_000)
    assert field.clean("2000000000") == 2_000_000_000
    assert field.clean("1000000") == 1_000_000
    assert code_of(field, "999999") == "amount_below_minimum"
    with override("fa"):
        with pytest.raises(ValidationError) as caught:
            field.clean("2000000001")
        assert caught.value.messages == ["مبلغ از سقف ۲٬۰۰۰ میلیون ریال بیشتر است"]


def test_a_count_has_two_limits():
    field = forms.CountField(min_value=1, max_value=5)
    assert [field.clean(value) for value in ("1", "5")] == [1, 5]
    assert code_of(field, "0") == "count_below_minimum"
    assert code_of(field, "6") == "count_above_maximum"


def test_a_count_without_limits_is_any_whole_number():
    assert forms.CountField(max_value=None, min_value=None).clean("99999999999") == 99_999_999_999


def test_a_day_has_two_limits():
    field = forms.JalaliDateField(min_value=A_DAY, max_value=A_DAY)
    assert field.clean("1401/05/31") == A_DAY
    assert code_of(field, "1401/05/30") == "date_too_early"
    assert code_of(field, "1401/06/01") == "date_too_late"


def test_a_sentence_of_the_form_wins_over_ours():
    field = forms.NationalIdField(error_messages={"required": "کد ملی ضامن را وارد کنید"})
    with pytest.raises(ValidationError, match="ضامن"):
        field.clean("")


def test_days_given_by_code_are_taken_as_they_are():
    assert forms.JalaliDateField().clean(A_DAY) == A_DAY
    assert forms.JalaliDateField().clean(datetime(2022, 8, 21, 20, 0, tzinfo=UTC)) == A_DAY


class Desk(Form):
    national_id = forms.NationalIdField()
    sheba = forms.ShebaField()
    amount_rial = forms.RialField()
    jobs = forms.CountField()
    paid_on = forms.JalaliDateField()


STORED = {"national_id": "0499370899", "sheba": SHEBA, "amount_rial": 1_500_000, "jobs": 3, "paid_on": A_DAY}


def test_stored_values_are_shown_in_persian():
    form = Desk(initial=STORED)
    for shown in ("۰۴۹۹۳۷۰۸۹۹", SHEBA, "۱٬۵۰۰٬۰۰۰", "۳", "۱۴۰۱/۰۵/۳۱"):
        assert f'value="{shown}"' in str(form)
    assert 'type="number"' not in str(form)
    assert str(form).count('dir="ltr"') == 5


def test_what_was_typed_comes_back_unchanged():
    typed = {
        "national_id": "0499370898",
        "sheba": "ir06",
        "amount_rial": "1500x",
        "jobs": "۳x",
        "paid_on": "1405/12/30",
    }
    form = Desk(typed)
    assert not form.is_valid()
    assert [form[name].value() for name in typed] == list(typed.values())
    assert all(f'value="{value}"' in str(form) for value in typed.values())


def test_the_same_value_in_other_digits_is_no_change():
    same = {
        "national_id": "۰۴۹-۹۳۷۰۸۹۹",
        "sheba": SHEBA.lower(),
        "amount_rial": "1500000",
        "jobs": "۳",
        "paid_on": "1401-5-31",
    }
    assert Desk(same, initial=STORED).changed_data == []
    assert Desk({**same, "jobs": "4", "national_id": "x"}, initial=STORED).changed_data == ["national_id", "jobs"]


def test_a_locked_field_shows_and_keeps_what_is_stored():
    class Locked(Form):
        national_id = forms.NationalIdField(disabled=True)

    form = Locked({"national_id": "1"}, initial=STORED)
    assert form.is_valid()
    assert form.cleaned_data == {"national_id": "0499370899"}
    assert not form.has_changed()
    assert form["national_id"].value() == "۰۴۹۹۳۷۰۸۹۹"


def test_a_hidden_first_day_reads_back_as_the_same_day():
    class Hidden(Form):
        paid_on = forms.JalaliDateField(show_hidden_initial=True, initial=A_DAY)

    assert 'value="1401/05/31"' in Hidden()["paid_on"].as_hidden(only_initial=True)
    data = {"paid_on": "۱۴۰۱/۰۵/۳۱", "initial-paid_on": "1401/05/31"}
    assert not Hidden(data).has_changed()


def test_an_amount_without_a_number_is_shown_as_it_stands():
    assert forms.RialField().prepare_value("12a") == "۱۲a"
    assert forms.RialField().prepare_value(None) is None


def test_line_ends_stay_in_a_text_area():
    assert forms.PersianCharField(widget=Textarea).clean("دلیل ي\r\nدوم") == "دلیل ی\nدوم"
    assert forms.PersianCharField().clean("دلیل\nدوم") == "دلیل دوم"


@pytest.mark.parametrize("field", [forms._IdentifierField, forms._WholeNumberField])
def test_the_bare_fields_are_not_for_use(field):
    class Named(field):
        missing_code = "nid_missing"

    with pytest.raises(NotImplementedError):
        Named().clean("1")


def test_the_widgets_show_moments_by_their_day_in_tehran():
    moment = datetime(2022, 8, 21, 20, 0, tzinfo=UTC)
    assert widgets.JalaliDateWidget().format_value(moment) == "۱۴۰۱/۰۵/۳۱"
    assert widgets.JalaliDateWidget().format_value(None) is None
    assert widgets.JalaliDateWidget().format_value("140") == "140"
    assert widgets.JalaliDateWidget().format_value(5) == "۵"
    assert isinstance(forms.JalaliDateField().hidden_widget(), HiddenInput)


def test_the_admin_picker_reads_an_ascii_jalali_day():
    widget = widgets.AdminJalaliDateWidget()
    html = widget.render("paid_on", A_DAY)
    assert 'value="1401-05-31"' in html
    assert "vjDateField" in html
    assert 'value="1405/12/30"' in widget.render("paid_on", "1405/12/30")
    assert "value=" not in widget.render("paid_on", None)


def test_the_calendar_hook_is_on_our_own_widget():
    assert "data-jalali" in widgets.JalaliDateWidget().render("paid_on", None)
    assert 'inputmode="tel"' in widgets.PhoneInput().render("mobile", None)
    assert 'inputmode="text"' in widgets.ShebaInput().render("sheba", None)
