"""The pages of lists: who may, what is shown, and the way of a list from the file to its registered rows."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.models import Application, ImportedList
from applicants.tests.factories import national_id
from applicants.tests.lists import a_programme, excel, job, person, sample
from background import workflow as background
from employment_tracking.models import JobRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def officer(client, programme):
    user = UserFactory(role=Role.OFFICE, county=programme.county)
    client.force_login(user)
    return user


@pytest.fixture
def agency_user(client, programme):
    user = UserFactory(role=Role.AGENCY_USER, agency=programme.county.agencies.get(code="relief"))
    client.force_login(user)
    return user


def upload(client, programme, content, *, kind="applicants", agency="", name="list.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(
        reverse("list-upload"), {"kind": kind, "programme": programme.pk, "agency": agency, "file": file}
    )


def work(imported_list):
    imported_list.refresh_from_db()
    background.run(imported_list.task_id)
    imported_list.refresh_from_db()


def checked(client, programme, content, **about):
    upload(client, programme, content, **about)
    imported_list = ImportedList.everything.latest("pk")
    work(imported_list)
    return imported_list


def test_a_list_is_checked_and_then_registered(client, programme, officer):
    imported_list = checked(client, programme, sample("applicants_faulty.xlsx"))
    page = client.get(reverse("list-detail", args=[imported_list.pk]))
    client.post(reverse("list-register", args=[imported_list.pk]))
    work(imported_list)

    assert "۴۹" in page.content.decode()
    assert (imported_list.status, imported_list.rows_faulty) == ("registered", 11)
    assert Application.everything.filter(imported_list=imported_list, registered_by=officer).count() == 49


def test_while_it_is_checked_the_page_asks_again_and_then_reloads(client, programme, officer):
    upload(client, programme, excel(person()))
    imported_list = ImportedList.everything.get()
    address = reverse("list-detail", args=[imported_list.pk])

    assert 'hx-trigger="every 2s"' in client.get(address).content.decode()
    assert "HX-Refresh" not in client.get(address, headers={"HX-Request": "true"})
    work(imported_list)
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_faulty_rows_come_back_as_excel_and_can_be_sent_again(client, programme, officer):
    imported_list = checked(client, programme, excel(person(1), person(2, نام="=1+1", **{"کد ملی": "0012345678"})))

    answer = client.get(reverse("list-faulty-rows", args=[imported_list.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sheet.sheet_view.rightToLeft
    assert rows[0][0] != "کد ملی"
    assert len(rows) == 2
    assert rows[1][rows[0].index("کد ملی")] == "0012345678"
    assert sheet.cell(2, rows[0].index("نام") + 1).data_type == "s"
    sheet.cell(2, rows[0].index("کد ملی") + 1).value = national_id(2)
    corrected = io.BytesIO()
    sheet.parent.save(corrected)
    assert checked(client, programme, corrected.getvalue()).rows_valid == 1


def test_a_file_that_cannot_be_read_is_refused_at_its_field(client, programme, officer):
    answer = upload(client, programme, b"<html></html>")

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportedList.everything.exists()


def test_a_list_without_its_columns_says_which_it_has(client, programme, officer):
    row = person()
    del row["کد ملی"]

    imported_list = checked(client, programme, excel(row))
    page = client.get(reverse("list-detail", args=[imported_list.pk])).content.decode()

    assert imported_list.status == "unreadable"
    assert "کد ملی" in page
    assert "تلفن همراه" in page


def test_a_registered_file_is_not_taken_a_second_time(client, programme, officer):
    content = excel(person())
    imported_list = checked(client, programme, content)
    client.post(reverse("list-register", args=[imported_list.pk]))
    work(imported_list)

    assert upload(client, programme, content).status_code == 422


def test_a_list_is_taken_back_whole(client, programme, officer):
    imported_list = checked(client, programme, excel(person(1), person(2)))
    client.post(reverse("list-register", args=[imported_list.pk]))
    work(imported_list)

    client.post(reverse("list-take-back", args=[imported_list.pk]))

    imported_list.refresh_from_db()
    assert imported_list.status == "cancelled"
    assert set(Application.everything.values_list("status", flat=True)) == {"withdrawn"}


def test_a_list_that_has_moved_on_is_not_taken_back(client, programme, officer):
    imported_list = checked(client, programme, excel(person(1), person(2)))
    client.post(reverse("list-register", args=[imported_list.pk]))
    work(imported_list)
    Application.everything.filter(pk=Application.everything.first().pk).update(status="eligible")

    client.post(reverse("list-take-back", args=[imported_list.pk]))

    imported_list.refresh_from_db()
    assert imported_list.status == "registered"


def test_an_agency_brings_its_own_jobs(client, programme, agency_user):
    own = programme.county.agencies.get(code="relief")

    imported_list = checked(client, programme, excel(job(1)), kind="jobs", agency=own.pk)
    client.post(reverse("list-register", args=[imported_list.pk]))
    work(imported_list)

    assert JobRecord.everything.get().agency == own


def test_an_agency_brings_no_jobs_of_another_one(client, programme, agency_user):
    other = programme.county.agencies.get(code="welfare")

    assert upload(client, programme, excel(job(1)), kind="jobs", agency=other.pk).status_code == 422


def test_an_agency_brings_no_applicants(client, programme, agency_user):
    own = programme.county.agencies.get(code="relief")

    assert upload(client, programme, excel(person(1)), kind="applicants", agency=own.pk).status_code == 422


@pytest.mark.parametrize("page", ["list-detail", "list-faulty-rows"])
def test_another_agencys_list_is_not_there(client, programme, officer, page):
    imported_list = checked(
        client, programme, excel(job(1)), kind="jobs", agency=programme.county.agencies.get(code="welfare").pk
    )
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=programme.county.agencies.get(code="relief")))

    assert client.get(reverse(page, args=[imported_list.pk])).status_code == 404


def test_a_bank_officer_may_not_open_the_lists(client, programme):
    client.force_login(UserFactory(role=Role.GROUP_MEMBER, county=programme.county))

    assert client.get(reverse("list-index")).status_code == 403


def test_the_history_asks_a_constant_number_of_queries(client, programme, officer, django_assert_max_num_queries):
    for number in range(3):
        upload(client, programme, excel(person(number + 1)))

    with django_assert_max_num_queries(16):
        client.get(reverse("list-index"))
