"""What an agency is asked about one created job, and what it corrects when a record comes back."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from applicants.models import Application
from background.models import StoredFile
from banks.scans import KINDS, ScanField, keep
from employment_tracking.models import JobEvidence, JobRecord
from employment_tracking.rules import CORRECTABLE_FIELDS
from iran.forms import CountField, PersianCharField
from iran.text import clean, to_persian_digits
from iran.widgets import NumericTextInput
from quotas.models import Track

PAPERS = {
    JobEvidence.Kind.PHOTO: _("Photo of the workplace"),
    JobEvidence.Kind.CONTRACT: _("Contract"),
    JobEvidence.Kind.INVOICE: _("Invoice"),
}
_TEXTS = ("first_name", "last_name", "father_name", "job_title", "address", "district", "city", "rural_district", "village", "isic4")  # fmt: skip
_NARROW = ("national_id", "mobile", "hours_per_week", "phone_landline", "postal_code", "latitude", "longitude", "isic4")
# What is seldom known waits folded; nothing in it is needed.
FOLDED = (
    "kind", "hours_per_week", "insurance", "funding", "father_name", "birth_on", "gender", "mobile_owner_relation",
    "phone_landline", "district", "city", "rural_district", "latitude", "longitude", "isic4", "supporter", "monitoring_code",
    "contract", "invoice",
)  # fmt: skip


class CoordinateField(forms.Field):
    """Degrees with a point, in digits of any script; ``cleaned_data`` has a Decimal or None."""

    widget = NumericTextInput

    def to_python(self, value) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return Decimal(clean(str(value)).replace("٫", ".")).quantize(Decimal("0.000001"))
        except InvalidOperation as error:
            raise ValidationError(_("Enter the degrees such as 31.1289"), code="place_bad") from error

    def prepare_value(self, value):
        return to_persian_digits(str(value)) if isinstance(value, Decimal) else value


class RecordForm(forms.ModelForm):
    """The fields of a job record as people type them, with its papers."""

    hours_per_week = CountField(label=_("Hours per week"), min_value=1, max_value=100, required=False)
    latitude = CoordinateField(label=_("Latitude"), required=False)
    longitude = CoordinateField(label=_("Longitude"), required=False)

    class Meta:
        model = JobRecord
        fields = CORRECTABLE_FIELDS
        field_classes = dict.fromkeys(_TEXTS, PersianCharField)
        widgets = {"kind": forms.RadioSelect, "funding": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, label in PAPERS.items():
            self.fields[kind.value] = ScanField(label=label, required=False)
            self.fields[f"kept_{kind.value}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        for name, choices in (
            ("insurance", JobRecord.Insurance.choices),
            ("gender", JobRecord.Gender.choices),
            ("mobile_owner_relation", JobRecord.OwnerOfMobile.choices),
        ):
            if name in self.fields:
                self.fields[name].choices = [("", _("Not known")), *choices]
        for name in _NARROW:
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "w20 ltr"

    def clean(self) -> dict:
        cleaned = super().clean()
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None) and not (
            {"latitude", "longitude"} & set(self.errors)
        ):
            self.add_error("longitude", ValidationError(_("Enter both degrees, or neither"), code="place_half"))
        for kind in PAPERS:
            if (
                cleaned.get(kind.value) is None
                and self._kept(cleaned, kind) is None
                and cleaned.get(f"kept_{kind.value}")
            ):
                cleaned[f"kept_{kind.value}"] = None
                self.add_error(
                    kind.value, ValidationError(_("Choose this file again; it was kept for one day."), code="kept")
                )
        return cleaned

    def papers(self, *, by) -> list[tuple[str, StoredFile]]:
        """The papers of a valid form, stored: new ones, and those that an earlier step of this page has stored."""
        found = []
        for kind in PAPERS:
            file = keep(self.cleaned_data[kind.value], by=by)
            if file is None:
                file = self._kept(self.cleaned_data, kind)
            if file is not None:
                found.append((kind.value, file))
        return found

    @staticmethod
    def _kept(cleaned: dict, kind) -> StoredFile | None:
        number = cleaned.get(f"kept_{kind.value}")
        return StoredFile.objects.filter(pk=number, content_type__in=KINDS).first() if number is not None else None

    def shown(self) -> list:
        """The fields that are seen at once."""
        return [field for field in self.visible_fields() if field.name not in FOLDED]

    def folded(self) -> list:
        return [field for field in self.visible_fields() if field.name in FOLDED]

    @property
    def folded_open(self) -> bool:
        return any(field.errors for field in self.folded())


class JobForm(RecordForm):
    """One employed person of the agency's own. Whoever acts for one agency is not asked which; of a paid loan only
    what nobody knows yet is asked (``known``: what is not).
    """

    class Meta(RecordForm.Meta):
        fields = (
            "agency", "first_name", "last_name", "national_id", "mobile", "job_title", "starts_on", "address", "postal_code",
            "village", "kind", "hours_per_week", "insurance", "funding", "father_name", "birth_on", "gender",
            "mobile_owner_relation", "phone_landline", "district", "city", "rural_district", "latitude", "longitude", "isic4",
            "supporter", "monitoring_code",
        )  # fmt: skip

    def __init__(self, *args, user, known: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known or {}
        for name in self.known:
            self.fields.pop(name, None)
        if "agency" in self.fields:
            agencies = ExecutiveAgency.objects.filter(pk__in=user.scope.agencies)
            self.fields["agency"].queryset, self.fields["agency"].empty_label = agencies, None
            if len(agencies) == 1:
                self.fields["agency"].widget, self.fields["agency"].initial = forms.HiddenInput(), agencies[0].pk
        if "supporter" in self.fields:
            supporters = Application.objects.live().filter(track=Track.SUPPORTER).select_related("applicant")
            self.fields["supporter"].queryset, self.fields["supporter"].empty_label = supporters, _("None")

    def record(self, programme, loan) -> JobRecord:
        """The unsaved record: what was typed, and what is known of its loan."""
        record = self.save(commit=False)
        for name, value in self.known.items():
            setattr(record, name, value)
        record.programme, record.application = programme, loan
        if loan is not None and "job_title" in self.known:
            record.line = loan.line
        return record


class CorrectionForm(RecordForm):
    """A record that came back: all that may still change, with what it holds now."""


class ClaimForm(forms.Form):
    claim_reason = PersianCharField(
        label=_("Why is this person your agency's?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why this person is your agency's")},
    )
