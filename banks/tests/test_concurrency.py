"""Several officers at the same moment, in real transactions: one answer, one payment, one referral, no deadlock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from abarkuh_loans.errors import RuleError
from accounts.tests.factories import UserFactory
from applicants import workflow as applications
from background.models import RequestKey
from banks import expiry, workflow
from banks.models import Disbursement, Referral, ReferralEvent
from banks.sending import once
from banks.tests.factories import approved, bank_branch, confirmed, figures, referred
from quotas.models import CreditPool
from quotas.tests.factories import A_DAY, ProgrammeFactory
from working_group import workflow as meetings
from working_group.models import AgendaItem, Meeting, Member

pytestmark = pytest.mark.django_db(transaction=True)
Status = Referral.Status


def at_once(*acts: Callable[[], object]) -> list:
    """Run the acts together, each on its own connection; gives what each returned, or the code of its refusal."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except RuleError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(run, acts))


@pytest.mark.parametrize("turn", range(5))
def test_two_officers_who_answer_at_once_give_one_answer(turn):
    referral, first, second = referred(), UserFactory(), UserFactory()

    answers = at_once(
        lambda: workflow.confirm(referral_id=referral.pk, payable_rial=referral.amount_rial, by=first),
        lambda: workflow.decline(referral_id=referral.pk, refusal_reason="no_guarantor", by=second),
    )

    assert answers.count("already_answered") == 1
    assert ReferralEvent.everything.filter(referral=referral).count() == 2
    referral.refresh_from_db()
    pool = CreditPool.everything.get(pk=referral.commitment.pool_id)
    assert (referral.status, figures(pool)) in [
        (Status.CONFIRMED, (0, referral.amount_rial, 0)),
        (Status.REFUSED, (0, 0, 0)),
    ]


@pytest.mark.parametrize("turn", range(5))
def test_a_letter_that_expires_while_the_bank_confirms_has_one_fate(turn):
    referral, officer = referred(), UserFactory()
    late = referral.valid_until + timedelta(days=1)

    confirmed_or_not, found = at_once(
        lambda: workflow.confirm(referral_id=referral.pk, payable_rial=referral.amount_rial, by=officer).status,
        lambda: expiry.expire_due(today=late)["expired"],
    )

    referral.refresh_from_db()
    assert (referral.status, confirmed_or_not, found) in [
        (Status.CONFIRMED, Status.CONFIRMED, 0),
        (Status.EXPIRED, "already_answered", 1),
    ]


def test_one_payment_sent_sixty_four_times_is_paid_once():
    referral, officer = confirmed(), UserFactory()
    given = {"amount_rial": 100_000_000, "contract_number": "ق/1"}

    def pay():
        def act():
            payment = workflow.record_payment(referral_id=referral.pk, paid_on=A_DAY, by=officer, today=A_DAY, **given)
            return {"payment": payment.pk}

        return once(user=officer, key="one", endpoint=f"payment-record:{referral.pk}", content=given, act=act)[
            "payment"
        ]

    answers = at_once(*[pay] * 64)

    assert set(answers) == {Disbursement.everything.get().pk}
    assert RequestKey.everything.count() == 1


def test_one_name_issued_twice_at_once_is_referred_once():
    programme, office = ProgrammeFactory(), UserFactory()
    branch = bank_branch(programme)
    application = approved(programme, branch=branch)

    def refer():
        given = {"letter_number": "1", "letter_on": A_DAY, "by": office, "today": A_DAY}
        return workflow.refer(application_id=application.pk, branch_id=branch.pk, **given).pk

    answers = at_once(refer, refer, refer)

    assert answers.count("not_approved") == 2
    assert Referral.everything.count() == 1


def test_a_batch_of_referrals_and_a_signing_do_not_block_each_other():
    programme, office = ProgrammeFactory(), UserFactory()
    branches = [bank_branch(programme), bank_branch(programme)]
    names = [approved(programme, branch=branches[n % 2], rank=n + 1) for n in range(20)]
    meeting = _meeting_in_session(programme, office, names=10)

    def refer(chosen, branch):
        given = {"letter_number": "1", "letter_on": A_DAY, "by": office, "today": A_DAY}
        return [workflow.refer(application_id=name.pk, branch_id=branch.pk, **given).pk for name in chosen]

    answers = at_once(
        lambda: refer(names[:10], branches[0]),
        lambda: refer(names[:9:-1], branches[1]),
        lambda: meetings.sign(meeting_id=meeting.pk, by=office).status,
    )

    assert [len(answers[0]), len(answers[1]), answers[2]] == [10, 10, Meeting.Status.SIGNED]


def _meeting_in_session(programme, office, *, names: int) -> Meeting:
    for seat in Member.Seat:
        Member.everything.create(county=programme.county, name=seat, position="عضو", body="فرمانداری", seat=seat)
    waiting = [approved(programme) for _ in range(names)]
    for name in waiting:
        type(name).everything.filter(pk=name.pk).update(**{"status": "eligible", "approved_rial": None, "rank": None})
    meeting = Meeting.everything.create(programme=programme, number=9, held_on=A_DAY, place="فرمانداری")
    meetings.prepare_agenda(meeting_id=meeting.pk, by=office, today=A_DAY)
    meetings.open_session(meeting_id=meeting.pk, present={m.pk: "" for m in Member.everything.all()}, by=office)
    for item in AgendaItem.everything.filter(meeting=meeting):
        bank, amount = item.proposed_bank_id, item.proposed_rial
        meetings.decide(item_id=item.pk, outcome="approve", amount_rial=amount, bank_id=bank, by=office)
    return meeting


def test_a_name_withdrawn_while_it_is_referred_has_one_fate():
    programme, office = ProgrammeFactory(), UserFactory()
    branch = bank_branch(programme)
    application = approved(programme, branch=branch)
    given = {"letter_number": "1", "letter_on": A_DAY, "by": office, "today": A_DAY}

    answers = at_once(
        lambda: workflow.refer(application_id=application.pk, branch_id=branch.pk, **given).status,
        lambda: applications.withdraw(application_id=application.pk, reason="انصراف", by=office),
    )

    application.refresh_from_db()
    assert (application.status, *answers) in [
        ("referred", Status.ISSUED, "wrong_state"),
        ("withdrawn", "not_approved", None),
    ]
