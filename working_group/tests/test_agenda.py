"""Drawing up an agenda."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from abarkuh_loans.errors import WrongStateError
from applicants import workflow as applications
from applicants.models import Application, ApplicationEvent, Inquiry, LineRestriction
from applicants.rules import LiveApplicationExistsError, ReasonMissingError
from applicants.tests.factories import ApplicationFactory
from quotas.models import Track
from quotas.tests.factories import A_DAY, pool_with
from working_group import rules, workflow
from working_group.models import AgendaItem, Meeting
from working_group.proposal import StrategyUnknownError
from working_group.tests.factories import MemberFactory, World

pytestmark = pytest.mark.django_db


def test_a_planned_meeting_expects_every_member_in_office():
    world = World()
    MemberFactory(county=world.county, is_active=False)

    meeting = workflow.plan_meeting(
        programme_id=world.programme.pk, number=2, held_on=A_DAY, place="فرمانداری", agenda=""
    )

    assert meeting.status == Meeting.Status.PLANNED
    assert meeting.attendances.count() == 7


def test_a_number_is_given_once_a_year():
    world = World()

    with pytest.raises(rules.MeetingNumberTakenError):
        workflow.plan_meeting(programme_id=world.programme.pk, number=1, held_on=A_DAY, place="x", agenda="")


def test_another_fault_of_a_new_meeting_is_not_taken_for_its_number():
    world = World()

    with pytest.raises(IntegrityError, match="number_check"), transaction.atomic():
        workflow.plan_meeting(programme_id=world.programme.pk, number=-1, held_on=A_DAY, place="x", agenda="")


def test_every_waiting_name_comes_on_once_with_one_event():
    world = World(names=3)
    deferred = world.name(status=Application.Status.DEFERRED)
    world.name(status=Application.Status.REGISTERED)

    world.prepare()

    assert world.meeting.items.count() == 4
    assert ApplicationEvent.everything.filter(to_status="on_agenda").count() == 4
    deferred.refresh_from_db()
    assert deferred.status == "on_agenda"
    world.prepare()
    assert ApplicationEvent.everything.count() == 4
    assert world.meeting.items.count() == 4


def test_supporters_stand_first_and_the_first_that_fits_no_pool_draws_the_line():
    world = World(names=0, credit_rial=1_000)
    big = world.name(asked_rial=600)
    fits_not = world.name(asked_rial=500)
    behind = world.name(asked_rial=100)
    first = world.name(asked_rial=300, track=Track.SUPPORTER, promised_jobs=5)

    world.prepare()

    rows = list(world.meeting.items.order_by("rank").values_list("application_id", "within_credit"))
    assert rows == [(first.pk, True), (big.pk, True), (fits_not.pk, False), (behind.pk, False)]


def test_names_on_another_open_agenda_are_left_to_it():
    world = World(names=2)
    world.prepare()
    other = world.name()
    second = world.next_meeting()

    world.prepare()

    assert [item.application_id for item in second.items.all()] == [other.pk]


def test_an_unknown_strategy_is_refused_and_nothing_is_written():
    world = World()

    with pytest.raises(StrategyUnknownError):
        workflow.prepare_agenda(meeting_id=world.meeting.pk, by=world.expert, today=A_DAY, strategy="best")

    assert not AgendaItem.everything.exists()


@pytest.mark.parametrize("verb", ["prepare", "remove", "take_up"])
def test_the_agenda_of_a_meeting_in_session_stands(verb):
    world = World()
    world.open()
    acts = {
        "prepare": lambda: workflow.prepare_agenda(meeting_id=world.meeting.pk, by=world.expert, today=A_DAY),
        "remove": lambda: workflow.remove_name(item_id=world.item().pk, by=world.expert, today=A_DAY),
        "take_up": lambda: workflow.take_up(
            meeting_id=world.meeting.pk, application_id=world.names[0].pk, reason="x", by=world.expert, today=A_DAY
        ),
    }

    with pytest.raises(WrongStateError):
        acts[verb]()

    assert world.meeting.items.count() == 2


@pytest.mark.parametrize("came_from", ["eligible", "deferred"])
def test_a_name_taken_off_goes_back_to_where_it_was_and_the_rest_moves_up(came_from):
    world = World(names=0, credit_rial=300_000_000)
    first = world.name(status=came_from)
    second = world.name()
    world.prepare()
    assert not world.item(1).within_credit

    workflow.remove_name(item_id=world.item(0).pk, by=world.expert, today=A_DAY)

    first.refresh_from_db()
    assert first.status == came_from
    assert ApplicationEvent.everything.filter(application=first).count() == 2
    item = world.meeting.items.get()
    assert (item.application_id, item.rank, item.within_credit) == (second.pk, 1, True)


def test_the_line_of_a_name_that_withdrew_can_be_taken_off():
    world = World(names=2)
    world.prepare()
    gone = world.item(0)
    applications.withdraw(application_id=gone.application_id, reason="انصراف", by=world.expert)

    workflow.remove_name(item_id=gone.pk, by=world.expert, today=A_DAY)

    assert world.meeting.items.count() == 1
    assert Application.everything.get(pk=gone.application_id).status == "withdrawn"


def test_an_obstacle_is_a_remark_and_keeps_the_name_out_of_the_joint_decision():
    world = World(names=0, credit_rial=10_000_000_000)
    Inquiry.everything.create(
        application=world.name(), kind="bounced_cheque", asked_on=A_DAY, answered_on=A_DAY, result="blocked",
        recorded_by=world.expert,
    )  # fmt: skip
    world.name(line=None, line_title="چیزی")
    world.name(licence_expires_on=date(2022, 8, 21))
    LineRestriction.objects.create(line=world.name().line, reason="اشباع")
    world.name(licence_expires_on=A_DAY)
    world.open()

    assert workflow.decide_unflagged(meeting_id=world.meeting.pk, by=world.expert) == 1
    assert all(len(item.flags) == 1 for item in world.meeting.items.exclude(decisions__isnull=False))


def test_particulars_change_until_the_signature():
    world = World()
    typed = {"held_on": A_DAY, "place": "بخشداری", "agenda": "الف", "discussion": "ب"}
    workflow.describe_meeting(meeting_id=world.meeting.pk, **typed)
    assert world.refreshed().place == "بخشداری"
    world.signed()

    with pytest.raises(rules.MeetingSignedError):
        workflow.describe_meeting(meeting_id=world.meeting.pk, **typed)


# --- corrective meetings -------------------------------------------------------------------------------------------


def test_a_name_is_taken_up_with_a_reason():
    world = World(names=1)
    world.signed()
    world.next_meeting()

    with pytest.raises(ReasonMissingError):
        workflow.take_up(
            meeting_id=world.meeting.pk, application_id=world.names[0].pk, reason=" ", by=world.expert, today=A_DAY
        )

    assert not world.meeting.items.exists()


def test_a_name_taken_up_and_off_again_is_as_approved_as_before():
    world = World(names=1)
    world.signed()
    name, left = world.names[0], world.left_rial()
    world.next_meeting()
    workflow.take_up(meeting_id=world.meeting.pk, application_id=name.pk, reason="اصلاح", by=world.expert, today=A_DAY)

    workflow.remove_name(item_id=world.item().pk, by=world.expert, today=A_DAY)

    name.refresh_from_db()
    assert (name.status, name.approved_rial, world.left_rial()) == ("approved", 300_000_000, left)


def test_a_rejected_person_who_applied_again_is_not_taken_up():
    world = World(names=1)
    world.open()
    world.decide(0, outcome="reject", reason="نقص")
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    ApplicationFactory(programme=world.programme, applicant=world.names[0].applicant)
    world.next_meeting()

    with pytest.raises(LiveApplicationExistsError):
        workflow.take_up(
            meeting_id=world.meeting.pk, application_id=world.names[0].pk, reason="اصلاح", by=world.expert, today=A_DAY
        )


def test_another_fault_of_taking_up_is_not_taken_for_a_second_application(monkeypatch):
    world = World(names=1)
    world.signed()
    world.next_meeting()

    def fail(*args, **kwargs):
        raise IntegrityError("something else")

    monkeypatch.setattr(applications, "move", fail)
    with pytest.raises(IntegrityError, match="something else"):
        workflow.take_up(
            meeting_id=world.meeting.pk, application_id=world.names[0].pk, reason="x", by=world.expert, today=A_DAY
        )


def test_a_deferred_name_comes_back_by_itself():
    world = World(names=1)
    world.open()
    world.decide(0, outcome="defer", reason="نقص مدارک")
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    second = world.next_meeting()
    pool_with(world.programme, 1_000, bank=world.bank)

    world.prepare()

    assert second.items.get().application_id == world.names[0].pk
