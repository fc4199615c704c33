"""Persons, natural and legal, and the business lines of a year."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped
from iran.fields import JalaliDateField, LegalIdField, MobileField, NationalIdField, PostalCodeField, ShebaField
from iran.text import SearchKey, SortKey
from quotas.models import Programme
from quotas.models.programme import OfProgrammeQuerySet, Sourced


class BusinessLineQuerySet(OfProgrammeQuerySet):
    def visible_to(self, user) -> "BusinessLineQuerySet":
        scope = user.scope
        return self.filter(
            Q(programme__county__in=scope.counties) | Q(programme__county__agencies__in=scope.agencies)
        ).distinct()


class BusinessLine(models.Model):
    """An approved line of home work in one year (رشته شغلی). The list changes every year and is imported."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="business_lines"
    )
    title = models.CharField(_("title"), max_length=150)
    title_key = models.GeneratedField(
        expression=SearchKey("title"), output_field=models.CharField(max_length=200), db_persist=True
    )
    isic4 = models.CharField(_("ISIC code"), max_length=4, blank=True)
    has_local_advantage = models.BooleanField(_("of local advantage"), default=False)

    objects = scoped(BusinessLineQuerySet)
    everything = everything(BusinessLineQuerySet)

    class Meta:
        verbose_name = _("business line")
        verbose_name_plural = _("business lines")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "title_key"],
                name="businessline_title_once_per_year",
                violation_error_message=_("This line is already in the year's list."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class LineRestriction(Sourced):
    """A line that is excluded or saturated this year, and why (رشته غیرمشمول)."""

    line = models.OneToOneField(
        BusinessLine, on_delete=models.PROTECT, verbose_name=_("business line"), related_name="restriction"
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("restriction of a line")
        verbose_name_plural = _("restrictions of lines")

    def __str__(self) -> str:
        return self.reason


class ApplicantQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "ApplicantQuerySet":
        scope = user.scope
        rows = self.filter(
            Q(applications__programme__county__in=scope.counties) | Q(applications__agency__in=scope.agencies)
        )
        if scope.office_counties:  # whom the office has just entered has no application yet
            rows = rows | self.filter(applications=None)
        return rows.distinct()


class Applicant(models.Model):
    """A person who asks, natural (national ID) or legal (legal ID). One row per person, whatever the year."""

    class Kind(models.TextChoices):
        NATURAL = "natural", _("natural person")
        LEGAL = "legal", _("legal person")

    class Gender(models.TextChoices):
        FEMALE = "female", _("woman")
        MALE = "male", _("man")

    kind = models.CharField(_("kind of person"), max_length=8, choices=Kind.choices, default=Kind.NATURAL)
    national_id = NationalIdField(_("national ID"), null=True, blank=True)
    legal_id = LegalIdField(_("legal ID"), null=True, blank=True)
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name or name of the firm"), max_length=120)
    father_name = models.CharField(_("father's name"), max_length=60, blank=True)
    birth_on = JalaliDateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    mobile = MobileField(_("mobile"))
    address = models.CharField(_("address"), max_length=300, blank=True)
    postal_code = PostalCodeField(_("postal code"), blank=True, default="")
    sheba = ShebaField(_("Sheba number"), blank=True, default="")
    search_text = models.GeneratedField(
        expression=SearchKey("first_name", "last_name", "national_id", "legal_id", "mobile"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_name = models.GeneratedField(
        expression=SortKey("last_name", "first_name"),
        output_field=models.CharField(max_length=600, db_collation="C"),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("entered at"), db_default=Now(), editable=False)

    objects = scoped(ApplicantQuerySet)
    everything = everything(ApplicantQuerySet)

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["national_id"],
                name="applicant_national_id_once",
                violation_error_message=_("This national ID is already registered."),
            ),
            models.UniqueConstraint(
                fields=["legal_id"],
                name="applicant_legal_id_once",
                violation_error_message=_("This legal ID is already registered."),
            ),
            models.CheckConstraint(
                name="applicant_id_fits_kind",
                condition=Q(kind="natural", national_id__isnull=False, legal_id=None)
                | Q(kind="legal", legal_id__isnull=False, national_id=None),
                violation_error_message=_("A natural person has a national ID, a legal person a legal ID."),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="applicant_search"),
            models.Index(fields=["sort_name", "id"], name="applicant_order"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def identifier(self) -> str:
        """National or legal ID, ASCII digits."""
        return self.national_id or self.legal_id or ""
