"""Characters and parts of a text, as the gateway counts and charges them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.length import count, measure


@pytest.mark.parametrize(
    ("text", "characters", "parts"),
    [
        ("", 0, 0),
        ("ب" * 70, 70, 1),
        ("ب" * 71, 71, 2),
        ("ب" * 134, 134, 2),
        ("ب" * 135, 135, 3),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 159 + "ب", 160, 3),  # one Persian letter makes all of it UCS-2
        ("{" * 80, 160, 1),
        ("{" * 81, 162, 2),
        ("نیم‌فاصله", 9, 1),
        ("😀", 2, 1),
        ("ب" * 66 + "😀" + "ب" * 66, 134, 3),  # an emoji is not cut in half
        ("آیا در شغل ثبت‌شده مشغول کارید؟ 1 بله 2 خیر\nاداره کار ابرکوه", 60, 1),
        ("درخواست شما ثبت شد. کد رهگیری: 14011234\nاداره کار ابرکوه", 56, 1),
        ("درخواست 14011234 در کارگروه مصوب شد. پس از استعلام به بانک معرفی می‌شوید.\nاداره کار ابرکوه", 90, 2),
    ],
)
def test_a_text_is_counted_as_the_gateway_counts_it(text, characters, parts):
    assert count(text) == (characters, parts)


@given(st.text(max_size=900))
def test_a_text_fits_into_its_parts_and_not_into_one_fewer(text):
    characters, parts, room = measure(text)
    assert characters <= room
    assert parts <= 1 or characters > (parts - 1) * 66
