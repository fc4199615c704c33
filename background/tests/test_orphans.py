"""Papers of forms that nobody sent are let go of; whatever a row refers to stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applicants.tests.lists import a_programme
from background import orphans
from background.models import BackgroundTask, StoredFile
from employment_tracking.models import JobEvidence
from employment_tracking.tests.factories import registered

pytestmark = pytest.mark.django_db


def a_file(name="paper.pdf") -> StoredFile:
    return StoredFile.keep(name=name, content_type="application/pdf", content=b"%PDF-", by=None)


def tomorrow():
    return timezone.now() + timedelta(days=1, minutes=1)


def test_a_paper_put_on_a_form_that_was_left_goes_after_a_day():
    a_file()

    assert orphans.forget_unused(now=timezone.now()) == 0
    assert orphans.forget_unused(now=tomorrow()) == 1
    assert not StoredFile.everything.exists()


def test_files_that_a_row_refers_to_stay(monkeypatch):
    monkeypatch.setattr(orphans, "BATCH", 2)
    programme = a_programme()
    record = registered(programme, programme.county.agencies.first(), 1)
    JobEvidence.everything.create(record=record, kind="photo", file=a_file("kept.pdf"))
    BackgroundTask.everything.create(kind="list", result_file=a_file("result.pdf"))
    for number in range(5):
        a_file(f"{number}.pdf")

    assert orphans.forget_unused(now=tomorrow()) == 5
    assert set(StoredFile.everything.values_list("name", flat=True)) == {"kept.pdf", "result.pdf"}


def test_every_model_that_refers_to_a_file_is_asked():
    sql = str(orphans._unused(now=timezone.now()).query)

    for table in ("background_backgroundtask", "applicants_importedlist", "employment_tracking_jobevidence"):
        assert f'FROM "{table}"' in sql
