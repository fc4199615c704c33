"""The shared shell: colours of states, page numbers, and what the style sheets and templates promise."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from abarkuh_loans.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COLOURS = {"grey", "blue", "teal", "green", "yellow", "orange", "red", "violet", "plain"}


def test_every_status_of_every_model_has_a_colour():
    missing = []
    for model in apps.get_models():
        label = model._meta.label_lower
        name = ui.STATUS_FIELDS.get(label, "status")
        field = next((f for f in model._meta.fields if f.name == name and f.choices), None)
        choices = (
            field.flatchoices if field and model.__module__.split(".")[0] in {p.name for p in ROOT.iterdir()} else []
        )
        missing += [(label, value) for value, _ in choices if (label, value) not in ui.STATUS_COLOURS]
    assert missing == []


def test_colours_are_the_ones_of_the_style_sheet():
    assert set(ui.STATUS_COLOURS.values()) | set(ui.READER_COLOURS.values()) <= COLOURS


def test_a_referral_waiting_for_the_bank_is_yellow_for_the_bank_and_blue_for_the_office():
    assert ui.status_colour("banks.referral", "issued", "bank") == "yellow"
    assert ui.status_colour("banks.referral", "issued", "office") == "blue"


@pytest.mark.parametrize(("share", "whole"), [(0, 0), (45.5, 46), (100, 100), (131.2, 100), (-3, 0), (None, 0)])
def test_a_share_becomes_a_whole_number_between_0_and_100(share, whole):
    assert ui.whole_percent(share) == whole


def test_a_long_list_shows_a_gap_between_its_pages():
    page = Paginator(range(1000), 10).page(50)
    assert list(ui.page_numbers(page)) == [1, None, 48, 49, 50, 51, 52, None, 100]


def test_the_other_parameters_are_kept_when_the_page_turns():
    request = RequestFactory().get("/?status=issued&page=3")
    template = Template("{% load ui %}{% page_query as query %}{{ query }}|{% with_query status='' q='a' %}")
    assert template.render(Context({"request": request}, autoescape=False)) == "status=issued&|?q=a"


def test_an_alert_says_its_sentence_and_its_list():
    html = render_to_string("components/alert.html", {"kind": "error", "text": "الف", "items": ["ب", "پ"]})
    assert "a-bad" in html and html.count("<li>") == 2


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_carries_a_style_attribute_an_inline_script_or_another_host(path):
    html = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|<style|https?://(?!www\.w3\.org)", html)


@pytest.mark.parametrize("path", sorted((ROOT / "templates/components").glob("*.html")), ids=lambda path: path.name)
def test_every_component_opens_with_a_comment_on_its_variables(path):
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("path", sorted((ROOT / "static/css").glob("*.css")), ids=lambda path: path.name)
def test_style_sheets_use_logical_properties_only(path):
    physical = r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)"
    found = [
        line for line in path.read_text().splitlines() if re.search(physical, line) and not line.startswith(".num ")
    ]
    assert found == []
