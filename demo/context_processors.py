"""What the pages of the demo show beside the product's own. Named in the settings of the demo alone."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Bank, ExecutiveAgency
from accounts.roles import Role
from demo.clock import can_move
from demo.users import PASSWORD, people_here


def demo_users(request: HttpRequest) -> dict[str, Any]:
    """``demo_users``: user name, password and role of each; looked up where a page asks for them."""
    return {"demo_users": SimpleLazyObject(_rows)}


def demo_clock(request: HttpRequest) -> dict[str, Any]:
    """``demo_clock_moves``: whether the banner offers to move the demo's day on."""
    return {"demo_clock_moves": can_move()}


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
