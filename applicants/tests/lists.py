"""Excel lists for tests, and a programme that knows what the sample lists name."""

import io
from pathlib import Path

import xlsxwriter

from accounts.tests.factories import BankFactory, ExecutiveAgencyFactory
from applicants.models import BusinessLine
from applicants.tests.factories import national_id
from quotas.models import AgentBank, Programme, Track
from quotas.tests.factories import ProgrammeFactory

SAMPLES = Path(__file__).resolve().parent.parent.parent / "demo" / "data"
HEADINGS = (
    "ردیف", "نام", "نام خانوادگی", "نام پدر", "کد ملی", "تلفن همراه", "تاریخ تولد", "جنسیت", "نوع متقاضی", "پیشران",
    "رشته شغلی", "تعداد شغل", "مبلغ درخواستی (ریال)", "نشانی", "کد پستی", "دستگاه معرف", "بانک پیشنهادی",
)  # fmt: skip
JOB_HEADINGS = (
    "ردیف", "نام", "نام خانوادگی", "نام پدر", "کد ملی", "تلفن همراه", "تاریخ تولد", "جنسیت", "عنوان شغل", "نشانی محل کار",
    "تاریخ شروع", "نوع اشتغال", "ساعت کار هفتگی", "وضعیت بیمه", "محل تأمین",
)  # fmt: skip
AGENCIES = {
    "agriculture": "جهاد کشاورزی",
    "industry": "صنعت، معدن و تجارت",
    "relief": "کمیته امداد امام خمینی (ره)",
    "welfare": "بهزیستی",
    "heritage": "میراث فرهنگی، گردشگری و صنایع‌دستی",
    "vocational": "آموزش فنی و حرفه‌ای",
    "martyrs": "بنیاد شهید و امور ایثارگران",
    "youth": "ورزش و جوانان",
    "labour": "تعاون، کار و رفاه اجتماعی",
}
BANKS = {
    "mehr": "قرض‌الحسنه مهر ایران",
    "tavon": "توسعه تعاون",
    "post": "پست بانک",
    "refah": "رفاه کارگران",
    "melli": "ملی",
}
LINES = (
    "تذهیب", "گیوه‌بافی", "پرورش قارچ", "پرورش زنبور عسل", "ساخت عروسک", "تولید نان محلی", "گلیم‌بافی", "چرم‌دوزی",
    "فرآوری زعفران", "شیرینی‌پزی خانگی", "بسته‌بندی حبوبات", "خشک کردن میوه", "سفالگری", "تولید ترشیجات",
)  # fmt: skip


def a_programme() -> Programme:
    """The programme of 1401 with the agencies, agent banks and lines that the sample lists name."""
    programme = ProgrammeFactory()
    for code, name in AGENCIES.items():
        ExecutiveAgencyFactory(county=programme.county, code=code, name=name)
    for code, name in BANKS.items():
        AgentBank.objects.create(programme=programme, bank=BankFactory(code=f"{code}-{programme.pk}", name=name))
    BusinessLine.objects.bulk_create(BusinessLine(programme=programme, title=title) for title in LINES)
    programme.loan_terms.filter(track=Track.INDEPENDENT).update(ceiling_rial=1_000_000_000)
    return programme


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def person(number: int = 1, **changes) -> dict:
    """A valid row of a list of applicants, by its headings."""
    row = dict.fromkeys(HEADINGS, "") | {
        "ردیف": number,
        "نام": "مریم",
        "نام خانوادگی": f"احمدی {number}",
        "نام پدر": "یوسف",
        "کد ملی": national_id(number),
        "تلفن همراه": f"0990{number:07d}",
        "تاریخ تولد": "1370/05/12",
        "جنسیت": "زن",
        "نوع متقاضی": "مستقل",
        "رشته شغلی": "تذهیب",
        "تعداد شغل": 1,
        "مبلغ درخواستی (ریال)": 500_000_000,
        "نشانی": "مهردشت",
        "کد پستی": "8931100331",
        "دستگاه معرف": "بهزیستی",
        "بانک پیشنهادی": "ملی",
    }
    return row | changes


def job(number: int = 1, **changes) -> dict:
    """A valid row of a list of jobs, by its headings."""
    row = dict.fromkeys(JOB_HEADINGS, "") | {
        "ردیف": number,
        "نام": "مریم",
        "نام خانوادگی": f"احمدی {number}",
        "کد ملی": national_id(number),
        "تلفن همراه": f"0990{number:07d}",
        "عنوان شغل": "تذهیب",
        "تاریخ شروع": "1401/03/12",
        "نوع اشتغال": "جدید",
        "ساعت کار هفتگی": 30,
        "وضعیت بیمه": "دارد",
        "محل تأمین": "بدون تسهیلات",
    }
    return row | changes


def excel(
    *rows: dict,
    banner: tuple[str, ...] = (),
    headings: tuple[str, ...] | None = None,
    sheets: tuple[str, ...] = ("لیست",),
) -> bytes:
    """The rows as an xlsx file; ``sheets`` before the last one hold something else."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "nan_inf_to_errors": True})
    for name in sheets[:-1]:
        book.add_worksheet(name).write_string(0, 0, "راهنما")
    sheet = book.add_worksheet(sheets[-1])
    for number, line in enumerate(banner):
        sheet.write_string(number, 0, line)
    columns = headings or tuple(dict.fromkeys(heading for row in rows for heading in row))
    for place, heading in enumerate(columns):
        sheet.write_string(len(banner), place, heading)
    for number, row in enumerate(rows, start=len(banner) + 1):
        for place, heading in enumerate(columns):
            write_cell(sheet, number, place, row.get(heading, ""))
    book.close()
    return content.getvalue()


def write_cell(sheet, row: int, column: int, value) -> None:
    if value == "" or value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write(row, column, value)
