"""The content of signed minutes and its digest: what was there when the meeting was signed, word for word."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from django.db.models import Q, QuerySet

from working_group.models import Attendance, Decision, Meeting, Resolution
from working_group.rules import Quorum


def canonical(content: dict) -> bytes:
    """The one byte string that stands for a content, whatever order its keys came in."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: dict) -> str:
    """SHA-256 of the canonical content, printed at the foot of the minutes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def compose(
    meeting: Meeting, *, decisions: Iterable[Decision], gone: Iterable, pools: Iterable, quorum: Quorum
) -> dict:
    """Everything that the minutes say. Days are ISO Gregorian, moments ISO in UTC, amounts rial.

    ``gone`` are applications that left the agenda before the signing; ``pools`` stand as after the commitments.
    """
    return {
        "county": str(meeting.programme.county),
        "year": meeting.programme.year,
        "number": meeting.number,
        "held_on": meeting.held_on.isoformat(),
        "opened_at": meeting.opened_at.isoformat(),
        "place": meeting.place,
        "agenda": meeting.agenda,
        "discussion": meeting.discussion,
        "signed_by": str(meeting.signed_by),
        "signed_at": meeting.signed_at.isoformat(),
        "quorum": asdict(quorum),
        "attendance": [_attendance(attendance) for attendance in _attendances(meeting)],
        "previous": [_resolution(resolution) for resolution in carried_resolutions(meeting)],
        "names": [_name(decision) for decision in decisions],
        "gone": [
            {"name": application.applicant.full_name, "state": str(application.get_status_display())}
            for application in gone
        ],
        "resolutions": [_resolution(resolution) for resolution in Resolution.everything.filter(meeting=meeting)],
        "pools": [
            {"pool": str(pool), "left_rial": pool.left_rial, "movements": pool.sequence, "head": pool.head}
            for pool in pools
        ],
    }


def carried_resolutions(meeting: Meeting) -> QuerySet[Resolution]:
    """What a meeting opens with: the resolutions of the one before it, and whatever is still open from earlier ones."""
    earlier = Meeting.everything.filter(programme=meeting.programme_id, number__lt=meeting.number)
    last = earlier.order_by("-number").values("pk")[:1]
    rows = Resolution.everything.filter(meeting__in=earlier).select_related("meeting")
    return rows.filter(Q(meeting__in=last) | Q(status=Resolution.Status.OPEN)).order_by("-meeting__number", "id")


def _attendances(meeting: Meeting) -> QuerySet[Attendance]:
    return Attendance.everything.filter(meeting=meeting).select_related("member")


def _attendance(attendance: Attendance) -> dict:
    member = attendance.member
    return {
        "name": member.name,
        "position": member.position,
        "body": member.body,
        "seat": member.seat,
        "votes": member.votes,
        "present": attendance.is_present,
        "deputy": attendance.deputy_name,
    }


def _resolution(resolution: Resolution) -> dict:
    return {
        "meeting": resolution.meeting.number,
        "text": resolution.text,
        "responsible": resolution.responsible,
        "due_on": resolution.due_on.isoformat() if resolution.due_on else None,
        "status": resolution.status,
    }


def _name(decision: Decision) -> dict:
    item = decision.item
    application = item.application
    return {
        "rank": item.rank,
        "tracking_code": application.tracking_code,
        "name": application.applicant.full_name,
        "identifier": application.applicant.identifier,
        "track": application.track,
        "pioneer": application.is_pioneer,
        "line": application.line_name,
        "agency": str(application.agency),
        "score": item.score,
        "flags": item.flags,
        "jobs": application.promised_jobs,
        "requested_rial": application.requested_rial,
        "outcome": decision.outcome,
        "amount_rial": decision.amount_rial,
        "bank": str(decision.bank) if decision.bank_id else None,
        "reason": decision.reason,
        "votes_for": decision.votes_for,
        "votes_against": decision.votes_against,
        "interests": [interest.member.name for interest in item.interests.all()],
    }
