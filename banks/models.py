"""Referral of approved applicants to agent banks, what the banks answer, and what they pay."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from accounts.scoping import ScopedQuerySet, everything, scoped
from applicants.models import Application
from iran.fields import JalaliDateField
from iran.text import SearchKey, search_key
from quotas.models import Commitment, CreditMovement


class Status(models.TextChoices):
    ISSUED = "issued", _("waiting for the bank's answer")
    CONFIRMED = "confirmed", _("confirmed by the bank")
    FILE_OPENED = "file_opened", _("file opened")
    PAID_PARTIAL = "paid_partial", _("partly paid")
    PAID = "paid", _("paid")
    REFUSED = "refused", _("refused by the bank")
    RETURNED = "returned", _("returned to the office")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled by the office")


class RefusalReason(models.TextChoices):
    """Why a bank does not pay (علت عدم پرداخت)."""

    NO_GUARANTOR = "no_guarantor", _("no guarantor")
    UNFIT_GUARANTOR = "unfit_guarantor", _("guarantor not accepted")
    BOUNCED_CHEQUE = "bounced_cheque", _("bounced cheque")
    OVERDUE_DEBT = "overdue_debt", _("overdue debt")
    NO_BRANCH_CREDIT = "no_branch_credit", _("the branch has no credit")
    APPLICANT_ABSENT = "applicant_absent", _("the applicant did not come")
    INCOMPLETE_DOCUMENTS = "incomplete_documents", _("incomplete documents")
    EXTRA_COLLATERAL = "extra_collateral", _("collateral beyond the rules was asked")
    EXCLUDED_LINE = "excluded_line", _("excluded business line")
    WITHDRAWAL = "withdrawal", _("the applicant withdrew")
    OTHER = "other", _("other")


class ReferralQuerySet(ScopedQuerySet):
    LIVE = (Status.ISSUED, Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL)

    def visible_to(self, user) -> "ReferralQuerySet":
        """A bank officer sees his bank's, a branch officer his branch's; the county's readers see all."""
        scope = user.scope
        return self.filter(
            Q(application__programme__county__in=scope.counties)
            | Q(branch__bank__in=scope.banks)
            | Q(branch__in=scope.branches)
        )

    def answerable_by(self, user) -> "ReferralQuerySet":
        """Those of the bank or branch that the person acts for, whatever else he may read."""
        return self.filter(Q(branch__bank__in=user.scope.banks) | Q(branch__in=user.scope.branches))

    def live(self) -> "ReferralQuerySet":
        return self.filter(status__in=self.LIVE)

    def waiting(self) -> "ReferralQuerySet":
        """Issued and not answered yet, the nearest deadline first."""
        return self.filter(status=Status.ISSUED).order_by("answer_due_on", "id")

    def payable(self) -> "ReferralQuerySet":
        return self.filter(status__in=[Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL]).order_by("id")

    def confirmed(self) -> "ReferralQuerySet":
        """Taken by the bank, paid or not."""
        return self.filter(status__in=[Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL, Status.PAID])

    def overdue(self, today) -> "ReferralQuerySet":
        return self.filter(status=Status.ISSUED, answer_due_on__lt=today)

    def past_validity(self, today) -> "ReferralQuerySet":
        """Unpaid beyond the letter's validity: what the nightly expiry ends. A confirmed file is with the bank."""
        return self.filter(status=Status.ISSUED, valid_until__lt=today)

    def with_paid(self) -> "ReferralQuerySet":
        return self.annotate(
            paid_sum_rial=Sum("disbursements__amount_rial", filter=Q(disbursements__reversed_at=None), default=0)
        )

    def for_list(self) -> "ReferralQuerySet":
        return self.select_related(
            "application__applicant", "application__line", "application__programme", "branch__bank"
        )

    def for_desk(self) -> "ReferralQuerySet":
        """With all that a list and its export print, in one query."""
        return self.for_list().with_paid()

    def matching(self, text: str) -> "ReferralQuerySet":
        """Rows in which every word of the text occurs: in the name, an identifier, the mobile or the letter number."""
        rows = self.annotate(letter_key=SearchKey("letter_number"))
        for word in search_key(text).split():
            rows = rows.filter(Q(application__applicant__search_text__contains=word) | Q(letter_key__contains=word))
        return rows

    def locked(self) -> "ReferralQuerySet":
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Referral(models.Model):
    """The official introduction of an approved applicant to a branch, until money is paid or it ends otherwise."""

    Status = Status

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("application"), related_name="referrals"
    )
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branch"), related_name="referrals")
    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, verbose_name=_("commitment"), related_name="referral"
    )
    letter_number = models.CharField(_("letter number"), max_length=50)
    letter_on = JalaliDateField(_("date of the letter"))
    amount_rial = models.BigIntegerField(_("amount (rial)"))
    answer_due_on = JalaliDateField(_("answer due by"))
    valid_until = JalaliDateField(_("letter valid until"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ISSUED, editable=False)
    verification_code = models.CharField(_("verification code"), max_length=20, unique=True, editable=False)
    passed_over_reason = models.CharField(_("why a ready priority name was passed over"), max_length=500, blank=True)
    payable_rial = models.BigIntegerField(_("amount the bank confirmed (rial)"), null=True, blank=True, editable=False)
    refusal_reason = models.CharField(_("reason of refusal"), max_length=20, choices=RefusalReason.choices, blank=True)
    file_number = models.CharField(_("file number at the bank"), max_length=50, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("answered by"),
        related_name="+",
        null=True,
        editable=False,
    )
    issued_at = models.DateTimeField(_("issued at"), db_default=Now(), editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("issued by"),
        related_name="+",
        editable=False,
    )

    objects = scoped(ReferralQuerySet)
    everything = everything(ReferralQuerySet)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=["issued", "confirmed", "file_opened", "paid_partial", "paid"]),
                name="referral_one_live_per_application",
            ),
            models.CheckConstraint(name="referral_amount_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="referral_dates_in_order",
                condition=Q(answer_due_on__gte=F("letter_on"), valid_until__gte=F("letter_on")),
            ),
            models.CheckConstraint(
                name="referral_refused_with_reason", condition=~Q(status="refused") | ~Q(refusal_reason="")
            ),
            models.CheckConstraint(
                name="referral_answered_with_its_moment",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "status", "answer_due_on"], name="referral_inbox"),
            models.Index(fields=["status", "valid_until"], name="referral_expiry"),
        ]

    def __str__(self) -> str:
        return self.letter_number


class OfReferralQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(
            Q(referral__application__programme__county__in=scope.counties)
            | Q(referral__branch__bank__in=scope.banks)
            | Q(referral__branch__in=scope.branches)
        )


class ReferralEvent(models.Model):
    """One step of a referral. Never edited."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, verbose_name=_("referral"), related_name="events")
    from_status = models.CharField(_("from"), max_length=12, choices=Status.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=12, choices=Status.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("at"), db_default=Now())
    happened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+", null=True
    )

    objects = scoped(OfReferralQuerySet)
    everything = everything(OfReferralQuerySet)

    class Meta:
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of referrals")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class Disbursement(models.Model):
    """Money that a bank paid on a referral (rial). A mistake is reversed, never erased."""

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, verbose_name=_("referral"), related_name="disbursements"
    )
    movement = models.OneToOneField(
        CreditMovement, on_delete=models.PROTECT, verbose_name=_("credit movement"), related_name="disbursement"
    )
    amount_rial = models.BigIntegerField(_("amount (rial)"))
    paid_on = JalaliDateField(_("paid on"))
    contract_number = models.CharField(_("contract number"), max_length=50)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("recorded by"),
        related_name="+",
        editable=False,
    )
    reversed_at = models.DateTimeField(_("reversed at"), null=True, editable=False)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("reversed by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = scoped(OfReferralQuerySet)
    everything = everything(OfReferralQuerySet)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="disbursement_amount_positive", condition=Q(amount_rial__gt=0)),
            models.UniqueConstraint(
                fields=["referral", "contract_number", "amount_rial", "paid_on"],
                condition=Q(reversed_at=None),
                name="disbursement_recorded_once",
            ),
            models.CheckConstraint(
                name="disbursement_reversed_with_its_moment",
                condition=Q(reversed_at=None, reversed_by=None)
                | Q(reversed_at__isnull=False, reversed_by__isnull=False),
            ),
        ]

    named_by = ("referral",)

    def __str__(self) -> str:
        return f"{self.referral}: {self.amount_rial}"
