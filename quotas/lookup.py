"""The programme that a command or an address means by its year."""

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
