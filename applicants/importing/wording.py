"""What the page says of things that were put right, by their code."""

from django.utils.translation import gettext_lazy as _

NAMES_OF_CORRECTIONS = {
    "digits": _("digits of another script"),
    "letters": _("Arabic letters"),
    "spaces": _("spaces"),
    "leading_zeros": _("lost zeros in front"),
    "country_code": _("country code"),
    "grouped_number": _("grouped numbers"),
    "unit_word": _("the word «rial»"),
    "date_form": _("form of the date"),
    "name_recognised": _("names of bodies"),
    "spelling": _("spelling"),
    "identifier_form": _("form of the number"),
    "postal_code_set_aside": _("postal codes set aside"),
}
