"""What a person means by an answer to a yes-or-no question. Pure: text in, meaning out.

The first word decides and the rest may only agree with it: «1 بله» and «نه هنوز» are answers, «بله نیستم», «1 یا 2» and a
whole sentence are for a person to read. A wrong «yes» would confirm a job that nobody has; a person's glance costs a minute.
Source: docs/sources.md#answers-by-sms.
"""

import re
import unicodedata

from iran.text import search_key
from messaging.models import InboundMessage

Meaning = InboundMessage.Meaning

MOST_WORDS = 6  # more is a sentence
MOST_READ = 200  # characters; nobody's yes is longer

# Letter by letter as people type them, Persian in Latin letters too; seats of hamza, آ and repetitions are folded away.
_FIRST_WORDS = {
    Meaning.YES: "1 یک بله بلی بعله اره اری yes yeah bale baleh bali are areh ari",
    Meaning.NO: "2 دو خیر نخیر نه نع no na nah kheir kheyr khair nakheir",
    Meaning.OPT_OUT: "11 لغو lagv laghv",
}
_MAY_FOLLOW = {
    Meaning.YES: "هستم مشغولم مشغول کار کارم میکنم می کنم دارم است شد شده گرفتم حتما البته درسته درست صحیح",
    Meaning.NO: "هنوز نیستم مشغول کار نمیکنم نمی کنم ندارم نیست نشد نشده نگرفتم متاسفانه",
    Meaning.OPT_OUT: "پیامک پیام ارسال اشتراک عضویت شود کنید",
}
_POLITE = "سلام ممنون ممنونم مرسی متشکرم تشکر سپاس با باتشکر لطفا جناب خانم اقا عزیز"

_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_REPEATED = re.compile(r"([^\d])\1+")


def _words(text: str) -> list[str]:
    """«بلههههه» is «بله»; a number stays as it is, for 11 is not 1."""
    return [word if word.isdigit() else _REPEATED.sub(r"\1", word) for word in _WORD.findall(search_key(text))]


_DECIDES = {word: meaning for meaning, words in _FIRST_WORDS.items() for word in _words(words)}
_AGREES = {meaning: frozenset(_words(f"{_MAY_FOLLOW[meaning]} {_POLITE}")) for meaning in _FIRST_WORDS}


def meaning_of(text: str) -> Meaning:
    """Yes, no, opt-out, or unclear. A question («بله؟» asks back) is unclear, and so are two numbers."""
    if len(text) > MOST_READ or "?" in text or "؟" in text:
        return Meaning.UNCLEAR
    words = _words(_plain_digits(unicodedata.normalize("NFKC", text)))
    if not 0 < len(words) <= MOST_WORDS or sum(word.isdigit() for word in words) > 1:
        return Meaning.UNCLEAR
    meaning = _DECIDES.get(words[0])
    if meaning is None or not all(_DECIDES.get(word) == meaning or word in _AGREES[meaning] for word in words[1:]):
        return Meaning.UNCLEAR
    return meaning


def _plain_digits(text: str) -> str:
    """The digits of every script as 0 to 9; full-width and encircled ones became digits before."""
    return "".join(str(unicodedata.decimal(character, character)) for character in text)
