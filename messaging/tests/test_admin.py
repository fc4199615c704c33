"""The office's pages of messages: what went out, what came in, the texts, the rules of sending, the alarm."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import CountyFactory, UserFactory
from messaging import texts
from messaging.models import InboundMessage, MessageTemplate, OptOut, SendingPause, SendingRules
from messaging.tests.drafts import sent
from messaging.workflow import reports

pytestmark = pytest.mark.django_db
OUT, IN = "admin:messaging_outboundmessage", "admin:messaging_inboundmessage"


@pytest.fixture
def county():
    return CountyFactory()


@pytest.fixture
def head(county):
    return UserFactory(role=Role.OFFICE_HEAD, county=county)


@pytest.fixture
def office(client, head):
    client.force_login(head)
    return client


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr(texts, "_declared", {})
    texts.declare(
        "visit", label="خبر بازدید", text="بازدید {day} ساعت {hour}", places={"day": "1401/09/10", "hour": "10"}
    )


def came(county, **changes) -> InboundMessage:
    usual = {"provider_id": "5", "line": "10004346", "sender": "09131234567", "text": "شما؟", "status": "for_a_person"}
    return InboundMessage.everything.create(county=county, **usual | changes)


def page(client, name, *args, **parameters) -> str:
    answer = client.get(reverse(name, args=args), parameters)
    assert answer.status_code == 200, answer
    return answer.content.decode()


# --- what went out
def test_the_list_tells_what_became_of_each_message(office, county):
    sent(county, receptor="09131112233", status="undelivered", failure="line_failed", provider_status=6)

    shown = page(office, f"{OUT}_changelist")

    assert "نرسید" in shown and "09131112233" in shown


def test_messages_are_found_by_mobile_and_filtered_by_status(office, county):
    sent(county, receptor="09131112233"), sent(county, receptor="09134445566", status="delivered")

    assert "09134445566" not in page(office, f"{OUT}_changelist", q="۰۹۱۳۱۱۱")
    assert "09131112233" not in page(office, f"{OUT}_changelist", status__exact="delivered")


def test_a_messages_page_shows_every_report_and_nothing_to_change(office, county):
    message = sent(county, provider_id=42)
    reports.record([(42, 4), (42, 10)])

    shown = page(office, f"{OUT}_change", message.pk)

    assert "رسید" in shown and 'name="text"' not in shown
    assert office.post(reverse(f"{OUT}_change", args=[message.pk]), {"text": "x"}).status_code == 403


# --- what came in
def test_what_waits_for_a_person_is_counted_and_one_click_away(office, county):
    came(county), came(county, provider_id="6", status="handled", sender="09139990000")

    queue = page(office, f"{IN}_changelist", status__exact="for_a_person")

    assert "در انتظار شما" in queue and "09139990000" not in queue


def test_whoever_looked_says_what_was_decided(office, county, head):
    message = came(county)
    address = f"{reverse(f'{IN}_act', args=['close'])}?id={message.pk}"

    assert office.post(address, {"id": message.pk, "reason": ""}).status_code == 422
    assert office.post(address, {"id": message.pk, "reason": "با او تماس گرفتم"}).status_code == 302

    message.refresh_from_db()
    assert (message.status, message.decision, message.seen_by) == ("closed", "با او تماس گرفتم", head)
    assert "با او تماس گرفتم" in page(office, f"{IN}_change", message.pk)


def test_a_message_of_no_county_is_shown_to_every_office(office):
    came(None)

    assert "09131234567" in page(office, f"{IN}_changelist")


def test_another_countys_messages_are_not_shown(office):
    other = CountyFactory()
    message, written = sent(other, receptor="09137770000"), came(other)

    assert "09137770000" not in page(office, f"{OUT}_changelist")
    assert office.get(reverse(f"{OUT}_change", args=[message.pk])).status_code == 404
    assert office.get(reverse(f"{IN}_change", args=[written.pk])).status_code == 404
    assert office.get(f"{reverse(f'{IN}_act', args=['close'])}?id={written.pk}").status_code == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a" * 5000, "\u202eevil"])
def test_whatever_people_write_is_shown_as_text(office, county, text):
    message = came(county, text=text)

    assert "<script>alert" not in page(office, f"{IN}_changelist") + page(office, f"{IN}_change", message.pk)


def test_people_without_messages_are_listed(office):
    OptOut.everything.create(mobile="09131234567")

    assert "09131234567" in page(office, "admin:messaging_optout_changelist")


# --- the texts
def text_page(county, code="visit"):
    return reverse("admin:messaging_messagetemplate_text", args=[county.pk, code])


def test_every_text_stands_in_the_list_with_its_length(office, county, visit):
    shown = page(office, "admin:messaging_messagetemplate_changelist")

    assert "خبر بازدید" in shown and "۲۵ از ۷۰ – ۱ پیامک" in shown and "متن اولیه" in shown


def test_the_office_writes_its_own_text(office, county, head, visit):
    assert office.post(text_page(county), {"text": "فردا ساعت {hour}\r\nاداره كار"}).status_code == 302

    row = MessageTemplate.everything.get()
    assert (row.text, row.changed_by) == ("فردا ساعت {hour}\nاداره کار", head)
    assert row.changed_at is not None
    assert texts.render("visit", county.pk, day="x", hour=9) == "فردا ساعت 9\nاداره کار"

    office.post(text_page(county), {"text": "پس‌فردا"})
    assert MessageTemplate.everything.get().text == "پس‌فردا"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("سلام {name}", "{day}، {hour}"),
        ("سلام {day", "{day}، {hour}"),
        ("", "متن پیام را بنویسید"),
        ("ب" * 850 + "{day}", "کوتاه‌تر"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_at_the_field_in_persian(office, county, visit, text, words):
    answer = office.post(text_page(county), {"text": text})

    assert answer.status_code == 422 and words in answer.content.decode()
    assert not MessageTemplate.everything.exists()


def test_without_scripts_a_button_counts(office, county, visit):
    answer = office.post(
        reverse("admin:messaging_messagetemplate_count", args=[county.pk, "visit"]), {"text": "ب" * 61 + "{day}"}
    )

    assert "۷۱ از ۱۳۴ – ۲ پیامک" in answer.content.decode()
    assert not MessageTemplate.everything.exists()


def test_anothers_county_and_an_unknown_text_are_not_found(office, county, visit):
    assert office.get(text_page(CountyFactory())).status_code == 404
    assert office.get(text_page(county, "unknown")).status_code == 404


# --- the rules of sending
def rules(**changes) -> dict:
    usual = {
        "quiet_from": "21:00",
        "quiet_until": "08:00",
        "daily_per_person": "۳",
        "daily_total": "5000",
        "published_number": "۰۳۵-۳۲۸۲ ۱۲۳۴",
    }
    return usual | changes


def test_the_rules_of_sending_are_written_once_for_a_county(office, county):
    add = reverse("admin:messaging_sendingrules_add")

    answer = office.post(add, rules(county=county.pk))

    assert answer.status_code == 302, answer.context["errors"]
    written = SendingRules.everything.get()
    assert (written.daily_per_person, written.published_number) == (3, "03532821234")
    assert office.post(add, rules(county=county.pk)).status_code in (200, 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_per_person": "0"},
        {"daily_total": "0"},
        {"daily_total": "2"},
        {"published_number": "زنگ بزنید"},
        {"published_number": "12"},
        {"quiet_from": "25:00"},
    ],
)
def test_rules_that_make_no_sense_are_refused(office, county, wrong):
    office.post(reverse("admin:messaging_sendingrules_add"), rules(county=county.pk, **wrong))

    assert not SendingRules.everything.exists()


# --- the alarm
@pytest.fixture
def pause():
    return SendingPause.everything.create(reason="no_credit", began_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    "name", ["admin:index", f"{OUT}_changelist", f"{IN}_changelist", "admin:messaging_sendingpause_changelist"]
)
def test_while_nothing_is_sent_the_office_is_told_everywhere(office, pause, name):
    shown = page(office, name)

    assert "ارسال پیام‌ها متوقف است." in shown and "از سر گرفتن ارسال" in shown


def test_a_person_resumes_sending(office, pause, head):
    assert office.post(reverse("admin:messaging_sendingpause_resume")).status_code == 302

    pause.refresh_from_db()
    assert pause.ended_by == head and pause.ended_at is not None
    assert "ارسال پیام‌ها متوقف است." not in page(office, "admin:index")


def test_a_person_stops_sending(office):
    office.post(reverse("admin:messaging_sendingpause_stop"))

    assert SendingPause.everything.get().reason == "by_hand"


def test_the_technical_administrator_may_resume_and_reads_no_messages(client, pause, county):
    client.force_login(UserFactory(role=Role.ADMIN))
    sent(county)

    assert client.get(reverse(f"{OUT}_changelist")).status_code == 403
    assert "از سر گرفتن ارسال" in page(client, "admin:messaging_sendingpause_changelist")
    client.post(reverse("admin:messaging_sendingpause_resume"))
    assert SendingPause.everything.get().ended_at is not None


@pytest.mark.parametrize("role", [Role.AGENCY_USER, Role.BANK_OFFICER, Role.OPERATOR, Role.INSPECTOR, Role.SUPERVISOR])
def test_nobody_else_stops_or_resumes(client, pause, role, county):
    client.force_login(
        UserFactory(role=role, county=county)
        if role in (Role.OPERATOR, Role.INSPECTOR, Role.SUPERVISOR)
        else UserFactory()
    )

    assert client.post(reverse("admin:messaging_sendingpause_resume")).status_code in (302, 403)
    pause.refresh_from_db()
    assert pause.ended_at is None
