"""The usual way: one Celery task, one HTTP call and one ``save()`` per message. The worker of both sides runs from here."""

import requests
from django.conf import settings

from abarkuh_loans.celery import app
from messaging.models import OutboundMessage


@app.task(name="benchmarks.sms_peer.send_one", acks_late=True)
def send_one(message_id: int) -> None:
    """As the vendor's package does it: a call of its own for every message."""
    message = OutboundMessage.everything.get(pk=message_id)
    answer = requests.post(
        f"{settings.KAVENEGAR_BASE_URL}/{settings.KAVENEGAR_API_KEY}/sms/send.json",
        {"receptor": message.receptor, "sender": settings.SMS_LINE, "message": message.text, "localid": message.pk},
        timeout=10,
    ).json()
    (entry,) = answer["entries"]
    message.provider_id, message.cost_rial = entry["messageid"], entry["cost"]
    message.provider_status = entry["status"]
    message.status = OutboundMessage.Status.SENT
    message.save()
