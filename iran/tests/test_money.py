from decimal import Decimal

import pytest

from iran import money
from iran.money import MoneyError


@pytest.mark.parametrize(
    "typed",
    ["1500000", "۱۵۰۰۰۰۰", "١٥٠٠٠٠٠", "1,500,000", "۱٬۵۰۰٬۰۰۰", "۱،۵۰۰،۰۰۰", "1'500'000", "1 500 000",
     "\u200e1500000\u200f ", 1500000, 1500000.0, Decimal("1500000.00")],
)  # fmt: skip
def test_an_amount_is_read_in_every_usual_form(typed):
    amount = money.parse_rial(typed)
    assert amount == 1_500_000
    assert type(amount) is int


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "amount_missing"),
        ("", "amount_missing"),
        (" \u200f", "amount_missing"),
        ("یک میلیارد", "amount_text"),
        ("1500x", "amount_text"),
        ("1,5", "amount_text"),
        ("1,5000", "amount_text"),
        ("1500,000", "amount_text"),
        ("1e9", "amount_text"),
        (True, "amount_text"),
        ([], "amount_text"),
        (float("nan"), "amount_text"),
        (float("inf"), "amount_text"),
        (Decimal("NaN"), "amount_text"),
        (Decimal("-Infinity"), "amount_text"),
        ("1.5", "amount_decimal"),
        ("1.500.000", "amount_text"),
        ("۱٫۵", "amount_decimal"),
        ("1/5", "amount_decimal"),
        (1.5, "amount_decimal"),
        (Decimal("0.1"), "amount_decimal"),
        ("-5", "amount_sign"),
        ("+5", "amount_sign"),
        ("5-", "amount_sign"),
        ("−5", "amount_sign"),
        (-5, "amount_sign"),
        (-5.0, "amount_sign"),
        (2**63, "amount_too_large"),
        ("9" * 50, "amount_too_large"),
        (2.0**53 + 2, "amount_too_large"),
    ],
)
def test_what_is_no_whole_amount_is_refused(value, code):
    with pytest.raises(MoneyError) as caught:
        money.parse_rial(value)
    assert caught.value.code == code
    assert str(caught.value) == str(money.MESSAGES[code])


@pytest.mark.parametrize("amount", [0, 2**63 - 1, 2.0**53])
def test_the_limits_themselves_are_amounts(amount):
    assert money.parse_rial(amount) == amount
    assert money.parse_rial(str(int(amount))) == amount


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (3, 2, 2), (5, 2, 3), (49, 100, 0), (-1, 2, -1), (-5, 2, -3), (1, -2, -1), (-4, -3, 1), (0, 7, 0)],
)
def test_a_half_goes_away_from_zero(numerator, denominator, rounded):
    assert money.round_half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("part", "whole", "digits", "expected"),
    [
        (387, 1219, 1, "31.7"),
        (387, 1219, 0, "32"),
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),
        (1, 3, 3, "33.333"),
        (0, 5, 1, "0.0"),
        (122, 122, 1, "100.0"),
        (82_480_000_000, 82_480_000_001, 1, "100.0"),
    ],
)
def test_a_share_is_exact_and_rounded_once(part, whole, digits, expected):
    assert str(money.percent(part, whole, digits)) == expected


def test_a_share_of_nothing_is_not_zero():
    assert money.percent(3, 0) is None


def test_amounts_are_written_with_the_persian_separator():
    assert money.group(82_480_000_000) == "82٬480٬000٬000"
    assert money.rial(82_480_000_000) == "۸۲٬۴۸۰٬۰۰۰٬۰۰۰ ریال"
    assert money.rial(-1500) == "منفی ۱٬۵۰۰ ریال"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (82_480_000_000, "۸ میلیارد و ۲۴۸ میلیون تومان"),
        (1_500_000_000, "۱۵۰ میلیون تومان"),
        (45_000_000_000_000, "۴٬۵۰۰ میلیارد تومان"),
        (1_234_567_891, "۱۲۳ میلیون و ۴۵۶ هزار و ۷۸۹ تومان و ۱ ریال"),
        (5, "۵ ریال"),
        (0, "۰ تومان"),
        (-20_000_000, "منفی ۲ میلیون تومان"),
    ],
)
def test_rial_is_spoken_as_toman(amount, words):
    assert money.toman_words(amount) == words


def test_the_amount_of_a_letter_is_in_words():
    assert money.in_words(1_000_000_000) == "یک میلیارد ریال"
    assert money.in_words(10**15 - 1).endswith(" ریال")
    with pytest.raises(MoneyError):
        money.in_words(10**15)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (82_480_000_000, "۸۲٬۴۸۰"),
        (1_500_500_000, "۱٬۵۰۰٫۵"),
        (1_949_999, "۱٫۹"),
        (1_950_000, "۲"),
        (0, "۰"),
        (-3_500_000, "منفی ۳٫۵"),
    ],
)
def test_lists_show_million_rial(amount, shown):
    assert money.million_rial(amount) == shown
