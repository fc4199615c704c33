"""What the page and the tests ask of the gateway: switches, phones, answers, counts. Never part of Kavenegar's API."""

import threading
from collections import Counter, deque

from devservices.sms_simulator import api
from devservices.sms_simulator.api import Gateway
from devservices.sms_simulator.codes import STATUS, Refusal
from devservices.sms_simulator.switches import DEFAULTS

PHONES_PER_PAGE, MESSAGES_PER_PAGE = 30, 50
MOST_CALLS_KEPT = 500
PERSIAN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


class WrongRequest(ValueError):
    """The control was asked for something that cannot be done; carries one Persian sentence."""


class Journal:
    """What was asked of the gateway lately, without the key."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.calls, self.faults, self.answers = Counter(), Counter(), Counter()
            self.under_way = 0
            self.recent: deque[dict] = deque(maxlen=MOST_CALLS_KEPT)

    def begin(self) -> None:
        with self.lock:
            self.under_way += 1

    def end(self) -> None:
        with self.lock:
            self.under_way = max(0, self.under_way - 1)

    def note(self, method: str, verb: str, parameters: dict, answer: int, fault: str) -> None:
        with self.lock:
            self.calls[method] += 1
            self.answers[str(answer)] += 1
            if fault:
                self.faults[fault] += 1
            self.recent.append(
                {"method": method, "verb": verb, "parameters": parameters, "answer": answer, "fault": fault}
            )


class Control:
    def __init__(self, gateway: Gateway, hooks: dict[str, str], journal: Journal) -> None:
        self.gateway, self.store, self.hooks, self.journal = gateway, gateway.store, hooks, journal
        self.actions = {
            "switches": self.switches, "restore": self.restore, "reset": self.reset, "answer": self.answer,
            "report": self.report, "hooks": self.set_hooks, "advance": self.advance,
        }  # fmt: skip
        self.questions = {
            "switches": self.switches, "phones": self.phones, "phone": self.phone, "accepted": self.accepted,
            "summary": self.summary, "calls": self.calls,
        }  # fmt: skip

    # --- acts
    def switches(self, wanted: dict) -> dict:
        return self.gateway.switches.change(wanted) if wanted else self.gateway.switches.values

    def restore(self, wanted: dict) -> dict:
        self.gateway.switches.restore()
        return self.gateway.switches.values

    def reset(self, wanted: dict) -> dict:
        """As on its first day: no message, no answer, no fault."""
        self.store.empty()
        self.gateway.switches.restore()
        self.journal.clear()
        return self.summary({})

    def answer(self, wanted: dict) -> dict:
        """A person writes from a phone. The line is the one that wrote last, unless another is named."""
        text = str(wanted.get("text", "")).strip()
        try:
            mobile = api.mobile_of(str(wanted.get("mobile", "")).translate(PERSIAN_DIGITS))
        except Refusal:
            raise WrongRequest("شماره همراه را با ۰۹ و یازده رقم بنویسید.") from None
        if not text or len(text) > api.MOST_CHARACTERS:
            raise WrongRequest("متن پیام را بنویسید؛ حداکثر ۹۰۰ نویسه.")
        last = self.store.one(
            "SELECT sender FROM message WHERE receptor = ? AND channel = 'sms' ORDER BY id DESC LIMIT 1", [mobile]
        )
        line = str(wanted.get("line") or (last["sender"] if last else self.gateway.lines[0]))
        return {"messageid": self.store.add_inbound(mobile=mobile, line=line, text=text)}

    def report(self, wanted: dict) -> dict:
        """Say a state of a message to the site now, whatever it is really: late, doubled, backwards or of a stranger."""
        parameters = {"messageid": wanted["messageid"], "status": int(wanted["status"])}
        for _ in range(int(wanted.get("times", 1))):
            self.store.add_callback("delivery", parameters, self.store.now())
        return parameters

    def set_hooks(self, wanted: dict) -> dict:
        self.hooks.update({kind: str(wanted[kind]) for kind in ("delivery", "inbound") if kind in wanted})
        return {"kinds": sorted(kind for kind, address in self.hooks.items() if address)}

    def advance(self, wanted: dict) -> dict:
        self.store.advance(float(wanted["seconds"]))
        return {"ahead_seconds": self.store.ahead_seconds}

    # --- questions
    def phones(self, wanted: dict) -> dict:
        """Phones by their newest message; ``q`` looks into numbers and texts."""
        page, sought = max(1, int(wanted.get("page", 1))), str(wanted.get("q", "")).strip()
        condition, values = "1", []
        if sought:
            digits = sought.translate(PERSIAN_DIGITS)
            like = [f"%{escaped(words)}%" for words in (digits, sought, sought)]
            condition = (
                "mobile LIKE ? ESCAPE '\\' OR mobile IN (SELECT receptor FROM message WHERE text LIKE ? ESCAPE '\\')"
                " OR mobile IN (SELECT sender FROM inbound WHERE text LIKE ? ESCAPE '\\')"
            )
            values = like
        if wanted.get("silent") in ("yes", True):
            condition = f"({condition}) AND answers = 0"
        total = self.store.one(f"SELECT count(*) AS n FROM phone WHERE {condition}", values)["n"]
        found = self.store.rows(
            f"SELECT * FROM phone WHERE {condition} ORDER BY last_at DESC, mobile LIMIT ? OFFSET ?",
            [*values, PHONES_PER_PAGE, (page - 1) * PHONES_PER_PAGE],
        )
        pages = max(1, -(-total // PHONES_PER_PAGE))
        return {"phones": [dict(row) for row in found], "total": total, "page": page, "pages": pages}

    def phone(self, wanted: dict) -> dict:
        """One phone's messages and its owner's answers, newest first."""
        mobile, most = str(wanted["mobile"]), min(int(wanted.get("most", MESSAGES_PER_PAGE)), 1_000)
        received = self.store.rows("SELECT * FROM message WHERE receptor = ? ORDER BY id DESC LIMIT ?", [mobile, most])
        written = self.store.rows("SELECT * FROM inbound WHERE sender = ? ORDER BY id DESC LIMIT ?", [mobile, most])
        reported = self.told([row["id"] for row in written])
        entries = [
            {
                "mine": False, "id": row["id"], "text": row["text"], "line": row["sender"], "at": row["accepted_at"],
                "channel": row["channel"], "status": row["status"], "statustext": STATUS[row["status"]],
                "localid": row["localid"], "parts": row["parts"],
            }
            for row in received
        ] + [
            {
                "mine": True, "id": row["id"], "text": row["text"], "line": row["line"], "at": row["received_at"],
                "told": reported.get(row["id"], ""),
            }
            for row in written
        ]  # fmt: skip
        return {"mobile": mobile, "entries": sorted(entries, key=lambda entry: -entry["at"])[:most]}

    def told(self, numbers: list[int]) -> dict[int, str]:
        """Whether the site has taken an answer."""
        marks = ",".join("?" * len(numbers))
        found = self.store.rows(
            "SELECT json_extract(parameters, '$.messageid') AS number, state FROM callback WHERE kind = 'inbound'"
            f" AND json_extract(parameters, '$.messageid') IN ({marks})",
            numbers,
        )
        return {row["number"]: row["state"] for row in found}

    def accepted(self, wanted: dict) -> dict:
        """How many messages were accepted under each of the sender's own numbers."""
        found = self.store.rows("SELECT localid, count(*) AS n FROM message WHERE localid IS NOT NULL GROUP BY localid")
        return {row["localid"]: row["n"] for row in found}

    def summary(self, wanted: dict) -> dict:
        messages = self.store.one("SELECT count(*) AS n, count(DISTINCT receptor) AS phones FROM message")
        callbacks = self.store.rows("SELECT state, count(*) AS n FROM callback GROUP BY state")
        statuses = self.store.rows("SELECT status, count(*) AS n FROM message GROUP BY status")
        return {
            "messages": messages["n"], "phones": messages["phones"],
            "answers": self.store.one("SELECT count(*) AS n FROM inbound")["n"],
            "callbacks": {row["state"]: row["n"] for row in callbacks},
            "statuses": {str(row["status"]): row["n"] for row in statuses},
            "calls": dict(self.journal.calls), "faults": dict(self.journal.faults), "answers_given": dict(self.journal.answers),
            "under_way": self.journal.under_way,
            "credit_rial": self.gateway.switches["credit_rial"], "lines": self.gateway.lines,
            "service_lines": self.gateway.service_lines, "ahead_seconds": self.store.ahead_seconds,
            "at_fault": {name: value for name, value in self.gateway.switches.values.items()
                         if value != DEFAULTS[name] and name != "credit_rial"},
        }  # fmt: skip

    def calls(self, wanted: dict) -> dict:
        return {"calls": list(self.journal.recent)}


def escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
