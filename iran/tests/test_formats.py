from django.utils.formats import number_format, reset_format_cache
from django.utils.translation import override

from abarkuh_loans.formats.fa import formats


def test_django_groups_numbers_in_persian_pages():
    reset_format_cache()
    with override("fa"):
        assert number_format(1_500_000_000, use_l10n=True, force_grouping=True) == "1٬500٬000٬000"
        assert number_format("1.5", use_l10n=True) == "1٫5"


def test_a_forgotten_date_is_plainly_gregorian():
    assert formats.DATE_FORMAT == "Y-m-d"
