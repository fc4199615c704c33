"""Where a case begins, what closes it, where it goes next."""

from datetime import datetime, timedelta

import pytest

from employment_tracking.models import Campaign, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.rules.calls import Level, Outcome, Result, Step
from employment_tracking.rules.ladder import Fate, LadderRules
from iran.calendar import TEHRAN

NOW = datetime(2022, 8, 22, 10, 0, tzinfo=TEHRAN)


def year(**changes) -> LadderRules:
    usual = {
        "share_percent": 100,
        "wait": timedelta(hours=72),
        "reminders": 1,
        "reply_counts": timedelta(days=7),
        "yes_closes": True,
        "voice": True,
        "to_phone": frozenset({"mobile_shared", "address_cluster"}),
        "to_field": frozenset({"line_restricted", "state_employee"}),
        "field_above_rial": 5_000_000_000,
        "field_for_supporters": True,
    }
    return LadderRules(**usual | changes)


@pytest.mark.parametrize(
    ("flags", "is_supporter", "loan_rial", "level", "reasons"),
    [
        ((), False, 0, Level.SMS, []),
        (("line_unapproved",), False, 0, Level.SMS, []),
        (("mobile_shared",), False, 0, Level.PHONE, ["mobile_shared"]),
        (("mobile_shared", "state_employee"), False, 0, Level.FIELD, ["state_employee", "mobile_shared"]),
        ((), True, 0, Level.FIELD, ["supporter"]),
        ((), False, 5_000_000_000, Level.SMS, []),
        ((), False, 5_000_000_001, Level.FIELD, ["large_loan"]),
    ],
)
def test_flags_supporters_and_large_loans_decide_how_far_up_a_case_must_go(
    flags, is_supporter, loan_rial, level, reasons
):
    assert rules.must_reach(flags, is_supporter=is_supporter, loan_rial=loan_rial, rules=year()) == (level, reasons)


def test_a_flag_named_for_both_levels_demands_the_visit_once():
    both = year(to_phone=frozenset({"mobile_shared"}), to_field=frozenset({"mobile_shared"}))

    assert rules.must_reach(["mobile_shared"], is_supporter=False, loan_rial=0, rules=both) == (
        Level.FIELD,
        ["mobile_shared"],
    )


def test_supporters_are_visited_only_where_the_year_says_so():
    lenient = year(field_for_supporters=False)

    assert rules.must_reach((), is_supporter=True, loan_rial=0, rules=lenient)[0] == Level.SMS


def after(meaning, *, must_reach=Level.SMS, is_shared=False, **changes) -> Step:
    return rules.after_reply(meaning, must_reach=must_reach, is_shared=is_shared, rules=year(**changes), now=NOW)


def test_a_yes_closes_a_case_that_must_go_no_higher():
    assert after("yes") == Step(Level.SMS, result=Result.CONFIRMED)


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({"must_reach": Level.PHONE}, Step(Level.PHONE, next_at=NOW)),
        ({"must_reach": Level.FIELD}, Step(Level.FIELD)),
        ({"is_shared": True}, Step(Level.PHONE, next_at=NOW)),
        ({"is_shared": True, "must_reach": Level.FIELD}, Step(Level.FIELD)),
        ({"yes_closes": False}, Step(Level.PHONE, next_at=NOW)),
    ],
)
def test_a_yes_goes_up_where_more_is_demanded(more, step):
    assert after("yes", **more) == step


@pytest.mark.parametrize("meaning", ["no", "unclear", "opt_out"])
@pytest.mark.parametrize("must_reach", [Level.SMS, Level.FIELD])
def test_every_other_answer_is_asked_again_by_phone(meaning, must_reach):
    assert after(meaning, must_reach=must_reach) == Step(Level.PHONE, next_at=NOW)


@pytest.mark.parametrize(
    ("status", "failure", "is_settled", "fate"),
    [
        ("queued", "", False, Fate.UNDER_WAY),
        ("sending", "", False, Fate.UNDER_WAY),
        ("sent", "", False, Fate.WAITING),
        ("delivered", "", True, Fate.WAITING),
        ("unknown", "fate_unknown", True, Fate.WAITING),
        ("undelivered", "", False, Fate.WAITING),
        ("undelivered", "line_failed", True, Fate.FAILED),
        ("blocked", "blocked", False, Fate.WAITING),
        ("blocked", "blocked", True, Fate.FAILED),
        ("failed", "bad_number", True, Fate.FAILED),
        ("cancelled", "cancelled", True, Fate.HELD_BACK),
        ("cancelled", "opted_out", True, Fate.FAILED),
    ],
)
def test_a_question_has_failed_only_when_the_gateway_says_nothing_more(status, failure, is_settled, fate):
    assert rules.fate_of(status, failure=failure, is_settled=is_settled) == fate


@pytest.mark.parametrize(
    ("status", "failure", "outcome", "announced"),
    [
        ("failed", "bad_number", Outcome.WRONG_NUMBER, False),
        ("cancelled", "opted_out", Outcome.OPTED_OUT, False),
        ("blocked", "blocked", Outcome.BLOCKED, True),
        ("failed", "gave_up", Outcome.UNDELIVERED, True),
        ("undelivered", "", Outcome.UNDELIVERED, True),
    ],
)
def test_a_failure_is_written_as_what_it_was_and_announced_by_voice_where_a_voice_may_reach(
    status, failure, outcome, announced
):
    assert rules.outcome_of_failure(status, failure=failure) == outcome
    assert rules.is_announced(outcome, rules=year()) is announced
    assert not rules.is_announced(outcome, rules=year(voice=False))


def test_there_are_as_many_reminders_as_the_year_says():
    assert rules.is_reminded(0, rules=year())
    assert not rules.is_reminded(1, rules=year())
    assert not rules.is_reminded(0, rules=year(reminders=0))


def test_a_census_asks_everybody():
    assert rules.draw([3, 1, 2], share_percent=100, seed="a") == [1, 2, 3]


def test_a_draw_is_the_same_for_the_same_seed_in_any_order_and_another_for_another():
    frame = list(range(20_001, 21_001))
    drawn = rules.draw(frame, share_percent=20, seed="a")

    assert len(drawn) == 200
    assert drawn == rules.draw(frame[::-1], share_percent=20, seed="a")
    assert drawn != rules.draw(frame, share_percent=20, seed="b")


def test_a_share_is_rounded_up():
    assert len(rules.draw([1, 2, 3], share_percent=34, seed="a")) == 2
    assert rules.draw([], share_percent=34, seed="a") == []


def test_lists_are_compared_by_their_digest():
    assert rules.digest([2, 1]) == rules.digest([1, 2]) != rules.digest([12])


@pytest.mark.parametrize("status", Campaign.Status.values)
@pytest.mark.parametrize("to", Campaign.Status.values)
def test_a_campaign_takes_only_its_own_arrows(status, to):
    campaign = Campaign(status=status)
    if to in rules.ARROWS[status]:
        rules.check_campaign_move(campaign, to=to)
        return
    with pytest.raises(rules.CampaignStateError):
        rules.check_campaign_move(campaign, to=to)


@pytest.mark.parametrize(
    ("status", "reason", "level"),
    [("open", "شکایت", "phone"), ("reopened", "شکایت", "phone"), ("closed", "  ", "phone"), ("closed", "شکایت", "sms")],
)
def test_only_a_closed_case_is_opened_again_and_with_a_reason(status, reason, level):
    with pytest.raises(rules.ReopenError):
        rules.check_reopen(VerificationCase(status=status), level=level, reason=reason, levels=("phone", "field"))


def test_a_closed_case_is_opened_again():
    rules.check_reopen(VerificationCase(status="closed"), level="field", reason="شکایت", levels=("field",))
