"""The whole way round: a county is backed up, spoilt, brought back, and goes on."""

import json
import stat
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from accounts.models import Bank
from accounts.tests.factories import BankFactory
from applicants.models import Applicant
from audit.tests.sealing import seal_all
from audit.verification import verify
from background.backup import BackupRefusedError, backup, restore
from background.models import StoredFile
from oversight.invariants import check
from quotas.models import CreditPool
from tests import world as worlds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    return worlds.build()


@pytest.fixture
def saved(world, tmp_path):
    seal_all()
    file = tmp_path / "county.backup"
    backup(file)
    return file


def everything() -> dict:
    names = list(Applicant.everything.order_by("pk").values_list("pk", "last_name", "search_text"))
    files = [bytes(content) for content in StoredFile.everything.order_by("pk").values_list("content", flat=True)]
    return {"names": names, "files": files, "pools": list(CreditPool.everything.order_by("pk").values())}


def test_a_county_comes_back_as_it_was_and_goes_on(world, saved):
    before = everything()
    Applicant.everything.update(last_name="دیگر")
    BankFactory(code="later")

    restore(saved, force=True)

    assert everything() == before
    assert not Bank.objects.filter(code="later").exists()
    assert check()["violations"] == []
    worlds.build()  # new rows get new numbers
    seal_all()
    assert verify()["broken"] == []


def test_the_trail_goes_on_upon_a_server_that_counts_lower(world, saved, tmp_path):
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_auditseal DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET transaction = transaction + 1000000000")
        cursor.execute("UPDATE audit_auditseal SET below_transaction = below_transaction + 1000000000")
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_auditseal ENABLE TRIGGER USER")
    elsewhere = tmp_path / "elsewhere.backup"
    backup(elsewhere)

    restore(elsewhere, force=True)
    BankFactory()
    seal_all()
    BankFactory()
    seal_all()

    assert verify()["broken"] == []


def test_a_database_with_rows_is_not_overwritten_unasked(saved):
    before = everything()

    with pytest.raises(CommandError) as refused:
        call_command("restore", str(saved))

    assert refused.value.returncode == 1
    assert everything() == before


def test_a_backup_of_another_schema_is_refused(saved, tmp_path):
    other = changed(saved, tmp_path, lambda manifest: manifest["migrations"].append(["banks", "0099_later"]))

    with pytest.raises(BackupRefusedError):
        restore(other, force=True)


@pytest.mark.parametrize("damage", ["rows", "sha256"])
def test_a_damaged_backup_leaves_everything_as_it_was(saved, tmp_path, damage):
    def spoil(manifest):
        table = next(table for table in manifest["tables"] if table["name"] == "applicants_applicant")
        table[damage] = 1 if damage == "rows" else "0" * 64

    before = everything()

    with pytest.raises(BackupRefusedError):
        restore(changed(saved, tmp_path, spoil), force=True)

    assert everything() == before
    assert verify()["broken"] == []


def test_half_a_file_is_refused(saved, tmp_path):
    half = tmp_path / "half"
    half.write_bytes(saved.read_bytes()[:5000])

    with pytest.raises(BackupRefusedError):
        restore(half, force=True)


def test_the_commands_say_what_they_did(saved, tmp_path, capsys):
    file = tmp_path / "again"
    call_command("backup", str(file), "--json")
    said = json.loads(capsys.readouterr().out)
    call_command("restore", str(file), "--force", "--json")

    assert json.loads(capsys.readouterr().out)["rows"] == said["rows"] > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(CommandError) as refused:
        call_command("restore", str(tmp_path / "missing"))
    assert refused.value.returncode == 2


def changed(file, tmp_path, change):
    """A copy of a backup with its manifest changed."""
    copy = tmp_path / "changed.backup"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            target.writestr(name, content)
    return copy
