"""What an agency is asked about one created job."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from employment_tracking.models import JobRecord
from iran.forms import CountField, PersianCharField


class JobForm(forms.ModelForm):
    """One employed person of the agency's own; whoever acts for one agency is not asked which."""

    hours_per_week = CountField(label=_("Hours per week"), min_value=1, max_value=100, required=False)

    class Meta:
        model = JobRecord
        fields = (
            "agency", "first_name", "last_name", "national_id", "mobile", "job_title", "starts_on", "address", "kind",
            "hours_per_week", "insurance", "funding",
        )  # fmt: skip
        field_classes = dict.fromkeys(("first_name", "last_name", "job_title", "address"), PersianCharField)
        widgets = {"kind": forms.RadioSelect, "funding": forms.RadioSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = ExecutiveAgency.objects.filter(pk__in=user.scope.agencies)
        self.fields["agency"].queryset, self.fields["agency"].empty_label = agencies, None
        if len(agencies) == 1:
            self.fields["agency"].widget, self.fields["agency"].initial = forms.HiddenInput(), agencies[0].pk
        self.fields["insurance"].choices = [("", _("Not known")), *JobRecord.Insurance.choices]
        for name in ("national_id", "mobile", "hours_per_week"):
            self.fields[name].widget.attrs["class"] = "w20 ltr"
