"""A campaign's life: planned, running, paused, ended. Started or stopped by the office, worked through by beat."""

import secrets
from datetime import date, datetime

from django.db import transaction

from employment_tracking import ladder_bell
from employment_tracking.models import Attempt, Campaign, VerificationCase
from employment_tracking.rules import ladder as rules
from employment_tracking.workflow import opening
from messaging import outbox
from messaging.models import OutboundMessage
from quotas.models import Programme

Status = Campaign.Status
CANCEL_BATCH = 5_000


@transaction.atomic
def plan(
    *, programme: Programme, title: str, agencies: list[int], since: date | None, share_percent: int, by, now: datetime
) -> Campaign:
    """Write down who shall be asked; nothing is sent. The seed of the draw is fixed here, before anybody is drawn."""
    selection = {
        "agencies": sorted(agencies),
        "since": since.isoformat() if since else None,
        "share_percent": share_percent,
        "seed": secrets.token_hex(8),
    }
    return Campaign.everything.create(
        programme=programme, title=title.strip(), selection=selection, planned_at=now, planned_by=by
    )


@transaction.atomic
def start(*, campaign_id: int, by, now: datetime) -> Campaign:
    """Draw the people, open the first cases with their questions, and have the rest opened by the workers.

    Raises CampaignStateError, NobodyToAskError.
    """
    campaign = locked(campaign_id)
    rules.check_campaign_move(campaign, to=Status.RUNNING)
    if campaign.status == Status.PAUSED:
        raise rules.CampaignStateError(rules.RESUME_INSTEAD)
    programme = Programme.everything.get(pk=campaign.programme_id)
    everybody = list(opening.frame(programme, campaign.selection).values_list("pk", flat=True))
    if not everybody:
        raise rules.NobodyToAskError
    _fix_draw(campaign, everybody)
    campaign.status, campaign.started_at = Status.RUNNING, now
    campaign.save(update_fields=["status", "started_at", "selection", "to_ask"])
    opening.open_next(campaign, now=now)
    ladder_bell.ring_on_commit()
    return campaign


def _fix_draw(campaign: Campaign, frame: list[int]) -> None:
    """Store what the draw rests on: the frame's size, end and digest, and the rank up to which records are drawn (J3)."""
    selection = campaign.selection
    drawn = rules.draw(frame, share_percent=selection["share_percent"], seed=selection["seed"])
    ranks = [rules.rank(selection["seed"], pk) for pk in drawn]
    campaign.to_ask = len(drawn)
    campaign.selection = selection | {
        "frame_size": len(frame),
        "frame_sha256": rules.digest(frame),
        "drawn_sha256": rules.digest(drawn),
        "last_id": frame[-1],
        "rank_up_to": max(ranks) if len(drawn) < len(frame) else "",
    }


@transaction.atomic
def pause(*, campaign_id: int, by, now: datetime) -> int:
    """Stop asking: nothing new is queued, what waits in the queue is taken back, nobody is called. Says how many.

    What a worker is sending at this moment goes its way. A question taken back is asked anew after ``resume``, under
    the case's next number. Answers that come meanwhile count. Raises CampaignStateError.
    """
    campaign = locked(campaign_id)
    _move(campaign, to=Status.PAUSED)
    return _take_back(campaign)


@transaction.atomic
def resume(*, campaign_id: int, by, now: datetime) -> Campaign:
    """Go on; the workers ask anew what was taken back. Raises CampaignStateError."""
    campaign = locked(campaign_id)
    if campaign.status == Status.PLANNED:
        raise rules.CampaignStateError(rules.START_INSTEAD)
    _move(campaign, to=Status.RUNNING)
    ladder_bell.ring_on_commit()
    return campaign


@transaction.atomic
def end(*, campaign_id: int, by, now: datetime) -> Campaign:
    """Finish: whoever has not answered until now is written down as not reached. The workers close the cases.

    Raises CampaignStateError.
    """
    campaign = locked(campaign_id)
    rules.check_campaign_move(campaign, to=Status.ENDED)
    campaign.ended_at = now
    _move(campaign, to=Status.ENDED)
    _take_back(campaign)
    ladder_bell.ring_on_commit()
    return campaign


def locked(campaign_id: int) -> Campaign:
    return Campaign.everything.select_for_update(of=("self",), no_key=True).get(pk=campaign_id)


def _move(campaign: Campaign, *, to: str) -> None:
    rules.check_campaign_move(campaign, to=to)
    campaign.status = to
    campaign.save(update_fields=["status", "ended_at"])


def _take_back(campaign: Campaign) -> int:
    """The campaign's messages that wait in the queue. No new ones can come: whoever asks locks the campaign first."""
    waiting = Attempt.everything.filter(
        case__campaign=campaign,
        case__status__in=(VerificationCase.Status.OPEN, VerificationCase.Status.REOPENED),
        message__status=OutboundMessage.Status.QUEUED,
    )
    ids = list(waiting.order_by("message_id").values_list("message_id", flat=True))
    return sum(outbox.cancel(ids[first : first + CANCEL_BATCH]) for first in range(0, len(ids), CANCEL_BATCH))
