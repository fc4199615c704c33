"""The county's employment and investment working group: members, meetings, decisions, minutes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Bank, County
from accounts.scoping import ScopedQuerySet, everything, scoped
from applicants.models import Application
from iran.fields import JalaliDateField, RialField
from quotas.models import Programme


class MemberQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "MemberQuerySet":
        scope = user.scope
        return self.filter(county__in=scope.counties | scope.meeting_counties)


class Member(models.Model):
    """A seat in the working group and who holds it."""

    class Seat(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("user"),
        related_name="memberships",
        null=True,
        blank=True,
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120)
    body = models.CharField(_("body"), max_length=150)
    seat = models.CharField(_("seat"), max_length=9, choices=Seat.choices, default=Seat.MEMBER)
    votes = models.BooleanField(_("votes"), default=True)
    is_active = models.BooleanField(_("in office"), default=True)

    objects = scoped(MemberQuerySet)
    everything = everything(MemberQuerySet)

    class Meta:
        verbose_name = _("member of the working group")
        verbose_name_plural = _("members of the working group")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}، {self.position}"


class MeetingQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "MeetingQuerySet":
        scope = user.scope
        return self.filter(programme__county__in=scope.counties | scope.meeting_counties)


class OfMeetingQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(meeting__programme__county__in=scope.counties | scope.meeting_counties)


class Meeting(models.Model):
    """One numbered meeting. After signing nothing in it changes; the database refuses it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        IN_SESSION = "in_session", _("in session")
        SIGNED = "signed", _("signed")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="meetings"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    held_on = JalaliDateField(_("date"))
    place = models.CharField(_("place"), max_length=200)
    agenda = models.TextField(_("agenda"), blank=True)
    discussion = models.TextField(_("summary of the discussion"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PLANNED, editable=False
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("signed by"),
        related_name="+",
        null=True,
        editable=False,
    )
    minutes = models.JSONField(_("signed minutes"), null=True, editable=False)
    content_hash = models.CharField(_("digest of the minutes"), max_length=64, blank=True, editable=False)

    objects = scoped(MeetingQuerySet)
    everything = everything(MeetingQuerySet)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="meeting_number_once",
                violation_error_message=_("A meeting with this number already exists in this year."),
            ),
            models.CheckConstraint(
                name="meeting_signed_whole",
                condition=Q(status="signed", signed_at__isnull=False, signed_by__isnull=False, minutes__isnull=False)
                & ~Q(content_hash="")
                | (~Q(status="signed") & Q(signed_at=None, signed_by=None, minutes=None, content_hash="")),
            ),
        ]

    named_by = ("programme__county",)

    def __str__(self) -> str:
        return str(_("Meeting %(number)s of %(programme)s") % {"number": self.number, "programme": self.programme})


class Attendance(models.Model):
    """Was a member there, or his deputy?"""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, verbose_name=_("meeting"), related_name="attendances"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, verbose_name=_("member"), related_name="attendances")
    is_present = models.BooleanField(_("present"), default=False)
    deputy_name = models.CharField(_("deputy"), max_length=120, blank=True)

    objects = scoped(OfMeetingQuerySet)
    everything = everything(OfMeetingQuerySet)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once_per_member")]

    def __str__(self) -> str:
        return str(self.member)


class AgendaItem(models.Model):
    """One name on the agenda: its rank, the amount and bank proposed, and what speaks against it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, verbose_name=_("meeting"), related_name="items")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("application"), related_name="agenda_items"
    )
    rank = models.PositiveIntegerField(_("rank"))
    score = models.PositiveIntegerField(_("score"), default=0)
    explanation = models.JSONField(_("how the rank came about"), default=list)
    proposed_rial = RialField(_("proposed (rial)"))
    proposed_bank = models.ForeignKey(
        Bank, on_delete=models.PROTECT, verbose_name=_("proposed bank"), related_name="+", null=True, blank=True
    )
    within_credit = models.BooleanField(_("within the credit"), default=True)
    flags = models.JSONField(_("remarks"), default=list)

    objects = scoped(OfMeetingQuerySet)
    everything = everything(OfMeetingQuerySet)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="agendaitem_once_per_meeting"),
            models.UniqueConstraint(fields=["meeting", "rank"], name="agendaitem_one_per_rank"),
            models.CheckConstraint(name="agendaitem_amount_positive", condition=Q(proposed_rial__gt=0)),
        ]

    named_by = ("application__applicant",)

    def __str__(self) -> str:
        return f"{self.rank}. {self.application}"


class OfItemQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(item__meeting__programme__county__in=scope.counties | scope.meeting_counties)


class Interest(models.Model):
    """A member's declared interest in a name: he does not vote on it."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, verbose_name=_("name"), related_name="interests")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, verbose_name=_("member"), related_name="interests")
    declared_at = models.DateTimeField(_("declared at"), db_default=Now())

    objects = scoped(OfItemQuerySet)
    everything = everything(OfItemQuerySet)

    class Meta:
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="interest_once")]

    def __str__(self) -> str:
        return str(self.member)


class DecisionQuerySet(OfItemQuerySet):
    def in_force(self) -> "DecisionQuerySet":
        """The last word on each name; earlier ones stay readable."""
        return self.order_by("item_id", "-id").distinct("item_id")


class Decision(models.Model):
    """What the working group decided on a name, with the votes. Appended; until signing a later one takes its place."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("approved")
        CONDITIONAL = "conditional", _("approved on a condition")
        DEFER = "defer", _("deferred to the next meeting")
        RESERVE = "reserve", _("reserve")
        REJECT = "reject", _("rejected")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, verbose_name=_("name"), related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=11, choices=Outcome.choices)
    amount_rial = models.BigIntegerField(_("amount (rial)"), null=True, blank=True)
    bank = models.ForeignKey(
        Bank, on_delete=models.PROTECT, verbose_name=_("bank"), related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("reason or condition"), max_length=500, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes for"))
    votes_against = models.PositiveSmallIntegerField(_("votes against"), default=0)
    decided_at = models.DateTimeField(_("at"), db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )

    objects = scoped(DecisionQuerySet)
    everything = everything(DecisionQuerySet)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="decision_reason_where_not_approved",
                condition=Q(outcome__in=["approve", "reserve"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_amount_where_approved",
                condition=Q(outcome__in=["approve", "conditional"], amount_rial__gt=0)
                | (~Q(outcome__in=["approve", "conditional"]) & Q(amount_rial=None)),
            ),
            models.CheckConstraint(name="decision_carried", condition=Q(votes_for__gt=models.F("votes_against"))),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_outcome_display()}"


class Resolution(models.Model):
    """What a meeting resolved, who must do it and by when (مصوبه)."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, verbose_name=_("meeting"), related_name="resolutions"
    )
    text = models.CharField(_("resolution"), max_length=500)
    responsible = models.CharField(_("responsible"), max_length=150)
    due_on = JalaliDateField(_("deadline"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.OPEN)

    objects = scoped(OfMeetingQuerySet)
    everything = everything(OfMeetingQuerySet)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
