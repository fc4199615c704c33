"""Importing a list of applicants: parsed, checked cell by cell, and written with persons, applications and events.

Peer: django-import-export in its bulk mode with the same rules and tables. Limit: parsing the same file and copying
ready-made rows into the same tables, with their indexes, constraints and triggers.
"""

import io
import random
from collections.abc import Iterator, Sequence
from datetime import date
from unittest import mock

import python_calamine
import xlsxwriter
from django.db import connection, connections, transaction

from applicants.importing import copying, workflow
from applicants.importing.applicant_list import check_applicants
from applicants.importing.applicant_rows import write_applicants
from applicants.importing.guard import COMMAND
from applicants.models import Application, ImportedList
from applicants.tests.factories import national_id
from applicants.tests.lists import AGENCIES, BANKS, HEADINGS, LINES, a_programme
from benchmarks.import_peer import import_with_peer
from benchmarks.measuring import figure, interleaved, scratch_database, seconds

SIZES = (10_000, 100_000)
A_DAY = date(2022, 8, 22)
FAULTY_IN_THOUSAND = 5
FIRST = ("مریم", "زهرا", "فاطمه", "مصطفی", "محمد", "راضیه", "حسین", "اعظم", "سمیه", "ابوالفضل")
LAST = ("احمدی", "محمدی", "صادقی", "قاسمی", "کریمی", "ابراهیمی", "زارع‌پور", "دهقان", "فلاح", "میرزایی", "نجفی")


def figures(sizes: Sequence[int] = SIZES) -> Iterator[dict]:
    for n in sizes:
        content = a_list(n)
        rows = ready_rows(content)
        few = n > 20_000
        medians = interleaved(
            {
                "ours": lambda content=content: timed(lambda programme: ours(content, programme)),
                "limit": lambda content=content, rows=rows: timed(lambda programme: limit(content, rows)),
                "peer": lambda content=content: timed(lambda programme: import_with_peer(content, programme)),
            },
            {"ours": 3 if few else 5, "limit": 3 if few else 5, "peer": 1 if few else 3},
        )
        yield figure("import", n=n, unit="s", **medians)


def timed(work) -> float:
    """Seconds of one import into a fresh database that knows the programme."""
    with scratch_database():
        let_the_peer_reset_sequences()
        let_long_work_be_long()
        programme = a_programme()
        taken = seconds(lambda: work(programme))
        if not Application.everything.exists():
            raise AssertionError("the benchmark wrote nothing")
        return taken


def let_the_peer_reset_sequences() -> None:
    """django-import-export sets the keys' sequences after each import, which our site's role may not do."""
    site = connection.ops.quote_name(connection.settings_dict["USER"])
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO {site}")


def let_long_work_be_long() -> None:
    """The patience of a page is not measured here; our import has its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def ours(content: bytes, programme) -> None:
    workflow.import_now(
        kind="applicants", programme=programme, agency=None, name="list.xlsx", content=content, by=None, today=A_DAY,
        limits=COMMAND,
    )  # fmt: skip


def limit(content: bytes, rows: list[tuple[str, str]]) -> None:
    python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, lines in rows:
            cursor.copy_expert(statement, io.StringIO(lines))


def ready_rows(content: bytes) -> list[tuple[str, str]]:
    """What our import writes by COPY, caught on its way and replayed by the limit. The keys of a fresh database repeat."""
    caught: list[tuple[str, str]] = []
    with scratch_database():
        programme = a_programme()
        result = check_applicants(content, programme=programme, today=A_DAY, limits=COMMAND)
        kept = ImportedList(programme=programme, kind="applicants", pk=None)
        catch = mock.patch.object(copying, "copy_text", lambda *written: caught.append(written))
        with catch, transaction.atomic():
            write_applicants(result, imported_list=kept, by=None, today=A_DAY)
    return caught


def a_list(n: int) -> bytes:
    """An invented list with the usual blemishes: other digits, Arabic letters, lost zeros, five faults in a thousand."""
    chance = random.Random(1401)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("متقاضیان")
        sheet.write_row(0, 0, HEADINGS)
        for number in range(1, n + 1):
            for place, value in enumerate(a_row(number, chance)):
                sheet.write(number, place, value)
    return content.getvalue()


def a_row(number: int, chance: random.Random) -> tuple:
    identity = national_id(number)
    if chance.randrange(1000) < FAULTY_IN_THOUSAND:
        identity = identity[:9] + str((int(identity[9]) + 1) % 10)
    if number % 10 == 0:
        identity = "".join(chr(0x6F0 + int(digit)) for digit in identity)
    first = chance.choice(FIRST)
    return (
        number,
        first.replace("ی", "ي") if number % 8 == 0 else first,
        chance.choice(LAST),
        "یوسف",
        identity,
        9_900_000_000 + number if number % 5 == 0 else f"0990{number:07d}",
        f"13{chance.randrange(30, 82)}/{chance.randrange(1, 13):02d}/{chance.randrange(1, 30):02d}",
        chance.choice(("زن", "مرد")),
        "مستقل",
        "",
        chance.choice(LINES),
        chance.randrange(1, 4),
        chance.randrange(30, 100) * 10_000_000,
        f"ابرکوه، محله {chance.choice(LAST)}، پلاک {chance.randrange(1, 400)}",
        f"89{chance.randrange(10**8):08d}",
        chance.choice(list(AGENCIES.values())),
        chance.choice(list(BANKS.values())),
    )
