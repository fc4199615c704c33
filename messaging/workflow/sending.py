"""Sending what is due: asked first where the fate is unknown, then in bulk, several calls in flight.

Safe to run at once, twice, or after a kill at any line: rows are claimed with SKIP LOCKED under a lease, recorded under the
claim's number, and never sent again before the gateway has said that it does not have them. See
docs/decisions/0017-ask-before-sending-again.md.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

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
            answer = calling.ask(self.gateway, batch)
            self.heed([answer])
            self.write([(batch, answer)])

    def probe(self) -> None:
        """During a pause: one message now and then. When it is taken, the pause is over."""
        if pauses.take_probe():
            for batch in claiming.to_send(until=admission.admit(), probe=True):
                answer = calling.send(self.gateway, batch)
                self.heed([answer])
                self.write([(batch, answer)])
                if answer.accepted:
                    pauses.end_by_itself()

    def send(self, pool: ThreadPoolExecutor) -> bool:
        """Send what is admitted now; says whether there was anything."""
        until, began = admission.admit(), timing.moment()
        in_flight, finished = {}, []
        found, more = False, True
        while True:
            self.heed([answer for _, answer in finished])
            free = timing.of("in_flight") - len(in_flight)
            if more and free and not self.stopped:
                batches = claiming.to_send(until=until, calls=free)
                found |= bool(batches)
                more = bool(batches) and timing.moment() - began < ADMITTED_FOR
                in_flight |= {pool.submit(calling.send, self.gateway, batch): batch for batch in batches}
            self.write(finished)  # while the next calls are on their way
            if not in_flight:
                return found
            done, _ = wait(in_flight, return_when=FIRST_COMPLETED)
            finished = [(in_flight.pop(future), future.result()) for future in done]

    def heed(self, answers: Sequence[Answer]) -> None:
        """What answers say of the gateway: whether to go on."""
        for answer in answers:
            if answer.pause:
                pauses.begin(reason=answer.pause.meaning.failure, detail=str(answer.pause))
            self.faults = self.faults + 1 if answer.faulty else 0
            self.stopped |= bool(answer.pause) or answer.out_of_reach or self.faults >= FAULTS_IN_A_ROW
        self.stopped |= timing.moment() > self.ends_at

    def write(self, finished: Sequence[tuple[Batch, Answer]]) -> None:
        written = set(record(finished))
        outcomes = [outcome for _, answer in finished for outcome in answer.outcomes]
        self.counts.update(outcome.status for outcome in outcomes if outcome.id in written)


def record(finished: Sequence[tuple[Batch, Answer]]) -> list[int]:
    """Write down what came of several calls at once."""
    try:
        with transaction.atomic():
            return recording.record([outcome for _, answer in finished for outcome in answer.outcomes])
    except IntegrityError as error:  # a number that the gateway has given to another message before: no answer at all
        if len(finished) > 1:
            return [pk for call in finished for pk in record([call])]
        batch, _ = finished[0]
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
