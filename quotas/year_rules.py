"""The year's rules that are single values: their names, types, first values and what each one rests on.

A programme stores its own copy of each (``YearRule``), which the office may change with the letter that orders it.
Values are stored as text and read through ``parse``; lists are separated by commas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """How firmly a rule stands. What is only a proposal is shown as such wherever it is edited."""

    CITED = "cited", _("published source")
    ARTICLE = "article", _("the county's own report")
    DERIVED = "derived", _("calculated from cited figures")
    PRACTICE = "practice", _("nearest published practice")
    PROPOSAL = "proposal", _("proposal without a source; to be confirmed")
    LETTER = "letter", _("circular or letter")


def _whole(text: str) -> int:
    return int(text)


def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _yes_no(text: str) -> bool:
    return {"yes": True, "no": False}[text]


@dataclass(frozen=True)
class RuleKind:
    label: str
    parse: Callable[[str], object]
    value: str
    basis: Basis
    source: str


RULES: dict[str, RuleKind] = {
    "priority_order": RuleKind(
        _("order of priority in the list and in referral"),
        _words,
        "supporter,pioneer,independent",
        Basis.ARTICLE,
        "خبر سومین جلسه کارگروه، کد ۶۲۶۸۷",
    ),
    "over_booking_ratio": RuleKind(
        _("requests invited for each rial of credit"), _decimal, "1.12", Basis.DERIVED, "۹۲ ÷ ۸۲٫۴۸"
    ),
    "quorum_percent": RuleKind(
        _("share of voting members that must be present (more than, percent)"), _whole, "50", Basis.PROPOSAL, ""
    ),
    "quorum_needs_chair": RuleKind(_("quorum needs the chair or his deputy"), _yes_no, "yes", Basis.PROPOSAL, ""),
    "quorum_needs_secretary": RuleKind(_("quorum needs the secretary"), _yes_no, "yes", Basis.PROPOSAL, ""),
    "bank_decision_days": RuleKind(
        _("days for the bank's answer"),
        _whole,
        "15",
        Basis.PRACTICE,
        "ابلاغ فرماندار ساوجبلاغ، ۳۰ آذر ۱۴۰۲؛ بسته اعتباری ۱۴۰۲",
    ),
    "referral_validity_days": RuleKind(_("days that a referral stays valid"), _whole, "30", Basis.PROPOSAL, ""),
    "prior_loan_lookback_years": RuleKind(
        _("years to look back for an earlier employment loan"), _whole, "5", Basis.PRACTICE, "ضابطه کمیته امداد"
    ),
    "inquiry_cure_days": RuleKind(_("days to cure an inquiry with an obstacle"), _whole, "30", Basis.PROPOSAL, ""),
    "minimum_age_years": RuleKind(_("youngest age of an applicant"), _whole, "18", Basis.CITED, "rade.ir 6602"),
    "licence_needed": RuleKind(
        _("a valid licence is needed before referral"), _yes_no, "no", Basis.PROPOSAL, "در مدارک ۱۴۰۱ دیده نشد"
    ),
    "loan_job_days": RuleKind(
        _("days from the last payment of a loan until its promised jobs are registered"),
        _whole,
        "60",
        Basis.PROPOSAL,
        "",
    ),
    "verify_share_percent": RuleKind(
        _("share of the registered jobs that are verified (100 = everybody, percent)"),
        _whole,
        "100",
        Basis.CITED,
        "تمام‌شماری گلستان، alborzegolestan.ir",
    ),
    "sms_wait_hours": RuleKind(_("hours to wait for an answer by SMS"), _whole, "72", Basis.PROPOSAL, ""),
    "sms_reminders": RuleKind(_("reminders by SMS"), _whole, "1", Basis.PROPOSAL, ""),
    "sms_reply_days": RuleKind(_("days within which an answer by SMS counts"), _whole, "7", Basis.PROPOSAL, ""),
    "sms_yes_closes": RuleKind(
        _("a yes by SMS closes the case where no higher level is demanded"), _yes_no, "yes", Basis.PROPOSAL, ""
    ),
    "voice_announces": RuleKind(
        _("a voice message announces the call of those who cannot get SMS"), _yes_no, "yes", Basis.PROPOSAL, ""
    ),
    "phone_attempts": RuleKind(_("calls before a person counts as unreached"), _whole, "3", Basis.PROPOSAL, ""),
    "phone_days": RuleKind(_("different days on which these calls are made"), _whole, "2", Basis.PROPOSAL, ""),
    "phone_gap_hours": RuleKind(_("hours between two calls of one day"), _whole, "3", Basis.PROPOSAL, ""),
    "phone_from_to_hours": RuleKind(_("hours of the day for calls (from, to)"), _words, "9,19", Basis.PROPOSAL, ""),
    "minimum_working_age_years": RuleKind(
        _("youngest age of a worker"), _whole, "15", Basis.CITED, "قانون کار، ماده ۷۹"
    ),
    "shared_mobile_records": RuleKind(
        _("job records with one mobile from which on they are marked"), _whole, "3", Basis.PROPOSAL, ""
    ),
    "address_cluster_records": RuleKind(
        _("job records at one address from which on they are marked"), _whole, "5", Basis.PROPOSAL, ""
    ),
    "flags_to_phone": RuleKind(
        _("warnings that demand a phone call"),
        _words,
        "mobile_shared,mobile_of_staff,address_cluster",
        Basis.PROPOSAL,
        "",
    ),
    "flags_to_field": RuleKind(
        _("warnings that demand a field visit"),
        _words,
        "household_of_supporter,line_restricted,insured_elsewhere,state_employee,start_outside_year,age_impossible",
        Basis.PROPOSAL,
        "",
    ),
    "field_above_rial": RuleKind(
        _("loans above this amount demand a field visit (rial)"), _whole, "5000000000", Basis.PROPOSAL, ""
    ),
    "field_for_supporters": RuleKind(_("every supporter is visited"), _yes_no, "yes", Basis.PROPOSAL, ""),
    "correction_minutes": RuleKind(
        _("minutes within which an operator may correct his own result"), _whole, "10", Basis.PROPOSAL, ""
    ),
    "call_lease_minutes": RuleKind(_("minutes for which an operator holds a person"), _whole, "10", Basis.PROPOSAL, ""),
}
