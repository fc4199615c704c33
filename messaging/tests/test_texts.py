"""The texts of messages: the county's own or the declared one, with allowed places alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import CountyFactory
from messaging import texts
from messaging.models import MessageTemplate


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr(texts, "_declared", {})
    texts.declare("visit", label="بازدید", text="بازدید {day} ساعت {hour}", places={"day": "1401/09/10", "hour": "10"})
    return texts.declared("visit")


@pytest.mark.django_db
def test_the_declared_text_is_used_until_the_office_writes_its_own(visit, django_assert_num_queries):
    county, other = CountyFactory(), CountyFactory()
    MessageTemplate.everything.create(county=other, code="visit", text="فردا {hour}")
    with django_assert_num_queries(1):
        rows = [{"day": "1401/01/02", "hour": 9}, {"day": "1401/01/03", "hour": 10}]
        assert texts.render_many("visit", county.pk, rows) == ["بازدید 1401/01/02 ساعت 9", "بازدید 1401/01/03 ساعت 10"]
    assert texts.render("visit", other.pk, day="1401/01/02", hour=9) == "فردا 9"


@pytest.mark.django_db
def test_what_a_value_says_is_never_read_as_a_place(visit):
    assert texts.render("visit", CountyFactory().pk, day="{hour}", hour="8") == "بازدید {hour} ساعت 8"


@pytest.mark.django_db
def test_a_text_that_reached_the_table_with_an_unknown_place_gives_away_nothing(visit):
    county = CountyFactory()
    MessageTemplate.everything.create(county=county, code="visit", text="{day.__class__} {0} {secret} {hour}")
    assert texts.render("visit", county.pk, day="x", hour="8") == "{day.__class__} {0} {secret} 8"


@pytest.mark.parametrize("text", ["{name}", "{day.year}", "{day!r}", "{0}", "{}", "{day", "day}", "{{day}}", "{ day }"])
def test_a_place_that_nobody_fills_is_refused_and_the_allowed_ones_are_named(visit, text):
    with pytest.raises(texts.TextRefusedError, match=r"\{day\}، \{hour\}"):
        texts.check(visit, text)


@pytest.mark.parametrize("text", ["", " \n ", "ب" * 901, "ب" * 800 + "{day}{hour}"])
def test_an_empty_or_too_long_text_is_refused(visit, text):
    with pytest.raises(texts.TextRefusedError):
        texts.check(visit, text)


def test_a_text_without_places_says_so():
    with pytest.raises(texts.TextRefusedError, match="براکت|braces|آکولاد"):
        texts.declare("plain", label="", text="سلام {name}")


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_values_fit_into_the_longest_message(day, hour):
    declared = texts.Declared("x", "", "{day} {hour}", {"day": "", "hour": ""})
    assert len(texts._filled(declared.text, frozenset(declared.places), {"day": day, "hour": hour})) <= 161
