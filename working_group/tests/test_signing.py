"""Signing the minutes."""

import pytest
from django.db import IntegrityError, connection, transaction

from applicants import workflow as applications
from applicants.models import Application, ApplicationEvent
from quotas.models import Commitment, CreditMovement
from quotas.tests.factories import A_DAY, pool_with
from working_group import minutes, rules, workflow
from working_group.models import Decision, Meeting
from working_group.tests.factories import MeetingFactory, MemberFactory, World

pytestmark = pytest.mark.django_db


def test_signing_commits_the_credit_in_rank_order_and_moves_every_name_once():
    world = World(names=3)
    events = ApplicationEvent.everything.count()

    world.signed()

    names = Application.everything.filter(programme=world.programme).order_by("rank")
    assert [name.status for name in names] == ["approved", "approved", "approved"]
    assert list(
        CreditMovement.everything.filter(kind="approve")
        .order_by("sequence")
        .values_list("commitment__application_id", flat=True)
    ) == [name.pk for name in names]
    assert world.left_rial() == 100_000_000
    assert ApplicationEvent.everything.count() == events + 2 * 3  # onto the agenda, and as decided


def test_every_outcome_goes_where_it_was_decided():
    world = World(names=5, credit_rial=5_000_000_000)
    world.open()
    world.decide(0)
    world.decide(1, outcome="conditional", reason="با ارائه پروانه")
    world.decide(2, outcome="defer", reason="ناقص بودن طرح")
    world.decide(3, outcome="reserve")
    world.decide(4, outcome="reject", reason="تکراری بودن رشته")

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    statuses = (
        Application.everything.filter(programme=world.programme).order_by("rank").values_list("status", "approved_rial")
    )
    assert list(statuses) == [
        ("approved", 300_000_000),
        ("conditional", 300_000_000),
        ("deferred", None),
        ("reserve", None),
        ("rejected", None),
    ]
    assert Commitment.everything.count() == 2
    assert ApplicationEvent.everything.get(to_status="rejected").reason == "تکراری بودن رشته"


def test_the_minutes_hold_the_digest_of_their_content_and_the_heads_of_the_ledger():
    world = World()

    meeting = world.signed()

    world.pool.refresh_from_db()
    assert meeting.content_hash == minutes.digest(meeting.minutes)
    assert meeting.minutes["pools"][0]["head"] == world.pool.head
    assert meeting.minutes["signed_by"] == str(world.head)
    assert [name["rank"] for name in meeting.minutes["names"]] == [1, 2]


def test_the_digest_does_not_depend_on_the_order_of_keys_but_on_every_value():
    assert minutes.digest({"a": 1, "b": 2}) == minutes.digest({"b": 2, "a": 1})
    assert minutes.digest({"a": 1}) != minutes.digest({"a": 2})


def test_more_than_a_pool_has_is_refused_by_how_much_and_nothing_is_written():
    world = World(names=2, credit_rial=1_000_000_000)
    world.open()
    world.approve_all()
    pool_with(world.programme, -500_000_000, bank=world.bank)
    before = (CreditMovement.everything.count(), ApplicationEvent.everything.count())

    with pytest.raises(rules.CreditShortError, match="۱۰۰٬۰۰۰٬۰۰۰ ریال"), transaction.atomic():
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    assert world.refreshed().status == Meeting.Status.IN_SESSION
    assert (CreditMovement.everything.count(), ApplicationEvent.everything.count()) == before
    assert set(Application.everything.values_list("status", flat=True)) == {"on_agenda"}


def test_the_last_rial_of_a_pool_may_be_given():
    world = World(names=2, credit_rial=600_000_000)

    world.signed()

    assert world.left_rial() == 0


def test_a_name_without_a_decision_keeps_the_minutes_open():
    world = World(names=2)
    world.open()
    world.decide(0)

    with pytest.raises(rules.UndecidedNamesError):
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)


def test_a_planned_meeting_is_not_signed():
    world = World()
    world.prepare()

    with pytest.raises(rules.MeetingNotInSessionError):
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)


def test_a_second_signature_is_refused_and_says_who_signed():
    world = World()
    world.signed()

    with pytest.raises(rules.MeetingSignedError, match=str(world.head)):
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)


def test_minutes_are_not_signed_after_the_quorum_is_lost():
    world = World()
    world.open()
    world.approve_all()
    workflow.record_attendance(meeting_id=world.meeting.pk, present={m.pk: "" for m in world.members[:3]})

    with pytest.raises(rules.NoQuorumError):
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)


def test_a_name_that_withdrew_does_not_keep_the_others_from_being_signed():
    world = World(names=3)
    world.open()
    world.approve_all()
    gone = world.item(1).application
    applications.withdraw(application_id=gone.pk, reason="انصراف", by=world.expert)

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    gone.refresh_from_db()
    assert gone.status == "withdrawn"
    assert world.refreshed().minutes["gone"][0]["name"] == gone.applicant.full_name
    assert len(world.meeting.minutes["names"]) == 2


def test_a_name_that_withdrew_before_its_decision_needs_none():
    world = World(names=2)
    world.open()
    world.decide(0)
    applications.withdraw(application_id=world.item(1).application_id, reason="انصراف", by=world.expert)

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    assert world.refreshed().status == Meeting.Status.SIGNED


def test_a_vote_taken_before_an_interest_was_declared_does_not_count():
    world = World(names=1)
    world.open()
    world.decide(0)
    workflow.declare_interest(item_id=world.item().pk, member_id=world.members[3].pk)

    with pytest.raises(rules.UndecidedNamesError):
        workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    world.decide(0)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    assert world.refreshed().minutes["names"][0]["interests"] == [world.members[3].name]
    assert world.meeting.minutes["names"][0]["votes_for"] == 6


def test_a_decision_without_a_bank_draws_on_the_general_pool():
    world = World(names=1)
    general = pool_with(world.programme, 500_000_000)
    world.open()
    world.decide(0, bank_id=None)

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    general.refresh_from_db()
    assert general.left_rial == 200_000_000
    assert world.left_rial() == 1_000_000_000


def test_a_meeting_opens_with_what_the_last_one_resolved_and_what_is_still_open_from_before():
    world = World(names=0)
    texts = []
    for number, status in ((2, "open"), (3, "done"), (4, "done")):
        meeting = MeetingFactory(programme=world.programme, number=number)
        texts.append(meeting.resolutions.create(text=f"مصوبه {number}", responsible="بانک‌ها", status=status))
    now = MeetingFactory(programme=world.programme, number=5)

    assert list(minutes.carried_resolutions(now)) == [texts[2], texts[0]]
    assert not minutes.carried_resolutions(world.meeting).exists()


# --- corrective meetings -------------------------------------------------------------------------------------------


def test_a_corrective_meeting_gives_an_approved_name_less_and_frees_the_rest():
    world = World(names=1)
    world.signed()
    name = world.names[0]
    world.next_meeting()
    workflow.take_up(
        meeting_id=world.meeting.pk, application_id=name.pk, reason="اصلاح مبلغ", by=world.expert, today=A_DAY
    )
    workflow.open_session(meeting_id=world.meeting.pk, present={m.pk: "" for m in world.members})
    world.decide(0, amount_rial=100_000_000)

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    name.refresh_from_db()
    assert (name.status, name.approved_rial) == ("approved", 100_000_000)
    assert world.left_rial() == 900_000_000
    assert Commitment.everything.filter(application_id=name.pk, stage="approved").count() == 1


def test_a_corrective_meeting_may_give_the_credit_that_the_name_itself_holds():
    world = World(names=1, credit_rial=300_000_000)
    world.signed()
    world.next_meeting()
    workflow.take_up(
        meeting_id=world.meeting.pk, application_id=world.names[0].pk, reason="تغییر", by=world.expert, today=A_DAY
    )
    assert world.item().within_credit
    workflow.open_session(meeting_id=world.meeting.pk, present={m.pk: "" for m in world.members})
    world.decide(0, outcome="reject", reason="سند نادرست")

    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    assert world.left_rial() == 300_000_000


# --- what the database refuses -------------------------------------------------------------------------------------


FROZEN = [
    "UPDATE working_group_meeting SET place = 'x' WHERE id = {meeting}",
    "UPDATE working_group_meeting SET status = 'in_session', signed_at = NULL, signed_by_id = NULL, minutes = NULL,"
    " content_hash = '' WHERE id = {meeting}",
    "DELETE FROM working_group_meeting WHERE id = {meeting}",
    "UPDATE working_group_agendaitem SET proposed_rial = 1 WHERE meeting_id = {meeting}",
    "UPDATE working_group_agendaitem SET meeting_id = {other}, rank = rank + 100 WHERE meeting_id = {meeting}",
    "DELETE FROM working_group_agendaitem WHERE meeting_id = {meeting}",
    "UPDATE working_group_attendance SET is_present = false WHERE meeting_id = {meeting}",
    "UPDATE working_group_attendance SET meeting_id = {other} WHERE meeting_id = {meeting}",
    "DELETE FROM working_group_attendance WHERE meeting_id = {meeting}",
    "INSERT INTO working_group_interest (item_id, member_id) VALUES ({item}, {member})",
    "INSERT INTO working_group_decision (item_id, outcome, reason, votes_for, votes_against, recorded_by_id)"
    " VALUES ({item}, 'defer', 'x', 1, 0, {by})",
    "INSERT INTO working_group_resolution (meeting_id, text, responsible, status) VALUES ({meeting}, 'x', 'y', 'open')",
]


@pytest.mark.parametrize("statement", FROZEN)
def test_raw_sql_cannot_change_a_signed_meeting(statement):
    world = World()
    signed, item = world.signed(), world.item()
    other = world.next_meeting()

    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                meeting=signed.pk, other=other.pk, item=item.pk, member=world.members[0].pk, by=world.expert.pk
            )
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE working_group_decision SET votes_for = 1",
        "DELETE FROM working_group_decision",
        "TRUNCATE working_group_decision",
    ],
)
def test_a_decision_is_never_rewritten_not_even_before_signing(statement):
    world = World(names=1)
    world.open()
    world.decide(0)

    with (
        pytest.raises(Exception, match="append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Decision.everything.count() == 1


def test_the_database_counts_the_voters_itself():
    world = World(names=1)
    world.open(present=5)
    workflow.declare_interest(item_id=world.item().pk, member_id=world.members[0].pk)
    vote = {"item": world.item(), "outcome": "reserve", "recorded_by": world.expert}

    with pytest.raises(IntegrityError, match="may vote"), transaction.atomic():
        Decision.everything.create(**vote, votes_for=5)

    Decision.everything.create(**vote, votes_for=4)


def test_the_database_takes_no_decision_outside_the_session():
    world = World(names=1)
    world.prepare()

    with pytest.raises(IntegrityError, match="not in session"), transaction.atomic():
        Decision.everything.create(item=world.item(), outcome="reserve", votes_for=1, recorded_by=world.expert)


def test_whether_a_resolution_was_done_is_written_after_signing_and_nothing_else():
    world = World()
    world.open()
    resolution = world.meeting.resolutions.create(text="گزارش بانک‌ها", responsible="بانک‌ها")
    world.approve_all()
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    resolution.status = "done"
    resolution.save(update_fields=["status"])

    resolution.text = "چیز دیگر"
    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        resolution.save(update_fields=["text"])
    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        resolution.delete()


def test_a_member_who_left_office_is_no_voter():
    world = World(names=1)
    extra = MemberFactory(county=world.county)
    world.members.append(extra)
    world.open(present=8)
    extra.is_active = False
    extra.save(update_fields=["is_active"])

    assert world.decide(0).votes_for == 7
