"""Many beats at one moment, and beats beside answers and pauses, as real transactions: nothing happens twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.db.models import Count

from employment_tracking.models import Attempt, Campaign, VerificationCase
from employment_tracking.tests.laddering import DAYS, HOURS, Ladder
from employment_tracking.workflow import advancing, answers, campaigns, opening
from messaging.models import OutboundMessage

BEATS = 8
ROUNDS = 3
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Sent = OutboundMessage.Status


def together(*work) -> list:
    """Every piece in a thread of its own, all released by one barrier."""
    start = Barrier(len(work))

    def one(piece):
        start.wait()
        try:
            return piece()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as hands:
        return [done.result() for done in [hands.submit(one, piece) for piece in work]]


def beats(ladder, count=BEATS):
    return [lambda: advancing.advance(now=ladder.now)] * count


def questions_per_case() -> Counter:
    """How many cases have how many questions and reminders."""
    rows = VerificationCase.everything.annotate(asked=Count("attempts__message")).values_list("asked", flat=True)
    return Counter(rows)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(opening, "BATCH", 5)
    monkeypatch.setattr(advancing, "BATCH", 5)


def test_beats_at_once_open_and_remind_everybody_once(small_batches):
    for _round in range(ROUNDS):
        ladder = Ladder()
        for _ in range(24):
            ladder.record()
        campaign = ladder.started()

        together(*beats(ladder))
        ladder.advance()
        assert campaign.cases(manager="everything").count() == 24
        ladder.gateway_says(Sent.SENT)
        together(*beats(ladder))
        ladder.advance()
        ladder.now += 72 * HOURS
        together(*beats(ladder))
        ladder.advance()

        mine = Attempt.everything.filter(case__campaign=campaign)
        assert Counter(mine.values_list("outcome", flat=True)) == {"asked": 24, "reminded": 24}
        assert OutboundMessage.everything.filter(county=ladder.county).count() == 24 * 2


def test_beats_that_hold_neither_campaign_nor_case_write_things_twice(small_batches, monkeypatch):
    """The negative control: the same beats without the locks."""
    monkeypatch.setattr(advancing, "_held", unheld)
    monkeypatch.setattr(advancing, "lock", unlocked)
    for _round in range(ROUNDS * 4):
        ladder = Ladder()
        for _ in range(5):
            ladder.record()
        campaign = ladder.started()
        ladder.gateway_says(Sent.FAILED, failure="gave_up", ended=True)

        together(*beats(ladder))

        written = campaign.cases(manager="everything").filter(attempts__outcome="undelivered").count()
        if written != 5:
            return
    pytest.fail("without the locks nothing was written twice; this test shows nothing")


def unheld(campaign_id, status=Campaign.Status.RUNNING):
    return advancing.Programme.everything.select_related("county").get(campaigns=campaign_id)


def unlocked(case_ids, *, with_records=False, skip_locked=False, **still):
    return list(VerificationCase.everything.filter(pk__in=list(case_ids), **still).select_related("record"))


def answer(ladder, record):
    """As the inbox does it: in one transaction."""
    reply = ladder.reply(record, "yes")

    def take():
        with transaction.atomic():
            answers.take([reply], now=ladder.now)

    return take


def test_an_answer_and_the_end_of_its_wait_at_one_moment_leave_one_result(small_batches):
    for _round in range(ROUNDS):
        ladder = Ladder()
        people = [ladder.record() for _ in range(6)]
        ladder.rule("sms_reminders", "0")
        campaign = ladder.started()
        ladder.advance()
        ladder.gateway_says(Sent.SENT)
        ladder.advance()
        ladder.now += 3 * DAYS

        together(*[answer(ladder, record) for record in people], *beats(ladder, 4))
        ladder.advance()

        for case in campaign.cases(manager="everything").select_related("record"):
            outcomes = set(case.attempts(manager="everything").values_list("outcome", flat=True))
            answered_first = case.status == "closed"
            assert case.record.status == ("verified" if answered_first else "in_verification")
            assert ("silent" in outcomes) is not answered_first
            assert case.level == ("sms" if answered_first else "phone")
            assert "yes" in outcomes


def test_nothing_is_queued_after_a_pause(small_batches):
    for _round in range(ROUNDS):
        ladder = Ladder()
        for _ in range(20):
            ladder.record()
        campaign = ladder.started()

        together(
            *beats(ladder, 4),
            lambda campaign=campaign, ladder=ladder: campaigns.pause(
                campaign_id=campaign.pk, by=ladder.expert, now=ladder.now
            ),
        )

        assert not OutboundMessage.everything.filter(county=ladder.county, status=Sent.QUEUED).exists()
        assert set(questions_per_case()) <= {1}
        VerificationCase.everything.update(status="closed", result="unreached", closed_at=ladder.now)
        Campaign.everything.update(status=Campaign.Status.ENDED)
