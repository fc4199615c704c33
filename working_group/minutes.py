"""The content of signed minutes and its digest: what was there when the meeting was signed, word for word."""

import hashlib
import json
from collections.abc import Iterable

from working_group.models import Decision, Meeting


def canonical(content: dict) -> bytes:
    """The one byte string that stands for a content, whatever order its keys came in."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: dict) -> str:
    """SHA-256 of the canonical content, printed at the foot of the minutes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def compose(meeting: Meeting, *, decisions: Iterable[Decision], signed_by, pools: Iterable) -> dict:
    """Everything that the minutes say. Days are ISO Gregorian, amounts rial; ``pools`` stand as after the commitments."""
    return {
        "county": str(meeting.programme.county),
        "year": meeting.programme.year,
        "number": meeting.number,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "agenda": meeting.agenda,
        "discussion": meeting.discussion,
        "signed_by": str(signed_by),
        "attendance": [
            {
                "name": attendance.member.name,
                "position": attendance.member.position,
                "body": attendance.member.body,
                "seat": attendance.member.seat,
                "present": attendance.is_present,
                "deputy": attendance.deputy_name,
            }
            for attendance in meeting.attendances.select_related("member")
        ],
        "names": [_name(decision) for decision in decisions],
        "resolutions": [
            {
                "text": resolution.text,
                "responsible": resolution.responsible,
                "due_on": resolution.due_on.isoformat() if resolution.due_on else None,
            }
            for resolution in meeting.resolutions.all()
        ],
        "pools": [
            {"pool": str(pool), "left_rial": pool.left_rial, "movements": pool.sequence, "head": pool.head}
            for pool in pools
        ],
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
