"""What happened to a referral, newest first, in the shape of the timeline component."""

from django.utils.translation import gettext as _

from banks.models import Referral
from iran.money import rial
from iran.templatetags.iran import jalali_datetime


def referral_events(referral: Referral) -> list[dict]:
    steps = [
        (event.happened_at, event.get_to_status_display(), event.happened_by or _("the system"), event.reason)
        for event in referral.events.select_related("happened_by")
    ]
    payments = referral.disbursements.select_related("recorded_by", "reversed_by")
    for payment in payments:
        words = _("payment of %(amount)s recorded") % {"amount": rial(payment.amount_rial)}
        steps.append((payment.recorded_at, words, payment.recorded_by, payment.contract_number))
        if payment.reversed_at:
            words = _("payment of %(amount)s taken back") % {"amount": rial(payment.amount_rial)}
            steps.append((payment.reversed_at, words, payment.reversed_by, ""))
    steps.sort(key=lambda step: step[0], reverse=True)
    return [{"title": title, "at": jalali_datetime(at), "by": by, "note": note} for at, title, by, note in steps]
