"""The form by which the office registers one person and his application at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from applicants import workflow
from applicants.models import Applicant, Application, BusinessLine
from iran import identifiers
from iran.calendar import format_jalali_long, tehran_day
from iran.forms import MobileField
from iran.money import million_rial, toman_words
from iran.text import clean, search_key, to_ascii_digits
from iran.widgets import AdminNumericTextInput
from quotas.models import AgentBank, Programme

LEGAL_LENGTH = 11


class RegistrationForm(forms.ModelForm):
    """Person and application on one page. Eleven digits are a legal ID, anything else is read as a national ID."""

    national_id = forms.CharField(
        label=_("national ID"),
        widget=AdminNumericTextInput(),
        help_text=_("of a firm: its legal ID of 11 digits"),
        error_messages={"required": identifiers.MESSAGES["nid_missing"]},
    )
    first_name = forms.CharField(label=_("first name"), max_length=60, required=False, help_text=_("empty for a firm"))
    last_name = forms.CharField(label=_("last name or name of the firm"), max_length=120)
    mobile = MobileField(label=_("mobile"))
    amount_is_right = forms.BooleanField(label=_("The amount is right"), required=False, widget=forms.HiddenInput())

    class Meta:
        model = Application
        fields = [
            "programme", "agency", "track", "line", "line_title", "promised_jobs", "requested_rial", "wished_bank", "is_pioneer",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_name"].error_messages["required"] = _("Enter the last name")
        narrow_choices(self)
        ask_above_zero(self)

    def clean_national_id(self) -> str:
        typed = to_ascii_digits(self.cleaned_data["national_id"]).strip()
        self.is_legal = len(typed) == LEGAL_LENGTH and typed.isdigit()
        try:
            return identifiers.legal_id(typed) if self.is_legal else identifiers.national_id(typed)
        except identifiers.IdentifierError as error:
            raise ValidationError(error.message, code=error.code) from error

    def clean_first_name(self) -> str:
        return clean(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return clean(self.cleaned_data["last_name"])

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("national_id"):
            self._check_known_person(cleaned)
        if cleaned.get("requested_rial") and not cleaned.get("amount_is_right"):
            self._suspect_amount(cleaned)
        return cleaned

    @cached_property
    def known_person(self) -> Applicant | None:
        identifier = self.cleaned_data["national_id"]
        return workflow.person_with(**{"legal_id" if self.is_legal else "national_id": identifier})

    def _check_known_person(self, cleaned: dict) -> None:
        if not self.is_legal and not cleaned.get("first_name"):
            self.add_error("first_name", _("Enter the first name"))
        if self.known_person is None:
            return
        live = (
            Application.objects.live().filter(programme=cleaned.get("programme"), applicant=self.known_person).first()
        )
        if live is not None:
            words = _("This national ID is registered this year: %(name)s, %(day)s")
            day = format_jalali_long(tehran_day(live.registered_at))
            self.add_error(
                "national_id", ValidationError(words % {"name": self.known_person, "day": day}, code="nid_exists")
            )
        elif self._is_somebody_else(cleaned):
            words = _("This national ID is on file under the name «%(name)s». Correct the ID or write that name.")
            self.add_error("last_name", ValidationError(words % {"name": self.known_person}, code="name_differs"))

    def _is_somebody_else(self, cleaned: dict) -> bool:
        typed = f"{cleaned.get('first_name', '')} {cleaned.get('last_name', '')}"
        return search_key(typed) != search_key(self.known_person.full_name)

    def _suspect_amount(self, cleaned: dict) -> None:
        """At most a tenth of the ceiling: perhaps typed in toman."""
        programme, amount = cleaned.get("programme"), cleaned["requested_rial"]
        term = programme.terms_by_track.get(cleaned.get("track")) if programme else None
        if term is None or amount * 10 > term.per_job_rial:
            return
        self.fields["amount_is_right"].widget = forms.CheckboxInput()
        words = _("%(million)s million rial are %(toman)s. If that is right, tick «The amount is right».")
        values = {"million": million_rial(amount), "toman": toman_words(amount)}
        self.add_error("requested_rial", ValidationError(words % values, code="amount_unit_suspect"))

    def person(self) -> Applicant:
        """The person on file, with his present number, or a new one."""
        cleaned = self.cleaned_data
        person = self.known_person or Applicant(
            kind=Applicant.Kind.LEGAL if self.is_legal else Applicant.Kind.NATURAL,
            first_name="" if self.is_legal else cleaned["first_name"],
            last_name=cleaned["last_name"],
            **{"legal_id" if self.is_legal else "national_id": cleaned["national_id"]},
        )
        person.mobile = cleaned["mobile"]
        return person


def ask_above_zero(form: forms.ModelForm) -> None:
    """An amount or a number of jobs of zero is refused at its field, before the table's constraint would."""
    if "requested_rial" in form.fields:
        form.fields["requested_rial"].min_value = 1
    if "promised_jobs" in form.fields:
        form.fields["promised_jobs"].validators.append(MinValueValidator(1, _("At least one job is promised")))


def narrow_choices(form: forms.ModelForm) -> None:
    """Only what belongs to the programmes that the reader may see."""
    programmes = Programme.objects.all()
    narrowed = {
        "agency": ExecutiveAgency.objects.filter(county__in=programmes.values("county")),
        "line": BusinessLine.objects.filter(programme__in=programmes.values("pk")),
        "wished_bank": form.fields["wished_bank"].queryset.filter(
            pk__in=AgentBank.objects.filter(programme__in=programmes.values("pk")).values("bank")
        )
        if "wished_bank" in form.fields
        else None,
    }
    for name, rows in narrowed.items():
        if name in form.fields:
            form.fields[name].queryset = rows
