"""The jobs that agencies say were created, one record per person and year."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ExecutiveAgency
from accounts.scoping import ScopedQuerySet, everything, scoped
from applicants.models import Application, BusinessLine, ImportedList
from employment_tracking.models.places import PlaceKey
from iran.fields import JalaliDateField, LandlineField, MobileField, NationalIdField, PostalCodeField, postal_code_check
from iran.text import SearchKey, SortKey
from quotas.models import Programme
from quotas.models.programme import OfProgrammeQuerySet

ISIC_DIGITS = _("The ISIC code must have 4 digits")
LATITUDES, LONGITUDES = (25, 40), (44, 64)  # Iran, with a margin


class Status(models.TextChoices):
    REGISTERED = "registered", _("registered")
    IN_VERIFICATION = "in_verification", _("being verified")
    VERIFIED = "verified", _("verified")
    NOT_VERIFIED = "not_verified", _("not verified")
    CORRECTED = "corrected", _("corrected")
    OBJECTED = "objected", _("objected")
    VOID = "void", _("void")
    DUPLICATE = "duplicate", _("duplicate")
    SUSTAINED = "sustained", _("sustained")
    ENDED = "ended", _("ended")


class JobRecordQuerySet(OfProgrammeQuerySet):
    NOT_COUNTED = (Status.VOID, Status.DUPLICATE)
    VERIFIED = (Status.VERIFIED, Status.SUSTAINED)
    REFUTED = (Status.NOT_VERIFIED, Status.OBJECTED, Status.ENDED)

    def visible_to(self, user) -> "JobRecordQuerySet":
        scope = user.scope
        return self.filter(Q(programme__county__in=scope.counties) | Q(agency__in=scope.agencies))

    def counted(self) -> "JobRecordQuerySet":
        """Registered jobs: all that are neither void nor duplicate."""
        return self.exclude(status__in=self.NOT_COUNTED)

    def verified(self) -> "JobRecordQuerySet":
        return self.filter(status__in=self.VERIFIED)

    def net(self) -> "JobRecordQuerySet":
        """Registered jobs without those that verification did not find or that have ended (خالص)."""
        return self.counted().exclude(status__in=self.REFUTED)

    def registered_by(self, day) -> "JobRecordQuerySet":
        """What counts in the quota of a day."""
        return self.counted().filter(registered_on__lte=day)


class JobRecord(models.Model):
    """One employed person, as an agency registered him. Counts once per person and programme, across agencies."""

    Status = Status

    class Gender(models.TextChoices):
        FEMALE = "female", _("woman")
        MALE = "male", _("man")

    class Kind(models.TextChoices):
        NEW = "new", _("new job")
        KEPT = "kept", _("job kept")
        EXTENDED = "extended", _("business extended")

    class Insurance(models.TextChoices):
        INSURED = "insured", _("insured")
        NOT_INSURED = "not_insured", _("not insured")

    class Funding(models.TextChoices):
        LOAN = "loan", _("with a loan")
        NO_LOAN = "no_loan", _("without a loan")

    class OwnerOfMobile(models.TextChoices):
        SELF = "self", _("himself")
        SPOUSE = "spouse", _("husband or wife")
        PARENT = "parent", _("father or mother")
        CHILD = "child", _("child")
        SIBLING = "sibling", _("sister or brother")
        OTHER = "other", _("somebody else")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="job_records"
    )
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("registering agency"), related_name="job_records"
    )
    national_id = NationalIdField(_("national ID"))
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=80)
    father_name = models.CharField(_("father's name"), max_length=60, blank=True)
    birth_on = JalaliDateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    mobile = MobileField(_("mobile"))
    mobile_owner_relation = models.CharField(
        _("whose mobile it is"), max_length=7, choices=OwnerOfMobile.choices, blank=True, default="", db_default=""
    )
    phone_landline = LandlineField(_("landline"), blank=True, default="", db_default="")
    job_title = models.CharField(_("job"), max_length=150)
    line = models.ForeignKey(
        BusinessLine,
        on_delete=models.PROTECT,
        verbose_name=_("business line"),
        related_name="job_records",
        null=True,
        blank=True,
    )
    isic4 = models.CharField(
        _("ISIC code"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator("^[0-9]{4}$", ISIC_DIGITS, "isic_bad")],
    )
    address = models.CharField(_("address of the workplace"), max_length=300, blank=True)
    postal_code = PostalCodeField(_("postal code"), blank=True, default="", db_default="")
    district = models.CharField(_("district"), max_length=60, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=60, blank=True, default="", db_default="")
    rural_district = models.CharField(_("rural district"), max_length=60, blank=True, default="", db_default="")
    village = models.CharField(_("village"), max_length=60, blank=True, default="", db_default="")
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    starts_on = JalaliDateField(_("work began on"))
    kind = models.CharField(_("kind of employment"), max_length=8, choices=Kind.choices, default=Kind.NEW)
    hours_per_week = models.PositiveSmallIntegerField(_("hours per week"), null=True, blank=True)
    insurance = models.CharField(_("insurance"), max_length=11, choices=Insurance.choices, blank=True)
    funding = models.CharField(_("funding"), max_length=7, choices=Funding.choices, default=Funding.NO_LOAN)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, verbose_name=_("loan"), related_name="job_records", null=True, blank=True
    )
    supporter = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        verbose_name=_("supporter"),
        related_name="supported_jobs",
        null=True,
        blank=True,
    )
    monitoring_code = models.CharField(_("code in the national monitoring system"), max_length=50, blank=True)
    status = models.CharField(
        _("status"), max_length=15, choices=Status.choices, default=Status.REGISTERED, editable=False
    )
    imported_list = models.ForeignKey(
        ImportedList,
        on_delete=models.PROTECT,
        verbose_name=_("list"),
        related_name="job_records",
        null=True,
        blank=True,
        editable=False,
    )
    registered_on = JalaliDateField(_("registered on"), editable=False)
    registered_at = models.DateTimeField(_("registered at"), db_default=Now(), editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("registered by"),
        related_name="+",
        null=True,
        editable=False,
    )
    search_text = models.GeneratedField(
        expression=SearchKey("first_name", "last_name", "national_id", "mobile"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_name = models.GeneratedField(
        expression=SortKey("last_name", "first_name"),
        output_field=models.CharField(max_length=600, db_collation="C"),
        db_persist=True,
    )

    address_key = models.GeneratedField(
        expression=PlaceKey("address"), output_field=models.CharField(max_length=700), db_persist=True
    )

    objects = scoped(JobRecordQuerySet)
    everything = everything(JobRecordQuerySet)

    class Meta:
        verbose_name = _("job record")
        verbose_name_plural = _("job records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "national_id"],
                condition=~Q(status__in=["void", "duplicate"]),
                name="jobrecord_person_counts_once",
                violation_error_message=_("This person is already registered in this year's monitoring system."),
            ),
            models.CheckConstraint(
                name="jobrecord_possible_hours", condition=Q(hours_per_week=None) | Q(hours_per_week__range=(1, 100))
            ),
            models.CheckConstraint(
                name="jobrecord_postal_code_digits", condition=postal_code_check("postal_code", blank=True)
            ),
            models.CheckConstraint(
                name="jobrecord_landline_digits",
                condition=Q(phone_landline="") | Q(phone_landline__regex="^0[1-8][0-9]{9}$"),
            ),
            models.CheckConstraint(name="jobrecord_isic_digits", condition=Q(isic4="") | Q(isic4__regex="^[0-9]{4}$")),
            models.CheckConstraint(
                name="jobrecord_place_in_the_country",
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=LATITUDES, longitude__range=LONGITUDES),
                violation_error_message=_(
                    "The place needs a latitude between 25 and 40 and a longitude between 44 and 64."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "agency", "status"], name="jobrecord_by_agency"),
            models.Index(fields=["programme", "registered_on"], name="jobrecord_by_day"),
            models.Index(fields=["programme", "mobile"], name="jobrecord_by_mobile"),
            models.Index(fields=["national_id"], name="jobrecord_by_person"),
            models.Index(
                fields=["programme", "postal_code"], name="jobrecord_by_postal_code", condition=~Q(postal_code="")
            ),
            models.Index(
                fields=["programme", "address_key"], name="jobrecord_by_address", condition=~Q(address_key="")
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="jobrecord_search"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class OfRecordQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(Q(record__programme__county__in=scope.counties) | Q(record__agency__in=scope.agencies))


class JobRecordEvent(models.Model):
    """One step of a job record. Never edited."""

    record = models.ForeignKey(JobRecord, on_delete=models.PROTECT, verbose_name=_("job record"), related_name="events")
    from_status = models.CharField(_("from"), max_length=15, choices=Status.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=15, choices=Status.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("at"), db_default=Now())
    happened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+", null=True
    )

    objects = scoped(OfRecordQuerySet)
    everything = everything(OfRecordQuerySet)

    class Meta:
        verbose_name = _("step of a job record")
        verbose_name_plural = _("steps of job records")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
