"""What each act does to the referral, the application and the credit; and that a refused act writes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction

from abarkuh_loans.errors import WrongStateError
from accounts.tests.factories import BranchFactory, UserFactory
from applicants import workflow as applications
from applicants.models import Application, ApplicationEvent
from applicants.rules import CureTimeError, InquiryMissingError
from applicants.tests.factories import ApplicationFactory, InquiryFactory
from banks import rules, workflow
from banks.models import Disbursement, Referral, ReferralEvent
from banks.tests.factories import approved, bank_branch, confirmed, figures, referred
from quotas import ledger
from quotas.ledger import CreditExhaustedError, live_commitment
from quotas.models import CreditMovement, CreditPool
from quotas.tests.factories import A_DAY, ProgrammeFactory, RequiredInquiryFactory, pool_with
from working_group.reserve import waiting_for_credit

pytestmark = pytest.mark.django_db
Status = Referral.Status
AMOUNT = 300_000_000


def pool_of(referral: Referral) -> CreditPool:
    return CreditPool.everything.get(pk=referral.commitment.pool_id)


def counted() -> tuple[int, int, int, int]:
    return (
        ReferralEvent.everything.count(),
        ApplicationEvent.everything.count(),
        CreditMovement.everything.count(),
        Disbursement.everything.count(),
    )


@pytest.fixture
def refused():
    """Run an act that must be refused and must write nothing."""

    def run(error, act, **kwargs):
        before = counted()
        with pytest.raises(error) as caught:
            act(**kwargs)
        assert counted() == before
        return caught.value

    return run


def refer(application, branch, **fields):
    given = {"letter_number": "د/1", "letter_on": A_DAY, "by": UserFactory(), "today": A_DAY, **fields}
    return workflow.refer(application_id=application.pk, branch_id=branch.pk, **given)


def test_a_referral_takes_the_held_credit_with_it_and_writes_one_event_each():
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    application = approved(programme, branch=branch)

    referral = refer(application, branch, letter_number=" د/1234/1401 ")

    application.refresh_from_db()
    assert (referral.status, application.status) == (Status.ISSUED, Application.Status.REFERRED)
    assert referral.letter_number == "د/1234/1401"
    assert (referral.answer_due_on, referral.valid_until) == (A_DAY + timedelta(days=15), A_DAY + timedelta(days=30))
    assert figures(pool_of(referral)) == (0, AMOUNT, 0)
    assert ReferralEvent.everything.filter(referral=referral).count() == 1
    assert ApplicationEvent.everything.filter(application=application, to_status="referred").count() == 1
    assert len(referral.verification_code) == 12


def test_credit_held_elsewhere_moves_to_the_bank_of_the_referral():
    programme = ProgrammeFactory()
    first, second = bank_branch(programme), bank_branch(programme)
    application = approved(programme, branch=first)

    referral = refer(application, second)

    assert figures(CreditPool.everything.get(bank=first.bank)) == (0, 0, 0)
    assert figures(CreditPool.everything.get(bank=second.bank)) == (0, AMOUNT, 0)
    assert referral.commitment.pool.bank == second.bank


def test_a_bank_without_a_share_of_its_own_pays_from_the_general_pool():
    programme = ProgrammeFactory()
    general = pool_with(programme, 1_000_000_000)
    branch = bank_branch(programme, rial=0)
    refer(approved(programme), branch)
    assert figures(general) == (0, AMOUNT, 0)


def test_without_any_pool_nobody_is_referred(refused):
    programme = ProgrammeFactory()
    branch = bank_branch(programme, rial=0)
    refused(rules.BranchUnfitError, refer, application=approved(programme), branch=branch)


def test_a_bank_whose_share_is_used_up_takes_nobody(refused):
    programme = ProgrammeFactory()
    full, empty = bank_branch(programme), bank_branch(programme, rial=AMOUNT - 1)
    refused(CreditExhaustedError, refer, application=approved(programme, branch=full), branch=empty)


def test_what_a_referral_needs_is_asked_before_anything_is_written(refused):
    programme = ProgrammeFactory()
    branch, application = bank_branch(programme), None
    application = approved(programme, branch=branch)
    refused(rules.LetterNumberMissingError, refer, application=application, branch=branch, letter_number=" ")
    refused(rules.LetterDayError, refer, application=application, branch=branch, letter_on=A_DAY + timedelta(days=1))
    refused(rules.BranchUnfitError, refer, application=application, branch=BranchFactory(county=programme.county))
    RequiredInquiryFactory(programme=programme)
    refused(InquiryMissingError, refer, application=application, branch=branch)


def test_a_name_is_referred_once(refused):
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    application = approved(programme, branch=branch)
    refer(application, branch)
    refused(rules.NotApprovedError, refer, application=application, branch=branch)


def test_a_ready_supporter_is_passed_over_only_with_a_reason_that_the_letter_keeps(refused):
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    approved(programme, branch=branch, track="supporter", promised_jobs=5)
    plain = approved(programme, branch=branch, rank=2)
    refused(rules.PassedOverError, refer, application=plain, branch=branch)
    referral = refer(plain, branch, passed_over_reason="  ضامن آماده است ")
    assert referral.passed_over_reason == "ضامن آماده است"


def test_a_reason_is_not_kept_where_nobody_was_passed_over():
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    assert refer(approved(programme, branch=branch), branch, passed_over_reason="بی‌جا").passed_over_reason == ""


def test_a_confirmation_keeps_who_and_when_and_moves_no_credit():
    referral, officer = referred(), UserFactory()
    workflow.confirm(referral_id=referral.pk, payable_rial=AMOUNT, by=officer)
    referral.refresh_from_db()
    assert (referral.status, referral.answered_by, referral.payable_rial) == (Status.CONFIRMED, officer, AMOUNT)
    assert ReferralEvent.everything.filter(referral=referral).count() == 2
    assert figures(pool_of(referral)) == (0, AMOUNT, 0)


def test_a_confirmation_with_a_file_number_opens_the_file():
    referral = referred()
    workflow.confirm(referral_id=referral.pk, payable_rial=AMOUNT, file_number=" 77 ", by=UserFactory())
    referral.refresh_from_db()
    assert (referral.status, referral.file_number) == (Status.FILE_OPENED, "77")


def test_a_second_confirmation_is_refused_with_the_name_of_the_first(refused):
    referral = confirmed()
    referral.refresh_from_db()
    error = refused(
        rules.AlreadyAnsweredError, workflow.confirm, referral_id=referral.pk, payable_rial=AMOUNT, by=UserFactory()
    )
    assert str(referral.answered_by) in str(error)


def test_more_than_approved_is_not_confirmed(refused):
    refused(
        rules.AmountNotPayableError,
        workflow.confirm,
        referral_id=referred().pk,
        payable_rial=AMOUNT + 1,
        by=UserFactory(),
    )


def test_who_declines_a_waiting_referral_does_not_undo_a_colleagues_confirmation(refused):
    referral, by = confirmed(), UserFactory()
    refused(rules.AlreadyAnsweredError, workflow.decline, referral_id=referral.pk, refusal_reason="no_guarantor", by=by)
    refused(rules.AlreadyAnsweredError, workflow.return_to_office, referral_id=referral.pk, note="شناسنامه", by=by)


@pytest.mark.parametrize("seen", [Status.ISSUED, Status.CONFIRMED])
def test_a_refusal_frees_the_credit_at_once_and_the_name_is_approved_again(seen):
    referral = referred() if seen == Status.ISSUED else confirmed()
    workflow.decline(referral_id=referral.pk, refusal_reason="other", note="کوچ کرد", by=UserFactory(), seen=seen)
    referral.refresh_from_db()
    assert (referral.status, referral.application.status) == (Status.REFUSED, Application.Status.APPROVED)
    assert figures(pool_of(referral)) == (0, 0, 0)
    assert ReferralEvent.everything.filter(referral=referral, to_status=Status.REFUSED).get().reason.endswith("کوچ کرد")
    assert live_commitment(referral.application_id) is None


def test_a_refusal_without_words_keeps_the_label_of_its_code():
    referral = referred()
    workflow.decline(referral_id=referral.pk, refusal_reason="no_guarantor", by=UserFactory())
    event = ReferralEvent.everything.get(referral=referral, to_status=Status.REFUSED)
    assert event.reason == str(Referral(refusal_reason="no_guarantor").get_refusal_reason_display())


def test_a_refusal_without_its_reason_is_no_answer(refused):
    refused(rules.ReasonNeededError, workflow.decline, referral_id=referred().pk, refusal_reason="", by=UserFactory())


def test_a_return_says_what_is_missing_and_frees_the_credit(refused):
    referral = referred()
    refused(rules.ReasonNeededError, workflow.return_to_office, referral_id=referral.pk, note=" ", by=UserFactory())
    workflow.return_to_office(referral_id=referral.pk, note="پروانه ندارد", by=UserFactory())
    referral.refresh_from_db()
    assert referral.status == Status.RETURNED
    assert figures(pool_of(referral)) == (0, 0, 0)


def test_the_office_takes_a_referral_back_with_a_reason_before_money_is_paid(refused):
    referral = referred()
    refused(rules.ReasonNeededError, workflow.cancel, referral_id=referral.pk, reason="", by=UserFactory())
    workflow.cancel(referral_id=referral.pk, reason="اشتباه در شعبه", by=UserFactory())
    referral.refresh_from_db()
    assert (referral.status, referral.application.status) == (Status.CANCELLED, Application.Status.APPROVED)
    refused(WrongStateError, workflow.cancel, referral_id=referral.pk, reason="دوباره", by=UserFactory())


def test_a_name_whose_referral_ended_is_referred_again_from_new_credit():
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    referral = referred(programme, branch=branch)
    workflow.cancel(referral_id=referral.pk, reason="اشتباه", by=UserFactory())
    again = refer(referral.application, branch)
    assert again.commitment_id != referral.commitment_id
    assert figures(pool_of(again)) == (0, AMOUNT, 0)


def test_whoever_finds_no_credit_left_for_a_second_referral_stands_first_in_the_reserve():
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    referral = referred(programme, branch=branch)
    workflow.decline(referral_id=referral.pk, refusal_reason="no_guarantor", by=UserFactory())
    pool = pool_of(referral)
    pool.refresh_from_db()
    taken = ApplicationFactory(programme=programme)
    with transaction.atomic():
        ledger.lock_pools(programme_id=programme.pk)
        ledger.approve(pool, application_id=taken.pk, amount_rial=pool.left_rial, by=UserFactory())

    with pytest.raises(ledger.CreditExhaustedError):
        refer(referral.application, branch)

    referral.application.refresh_from_db()
    assert referral.application.status == Application.Status.RESERVE
    assert waiting_for_credit(programme.pk).first() == referral.application


def test_a_letter_expires_the_day_after_its_last_and_nobody_is_named_for_it():
    referral = referred()
    assert not workflow.expire(referral_id=referral.pk, today=referral.valid_until)
    assert workflow.expire(referral_id=referral.pk, today=referral.valid_until + timedelta(days=1))
    referral.refresh_from_db()
    assert referral.status == Status.EXPIRED
    assert ReferralEvent.everything.get(referral=referral, to_status=Status.EXPIRED).happened_by is None
    assert figures(pool_of(referral)) == (0, 0, 0)
    assert not workflow.expire(referral_id=referral.pk, today=referral.valid_until + timedelta(days=2))


def test_a_confirmed_referral_does_not_expire():
    referral = confirmed()
    assert not workflow.expire(referral_id=referral.pk, today=referral.valid_until + timedelta(days=99))


def test_a_file_is_opened_on_a_confirmed_referral_alone(refused):
    referral = referred()
    refused(rules.ReasonNeededError, workflow.open_file, referral_id=referral.pk, file_number=" ", by=UserFactory())
    refused(WrongStateError, workflow.open_file, referral_id=referral.pk, file_number="1", by=UserFactory())
    other = confirmed()
    workflow.open_file(referral_id=other.pk, file_number=" 12 ", by=UserFactory())
    other.refresh_from_db()
    assert (other.status, other.file_number) == (Status.FILE_OPENED, "12")


def test_a_confirmation_taken_back_waits_as_if_never_answered(refused):
    referral = confirmed()
    workflow.take_back_answer(referral_id=referral.pk, by=UserFactory())
    referral.refresh_from_db()
    assert (referral.status, referral.answered_by, referral.payable_rial) == (Status.ISSUED, None, None)
    refused(WrongStateError, workflow.take_back_answer, referral_id=referral.pk, by=UserFactory())


def test_after_half_an_hour_a_confirmation_stands(refused):
    referral = confirmed()
    referral.refresh_from_db()
    Referral.everything.filter(pk=referral.pk).update(answered_at=referral.answered_at - timedelta(minutes=31))
    refused(rules.TooLateToTakeBackError, workflow.take_back_answer, referral_id=referral.pk, by=UserFactory())


def pay(referral, amount_rial=AMOUNT, **fields):
    given = {"paid_on": A_DAY, "contract_number": "ق/1", "by": UserFactory(), "today": A_DAY, **fields}
    return workflow.record_payment(referral_id=referral.pk, amount_rial=amount_rial, **given)


def test_a_full_payment_ends_the_referral_and_the_application():
    referral = confirmed()
    pay(referral)
    referral.refresh_from_db()
    assert (referral.status, referral.application.status) == (Status.PAID, Application.Status.PAID)
    assert figures(pool_of(referral)) == (0, 0, AMOUNT)


def test_payments_in_parts_add_up():
    referral = confirmed()
    for number, part in enumerate((100_000_000, 50_000_000)):
        pay(referral, part, contract_number=f"ق/{number}")
        referral.refresh_from_db()
        assert referral.status == Status.PAID_PARTIAL
    assert figures(pool_of(referral)) == (0, 150_000_000, 150_000_000)
    pay(referral, 150_000_000, contract_number="ق/9")
    referral.refresh_from_db()
    assert referral.status == Status.PAID
    assert figures(pool_of(referral)) == (0, 0, AMOUNT)
    assert ReferralEvent.everything.filter(referral=referral, to_status=Status.PAID_PARTIAL).count() == 1


def test_the_last_payment_below_the_amount_gives_the_rest_back():
    referral = confirmed()
    pay(referral, 200_000_000, is_final=True)
    referral.refresh_from_db()
    assert referral.status == Status.PAID
    assert figures(pool_of(referral)) == (0, 0, 200_000_000)


def test_what_the_bank_did_not_confirm_comes_back_with_the_payment():
    referral = confirmed(payable_rial=250_000_000)
    pay(referral, 250_000_000)
    assert figures(pool_of(referral)) == (0, 0, 250_000_000)


def test_a_payment_that_does_not_fit_is_refused(refused):
    referral, waiting = confirmed(payable_rial=200_000_000), referred()
    refused(rules.AmountNotPayableError, pay, referral=referral, amount_rial=200_000_001)
    refused(rules.DayNotPossibleError, pay, referral=referral, paid_on=A_DAY + timedelta(days=1))
    refused(rules.ReasonNeededError, pay, referral=referral, contract_number=" ")
    refused(WrongStateError, pay, referral=waiting)
    pay(referral, 100_000_000)
    refused(rules.PaymentRepeatedError, pay, referral=referral, amount_rial=100_000_000)


def test_a_reversed_payment_may_be_recorded_again():
    referral = confirmed()
    payment = pay(referral, 100_000_000)
    workflow.reverse_payment(disbursement_id=payment.pk, reason="اشتباه", by=UserFactory())
    pay(referral, 100_000_000)
    assert figures(pool_of(referral)) == (0, 200_000_000, 100_000_000)


def test_a_payment_taken_back_is_referred_credit_again(refused):
    referral = confirmed()
    first, second = pay(referral, 100_000_000), pay(referral, 200_000_000, contract_number="ق/2")
    refused(rules.ReasonNeededError, workflow.reverse_payment, disbursement_id=second.pk, reason=" ", by=UserFactory())
    workflow.reverse_payment(disbursement_id=second.pk, reason="به حساب دیگری رفت", by=UserFactory())
    referral.refresh_from_db()
    assert (referral.status, referral.application.status) == (Status.PAID_PARTIAL, Application.Status.REFERRED)
    assert figures(pool_of(referral)) == (0, 200_000_000, 100_000_000)
    workflow.reverse_payment(disbursement_id=first.pk, reason="این هم", by=UserFactory())
    referral.refresh_from_db()
    assert referral.status == Status.FILE_OPENED
    assert figures(pool_of(referral)) == (0, AMOUNT, 0)
    refused(WrongStateError, workflow.reverse_payment, disbursement_id=first.pk, reason="باز", by=UserFactory())


def test_one_of_two_parts_taken_back_leaves_the_file_partly_paid():
    referral = confirmed()
    payment = pay(referral, 100_000_000)
    pay(referral, 50_000_000, contract_number="ق/2")
    workflow.reverse_payment(disbursement_id=payment.pk, reason="اشتباه", by=UserFactory())
    referral.refresh_from_db()
    assert referral.status == Status.PAID_PARTIAL


def test_a_name_with_an_obstacle_leaves_with_its_credit_only_when_it_may(refused):
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    application = approved(programme, branch=branch)
    act = {"application_id": application.pk, "reason": "بدهی معوق", "by": UserFactory(), "today": A_DAY}
    refused(CureTimeError, applications.reject_after_inquiry, **act)
    InquiryFactory(application=application, result="blocked", answered_on=A_DAY)
    applications.reject_after_inquiry(**act)
    application.refresh_from_db()
    assert application.status == Application.Status.REJECTED
    assert figures(CreditPool.everything.get(bank=branch.bank)) == (0, 0, 0)
