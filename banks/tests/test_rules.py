"""When a name may be referred and what a bank may answer; both sides of every limit. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from abarkuh_loans.errors import WrongStateError
from accounts.models import Bank, Branch, User
from applicants.models import Applicant, Application, Inquiry
from applicants.rules import (
    CureTimeError,
    InquiryExpiredError,
    InquiryMissingError,
    InquiryNotClearError,
    LicenceExpiredError,
    check_rejectable,
)
from banks import rules
from banks.models import Disbursement, Referral, RefusalReason
from quotas.models import Commitment, RequiredInquiry
from quotas.tests.factories import A_DAY

Status = Referral.Status
A_DAY_LATER = A_DAY + timedelta(days=1)
A_MOMENT = datetime(2022, 8, 22, 8, 0, tzinfo=UTC)


def application(**fields) -> Application:
    fields = {"status": Application.Status.APPROVED, "track": "independent", **fields}
    return Application(applicant=Applicant(first_name="مریم", last_name="احمدی"), **fields)


def referral(status=Status.ISSUED, **fields) -> Referral:
    return Referral(status=status, letter_number="1401/7", amount_rial=1_000, **fields)


def clear(**fields) -> Inquiry:
    return Inquiry(kind="overdue_debt", result="clear", answered_on=A_DAY, valid_until=A_DAY, **fields)


REQUIRED = [RequiredInquiry(kind="overdue_debt", track="independent", validity_days=30)]


def check_referable(name=None, *, inquiries=(), licence_needed=False, today=A_DAY):
    rules.check_referable(
        name or application(), required=REQUIRED, inquiries=inquiries, licence_needed=licence_needed, today=today
    )


@pytest.mark.parametrize("status", [status for status in Application.Status if status != Application.Status.APPROVED])
def test_only_an_approved_name_is_referred(status):
    with pytest.raises(rules.NotApprovedError):
        check_referable(application(status=status), inquiries=[clear()])


def test_a_name_with_a_clear_answer_is_referred_until_the_last_day_of_the_answer():
    check_referable(inquiries=[clear()])
    with pytest.raises(InquiryExpiredError):
        check_referable(inquiries=[clear()], today=A_DAY_LATER)


@pytest.mark.parametrize(
    ("inquiries", "error"),
    [
        ([], InquiryMissingError),
        ([Inquiry(kind="overdue_debt", result="pending")], InquiryMissingError),
        ([Inquiry(kind="shahkar", result="clear", valid_until=A_DAY)], InquiryMissingError),
        ([Inquiry(kind="overdue_debt", result="curable")], InquiryNotClearError),
        ([Inquiry(kind="overdue_debt", result="blocked")], InquiryNotClearError),
        ([Inquiry(kind="overdue_debt", result="clear")], InquiryExpiredError),
    ],
)
def test_a_name_whose_required_inquiry_is_not_clear_stays(inquiries, error):
    with pytest.raises(error):
        check_referable(inquiries=inquiries)


def test_a_licence_is_asked_for_where_the_year_needs_it_and_never_an_expired_one_is_taken():
    with pytest.raises(LicenceExpiredError):
        check_referable(inquiries=[clear()], licence_needed=True)
    with pytest.raises(LicenceExpiredError):
        check_referable(application(licence_expires_on=A_DAY - timedelta(days=1)), inquiries=[clear()])
    check_referable(application(licence_expires_on=A_DAY), inquiries=[clear()], licence_needed=True)


def test_nobody_passes_over_a_ready_supporter_without_a_reason():
    waiting = [application(track="supporter")]
    with pytest.raises(rules.PassedOverError, match="مریم احمدی"):
        rules.check_order(application(), ready_before=waiting, reason=" ")
    rules.check_order(application(), ready_before=waiting, reason="به درخواست کارگروه")
    rules.check_order(application(), ready_before=[], reason="")
    rules.check_order(application(is_pioneer=True), ready_before=waiting, reason="")


def branch(**fields) -> Branch:
    return Branch(
        **{"bank_id": 1, "bank": Bank(pk=1, name="مهر"), "county_id": 5, "name": "شعبه", "is_open": True, **fields}
    )


def test_a_branch_serves_the_county_of_an_agent_bank_and_is_open():
    rules.check_branch(branch(), agent_bank_ids={1}, county_id=5)
    for unfit, agents, county in ((branch(), {2}, 5), (branch(), {1}, 6), (branch(is_open=False), {1}, 5)):
        with pytest.raises(rules.BranchUnfitError):
            rules.check_branch(unfit, agent_bank_ids=agents, county_id=county)


def test_a_letter_is_of_today_or_of_a_day_from_which_it_still_holds():
    for day in (A_DAY, A_DAY - timedelta(days=30)):
        rules.check_letter_day(day, validity_days=30, today=A_DAY)
    for day in (A_DAY_LATER, A_DAY - timedelta(days=31)):
        with pytest.raises(rules.LetterDayError):
            rules.check_letter_day(day, validity_days=30, today=A_DAY)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("to", Status)
def test_a_referral_takes_only_the_arrows_of_its_life(status, to):
    if to in rules.TRANSITIONS[status]:
        rules.check_move(referral(status), to=to)
    else:
        with pytest.raises(WrongStateError):
            rules.check_move(referral(status), to=to)


def test_an_ended_referral_never_moves_again():
    assert not any(rules.TRANSITIONS[status] for status in rules.ENDED_UNPAID)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.ISSUED])
def test_a_second_answer_is_told_who_was_first_and_when(status):
    with pytest.raises(rules.AlreadyAnsweredError, match="ناهید مرادی.*۱۴۰۱/۰۵/۳۱ ۰۹:۴۲"):
        rules.check_unanswered(
            referral(status, answered_by=User(pk=1, first_name="ناهید", last_name="مرادی")), when="۱۴۰۱/۰۵/۳۱ ۰۹:۴۲"
        )
    with pytest.raises(rules.AlreadyAnsweredError):
        rules.check_unanswered(referral(status), when="")


def test_an_answer_goes_through_on_the_state_that_was_seen():
    rules.check_unanswered(referral(), when="")
    rules.check_unanswered(referral(Status.CONFIRMED), when="", seen=Status.CONFIRMED)
    with pytest.raises(rules.AlreadyAnsweredError):
        rules.check_unanswered(referral(), when="", seen=Status.CONFIRMED)


@pytest.mark.parametrize("amount", [0, -1, 1_001])
def test_a_bank_confirms_neither_nothing_nor_more_than_approved(amount):
    with pytest.raises(rules.AmountNotPayableError):
        rules.check_payable(referral(), payable_rial=amount, reason="")


def test_less_than_approved_needs_a_reason():
    rules.check_payable(referral(), payable_rial=1_000, reason="")
    rules.check_payable(referral(), payable_rial=999, reason="سقف شعبه")
    with pytest.raises(rules.ReasonNeededError):
        rules.check_payable(referral(), payable_rial=999, reason=" ")


def test_a_refusal_carries_a_coded_reason_and_other_needs_words():
    for reason in RefusalReason.values:
        rules.check_refusal(reason=reason, note="متن")
    rules.check_refusal(reason=RefusalReason.NO_GUARANTOR, note="")
    for reason, note in (("", "متن"), ("because", "متن"), (RefusalReason.OTHER, " ")):
        with pytest.raises(rules.ReasonNeededError):
            rules.check_refusal(reason=reason, note=note)


@pytest.mark.parametrize("status", Status)
def test_money_is_paid_only_on_a_confirmed_file(status):
    if status in (Status.CONFIRMED, Status.FILE_OPENED, Status.PAID_PARTIAL):
        rules.check_payable_state(referral(status))
    else:
        with pytest.raises(WrongStateError):
            rules.check_payable_state(referral(status))


def test_a_payment_lies_between_the_letter_and_today():
    for day in (A_DAY, A_DAY_LATER):
        rules.check_payment_day(day, letter_on=A_DAY, today=A_DAY_LATER)
    for day in (A_DAY - timedelta(days=1), A_DAY_LATER + timedelta(days=1)):
        with pytest.raises(rules.DayNotPossibleError):
            rules.check_payment_day(day, letter_on=A_DAY, today=A_DAY_LATER)


def test_payments_stay_within_what_the_bank_confirmed():
    lower = referral(payable_rial=800)
    rules.check_payment_within(lower, paid_rial=300, amount_rial=500)
    rules.check_payment_within(referral(), paid_rial=0, amount_rial=1_000)
    for paid, amount in ((300, 501), (0, 0), (0, -5)):
        with pytest.raises(rules.AmountNotPayableError):
            rules.check_payment_within(lower, paid_rial=paid, amount_rial=amount)


def test_a_payment_is_recorded_once():
    rules.check_not_repeated(False)
    with pytest.raises(rules.PaymentRepeatedError):
        rules.check_not_repeated(True)


def test_a_payment_is_taken_back_once_and_not_out_of_a_file_closed_below_its_amount():
    paid = Commitment(stage="paid", amount_rial=1_000, paid_rial=1_000)
    rules.check_reversible(Disbursement(), paid)
    rules.check_reversible(Disbursement(), Commitment(stage="referred", amount_rial=1_000, paid_rial=400))
    with pytest.raises(WrongStateError):
        rules.check_reversible(Disbursement(reversed_at=A_MOMENT), paid)
    with pytest.raises(WrongStateError):
        rules.check_reversible(Disbursement(), Commitment(stage="paid", amount_rial=1_000, paid_rial=400))


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.FILE_OPENED])
def test_a_confirmation_is_taken_back_within_half_an_hour(status):
    fresh = referral(status, answered_at=A_MOMENT)
    rules.check_take_back(fresh, now=A_MOMENT + timedelta(minutes=30))
    with pytest.raises(rules.TooLateToTakeBackError):
        rules.check_take_back(fresh, now=A_MOMENT + timedelta(minutes=30, seconds=1))
    with pytest.raises(rules.TooLateToTakeBackError):
        rules.check_take_back(referral(status), now=A_MOMENT)


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.CONFIRMED, Status.FILE_OPENED)])
def test_nothing_but_a_confirmation_is_taken_back(status):
    with pytest.raises(WrongStateError):
        rules.check_take_back(referral(status, answered_at=A_MOMENT), now=A_MOMENT)


def test_a_name_is_rejected_at_once_when_blocked_and_after_its_cure_time_when_curable():
    curable = Inquiry(kind="bounced_cheque", result="curable", answered_on=A_DAY)
    check_rejectable([Inquiry(kind="shahkar", result="blocked", answered_on=A_DAY)], cure_days=30, today=A_DAY)
    check_rejectable([curable], cure_days=30, today=A_DAY + timedelta(days=31))
    with pytest.raises(CureTimeError):
        check_rejectable([curable], cure_days=30, today=A_DAY + timedelta(days=30))
    with pytest.raises(CureTimeError):
        check_rejectable([clear()], cure_days=30, today=A_DAY)
