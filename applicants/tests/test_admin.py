"""The office's list, record and registration form of applications."""

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import ExecutiveAgencyFactory, UserFactory
from applicants.models import Applicant, Application, ApplicationEvent
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, national_id
from quotas.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
LIST = "admin:applicants_application_changelist"
RECORD = "admin:applicants_application_change"
REGISTER = "admin:applicants_application_add"


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def office(client, programme):
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    return client


def registration(programme, **changes) -> dict:
    agency = ExecutiveAgencyFactory(county=programme.county)
    return {
        "programme": programme.pk,
        "agency": agency.pk,
        "track": "independent",
        "national_id": national_id(7),
        "first_name": "علي",
        "last_name": "كريمي",
        "mobile": "۰۹۱۲۳۴۵۶۷۸۹",
        "promised_jobs": "۱",
        "requested_rial": "۵۰۰٬۰۰۰٬۰۰۰",
        **changes,
    }


@pytest.mark.parametrize(
    "query", ["علي كريمي", "علی کریمی", "كريمي", "زاده فاطمه", "فاطمه‌زاده", "۰۰۱", "0990", "1401-"]
)
def test_the_search_forgives_letters_digits_and_half_spaces(office, programme, query):
    wanted = ApplicantFactory(first_name="علی فاطمه‌زاده", last_name="کریمی زاده", mobile="09900000001")
    ApplicationFactory(programme=programme, applicant=wanted, tracking_code="1401-ABCDEFGHJK")
    ApplicationFactory(
        programme=programme,
        applicant=ApplicantFactory(
            first_name="رضا", last_name="بهرامی", mobile="09121111111", national_id=national_id(3)
        ),
        tracking_code="1400-ZZZZZZZZZZ",
    )

    page = office.get(reverse(LIST), {"q": query}).content.decode()

    assert "کریمی زاده" in page
    assert "بهرامی" not in page


def test_a_query_that_fits_nobody_says_so(office, programme):
    ApplicationFactory(programme=programme)

    assert "احمدی" not in office.get(reverse(LIST), {"q": "نیست‌درجهان"}).content.decode()


@pytest.mark.parametrize("rows", [10, 60])
def test_the_list_asks_the_same_whatever_its_length(office, programme, rows, django_assert_max_num_queries):
    ApplicationFactory.create_batch(rows, programme=programme)

    with django_assert_max_num_queries(13):
        office.get(reverse(LIST))


def test_registering_puts_letters_and_digits_right(office, programme):
    answer = office.post(reverse(REGISTER), registration(programme))

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    application = Application.objects.get()
    assert str(application.applicant) == "علی کریمی"
    assert application.applicant.mobile == "09123456789"
    assert (application.requested_rial, application.status) == (500_000_000, "registered")
    assert ApplicationEvent.objects.filter(application=application).count() == 1


def test_a_person_on_file_is_not_entered_twice(office, programme):
    person = ApplicantFactory(national_id=national_id(7), first_name="علی", last_name="کریمی")

    office.post(reverse(REGISTER), registration(programme))

    assert Applicant.objects.count() == 1
    assert Application.objects.get().applicant == person


def test_a_second_application_of_the_year_names_the_first(office, programme):
    person = ApplicantFactory(national_id=national_id(7), first_name="علی", last_name="کریمی")
    ApplicationFactory(programme=programme, applicant=person)

    answer = office.post(reverse(REGISTER), registration(programme))

    errors = answer.context["adminform"].form.errors
    assert "این کد ملی امسال ثبت شده است: علی کریمی" in errors["national_id"][0]


def test_an_amount_over_the_ceiling_is_refused_at_its_field_and_nothing_typed_is_lost(office, programme):
    answer = office.post(reverse(REGISTER), registration(programme, requested_rial="۹٬۰۰۰٬۰۰۰٬۰۰۰"))

    assert answer.status_code == 422
    assert "سقف" in answer.context["adminform"].form.errors["requested_rial"][0]
    assert "۹٬۰۰۰٬۰۰۰٬۰۰۰" in answer.content.decode()
    assert not Applicant.objects.exists()


def test_an_amount_that_may_be_toman_is_asked_about_once(office, programme):
    typed = registration(programme, requested_rial="50000000")

    asked = office.post(reverse(REGISTER), typed)
    confirmed = office.post(reverse(REGISTER), typed | {"amount_is_right": "on"})

    assert "۵ میلیون تومان" in asked.context["adminform"].form.errors["requested_rial"][0]
    assert confirmed.status_code == 302


def test_a_state_an_amount_or_a_rank_cannot_be_posted(office, programme):
    application = ApplicationFactory(programme=programme)
    forged = {"status": "approved", "approved_rial": "1000", "rank": "1", "tracking_code": "x", "registered_by": "1"}

    office.post(reverse(RECORD, args=[application.pk]), forged | correction(application))
    office.post(reverse(REGISTER), registration(programme) | forged)

    assert set(Application.objects.values_list("status", "approved_rial", "rank")) == {("registered", None, None)}


def correction(application, **changes) -> dict:
    return {
        "agency": application.agency_id,
        "track": application.track,
        "line": application.line_id,
        "promised_jobs": application.promised_jobs,
        "requested_rial": application.requested_rial,
        **changes,
    }


def test_a_correction_is_written_while_nobody_has_built_on_it(office, programme):
    application = ApplicationFactory(programme=programme)

    answer = office.post(reverse(RECORD, args=[application.pk]), correction(application, requested_rial="۴۰۰٬۰۰۰٬۰۰۰"))

    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.requested_rial == 400_000_000


def test_what_was_assessed_stands(office, programme):
    application = ApplicationFactory(programme=programme, status="eligible")

    office.post(reverse(RECORD, args=[application.pk]), correction(application, requested_rial="400000000"))

    application.refresh_from_db()
    assert application.requested_rial == 300_000_000


def test_the_office_returns_an_application_with_its_reason(office, programme):
    application = ApplicationFactory(programme=programme)
    address = reverse("admin:applicants_application_act", args=["return"])

    empty = office.post(address, {"id": application.pk, "reason": ""})
    office.post(address, {"id": application.pk, "reason": "تصویر مجوز نیست"})

    application.refresh_from_db()
    assert empty.status_code == 422
    assert application.status == "returned"
    assert application.events.get().reason == "تصویر مجوز نیست"


def test_names_that_may_not_be_found_eligible_stay_and_are_named(office, programme):
    fits, ended = ApplicationFactory(programme=programme), ApplicationFactory(programme=programme, status="withdrawn")
    address = reverse("admin:applicants_application_act", args=["eligible"])

    page = office.get(address, {"id": [fits.pk, ended.pk]}).content.decode()
    office.post(address, {"id": [fits.pk, ended.pk]})

    assert str(ended.applicant.last_name.split()[0]) in page
    assert [Application.objects.get(pk=a.pk).status for a in (fits, ended)] == ["eligible", "withdrawn"]


def test_another_countys_application_is_not_found(office):
    foreign = ApplicationFactory()

    assert office.get(reverse(RECORD, args=[foreign.pk])).status_code == 404
    assert office.get(reverse("admin:applicants_application_history", args=[foreign.pk])).status_code == 404
    assert (
        office.post(reverse("admin:applicants_application_act", args=["eligible"]), {"id": foreign.pk}).status_code
        == 404
    )


def test_nothing_is_deleted(office, programme):
    application = ApplicationFactory(programme=programme)

    assert office.post(f"{reverse(LIST)}{application.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_history_shows_the_change_and_who_made_it(office, programme):
    application = ApplicationFactory(programme=programme)
    office.post(reverse(RECORD, args=[application.pk]), correction(application, requested_rial="400000000"))

    page = office.get(reverse("admin:applicants_application_history", args=[application.pk])).content.decode()

    assert "۳۰۰٬۰۰۰٬۰۰۰" in page and "۴۰۰٬۰۰۰٬۰۰۰" in page
    assert "سمیه رستمی" in page


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("requested_rial", "مبلغ باید بیشتر از صفر باشد"), ("promised_jobs", "دست‌کم یک شغل تعهد می‌شود")],
)
def test_zero_is_refused_at_its_field_in_words(office, programme, field, sentence):
    answer = office.post(reverse("admin:applicants_application_add"), registration(programme, **{field: "۰"}))
    assert answer.context["adminform"].form.errors[field] == [sentence]
    assert "__all__" not in answer.context["adminform"].form.errors


def rows_of_export(answer) -> list[tuple]:
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.sheet_view.rightToLeft
    return list(sheet.iter_rows(values_only=True))


def test_the_list_goes_out_as_it_is_filtered(office, programme):
    ApplicationFactory(programme=programme, status="eligible", applicant__last_name="ماندنی")
    wanted = ApplicationFactory(programme=programme, line_title="=1+1", line=None)
    page = office.get(reverse(LIST), {"status__exact": "registered"})

    _heading, *rows = rows_of_export(office.get(page.context["export_url"]))

    assert len(rows) == page.context["cl"].result_count == 1
    assert rows[0][:3] == (wanted.tracking_code, str(wanted.applicant), wanted.applicant.national_id)
    assert rows[0][7] == "=1+1"


def test_a_filter_that_does_not_exist_leads_back_to_the_list(office):
    address = reverse("admin:applicants_application_export")

    assert office.get(address, {"requested_rial": "x"}).status_code == 302
    assert office.post(address).status_code == 405


@pytest.mark.parametrize(
    ("status", "address"),
    [
        ("eligible", "/meetings/"),
        ("reserve", "/meetings/reserve/"),
        ("approved", "/referrals/ready/"),
        ("approved", "/inquiries/names/{pk}/"),
    ],
)
def test_a_record_leads_on_to_the_next_page(office, programme, status, address):
    record = ApplicationFactory(programme=programme, status=status, approved_rial=300_000_000)

    page = office.get(reverse("admin:applicants_application_change", args=[record.pk])).content.decode()

    assert f'class="btn" href="{address.format(pk=record.pk)}"' in page
