"""What people's answers mean: numbers in every script, words as they are typed, and what a person must read himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.models import InboundMessage
from messaging.reading import meaning_of

YES, NO, OPT_OUT, UNCLEAR = (
    InboundMessage.Meaning.YES,
    InboundMessage.Meaning.NO,
    InboundMessage.Meaning.OPT_OUT,
    InboundMessage.Meaning.UNCLEAR,
)


@pytest.mark.parametrize(
    "text",
    [
        *("1", "۱", "١", "１", "①", "¹", "1️⃣", "१", " 1 ", "1.", "«1»", "(۱)", "1!", "+1", "1-", "۱\n", "\u200f۱\u200f"),
        *(
            "بله",
            "بلي",
            "بلی",
            "آره",
            "اره",
            "آری",
            "بَله",
            "بـــله",
            "بلههههه",
            "بعله",
            "یک",
            "بله‌",
            "ﺑﻠﻪ",
            "بله!",
            "«بله»",
        ),
        *(
            "yes",
            "YES",
            "Bale",
            "1 بله",
            "۱بله",
            "بله1",
            "1- بله",
            "بله هستم",
            "بله مشغولم",
            "بله، مشغول کار هستم",
            "بله 😊",
        ),
        *("😊1", "👍 بله", "1 ممنون", "بله بله", "بله میکنم", "بله می‌کنم", "آره متشکرم", "بله است"),
    ],
)
def test_a_yes_is_understood_however_it_is_written(text):
    assert meaning_of(text) == YES


@pytest.mark.parametrize(
    "text",
    [
        *("2", "۲", "٢", "２", "②", "2.", "2️⃣", "خیر", "خير", "نه", "نخیر", "نهههه", "دو", "no", "Na", "2 خیر", "۲نه"),
        *("نه هنوز", "خیر، نیستم", "نه مشغول نیستم", "خیر ممنون", "نه نمی‌کنم", "نه نمی کنم", "2 نه", "❌ خیر"),
    ],
)
def test_a_no_is_understood_however_it_is_written(text):
    assert meaning_of(text) == NO


@pytest.mark.parametrize(
    "text", ["11", "۱۱", "١١", "１１", "لغو", "لغو11", "لغو ۱۱", "11 لغو", "لغو!", "لغوو", "لغو پیامک", "لغو اشتراک"]
)
def test_whoever_wants_no_more_messages_is_understood(text):
    assert meaning_of(text) == OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "😊", "👍", "سلام", "3", "0", "12", "21", "22", "111", "1111", "01", "1401", "1st", "۱۲"),
        *(
            "1 2",
            "2 1",
            "1 یا 2",
            "1/2",
            "½",
            "1 1",
            "1.1",
            "1,000",
            "بله نه",
            "بله یا خیر",
            "نه بله",
            "1 خیر",
            "2 بله",
        ),
        *(
            "بله نیستم",
            "بله، مشغول نیستم",
            "بله ولی تعطیل شد",
            "نه مشغولم",
            "نه هنوز مشغولم",
            "نه بابا هستم",
            "بله لغو",
        ),
        *(
            "لغو1",
            "لغو نکنید",
            "بله؟",
            "1?",
            "شما؟",
            "من کار می‌کنم",
            "مشغول کار هستم",
            "بلهچی",
            "بلیط",
            "نهار",
            "یکشنبه",
            "خیریه",
        ),
        *("1️⃣1️⃣", "بله هستم سلام ممنون مرسی خیلی خیلی متشکرم", "1" * 201, "بله " * 60, "<script>", "\x00"),
    ],
)
def test_what_is_not_plain_goes_to_a_person(text):
    assert meaning_of(text) == UNCLEAR


DECORATION = st.text(alphabet=" .!،؛«»()-*\u200f\u200e\u200c\n😊👍❤️🌹", max_size=8)


@given(
    DECORATION,
    st.sampled_from([("۱", YES), ("بله", YES), ("٢", NO), ("خیر", NO), ("۱۱", OPT_OUT), ("لغو", OPT_OUT)]),
    DECORATION,
)
def test_punctuation_and_emoji_around_an_answer_change_nothing(before, answer, after):
    text, meaning = answer
    assert meaning_of(before + text + after) == meaning


@given(st.text(max_size=300))
def test_any_text_at_all_has_a_meaning(text):
    assert meaning_of(text) in InboundMessage.Meaning.values


@given(st.text(alphabet="12۱۲١٢ ./یا", max_size=10).filter(lambda text: any(c in text for c in "2۲٢")))
def test_a_text_with_a_two_in_it_is_never_a_yes(text):
    assert meaning_of(text) != YES


@given(
    st.sampled_from(["1", "۱", "بله", "آره"]),
    st.sampled_from(["نیستم", "نمی‌کنم", "ندارم", "نه", "خیر", "لغو", "تعطیل", "ولی"]),
)
def test_a_yes_that_is_taken_back_in_the_same_breath_is_no_yes(yes, withdrawal):
    assert meaning_of(f"{yes} {withdrawal}") == UNCLEAR
