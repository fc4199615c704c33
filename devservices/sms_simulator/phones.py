"""What happens after a message is accepted: it reaches a phone or not, and the site is told by callback."""

import http.client
import json
import queue
import sys
import threading
import time
import urllib.parse

from devservices.sms_simulator import codes
from devservices.sms_simulator.api import Gateway

SENDERS = 4
TICK_SECONDS = 0.05
MOST_AT_ONCE = 1_000
COPIES = 5
HELD_BACK_SECONDS = 5
ANSWER_SECONDS = 15


class Delivery(threading.Thread):
    """Moves messages on: queue, operator, phone; and writes down the callback of each step."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(daemon=True, name="delivery")
        self.gateway, self.store, self.switches = gateway, gateway.store, gateway.switches

    def run(self) -> None:
        while True:
            if self.step() < MOST_AT_ONCE:
                time.sleep(TICK_SECONDS)

    def step(self) -> int:
        now = self.store.now()
        due = self.store.rows("SELECT * FROM message WHERE step_at <= ? ORDER BY step_at LIMIT ?", [now, MOST_AT_ONCE])
        if due:
            with self.store.transaction() as connection:
                for row in due:
                    status = self.next_status(row)
                    next_at = None if status in codes.FINAL else now + self.switches["delivery_ms"] / 2000
                    changed = connection.execute(
                        "UPDATE message SET status = ?, step_at = ? WHERE id = ? AND status = ?",
                        [status, next_at, row["id"], row["status"]],
                    ).rowcount
                    if changed:
                        self.store.add_callback("delivery", {"messageid": row["id"], "status": status}, now)
        return len(due)

    def next_status(self, row) -> int:
        if row["status"] in (codes.QUEUED, codes.SCHEDULED):
            advertising = row["channel"] == "sms" and row["sender"] not in self.gateway.service_lines
            if advertising and (row["receptor"] in self.switches["blocked"] or self.switches.happens("blocked_share")):
                return codes.BLOCKED
            return codes.AT_OPERATOR
        if row["receptor"] in self.switches["unreachable"] or self.switches.happens("unreachable_share"):
            return codes.UNDELIVERED
        return codes.DELIVERED


class Callbacks(threading.Thread):
    """Hands the callbacks that are due to a few senders. An answer other than 200 is tried again, thirty times."""

    def __init__(self, gateway: Gateway, hooks: dict[str, str]) -> None:
        super().__init__(daemon=True, name="callbacks")
        self.gateway, self.store, self.switches, self.hooks = gateway, gateway.store, gateway.switches, hooks
        self.waiting: queue.Queue = queue.Queue(maxsize=SENDERS * 2)
        self.last_problem = ""
        self.store.connection.execute("UPDATE callback SET state = 'waiting' WHERE state = 'under way'")
        for _ in range(SENDERS):
            threading.Thread(target=self.keep_sending, daemon=True).start()

    def run(self) -> None:
        while True:
            if not self.hand_out():
                time.sleep(TICK_SECONDS)

    def hand_out(self) -> int:
        if self.switches["callbacks_off"]:
            return 0
        with self.store.transaction() as connection:
            due = self.store.rows(
                "SELECT * FROM callback WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT 100",
                [self.store.now()],
            )
            connection.executemany(
                "UPDATE callback SET state = 'under way' WHERE id = ?", [(row["id"],) for row in due]
            )
        for bundle in self.bundles(due):
            self.waiting.put(bundle)
        return len(due)

    def bundles(self, due: list) -> list[list]:
        """Each callback alone, or delivery reports of one state together, as the gateway may."""
        most, alike = max(1, int(self.switches["callback_batch"])), {}
        for row in due:
            parameters = json.loads(row["parameters"])
            together = row["kind"] == "delivery" and most > 1
            alike.setdefault((row["kind"], parameters["status"] if together else row["id"]), []).append(row)
        return [rows[start : start + most] for rows in alike.values() for start in range(0, len(rows), most)]

    def keep_sending(self) -> None:
        while True:
            bundle = self.waiting.get()
            try:
                self.deliver(bundle)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                self.try_again(bundle, f"{type(problem).__name__}: {problem}")

    def deliver(self, bundle: list) -> None:
        first = bundle[0]
        address = self.hooks.get(first["kind"], "")
        if first["tries"] == 0:
            if self.switches.happens("callback_lose"):
                return self.settle(bundle, "lost")
            if self.switches.happens("callback_reorder"):
                return self.hold_back(bundle)
            if self.switches.happens("callback_duplicate"):
                for _ in range(COPIES - 1):
                    self.call(address, bundle)
        if not address:
            return self.settle(bundle, "nowhere")
        answer = self.call(address, bundle)
        if answer == 200:
            return self.settle(bundle, "done")
        return self.try_again(bundle, f"HTTP {answer}")

    def call(self, address: str, bundle: list) -> int:
        if not address:
            return 0
        parameters = json.loads(bundle[0]["parameters"])
        if len(bundle) > 1:
            parameters["messageid"] = ",".join(str(json.loads(row["parameters"])["messageid"]) for row in bundle)
        target = urllib.parse.urlsplit(address)
        connection = http.client.HTTPConnection(target.hostname, target.port or 80, timeout=ANSWER_SECONDS)
        try:
            if self.switches["callback_method"] == "GET":
                connection.request("GET", f"{target.path}?{urllib.parse.urlencode(parameters)}")
            elif self.switches["callback_json"]:
                body, kind = json.dumps(parameters).encode(), "application/json"
                connection.request("POST", target.path, body, {"Content-Type": kind})
            else:
                body, kind = urllib.parse.urlencode(parameters).encode(), "application/x-www-form-urlencoded"
                connection.request("POST", target.path, body, {"Content-Type": kind})
            return connection.getresponse().status
        finally:
            connection.close()

    def settle(self, bundle: list, state: str) -> None:
        with self.store.transaction() as connection:
            connection.executemany("UPDATE callback SET state = ? WHERE id = ?", [(state, row["id"]) for row in bundle])

    def hold_back(self, bundle: list) -> None:
        later = self.store.now() + self.switches.chance.uniform(0.2, HELD_BACK_SECONDS)
        with self.store.transaction() as connection:
            connection.executemany(
                "UPDATE callback SET state = 'waiting', due_at = ?, tries = 1 WHERE id = ?",
                [(later, row["id"]) for row in bundle],
            )

    def try_again(self, bundle: list, problem: str) -> None:
        if problem != self.last_problem:
            print(f"A callback was not taken ({problem}); it is tried again.", file=sys.stderr, flush=True)
            self.last_problem = problem
        later = self.store.now() + self.switches["callback_retry_seconds"]
        most = self.switches["callback_retries"]
        with self.store.transaction() as connection:
            connection.executemany(
                "UPDATE callback SET state = ?, due_at = ?, tries = tries + 1 WHERE id = ?",
                [("given up" if row["tries"] >= most else "waiting", later, row["id"]) for row in bundle],
            )
