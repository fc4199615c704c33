"""Builds the 1401 programme of the demo: the county's own totals, invented people, everything through the real code."""

import json
from datetime import date, time
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from django.apps import apps
from django.db import transaction

from abarkuh_loans.errors import RuleError
from accounts.models import Bank, Branch, County, ExecutiveAgency, User
from applicants import workflow as applications
from applicants.importing import import_file as import_applicants
from applicants.models import Application, BusinessLine
from audit.acting import acting_as
from demo.users import make_users
from employment_tracking.importing import import_file as import_jobs
from iran.calendar import parse_jalali
from messaging.models import SendingRules
from quotas.models import (
    AgentBank,
    JobPlanMonth,
    JobQuota,
    JobQuotaNotice,
    LoanTerm,
    Programme,
    RankingCriterion,
    RequiredInquiry,
    Track,
    YearRule,
)
from quotas.workflow import record_notice
from quotas.year_rules import RULES
from working_group import workflow as meetings
from working_group.models import Meeting, Member

DATA = Path(__file__).resolve().parent / "data"
COUNTED = (
    "accounts.User", "accounts.ExecutiveAgency", "accounts.Bank", "quotas.Programme", "quotas.CreditPool",
    "quotas.CreditMovement", "quotas.JobQuota", "applicants.BusinessLine", "applicants.Applicant",
    "applicants.Application", "working_group.Meeting", "working_group.AgendaItem", "employment_tracking.JobRecord",
)  # fmt: skip


class DatabaseNotEmptyError(RuleError):
    """The demo never mixes with real data."""

    code = "database_not_empty"
    default_message = "The database already holds a programme; the demo is loaded into an empty one only."


@transaction.atomic
def load() -> dict[str, int]:
    """Build the whole demo, all or nothing. Gives the counts by model. Raises DatabaseNotEmptyError."""
    if Programme.everything.exists() or County.objects.exists():
        raise DatabaseNotEmptyError
    plan = json.loads((DATA / "programme_1401.json").read_text(encoding="utf-8"))
    today = parse_jalali(plan["programme"]["today"])
    programme, users = found(plan)
    expert = users["expert"]
    with acting_as(expert, context="load_demo"):
        _import_lists(programme, plan, users, today=today)
        applications.find_eligible(application_ids=Application.everything.values_list("pk", flat=True), by=expert)
        _meeting(programme, plan, by=expert, today=today)
    return {model: apps.get_model(model)._base_manager.count() for model in COUNTED}


# The demo sends at any hour of the day, and to one person as often as its days are moved on.
SENDING = {
    "quiet_from": time(0),
    "quiet_until": time(0),
    "daily_per_person": 50,
    "published_number": "03530000000",
}
# Invented people at the agencies; the last agency has none, as happens.
CONTACTS = (
    "رضا امیدی", "مینا رستمی", "حسن کاظمی", "زهرا اکبری", "علی فلاح", "نرگس یزدانی", "محمد دهقان", "فاطمه شریفی",
)  # fmt: skip


def found(plan: dict) -> tuple[Programme, dict[str, User]]:
    """The county before its first applicant: bodies, people, the year's rules, credit, quotas and the working group."""
    county = County.objects.create(**plan["county"])
    _bodies(county, plan)
    users = make_users(county)
    with acting_as(users["head"], context="load_demo"):
        programme = _programme(county, plan)
        _rules_of_the_year(programme, plan)
        _credit(programme, plan, by=users["head"])
        _job_quotas(programme, plan)
        for member in plan["members"]:
            user = users["head"] if member["seat"] == Member.Seat.SECRETARY else None
            Member.everything.create(county=county, user=user, **member)
    return programme, users


def _bodies(county: County, plan: dict) -> None:
    for number, (agency, contact) in enumerate(zip_longest(plan["agencies"], CONTACTS, fillvalue="")):
        ExecutiveAgency.objects.create(
            county=county,
            code=agency["code"],
            name=agency["name"],
            is_licensing=agency["is_licensing"],
            contact_name=contact,
            contact_mobile=f"0990999{number:04d}" if contact else "",
        )
    for row in plan["banks"]:
        bank = Bank.objects.create(code=row["code"], name=row["name"], sheba_code=row["sheba_code"])
        Branch.objects.create(bank=bank, county=county, **row["branch"])
    SendingRules.everything.create(county=county, **SENDING)


def _programme(county: County, plan: dict) -> Programme:
    year = plan["programme"]
    return Programme.everything.create(
        county=county,
        year=year["year"],
        opens_on=parse_jalali(year["opens_on"]),
        closes_on=parse_jalali(year["closes_on"]),
        budget_basis=year["budget_basis"],
    )


def _rules_of_the_year(programme: Programme, plan: dict) -> None:
    for term in plan["loan_terms"]:
        LoanTerm.objects.create(programme=programme, **{**term, "fee_percent": Decimal(term["fee_percent"])})
    for key, kind in RULES.items():
        YearRule.objects.create(programme=programme, key=key, value=kind.value, basis=kind.basis, source=kind.source)
    for track in Track.values:
        for inquiry in plan["required_inquiries"]:
            RequiredInquiry.objects.create(
                programme=programme, track=track, basis="proposal", source=plan["required_inquiries_source"], **inquiry
            )
    for criterion in plan["ranking"]:
        RankingCriterion.objects.create(programme=programme, **criterion)
    for bank in Bank.objects.filter(code__in=[row["code"] for row in plan["banks"]]).order_by("pk"):
        AgentBank.objects.create(
            programme=programme, bank=bank, basis="proposal", source="خبر نام بانک‌ها را نمی‌گوید؛ فهرست ساختگی"
        )
    for title in plan["lines"]:
        BusinessLine.everything.create(
            programme=programme, title=title, has_local_advantage=title in plan["lines_of_local_advantage"]
        )


def _credit(programme: Programme, plan: dict, *, by) -> None:
    notice = plan["credit_notice"]
    banks = dict(Bank.objects.values_list("code", "pk"))
    record_notice(
        programme_id=programme.pk,
        letter_number=notice["letter_number"],
        dated_on=parse_jalali(notice["dated_on"]),
        note=notice["note"],
        shares={banks[row["code"]]: row["share_rial"] for row in plan["banks"]},
        by=by,
    )


def _job_quotas(programme: Programme, plan: dict) -> None:
    """The year's quota of each agency, its plan spread evenly over the first five months and over the other seven."""
    for row in plan["agencies"]:
        quota = JobQuota.everything.create(programme=programme, agency=ExecutiveAgency.objects.get(code=row["code"]))
        JobQuotaNotice.objects.create(
            quota=quota,
            jobs=row["job_quota"],
            effective_on=programme.opens_on,
            letter_number=f"۱۴۰۱/س/{100 + quota.pk % 100}",
            letter_on=programme.opens_on,
        )
        months = _spread(row["plan_to_month_5"], 5) + _spread(row["job_quota"] - row["plan_to_month_5"], 7)
        for month, jobs in enumerate(months, start=1):
            JobPlanMonth.objects.create(quota=quota, month=month, jobs=jobs)


def _spread(jobs: int, months: int) -> list[int]:
    """``jobs`` over ``months`` as evenly as whole numbers allow."""
    return [jobs * (month + 1) // months - jobs * month // months for month in range(months)]


def _import_lists(programme: Programme, plan: dict, users: dict, *, today: date) -> None:
    import_applicants(DATA / "applicants_1401.xlsx", programme=programme, by=users["expert"], today=today, commit=True)
    for row in plan["agencies"]:
        import_jobs(
            DATA / f"jobs_{row['code']}.xlsx",
            programme=programme,
            agency=ExecutiveAgency.objects.get(code=row["code"]),
            by=users[f"agency_{row['code']}"],
            today=today,
            commit=True,
        )


def _meeting(programme: Programme, plan: dict, *, by: User, today: date) -> None:
    """The third meeting, planned, with every name on its agenda."""
    row = plan["meeting"]
    meeting = Meeting.everything.create(
        programme=programme,
        number=row["number"],
        held_on=parse_jalali(row["held_on"]),
        place=row["place"],
        agenda=row["agenda"],
    )
    meetings.prepare_agenda(meeting_id=meeting.pk, by=by, today=today)
