"""Lists that are registered at once, twice, or by a worker that dies."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import connection

from abarkuh_loans.errors import WrongStateError
from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.importing import workflow
from applicants.importing.guard import PAGE
from applicants.importing.refusals import FileAlreadyImportedError
from applicants.models import Applicant, Application, ApplicationEvent, ImportedList
from applicants.tests.factories import ApplicantFactory, national_id
from applicants.tests.lists import a_programme, excel, person
from audit.models import AuditEntry
from quotas.tests.factories import A_DAY

REAL = pytest.mark.django_db(transaction=True)
ONE = pytest.mark.django_db


def kept(programme, content, by):
    imported_list = workflow.keep(
        kind="applicants", programme=programme, agency=None, name="list.xlsx", content=content, by=by
    )
    workflow.check(list_id=imported_list.pk, today=A_DAY)
    return imported_list


def register(imported_list, by):
    return workflow.register(list_id=imported_list.pk, by=by, today=A_DAY)


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def officer(programme):
    return UserFactory(role=Role.OFFICE, county=programme.county)


def at_once(*works):
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except FileAlreadyImportedError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@REAL
def test_two_workers_register_one_list_once(programme, officer):
    imported_list = kept(programme, excel(*map(person, range(1, 31))), officer)

    at_once(*[lambda: register(imported_list, officer).rows_valid] * 2)

    assert Application.everything.count() == ApplicationEvent.everything.count() == 30


@REAL
def test_the_same_file_brought_twice_at_once_goes_in_once(programme, officer):
    content = excel(*map(person, range(1, 31)))
    lists = [kept(programme, content, officer) for _ in range(2)]

    answers = at_once(*[lambda one=one: register(one, officer).status for one in lists])

    assert sorted(answers) == ["file_already_imported", "registered"]
    assert Application.everything.count() == 30


@REAL
def test_two_lists_with_the_same_people_at_once_register_each_person_once(programme, officer):
    lists = [
        kept(programme, excel(*map(person, range(1, 21))), officer),
        kept(programme, excel(*map(person, range(11, 31))), officer),
    ]

    at_once(*[lambda one=one: register(one, officer).rows_valid for one in lists])

    assert Application.everything.count() == Applicant.everything.count() == 30


@REAL
def test_a_worker_that_dies_leaves_nothing_half_written(programme, officer):
    imported_list = kept(programme, excel(person(1), person(2)), officer)

    with (
        mock.patch("applicants.importing.workflow.timezone.now", side_effect=SystemExit),
        pytest.raises(SystemExit),
    ):
        register(imported_list, officer)

    imported_list.refresh_from_db()
    assert imported_list.status == "checked"
    assert not Applicant.everything.exists()
    assert register(imported_list, officer).status == "registered"


@ONE
def test_a_list_registered_a_second_time_changes_nothing(programme, officer):
    imported_list = kept(programme, excel(person(1)), officer)
    register(imported_list, officer)

    assert register(imported_list, officer).status == "registered"
    assert Application.everything.count() == 1


@ONE
def test_a_person_who_is_known_is_used_again_and_not_written_over(programme, officer):
    known = ApplicantFactory(national_id=national_id(1), mobile="09120000000", last_name="صادقی")

    register(kept(programme, excel(person(1)), officer), officer)

    known.refresh_from_db()
    assert (known.mobile, known.last_name) == ("09120000000", "صادقی")
    assert known.applications.count() == 1


@ONE
def test_what_was_found_is_what_is_registered(programme, officer):
    imported_list = kept(programme, excel(person(1), person(2, **{"کد ملی": ""})), officer)
    imported_list.refresh_from_db()
    before = (imported_list.rows_valid, imported_list.findings)

    after = register(imported_list, officer)

    assert (after.rows_valid, after.findings) == before
    assert Application.everything.count() == 1


@ONE
def test_every_person_of_a_list_stands_in_the_trail(programme, officer):
    register(kept(programme, excel(person(1), person(2)), officer), officer)

    assert AuditEntry.objects.filter(table_name="applicants_applicant", operation="I").count() == 2


@ONE
@pytest.mark.parametrize("act", ["cancel", "ask_to_register"])
def test_a_registered_list_is_neither_cancelled_nor_registered_anew(programme, officer, act):
    imported_list = kept(programme, excel(person(1)), officer)
    register(imported_list, officer)
    about = {"by": officer} if act == "ask_to_register" else {}

    with pytest.raises(WrongStateError):
        getattr(workflow, act)(list_id=imported_list.pk, **about)


@ONE
def test_a_cancelled_list_registers_nobody(programme, officer):
    imported_list = kept(programme, excel(person(1)), officer)
    workflow.cancel(list_id=imported_list.pk)

    with pytest.raises(WrongStateError):
        register(imported_list, officer)
    assert workflow.check(list_id=imported_list.pk, today=A_DAY).status == "cancelled"


@ONE
def test_names_with_every_odd_character_come_out_as_they_went_in(programme, officer):
    odd = "الف\\tب\\N«'\";--"

    workflow.import_now(
        kind="applicants", programme=programme, agency=None, name="x.xlsx", by=None, today=A_DAY, limits=PAGE,
        content=excel(person(1, **{"نام خانوادگی": odd, "نشانی": "\\."})),
    )  # fmt: skip

    applicant = Applicant.everything.get()
    assert (applicant.last_name, applicant.address) == (odd, "\\.")
    assert ImportedList.everything.get().status == "registered"
