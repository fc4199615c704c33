import pytest
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from accounts.tests.factories import CountyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(UserFactory(role=Role.ADMIN))
    return client


def roles(**rows) -> dict:
    return {"role_assignments-TOTAL_FORMS": 0, "role_assignments-INITIAL_FORMS": 0, **rows}


def test_the_administrator_makes_a_person_and_gives_a_role(administrator):
    county = CountyFactory()
    person = {"username": "expert2", "first_name": "سمیه", "last_name": "رستمی", "position": "کارشناس"}
    role = {
        "role_assignments-TOTAL_FORMS": 1,
        "role_assignments-0-role": Role.OFFICE.value,
        "role_assignments-0-county": county.pk,
        "role_assignments-0-ends_on": "۱۴۰۱/۱۲/۲۹",
    }

    answer = administrator.post(
        reverse("admin:accounts_user_add"),
        roles(**person, password1="یک گذرواژه بلند", password2="یک گذرواژه بلند", **role),
    )

    assert answer.status_code == 302
    made = RoleAssignment.everything.get(user__username="expert2")
    assert (made.role, made.county, made.ends_on.isoformat()) == (Role.OFFICE, county, "2023-03-20")


def test_a_new_password_is_set_without_showing_the_old(administrator):
    person = UserFactory(role=Role.OFFICE, county=CountyFactory())
    page = administrator.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()

    answer = administrator.post(
        reverse("admin:auth_user_password_change", args=[person.pk]),
        {"password1": "گذرواژه تازه و بلند", "password2": "گذرواژه تازه و بلند"},
    )

    assert "تعیین گذرواژه تازه" in page
    assert answer.status_code == 302
    assert User.objects.get(pk=person.pk).check_password("گذرواژه تازه و بلند")


def test_the_office_does_not_manage_people(client):
    client.force_login(UserFactory(role=Role.OFFICE_HEAD, county=CountyFactory()))

    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403
