"""Every address, as every role and as nobody, with own and foreign objects. An address without a stated rule fails."""

import io
import zipfile
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from tests.addresses import addresses, desk_models
from tests.policy import DESK, POLICY, PRINCIPALS, Rule, rule_of
from tests.world import World, build

pytestmark = pytest.mark.django_db

# Who sees which names of his own county; nobody sees a name of another county.
SEEN = {
    "bank_officer": {"bank0"},
    "branch_officer": {"bank0"},
    "agency_user": {"agency0"},
    "nobody": set(),
    "operator": {"operator"},
    "inspector": set(),
    "admin": set(),
}
REFUSED = (302, 401, 403, 404, 405)


@dataclass
class Worlds:
    own: World
    foreign: World

    def forbidden(self, principal: str) -> set[str]:
        """The canaries that must not show in anything that this principal gets."""
        tenants = SEEN.get(principal, set(self.own.canaries))
        seen = set().union(*(self.own.canaries.get(tenant, set()) for tenant in tenants))
        return (self.own.all_canaries | self.foreign.all_canaries) - seen


@pytest.fixture
def worlds():
    return Worlds(own=build(), foreign=build())


def client_of(worlds: Worlds, principal: str) -> Client:
    client = Client(raise_request_exception=False)
    if principal != "nobody":
        client.force_login(worlds.own.users[principal])
    return client


def text_of(response) -> str:
    """Whatever a person could read in an answer, spreadsheets unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + str(dict(response.headers))


def ask(client: Client, method: str, address: str, rule: Rule):
    """One request in a transaction that is rolled back, so that each address meets the same world."""
    signed_in = client.cookies.copy()
    with transaction.atomic():
        before = AuditEntry.objects.count()
        response = (
            client.generic(method, address, data=b"", content_type=rule.content_type)
            if method == "POST"
            else client.get(address)
        )
        text = text_of(response)
        changed = AuditEntry.objects.count() - before
        transaction.set_rollback(True)
    client.cookies = signed_in
    return response.status_code, text, changed


def is_refused(status: int, text: str, principal: str) -> bool:
    if status == 302:
        return principal == "nobody" or "/login" in text or "'Location': '/'" in text
    return status in REFUSED


def is_hidden(status: int, method: str, rule: Rule) -> bool:
    """As if it did not exist; a form that nobody may send answers 403 to all, which tells nothing either."""
    return status in (404, 405) or (status == 403 and method not in rule.methods)


def test_every_address_has_a_rule():
    unruled = [f"{a.name or '(no name)'} {a.route}" for a in addresses() if rule_of(a) is None]

    assert not unruled


def test_no_rule_outlives_its_address():
    names = {address.name for address in addresses()}

    assert not [name for name in POLICY if name not in names]


def test_every_model_on_the_desk_has_a_rule():
    assert not [name for name in desk_models() if name not in DESK]


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_gets_what_is_his_and_nothing_else(worlds, principal, method):
    client, faults = client_of(worlds, principal), []
    forbidden = worlds.forbidden(principal)
    for address in addresses():
        rule = rule_of(address)
        if rule is None or rule.skip:
            continue
        for whose, places in rule.objects(worlds.own, worlds.foreign, principal):
            url = reverse(address.name, kwargs=places)
            status, text, changed = ask(client, method, url, rule)
            where = f"{method} {address.name} {url} as {principal} ({whose}): {status}"
            if status >= 500:
                faults.append(f"{where} broke")
            elif principal not in rule.allowed:
                if not is_refused(status, text, principal) or changed:
                    faults.append(f"{where} was not refused")
            elif whose == "foreign" and (changed or not is_hidden(status, method, rule)):
                faults.append(f"{where} was not hidden")
            elif whose == "own" and status in (401, 403, 404) and method in rule.methods:
                faults.append(f"{where} was refused")
            shown = [name for name in forbidden if name in text]
            if shown:
                faults.append(f"{where} shows {shown}")

    assert not faults, "\n" + "\n".join(faults)


def test_a_foreign_object_answers_as_one_that_does_not_exist(worlds):
    client = client_of(worlds, "bank_officer")
    foreign = client.get(reverse("bank-referral", args=[worlds.own.referrals[1].pk]))
    missing = client.get(reverse("bank-referral", args=[99_999_999]))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_a_role_that_ended_ends_on_the_next_request(worlds):
    client, officer = client_of(worlds, "bank_officer"), worlds.own.users["bank_officer"]
    assert client.get(reverse("bank-inbox")).status_code == 200

    officer.role_assignments(manager="everything").update(ends_on="2000-01-01")

    assert client.get(reverse("bank-inbox")).status_code == 403


def test_a_disabled_person_is_signed_out(worlds):
    client, officer = client_of(worlds, "bank_officer"), worlds.own.users["bank_officer"]

    officer.is_active = False
    officer.save(update_fields=["is_active"])

    assert client.get(reverse("bank-inbox")).status_code == 302
