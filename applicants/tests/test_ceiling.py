"""A2 in the database: nobody asks for more than the year allows, and no ceiling falls below what is asked."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from quotas.models import LoanTerm
from quotas.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db


def test_the_database_refuses_an_amount_over_the_ceiling_whoever_writes_it():
    application = ApplicationFactory(requested_rial=1_000_000_000)

    with pytest.raises(IntegrityError, match="more than its ceiling"), transaction.atomic():
        ApplicationFactory(programme=application.programme, requested_rial=1_000_000_001)
    with pytest.raises(IntegrityError, match="more than its ceiling"), transaction.atomic():
        Application.everything.filter(pk=application.pk).update(requested_rial=1_000_000_001)


def test_an_ended_application_does_not_count():
    application = ApplicationFactory(requested_rial=900_000_000, status=Application.Status.WITHDRAWN)

    application.programme.loan_terms.filter(track=application.track).update(per_job_rial=800_000_000)

    assert LoanTerm.objects.filter(per_job_rial=800_000_000).exists()


@pytest.mark.parametrize(("per_job", "status"), [("900,000,000", 302), ("۸۹۹٬۹۹۹٬۹۹۹", 422)])
def test_a_ceiling_is_not_lowered_below_what_is_asked(client, per_job, status):
    programme = ProgrammeFactory()
    ApplicationFactory(programme=programme, requested_rial=900_000_000)
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    term = programme.loan_terms.get(track="independent")

    answer = client.post(
        reverse("admin:quotas_programme_change", args=[programme.pk]), lowered(term, per_job_rial=per_job)
    )

    assert answer.status_code == status
    term.refresh_from_db()
    if status == 422:
        assert "بیش از این سقف" in answer.content.decode()
        assert term.per_job_rial == 1_000_000_000


def lowered(term: LoanTerm, *, per_job_rial: str) -> dict:
    """The programme's form as the office sends it, with another ceiling for each job."""
    rows = {"loan_terms": 1, "rules": 0, "required_inquiries": 0, "agent_banks": 0, "criteria": 0}
    management = {f"{prefix}-{name}_FORMS": count for prefix, count in rows.items() for name in ("TOTAL", "INITIAL")}
    typed = {
        "id": term.pk,
        "programme": term.programme_id,
        "track": term.track,
        "ceiling_rial": "1000000000",
        "per_job_rial": per_job_rial,
        "min_jobs": "1",
        "max_jobs": "5",
        "fee_percent": "4",
        "basis": "letter",
        "source": "",
    }
    year = {"opens_on": "1401/01/01", "closes_on": "1402/04/31", "budget_basis": ""}
    return management | year | {f"loan_terms-0-{name}": value for name, value in typed.items()}
