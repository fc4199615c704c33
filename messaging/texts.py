"""The texts of our messages: declared by the app that sends them, edited by the office, filled with a message's values.

``declare("job_check", label=_("job check"), text="…{code}…", places=("code",))`` in ``AppConfig.ready``. ``places`` may be
a mapping of names to the longest value that each is given; the count on the office's page is of the text filled with those.
A place is ``{name}`` and nothing else: no attribute, no format, no brace of any other kind.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from messaging.length import MOST_CHARACTERS
from messaging.models import MessageTemplate

MOST_OF_A_VALUE = 80  # characters that a value may fill; a longer name is cut
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class TextRefusedError(RuleError):
    """This text cannot be sent as it stands."""

    code = "text_refused"
    status = 422
    field = "text"


@dataclass(frozen=True)
class Declared:
    """``samples``: for each place the longest value it is given, for counting."""

    code: str
    label: Any
    text: str
    samples: Mapping[str, str]

    @cached_property
    def samples_json(self) -> str:
        return json.dumps({name: value[:MOST_OF_A_VALUE] for name, value in self.samples.items()})

    @cached_property
    def places(self) -> tuple[str, ...]:
        return tuple(self.samples)


_declared: dict[str, Declared] = {}


def declare(code: str, *, label: Any, text: str, places: Mapping[str, str] | Iterable[str] = ()) -> None:
    samples = dict(places) if isinstance(places, Mapping) else dict.fromkeys(places, "00000000")
    declared = Declared(code, label, text, samples)
    check(declared, text)
    _declared[code] = declared


def declared(code: str) -> Declared:
    return _declared[code]


def all_declared() -> list[Declared]:
    return sorted(_declared.values(), key=lambda text: text.code)


def render(code: str, county_id: int, **values: Any) -> str:
    return render_many(code, county_id, [values])[0]


def render_many(code: str, county_id: int, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The county's own text, or the declared one, once per row of values; one query for all."""
    own = MessageTemplate.everything.filter(county=county_id, code=code).values_list("text", flat=True).first()
    text, places = own or declared(code).text, frozenset(declared(code).places)
    return [_filled(text, places, values) for values in rows]


def _filled(text: str, places: frozenset[str], values: Mapping[str, Any]) -> str:
    """Only allowed places are filled, and what a value itself says is never read as a place."""

    def value(found: re.Match) -> str:
        return str(values[found[1]])[:MOST_OF_A_VALUE] if found[1] in places else found[0]

    return _PLACE.sub(value, text)


def filled_with_samples(declared: Declared, text: str) -> str:
    return _filled(text, frozenset(declared.places), declared.samples)


def check(declared: Declared, text: str) -> None:
    """Refuse a text that is empty, has a place nobody fills, a brace of another kind, or could grow too long."""
    if not text.strip():
        raise TextRefusedError(_("Write the text of the message."))
    unknown = sorted(set(_PLACE.findall(text)) - set(declared.places))
    if unknown or "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        raise TextRefusedError(_what_is_allowed(declared, unknown))
    found = _PLACE.findall(text)
    longest = len(_PLACE.sub("", text)) + MOST_OF_A_VALUE * len(found)
    if longest > MOST_CHARACTERS:
        words = _("With its places filled the text may reach %(longest)s characters; %(most)s can be sent. Shorten it.")
        raise TextRefusedError(words % {"longest": longest, "most": MOST_CHARACTERS})


def _what_is_allowed(declared: Declared, unknown: list[str]) -> Any:
    allowed = "، ".join(f"{{{place}}}" for place in declared.places)
    if not allowed:
        return _("This text has no places to fill. Take the braces out of it.")
    if not unknown:
        return _("Braces stand only around a place. The places of this text are: %(allowed)s.") % {"allowed": allowed}
    words = _("Nothing is known to put in %(unknown)s. The places of this text are: %(allowed)s.")
    return words % {"unknown": "، ".join(f"{{{place}}}" for place in unknown), "allowed": allowed}
