"""Applications, their states and events, the inquiries about them and the workers of supporters."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Bank, ExecutiveAgency
from accounts.scoping import ScopedQuerySet, everything, scoped
from applicants.models.lists import ImportedList
from applicants.models.people import Applicant, BusinessLine
from background.models import StoredFile
from iran.fields import JalaliDateField, MobileField, NationalIdField, RialField
from quotas.models import InquiryKind, Programme, Track
from quotas.models.programme import OfProgrammeQuerySet


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    REGISTERED = "registered", _("registered")
    RETURNED = "returned", _("returned for completion")
    ELIGIBLE = "eligible", _("eligible")
    INELIGIBLE = "ineligible", _("not eligible")
    ON_AGENDA = "on_agenda", _("on the agenda")
    APPROVED = "approved", _("approved by the working group")
    CONDITIONAL = "conditional", _("approved on a condition")
    DEFERRED = "deferred", _("deferred to the next meeting")
    RESERVE = "reserve", _("reserve")
    REJECTED = "rejected", _("rejected")
    REFERRED = "referred", _("referred to a bank")
    PAID = "paid", _("paid")
    CLOSED_UNPAID = "closed_unpaid", _("closed without payment")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CARRIED_OVER = "carried_over", _("carried over to the next year")


class ApplicationQuerySet(OfProgrammeQuerySet):
    ENDED = (
        Status.INELIGIBLE,
        Status.REJECTED,
        Status.CLOSED_UNPAID,
        Status.WITHDRAWN,
        Status.CARRIED_OVER,
    )

    def visible_to(self, user) -> "ApplicationQuerySet":
        """The office, supervisors and the working group see the county's, an agency those that it introduced."""
        scope = user.scope
        return self.filter(
            Q(programme__county__in=scope.counties | scope.meeting_counties) | Q(agency__in=scope.agencies)
        )

    def live(self) -> "ApplicationQuerySet":
        return self.exclude(status__in=self.ENDED)

    def identified(self) -> "ApplicationQuerySet":
        """Everybody found for the programme, once: of each person the newest application that is more than a draft."""
        newer = Application.everything.filter(
            programme=OuterRef("programme"), applicant=OuterRef("applicant"), pk__gt=OuterRef("pk")
        ).exclude(status=Status.DRAFT)
        return self.exclude(status=Status.DRAFT).filter(~Exists(newer))

    def in_reserve(self) -> "ApplicationQuerySet":
        """The reserve list in its order: names whose referral ended unpaid come first, then by rank."""
        return self.filter(status=Status.RESERVE).order_by("rank", "id")

    def locked(self) -> "ApplicationQuerySet":
        """Locks applications in the order of their ids, after the pools."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Application(models.Model):
    """One request for a loan in one programme. Amounts in rial."""

    Status = Status

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="applications"
    )
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, verbose_name=_("applicant"), related_name="applications"
    )
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("introducing agency"), related_name="applications"
    )
    track = models.CharField(_("kind of applicant"), max_length=12, choices=Track.choices)
    is_pioneer = models.BooleanField(_("pioneer"), default=False)
    pioneer_agreement = models.CharField(_("pioneer agreement"), max_length=100, blank=True)
    line = models.ForeignKey(
        BusinessLine,
        on_delete=models.PROTECT,
        verbose_name=_("business line"),
        related_name="applications",
        null=True,
        blank=True,
    )
    line_title = models.CharField(_("business line as written"), max_length=150, blank=True)
    promised_jobs = models.PositiveSmallIntegerField(_("promised jobs"))
    requested_rial = RialField(_("requested (rial)"))
    approved_rial = RialField(_("approved (rial)"), null=True, blank=True, editable=False)
    wished_bank = models.ForeignKey(
        Bank, on_delete=models.PROTECT, verbose_name=_("wished bank"), related_name="+", null=True, blank=True
    )
    licence_number = models.CharField(_("licence number"), max_length=50, blank=True)
    licence_expires_on = JalaliDateField(_("licence valid until"), null=True, blank=True)
    heads_household = models.BooleanField(_("woman heading a household"), default=False)
    is_graduate = models.BooleanField(_("graduate"), default=False)
    is_earlier_registrant = models.BooleanField(_("registered in an earlier year"), default=False)
    lives_underserved = models.BooleanField(_("lives in an under-served area"), default=False)
    has_skill_certificate = models.BooleanField(_("holds a skill certificate"), default=False)
    status = models.CharField(
        _("status"), max_length=14, choices=Status.choices, default=Status.REGISTERED, editable=False
    )
    rank = models.PositiveIntegerField(_("rank in the signed list"), null=True, editable=False)
    tracking_code = models.CharField(_("tracking code"), max_length=16, unique=True, editable=False)
    imported_list = models.ForeignKey(
        ImportedList,
        on_delete=models.PROTECT,
        verbose_name=_("list"),
        related_name="applications",
        null=True,
        blank=True,
        editable=False,
    )
    registered_at = models.DateTimeField(_("registered at"), db_default=Now(), editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("registered by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = scoped(ApplicationQuerySet)
    everything = everything(ApplicationQuerySet)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "applicant"],
                condition=~Q(status__in=["ineligible", "rejected", "closed_unpaid", "withdrawn", "carried_over"]),
                name="application_one_live_per_person",
                violation_error_message=_("This person already has a live application in this year."),
            ),
            models.CheckConstraint(name="application_asks_something", condition=Q(requested_rial__gt=0)),
            models.CheckConstraint(name="application_promises_a_job", condition=Q(promised_jobs__gte=1)),
            models.CheckConstraint(
                name="application_approved_within_request",
                condition=Q(approved_rial=None) | Q(approved_rial__gt=0, approved_rial__lte=F("requested_rial")),
            ),
            models.CheckConstraint(
                name="application_approved_has_amount",
                condition=~Q(status__in=["approved", "referred", "paid"]) | Q(approved_rial__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "status", "rank"], name="application_by_status"),
            models.Index(fields=["programme", "agency", "status"], name="application_by_agency"),
        ]

    named_by = ("applicant",)

    def __str__(self) -> str:
        return f"{self.applicant} ({self.tracking_code})"

    @property
    def line_name(self) -> str:
        return self.line.title if self.line_id else self.line_title

    @property
    def is_priority(self) -> bool:
        """Supporters and pioneers come first, in the list and in referral."""
        return self.track == Track.SUPPORTER or self.is_pioneer


class OfApplicationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(
            Q(application__programme__county__in=scope.counties) | Q(application__agency__in=scope.agencies)
        )


class ApplicationEvent(models.Model):
    """One step of an application from state to state: who, when, why, under which letter. Never edited."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("application"), related_name="events"
    )
    from_status = models.CharField(_("from"), max_length=14, choices=Status.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=14, choices=Status.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=50, blank=True)
    happened_at = models.DateTimeField(_("at"), db_default=Now())
    happened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+", null=True
    )

    objects = scoped(OfApplicationQuerySet)
    everything = everything(OfApplicationQuerySet)

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class InquiryQuerySet(OfApplicationQuerySet):
    def visible_to(self, user) -> "InquiryQuerySet":
        """What other bodies say of a person is for the county's office and its supervisor alone."""
        return self.filter(application__programme__county__in=user.scope.counties)

    def newest_of_each_kind(self) -> "InquiryQuerySet":
        """Of every application and kind the last inquiry asked; the earlier ones are history."""
        return self.order_by("application_id", "kind", "-asked_on", "-id").distinct("application_id", "kind")


class Inquiry(models.Model):
    """A question to another body about an applicant, with its answer, evidence and the day until which it holds.

    An answer is never edited after it is recorded; a new inquiry of the same kind takes its place.
    """

    class Result(models.TextChoices):
        PENDING = "pending", _("waiting for the answer")
        CLEAR = "clear", _("no obstacle")
        CURABLE = "curable", _("obstacle that can be cured")
        BLOCKED = "blocked", _("obstacle")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("application"), related_name="inquiries"
    )
    kind = models.CharField(_("inquiry"), max_length=20, choices=InquiryKind.choices)
    asked_of = models.CharField(_("asked of"), max_length=150, blank=True)
    asked_on = JalaliDateField(_("asked on"))
    asked_letter = models.CharField(_("letter of the question"), max_length=50, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=Result.choices, default=Result.PENDING)
    answered_on = JalaliDateField(_("answered on"), null=True, blank=True)
    answer_letter = models.CharField(_("letter of the answer"), max_length=50, blank=True)
    valid_until = JalaliDateField(_("holds until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    evidence = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        verbose_name=_("scan of the answer"),
        related_name="+",
        null=True,
        blank=True,
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("recorded by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = scoped(InquiryQuerySet)
    everything = everything(InquiryQuerySet)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="inquiry_answered_with_its_day",
                condition=Q(result="pending", answered_on=None, valid_until=None)
                | (~Q(result="pending") & Q(answered_on__isnull=False)),
                violation_error_message=_("An answer needs its day, and a question without one has no result yet."),
            ),
            models.CheckConstraint(
                name="inquiry_clear_answer_expires",
                condition=~Q(result="clear") | Q(valid_until__gte=F("answered_on")),
                violation_error_message=_("The day until which the answer holds must not be before the answer."),
            ),
        ]
        indexes = [models.Index(fields=["application", "kind", "-asked_on"], name="inquiry_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_result_display()}"


class SupportedWorker(models.Model):
    """A home worker under a supporter. Nobody works under two supporters in one year."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("supporter's application"), related_name="workers"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", editable=False)
    national_id = NationalIdField(_("national ID"))
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=80)
    mobile = MobileField(_("mobile"), blank=True, default="")
    agreement_number = models.CharField(_("agreement"), max_length=50, blank=True)
    agreed_on = JalaliDateField(_("agreed on"), null=True, blank=True)

    objects = scoped(OfApplicationQuerySet)
    everything = everything(OfApplicationQuerySet)

    class Meta:
        verbose_name = _("supported worker")
        verbose_name_plural = _("supported workers")
        ordering = ["last_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "national_id"],
                name="supportedworker_one_supporter_per_year",
                violation_error_message=_("This worker is already under a supporter in this year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
