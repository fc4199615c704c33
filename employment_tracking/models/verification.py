"""How each registered job is verified: the campaign, one case per record, and every try as a row of its own."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped
from employment_tracking.models.record import JobRecord
from iran.calendar import programme_now
from messaging.models import InboundMessage, OutboundMessage
from quotas.models import Programme
from quotas.models.programme import OfProgrammeQuerySet


def new_check_code() -> str:
    """Six digits by which a called person can check that the call is genuine."""
    return f"{secrets.randbelow(900_000) + 100_000}"


class Campaign(models.Model):
    """The verification of a set of registered records. The office starts, pauses and ends it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="campaigns"
    )
    title = models.CharField(_("title"), max_length=100)
    selection = models.JSONField(_("who is asked"), default=dict)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PLANNED, editable=False)
    planned_at = models.DateTimeField(_("planned at"), db_default=Now(), editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("planned by"),
        related_name="+",
        editable=False,
    )
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    # cases are opened in batches by the records' numbers: how many there will be, how far it is, when it was through
    to_ask = models.PositiveIntegerField(_("people to ask"), default=0, db_default=0, editable=False)
    opened_up_to = models.BigIntegerField(_("opened up to record"), default=0, db_default=0, editable=False)
    all_opened_at = models.DateTimeField(_("everybody asked at"), null=True, editable=False)

    objects = scoped(OfProgrammeQuerySet)
    everything = everything(OfProgrammeQuerySet)

    class Meta:
        verbose_name = _("verification campaign")
        verbose_name_plural = _("verification campaigns")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def since_on(self) -> date | None:
        """From which day of registration on; ``None`` for all."""
        since = self.selection.get("since")
        return date.fromisoformat(since) if since else None


class OfCaseQuerySet(ScopedQuerySet):
    """Office and supervisors see their county's cases; an operator the one in his hands, an inspector his own."""

    def visible_to(self, user):
        return self.filter(
            Q(record__programme__county__in=user.scope.counties)
            | Q(
                record__programme__county__in=user.scope.calling_counties,
                lease_by=user,
                lease_until__gt=programme_now(),
            )
            | Q(record__programme__county__in=user.scope.visiting_counties, inspector=user)
        )


class VerificationCase(models.Model):
    """The verification of one record. ``level`` is where it stands on the ladder, ``next_at`` when beat looks again.

    ``must_reach`` is the lowest level whose «yes» may close it (the programme's rule and the record's flags decide).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("re-opened")
        CLOSED_FINALLY = "closed_finally", _("closed finally")

    class Level(models.TextChoices):
        SMS = "sms", _("SMS")
        PHONE = "phone", _("phone")
        FIELD = "field", _("field visit")

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        DENIED = "denied", _("denied")
        UNREACHED = "unreached", _("not reached until the end")
        WITHDRAWN = "withdrawn", _("the record no longer counts")

    record = models.ForeignKey(JobRecord, on_delete=models.PROTECT, verbose_name=_("job record"), related_name="cases")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, verbose_name=_("campaign"), related_name="cases")
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.OPEN, editable=False)
    level = models.CharField(_("level"), max_length=5, choices=Level.choices, default=Level.SMS, editable=False)
    must_reach = models.CharField(_("must reach"), max_length=5, choices=Level.choices, default=Level.SMS)
    reasons = models.JSONField(_("why this level"), default=list)
    result = models.CharField(_("result"), max_length=9, choices=Result.choices, blank=True, editable=False)
    check_code = models.CharField(_("code of the call"), max_length=6, default=new_check_code)
    next_at = models.DateTimeField(_("next step at"), null=True)
    lease_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("in whose hands"),
        related_name="+",
        null=True,
    )
    lease_until = models.DateTimeField(_("in hand until"), null=True)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("inspector"),
        related_name="+",
        null=True,
        blank=True,
    )
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    level_since = models.DateTimeField(_("at this level since"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = scoped(OfCaseQuerySet)
    everything = everything(OfCaseQuerySet)

    class Meta:
        verbose_name = _("verification case")
        verbose_name_plural = _("verification cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(status__in=["open", "reopened"]), name="case_one_open_per_record"
            ),
            models.UniqueConstraint(fields=["record", "campaign"], name="case_once_per_campaign"),
            models.CheckConstraint(
                name="case_closed_with_result",
                condition=Q(status__in=["open", "reopened"], closed_at=None)
                | Q(status__in=["closed", "closed_finally"], closed_at__isnull=False) & ~Q(result=""),
            ),
            models.UniqueConstraint(
                fields=["lease_by"], condition=Q(lease_by__isnull=False), name="case_one_in_hand_per_person"
            ),
            models.CheckConstraint(
                name="case_lease_by_and_until",
                condition=Q(lease_by=None, lease_until=None) | Q(lease_by__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="case_due", condition=Q(status__in=["open", "reopened"])),
            models.Index(fields=["campaign", "level", "status"], name="case_of_campaign"),
            models.Index(
                fields=["next_at", "id"],
                name="case_to_call",
                condition=Q(status__in=["open", "reopened"], level="phone"),
            ),
            models.Index(fields=["check_code"], name="case_check_code"),
        ]

    def __str__(self) -> str:
        return str(self.record)


class OfAttemptQuerySet(ScopedQuerySet):
    """What happened to the cases that one may read, and what one did oneself."""

    def visible_to(self, user):
        return self.filter(
            Q(case__record__programme__county__in=user.scope.counties)
            | Q(
                case__record__programme__county__in=user.scope.calling_counties,
                case__lease_by=user,
                case__lease_until__gt=programme_now(),
            )
            | Q(happened_by=user)
        )


class Attempt(models.Model):
    """One step of a case: a question sent, an answer, a call. Appended, never edited; a correction supersedes it."""

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("voice message")
        PHONE = "phone", _("phone call")
        FIELD = "field", _("field visit")
        UPSTREAM = "upstream", _("supervision")

    class Outcome(models.TextChoices):
        ASKED = "asked", _("question sent")
        REMINDED = "reminded", _("reminded")
        ANNOUNCED = "announced", _("announced by voice")
        YES = "yes", _("answered yes")
        NO = "no", _("answered no")
        UNCLEAR = "unclear", _("unclear answer")
        OPTED_OUT = "opted_out", _("wants no messages")
        BLOCKED = "blocked", _("blocked (blacklist)")
        UNDELIVERED = "undelivered", _("did not arrive")
        SILENT = "silent", _("no answer in time")
        CONFIRMED = "confirmed", _("confirmed by phone")
        DENIED = "denied", _("denied by phone")
        NO_ANSWER = "no_answer", _("did not pick up")
        OFF = "off", _("phone off or busy")
        WRONG_NUMBER = "wrong_number", _("wrong number")
        CALL_LATER = "call_later", _("asked to be called later")
        REFUSED = "refused", _("would not answer")
        REOPENED = "reopened", _("opened again")

    case = models.ForeignKey(
        VerificationCase, on_delete=models.PROTECT, verbose_name=_("verification case"), related_name="attempts"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    answers = models.JSONField(_("answers to the script"), default=dict)
    note = models.CharField(_("note"), max_length=500, blank=True)
    message = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, verbose_name=_("message"), related_name="+", null=True
    )
    inbound = models.ForeignKey(
        InboundMessage, on_delete=models.PROTECT, verbose_name=_("reply"), related_name="+", null=True
    )
    next_try_at = models.DateTimeField(_("next try at"), null=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, verbose_name=_("corrects"), related_name="superseded_by", null=True
    )
    happened_at = models.DateTimeField(_("at"), db_default=Now())
    happened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+", null=True
    )

    objects = scoped(OfAttemptQuerySet)
    everything = everything(OfAttemptQuerySet)

    class Meta:
        verbose_name = _("verification attempt")
        verbose_name_plural = _("verification attempts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=Q(message__isnull=False), name="attempt_once_per_message"
            ),
            models.UniqueConstraint(
                fields=["inbound"], condition=Q(inbound__isnull=False), name="attempt_once_per_reply"
            ),
            models.CheckConstraint(
                name="attempt_of_a_person_has_its_author",
                condition=Q(channel__in=["sms", "voice"]) | Q(happened_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"
