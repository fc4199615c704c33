"""The outbox, what the gateway says of it, and what people answer.

The outbox is the truth; Celery and Redis only wake whoever sends. Its rows are not under the audit trail: each step of
a message is kept in its own columns and in :class:`DeliveryReport`, which is append-only.
"""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import County
from accounts.scoping import ScopedQuerySet, everything, scoped
from iran.fields import MobileField


class OfCountyQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(county__in=user.scope.counties)


class InboundQuerySet(ScopedQuerySet):
    """What nobody's number belongs to yet is shown to every office that shares our line, or nobody would look at it."""

    def visible_to(self, user):
        counties = user.scope.counties
        return self.filter(Q(county__in=counties) | Q(county=None)) if counties else self.none()


class OfficeQuerySet(ScopedQuerySet):
    """What belongs to the gateway and not to one county: for whoever reads a county's messages."""

    def visible_to(self, user):
        return self if user.scope.counties else self.none()


class DeskQuerySet(ScopedQuerySet):
    """The alarm of the whole site: for everybody at the office's desk, the technical administrator too."""

    def visible_to(self, user):
        return self if user.is_office else self.none()


class OutboundMessage(models.Model):
    """One message to one person. Written in the transaction of the business change that it tells of.

    ``key`` says what it is for, once for ever («job-check:123:1»). The row's number is the gateway's ``localid``, by which
    the gateway can be asked whether it already has the message.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        CALL = "call", _("voice call")

    class Status(models.TextChoices):
        QUEUED = "queued", _("in the queue")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent to the operator")
        DELIVERED = "delivered", _("delivered")
        UNDELIVERED = "undelivered", _("not delivered")
        BLOCKED = "blocked", _("blocked by the receiver")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("fate unknown")
        CANCELLED = "cancelled", _("cancelled")

    # an index less on each of these two: a message is written three times, and every index with it
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="+", db_index=False
    )
    key = models.CharField(_("key"), max_length=120)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel.choices, default=Channel.SMS)
    purpose = models.CharField(_("purpose"), max_length=40)
    receptor = MobileField(_("mobile"))
    sender = models.CharField(_("sender line"), max_length=20, blank=True)
    second_line = models.BooleanField(_("over the service line"), default=False)
    text = models.CharField(_("text"), max_length=900)
    status = models.CharField(_("status"), max_length=11, choices=Status.choices, default=Status.QUEUED, editable=False)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    # taken up so often; the number under which a worker records what came of it (nobody else's answer counts)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    retries = models.PositiveSmallIntegerField(_("faults on the way"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    # set from the claim on, emptied when the gateway surely does not have the message: while queued, its fate is unknown
    first_tried_at = models.DateTimeField(_("first tried at"), null=True)
    provider_id = models.BigIntegerField(_("gateway's number"), null=True)
    provider_status = models.PositiveSmallIntegerField(_("gateway's status code"), null=True)
    cost_rial = models.PositiveIntegerField(_("cost (rial)"), default=0)
    failure = models.CharField(_("failure"), max_length=40, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    poll_at = models.DateTimeField(_("ask the gateway again at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    answer_until = models.DateTimeField(_("an answer counts until"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = scoped(OfCountyQuerySet)
    everything = everything(OfCountyQuerySet)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="outbound_key"),
            models.UniqueConstraint(
                fields=["channel", "provider_id"], condition=Q(provider_id__isnull=False), name="outbound_provider_id"
            ),
            models.CheckConstraint(
                name="outbound_leased_while_sending",
                condition=Q(status="sending", lease_until__isnull=False) | ~Q(status="sending") & Q(lease_until=None),
            ),
            models.CheckConstraint(
                name="outbound_failure_is_stated", condition=~Q(status__in=["failed", "unknown"]) | ~Q(failure="")
            ),
            # who sends looks for these two in outbound_open alone
            models.CheckConstraint(
                name="outbound_open_while_unsent",
                condition=~Q(status__in=["queued", "sending"]) | Q(provider_id=None, ended_at=None),
            ),
        ]
        indexes = [
            # No column that a claim writes is in an index (but in a BRIN index, which allows it): a claim writes the row
            # alone, into the room that its page was left (HOT). See docs/decisions/0029.
            models.Index(fields=["due_at", "id"], name="outbound_open", condition=Q(provider_id=None, ended_at=None)),
            BrinIndex(fields=["first_tried_at"], name="outbound_tried", pages_per_range=32),
            models.Index(fields=["poll_at"], name="outbound_poll", condition=Q(poll_at__isnull=False)),
            models.Index(fields=["receptor", "id"], name="outbound_asked", condition=Q(answer_until__isnull=False)),
            models.Index(fields=["county", "id"], name="outbound_of_county"),
        ]

    def __str__(self) -> str:
        return self.key


class DeliveryReport(models.Model):
    """What the gateway said of a message, as it came. Never edited."""

    channel = models.CharField(_("channel"), max_length=4, choices=OutboundMessage.Channel.choices, default="sms")
    provider_id = models.BigIntegerField(_("gateway's number"))
    provider_status = models.PositiveSmallIntegerField(_("gateway's status code"))
    asked = models.BooleanField(_("by our own question"), default=False)
    received_at = models.DateTimeField(_("received at"), db_default=Now())

    objects = scoped(OfficeQuerySet)
    everything = everything(OfficeQuerySet)

    class Meta:
        verbose_name = _("delivery report")
        verbose_name_plural = _("delivery reports")
        indexes = [models.Index(fields=["provider_id"], name="deliveryreport_of_message")]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.provider_status}"


class InboundMessage(models.Model):
    """What a person wrote to our line. Kept raw before anybody reads it; the gateway's number makes it once only."""

    class Meaning(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        OPT_OUT = "opt_out", _("wants no messages")
        UNCLEAR = "unclear", _("unclear")

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        HANDLED = "handled", _("taken up")
        FOR_A_PERSON = "for_a_person", _("waits for a person")
        CLOSED = "closed", _("seen by a person")

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="+", null=True)
    provider_id = models.CharField(_("gateway's number"), max_length=40, unique=True)
    line = models.CharField(_("our line"), max_length=20)
    sender = models.CharField(_("sender"), max_length=20)
    text = models.TextField(_("text"))
    raw = models.JSONField(_("as it came"), default=dict)
    meaning = models.CharField(_("meaning"), max_length=8, choices=Meaning.choices, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.RECEIVED, editable=False
    )
    question = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, verbose_name=_("answer to"), related_name="answers", null=True
    )
    note = models.CharField(_("why a person must look"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    handled_at = models.DateTimeField(_("taken up at"), null=True)
    tries = models.PositiveSmallIntegerField(_("times it failed"), default=0, editable=False)
    seen_at = models.DateTimeField(_("seen at"), null=True, editable=False)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("seen by"),
        related_name="+",
        null=True,
        editable=False,
    )
    decision = models.CharField(_("what was decided"), max_length=500, blank=True, editable=False)

    objects = scoped(InboundQuerySet)
    everything = everything(InboundQuerySet)

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="inbound_seen_at_and_by",
                condition=Q(seen_at=None, seen_by=None) & ~Q(status="closed")
                | Q(seen_at__isnull=False, seen_by__isnull=False, status="closed"),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="inbound_waiting", condition=Q(status="received")),
            models.Index(fields=["id"], name="inbound_for_a_person", condition=Q(status="for_a_person")),
            models.Index(fields=["sender", "id"], name="inbound_of_sender"),
            models.Index(fields=["county", "status", "id"], name="inbound_of_county"),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.text[:40]}"


class OptOut(models.Model):
    """A person who asked for no more messages. Notices stop; a verification goes on by phone."""

    mobile = MobileField(_("mobile"), unique=True)
    inbound = models.ForeignKey(
        InboundMessage, on_delete=models.PROTECT, verbose_name=_("asked by"), related_name="+", null=True
    )
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())

    objects = scoped(OfficeQuerySet)
    everything = everything(OfficeQuerySet)

    class Meta:
        verbose_name = _("person without messages")
        verbose_name_plural = _("people without messages")

    def __str__(self) -> str:
        return self.mobile


class MessageTemplate(models.Model):
    """A text of the office, with named places in braces. ``code`` is what workflows ask for."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="+")
    code = models.CharField(_("code"), max_length=40)
    text = models.CharField(_("text"), max_length=900)
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("changed by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = scoped(OfCountyQuerySet)
    everything = everything(OfCountyQuerySet)

    class Meta:
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="messagetemplate_once_per_county"),
            models.CheckConstraint(
                name="messagetemplate_changed_at_and_by",
                condition=Q(changed_at=None, changed_by=None) | Q(changed_at__isnull=False, changed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SendingRules(models.Model):
    """When and how much a county sends. Quiet hours are Tehran's; limits count a calendar day there."""

    county = models.OneToOneField(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="+")
    quiet_from = models.TimeField(_("quiet from"), default="21:00")
    quiet_until = models.TimeField(_("quiet until"), default="08:00")
    daily_per_person = models.PositiveSmallIntegerField(_("messages to one person a day"), default=3)
    daily_total = models.PositiveIntegerField(_("messages of the county a day"), default=5000)
    published_number = models.CharField(_("number that people may call to check"), max_length=20, blank=True)

    objects = scoped(OfCountyQuerySet)
    everything = everything(OfCountyQuerySet)

    class Meta:
        verbose_name = _("rules of sending")
        verbose_name_plural = _("rules of sending")

    def __str__(self) -> str:
        return str(self.county)


class SendingPause(models.Model):
    """Why nothing is sent at present: no credit, a wrong key, a refused line. Ended by a person or when it works again."""

    reason = models.CharField(_("reason"), max_length=40)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    began_at = models.DateTimeField(_("since"), db_default=Now())
    try_again_at = models.DateTimeField(_("tried again at"), null=True)
    ended_at = models.DateTimeField(_("until"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("ended by"), related_name="+", null=True
    )

    objects = scoped(DeskQuerySet)
    everything = everything(DeskQuerySet)

    class Meta:
        verbose_name = _("pause of sending")
        verbose_name_plural = _("pauses of sending")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(ended_at=None), name="sendingpause_one_at_a_time"),
            models.CheckConstraint(
                name="sendingpause_ended_at_with_ended_by", condition=Q(ended_by=None) | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reason
