"""Model fields of fixed size that store the normalised form, check it in ``full_clean`` and bring our form field.

They add no constraint of their own. A model that wants one writes
``CheckConstraint(condition=national_id_check("national_id"), name="...")`` for the shape, or
``national_id_ok_check`` for the check digit too, after a migration has run ``iran.sql.NATIONAL_ID_OK_SQL``.
"""

import jdatetime
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, F, Func, Q

from iran import calendar, forms, identifiers, money, widgets
from iran.text import clean

_ADMIN_WIDGETS = "django.contrib.admin.widgets"


def _without_admin_widget(kwargs: dict, ours: type) -> dict:
    """The admin hands every field its stock widget by column type (``type=number``, a Gregorian picker): use ours."""
    widget = kwargs.get("widget")
    if getattr(widget, "__module__", None) == _ADMIN_WIDGETS:
        return {**kwargs, "widget": ours}
    return kwargs


class _IdentifierField(models.CharField):
    """A CharField of one fixed length whose value goes through one function of ``iran.identifiers``."""

    length: int
    form_class: type
    admin_widget = widgets.AdminNumericTextInput

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = self.length
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def normalise(self, value) -> str:
        raise NotImplementedError

    def to_python(self, value):
        if value is None or value == "":
            return value
        try:
            return self.normalise(value)
        except identifiers.IdentifierError as error:
            raise ValidationError(error.message, code=error.code) from error

    def get_prep_value(self, value):
        """Normalised when it can be; a query for anything else finds nothing, and a CHECK refuses to store it.

        Pattern lookups (``__startswith``) do not pass here: give them ``to_ascii_digits(typed)``.
        """
        value = models.Field.get_prep_value(self, value)
        if value is None or value == "":
            return value
        try:
            return self.normalise(value)
        except identifiers.IdentifierError:
            return clean(str(value))

    def formfield(self, **kwargs):
        defaults = {"form_class": self.form_class, "empty_value": None if self.null else ""}
        return models.Field.formfield(self, **{**defaults, **_without_admin_widget(kwargs, self.admin_widget)})


class NationalIdField(_IdentifierField):
    """National ID (کد ملی): ten ASCII digits."""

    length, form_class = 10, forms.NationalIdField

    def normalise(self, value) -> str:
        return identifiers.national_id(value)


class LegalIdField(_IdentifierField):
    """Legal ID (شناسه ملی): eleven ASCII digits."""

    length, form_class = 11, forms.LegalIdField

    def normalise(self, value) -> str:
        return identifiers.legal_id(value)


class MobileField(_IdentifierField):
    """Mobile number: ``09`` and nine ASCII digits."""

    length, form_class = 11, forms.MobileField
    admin_widget = widgets.PhoneInput

    def normalise(self, value) -> str:
        return identifiers.mobile(value)


class LandlineField(_IdentifierField):
    """Landline number: 0, the code of the city and the number, eleven ASCII digits."""

    length, form_class = 11, forms.LandlineField
    admin_widget = widgets.PhoneInput

    def normalise(self, value) -> str:
        return identifiers.landline(value)


class ShebaField(_IdentifierField):
    """Sheba number: ``IR`` and 24 ASCII digits."""

    length, form_class = 26, forms.ShebaField
    admin_widget = widgets.ShebaInput

    def normalise(self, value) -> str:
        return identifiers.sheba(value)


class PostalCodeField(_IdentifierField):
    """Postal code: ten ASCII digits."""

    length, form_class = 10, forms.PostalCodeField

    def normalise(self, value) -> str:
        return identifiers.postal_code(value)


class RialField(models.PositiveBigIntegerField):
    """An amount in whole rial. A float never reaches the column."""

    def to_python(self, value):
        if value is None or value == "":
            return None
        try:
            return money.parse_rial(value)
        except money.MoneyError as error:
            raise ValidationError(error.message, code=error.code) from error

    def get_prep_value(self, value):
        if isinstance(value, float):
            raise TypeError(f"{self.name} is whole rial; a float never holds money")
        return super().get_prep_value(value)

    def formfield(self, **kwargs):
        kwargs = _without_admin_widget(kwargs, widgets.AdminNumericTextInput)
        return models.Field.formfield(self, **{"form_class": forms.RialField, **kwargs})


class JalaliDateField(models.DateField):
    """A day, stored as a Gregorian date, typed and shown as Solar Hijri.

    Text given in code is Jalali before the year 1600 and Gregorian ISO from it on, so no 1401 is ever
    stored as it stands. Query it by ``__range=year_range(1401)``.
    """

    def to_python(self, value):
        if isinstance(value, jdatetime.date):
            return value.togregorian()
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return calendar.parse_iso_or_jalali(value)
        except calendar.DateError as error:
            raise ValidationError(error.message, code=error.code) from error

    def formfield(self, **kwargs):
        kwargs = _without_admin_widget(kwargs, widgets.AdminJalaliDateWidget)
        return models.Field.formfield(self, **{"form_class": forms.JalaliDateField, **kwargs})


def _shape_check(field_name: str, pattern: str, blank: bool) -> Q:
    """Condition of a CHECK: the whole value matches. ``blank`` allows the empty text; NULL is always allowed."""
    condition = Q(**{f"{field_name}__regex": pattern})
    return condition | Q(**{field_name: ""}) if blank else condition


def national_id_check(field_name: str, *, blank: bool = False) -> Q:
    """Ten ASCII digits, nothing else."""
    return _shape_check(field_name, "^[0-9]{10}$", blank)


def legal_id_check(field_name: str, *, blank: bool = False) -> Q:
    """Eleven ASCII digits, nothing else."""
    return _shape_check(field_name, "^[0-9]{11}$", blank)


def mobile_check(field_name: str, *, blank: bool = False) -> Q:
    """``09`` and nine ASCII digits, nothing else."""
    return _shape_check(field_name, "^09[0-9]{9}$", blank)


def sheba_check(field_name: str, *, blank: bool = False) -> Q:
    """``IR`` and 24 ASCII digits, nothing else."""
    return _shape_check(field_name, "^IR[0-9]{24}$", blank)


def postal_code_check(field_name: str, *, blank: bool = False) -> Q:
    """Ten ASCII digits, nothing else."""
    return _shape_check(field_name, "^[0-9]{10}$", blank)


def _function_check(field_name: str, function: str, blank: bool) -> Q:
    condition = Q(Func(F(field_name), function=function, output_field=BooleanField()))
    return condition | Q(**{field_name: ""}) if blank else condition


def national_id_ok_check(field_name: str, *, blank: bool = False) -> Q:
    """Shape and check digit, by the SQL function ``iran_national_id_ok``."""
    return _function_check(field_name, "iran_national_id_ok", blank)


def legal_id_ok_check(field_name: str, *, blank: bool = False) -> Q:
    """Shape and check digit, by the SQL function ``iran_legal_id_ok``."""
    return _function_check(field_name, "iran_legal_id_ok", blank)


def sheba_ok_check(field_name: str, *, blank: bool = False) -> Q:
    """Shape and remainder by 97, by the SQL function ``iran_sheba_ok``."""
    return _function_check(field_name, "iran_sheba_ok", blank)
