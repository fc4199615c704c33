"""The frozen minutes in printed form, for the page and for the PDF. Reads nothing but the signed content."""

import re
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from iran.calendar import TEHRAN
from iran.money import grouped_fa, rial
from iran.templatetags.iran import fa, jalali, jalali_datetime
from quotas.models import Track
from working_group.models import Decision, Meeting, Member, Resolution

_TYPED_NUMBER = re.compile(r"^\s*\d+\s*[.)\-–]\s*")

# The words of the PDF; the page says the same ones in its template.
WORDS = {
    "bismillah": "بسمه تعالی",
    "secretariat": gettext_lazy("Secretariat of the employment and investment working group"),
    "number": gettext_lazy("Number:"),
    "date": gettext_lazy("Date:"),
    "attached": gettext_lazy("Attachment: yes"),
    "began": gettext_lazy("Began:"),
    "ended": gettext_lazy("ended:"),
    "place": gettext_lazy("Place:"),
    "chair": gettext_lazy("Chair:"),
    "secretary": gettext_lazy("Secretary:"),
    "agenda": gettext_lazy("Agenda"),
    "previous": gettext_lazy("Resolutions of earlier meetings"),
    "discussion": gettext_lazy("Summary of the discussion"),
    "resolutions": gettext_lazy("Resolutions"),
    "resolution": gettext_lazy("Resolution"),
    "responsible": gettext_lazy("Responsible"),
    "deadline": gettext_lazy("Deadline"),
    "status": gettext_lazy("Status"),
    "names": gettext_lazy("Names"),
    "amount": gettext_lazy("Amount (rial)"),
    "present": gettext_lazy("Those present"),
    "name": gettext_lazy("Name"),
    "position": gettext_lazy("Position"),
    "body": gettext_lazy("Body"),
    "signature": gettext_lazy("Signature"),
    "absent": gettext_lazy("Absent:"),
    "attachment": gettext_lazy("Attachment: names and decisions"),
    "rank": gettext_lazy("Rank"),
    "national_id": gettext_lazy("National ID"),
    "kind": gettext_lazy("Kind"),
    "line": gettext_lazy("Line"),
    "agency": gettext_lazy("Agency"),
    "approved": gettext_lazy("Approved (rial)"),
    "bank": gettext_lazy("Bank"),
    "result": gettext_lazy("Result"),
    "without_vote": gettext_lazy("without a vote:"),
    "signed": gettext_lazy("Signed in the system:"),
    "digest": gettext_lazy("Digest of the content (SHA-256):"),
    "left": gettext_lazy("left"),
    "movements": gettext_lazy("movements"),
    "head": gettext_lazy("head of the ledger"),
    "page": gettext_lazy("Page"),
    "of": gettext_lazy("of"),
}


def document(meeting: Meeting) -> dict:
    """The frozen content as a page and a PDF print it: every figure, day and word already in its printed form.

    Reads nothing but the signed minutes.
    """
    content = meeting.minutes
    held_on, signed_at = date.fromisoformat(content["held_on"]), datetime.fromisoformat(content["signed_at"])
    present = [row for row in content["attendance"] if row["present"]]
    chair = next((row for row in present if row["seat"] == Member.Seat.CHAIR), None)
    secretary = next((row for row in present if row["seat"] == Member.Seat.SECRETARY), None)
    return {
        "title": _("Minutes of meeting %(number)s of the employment and investment working group of %(county)s county")
        % {"number": fa(content["number"]), "county": content["county"]},
        "number": f"{fa(content['number'])}/{fa(content['year'])}",
        "held_on": jalali(held_on),
        "began_at": clock(datetime.fromisoformat(content["opened_at"])),
        "ended_at": clock(signed_at),
        "place": content["place"],
        "chair": _who(chair),
        "secretary": _who(secretary),
        "agenda": agenda_items(content["agenda"]),
        "discussion": content["discussion"].splitlines(),
        "previous": [_printed_resolution(row) for row in content["previous"]],
        "resolutions": [_printed_resolution(row) for row in content["resolutions"]],
        "present": [_printed_attendance(row) for row in present],
        "absent": [f"{row['name']}، {row['position']}" for row in content["attendance"] if not row["present"]],
        "names": [_printed_name(row) for row in content["names"]],
        "gone": [f"{row['name']}: {row['state']}" for row in content["gone"]],
        "sums": _sums(content["names"]),
        "pools": [
            {
                "pool": row["pool"],
                "left": rial(row["left_rial"]),
                "movements": fa(row["movements"]),
                "head": row["head"],
            }
            for row in content["pools"]
        ],
        "signed_by": content["signed_by"],
        "signed_at": jalali_datetime(signed_at),
        "hash": meeting.content_hash,
        "words": {name: str(word) for name, word in WORDS.items()},
    }


def agenda_items(text: str) -> list[str]:
    """The items without the numbers that were typed before them; the paper numbers them itself."""
    return [item for line in text.splitlines() if (item := _TYPED_NUMBER.sub("", line).strip())]


def clock(moment: datetime) -> str:
    local = moment.astimezone(TEHRAN)
    return fa(f"{local.hour}:{local.minute:02d}")


def _who(row: dict | None) -> str:
    if row is None:
        return ""
    return _("%(deputy)s, deputy of %(name)s") % row if row["deputy"] else row["name"]


def _printed_attendance(row: dict) -> dict:
    return {"name": _who(row), "position": row["position"], "body": row["body"]}


def _printed_resolution(row: dict) -> dict:
    due = jalali(date.fromisoformat(row["due_on"])) if row["due_on"] else ""
    status = str(Resolution.Status(row["status"]).label)
    return {
        "text": row["text"],
        "responsible": row["responsible"],
        "due": due,
        "status": status,
        "meeting": fa(row["meeting"]),
    }


def _printed_name(row: dict) -> dict:
    track = str(Track(row["track"]).label)
    return {
        "rank": fa(row["rank"]),
        "name": row["name"],
        "identifier": fa(row["identifier"]),
        "track": f"{track}، {_('pioneer')}" if row["pioneer"] else track,
        "line": row["line"],
        "agency": row["agency"],
        "amount": grouped_fa(row["amount_rial"]) if row["amount_rial"] else "",
        "bank": row["bank"] or "",
        "outcome": str(Decision.Outcome(row["outcome"]).label),
        "reason": row["reason"],
        "votes": _votes(row),
        "interests": "، ".join(row["interests"]),
    }


def _votes(row: dict) -> str:
    """The votes where somebody was against; a unanimous decision needs no count."""
    if not row["votes_against"]:
        return ""
    counts = {"votes_for": fa(row["votes_for"]), "votes_against": fa(row["votes_against"])}
    return _("%(votes_for)s for, %(votes_against)s against") % counts


def _sums(names: list[dict]) -> list[dict]:
    """How many names and how much by decision, in the order of the choices."""
    found = []
    for outcome in Decision.Outcome:
        rows = [row for row in names if row["outcome"] == outcome]
        if rows:
            amount = sum(row["amount_rial"] or 0 for row in rows)
            found.append(
                {"outcome": str(outcome.label), "names": fa(len(rows)), "amount": grouped_fa(amount) if amount else ""}
            )
    return found
