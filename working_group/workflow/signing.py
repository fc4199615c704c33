"""Signing: what was decided happens, the credit is committed, and the minutes are frozen. All or nothing."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import workflow as applications
from applicants.models import Application
from quotas import ledger
from quotas.models import Commitment, CreditPool
from working_group import minutes, rules
from working_group.models import AgendaItem, Decision, Interest, Meeting
from working_group.workflow.locks import lock
from working_group.workflow.session import quorum_of

Outcome = Decision.Outcome
BECOMES = {
    Outcome.APPROVE: Application.Status.APPROVED,
    Outcome.CONDITIONAL: Application.Status.CONDITIONAL,
    Outcome.DEFER: Application.Status.DEFERRED,
    Outcome.RESERVE: Application.Status.RESERVE,
    Outcome.REJECT: Application.Status.REJECTED,
}


@transaction.atomic
def sign(*, meeting_id: int, by) -> Meeting:
    """Sign the minutes: every name goes where it was decided, the credit is committed in rank order, all is frozen.

    A name that has withdrawn since is left as it is, and the minutes say so. Raises MeetingSignedError,
    MeetingNotInSessionError, NoQuorumError, UndecidedNamesError, CreditShortError, DecisionIncompleteError.
    """
    programme_id = Meeting.everything.values_list("programme_id", flat=True).get(pk=meeting_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    meeting = lock(meeting_id)
    rules.check_in_session(meeting)
    rules.check_quorum(quorum_of(meeting))
    items = AgendaItem.everything.filter(meeting=meeting).values_list("application_id", flat=True)
    named = _lock_named(items)
    present = {key for key, name in named.items() if name.status == Application.Status.ON_AGENDA}
    decisions = [d for d in decisions_in_force(meeting) if d.item.application_id in present]
    rules.check_all_decided(items=len(present), decided=len(decisions))
    held = commitments_held(present)
    rules.check_credit(draws(decisions, pools=pools, held=held.values()))
    _free_earlier(held.values(), meeting=meeting, pools=pools, by=by)
    for decision in decisions:
        _carry_out(decision, named[decision.item.application_id], pools=pools, by=by)
    gone = [name for key, name in named.items() if key not in present]
    return _freeze(meeting, decisions, gone=gone, pools=pools, by=by)


def _freeze(meeting: Meeting, decisions: list[Decision], *, gone: list, pools: Mapping, by) -> Meeting:
    meeting.signed_at, meeting.signed_by = timezone.now(), by
    ordered = sorted(pools.values(), key=lambda pool: pool.pk)
    quorum = quorum_of(meeting)
    meeting.minutes = minutes.compose(meeting, decisions=decisions, gone=gone, pools=ordered, quorum=quorum)
    meeting.content_hash = minutes.digest(meeting.minutes)
    meeting.status = Meeting.Status.SIGNED
    meeting.save(update_fields=["status", "signed_at", "signed_by", "minutes", "content_hash"])
    return meeting


def decisions_in_force(meeting: Meeting) -> list[Decision]:
    """The last decision on each name, in rank order. One taken before a member declared his interest does not count."""
    rows = (
        Decision.everything.filter(item__meeting=meeting)
        .in_force()
        .select_related(
            "bank",
            "recorded_by",
            "item__application__applicant",
            "item__application__line",
            "item__application__agency",
        )
    )
    rows = rows.prefetch_related(Prefetch("item__interests", Interest.everything.select_related("member")))
    counting = [d for d in rows if all(i.declared_at < d.decided_at for i in d.item.interests.all())]
    return sorted(counting, key=lambda decision: decision.item.rank)


def commitments_held(application_ids: Iterable[int]) -> dict[int, Commitment]:
    """What an earlier meeting gave to names that a corrective meeting takes up, by application."""
    rows = Commitment.everything.filter(application_id__in=application_ids, stage=Commitment.Stage.APPROVED)
    return {commitment.application_id: commitment for commitment in rows}


def draws(
    decisions: Iterable[Decision], *, pools: Mapping[int | None, CreditPool], held: Iterable[Commitment] = ()
) -> list[rules.Draw]:
    """What these decisions take from each pool, credit held by the same names counted as free. In order of the pools.

    Raises DecisionIncompleteError for a bank without a share.
    """
    left = {pool.pk: pool.left_rial for pool in pools.values()}
    for commitment in held:
        left[commitment.pool_id] += commitment.amount_rial
    taken: dict[int, list[int]] = {pool.pk: [] for pool in pools.values()}
    for decision in decisions:
        if decision.outcome in rules.FUNDED:
            taken[rules.pool_for(pools, bank=decision.bank).pk].append(decision.amount_rial)
    return [
        rules.Draw(pool=pool, names=len(taken[pool.pk]), taken_rial=sum(taken[pool.pk]), left_rial=left[pool.pk])
        for pool in sorted(pools.values(), key=lambda pool: pool.pk)
    ]


def _lock_named(application_ids: Iterable[int]) -> dict[int, Application]:
    rows = Application.everything.locked().filter(pk__in=application_ids).select_related("applicant")
    return {application.pk: application for application in rows}


def _free_earlier(held: Iterable[Commitment], *, meeting: Meeting, pools: Mapping, by) -> None:
    """Credit from an earlier meeting is given back before this one gives it anew."""
    by_key = {pool.pk: pool for pool in pools.values()}
    for commitment in sorted(held, key=lambda commitment: commitment.pk):
        commitment.pool = by_key[commitment.pool_id]  # the locked row, whose figures move along
        ledger.release(commitment, by=by, reason=_("decided anew in meeting %(number)s") % {"number": meeting.number})


def _carry_out(decision: Decision, application: Application, *, pools: Mapping, by) -> None:
    funded = decision.outcome in rules.FUNDED
    application.rank = decision.item.rank
    application.approved_rial = decision.amount_rial if funded else None
    application.save(update_fields=["rank", "approved_rial"])
    applications.move(application, to=BECOMES[decision.outcome], by=by, reason=decision.reason)
    if funded:
        pool = rules.pool_for(pools, bank=decision.bank)
        ledger.approve(pool, application_id=application.pk, amount_rial=decision.amount_rial, by=by)
