"""The reserve list in its order, and who is next when credit is freed."""

from django.db.models import Case, Exists, IntegerField, Max, OuterRef, QuerySet, Value, When

from applicants.models import Application
from quotas.models import Commitment

Status = Application.Status


def waiting_for_credit(programme_id: int) -> QuerySet[Application]:
    """Names that wait for free credit: first those approved whose referral ended unpaid, then the reserve.

    Within each, the list that was signed earlier comes first, and its own order holds: ranks of two lists do not compare.
    """
    held = Commitment.everything.filter(application_id=OuterRef("pk"), stage__in=Commitment.LIVE)
    rows = Application.everything.filter(programme_id=programme_id, status__in=[Status.APPROVED, Status.RESERVE])
    rows = rows.filter(~Exists(held)).select_related("applicant", "wished_bank")
    first = Case(When(status=Status.APPROVED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(listed_at=Max("agenda_items__meeting__signed_at")).order_by(first, "listed_at", "rank", "id")
