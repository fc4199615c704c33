"""The peer of the import benchmark: django-import-export in its bulk mode, with our rules, into our tables."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX

from accounts.models import Bank, ExecutiveAgency
from applicants.models import Applicant, Application, ApplicationEvent, BusinessLine
from applicants.workflow import new_tracking_code
from iran import calendar, identifiers, money
from iran.text import clean
from quotas.rules import ceiling_rial

KINDS = {"مستقل": "independent", "پشتیبان": "supporter"}
GENDERS = {"زن": "female", "مرد": "male", "": ""}


class _Bulk:
    use_bulk = True
    batch_size = 1000
    skip_diff = True
    skip_html_diff = True
    force_init_instance = True
    use_transactions = True


class DayWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return calendar.parse_jalali(value) if value else None


class KnownWidget(widgets.Widget):
    """A foreign key found in a table that was read once; the stock widget would ask the database for every row."""

    def __init__(self, known):
        self.known = known

    def clean(self, value, row=None, **kwargs):
        return self.known.get(clean(str(value or "")))


class Rules:
    """The same checks as ours, row by row where the package has its place for them."""

    def before_import_row(self, row, **kwargs):
        errors = {}
        for heading, read in self.readers.items():
            try:
                row[heading] = read(row[heading])
            except (identifiers.IdentifierError, money.MoneyError, calendar.DateError, KeyError) as error:
                errors[heading] = str(error)
        if errors:
            raise ValidationError(str(errors))
        number = row["کد ملی"]
        if number in self.seen or number in self.live:
            raise ValidationError("nid_duplicate_in_file")
        self.seen.add(number)
        term = self.programme.terms_by_track[row["نوع متقاضی"]]
        jobs = row["تعداد شغل"]
        if not term.min_jobs <= jobs <= term.max_jobs or row["مبلغ درخواستی (ریال)"] > ceiling_rial(term, jobs):
            raise ValidationError("amount_over_ceiling")

    @cached_property
    def readers(self):
        return {
            "کد ملی": lambda value: identifiers.national_id(value, pad=True),
            "تلفن همراه": identifiers.mobile,
            "تاریخ تولد": lambda value: calendar.format_jalali(calendar.parse_jalali(str(value))),
            "مبلغ درخواستی (ریال)": money.parse_rial,
            "تعداد شغل": money.parse_rial,
            "نوع متقاضی": lambda value: KINDS.get(clean(str(value)), value),
            "جنسیت": lambda value: GENDERS.get(clean(str(value or "")), value),
            **{
                heading: lambda value: clean(str(value or ""))
                for heading in ("نام", "نام خانوادگی", "نام پدر", "نشانی")
            },
        }


class ApplicantResource(Rules, resources.ModelResource):
    first_name = fields.Field(column_name="نام", attribute="first_name")
    last_name = fields.Field(column_name="نام خانوادگی", attribute="last_name")
    father_name = fields.Field(column_name="نام پدر", attribute="father_name")
    national_id = fields.Field(column_name="کد ملی", attribute="national_id")
    mobile = fields.Field(column_name="تلفن همراه", attribute="mobile")
    birth_on = fields.Field(column_name="تاریخ تولد", attribute="birth_on", widget=DayWidget())
    gender = fields.Field(column_name="جنسیت", attribute="gender")
    address = fields.Field(column_name="نشانی", attribute="address")
    postal_code = fields.Field(column_name="کد پستی", attribute="postal_code")

    class Meta(_Bulk):
        model = Applicant
        fields = (
            "first_name", "last_name", "father_name", "national_id", "mobile", "birth_on", "gender", "address",
            "postal_code",
        )  # fmt: skip
        import_id_fields = ("national_id",)

    def __init__(self, programme):
        super().__init__()
        self.programme, self.seen = programme, set()
        self.live = set(
            Application.everything.live().filter(programme=programme).values_list("applicant__national_id", flat=True)
        )


class ApplicationResource(resources.ModelResource):
    class Meta(_Bulk):
        model = Application
        fields = (
            "applicant",
            "agency",
            "line",
            "wished_bank",
            "track",
            "promised_jobs",
            "requested_rial",
            "is_pioneer",
        )
        import_id_fields = ("applicant",)

    def __init__(self, programme, people):
        super().__init__()
        self.programme, self.people = programme, people
        bodies = {
            "applicant": ("کد ملی", people),
            "agency": ("دستگاه معرف", {agency.name: agency for agency in ExecutiveAgency.objects.all()}),
            "line": ("رشته شغلی", {line.title: line for line in BusinessLine.everything.filter(programme=programme)}),
            "wished_bank": ("بانک پیشنهادی", {bank.name: bank for bank in Bank.objects.all()}),
        }
        for name, (heading, known) in bodies.items():
            self.fields[name] = fields.Field(column_name=heading, attribute=name, widget=KnownWidget(known))
        self.fields["track"] = fields.Field(column_name="نوع متقاضی", attribute="track")
        self.fields["promised_jobs"] = fields.Field(column_name="تعداد شغل", attribute="promised_jobs")
        self.fields["requested_rial"] = fields.Field(column_name="مبلغ درخواستی (ریال)", attribute="requested_rial")

    def before_import_row(self, row, **kwargs):
        row["نوع متقاضی"] = KINDS.get(row["نوع متقاضی"], row["نوع متقاضی"])
        row["مبلغ درخواستی (ریال)"] = money.parse_rial(row["مبلغ درخواستی (ریال)"])
        row["کد ملی"] = identifiers.national_id(row["کد ملی"], pad=True)

    def init_instance(self, row=None):
        return Application(programme=self.programme, tracking_code=new_tracking_code(self.programme.year))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return instance.applicant_id is None

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if field.attribute != "is_pioneer":
            super().import_field(field, instance, row, is_m2m, **kwargs)


def import_with_peer(content: bytes, programme) -> int:
    """Read the file with the package's own reader and write what we write. Gives the number of applications."""
    dataset = XLSX().create_dataset(content)
    with transaction.atomic():
        ApplicantResource(programme).import_data(dataset, dry_run=False, raise_errors=False)
        people = {person.national_id: person for person in Applicant.everything.all()}
        ApplicationResource(programme, people).import_data(_good(dataset, people), dry_run=False, raise_errors=True)
        events = [
            ApplicationEvent(application_id=number, to_status="registered")
            for number in Application.everything.filter(programme=programme).values_list("pk", flat=True)
        ]
        return len(ApplicationEvent.everything.bulk_create(events, batch_size=1000))


def _good(dataset, people):
    """The rows whose person went in."""
    place = dataset.headers.index("کد ملی")
    bad = []
    for index, row in enumerate(dataset):
        try:
            known = identifiers.national_id(row[place], pad=True) in people
        except identifiers.IdentifierError:
            known = False
        if not known:
            bad.append(index)
    for index in reversed(bad):
        del dataset[index]
    return dataset
