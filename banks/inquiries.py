"""The work list of inquiries: what each approved name still lacks before a bank. A constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, Inquiry
from banks.readiness import readiness
from iran.text import search_key
from quotas.models import InquiryKind, Programme, RequiredInquiry


class State(models.TextChoices):
    """Where a required inquiry stands, or a name by the worst of its own."""

    OBSTACLE = "obstacle", _("obstacle")
    NOT_ASKED = "not_asked", _("not asked")
    EXPIRED = "expired", _("expired")
    WAITING = "waiting", _("waiting for the answer")
    READY = "ready", _("ready for referral")


COLOURS = {
    State.OBSTACLE: "red",
    State.NOT_ASKED: "grey",
    State.EXPIRED: "orange",
    State.WAITING: "blue",
    State.READY: "teal",
}


@dataclass(frozen=True)
class Standing:
    """One required inquiry of a name, with the newest record of it."""

    kind: str
    inquiry: Inquiry | None
    state: State

    @property
    def label(self) -> str:
        return str(InquiryKind(self.kind).label)

    @property
    def colour(self) -> str:
        return "yellow" if self.is_curable else COLOURS[self.state]

    @property
    def is_curable(self) -> bool:
        return self.inquiry is not None and self.inquiry.result == Inquiry.Result.CURABLE

    @property
    def state_label(self) -> str:
        if self.state == State.READY:
            return str(Inquiry.Result.CLEAR.label)
        return str(self.inquiry.get_result_display()) if self.state == State.OBSTACLE else str(self.state.label)


@dataclass(frozen=True)
class Row:
    """One approved name with its required inquiries."""

    application: Application
    standings: tuple[Standing, ...]
    state: State
    note: str

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


def standing(kind: str, inquiry: Inquiry | None, *, today: date) -> Standing:
    """Where one required inquiry stands today."""
    if inquiry is None:
        state = State.NOT_ASKED
    elif inquiry.result == Inquiry.Result.PENDING:
        state = State.WAITING
    elif inquiry.result != Inquiry.Result.CLEAR:
        state = State.OBSTACLE
    elif inquiry.valid_until < today:
        state = State.EXPIRED
    else:
        state = State.READY
    return Standing(kind=kind, inquiry=inquiry, state=state)


def work_list(programme: Programme, *, today: date) -> list[Row]:
    """Every approved name in rank order, with where each of its required inquiries stands."""
    names = readiness(programme, today=today)
    newest = {
        (inquiry.application_id, inquiry.kind): inquiry
        for inquiry in Inquiry.everything.filter(
            application__in=[one.application.pk for one in names]
        ).newest_of_each_kind()
    }
    required: dict[str, list[str]] = {}
    for demand in RequiredInquiry.objects.filter(programme=programme):
        required.setdefault(demand.track, []).append(demand.kind)
    rows = []
    for one in names:
        kinds = required.get(one.application.track, [])
        standings = tuple(standing(kind, newest.get((one.application.pk, kind)), today=today) for kind in kinds)
        rows.append(_row(one, standings))
    return rows


def _row(one, standings: tuple[Standing, ...]) -> Row:
    present = {each.state for each in standings}
    worst = next((state for state in State if state in present), State.READY)
    # all inquiries are clear and yet something is missing: the licence
    note = str(one.obstacle) if one.obstacle is not None and worst == State.READY else ""
    return Row(application=one.application, standings=standings, state=State.OBSTACLE if note else worst, note=note)


def counts(rows: Iterable[Row]) -> dict[str, int]:
    found = dict.fromkeys(State.values, 0)
    for row in rows:
        found[row.state] += 1
    return found


def listed(rows: Iterable[Row], *, chosen: str, text: str) -> list[Row]:
    """The rows in a state (all, where none is named) whose name or identifier has every word of the text."""
    words = search_key(text).split()
    return [
        row
        for row in rows
        if (chosen not in State.values or row.state == chosen)
        and all(word in row.application.applicant.search_text for word in words)
    ]
