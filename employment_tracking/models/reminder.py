"""The monthly letter to an agency that is behind its plan."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from accounts.scoping import everything, scoped
from background.models import StoredFile
from iran.calendar import MONTH_NAMES
from iran.fields import JalaliDateField, MobileField
from iran.text import to_persian_digits
from messaging.models import OutboundMessage
from quotas.models import Programme
from quotas.models.programme import OfProgrammeQuerySet


class PaceReminderQuerySet(OfProgrammeQuerySet):
    def visible_to(self, user) -> "PaceReminderQuerySet":
        """The county's readers see all, an agency the letters that it got."""
        scope = user.scope
        return self.filter(Q(programme__county__in=scope.counties) | Q(agency__in=scope.agencies))

    def without_files(self) -> "PaceReminderQuerySet":
        """For lists: the letter itself is read when it is opened."""
        return self.select_related("agency", "message", "sent_by").order_by("-id")


class PaceReminder(models.Model):
    """One reminder of one month: the letter as it went out, the figures that it names, the SMS. Never edited."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="pace_reminders"
    )
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("agency"), related_name="pace_reminders"
    )
    month = models.CharField(_("month of the reminder"), max_length=7, help_text="1401/06")
    letter_number = models.CharField(_("letter number"), max_length=50)
    letter_on = JalaliDateField(_("date of the letter"))
    letter = models.ForeignKey(StoredFile, on_delete=models.PROTECT, verbose_name=_("letter"), related_name="+")
    figures = models.JSONField(_("figures of the letter"))
    contact_name = models.CharField(_("contact's name"), max_length=100, blank=True)
    contact_mobile = MobileField(_("contact's mobile"), blank=True)
    message = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, verbose_name=_("SMS"), related_name="+", null=True
    )
    sent_at = models.DateTimeField(_("issued at"), db_default=Now())
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("issued by"), related_name="+"
    )

    objects = scoped(PaceReminderQuerySet)
    everything = everything(PaceReminderQuerySet)

    class Meta:
        verbose_name = _("monthly reminder")
        verbose_name_plural = _("monthly reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "agency", "month"], name="pacereminder_once_a_month"),
            models.CheckConstraint(
                name="pacereminder_month_shape", condition=Q(month__regex=r"^1[34]\d\d/(0[1-9]|1[0-2])$")
            ),
        ]

    def __str__(self) -> str:
        return self.letter_number

    @property
    def month_name(self) -> str:
        """«مرداد ۱۴۰۱»."""
        year, month = self.month.split("/")
        return f"{MONTH_NAMES[int(month) - 1]} {to_persian_digits(year)}"
