"""What is asked of a person who brings a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from applicants.importing.guard import MAX_BYTES
from applicants.importing.refusals import MESSAGES
from applicants.importing.workflow import KINDS
from applicants.models import ImportedList
from quotas.models import Programme


def kinds_for(user) -> list[str]:
    """The kinds of lists that a person may bring."""
    return [name for name, kind in KINDS.items() if any(user.has_perm(permission) for permission in kind.permissions)]


class ListUploadForm(forms.Form):
    """A list with its programme; whoever acts for one agency is not asked which."""

    kind = forms.ChoiceField(label=_("What the list holds"), widget=forms.RadioSelect)
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    agency = forms.ModelChoiceField(
        ExecutiveAgency.objects.none(),
        label=_("Agency"),
        required=False,
        empty_label=_("As written in each row"),
        help_text=_("A list of jobs needs its agency; a list of applicants may name it in each row."),
    )
    file = forms.FileField(
        label=_("Excel file"),
        help_text=_("An «xlsx» of at most 5 megabytes and 20,000 rows, with a row of headings"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the Excel file"), "empty": MESSAGES["file_empty"]},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = kinds_for(user)
        self.fields["kind"].choices = [choice for choice in ImportedList.Kind.choices if choice[0] in kinds]
        self.fields["programme"].queryset = Programme.objects.select_related("county")
        self.agencies = ExecutiveAgency.objects.filter(pk__in=user.scope.agencies)
        if user.scope.office_counties:
            self.agencies = ExecutiveAgency.objects.filter(county__in=user.scope.office_counties)
        self.fields["agency"].queryset = self.agencies
        self.only_own = not user.scope.office_counties
        if len(kinds) == 1:
            self.fields["kind"].widget, self.fields["kind"].initial = forms.HiddenInput(), kinds[0]
        if self.only_own:
            self.fields["agency"].required, self.fields["agency"].help_text = True, ""
            self.fields["agency"].empty_label = None
            if len(self.agencies) == 1:
                self.fields["agency"].widget, self.fields["agency"].initial = forms.HiddenInput(), self.agencies[0].pk
        if len(self.fields["programme"].queryset) == 1:
            programme = self.fields["programme"]
            programme.widget, programme.initial = forms.HiddenInput(), programme.queryset[0].pk

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(MESSAGES["file_too_large"], code="file_too_large")
        return file

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == ImportedList.Kind.JOBS and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error("agency", forms.ValidationError(_("Choose the agency of this list"), code="agency_missing"))
        programme, agency = cleaned.get("programme"), cleaned.get("agency")
        if programme and agency and agency.county_id != programme.county_id:
            self.add_error("agency", forms.ValidationError(_("This agency is of another county"), code="agency_other"))
        return cleaned
