"""The programme of one county and one Solar Hijri year, with the year's rules as data."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Bank, County
from accounts.scoping import ScopedQuerySet, everything, scoped
from iran.fields import JalaliDateField, RialField
from iran.text import to_persian_digits
from quotas.year_rules import RULES, Basis


class Track(models.TextChoices):
    """Who works how (نوع متقاضی). Pioneer is an attribute beside the track, not a track."""

    INDEPENDENT = "independent", _("independent")
    SUPPORTER = "supporter", _("supporter")


class InquiryKind(models.TextChoices):
    """What must be asked of others before referral. Source: docs/sources.md#inquiries."""

    CIVIL_REGISTRY = "civil_registry", _("civil registry")
    SHAHKAR = "shahkar", _("owner of the mobile number")
    BOUNCED_CHEQUE = "bounced_cheque", _("bounced cheque")
    OVERDUE_DEBT = "overdue_debt", _("overdue debt")
    PRIOR_FACILITY = "prior_facility", _("earlier employment loan")
    SOCIAL_INSURANCE = "social_insurance", _("compulsory insurance")
    STATE_EMPLOYMENT = "state_employment", _("state employment")
    LICENCE = "licence", _("validity of the licence")
    CRIMINAL_RECORD = "criminal_record", _("criminal record")
    RESIDENCE = "residence", _("residence in the county")
    GUARANTOR = "guarantor_check", _("guarantor")
    MILITARY = "military", _("military service")


class ProgrammeQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "ProgrammeQuerySet":
        scope = user.scope
        return self.filter(
            Q(county__in=scope.counties | scope.meeting_counties)
            | Q(county__agencies__in=scope.agencies)
            | Q(agent_banks__bank__in=scope.banks)
            | Q(agent_banks__bank__branches__in=scope.branches)
        ).distinct()


class OfProgrammeQuerySet(ScopedQuerySet):
    """Rows that hang off a programme and that whoever reads the whole county may read."""

    def visible_to(self, user):
        return self.filter(programme__county__in=user.scope.counties)

    def for_programme(self, programme: "Programme"):
        return self.filter(programme=programme)


class Programme(models.Model):
    """The loan programme of a county for a year. Its own opening and closing days may overlap the next year's."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="programmes")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1380), MaxValueValidator(1500)], help_text=_("Solar Hijri")
    )
    opens_on = JalaliDateField(_("opens on"))
    closes_on = JalaliDateField(_("closes on"))
    budget_basis = models.CharField(_("budget basis, printed in letters"), max_length=300, blank=True)

    objects = scoped(ProgrammeQuerySet)
    everything = everything(ProgrammeQuerySet)

    class Meta:
        verbose_name = _("programme of the year")
        verbose_name_plural = _("programmes of the years")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year"], name="programme_once_per_county_and_year"),
            models.CheckConstraint(
                name="programme_closes_after_opening",
                condition=Q(closes_on__gt=F("opens_on")),
                violation_error_message=_("The closing day must come after the opening day."),
            ),
        ]

    named_by = ("county",)

    def __str__(self) -> str:
        return _("%(county)s %(year)s") % {"county": self.county, "year": to_persian_digits(str(self.year))}

    @cached_property
    def _rules(self) -> dict[str, str]:
        return dict(self.rules.values_list("key", "value"))

    def rule(self, key: str):
        """The value of one of the year's single rules, in its type. Its first value where none is stored."""
        kind = RULES[key]
        return kind.parse(self._rules.get(key, kind.value))

    @cached_property
    def terms_by_track(self) -> dict[str, "LoanTerm"]:
        return {term.track: term for term in self.loan_terms.all()}


class Sourced(models.Model):
    """What a rule of the year rests on."""

    basis = models.CharField(_("rests on"), max_length=10, choices=Basis.choices, default=Basis.LETTER)
    source = models.CharField(_("circular, letter or source"), max_length=300, blank=True)

    class Meta:
        abstract = True


class YearRule(Sourced):
    """One single-valued rule of the year (see :mod:`quotas.year_rules`)."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="rules"
    )
    key = models.CharField(_("rule"), max_length=40, choices=[(key, kind.label) for key, kind in RULES.items()])
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        verbose_name = _("rule of the year")
        verbose_name_plural = _("rules of the year")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="yearrule_once_per_programme")]

    def __str__(self) -> str:
        return str(self.get_key_display())


class LoanTerm(Sourced):
    """Ceiling and conditions of a track in a year. Amounts in rial."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="loan_terms"
    )
    track = models.CharField(_("kind of applicant"), max_length=12, choices=Track.choices)
    ceiling_rial = RialField(_("ceiling (rial)"))
    per_job_rial = RialField(_("ceiling per job (rial)"))
    min_jobs = models.PositiveSmallIntegerField(_("fewest jobs"), default=1)
    max_jobs = models.PositiveSmallIntegerField(_("most jobs"), default=1)
    fee_percent = models.DecimalField(_("fee (percent)"), max_digits=4, decimal_places=2)
    repayment_months = models.PositiveSmallIntegerField(_("months of repayment"), null=True, blank=True)
    grace_months = models.PositiveSmallIntegerField(_("months of grace"), null=True, blank=True)

    class Meta:
        verbose_name = _("loan term")
        verbose_name_plural = _("loan terms")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "track"], name="loanterm_once_per_track"),
            models.CheckConstraint(
                name="loanterm_jobs_in_order",
                condition=Q(max_jobs__gte=F("min_jobs"), min_jobs__gte=1),
                violation_error_message=_("The most jobs must not be fewer than the fewest."),
            ),
            models.CheckConstraint(
                name="loanterm_amounts_positive", condition=Q(ceiling_rial__gt=0, per_job_rial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_track_display())


class RequiredInquiry(Sourced):
    """An inquiry that the year demands of a track before referral, and for how many days its answer holds."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="required_inquiries"
    )
    track = models.CharField(_("kind of applicant"), max_length=12, choices=Track.choices)
    kind = models.CharField(_("inquiry"), max_length=20, choices=InquiryKind.choices)
    validity_days = models.PositiveSmallIntegerField(_("days that an answer holds"))

    class Meta:
        verbose_name = _("required inquiry")
        verbose_name_plural = _("required inquiries")
        ordering = ["track", "id"]
        constraints = [models.UniqueConstraint(fields=["programme", "track", "kind"], name="requiredinquiry_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AgentBank(Sourced):
    """A bank that pays this programme's loans in this year."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="agent_banks"
    )
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, verbose_name=_("bank"), related_name="agent_roles")

    class Meta:
        verbose_name = _("agent bank")
        verbose_name_plural = _("agent banks")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["programme", "bank"], name="agentbank_once_per_programme")]

    named_by = ("bank",)

    def __str__(self) -> str:
        return str(self.bank)


class RankingCriterion(Sourced):
    """Points that a trait of an application earns in this year's ranking."""

    class Trait(models.TextChoices):
        JOBS = "jobs", _("each promised job")
        HEAD_OF_HOUSEHOLD = "head_of_household", _("woman heading a household")
        GRADUATE = "graduate", _("graduate")
        EARLIER_REGISTRANT = "earlier_registrant", _("registered in an earlier year")
        UNDERSERVED = "underserved", _("lives in an under-served area")
        LOCAL_ADVANTAGE = "local_advantage", _("business line of local advantage")
        SKILL_CERTIFICATE = "skill_certificate", _("holds a skill certificate")
        LICENCE = "licence", _("holds a valid licence")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, verbose_name=_("programme"), related_name="criteria"
    )
    trait = models.CharField(_("trait"), max_length=20, choices=Trait.choices)
    points = models.PositiveSmallIntegerField(_("points"))
    most_points = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("ranking criterion")
        verbose_name_plural = _("ranking criteria")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["programme", "trait"], name="rankingcriterion_once")]

    def __str__(self) -> str:
        return str(self.get_trait_display())
