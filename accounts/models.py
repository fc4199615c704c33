"""Who acts for whom: people, their roles with an end date, and the bodies they act for."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import OFFICE_ROLES, PERMISSIONS, Role
from accounts.scoping import ScopedQuerySet, everything, scoped
from iran.calendar import programme_today
from iran.fields import MobileField, mobile_check


class County(models.Model):
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    province = models.CharField(_("province"), max_length=100)

    class Meta:
        verbose_name = _("county")
        verbose_name_plural = _("counties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExecutiveAgency(models.Model):
    """A state body of one county that introduces applicants and owes jobs (دستگاه اجرایی)."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), related_name="agencies")
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=150)
    is_licensing = models.BooleanField(_("issues licences"), default=False)
    contact_name = models.CharField(_("contact's name"), max_length=100, blank=True)
    contact_mobile = MobileField(
        _("contact's mobile"), blank=True, help_text=_("gets the monthly reminder of the office by SMS")
    )

    class Meta:
        verbose_name = _("executive agency")
        verbose_name_plural = _("executive agencies")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="executiveagency_code_once_per_county")]

    def __str__(self) -> str:
        return self.name


class Bank(models.Model):
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    sheba_code = models.CharField(_("bank code in a Sheba number"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("bank")
        verbose_name_plural = _("banks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """A branch that serves a county; it may stand in a neighbouring one."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, verbose_name=_("bank"), related_name="branches")
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, verbose_name=_("county served"), related_name="branches"
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=300, blank=True)
    is_open = models.BooleanField(_("receives referrals"), default=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["bank__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "county", "code"], name="branch_code_once_per_bank_county")
        ]

    named_by = ("bank",)

    def __str__(self) -> str:
        return f"{self.bank}، {self.name}"


@dataclass(frozen=True)
class Scope:
    """The bodies a person acts for today, as sets of primary keys."""

    office_counties: frozenset[int] = field(default_factory=frozenset)
    supervised_counties: frozenset[int] = field(default_factory=frozenset)
    meeting_counties: frozenset[int] = field(default_factory=frozenset)
    agencies: frozenset[int] = field(default_factory=frozenset)
    banks: frozenset[int] = field(default_factory=frozenset)
    branches: frozenset[int] = field(default_factory=frozenset)
    calling_counties: frozenset[int] = field(default_factory=frozenset)
    visiting_counties: frozenset[int] = field(default_factory=frozenset)

    @property
    def counties(self) -> frozenset[int]:
        """Counties whose every row may be read: by their office or their supervisor."""
        return self.office_counties | self.supervised_counties


class UserQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "UserQuerySet":
        """The administrator sees everybody, everyone else himself alone."""
        if Role.ADMIN in user.role_codes:
            return self
        return self.filter(pk=user.pk)


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    """All users: signing in must find them before anybody is signed in."""

    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """A person with the technical administrator's role: there is no power outside the roles."""
        user = self.create_user(username, password, **fields)
        RoleAssignment.objects.create(user=user, role=Role.ADMIN)
        return user


class User(AbstractBaseUser):
    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    mobile = MobileField(
        _("mobile"), null=True, blank=True, help_text=_("Job records with this number are shown to the office.")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name"]
        constraints = [models.CheckConstraint(name="user_mobile_digits", condition=mobile_check("mobile"))]
        indexes = [models.Index(fields=["mobile"], name="user_by_mobile", condition=Q(mobile__isnull=False))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @cached_property
    def current_roles(self) -> list["RoleAssignment"]:
        """The roles in force today. Read once per request."""
        return list(RoleAssignment.everything.filter(user=self).in_force(programme_today()))

    @property
    def role_codes(self) -> set[str]:
        return {assignment.role for assignment in self.current_roles}

    @cached_property
    def scope(self) -> Scope:
        """The bodies this person acts for today; empty for the disabled."""
        if not self.is_active:
            return Scope()
        roles = self.current_roles

        def keys(attribute: str, *codes: str) -> frozenset[int]:
            return frozenset(getattr(r, attribute) for r in roles if r.role in codes and getattr(r, attribute))

        return Scope(
            office_counties=keys("county_id", Role.OFFICE, Role.OFFICE_HEAD),
            supervised_counties=keys("county_id", Role.SUPERVISOR),
            meeting_counties=keys("county_id", Role.GROUP_MEMBER),
            agencies=keys("agency_id", Role.AGENCY_USER),
            banks=frozenset(r.bank_id for r in roles if r.role == Role.BANK_OFFICER and r.branch_id is None),
            branches=keys("branch_id", Role.BANK_OFFICER),
            calling_counties=keys("county_id", Role.OPERATOR),
            visiting_counties=keys("county_id", Role.INSPECTOR),
        )

    @property
    def is_office(self) -> bool:
        """May use the office's desk."""
        return self.is_active and bool(self.role_codes & OFFICE_ROLES)

    # Django's own admin and auth pages ask for these two.
    @property
    def is_staff(self) -> bool:
        return self.is_office

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, permission: str, obj=None) -> bool:
        return self.is_active and any(permission in PERMISSIONS[role] for role in self.role_codes)

    def has_perms(self, permissions, obj=None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(
            permission.startswith(f"{app_label}.") for role in self.role_codes for permission in PERMISSIONS[role]
        )


class RoleAssignmentQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "RoleAssignmentQuerySet":
        if Role.ADMIN in user.role_codes:
            return self
        return self.filter(user_id=user.pk)

    def in_force(self, today) -> "RoleAssignmentQuerySet":
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))


class RoleAssignment(models.Model):
    """One role of one person for one body, from a day to a day (both included, both optional)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("user"), related_name="role_assignments"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"), null=True, blank=True)
    agency = models.ForeignKey(
        ExecutiveAgency, on_delete=models.PROTECT, verbose_name=_("agency"), null=True, blank=True
    )
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, verbose_name=_("bank"), null=True, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branch"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = scoped(RoleAssignmentQuerySet)
    everything = everything(RoleAssignmentQuerySet)

    class Meta:
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of users")
        constraints = [
            models.CheckConstraint(
                name="roleassignment_body_fits_role",
                condition=Q(role=Role.BANK_OFFICER, bank__isnull=False, agency=None)
                | Q(role=Role.AGENCY_USER, agency__isnull=False, bank=None, branch=None)
                | Q(role=Role.ADMIN, agency=None, bank=None, branch=None)
                | (
                    ~Q(role__in=[Role.BANK_OFFICER, Role.AGENCY_USER, Role.ADMIN])
                    & Q(county__isnull=False, agency=None, bank=None, branch=None)
                ),
                violation_error_message=_(
                    "A bank officer needs a bank, an agency user an agency, every other role a county."
                ),
            ),
            models.CheckConstraint(
                name="roleassignment_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    named_by = ("county", "agency", "bank", "branch__bank")

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.branch or self.bank or self.agency or self.county or ''}".strip()
