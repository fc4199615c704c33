"""Reads a page as a person and as a browser would, and says what should not be in it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

SILENT = {"script", "style", "template", "title"}
CODES = {
    "code",
    "as-sent",
    "action-counter",
    "empty-form",
    "help",
    "sortpriority",
}  # ASCII by design, or not for reading
VOID = {"input", "br", "hr", "img", "link", "meta", "path", "circle", "source", "use"}
LATIN = re.compile(r"[A-Za-z]{3,}")
DIGIT = re.compile(r"[0-9]")
GREGORIAN = re.compile(r"20[0-9]{2}|۲۰[۰-۹]{2}")
ARABIC = re.compile("[يك]")
# Invented names carry numbers in these tests; files have the names that their owners gave them.
NAMES = re.compile("(قناری|رستمی|احمدی|گلیم‌بافی|بانک|دستگاه) ?[0-9۰-۹]+(\\.(xlsx|png))?|notice(-[0-9۰-۹]+)?")
FORMATS = re.compile(r"\b(xlsx|PDF|JPG|PNG|SHA-256)\b")  # called so in Persian too
ELSEWHERE = re.compile("(https?:)?//")
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
DATA_SCRIPTS = {"application/json"}


class Reader(HTMLParser):
    """``words``: what is read; ``offered``: the words of choices; ``faults``: what the page's frame does wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.offered: list[str] = []
        self.title = ""
        self.headings = 0
        self.labels: set[str] = set()
        self.controls: list[tuple[str, str]] = []  # id and a description of each that has no label of its own
        self.faults: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        about = {name: value or "" for name, value in attrs}
        self._look_at(tag, about)
        if tag in VOID:
            return
        silent = tag in SILENT or bool(CODES & set(about.get("class", "").split()))
        self.open.append((tag, silent or (bool(self.open) and self.open[-1][1])))

    def _look_at(self, tag: str, about: dict[str, str]) -> None:
        if tag == "html" and (about.get("lang"), about.get("dir")) != ("fa", "rtl"):
            self.faults.append("the page is not marked as Persian, right to left")
        if tag == "h1":
            self.headings += 1
        if tag == "label" and "for" in about:
            self.labels.add(about["for"])
        if tag == "style" or "style" in about:
            self.faults.append(f"style inside the page: {tag} {about.get('style', '')}")
        if tag == "script" and "src" not in about and about.get("type") not in DATA_SCRIPTS:
            self.faults.append("script inside the page")
        self.faults += [
            f"{name}={about[name]}" for name in ("href", "src", "action") if ELSEWHERE.match(about.get(name, ""))
        ]
        if tag in ("input", "select", "textarea"):
            self._look_at_control(tag, about)

    def _look_at_control(self, tag: str, about: dict[str, str]) -> None:
        kind = about.get("type", "text") if tag == "input" else tag
        if kind == "number":
            self.faults.append(f"type=number: {about.get('name')}")
        labelled = {"aria-label", "aria-labelledby"} & about.keys() or any(name == "label" for name, _ in self.open)
        hidden = any(silent for _, silent in self.open)  # the empty row that a script copies
        if kind not in UNLABELLED and not labelled and not hidden:
            self.controls.append((about.get("id", ""), f"{tag} {about.get('name', '')}"))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1][0] != tag:
            self.open.pop()
        if self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        inside = [tag for tag, _ in self.open]
        if inside[-1:] == ["title"] and "svg" not in inside:
            self.title += data.strip()
        elif "option" in inside:
            self.offered.append(data.strip())
        elif not (self.open and self.open[-1][1]):
            self.words.append(data.strip())


def faults_of(page: str) -> list[str]:
    """Everything that should not be in a page, in one line each."""
    reader = Reader()
    reader.feed(page)
    return [*_faults_of_words(reader), *_faults_of_frame(reader)]


def _faults_of_words(reader: Reader) -> Iterator[str]:
    for words in reader.words:
        plain = FORMATS.sub("", NAMES.sub("", words))
        if any(sign.search(plain) for sign in (LATIN, DIGIT, GREGORIAN, ARABIC)):
            yield f"words: {words}"
    for words in reader.offered:
        if LATIN.search(words) or ARABIC.search(words):
            yield f"choice: {words}"


def _faults_of_frame(reader: Reader) -> Iterator[str]:
    yield from reader.faults
    title = NAMES.sub("", reader.title)
    if not title or LATIN.search(title) or DIGIT.search(title):
        yield f"title: {reader.title!r}"
    if reader.headings != 1:
        yield f"{reader.headings} main headings"
    yield from (f"without a label: {words}" for key, words in reader.controls if key not in reader.labels)
