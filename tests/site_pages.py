"""Every page that somebody may open: the addresses of the policy, filled with a county's own objects."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from tests.addresses import addresses
from tests.policy import rule_of
from tests.world import World

# One person of each kind is enough: the matrix says who else may, and roles with the same page see the same page.
BEFORE_OTHERS = ("nobody", "head", "bank_officer", "agency_user", "group_member", "supervisor", "admin")


@dataclass(frozen=True)
class SitePage:
    """An address that ``principal`` may open in this county."""

    name: str
    url: str
    principal: str

    def client(self, world: World) -> Client:
        client = Client()
        if self.principal != "nobody":
            client.force_login(world.users[self.principal])
        return client


def site_pages(world: World, *, everybody: bool = False, only_lists: bool = False) -> Iterator[SitePage]:
    """Each address that answers GET, for one principal who may open it, or for ``everybody`` who may.

    ``only_lists``: those that name no record. Forms that add to the desk are among them; roles may refuse those.
    """
    for address in addresses():
        rule = rule_of(address)
        if rule is None or rule.skip or (only_lists and rule.places is not None):
            continue
        if "GET" not in rule.methods and not address.name.endswith(("_add", "-list")):
            continue
        places = rule.places(world, 0) if rule.places is not None else rule.fixed or {}
        allowed = [person for person in BEFORE_OTHERS if person in rule.allowed] or sorted(rule.allowed)
        for person in allowed if everybody else allowed[:1]:
            yield SitePage(name=address.name, url=reverse(address.name, kwargs=places), principal=person)
