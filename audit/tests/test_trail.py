"""The trail is written by the database for whatever changes a business row, and only by it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Bank, Branch
from accounts.roles import Role
from accounts.tests.factories import BankFactory, BranchFactory, CountyFactory, UserFactory
from audit.acting import acting_as
from audit.models import AuditEntry, AuditSeal
from audit.tasks import seal_trail
from audit.tests.sealing import seal_all
from audit.verification import verify

WRITTEN_ONCE = [
    "audit_auditentry", "audit_auditseal", "quotas_creditmovement", "quotas_creditnotice", "working_group_decision",
    "applicants_applicationevent", "banks_referralevent", "employment_tracking_jobrecordevent",
]  # fmt: skip


def trail(row) -> list[tuple[str, int | None]]:
    return [(entry.operation, entry.actor_id) for entry in AuditEntry.objects.of(row).order_by("version")]


@pytest.mark.django_db
class TestWhatIsWritten:
    def test_every_way_of_changing_a_row_leaves_an_entry_with_its_actor(self):
        user = UserFactory()
        with acting_as(user, context="test"):
            bank = Bank.objects.create(code="a", name="نخست")
            bank.name = "دوم"
            bank.save()
            Bank.objects.filter(pk=bank.pk).update(name="سوم")
            Bank.objects.bulk_update([Bank(pk=bank.pk, name="چهارم")], ["name"])
            with connection.cursor() as cursor:
                cursor.execute("UPDATE accounts_bank SET name = 'پنجم' WHERE id = %s", [bank.pk])
            key = bank.pk
            bank.delete()

        entries = AuditEntry.objects.filter(table_name="accounts_bank", row_id=str(key)).order_by("version")

        assert [entry.operation for entry in entries] == ["I", "U", "U", "U", "U", "D"]
        assert {(entry.actor_id, entry.context) for entry in entries} == {(user.pk, "test")}
        assert [entry.new["name"] if entry.new else None for entry in entries] == [
            "نخست", "دوم", "سوم", "چهارم", "پنجم", None,
        ]  # fmt: skip
        assert entries.last().old["name"] == "پنجم"

    def test_rows_made_in_bulk_are_written_one_by_one(self):
        banks = Bank.objects.bulk_create([Bank(code=f"b{n}", name=str(n)) for n in range(50)])

        assert all(trail(bank) == [("I", None)] for bank in banks)

    def test_a_save_that_changes_nothing_leaves_nothing(self):
        bank = BankFactory()
        bank.save()

        assert trail(bank) == [("I", None)]

    def test_secrets_and_files_stay_out(self):
        user = UserFactory()
        user.set_password("something secret")
        user.save()

        assert not [e for e in AuditEntry.objects.of(user) if "password" in {**(e.old or {}), **(e.new or {})}]

    def test_the_name_is_taken_back_after_the_act(self):
        with acting_as(UserFactory(), context="first"):
            pass

        assert trail(BankFactory()) == [("I", None)]

    def test_a_page_names_its_user(self):
        county = CountyFactory()
        head = UserFactory(role=Role.OFFICE_HEAD, county=county)
        client = Client()
        client.force_login(head)

        client.post(
            reverse("admin:accounts_branch_add"),
            {"bank": BankFactory().pk, "county": county.pk, "code": "12", "name": "مرکزی", "is_open": "on"},
        )

        branch = Branch.objects.get(code="12")
        entry = AuditEntry.objects.of(branch).get()
        assert (entry.actor_id, entry.context) == (head.pk, f"POST {reverse('admin:accounts_branch_add')}")


@pytest.mark.django_db(transaction=True)
class TestWhoMayWrite:
    @pytest.mark.parametrize("table", WRITTEN_ONCE)
    @pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_the_site_changes_nothing_that_is_written_once(self, table, act):
        with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
            cursor.execute(act.format(table))

        assert refused.value.__cause__.pgcode == "42501"

    @pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
    def test_the_site_writes_no_entry_of_its_own(self, table):
        with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} DEFAULT VALUES")

        assert refused.value.__cause__.pgcode == "42501"

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE quotas_creditpool SET announced_rial = announced_rial + 1",
            "UPDATE quotas_creditpool SET head = ''",
            "UPDATE quotas_commitment SET paid_rial = 0",
            "DELETE FROM quotas_creditpool",
            "ALTER TABLE quotas_creditpool DISABLE TRIGGER ALL",
            "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
            "DROP TRIGGER audit_changed ON accounts_bank",
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        ],
    )
    def test_the_site_neither_moves_figures_nor_switches_guards_off(self, statement):
        with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
            cursor.execute(statement)

        assert refused.value.__cause__.pgcode == "42501"

    def test_no_tracked_table_is_emptied_by_the_site(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_changed'")
            tables = [table for (table,) in cursor.fetchall()]

        assert len(tables) > 30
        for table in tables:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {table} CASCADE")


def as_owner(*statements: str) -> None:
    """What a person with the owner's password could do with the triggers switched off."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_auditentry", "accounts_bank", "accounts_branch"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ("audit_auditentry", "accounts_bank", "accounts_branch"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
class TestVerification:
    @pytest.fixture
    def bank(self):
        bank = BankFactory(name="نخست")
        for name in ("دوم", "سوم"):
            bank.name = name
            bank.save()
        seal_all()
        return bank

    def test_fresh_data_is_whole(self, bank):
        result = verify()

        assert result["broken"] == []
        assert result["rows"] == AuditEntry.objects.count()

    def test_an_edited_entry_is_found(self, bank):
        as_owner(
            f"UPDATE audit_auditentry SET actor_id = 99 WHERE table_name = 'accounts_bank' AND row_id = '{bank.pk}' AND version = 2"
        )

        assert {"table": "accounts_bank", "row": str(bank.pk), "version": 2, "fault": "chain"} in verify()["broken"]

    def test_a_removed_entry_is_found(self, bank):
        as_owner(
            f"DELETE FROM audit_auditentry WHERE table_name = 'accounts_bank' AND row_id = '{bank.pk}' AND version = 2"
        )

        faults = {fault["fault"] for fault in verify()["broken"]}
        assert faults == {"chain", "seal"}

    def test_a_row_removed_with_its_whole_history_is_found(self, bank):
        as_owner(
            f"DELETE FROM accounts_bank WHERE id = {bank.pk}",
            f"DELETE FROM audit_auditentry WHERE table_name = 'accounts_bank' AND row_id = '{bank.pk}'",
        )

        assert [fault["fault"] for fault in verify()["broken"]] == ["seal"]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_bank SET name = 'دیگر' WHERE id = {}",
            "DELETE FROM accounts_bank WHERE id = {}",
            "INSERT INTO accounts_bank (code, name, sheba_code) VALUES ('x{}', 'پنهان', '')",
        ],
    )
    def test_a_row_changed_behind_the_triggers_is_found(self, bank, statement):
        as_owner(statement.format(bank.pk))

        assert [(fault["table"], fault["fault"]) for fault in verify()["broken"]] == [("accounts_bank", "state")]

    def test_an_edited_seal_is_found(self, bank):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditseal DISABLE TRIGGER USER")
            cursor.execute("UPDATE audit_auditseal SET entries = entries + 1")
            cursor.execute("ALTER TABLE audit_auditseal ENABLE TRIGGER USER")

        assert [fault["fault"] for fault in verify()["broken"]] == ["seal"]

    def test_the_command_ends_with_one_when_broken(self, bank):
        as_owner(f"UPDATE accounts_bank SET name = 'دیگر' WHERE id = {bank.pk}")

        with pytest.raises(SystemExit) as stop:
            call_command("verify_audit", "--json", stdout=StringIO())

        assert stop.value.code == 1

    def test_sealing_again_without_news_adds_nothing(self, bank):
        seals = AuditSeal.objects.count()
        seal_trail()
        seal_trail()

        assert AuditSeal.objects.count() <= seals + 1

    def test_a_seal_waits_for_transactions_under_way(self, bank):
        """What a slower transaction still writes below the seal's edge would break it, so the edge stays below it."""
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("INSERT INTO accounts_bank (code, name, sheba_code) VALUES ('slow', 'کند', '')")
            BranchFactory()
            seal_trail()
        seal_trail()

        assert verify()["broken"] == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_entries_are_verified_in_seconds():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "INSERT INTO accounts_bank (code, name, sheba_code) SELECT 'many-' || n, n::text, '' FROM generate_series(1, 50000) n"
        )
        cursor.execute("UPDATE accounts_bank SET name = name || '*' WHERE code LIKE 'many-%'")
    seal_all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
        result = verify()
        cursor.execute("SELECT clock_timestamp()")
        seconds = (cursor.fetchone()[0] - before).total_seconds()

    assert result["rows"] >= 100_000
    assert result["broken"] == []
    assert seconds < 20
