"""Refusals that the programme's rules expect. Each one speaks to the officer in one translated sentence."""

from django.utils.translation import gettext_lazy as _


class RuleError(Exception):
    """A rule of the programme says no. Becomes a message in HTML, a 409 in the API, exit code 1 in a command.

    ``code`` is stable and ASCII; ``field`` names the form field it belongs to, if any.
    """

    code = "refused"
    status = 409
    field: str | None = None
    default_message = _("This is not allowed by the rules of the programme.")

    def __init__(self, message=None, *, field: str | None = None) -> None:
        self.message = message if message is not None else self.default_message
        if field is not None:
            self.field = field
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class WrongStateError(RuleError):
    """The thing is not in the state that this act needs; somebody may have been first."""

    code = "wrong_state"
    default_message = _("This has moved on in the meantime. Open it again to see its present state.")
