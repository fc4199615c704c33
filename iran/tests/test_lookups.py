"""The database's year and month are Gregorian: days and moments are only ever asked for by ranges."""

import re
from pathlib import Path

import iran

ROOT = Path(iran.__file__).resolve().parent.parent
# Our days end in ``_on`` and our moments in ``_at``; a Solar Hijri ``year`` column of its own may be followed to.
FORBIDDEN = re.compile(
    r"(?:_on|_at|date|day)__(?:iso_year|year|quarter|month|iso_week|week_day|iso_week_day|week|day)(?![a-z])"
    r"|\b(?:Trunc|Extract)(?:IsoYear|Year|Quarter|Month|Week)\b"
    r"|\bdate_hierarchy\b"
)


def _python_files():
    folders = [path.parent for path in ROOT.glob("*/__init__.py")]
    return [path for folder in folders for path in folder.rglob("*.py") if path != Path(__file__).resolve()]


def test_the_pattern_finds_what_is_forbidden():
    assert FORBIDDEN.search("filter(paid_on__year=1401)")
    assert FORBIDDEN.search("Q(referral__answered_at__month__gte=5)")
    assert FORBIDDEN.search("annotate(month=TruncMonth('paid_on'))")
    assert not FORBIDDEN.search("filter(pool__programme__year=1401)")


def test_no_query_asks_for_a_gregorian_year_or_month():
    files = _python_files()
    assert len(files) > 20
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert found == []
