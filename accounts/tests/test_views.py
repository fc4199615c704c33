import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import BankFactory, CountyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_office_lands_on_its_desk(client):
    client.force_login(UserFactory(role=Role.OFFICE, county=CountyFactory()))

    assert client.get("/").url == reverse("admin:index")


def test_a_supervisor_lands_on_the_figures_and_not_on_the_meetings(client):
    client.force_login(UserFactory(role=Role.SUPERVISOR, county=CountyFactory()))

    assert client.get("/").url == reverse("oversight-home")


def test_a_role_without_a_desk_is_told_so(client):
    client.force_login(UserFactory(role=Role.INSPECTOR, county=CountyFactory()))

    answer = client.get("/")

    assert answer.status_code == 200
    assert "هنوز میز کاری باز نشده است" in answer.content.decode()


def test_nobody_is_led_to_sign_in(client):
    assert client.get("/").url.startswith(reverse("login"))


def test_signing_in_leads_to_the_landing(client):
    user = UserFactory(role=Role.OFFICE, county=CountyFactory())
    user.set_password("گذرواژه بلند من")
    user.save()

    answer = client.post(reverse("login"), {"username": user.username, "password": "گذرواژه بلند من"})

    assert answer.url == "/"


def test_a_wrong_password_is_answered_in_persian_and_the_name_stays(client):
    answer = client.post(reverse("login"), {"username": "somebody", "password": "wrong"})

    page = answer.content.decode()
    assert "نام کاربری یا گذرواژه درست نیست" in page
    assert 'value="somebody"' in page


def test_a_bank_officer_does_not_enter_the_desk(client):
    client.force_login(UserFactory(role=Role.BANK_OFFICER, bank=BankFactory()))

    assert client.get(reverse("admin:index")).status_code == 302
