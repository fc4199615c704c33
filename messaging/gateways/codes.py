"""What the gateway's numbers mean, and what follows from each. Sources: docs/sources.md#sms-gateway.

``RETURN``: the answer to a call. ``MESSAGE``: where a message is. ``FAILURES``: why one of ours ended without arriving.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import OutboundMessage

Status = OutboundMessage.Status


class Act(StrEnum):
    """What the worker does with the messages of a call."""

    STORE = "store"  # taken: keep the gateway's numbers
    ASK = "ask"  # perhaps taken: ask the gateway after a while, send again only what it does not have
    PAUSE = "pause"  # nothing taken, and no message's fault: stop everything, keep the messages, tell the office
    SPLIT = "split"  # nothing taken: halve the call; a message alone that is refused is at fault
    FAIL = "fail"  # nothing taken, and no other call would fare better


@dataclass(frozen=True)
class ReturnCode:
    label: Promise
    act: Act
    failure: str = ""  # of the message at fault, or the reason of the pause


RETURN: dict[int, ReturnCode] = {
    200: ReturnCode(_("accepted"), Act.STORE),
    400: ReturnCode(_("parameters are incomplete"), Act.SPLIT, "refused"),
    401: ReturnCode(_("the gateway's key is wrong or switched off"), Act.PAUSE, "wrong_key"),
    402: ReturnCode(_("the operation failed"), Act.ASK, "gave_up"),
    403: ReturnCode(_("access is closed"), Act.PAUSE, "access_closed"),
    404: ReturnCode(_("there is no such method"), Act.FAIL, "refused"),
    405: ReturnCode(_("the method is called in the wrong way"), Act.FAIL, "refused"),
    407: ReturnCode(_("this server's address is not allowed"), Act.PAUSE, "address_refused"),
    409: ReturnCode(_("the gateway cannot answer now"), Act.ASK, "gave_up"),
    411: ReturnCode(_("the receiver's number is wrong"), Act.SPLIT, "bad_number"),
    412: ReturnCode(_("the sender line is wrong"), Act.PAUSE, "line_refused"),
    413: ReturnCode(_("the text is empty or too long"), Act.SPLIT, "bad_text"),
    414: ReturnCode(_("too many messages in one call"), Act.SPLIT, "refused"),
    417: ReturnCode(_("the date is wrong"), Act.FAIL, "refused"),
    418: ReturnCode(_("there is not enough credit"), Act.PAUSE, "no_credit"),
    419: ReturnCode(_("the lists of a call differ in length"), Act.FAIL, "refused"),
    422: ReturnCode(_("the content cannot be processed"), Act.SPLIT, "refused"),
    424: ReturnCode(_("the text pattern is missing or not approved"), Act.FAIL, "refused"),
    426: ReturnCode(_("this needs the advanced service"), Act.FAIL, "refused"),
    428: ReturnCode(_("this cannot be said in a call"), Act.FAIL, "not_by_call"),
    431: ReturnCode(_("the code's structure is wrong"), Act.FAIL, "refused"),
    432: ReturnCode(_("the code has no place in the pattern"), Act.FAIL, "refused"),
    607: ReturnCode(_("the tag's name is wrong"), Act.FAIL, "refused"),
}
# An answer without the gateway's envelope: from something on the way, or from a wrong address.
WRONG_ADDRESS = ReturnCode(_("the gateway's address is wrong"), Act.PAUSE, "wrong_address")
UNHEARD_OF = ReturnCode(_("a code that the gateway's documents do not have"), Act.ASK, "gave_up")


def meaning_of_return(code: int) -> ReturnCode:
    """What to do after a call. A code that no document has may hide an accepted call: ask."""
    return RETURN.get(code, UNHEARD_OF)


@dataclass(frozen=True)
class MessageCode:
    label: Promise
    state: Status | None  # None: says nothing of the message
    rank: int  # a report may only move a message to a higher rank
    final: bool
    failure: str = ""


MESSAGE: dict[int, MessageCode] = {
    1: MessageCode(_("in the gateway's queue"), Status.SENT, 1, final=False),
    2: MessageCode(_("scheduled by the gateway"), Status.SENT, 1, final=False),
    4: MessageCode(_("sent to the operator"), Status.SENT, 2, final=False),
    5: MessageCode(_("sent to the operator"), Status.SENT, 2, final=False),
    # a phone that was off may still get it: asked again until the gateway forgets
    11: MessageCode(_("not delivered: the phone was off or out of reach"), Status.UNDELIVERED, 3, final=False),
    6: MessageCode(_("not delivered: the line failed"), Status.UNDELIVERED, 4, final=True, failure="line_failed"),
    13: MessageCode(_("cancelled by the gateway"), Status.FAILED, 4, final=True, failure="cancelled_by_gateway"),
    14: MessageCode(_("blocked by the receiver"), Status.BLOCKED, 4, final=True, failure="blocked"),
    10: MessageCode(_("delivered"), Status.DELIVERED, 5, final=True),
    50: MessageCode(_("received"), None, 0, final=False),
    100: MessageCode(_("the gateway does not know this number, or no longer"), None, 0, final=False),
}
UNKNOWN_MESSAGE_CODE = MessageCode(_("a code that the gateway's documents do not have"), None, 0, final=False)


def meaning_of_message(code: int) -> MessageCode:
    return MESSAGE.get(code, UNKNOWN_MESSAGE_CODE)


FAILURES: dict[str, Promise] = {
    "bad_number": _("The receiver's number is wrong. Ask the agency for the right one."),
    "bad_text": _("The gateway refused the text as empty or too long."),
    "refused": _("The gateway refused this message."),
    "not_by_call": _("This text cannot be said in a call."),
    "gave_up": _("The gateway did not take the message in spite of many tries."),
    "fate_unknown": _("The gateway may have sent it or not, and cannot say any more. It is not sent again by itself."),
    "line_failed": _("The line failed on the way to the phone."),
    "cancelled_by_gateway": _("The gateway cancelled it and returned the cost."),
    "blocked": _("The receiver takes no messages from lines like ours."),
    "opted_out": _("The person asked for no more messages."),
    "cancelled": _("It was taken back before it was sent."),
}
PAUSE_REASONS: dict[str, Promise] = {
    "no_credit": _(
        "The gateway's credit is used up. Charge the account; sending goes on by itself or when you resume it."
    ),
    "wrong_key": _("The gateway refuses the key. Have KAVENEGAR_API_KEY put right."),
    "access_closed": _("The gateway refuses access. Have the account looked at in the gateway's panel."),
    "address_refused": _("The gateway refuses this server's address. Have it allowed in the gateway's panel."),
    "line_refused": _("The gateway refuses the sender line. Have SMS_LINE and SMS_SERVICE_LINE put right."),
    "wrong_address": _("No gateway answers at the given address. Have KAVENEGAR_BASE_URL put right."),
    "by_hand": _("The office stopped sending."),
}
