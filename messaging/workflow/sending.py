"""Sending what is due: asked first where the fate is unknown, then in bulk, several calls in flight.

Safe to run at once, twice, or after a kill at any line: rows are claimed with SKIP LOCKED under a lease, recorded under the
claim's number, and never sent again before the gateway has said that it does not have them. See
docs/decisions/0014-ask-before-sending-again.md.
"""

import logging
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.db import IntegrityError, transaction

from messaging import bell, timing
from messaging.gateways.kavenegar import Kavenegar
from messaging.models import OutboundMessage
from messaging.workflow import admission, calling, claiming, pauses, recording
from messaging.workflow.calling import Answer
from messaging.workflow.claiming import Batch

FAULTS_IN_A_ROW = 4  # then the gateway is left alone until the next run
ADMITTED_FOR = 10  # seconds until quiet hours and limits are looked at again
Status = OutboundMessage.Status
log = logging.getLogger(__name__)


class Run:
    """One worker's run until nothing is due, the gateway fails, or its time is over."""

    def __init__(self, gateway: Kavenegar) -> None:
        self.gateway, self.counts = gateway, Counter()
        self.ends_at = timing.moment() + timing.of("run")
        self.faults = 0
        self.stopped = False

    def ask(self) -> None:
        """Find out what became of messages in doubt; those that the gateway does not have wait for their next sending."""
        while not self.stopped and (batch := claiming.in_doubt()).messages:
            self.take(batch, calling.ask(self.gateway, batch))

    def probe(self) -> None:
        """During a pause: one message now and then."""
        if pauses.take_probe():
            batch = claiming.to_send(until=admission.admit(), probe=True)
            if batch.messages:
                self.take(batch, calling.send(self.gateway, batch), probing=True)

    def send(self, pool: ThreadPoolExecutor) -> bool:
        """Send what is admitted now; says whether there was anything."""
        until, began, in_flight = admission.admit(), timing.moment(), {}
        found = more = True
        found = False
        while True:
            while more and not self.stopped and len(in_flight) < timing.of("in_flight"):
                batch = claiming.to_send(until=until)
                more = bool(batch.messages) and timing.moment() - began < ADMITTED_FOR
                if batch.messages:
                    found = True
                    in_flight[pool.submit(calling.send, self.gateway, batch)] = batch
            if not in_flight:
                return found
            self.take_finished(in_flight)

    def take_finished(self, in_flight: dict[Future, Batch]) -> None:
        finished, _ = wait(in_flight, return_when=FIRST_COMPLETED)
        for future in finished:
            self.take(in_flight.pop(future), future.result())

    def take(self, batch: Batch, answer: Answer, *, probing: bool = False) -> None:
        """Record what came of a batch, and heed what it says of the gateway."""
        if answer.pause:
            self.stopped = True
            pauses.begin(reason=answer.pause.meaning.failure, detail=str(answer.pause))
        written = set(record(batch, answer))
        self.counts.update(outcome.status for outcome in answer.outcomes if outcome.id in written)
        if probing and answer.accepted:
            pauses.end_by_itself()
        self.faults = self.faults + 1 if answer.faulty else 0
        self.stopped |= answer.out_of_reach or self.faults >= FAULTS_IN_A_ROW or timing.moment() > self.ends_at


def record(batch: Batch, answer: Answer) -> list[int]:
    try:
        with transaction.atomic():
            return recording.record(answer.outcomes)
    except IntegrityError as error:  # a number that the gateway has given to another message before: no answer at all
        log.error("the gateway's numbers for %s messages are other messages' own: %s", len(batch.messages), error)
        return recording.record([recording.ask_later(message) for message in batch.messages])


def send_due(gateway: Kavenegar) -> dict[str, int]:
    """Send everything that is due; says how many messages came to which state."""
    run = Run(gateway)
    with ThreadPoolExecutor(timing.of("in_flight"), thread_name_prefix="gateway") as pool:
        run.ask()
        run.probe()
        while not run.stopped and run.send(pool):
            run.ask()
    if timing.moment() > run.ends_at:
        bell.ring()
    return {status: run.counts[status] for status in Status.values if run.counts[status]}
