"""What people are asked and told by the ladder, and who takes their answers. Said once, at start-up."""

from django.utils.translation import gettext_lazy as _

from employment_tracking.workflow import answers
from employment_tracking.workflow.cases import ANNOUNCEMENT, QUESTION, QUESTIONS, REMINDER, VOICE_REMINDER
from iran.calendar import programme_now
from messaging import replies, texts

# One part of 70 characters each; ASCII digits, as the answer is a key of the phone. Wording: docs/sources.md#verification.
PLACES = {"office": "ابرکوه", "name": "زهرا محمدی", "job": "گلیم‌بافی"}
TEXTS = {
    QUESTION: (_("verification: the question"), "آیا در شغل ثبت‌شده مشغول کارید؟ 1 بله 2 خیر\nاداره کار {office}"),
    REMINDER: (_("verification: the reminder"), "پاسخ شما نرسید. مشغول کارید؟ 1 بله 2 خیر\nاداره کار {office}"),
    ANNOUNCEMENT: (
        _("verification: the voice message before a call"),
        "سلام. از اداره کار {office} تماس می‌گیریم. همکاران ما به‌زودی درباره شغل ثبت‌شده شما با شما گفت‌وگو می‌کنند.",
    ),
    VOICE_REMINDER: (
        _("verification: the voice reminder"),
        "سلام. پاسخ شما به پیامک اداره کار {office} نرسید. همکاران ما به‌زودی درباره شغل شما تماس می‌گیرند.",
    ),
}


def take_up(batch: list[replies.Reply]) -> dict[int, replies.Handling]:
    return answers.take(batch, now=programme_now())


def announce() -> None:
    for code, (label, text) in TEXTS.items():
        texts.declare(code, label=label, text=text, places=PLACES)
    replies.register("verification", purposes=frozenset(QUESTIONS), handler=take_up)
