"""Planning a meeting and drawing up its agenda: ranked, fitted to the credit, drawn anew after every change."""

from datetime import date

from django.db import IntegrityError, transaction

from applicants import workflow as applications
from applicants.models import Application, ApplicationEvent
from applicants.rules import LiveApplicationExistsError, check_reason
from working_group import rules
from working_group.flags import flags_of
from working_group.models import AgendaItem, Attendance, Meeting, Member
from working_group.proposal import Proposal, Row, propose
from working_group.workflow.locks import lock, lock_programme


@transaction.atomic
def plan_meeting(*, programme_id: int, number: int, held_on: date, place: str, agenda: str) -> Meeting:
    """Plan a meeting; every member in office is expected there. Raises MeetingNumberTakenError."""
    try:
        with transaction.atomic():
            meeting = Meeting.everything.create(
                programme_id=programme_id, number=number, held_on=held_on, place=place, agenda=agenda
            )
    except IntegrityError as error:
        if "meeting_number_once" not in str(error):
            raise
        raise rules.MeetingNumberTakenError from error
    _expect_members(meeting)
    return meeting


@transaction.atomic
def describe_meeting(*, meeting_id: int, held_on: date, place: str, agenda: str, discussion: str) -> Meeting:
    """Write down what a meeting is and what was said in it, until it is signed. Raises MeetingSignedError."""
    meeting = lock(meeting_id)
    rules.check_not_signed(meeting)
    meeting.held_on, meeting.place, meeting.agenda, meeting.discussion = held_on, place, agenda, discussion
    meeting.save(update_fields=["held_on", "place", "agenda", "discussion"])
    return meeting


@transaction.atomic
def prepare_agenda(*, meeting_id: int, by, today: date, strategy: str = "strict") -> int:
    """Put every waiting name on a planned meeting's agenda, ranked and fitted to the credit. Gives their number.

    Done again, it draws the list up anew. Raises MeetingSignedError, WrongStateError, StrategyUnknownError.
    """
    meeting = _lock_planned(meeting_id)
    _draw_up(meeting, propose(meeting.programme, today=today, strategy=strategy, meeting=meeting), by=by, today=today)
    _expect_members(meeting)
    return AgendaItem.everything.filter(meeting=meeting).count()


@transaction.atomic
def remove_name(*, item_id: int, by, today: date) -> None:
    """Take a name off a planned agenda: it goes back to where it was, and the rest is fitted to the credit again.

    Raises MeetingSignedError, WrongStateError.
    """
    item = AgendaItem.everything.get(pk=item_id)
    meeting = _lock_planned(item.meeting_id)
    application = applications.lock(item.application_id)
    others = _names_on(meeting) - {application.pk}
    proposal = propose(meeting.programme, today=today, meeting=meeting, only=others)
    if application.status == Application.Status.ON_AGENDA:  # else it has withdrawn, and only its line goes
        applications.move(application, to=_came_from(application), by=by)
    _draw_up(meeting, proposal, by=by, today=today)


@transaction.atomic
def take_up(*, meeting_id: int, application_id: int, reason: str, by, today: date) -> None:
    """Put a name that an earlier meeting decided on the agenda of a corrective meeting, with the reason.

    What the earlier meeting gave it stays held until this one is signed. Raises MeetingSignedError, WrongStateError,
    ReasonMissingError, LiveApplicationExistsError.
    """
    meeting = _lock_planned(meeting_id)
    check_reason(reason)
    application = applications.lock(application_id)
    rules.check_correctable(application)
    try:
        with transaction.atomic():
            applications.move(application, to=Application.Status.ON_AGENDA, by=by, reason=reason)
    except IntegrityError as error:  # a rejected person may have applied again
        if "application_one_live_per_person" not in str(error):
            raise
        raise LiveApplicationExistsError from error
    names = _names_on(meeting) | {application.pk}
    _draw_up(meeting, propose(meeting.programme, today=today, meeting=meeting, only=names), by=by, today=today)


def _lock_planned(meeting_id: int) -> Meeting:
    lock_programme(meeting_id=meeting_id)
    meeting = lock(meeting_id)
    rules.check_planned(meeting)
    return meeting


def _names_on(meeting: Meeting) -> set[int]:
    return set(AgendaItem.everything.filter(meeting=meeting).values_list("application_id", flat=True))


def _came_from(application: Application) -> str:
    """The state in which the name was put on the agenda."""
    steps = ApplicationEvent.everything.filter(application=application, to_status=Application.Status.ON_AGENDA)
    return steps.order_by("-id").values_list("from_status", flat=True)[0]


def _draw_up(meeting: Meeting, proposal: Proposal, *, by, today: date) -> None:
    AgendaItem.everything.filter(meeting=meeting).delete()
    flagged = flags_of([row.ranked.application for row in proposal.rows], today=today)
    AgendaItem.everything.bulk_create(_item(meeting, row, flagged[row.ranked.application.pk]) for row in proposal.rows)
    names = Application.everything.locked().filter(agenda_items__meeting=meeting).select_related("applicant")
    for application in names:
        if application.status != Application.Status.ON_AGENDA:
            applications.move(application, to=Application.Status.ON_AGENDA, by=by)


def _expect_members(meeting: Meeting) -> None:
    members = Member.everything.filter(county=meeting.programme.county_id, is_active=True)
    expected = set(Attendance.everything.filter(meeting=meeting).values_list("member_id", flat=True))
    Attendance.everything.bulk_create(
        Attendance(meeting=meeting, member=member) for member in members if member.pk not in expected
    )


def _item(meeting: Meeting, row: Row, flags: list[str]) -> AgendaItem:
    place = row.ranked
    return AgendaItem(
        meeting=meeting,
        application=place.application,
        rank=place.rank,
        score=place.score,
        explanation=_explanation(place),
        proposed_rial=row.amount_rial,
        proposed_bank_id=row.pool.bank_id if row.pool else None,
        within_credit=row.chosen,
        flags=flags,
    )


def _explanation(place) -> list[dict]:
    """The tier first (without points), then what each criterion gave; the tie-break is read from the application."""
    tier = {"label": place.tier_label, "points": None}
    return [
        tier,
        *(
            {"label": earned.label, "points": earned.points, "times": earned.times, "capped": earned.is_capped}
            for earned in place.points
        ),
    ]
