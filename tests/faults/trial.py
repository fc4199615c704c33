"""One trial: messages are written and sent while everything that can be killed is killed. Gives figures, judges nothing.

``TRIAL_KEEP=/a/folder`` keeps the logs.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery

from abarkuh_loans.testing.simulator import KEY, LINE, Simulator
from devservices import place, site
from tests.faults.servers import Redis, postgres_with_tables

ENDED = ("sent", "delivered", "undelivered", "blocked", "failed", "unknown", "cancelled")
WORKERS, CHILDREN, BEATS = 2, 2, 2
FAULTS = {"fail_before": 0.05, "fail_after": 0.03, "garbage_after": 0.01, "hang_after": 0.01}  # one call in ten
SLOW = {"slow_share": 0.05, "slow_ms": 3_000}
START_SECONDS, CALL_SECONDS = 90, 3
LATENCY_MS = 400  # half before the gateway takes a call, half after: most kills hit a call on its way


@dataclass(frozen=True)
class Plan:
    messages: int
    seconds: float  # over which they are written, and the killing is spread
    kills_of_all: int = 0  # every worker at once
    whole_kills: int = 5  # a worker with all its children
    child_kills: int = 5
    stops: int = 0  # a worker is stopped (SIGSTOP) for longer than its lease
    redis_kills: int = 2
    redis_flushes: int = 2
    postgres_restarts: int = 2
    quick: bool = False
    batch: int = 20  # messages of a call, at most
    without: str = ""  # a guard broken on purpose: see patches
    patience: float = 600  # seconds after the last message was written
    faults: dict = field(default_factory=lambda: FAULTS | SLOW)

    def events(self) -> list[str]:
        """In an order of chance, and always a kill first."""
        counts = {
            "kill_workers": self.kills_of_all,
            "kill_whole": self.whole_kills,
            "kill_child": self.child_kills,
            "stop_worker": self.stops,
            "kill_redis": self.redis_kills,
            "flush_redis": self.redis_flushes,
            "restart_postgres": self.postgres_restarts,
        }
        events = [name for name, count in counts.items() for _ in range(count)]
        random.shuffle(events)
        return events


@dataclass
class Figures:
    messages: int
    seconds: float
    calls: int
    faulty_calls: int
    most_attempts: int
    states: dict[str, int]
    lost: int  # said to be sent, and never at the gateway
    doubled: int
    unfinished: int  # neither sent nor in a stated failure
    done: dict[str, int]
    deaf_tasks: int  # tasks that failed at once, on a connection which an earlier restart of PostgreSQL had cut

    @property
    def all_well(self) -> bool:
        return (self.lost, self.doubled, self.unfinished) == (0, 0, 0)


class Trial:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.done = plan, Counter()
        self.folder = Path(tempfile.mkdtemp(prefix="trial-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.parts: dict[str, subprocess.Popen] = {}
        self.resume_at: list[tuple[float, int]] = []
        self.simulator: Simulator | None = None
        self.postgres = self.redis = None

    def run(self) -> Figures:
        try:
            self.set_up()
            return self.drive()
        finally:
            self.clear_away()

    def set_up(self) -> None:
        self.redis = Redis(self.folder)
        self.redis.start()
        self.postgres = postgres_with_tables(self.folder)
        self.simulator = Simulator(f"--store={self.folder / 'phones.sqlite3'}")
        self.simulator.faults(deduplicate=False, callbacks_off=True, latency_ms=LATENCY_MS, **self.plan.faults)
        self.environment = {
            **os.environ,
            **self.postgres.environment(),
            "REDIS_URL": self.redis.url(),
            "KAVENEGAR_BASE_URL": self.simulator.base_url,
            "KAVENEGAR_API_KEY": KEY,
            "SMS_LINE": LINE,
            "SMS_SERVICE_LINE": "",
            "DJANGO_SETTINGS_MODULE": "abarkuh_loans.settings",
            "TRIAL_QUICK": "yes" if self.plan.quick else "",
            "TRIAL_BATCH": str(self.plan.batch),
            "TRIAL_WITHOUT": self.plan.without,
        }
        for number in range(WORKERS):
            self.start(f"worker-{number}")
        for number in range(BEATS):
            self.start(f"beat-{number}")

    def command(self, name: str) -> list[str]:
        celery = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A"]
        if name.startswith("beat"):
            return [*celery, "tests.faults.clock", "beat", "-s", str(self.folder / name), "--pidfile="]
        if name == "writer":
            return [sys.executable, "-m", "tests.faults.writer", str(self.plan.messages), str(self.plan.seconds)]
        loaded = ["-I", "tests.faults.patches", "-n", f"{name}@%h", "--concurrency", str(CHILDREN)]
        return [*celery, "abarkuh_loans.celery", "worker", "--loglevel", "WARNING", *loaded]

    def start(self, name: str) -> None:
        with open(self.folder / f"{name}.log", "ab") as log:
            self.parts[name] = subprocess.Popen(
                self.command(name),
                cwd=place.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=site.end_with_parent,
            )

    # --- the course of it
    def drive(self) -> Figures:
        self.wait_for_workers()
        began = time.monotonic()
        self.start("writer")
        events = self.plan.events()
        pause = self.plan.seconds / (len(events) + 1)
        for number, event in enumerate(events, 1):
            self.watch_until(began + pause * number)
            self.wait_for_a_call()
            getattr(self, event)()
            self.done[event] += 1
        deadline = time.monotonic() + self.plan.seconds + self.plan.patience
        while not self.finished() and time.monotonic() < deadline:
            self.watch_until(time.monotonic() + 0.5)
        return self.figures(time.monotonic() - began)

    def wait_for_workers(self) -> None:
        with Celery(broker=self.redis.broker()) as app:
            deadline = time.monotonic() + START_SECONDS
            while len(app.control.ping(timeout=0.5)) < WORKERS:
                assert time.monotonic() < deadline, "the workers did not come up"
                self.watch_until(time.monotonic() + 0.2)

    def wait_for_a_call(self) -> None:
        """A blow hits while a call is on its way; where none comes, it falls anyhow."""
        deadline = time.monotonic() + CALL_SECONDS
        while not self.simulator.summary()["under_way"] and time.monotonic() < deadline:
            self.watch_until(time.monotonic() + 0.02)

    def watch_until(self, moment: float) -> None:
        """Start again whatever ended, as systemd would; wake whoever was stopped long enough."""
        while True:
            for name, process in list(self.parts.items()):
                if process.poll() is not None and name != "writer":
                    site.kill_group(process.pid)
                    self.start(name)
                    self.done["restarts"] += 1
            for wake_at, pid in list(self.resume_at):
                if time.monotonic() >= wake_at:
                    self.resume_at.remove((wake_at, pid))
                    signal_group(pid, signal.SIGCONT)
            left = moment - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    def finished(self) -> bool:
        if self.parts["writer"].poll() is None:
            return False
        assert self.parts["writer"].returncode == 0, (self.folder / "writer.log").read_text()[-2000:]
        states = self.states()
        return sum(states.values()) == self.plan.messages == sum(states.get(state, 0) for state in ENDED)

    def states(self) -> dict[str, int]:
        return dict(self.postgres.ask("SELECT status, count(*) FROM messaging_outboundmessage GROUP BY 1"))

    def figures(self, seconds: float) -> Figures:
        """The rows against what the gateway has taken, message by message."""
        rows = self.postgres.ask("SELECT id, status, provider_id, attempts FROM messaging_outboundmessage")
        accepted, summary = self.simulator.accepted(), self.simulator.summary()
        return Figures(
            messages=len(rows),
            seconds=round(seconds, 1),
            calls=summary["calls"].get("sms/sendarray", 0),
            faulty_calls=sum(summary["faults"].values()),
            most_attempts=max((attempts for *_, attempts in rows), default=0),
            states=dict(Counter(status for _, status, *_ in rows)),
            lost=sum(1 for pk, _, provider_id, _ in rows if provider_id and not accepted.get(str(pk))),
            doubled=sum(1 for count in accepted.values() if count > 1),
            unfinished=self.plan.messages - sum(1 for _, status, *_ in rows if status in ENDED),
            done=dict(self.done),
            deaf_tasks=self.deaf_tasks(),
        )

    def deaf_tasks(self) -> int:
        logs = "".join((self.folder / f"worker-{number}.log").read_text() for number in range(WORKERS))
        return len(re.findall(r"raised unexpected: InterfaceError", logs))

    # --- what happens to it
    def a_worker(self) -> subprocess.Popen:
        return self.parts[f"worker-{random.randrange(WORKERS)}"]

    def kill_whole(self) -> None:
        site.kill_group(self.a_worker().pid)

    def kill_workers(self) -> None:
        for number in range(WORKERS):
            site.kill_group(self.parts[f"worker-{number}"].pid)

    def kill_child(self) -> None:
        worker = self.a_worker().pid
        try:
            children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
            os.kill(int(random.choice(children)), signal.SIGKILL)
        except (OSError, IndexError):  # just started, or just killed: then all of it
            site.kill_group(worker)

    def stop_worker(self) -> None:
        """Not dead, but away for longer than its lease."""
        worker = self.a_worker().pid
        signal_group(worker, signal.SIGSTOP)
        self.resume_at.append((time.monotonic() + (20 if self.plan.quick else 90), worker))

    def kill_redis(self) -> None:
        self.redis.kill_and_restart()

    def flush_redis(self) -> None:
        self.redis.flush()

    def restart_postgres(self) -> None:
        self.postgres.restart_at_once()

    def clear_away(self) -> None:
        for process in self.parts.values():
            site.kill_group(process.pid)
            process.wait()
        if self.simulator:
            self.simulator.stop()
        for server in filter(None, (self.postgres, self.redis)):
            server.end(signal.SIGKILL if server is self.redis else signal.SIGQUIT)
        if keep := os.environ.get("TRIAL_KEEP"):
            shutil.copytree(self.folder, keep, ignore=lambda *_: {"pg", "redis", "s"}, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass
