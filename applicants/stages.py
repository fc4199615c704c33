"""How far applications come, step by step: the funnel of the first page and the filter of the list."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applicants.models import Application

Status = Application.Status


@dataclass(frozen=True)
class Stage:
    """A step, and the present states of those who reached it."""

    name: str
    label: str
    states: frozenset[str]


_PAID = frozenset({Status.PAID})
_REFERRED = _PAID | {Status.REFERRED}
_APPROVED = _REFERRED | {Status.APPROVED, Status.CONDITIONAL, Status.CLOSED_UNPAID}
_BEFORE_THE_GROUP = _APPROVED | {Status.ON_AGENDA, Status.DEFERRED, Status.RESERVE, Status.REJECTED}
_ELIGIBLE = _BEFORE_THE_GROUP | {Status.ELIGIBLE, Status.CARRIED_OVER}
_IDENTIFIED = frozenset(Status.values) - {Status.DRAFT}

STAGES = (
    Stage("identified", _("identified"), _IDENTIFIED),
    Stage("eligible", _("eligible"), _ELIGIBLE),
    Stage("group", _("on the agenda or decided"), _BEFORE_THE_GROUP),
    Stage("approved", _("approved by the working group"), _APPROVED),
    Stage("referred", _("referred to a bank"), _REFERRED),
    Stage("paid", _("paid"), _PAID),
)
