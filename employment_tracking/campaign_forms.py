"""What the office writes to plan a campaign, to open a case again and to send somebody out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency, User
from employment_tracking.field_queue import inspectors
from employment_tracking.models import VerificationCase
from iran.calendar import programme_today
from iran.forms import CountField, JalaliDateField, PersianCharField
from quotas.models import Programme

Level = VerificationCase.Level


class CampaignForm(forms.Form):
    """Who is asked: everybody who waits for verification, unless something is narrowed."""

    title = PersianCharField(label=_("Title of the campaign"), max_length=100)
    agencies = forms.ModelMultipleChoiceField(
        label=_("Of these agencies only"),
        queryset=ExecutiveAgency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none and all agencies' people are asked."),
    )
    since = JalaliDateField(
        label=_("Registered on this day or later"), required=False, help_text=_("Leave it empty for all.")
    )
    share_percent = CountField(
        label=_("Share of these people (percent)"),
        min_value=1,
        max_value=100,
        help_text=_("100 asks everybody. A smaller share is drawn by a number that is stored and can be drawn again."),
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = ExecutiveAgency.objects.filter(county=programme.county_id)

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since and since > programme_today():
            raise forms.ValidationError(_("This day must be today or before."))
        return since


class ReopenForm(forms.Form):
    reason = PersianCharField(
        label=_("Why is this case opened again?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    level = forms.ChoiceField(
        label=_("How is it verified now?"),
        choices=[(Level.FIELD, Level.FIELD.label), (Level.PHONE, Level.PHONE.label)],
        widget=forms.RadioSelect,
        initial=Level.FIELD,
    )


class InspectorForm(forms.Form):
    inspector = forms.ModelChoiceField(
        label=_("Inspector"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = inspectors(programme, today=programme_today())
