"""Who waits for a visit, and who may be sent."""

from datetime import date

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from employment_tracking.case_list import OPEN
from employment_tracking.models import VerificationCase
from quotas.models import Programme


def waiting(rows, programme: Programme):
    """The field queue of a programme among ``rows``: those without an inspector first, then the longest waiting."""
    queue = rows.filter(OPEN, level=VerificationCase.Level.FIELD, record__programme=programme)
    return queue.select_related("record__agency", "inspector", "campaign").order_by("inspector_id", "level_since", "pk")


def inspectors(programme: Programme, *, today: date):
    """The county's inspectors of that day."""
    roles = RoleAssignment.everything.in_force(today).filter(role=Role.INSPECTOR, county=programme.county_id)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("last_name", "first_name", "pk")
