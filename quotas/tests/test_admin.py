from decimal import Decimal

import pytest
from django.db import models
from django.urls import reverse

from abarkuh_loans.office_admin import FORMFIELD_OVERRIDES
from accounts.roles import Role
from accounts.tests.factories import BankFactory, UserFactory
from quotas.models import CreditNotice, CreditPool, JobPlanMonth, LoanTerm, YearRule
from quotas.tests.factories import JobQuotaFactory, ProgrammeFactory, pool_with

pytestmark = pytest.mark.django_db
ADD = "admin:quotas_creditnotice_add"


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def office(client, programme):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    return client


def notice(programme, **shares) -> dict:
    return {"programme": programme.pk, "letter_number": "د/۱۲۰۰", "dated_on": "۱۴۰۱/۰۵/۰۱", "note": "", **shares}


def test_a_notice_fills_the_pools_that_its_letter_names(office, programme):
    bank = pool_with(programme, 1_000_000, bank=BankFactory()).bank

    answer = office.post(reverse(ADD), notice(programme, share_general="۲٬۰۰۰٬۰۰۰", **{f"share_{bank.pk}": "-۴۰۰٬۰۰۰"}))

    assert answer.status_code == 302
    assert CreditPool.objects.get(programme=programme, bank=None).announced_rial == 2_000_000
    assert CreditPool.objects.get(programme=programme, bank=bank).announced_rial == 600_000


def test_a_notice_below_the_use_is_refused_at_the_banks_field(office, programme):
    pool = pool_with(programme, 1_000_000, bank=BankFactory())
    field = f"share_{pool.bank_id}"

    answer = office.post(reverse(ADD), notice(programme, **{field: "۱٬۵۰۰٬۰۰۰-"}))

    assert answer.status_code == 422
    assert "۵۰۰٬۰۰۰ ریال کم می‌آید" in answer.context["adminform"].form.errors[field][0]
    assert "۱٬۵۰۰٬۰۰۰-" in answer.content.decode()
    assert CreditNotice.objects.count() == 1


def test_a_notice_that_changes_nothing_is_refused(office, programme):
    answer = office.post(reverse(ADD), notice(programme))

    assert "تغییر دست‌کم یک سهم را بنویسید" in str(answer.context["adminform"].form.non_field_errors())


def test_a_rule_takes_only_a_value_of_its_kind(office, programme):
    rule = YearRule.objects.create(programme=programme, key="bank_decision_days", value="15", basis="proposal")
    address = reverse("admin:quotas_programme_change", args=[programme.pk])

    refused = office.post(address, rules_of(programme, rule, value="دو هفته"))
    accepted = office.post(address, rules_of(programme, rule, value="۲۰"))

    assert "این مقدار با این ضابطه نمی‌خواند" in refused.content.decode()
    assert accepted.status_code == 302
    rule.refresh_from_db()
    assert rule.value == "20"


def rules_of(programme, rule, *, value: str) -> dict:
    management = {
        f"{prefix}-{name}": number
        for prefix, rows in {
            "loan_terms": 0,
            "rules": 1,
            "required_inquiries": 0,
            "agent_banks": 0,
            "criteria": 0,
        }.items()
        for name, number in {"TOTAL_FORMS": rows, "INITIAL_FORMS": rows}.items()
    }
    return {
        **management,
        "opens_on": "1401/01/01",
        "closes_on": "1402/04/31",
        "budget_basis": "",
        "rules-0-id": rule.pk,
        "rules-0-programme": programme.pk,
        "rules-0-key": rule.key,
        "rules-0-value": value,
        "rules-0-basis": "letter",
        "rules-0-source": "",
    }


def test_what_has_no_source_is_marked(office, programme):
    YearRule.objects.create(programme=programme, key="referral_validity_days", value="30", basis="proposal")

    page = office.get(reverse("admin:quotas_programme_change", args=[programme.pk])).content.decode()

    assert '<span class="tag t-orange">بدون منبع؛ تأیید شود</span>' in page


def test_pools_and_movements_are_only_read(office, programme):
    pool = pool_with(programme, 1_000_000)

    assert office.post(reverse("admin:quotas_creditpool_change", args=[pool.pk]), {"paid_rial": 5}).status_code == 403
    assert office.get(reverse("admin:quotas_creditmovement_add")).status_code == 403


def test_a_month_that_does_not_exist_can_be_shown_with_its_error():
    assert str(JobPlanMonth(month=13, jobs=5)) == "13: ۵"


@pytest.mark.parametrize("typed", ["4.5", "4٫5", "۴٫۵", "۴.۵"])
def test_a_percentage_is_typed_as_people_type_it(typed):
    field = LoanTerm._meta.get_field("fee_percent").formfield(**FORMFIELD_OVERRIDES[models.DecimalField])

    assert field.clean(typed) == Decimal("4.5")
    assert 'type="text"' in field.widget.render("fee_percent", Decimal("4.50"))


def test_a_row_that_a_colleague_has_just_added_is_refused_and_nothing_typed_is_lost(office, programme):
    """Two windows add the same month: the second meets the database's guard, and is told."""
    quota = JobQuotaFactory(programme=programme, agency__county=programme.county, jobs=120)
    rows = {"notices": (0, 0), "plan_months": (1, 0)}
    sent = {
        f"{p}-{n}_FORMS": count
        for p, counts in rows.items()
        for n, count in zip(("TOTAL", "INITIAL"), counts, strict=True)
    }
    sent |= {"agency": quota.agency_id, "programme": programme.pk, "plan_months-0-quota": quota.pk}

    answer = office.post(
        reverse("admin:quotas_jobquota_change", args=[quota.pk]),
        sent | {"plan_months-0-month": "1", "plan_months-0-jobs": "777"},
    )

    assert answer.status_code in (200, 422)
    assert "777" in answer.content.decode() or "۷۷۷" in answer.content.decode()
    assert quota.plan_months.get(month=1).jobs == 10
