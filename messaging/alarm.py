"""What the office sees while nothing is sent."""

from django.http import HttpRequest

from messaging.gateways.codes import PAUSE_REASONS
from messaging.models import SendingPause


def pause_context(request: HttpRequest) -> dict:
    """Context of ``messaging/_pause.html``."""
    pause = SendingPause.objects.filter(ended_at=None).first()
    return {
        "pause": pause,
        "pause_reason": PAUSE_REASONS.get(pause.reason, pause.reason) if pause else "",
        "may_resume": request.user.has_perm("messaging.change_sendingpause"),
    }
