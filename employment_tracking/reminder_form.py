"""What the letters of a month's reminders have in common."""

from django import forms
from django.utils.translation import gettext_lazy as _

from employment_tracking.rules.reminders import LONGEST_NUMBER
from iran.forms import JalaliDateField, PersianCharField


class ReminderForm(forms.Form):
    """The number and day of the letters; each agency may have a number of its own."""

    letter_number = PersianCharField(
        label=_("Letter number"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_(
            "As the office automation gave it. It stands for every agency that has no number of its own in the list."
        ),
    )
    letter_on = JalaliDateField(label=_("Date of the letter"))
