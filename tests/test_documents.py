"""The documents say what is: links lead somewhere, every setting, command, source and word is where it is promised."""

import re
from pathlib import Path
from urllib.parse import unquote

import polib
import pytest
from django.apps import apps
from django.core.management import get_commands
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.fa.md")
TARGET = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"")
NO_PROSE = re.compile(r"^(```|~~~).*?^\1[ \t]*$|<!--.*?-->", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
READS = re.compile(r"""(?:environment\.\w+|\bdatabase|environ\.get)\(\s*["']([A-Z][A-Z_]+)["']""")
OURS = {path.parent.name for path in ROOT.glob("*/apps.py")}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} +(.+?)\s*$", NO_PROSE.sub("", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(document: Path) -> list[str]:
    dead = []
    for found in TARGET.findall(NO_PROSE.sub("", text(document))):
        target = unquote(found[0] or found[1])
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        path = (document.parent / place).resolve() if place else document
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            dead.append(target)
    return dead


def settings_read() -> set[str]:
    return {
        key for file in ("settings.py", "gunicorn.py") for key in READS.findall(text(ROOT / "abarkuh_loans" / file))
    }


def settings_tabled(readme: Path) -> set[str]:
    """The keys of the table of settings; a row may name several."""
    rows = re.findall(r"^\| *((?:`[A-Z][A-Z_]+`[,،]? ?)+) *\|", text(readme), re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`([A-Z_]+)`", row)}


def labels_on_screen() -> re.Pattern:
    """Every Persian text of the catalogues as one pattern; a placeholder stands for anything."""
    catalogues = [*ROOT.glob("locale/fa/LC_MESSAGES/*.po"), *ROOT.glob("*/locale/fa/LC_MESSAGES/*.po")]
    entries = [entry for file in catalogues for entry in polib.pofile(str(file))]
    said = {words for entry in entries for words in (entry.msgstr, *entry.msgstr_plural.values())}
    patterns = [[re.escape(piece) for piece in PLACEHOLDER.split(words)] for words in said]
    return re.compile("|".join(".+".join(pieces) for pieces in patterns if any(len(piece) > 3 for piece in pieces)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_of_a_document_exists(document):
    assert not dead_links(document)


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One\n[here](#one) [gone](gone.md) ![gone](gone.png) [no such part](#two) [outside](https://example.ir)"
    )

    assert dead_links(page) == ["gone.md", "gone.png", "#two"]


def test_every_setting_is_in_the_example_of_the_environment():
    example = set(re.findall(r"^([A-Z_]+)=", text(ROOT / ".env.example"), re.MULTILINE))

    assert settings_read() == example


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_is_in_the_table_of_the_readme(readme):
    assert settings_tabled(readme) == settings_read()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_begins_with_the_two_commands(readme):
    commands = [
        line.split("#")[0].strip() for line in text(readme).splitlines()[:12] if line.strip().startswith("bin/")
    ]

    assert commands == ["bin/run", "bin/test"]


def test_every_source_that_the_code_cites_exists():
    known = anchors(ROOT / "docs" / "sources.md")
    cited = {
        anchor: path.relative_to(ROOT)
        for path in ROOT.glob("*/**/*")
        if path.suffix in {".py", ".sql", ".html"} and OURS & set(path.relative_to(ROOT).parts)
        for anchor in re.findall(r"docs/sources\.md#([\w-]+)", text(path))
    }

    assert {anchor: path for anchor, path in cited.items() if anchor not in known} == {}


def test_every_command_is_in_the_documents():
    written = "\n".join(text(document) for document in DOCUMENTS)
    commands = {name for name, app in get_commands().items() if app in OURS}

    assert {name for name in commands if f"`{name}" not in written} == set()


def test_every_model_is_in_the_glossary_with_its_label():
    words = set(re.findall(r"`(\w+)`", text(ROOT / "docs" / "glossary.md")))
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]

    assert {model.__name__ for model in models} - words == set()
    with translation.override("fa"):
        labels = {str(model._meta.verbose_name) for model in models}
    assert {label for label in labels if label not in text(ROOT / "docs" / "glossary.md")} == set()


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", text(folder / "README.md")))

    assert listed == {path.name for path in folder.glob("0*.md")}


def test_every_setting_of_the_year_has_its_source():
    rules = set(re.findall(r'^    "(\w+)": RuleKind', text(ROOT / "quotas" / "year_rules.py"), re.MULTILINE))

    assert {rule for rule in rules if f"`{rule}`" not in text(ROOT / "docs" / "sources.md")} == set()


@pytest.mark.parametrize("guide", sorted((ROOT / "docs" / "guide" / "fa").glob("*.md")), ids=lambda path: path.name)
def test_what_a_guide_names_in_bold_is_on_the_screen(guide):
    """Buttons, lists and states are written in the words of the pages."""
    said = labels_on_screen()

    assert [label for label in re.findall(r"\*\*(.+?)\*\*", text(guide)) if not said.fullmatch(label)] == []
