"""The monthly reminder: a letter with the agency's own figures, a message to its contact, once a month."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, ExecutiveAgencyFactory, UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from employment_tracking import reminder_letters
from employment_tracking.models import PaceReminder
from employment_tracking.rules.reminders import ReminderLetterDayError, ReminderNumberError
from employment_tracking.tests.test_pace import record
from employment_tracking.workflow import reminders as workflow
from messaging.length import count
from messaging.models import MessageTemplate, OutboundMessage
from messaging.texts import declared, filled_with_samples
from oversight.dashboard import dashboard
from quotas.models import Programme
from quotas.tests.factories import A_DAY, JobQuotaFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def programme():
    return ProgrammeFactory()


def behind(programme, *, name: str, mobile: str = "09901112233", jobs: int = 120):
    agency = ExecutiveAgencyFactory(
        county=programme.county, name=name, contact_name="رضا امیدی" if mobile else "", contact_mobile=mobile
    )
    JobQuotaFactory(programme=programme, agency=agency, jobs=jobs)
    return agency


@pytest.fixture
def agency(programme):
    """Owes 120 and planned 50; 2 are registered."""
    agency = behind(programme, name="بهزیستی")
    for number in range(2):
        record(programme, agency, number=number)
    return agency


@pytest.fixture
def expert(programme):
    return UserFactory(role=Role.OFFICE, county=programme.county)


def remind(programme, expert, *agencies, number="۱۴۰۱/۷۷", today=A_DAY, letter_on=None):
    return workflow.remind(
        programme_id=programme.pk,
        numbers={agency.pk: number for agency in agencies},
        letter_on=letter_on or today,
        by=expert,
        today=today,
    )


def test_a_reminder_is_a_letter_its_figures_and_a_message(programme, agency, expert):
    (issued,) = remind(programme, expert, agency).issued

    assert bytes(issued.letter.content).startswith(b"%PDF")
    assert issued.figures == {
        "quota": 120, "planned": 50, "registered": 2, "verified": 0, "net": 2, "behind": 48, "needed": 17, "loans": 0,
    }  # fmt: skip
    message = issued.message
    assert message.key == f"pace-reminder:{programme.pk}:{agency.pk}:1401/05"
    assert message.receptor == "09901112233"
    assert "۲ شغل از برنامه ۵۰" in message.text
    assert "۴۸ عقب" in message.text


def test_an_agency_is_reminded_once_a_month(programme, agency, expert):
    remind(programme, expert, agency)

    again = remind(programme, expert, agency)
    next_month = remind(programme, expert, agency, today=A_DAY + timedelta(days=2))

    assert (again.issued, again.refused) == ([], ["یادآوری این ماه بهزیستی پیش‌تر صادر شده است."])
    assert [reminder.month for reminder in next_month.issued] == ["1401/06"]
    assert OutboundMessage.everything.count() == 2


def test_whoever_has_caught_up_gets_no_letter(programme, agency, expert):
    for number in range(100, 160):
        record(programme, agency, number=number)

    outcome = remind(programme, expert, agency)

    assert (outcome.issued, outcome.refused) == ([], ["بهزیستی دیگر از برنامه عقب نیست."])
    assert not OutboundMessage.everything.exists()


def test_an_agency_without_a_contact_gets_the_letter_alone(programme, expert):
    (issued,) = remind(programme, expert, behind(programme, name="جهاد", mobile="")).issued

    assert issued.message is None
    assert not OutboundMessage.everything.exists()


@pytest.mark.parametrize(
    ("number", "letter_on", "refusal"),
    [
        ("", A_DAY, ReminderNumberError),
        ("۹" * 51, A_DAY, ReminderNumberError),
        ("۱", A_DAY + timedelta(days=1), ReminderLetterDayError),
        ("۱", date(2021, 1, 1), ReminderLetterDayError),
    ],
)
def test_a_letter_without_its_number_or_of_another_day_is_refused(
    programme, agency, expert, number, letter_on, refusal
):
    with pytest.raises(refusal):
        remind(programme, expert, agency, number=number, letter_on=letter_on)

    assert not PaceReminder.everything.exists()


def test_the_letter_names_the_paid_loans_without_jobs(programme, agency):
    for _ in range(reminder_letters.MOST_NAMES + 2):
        ApplicationFactory(programme=programme, agency=agency, status=Application.Status.PAID, approved_rial=1)
    lacking = workflow._loans(programme, [agency.pk], today=A_DAY)[agency.pk]
    (found,) = workflow.pace_of_agencies(programme, as_of=A_DAY, agencies=[agency.pk])

    words = reminder_letters.letter(reminder_letters.Reminder(programme, found, "1401/77", A_DAY, A_DAY, loans=lacking))

    assert words["loans_title"].startswith("تسهیلات این ۱۴ نفر پرداخت شده")
    assert len(words["loans"]) == reminder_letters.MOST_NAMES
    assert words["more"] == "و ۲ نفر دیگر، در میز دستگاه در سامانه"
    assert "مدیر استانی" in words["objection"]
    assert words["number"] == "۱۴۰۱/۷۷"


def test_the_office_may_word_the_message_itself(programme, agency, expert):
    MessageTemplate.everything.create(county=programme.county, code="pace_reminder", text="{agency}: {behind}")

    (issued,) = remind(programme, expert, agency).issued

    assert issued.message.text == "بهزیستی: ۴۸"


def test_the_message_is_at_most_three_parts_long():
    text = declared("pace_reminder")

    assert count(filled_with_samples(text, text.text))[1] <= 3


def test_a_reminder_is_never_edited(programme, agency, expert):
    (issued,) = remind(programme, expert, agency).issued

    for statement in (
        "UPDATE employment_tracking_pacereminder SET letter_number = 'x'",
        "DELETE FROM employment_tracking_pacereminder",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert PaceReminder.everything.get() == issued


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_issue_one_letter(programme, agency, expert):
    start, outcomes = threading.Barrier(2), []

    def issue() -> None:
        try:
            start.wait()
            outcomes.append(remind(programme, expert, agency))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=issue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(outcome.issued) for outcome in outcomes) == [0, 1]
    assert PaceReminder.everything.count() == OutboundMessage.everything.count() == 1


# --- the pages ------------------------------------------------------------------------------------------------------
@pytest.fixture
def office(client, expert):
    client.force_login(expert)
    return client


def sent(*agencies, **more) -> dict:
    return {"ids": [agency.pk for agency in agencies], "letter_number": "۱۴۰۱/۷۷", "letter_on": "1401/05/31"} | more


def test_all_who_are_behind_are_chosen_beforehand_and_one_look_later_issued(office, programme, agency):
    other = behind(programme, name="جهاد", mobile="", jobs=240)
    behind(programme, name="جلو", jobs=0)

    rows = office.get(reverse("reminder-new")).context["rows"]
    assert [(row["pace"].agency, row["chosen"]) for row in rows] == [(other, True), (agency, True)]

    check = office.post(reverse("reminder-check"), sent(agency, other, **{f"number-{other.pk}": "۸۸"}))
    assert [row["number"] for row in check.context["rows"]] == ["88", "1401/77"]
    assert check.context["unreachable"] == ["جهاد"]
    assert not PaceReminder.everything.exists()

    office.post(reverse("reminder-issue"), sent(agency, other, **{f"number-{other.pk}": "۸۸"}))
    issued = PaceReminder.everything.order_by("agency__name").values_list("agency__name", "letter_number")
    assert list(issued) == [("بهزیستی", "1401/77"), ("جهاد", "88")]


def test_a_double_click_issues_once_and_says_so(office, agency):
    office.post(reverse("reminder-issue"), sent(agency))

    again = office.post(reverse("reminder-issue"), sent(agency), follow=True)

    assert "پیش‌تر صادر شده است" in again.content.decode()
    assert PaceReminder.everything.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ids": []}, "دست‌کم یک دستگاه را انتخاب کنید."),
        ({"letter_number": ""}, "شماره نامه را اینجا یا برای هر دستگاه انتخاب‌شده بنویسید."),
        ({"letter_on": "1401/06/05"}, "تاریخ نامه باید امروز یا حداکثر یک ماه پیش از آن باشد."),
        ({"letter_on": "دیروز"}, ""),
        ({"ids": ["x", "999999999999999999999"]}, "دست‌کم یک دستگاه را انتخاب کنید."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_goes_out(office, agency, change, said):
    for name in ("reminder-check", "reminder-issue"):
        answer = office.post(reverse(name), sent(agency, **change), follow=True)
        assert answer.status_code in (200, 422)
        if name == "reminder-check":
            assert answer.status_code == 422
            assert said in answer.content.decode()
    assert not PaceReminder.everything.exists()


def test_an_agency_of_another_county_is_never_reminded(office, programme, agency):
    foreign = ProgrammeFactory(county=CountyFactory())
    stranger = behind(foreign, name="بیگانه")

    office.post(reverse("reminder-issue"), sent(stranger))

    assert not PaceReminder.everything.exists()


def test_an_agency_reads_its_own_letters_alone(client, programme, agency, expert):
    other = behind(programme, name="جهاد")
    first, second = remind(programme, expert, agency, other).issued
    own, foreign = (first, second) if first.agency == agency else (second, first)
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=agency))

    page = client.get(reverse("agency-pace"))
    letter = client.get(reverse("reminder-letter", args=[own.pk]))

    assert list(page.context["page_obj"]) == [own]
    assert letter.content.startswith(b"%PDF")
    assert client.get(reverse("reminder-letter", args=[foreign.pk])).status_code == 404


def test_the_desk_says_who_waits_for_the_months_reminder(rf, programme, agency, expert):
    request = rf.get("/admin/")
    request.user = expert

    def waiting() -> list[int]:
        return [task.count for task in dashboard(request)["work"] if task.text == "دستگاه عقب از برنامه"]

    assert waiting() == [1]
    remind(Programme.everything.get(), expert, agency)
    assert waiting() == []
