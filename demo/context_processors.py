"""What the sign-in page of the demo shows. Named in the settings of the demo alone."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Bank, ExecutiveAgency
from accounts.roles import Role
from demo.users import PASSWORD, people_here


def demo_users(request: HttpRequest) -> dict[str, Any]:
    """``demo_users``: user name, password and role of each; looked up where a page asks for them."""
    return {"demo_users": SimpleLazyObject(_rows)}


def _rows() -> list[dict[str, str]]:
    people = people_here()
    if not people:
        return []
    bodies = dict(Bank.objects.values_list("code", "name")) | dict(ExecutiveAgency.objects.values_list("code", "name"))
    return [
        {
            "username": person.username,
            "password": PASSWORD,
            "role": "، ".join(filter(None, [str(Role(person.role).label), bodies.get(person.bank or person.agency)])),
        }
        for person in people
    ]
