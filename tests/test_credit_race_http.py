"""Sixty-four meetings are signed at once through HTTP, each for 300 million of the last billion rial."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import BankFactory, UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from quotas.models import CreditPool
from quotas.tests.factories import A_DAY, ProgrammeFactory, pool_with
from working_group.models import AgendaItem, Attendance, Decision, Meeting, Member

CONTENDERS = 64
ROUNDS = 20
LAST_RIAL = 1_000_000_000
ASKED_RIAL = 300_000_000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def contest() -> tuple[CreditPool, list[Meeting], object]:
    """A pool with the last billion and 64 meetings in session, each with one name decided."""
    programme = ProgrammeFactory()
    head = UserFactory(role=Role.OFFICE_HEAD, county=programme.county)
    bank = BankFactory()
    pool = pool_with(programme, LAST_RIAL, bank=bank, by=head)
    members = [
        Member.everything.create(
            county=programme.county, name=str(seat.label), position="عضو", body="فرمانداری", seat=seat
        )
        for seat in (Member.Seat.CHAIR, Member.Seat.SECRETARY, Member.Seat.MEMBER)
    ]
    meetings = []
    for number in range(1, CONTENDERS + 1):
        application = ApplicationFactory(
            programme=programme, requested_rial=ASKED_RIAL, status=Application.Status.ON_AGENDA
        )
        meeting = Meeting.everything.create(
            programme=programme,
            number=number,
            held_on=A_DAY,
            place="فرمانداری",
            status=Meeting.Status.IN_SESSION,
            opened_at=timezone.now(),
        )
        Attendance.everything.bulk_create(Attendance(meeting=meeting, member=m, is_present=True) for m in members)
        item = AgendaItem.everything.create(
            meeting=meeting, application=application, rank=1, proposed_rial=ASKED_RIAL, proposed_bank=bank
        )
        Decision.everything.create(
            item=item, outcome="approve", amount_rial=ASKED_RIAL, bank=bank, votes_for=3, recorded_by=head
        )
        meetings.append(meeting)
    return pool, meetings, head


def sign_all(site: str, meetings: list[Meeting], head) -> list[int]:
    """Every meeting's «sign» is pressed by the head, all at the same moment, each over a connection of its own."""
    client = Client()
    client.force_login(head)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    start = Barrier(len(meetings))

    def press(meeting: Meeting) -> int:
        connection = HTTPConnection(urlsplit(site).netloc, timeout=60)
        start.wait()
        connection.request(
            "POST",
            f"/meetings/{meeting.pk}/sign/",
            body=urlencode({"csrfmiddlewaretoken": token}),
            headers={"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"{site}/"},
        )
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(len(meetings)) as hands:
        return list(hands.map(press, meetings))


def test_sixty_four_signatures_never_overdraw(live_server):
    for _round in range(ROUNDS):
        pool, meetings, head = contest()

        answers = sign_all(live_server.url, meetings, head)

        pool.refresh_from_db()
        assert max(answers) < 500
        assert Meeting.everything.filter(pk__in=[m.pk for m in meetings], status=Meeting.Status.SIGNED).count() == 3
        assert pool.approved_rial == 3 * ASKED_RIAL
        held = Application.everything.filter(programme=pool.programme, status=Application.Status.APPROVED)
        assert held.count() == 3


def test_without_the_guard_the_same_signatures_overdraw(live_server, guard_dropped):
    pool, meetings, head = contest()

    sign_all(live_server.url, meetings, head)

    pool.refresh_from_db()
    assert pool.left_rial < 0
