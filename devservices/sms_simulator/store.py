"""What the gateway remembers, in one SQLite file: messages, answers, callbacks that wait, and its switches."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, localid TEXT, sender TEXT NOT NULL, receptor TEXT NOT NULL,
    text TEXT NOT NULL, parts INTEGER NOT NULL, cost INTEGER NOT NULL, status INTEGER NOT NULL, accepted_at REAL NOT NULL,
    step_at REAL);
CREATE INDEX IF NOT EXISTS message_localid ON message (localid, id) WHERE localid IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_receptor ON message (receptor, id);
CREATE INDEX IF NOT EXISTS message_step ON message (step_at) WHERE step_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_accepted ON message (accepted_at);
CREATE TABLE IF NOT EXISTS inbound (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, line TEXT NOT NULL, text TEXT NOT NULL,
    received_at REAL NOT NULL, is_read INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS inbound_sender ON inbound (sender, id);
CREATE INDEX IF NOT EXISTS inbound_line ON inbound (line, is_read, id);
CREATE TABLE IF NOT EXISTS phone (
    mobile TEXT PRIMARY KEY, last_at REAL NOT NULL, last_text TEXT NOT NULL, last_mine INTEGER NOT NULL,
    messages INTEGER NOT NULL DEFAULT 0, answers INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS phone_last ON phone (last_at);
CREATE TABLE IF NOT EXISTS callback (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, parameters TEXT NOT NULL, due_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting');
CREATE INDEX IF NOT EXISTS callback_due ON callback (due_at) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("message", "inbound", "phone", "callback")


class Store:
    """One connection behind one lock: every call is short, and nobody waits for a disk."""

    def __init__(self, path: str) -> None:
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(SCHEMA)
        self.ahead_seconds = float(self.setting("ahead_seconds", 0))
        if not self.one("SELECT count(*) AS n FROM sqlite_sequence")["n"]:
            self.number_from_now()

    def number_from_now(self) -> None:
        """Numbers are never given twice, not even by a gateway whose file was thrown away: they begin at the microsecond."""
        with self.transaction():
            for table in ("message", "inbound"):
                self.connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
                self.connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", [table, time.time_ns() // 1000])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self.lock:
            nested = self.connection.in_transaction
            if not nested:
                self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                if not nested:
                    self.connection.execute("ROLLBACK")
                raise
            if not nested:
                self.connection.execute("COMMIT")

    def rows(self, statement: str, values: Iterable = ()) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(statement, tuple(values)).fetchall()

    def one(self, statement: str, values: Iterable = ()) -> sqlite3.Row | None:
        with self.lock:
            return self.connection.execute(statement, tuple(values)).fetchone()

    # --- its clock and switches
    def now(self) -> float:
        return time.time() + self.ahead_seconds

    def advance(self, seconds: float) -> None:
        """Let time pass for the gateway: what it forgets after 12 or 48 hours can be seen at once."""
        self.ahead_seconds += seconds
        self.keep_setting("ahead_seconds", self.ahead_seconds)

    def setting(self, name: str, default):
        found = self.one("SELECT value FROM setting WHERE name = ?", [name])
        return json.loads(found["value"]) if found else default

    def keep_setting(self, name: str, value) -> None:
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, json.dumps(value)])

    def empty(self) -> None:
        with self.transaction() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM setting")
            self.ahead_seconds = 0.0
            self.number_from_now()

    # --- messages
    def add_messages(self, messages: list[dict]) -> list[sqlite3.Row]:
        """Accept a call's messages in one transaction; the rows come back in the order given."""
        with self.transaction() as connection:
            numbers = []
            for message in messages:
                cursor = connection.execute(
                    "INSERT INTO message (channel, localid, sender, receptor, text, parts, cost, status, accepted_at, step_at)"
                    " VALUES (:channel, :localid, :sender, :receptor, :text, :parts, :cost, :status, :accepted_at, :step_at)",
                    message,
                )
                numbers.append(cursor.lastrowid)
                self.note_phone(message["receptor"], message["text"], message["accepted_at"], mine=False)
            return self.messages(numbers)

    def messages(self, numbers: list[int]) -> list[sqlite3.Row]:
        marks = ",".join("?" * len(numbers))
        found = {row["id"]: row for row in self.rows(f"SELECT * FROM message WHERE id IN ({marks})", numbers)}
        return [found[number] for number in numbers if number in found]

    def by_localids(self, localids: list[str], *, since: float) -> dict[str, sqlite3.Row]:
        """The newest message of each own number that was accepted after the given moment."""
        marks = ",".join("?" * len(localids))
        found = self.rows(
            f"SELECT * FROM message WHERE localid IN ({marks}) AND accepted_at >= ? ORDER BY id", [*localids, since]
        )
        return {row["localid"]: row for row in found}

    def note_phone(self, mobile: str, text: str, at: float, *, mine: bool) -> None:
        self.connection.execute(
            "INSERT INTO phone VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (mobile) DO UPDATE SET last_at = excluded.last_at,"
            " last_text = excluded.last_text, last_mine = excluded.last_mine, messages = messages + excluded.messages,"
            " answers = answers + excluded.answers",
            [mobile, at, text, int(mine), int(not mine), int(mine)],
        )

    # --- answers
    def add_inbound(self, *, mobile: str, line: str, text: str) -> int:
        with self.transaction() as connection:
            number = connection.execute(
                "INSERT INTO inbound (sender, line, text, received_at) VALUES (?, ?, ?, ?)",
                [mobile, line, text, self.now()],
            ).lastrowid
            self.note_phone(mobile, text, self.now(), mine=True)
            self.add_callback("inbound", {"messageid": number, "from": mobile, "to": line, "message": text}, self.now())
            return number

    # --- callbacks
    def add_callback(self, kind: str, parameters: dict, due_at: float) -> None:
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO callback (kind, parameters, due_at) VALUES (?, ?, ?)",
                [kind, json.dumps(parameters, ensure_ascii=False), due_at],
            )
