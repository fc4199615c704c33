from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.office_admin import OfficeModelAdmin, OfficeTabularInline
from accounts.models import Bank, Branch, County, ExecutiveAgency, RoleAssignment, User

admin.site.unregister(Group)  # what somebody may do is said by his roles


@admin.register(County)
class CountyAdmin(OfficeModelAdmin):
    list_display = ["name", "province", "code"]
    code_fields = ("name", "code")


@admin.register(ExecutiveAgency)
class ExecutiveAgencyAdmin(OfficeModelAdmin):
    list_display = ["name", "code", "county", "is_licensing"]
    list_select_related = ["county"]
    list_filter = ["is_licensing"]
    code_fields = ("name", "code")
    contact = ("contact_name", "contact_mobile")

    def has_change_permission(self, request: HttpRequest, obj: ExecutiveAgency | None = None) -> bool:
        """The administrator changes every agency, an office the contact of its own county's."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or self._keeps_bodies(request) or obj.county_id in request.user.scope.office_counties

    def get_fields(self, request: HttpRequest, obj: ExecutiveAgency | None = None) -> list[str]:
        """Whose mobile it is, is for whoever may change it."""
        fields = ["county", "code", "name", "is_licensing"]
        return [*fields, *self.contact] if obj is None or self.has_change_permission(request, obj) else fields

    def get_readonly_fields(self, request: HttpRequest, obj: ExecutiveAgency | None = None) -> list[str]:
        return [] if self._keeps_bodies(request) else ["county", "code", "name", "is_licensing"]

    def _keeps_bodies(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.add_executiveagency")


class BranchInline(OfficeTabularInline):
    model = Branch


@admin.register(Bank)
class BankAdmin(OfficeModelAdmin):
    list_display = ["name", "code", "sheba_code"]
    code_fields = ("name", "code")
    inlines = [BranchInline]


@admin.register(Branch)
class BranchAdmin(OfficeModelAdmin):
    list_display = ["name", "bank", "county", "code", "is_open"]
    list_select_related = ["bank", "county"]
    list_filter = ["bank", "is_open"]
    code_fields = ("name", "code", "bank__name")


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "position", "mobile"]


class PasswordForm(AdminPasswordChangeForm):
    """A new password; whoever shall not sign in any more is closed by «may sign in»."""

    usable_password = None


class RoleAssignmentInline(OfficeTabularInline):
    """A role that has ended keeps its last day; it is not removed."""

    model = RoleAssignment
    fields = ["role", "county", "agency", "bank", "branch", "starts_on", "ends_on"]


@admin.register(User)
class UserAdmin(OfficeModelAdmin, DjangoUserAdmin):
    """People and what they may do; open to the technical administrator alone."""

    list_display = ["full_name", "username", "position", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "role_assignments__role"]
    filter_horizontal = ()
    ordering = ["last_name", "first_name"]
    code_fields = ("username", "first_name", "last_name", "position")
    inlines = [RoleAssignmentInline]
    add_form = NewUserForm
    change_password_form = PasswordForm
    readonly_fields = ["password_page", "last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["username", "password_page"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "position", "mobile", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "joined_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "position", "mobile"]}),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch(
                    "role_assignments",
                    queryset=RoleAssignment.objects.select_related("county", "agency", "bank", "branch__bank"),
                    to_attr="listed_roles",
                )
            )
        )

    @admin.display(description=_("password"))
    def password_page(self, user: User) -> str:
        return format_html('<a href="../password/">{}</a>', _("Set a new password"))

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return str(user)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return "؛ ".join(str(assignment) for assignment in user.listed_roles)
