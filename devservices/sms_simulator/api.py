"""Kavenegar's methods: parameters in, ``entries`` out, or a :class:`Refusal` with its code."""

import datetime
import json
import re
from dataclasses import dataclass

from devservices.sms_simulator import codes
from devservices.sms_simulator.codes import Refusal
from devservices.sms_simulator.store import Store
from devservices.sms_simulator.switches import Switches

MOST_RECEPTORS, MOST_CHARACTERS, MOST_NUMBERS, MOST_INBOX = 200, 900, 500, 100
LOCALID_HOURS, STATUS_HOURS = 12, 48
RIAL_PER_PART, RIAL_PER_CALL = 1_200, 3_000
LATIN = re.compile(r"[\x00-\x7f]*")
TAG = re.compile(r"[A-Za-z0-9_-]{1,200}")
PLACE = re.compile(r"%token\d*")
SPACES_ALLOWED = {"token": 0, "token2": 0, "token3": 0, "token10": 5, "token20": 8}


@dataclass
class Gateway:
    store: Store
    switches: Switches
    lines: list[str]
    service_lines: list[str]
    templates: dict[str, str]


class Call:
    """One request: its parameters by name, once or several times."""

    def __init__(self, gateway: Gateway, verb: str, parameters: dict[str, list[str]]) -> None:
        self.gateway, self.store, self.switches = gateway, gateway.store, gateway.switches
        self.verb, self.parameters, self.now = verb, parameters, gateway.store.now()

    def text(self, name: str, default: str | None = None) -> str:
        value = self.parameters.get(name, [""])[0]
        if value or default is not None:
            return value or default
        raise Refusal(400)

    def number(self, name: str, default: int | None = None, *, refusal: int = 400) -> int:
        value = self.text(name, None if default is None else str(default))
        if not re.fullmatch(r"\d{1,18}", value):
            raise Refusal(refusal)
        return int(value)

    def words(self, name: str) -> list[str]:
        """A comma list, which may also come as several parameters of one name."""
        found = [word.strip() for value in self.parameters.get(name, []) for word in value.split(",")]
        return [word for word in found if word]

    def array(self, name: str) -> list[str]:
        """A JSON array, as documented; or several parameters of one name, as some libraries send it."""
        values = self.parameters.get(name, [])
        if len(values) == 1 and values[0].lstrip().startswith("["):
            try:
                values = json.loads(values[0])
            except ValueError:
                raise Refusal(400) from None
        return [str(value) for value in values]

    def numbers(self, name: str) -> list[str]:
        found = self.words(name)
        if not found:
            raise Refusal(400)
        if len(found) > MOST_NUMBERS:
            raise Refusal(414)
        return found

    def span(self) -> tuple[int, float]:
        start = self.number("startdate", refusal=417)
        end = self.number("enddate", 0, refusal=417) or self.now
        if end < start:
            raise Refusal(417)
        return start, end


# --- sending
def send(call: Call):
    receptors, text = call.words("receptor"), call.text("message", "")
    if not receptors:
        raise Refusal(400)
    localids = call.words("localid")
    if localids and len(localids) != len(receptors):
        raise Refusal(419)
    sender = call.text("sender", call.gateway.lines[0])
    return accept(call, receptors, [sender] * len(receptors), [text] * len(receptors), localids)


def sendarray(call: Call):
    if call.verb != "POST":
        raise Refusal(405)
    receptors, senders, texts = call.array("receptor"), call.array("sender"), call.array("message")
    if not (receptors and senders and texts):
        raise Refusal(400)
    localids, types = call.array("localmessageids"), call.array("type")
    if {len(senders), len(texts), *(len(given) for given in (localids, types) if given)} != {len(receptors)}:
        raise Refusal(419)
    return accept(call, receptors, senders, texts, localids)


def maketts(call: Call):
    receptors, text = call.words("receptor"), call.text("message", "")
    if not receptors:
        raise Refusal(400)
    lines = [call.gateway.lines[0]] * len(receptors)
    return accept(call, receptors, lines, [text] * len(receptors), call.words("localid"), channel="call")


def lookup(call: Call):
    receptor, name = call.text("receptor"), call.text("template")
    text = call.gateway.templates.get(name)
    if text is None:
        raise Refusal(424)
    places = set(PLACE.findall(text))
    for token, most in SPACES_ALLOWED.items():
        value = call.text(token, "")
        if token == "token" and not value:
            raise Refusal(400)
        if value.count(" ") > most or len(value) > 100:
            raise Refusal(431)
        if value and f"%{token}" not in places:
            raise Refusal(432)
    by_call = call.text("type", "sms") == "call"
    if by_call and not call.text("token").isdigit():
        raise Refusal(428)
    filled = PLACE.sub(lambda place: call.text(place[0][1:], ""), text)
    line = (call.gateway.service_lines or call.gateway.lines)[0]
    return accept(call, [receptor], [line], [filled], [], channel="call" if by_call else "sms")


def accept(call: Call, receptors, senders, texts, localids, *, channel: str = "sms") -> list[dict]:
    """Check everything, then take everything: a refused call leaves nothing behind."""
    if len(receptors) > MOST_RECEPTORS:
        raise Refusal(414)
    if any(not 0 < len(text.strip()) <= MOST_CHARACTERS for text in texts):
        raise Refusal(413)
    mobiles = [mobile_of(receptor) for receptor in receptors]
    if not {*senders} <= {*call.gateway.lines, *call.gateway.service_lines}:
        raise Refusal(412)
    if (tag := call.text("tag", "")) and not TAG.fullmatch(tag):
        raise Refusal(607)
    due = call.number("date", 0, refusal=417)
    if due and due < call.now - 60:
        raise Refusal(417)
    deduplicate = bool(localids) and call.switches["deduplicate"]
    names = localids if deduplicate else [*range(len(mobiles))]
    with call.store.transaction():
        known = {}
        if deduplicate:
            known = call.store.by_localids(localids, since=call.now - LOCALID_HOURS * 3600)
        drafts = {}
        for place, name in enumerate(names):
            if name not in known and name not in drafts:
                localid = localids[place] if localids else None
                drafts[name] = draft(call, channel, localid, senders[place], mobiles[place], texts[place], due)
        if not call.switches.spend(sum(entry["cost"] for entry in drafts.values())):
            raise Refusal(418)
        taken = dict(zip(drafts, call.store.add_messages([*drafts.values()]), strict=True))
        rows = [known.get(name) or taken[name] for name in names]
    return [sent_entry(row) for row in rows]


def draft(call: Call, channel: str, localid: str | None, sender: str, mobile: str, text: str, due: int) -> dict:
    parts = parts_of(text)
    later = due > call.now
    return {
        "channel": channel, "localid": localid, "sender": sender, "receptor": mobile, "text": text, "parts": parts,
        "cost": RIAL_PER_CALL if channel == "call" else parts * RIAL_PER_PART,
        "status": codes.SCHEDULED if later else codes.QUEUED, "accepted_at": call.now,
        "step_at": due if later else call.now + call.switches["delivery_ms"] / 2000,
    }  # fmt: skip


def mobile_of(receptor: str) -> str:
    found = re.fullmatch(r"(?:\+98|0098|98|0)?(9\d{9})", receptor.strip())
    if not found:
        raise Refusal(411)
    return "0" + found[1]


def parts_of(text: str) -> int:
    one, more = (160, 153) if LATIN.fullmatch(text) else (70, 67)
    return 1 if len(text) <= one else -(-len(text) // more)


# --- what became of them
def status(call: Call):
    numbers = call.numbers("messageid")
    known = {row["id"]: row for row in call.store.messages([int(word) for word in numbers if word.isdigit()])}
    oldest = call.now - STATUS_HOURS * 3600
    entries = []
    for word in numbers:
        row = known.get(int(word)) if word.isdigit() else None
        entries.append(status_entry(word, row if row and row["accepted_at"] >= oldest else None))
    return entries


def statuslocalmessageid(call: Call):
    numbers = call.numbers("localid")
    known = call.store.by_localids(numbers, since=call.now - LOCALID_HOURS * 3600)
    return [
        status_entry(known[word]["id"] if word in known else 0, known.get(word)) | {"localid": word} for word in numbers
    ]


def select(call: Call):
    numbers = [int(word) for word in call.numbers("messageid") if word.isdigit()]
    return [sent_entry(row) for row in call.store.messages(numbers)]


def selectoutbox(call: Call):
    start, end = call.span()
    found = call.store.rows(
        "SELECT * FROM message WHERE accepted_at BETWEEN ? AND ? AND sender = coalesce(nullif(?, ''), sender)"
        " ORDER BY id DESC LIMIT ?",
        [start, end, call.text("sender", ""), MOST_NUMBERS],
    )
    return [sent_entry(row) for row in found]


def latestoutbox(call: Call):
    size = call.number("pagesize", MOST_NUMBERS)
    if not 1 <= size <= MOST_NUMBERS:
        raise Refusal(400)
    found = call.store.rows(
        "SELECT * FROM message WHERE sender = coalesce(nullif(?, ''), sender) ORDER BY id DESC LIMIT ?",
        [call.text("sender", ""), size],
    )
    return [sent_entry(row) for row in found]


def countoutbox(call: Call):
    start, end = call.span()
    found = call.store.one(
        "SELECT coalesce(sum(parts), 0) AS sumpart, count(*) AS sumcount, coalesce(sum(cost), 0) AS cost FROM message"
        " WHERE accepted_at BETWEEN ? AND ? AND (? = 0 OR status = ?)",
        [start, end, call.number("status", 0), call.number("status", 0)],
    )
    return [{"startdate": start, "enddate": int(end), **found}]


def cancel(call: Call):
    entries = []
    with call.store.transaction() as connection:
        for word in call.numbers("messageid"):
            row = next(iter(call.store.messages([int(word)])), None) if word.isdigit() else None
            if row and row["status"] in (codes.QUEUED, codes.SCHEDULED):
                connection.execute(
                    "UPDATE message SET status = ?, step_at = NULL WHERE id = ?", [codes.CANCELLED, row["id"]]
                )
                (row,) = call.store.messages([row["id"]])
            entries.append(status_entry(word, row))
    return entries


# --- what people wrote
def receive(call: Call):
    """At most 100, oldest first; those that were unread are read from now on."""
    line, is_read = call.text("linenumber"), call.number("isread")
    if is_read not in (0, 1):
        raise Refusal(400)
    if line not in (*call.gateway.lines, *call.gateway.service_lines):
        raise Refusal(412)
    with call.store.transaction() as connection:
        found = call.store.rows(
            "SELECT * FROM inbound WHERE line = ? AND is_read = ? ORDER BY id LIMIT ?", [line, is_read, MOST_INBOX]
        )
        if not is_read:
            connection.executemany("UPDATE inbound SET is_read = 1 WHERE id = ?", [(row["id"],) for row in found])
    return [
        {
            "messageid": row["id"], "message": row["text"], "sender": row["sender"], "receptor": row["line"],
            "date": int(row["received_at"]),
        }
        for row in found
    ]  # fmt: skip


def countinbox(call: Call):
    start, end = call.span()
    found = call.store.one(
        "SELECT count(*) AS sumcount FROM inbound WHERE received_at BETWEEN ? AND ?"
        " AND line = coalesce(nullif(?, ''), line) AND (? = 2 OR is_read = ?)",
        [start, end, call.text("linenumber", ""), call.number("isread", 2), call.number("isread", 2)],
    )
    return [{"startdate": start, "enddate": int(end), "sumcount": found["sumcount"]}]


# --- the account
def account_info(call: Call):
    return {
        "remaincredit": call.switches["credit_rial"],
        "expiredate": int(call.now) + 365 * 24 * 3600,
        "type": "Master",
    }


def account_config(call: Call):
    defaults = {
        "apilogs": "justfaults", "dailyreport": "disabled", "debugmode": "disabled",
        "defaultsender": call.gateway.lines[0], "mincreditalarm": "1000000", "resendfailed": "disabled",
    }  # fmt: skip
    config = call.store.setting("account_config", defaults)
    changes = {name: call.text(name) for name in defaults if name in call.parameters}
    if changes:
        call.store.keep_setting("account_config", config | changes)
    return config | changes


def getdate(call: Call):
    moment = datetime.datetime.fromtimestamp(call.now, datetime.UTC)
    return {"datetime": moment.strftime("%Y-%m-%d %H:%M:%S"), "unixtime": int(call.now)}


def sent_entry(row) -> dict:
    return {
        "messageid": row["id"], "message": row["text"], "status": row["status"], "statustext": codes.STATUS[row["status"]],
        "sender": row["sender"], "receptor": row["receptor"], "date": int(row["accepted_at"]), "cost": row["cost"],
    }  # fmt: skip


def status_entry(number: int | str, row) -> dict:
    found = row["status"] if row else codes.UNKNOWN
    number = int(number) if str(number).isdigit() else number
    return {"messageid": number, "status": found, "statustext": codes.STATUS[found]}


METHODS = {
    "sms/send": send,
    "sms/sendarray": sendarray,
    "sms/status": status,
    "sms/statuslocalmessageid": statuslocalmessageid,
    "sms/select": select,
    "sms/selectoutbox": selectoutbox,
    "sms/latestoutbox": latestoutbox,
    "sms/countoutbox": countoutbox,
    "sms/cancel": cancel,
    "sms/receive": receive,
    "sms/countinbox": countinbox,
    "call/maketts": maketts,
    "call/status": status,
    "verify/lookup": lookup,
    "account/info": account_info,
    "account/config": account_config,
    "utils/getdate": getdate,
}
SENDING = {"sms/send", "sms/sendarray", "call/maketts", "verify/lookup"}
