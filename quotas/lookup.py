"""The programme that a command or an address means by its year."""

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError
from iran.text import clean
from quotas.models import Programme


def find(year: str, *, county: str = "") -> Programme:
    """The programme of a Solar Hijri year (digits of any script) that the reader may see; ``county`` is a county's code.

    Without a county the year must be enough to name one. Raises Programme.DoesNotExist,
    Programme.MultipleObjectsReturned.
    """
    typed = clean(year)
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 4):
        raise Programme.DoesNotExist
    programmes = Programme.objects.select_related("county").filter(year=int(typed))
    return (programmes.filter(county__code=clean(county)) if county else programmes).get()


class ProgrammeNotNamedError(RuleError):
    """What was typed names no programme, or more than one."""

    code = "programme_unknown"


def named(year: str, *, county: str = "") -> Programme:
    """As :func:`find`, for whoever typed the year at a command. Raises ProgrammeNotNamedError with the remedy."""
    try:
        return find(year, county=county)
    except Programme.DoesNotExist as error:
        raise ProgrammeNotNamedError(
            _("There is no programme of «%(year)s»; write a Solar Hijri year such as 1401.") % {"year": year}
        ) from error
    except Programme.MultipleObjectsReturned as error:
        raise ProgrammeNotNamedError(
            _("Several counties have a programme of %(year)s; name one with --county.") % {"year": year}
        ) from error
