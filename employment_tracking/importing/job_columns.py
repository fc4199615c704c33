"""The columns of a list of jobs and what each one's cells mean."""

from decimal import Decimal, InvalidOperation

from applicants.importing import applicant_columns, cells
from applicants.importing.cells import Reading
from applicants.importing.findings import WARNING, shown
from applicants.importing.headings import Column
from employment_tracking.models import JobRecord
from iran import identifiers
from iran.text import clean

MICRO_DEGREE = Decimal("0.000001")
_PERSONAL = {"first_name", "last_name", "father_name", "mobile", "birth_on", "gender"}
COLUMNS = (
    *(column for column in applicant_columns.COLUMNS if column.name in _PERSONAL),
    Column("person_id", "کد ملی", ("شماره ملی", "کد ملی شاغل", "کدملی فرد"), required=True),
    Column("job_title", "عنوان شغل", ("شغل", "رشته شغلی", "رشته", "نوع شغل", "عنوان فعالیت"), required=True),
    Column("address", "نشانی محل کار", ("نشانی", "آدرس", "آدرس محل کار", "محل کار", "نشانی کارگاه")),
    Column("starts_on", "تاریخ شروع", ("تاریخ شروع به کار", "شروع به کار", "تاریخ اشتغال", "تاریخ شروع اشتغال"), required=True),
    Column("kind", "نوع اشتغال", ("نوع", "وضعیت اشتغال")),
    Column("hours_per_week", "ساعت کار هفتگی", ("ساعت کار", "ساعت هفتگی", "ساعت کار در هفته")),
    Column("insurance", "وضعیت بیمه", ("بیمه",)),
    Column("funding", "محل تأمین", ("محل تامین", "منبع", "محل تأمین مالی", "منبع تأمین")),
    Column("agency", "دستگاه", ("دستگاه اجرایی", "نام دستگاه", "دستگاه معرف", "دستگاه ثبت‌کننده")),
    Column("mobile_owner_relation", "نسبت مالک شماره", ("مالک شماره", "صاحب شماره", "نسبت صاحب تلفن")),
    Column("phone_landline", "تلفن ثابت", ("تلفن منزل", "تلفن محل کار", "ثابت")),
    Column("postal_code", "کد پستی", ("کدپستی ده رقمی", "کد پستی محل کار")),
    Column("district", "بخش"),
    Column("city", "شهر"),
    Column("rural_district", "دهستان"),
    Column("village", "روستا", ("آبادی",)),
    Column("latitude", "عرض جغرافیایی", ("عرض",)),
    Column("longitude", "طول جغرافیایی", ("طول",)),
    Column("isic4", "کد آیسیک", ("آیسیک", "کد ISIC", "ISIC")),
    Column("supporter", "پشتیبان", ("کد پشتیبان", "کد ملی پشتیبان", "کد رهگیری پشتیبان")),
    Column("monitoring_code", "کد رصد", ("کد سامانه رصد", "کد رهگیری رصد")),
)  # fmt: skip

_KIND, _INSURANCE, _FUNDING = JobRecord.Kind, JobRecord.Insurance, JobRecord.Funding
kind = cells.choice(
    {
        **dict.fromkeys(("جدید", "ایجاد", "ایجادی", "ایجاد شغل", "new"), _KIND.NEW.value),
        **dict.fromkeys(("تثبیت", "تثبیتی", "حفظ", "kept"), _KIND.KEPT.value),
        **dict.fromkeys(("توسعه", "توسعه‌ای", "توسعه کسب‌وکار", "extended"), _KIND.EXTENDED.value),
    },
    otherwise=cells.fault("employment_unknown"),
    empty=Reading(_KIND.NEW.value),
)
insurance = cells.choice(
    {
        **dict.fromkeys((*applicant_columns.YES, "بیمه", "بیمه دارد", "بیمه شده"), _INSURANCE.INSURED.value),
        **dict.fromkeys((*applicant_columns.NO, "بیمه ندارد", "فاقد بیمه"), _INSURANCE.NOT_INSURED.value),
    },
    otherwise=Reading("", WARNING, "insurance_unknown"),
    empty=Reading(""),
)
funding = cells.choice(
    {
        **dict.fromkeys(("تسهیلات", "با تسهیلات", "وام", "loan"), _FUNDING.LOAN.value),
        **dict.fromkeys(("بدون تسهیلات", "بدون وام", "آزاد", "منابع شخصی", "no_loan"), _FUNDING.NO_LOAN.value),
    },
    otherwise=cells.fault("funding_unknown"),
    empty=Reading(_FUNDING.NO_LOAN.value),
)
_OWNER = JobRecord.OwnerOfMobile
owner_of_mobile = cells.choice(
    {
        **dict.fromkeys(("خود", "خودش", "خود شخص", "شاغل", "self"), _OWNER.SELF.value),
        **dict.fromkeys(("همسر", "شوهر", "زن", "spouse"), _OWNER.SPOUSE.value),
        **dict.fromkeys(("پدر", "مادر", "والدین", "parent"), _OWNER.PARENT.value),
        **dict.fromkeys(("فرزند", "پسر", "دختر", "child"), _OWNER.CHILD.value),
        **dict.fromkeys(("خواهر", "برادر", "sibling"), _OWNER.SIBLING.value),
        **dict.fromkeys(("دیگری", "سایر", "آشنا", "همسایه", "other"), _OWNER.OTHER.value),
    },
    otherwise=Reading("", WARNING, "owner_unknown"),
    empty=Reading(""),
)


def landline(value: object) -> Reading:
    """A wrong landline stops nobody: it is set aside and said so."""
    try:
        stored = identifiers.landline(value)
    except identifiers.IdentifierError as error:
        empty = error.code == "landline_missing"
        return Reading("") if empty else Reading("", WARNING, "landline_set_aside", (("old", shown(value)),))
    return Reading(stored)


def isic(value: object) -> Reading:
    """Four digits; Excel drops the zero in front of farming's."""
    stored = clean(shown(value))
    if stored.isdigit() and stored.isascii() and len(stored) in (3, 4):
        return Reading(stored.zfill(4))
    return Reading("", WARNING, "isic_set_aside", (("old", shown(value)),)) if stored else Reading("")


def coordinate(limits: tuple[int, int]) -> cells.Reader:
    """A reader of one coordinate in degrees; one outside the country is set aside."""

    def read(value: object) -> Reading:
        raw = clean(shown(value)).replace("٫", ".")
        if not raw:
            return Reading(None)
        try:
            stored = Decimal(raw).quantize(MICRO_DEGREE)
        except InvalidOperation:
            stored = None
        if stored is None or not limits[0] <= stored <= limits[1]:
            return Reading(None, WARNING, "place_set_aside", (("old", shown(value)),))
        return Reading(stored)

    return read


start = cells.day(missing="start_missing", impossible="start_impossible", gregorian="start_gregorian")
hours = cells.count(missing="", wrong="hours_bad")
