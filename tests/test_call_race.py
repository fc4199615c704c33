"""Many operators ask for the next person at one moment, as transactions. Nobody is given to two of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from employment_tracking.models import Attempt, VerificationCase
from employment_tracking.rules.calls import NotInHandError, Outcome
from employment_tracking.tests.calling import NOW, Desk
from employment_tracking.workflow import calls

OPERATORS = 24
ROUNDS = 4

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def together(work, people) -> list:
    """Everybody does ``work(person)`` in a thread of his own, all released by one barrier."""
    start = Barrier(len(people))

    def one(person):
        start.wait()
        try:
            return work(person)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as hands:
        return list(hands.map(one, people))


def given(desk: Desk, operators) -> Counter:
    """How often each person was given, when all ask at once."""
    return Counter(case.pk for case in together(lambda by: calls.take_next(by=by, now=NOW), operators) if case)


def test_no_person_is_given_to_two_operators():
    for _round in range(ROUNDS):
        desk = Desk()
        operators = [desk.new_operator() for _ in range(OPERATORS)]
        for _person in range(OPERATORS - 4):
            desk.case()

        people = given(desk, operators)

        assert len(people) == OPERATORS - 4
        assert set(people.values()) == {1}


def unlocked(*, by, now):
    """``take_next`` as one would first write it: look, then write."""
    with transaction.atomic():
        case = calls.to_call(by=by, now=now).first()
        if case is not None:
            case.lease_by, case.lease_until = by, now + calls.CallRules.of(case.record.programme).lease
            case.save(update_fields=["lease_by", "lease_until"])
        return case


def test_without_the_lock_the_same_people_are_given_twice(monkeypatch):
    """The negative control of the test above."""
    monkeypatch.setattr(calls, "take_next", unlocked)
    desk = Desk()
    operators = [desk.new_operator() for _ in range(OPERATORS)]
    for _person in operators:
        desk.case()

    assert max(given(desk, operators).values()) > 1


def test_without_the_lease_the_next_one_gets_the_same_person(monkeypatch):
    """The other half of the guard: the lock ends with the transaction, the lease does not."""
    monkeypatch.setattr(VerificationCase, "save", lambda self, **fields: None)
    desk = Desk()
    record = desk.record()
    VerificationCase.everything.bulk_create(
        [VerificationCase(record=record, campaign=desk.campaign, level="phone", next_at=NOW)]
    )

    assert calls.take_next(by=desk.operator, now=NOW) == calls.take_next(by=desk.colleague, now=NOW)


def test_two_windows_of_one_operator_show_one_person():
    desk = Desk()
    for _person in range(8):
        desk.case()

    people = given(desk, [desk.operator] * 8)

    assert list(people.values()) == [8]


def test_a_result_sent_twice_at_one_moment_is_recorded_once():
    desk = Desk()
    case = desk.case()
    calls.take_next(by=desk.operator, now=NOW)

    def send(by):
        try:
            return calls.record_call(case_id=case.pk, outcome=Outcome.CONFIRMED, by=by, now=NOW, seen=0).pk
        except NotInHandError:
            return None

    answers = together(send, [desk.operator] * 8)

    assert Attempt.everything.count() == 1
    assert sum(answer is not None for answer in answers) == 1
