"""The credit ledger: pools, the commitments made from them, and the movements that alone change a pool's figures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Bank
from accounts.scoping import ScopedQuerySet, everything, scoped
from iran.fields import JalaliDateField
from iran.money import rial
from quotas.models.programme import OfProgrammeQuerySet, Programme


class OfPoolQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(pool__programme__county__in=user.scope.counties)


class OfNoticeQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(notice__programme__county__in=user.scope.counties)


class CreditPoolQuerySet(OfProgrammeQuerySet):
    def with_left(self) -> "CreditPoolQuerySet":
        """Adds ``left_rial``: announced and not yet approved, referred or paid."""
        return self.annotate(left=F("announced_rial") - F("approved_rial") - F("referred_rial") - F("paid_rial"))

    def locked(self) -> "CreditPoolQuerySet":
        """Locks the pools in the one order that everybody keeps, so that two officers never wait for each other."""
        return self.select_for_update(of=("self",), no_key=True).select_related(None).order_by("pk")


class CreditPool(models.Model):
    """The credit of one bank in one programme, or the part not given to any bank (``bank`` empty).

    The four figures change only through the trigger on :class:`CreditMovement`; the site's role cannot write them.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="pools"
    )
    bank = models.ForeignKey(
        Bank, on_delete=models.PROTECT, verbose_name=_("bank"), related_name="pools", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    announced_rial = models.BigIntegerField(_("announced (rial)"), default=0, editable=False)
    approved_rial = models.BigIntegerField(_("approved, not referred (rial)"), default=0, editable=False)
    referred_rial = models.BigIntegerField(_("referred, not paid (rial)"), default=0, editable=False)
    paid_rial = models.BigIntegerField(_("paid (rial)"), default=0, editable=False)
    sequence = models.PositiveIntegerField(_("movements"), default=0, editable=False)
    head = models.CharField(_("head of the chain"), max_length=64, default="", editable=False)

    objects = scoped(CreditPoolQuerySet)
    everything = everything(CreditPoolQuerySet)

    class Meta:
        verbose_name = _("credit pool")
        verbose_name_plural = _("credit pools")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "bank"], nulls_distinct=False, name="creditpool_once_per_bank"
            ),
            models.CheckConstraint(
                name="creditpool_not_overdrawn",
                condition=Q(announced_rial__gte=F("approved_rial") + F("referred_rial") + F("paid_rial")),
            ),
            models.CheckConstraint(
                name="creditpool_figures_not_negative",
                condition=Q(approved_rial__gte=0, referred_rial__gte=0, paid_rial__gte=0, announced_rial__gte=0),
            ),
        ]

    named_by = ("bank",)

    def __str__(self) -> str:
        return self.title or (str(self.bank) if self.bank_id else str(_("general pool")))

    @property
    def used_rial(self) -> int:
        return self.approved_rial + self.referred_rial + self.paid_rial

    @property
    def left_rial(self) -> int:
        """What can still be approved (rial)."""
        return self.announced_rial - self.used_rial


class CreditNotice(models.Model):
    """A letter that gives the county credit, takes some back, or moves it between banks (ابلاغ اعتبار)."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="credit_notices"
    )
    letter_number = models.CharField(_("letter number"), max_length=50)
    dated_on = JalaliDateField(_("dated"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("recorded by"),
        related_name="+",
        editable=False,
    )

    objects = scoped(OfProgrammeQuerySet)
    everything = everything(OfProgrammeQuerySet)

    class Meta:
        verbose_name = _("credit notice")
        verbose_name_plural = _("credit notices")
        ordering = ["-dated_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "letter_number"],
                name="creditnotice_letter_once",
                violation_error_message=_("A notice with this letter number is already recorded."),
            )
        ]

    def __str__(self) -> str:
        return self.letter_number


class CreditNoticeShare(models.Model):
    """What a notice changes in one pool (rial; negative when it takes back)."""

    notice = models.ForeignKey(CreditNotice, on_delete=models.PROTECT, verbose_name=_("notice"), related_name="shares")
    pool = models.ForeignKey(CreditPool, on_delete=models.PROTECT, verbose_name=_("pool"), related_name="notice_shares")
    change_rial = models.BigIntegerField(_("change (rial)"))

    objects = scoped(OfNoticeQuerySet)
    everything = everything(OfNoticeQuerySet)

    class Meta:
        verbose_name = _("share of a notice")
        verbose_name_plural = _("shares of a notice")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "pool"], name="creditnoticeshare_once_per_pool"),
            models.CheckConstraint(name="creditnoticeshare_changes_something", condition=~Q(change_rial=0)),
        ]

    named_by = ("pool__bank",)

    def __str__(self) -> str:
        return f"{self.pool}: {rial(self.change_rial)}"


class Commitment(models.Model):
    """The credit held for one application, from approval to payment.

    Made empty (``new``) and moved along by movements alone. ``application_id`` points to a higher floor, so it is a
    plain number here; the foreign key itself is added by the migration of ``applicants``.
    """

    class Stage(models.TextChoices):
        NEW = "new", _("new")
        APPROVED = "approved", _("approved")
        REFERRED = "referred", _("referred")
        PAID = "paid", _("paid")
        RELEASED = "released", _("released")

    LIVE = (Stage.NEW, Stage.APPROVED, Stage.REFERRED, Stage.PAID)

    pool = models.ForeignKey(CreditPool, on_delete=models.PROTECT, verbose_name=_("pool"), related_name="commitments")
    application_id = models.BigIntegerField(_("application"))
    amount_rial = models.BigIntegerField(_("amount (rial)"))
    paid_rial = models.BigIntegerField(_("paid (rial)"), default=0, editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.NEW, editable=False)

    objects = scoped(OfPoolQuerySet)
    everything = everything(OfPoolQuerySet)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="commitment_amount_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="commitment_paid_within_amount", condition=Q(paid_rial__gte=0, paid_rial__lte=F("amount_rial"))
            ),
            models.UniqueConstraint(
                fields=["application_id"],
                condition=Q(stage__in=["new", "approved", "referred", "paid"]),
                name="commitment_one_live_per_application",
            ),
        ]
        indexes = [models.Index(fields=["application_id"], name="commitment_application")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.amount_rial}"

    @property
    def unpaid_rial(self) -> int:
        return self.amount_rial - self.paid_rial


class CreditMovement(models.Model):
    """One change of one pool's figures (rial). Appended, never edited: a mistake is corrected by a reverse movement.

    The database applies it to the pool and to the commitment (trigger ``credit_movement_apply``), numbers it, and chains
    it: ``head`` covers the previous head, and the newest head is kept in the pool's locked row.
    """

    class Kind(models.TextChoices):
        ANNOUNCE = "announce", _("announced")
        REDUCE = "reduce", _("taken back")
        APPROVE = "approve", _("approved")
        RELEASE = "release", _("released")
        REFER = "refer", _("referred")
        PAY = "pay", _("paid")
        REVERSE_PAYMENT = "reverse_payment", _("payment reversed")

    pool = models.ForeignKey(CreditPool, on_delete=models.PROTECT, verbose_name=_("pool"), related_name="movements")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    amount_rial = models.BigIntegerField(_("amount (rial)"))
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        verbose_name=_("commitment"),
        related_name="movements",
        null=True,
        blank=True,
    )
    notice = models.ForeignKey(
        CreditNotice,
        on_delete=models.PROTECT,
        verbose_name=_("notice"),
        related_name="movements",
        null=True,
        blank=True,
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, verbose_name=_("reverses"), related_name="reversed_by", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    moved_at = models.DateTimeField(_("moved at"), db_default=Now(), editable=False)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("moved by"), related_name="+"
    )
    sequence = models.PositiveIntegerField(_("number in the pool"), default=0, editable=False)
    head = models.CharField(_("digest"), max_length=64, default="", editable=False)

    objects = scoped(OfPoolQuerySet)
    everything = everything(OfPoolQuerySet)

    class Meta:
        verbose_name = _("credit movement")
        verbose_name_plural = _("credit movements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="creditmovement_amount_positive", condition=Q(amount_rial__gt=0)),
            models.UniqueConstraint(fields=["pool", "sequence"], name="creditmovement_numbered_in_pool"),
            models.CheckConstraint(
                name="creditmovement_has_its_cause",
                condition=Q(kind__in=["announce", "reduce"], notice__isnull=False, commitment=None)
                | (~Q(kind__in=["announce", "reduce"]) & Q(notice=None, commitment__isnull=False)),
            ),
            models.CheckConstraint(
                name="creditmovement_reversal_names_payment",
                condition=Q(kind="reverse_payment", reverses__isnull=False)
                | (~Q(kind="reverse_payment") & Q(reverses=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {rial(self.amount_rial)}"
