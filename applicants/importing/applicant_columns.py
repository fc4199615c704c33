"""The columns of a list of applicants and what each one's cells mean in a given programme."""

import difflib
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Bank, ExecutiveAgency
from applicants.importing import cells
from applicants.importing.cells import Reading
from applicants.importing.findings import WARNING
from applicants.importing.headings import Column, word_key
from applicants.models import Applicant, BusinessLine
from quotas.models import AgentBank, Programme, Track

YES = (
    "بلی",
    "بله",
    "آری",
    "دارد",
    "هست",
    "است",
    "می‌باشد",
    "yes",
    "true",
    "y",
    "1",
    "✓",
    "✔",
    "☑",
    "*",
    "+",
    "پیشران",
    "پشیران",
)
NO = ("خیر", "نه", "ندارد", "نیست", "no", "false", "n", "0", "-", "–", "—", "✗", "☐")

COLUMNS = (
    Column("first_name", "نام", ("نام متقاضی", "نام فرد", "اسم", "نام مجری"), required=True),
    Column("last_name", "نام خانوادگی", ("نام خانوادگی متقاضی", "فامیل", "فامیلی", "نام فامیل", "شهرت", "نام شرکت"), required=True),
    Column("father_name", "نام پدر", ("پدر",)),
    Column(
        "person_id", "کد ملی",
        ("شماره ملی", "کدملی متقاضی", "کد ملی متقاضی", "شناسه ملی", "کد ملی/شناسه ملی", "شماره ملی متقاضی", "کد/شناسه ملی"),
        required=True,
    ),
    Column(
        "mobile", "تلفن همراه",
        ("موبایل", "شماره همراه", "شماره موبایل", "همراه", "شماره تلفن همراه", "تلفن", "شماره تماس", "تلفن تماس", "تلفن متقاضی"),
        required=True,
    ),
    Column("birth_on", "تاریخ تولد", ("تولد", "ت تولد", "تاریخ‌تولد متقاضی")),
    Column("gender", "جنسیت", ("جنس",)),
    Column("track", "نوع متقاضی", ("نوع", "نوع درخواست", "نوع طرح", "نوع متقاضی (مستقل/پشتیبان)", "مستقل/پشتیبان"), required=True),
    Column("is_pioneer", "پیشران", ("پشیران", "متقاضی پیشران", "پیشران است")),
    Column("line", "رشته شغلی", ("رشته", "رشته فعالیت", "نوع فعالیت", "عنوان شغل", "شغل", "عنوان طرح", "عنوان رشته", "رسته")),
    Column("promised_jobs", "تعداد شغل", ("تعداد اشتغال", "اشتغال", "تعداد شغل تعهدی", "تعهد اشتغال", "شغل تعهدی", "تعداد"), required=True),
    Column(
        "requested_rial", "مبلغ درخواستی (ریال)",
        ("مبلغ (ریال)", "مبلغ", "مبلغ وام", "مبلغ تسهیلات", "مبلغ درخواستی", "مبلغ وام (ریال)", "مبلغ تسهیلات (ریال)",
         "تسهیلات درخواستی", "تسهیلات درخواستی (ریال)", "وام درخواستی"),
        required=True,
    ),
    Column("address", "نشانی", ("آدرس", "نشانی محل سکونت", "محل سکونت", "آدرس متقاضی", "نشانی متقاضی")),
    Column("postal_code", "کد پستی", ("کدپستی ده رقمی",)),
    Column("agency", "دستگاه معرف", ("دستگاه", "دستگاه اجرایی", "نام دستگاه", "معرف", "دستگاه معرفی کننده", "دستگاه معرفی‌کننده")),
    Column("bank", "بانک پیشنهادی", ("بانک", "بانک عامل", "نام بانک", "بانک درخواستی")),
    Column("sheba", "شماره شبا", ("شبا",)),
    Column("licence_number", "شماره مجوز", ("شماره مجوز مشاغل خانگی", "کد مجوز")),
    Column("licence_expires_on", "اعتبار مجوز", ("تاریخ اعتبار مجوز", "انقضای مجوز", "تاریخ انقضای مجوز")),
    Column("heads_household", "زن سرپرست خانوار", ("سرپرست خانوار",)),
    Column("is_graduate", "فارغ‌التحصیل دانشگاهی", ("فارغ‌التحصیل", "دانش‌آموخته")),
    Column("is_earlier_registrant", "ثبت‌نام سال قبل", ("متقاضی سال قبل", "ثبت‌نام سال‌های قبل")),
    Column("lives_underserved", "منطقه کم‌برخوردار", ("ساکن منطقه کم‌برخوردار", "منطقه محروم")),
    Column("has_skill_certificate", "گواهی مهارت", ("گواهینامه مهارت",)),
)  # fmt: skip
ANSWERS = (
    "is_pioneer",
    "heads_household",
    "is_graduate",
    "is_earlier_registrant",
    "lives_underserved",
    "has_skill_certificate",
)
WORDS = {"father_name": 60, "address": 300, "licence_number": 50}

yes_or_no = cells.choice(
    {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)},
    otherwise=Reading(False, WARNING, "answer_unclear"),
    empty=Reading(False),
    misspelt=("پشیران",),
)
gender = cells.choice(
    {
        **dict.fromkeys(("زن", "مؤنث", "مونث", "خانم", "ز", "دختر", "female", "f"), Applicant.Gender.FEMALE.value),
        **dict.fromkeys(("مرد", "مذکر", "آقا", "م", "پسر", "male", "m"), Applicant.Gender.MALE.value),
    },
    otherwise=Reading("", WARNING, "gender_unknown"),
    empty=Reading(""),
)
# What the column of kinds says: the track and, where it is said there, that the person is a pioneer.
_INDEPENDENT, _SUPPORTER = Track.INDEPENDENT.value, Track.SUPPORTER.value
track = cells.choice(
    {
        **dict.fromkeys(("مستقل", "متقاضی مستقل", "انفرادی", "independent"), (_INDEPENDENT, False)),
        **dict.fromkeys(("پشتیبان", "متقاضی پشتیبان", "پشتیبانی", "supporter"), (_SUPPORTER, False)),
        **dict.fromkeys(("پیشران", "پشیران", "مستقل پیشران", "مستقل و پیشران", "پیشران مستقل"), (_INDEPENDENT, True)),
        **dict.fromkeys(("پشتیبان پیشران", "پشتیبان و پیشران", "پیشران پشتیبان"), (_SUPPORTER, True)),
    },
    otherwise=cells.fault("kind_unknown"),
    misspelt=("پشیران",),
)
birth = cells.day(impossible="birth_impossible", gregorian="birth_gregorian")
licence_day = cells.day(impossible="licence_impossible", gregorian="licence_impossible")
jobs = cells.count(missing="jobs_missing", wrong="jobs_not_number")


@dataclass(frozen=True)
class Surroundings:
    """What a programme knows that a list is compared with. Read once for the whole list."""

    programme: Programme

    @cached_property
    def agencies(self) -> dict[str, ExecutiveAgency]:
        known = list(ExecutiveAgency.objects.filter(county=self.programme.county_id))
        return {agency.code: agency for agency in known} | {agency.name: agency for agency in known}

    @cached_property
    def banks(self) -> dict[str, Bank]:
        """The programme's agent banks; every bank where none is named yet."""
        agents = [role.bank for role in AgentBank.objects.filter(programme=self.programme).select_related("bank")]
        known = agents or list(Bank.objects.all())
        return {bank.code: bank for bank in known} | {bank.name: bank for bank in known}

    @cached_property
    def lines(self) -> dict[str, BusinessLine]:
        known = BusinessLine.everything.filter(programme=self.programme).select_related("restriction")
        return {word_key(line.title): line for line in known}

    def read_agency(self, only: ExecutiveAgency | None) -> cells.Reader:
        """The introducing agency; where the whole list is one agency's, no other."""
        reader = cells.named(
            self.agencies, otherwise=lambda _raw: cells.fault("agency_unknown"),
            empty=Reading(only) if only else cells.fault("agency_unknown"),
        )  # fmt: skip

        def read(value: object) -> Reading:
            reading = reader(value)
            other = only is not None and reading.stored is not None and reading.stored.pk != only.pk
            return cells.fault("agency_other") if other else reading

        return read

    def read_bank(self, value: object) -> Reading:
        return self._bank_reader(value)

    @cached_property
    def _bank_reader(self) -> cells.Reader:
        return cells.named(
            self.banks, otherwise=lambda _raw: Reading(None, WARNING, "bank_unknown"), empty=Reading(None)
        )

    def read_line(self, value: object) -> Reading:
        """The year's line and what was written; an excluded line is a fault, an unknown one is kept in words."""
        written = cells.text(150)(value)
        if not written.stored:
            return written if written.code else Reading((None, ""))
        line = self.lines.get(word_key(written.stored))
        if line is None:
            return self._unknown_line(written.stored)
        restriction = getattr(line, "restriction", None)
        if restriction is not None:
            return cells.fault("line_excluded", line=line.title, reason=restriction.reason)
        return written._replace(stored=(line, ""))

    def _unknown_line(self, written: str) -> Reading:
        if not self.lines:
            return Reading((None, written))
        near = difflib.get_close_matches(word_key(written), self.lines, n=1, cutoff=0.6)
        if near:
            return Reading((None, written), WARNING, "line_unknown", (("nearest", self.lines[near[0]].title),))
        return Reading((None, written), WARNING, "line_unknown")
