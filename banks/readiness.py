"""Which approved names are ready for a bank, and what the others still lack. A constant number of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from abarkuh_loans.errors import RuleError
from applicants.models import Application, Inquiry
from banks.rules import check_referable
from quotas.models import Programme, RequiredInquiry, Track


@dataclass(frozen=True)
class Readiness:
    """An approved name, and the one thing that stands between it and a bank (``None``: nothing)."""

    application: Application
    obstacle: RuleError | None

    @property
    def is_ready(self) -> bool:
        return self.obstacle is None


def readiness(programme: Programme, *, today: date, only: Q | None = None) -> list[Readiness]:
    """Every approved name of the programme (or those that ``only`` picks) in rank order, with its obstacle."""
    approved = Application.everything.for_programme(programme).filter(only or Q(), status=Application.Status.APPROVED)
    applications = list(approved.select_related("applicant", "agency", "line", "wished_bank").order_by("rank", "id"))
    inquiries: dict[int, list[Inquiry]] = {}
    for inquiry in Inquiry.everything.filter(application__in=applications).newest_of_each_kind():
        inquiries.setdefault(inquiry.application_id, []).append(inquiry)
    required = list(RequiredInquiry.objects.filter(programme=programme))
    return [
        Readiness(
            application=application,
            obstacle=_obstacle(
                application,
                required=[demand for demand in required if demand.track == application.track],
                inquiries=inquiries.get(application.pk, []),
                licence_needed=programme.rule("licence_needed"),
                today=today,
            ),
        )
        for application in applications
    ]


def ready_priority(programme: Programme, *, today: date) -> list[Application]:
    """The supporters and pioneers who could go to a bank today."""
    priority = Q(track=Track.SUPPORTER) | Q(is_pioneer=True)
    return [r.application for r in readiness(programme, today=today, only=priority) if r.is_ready]


def _obstacle(application: Application, **facts) -> RuleError | None:
    try:
        check_referable(application, **facts)
    except RuleError as error:
        return error
    return None
