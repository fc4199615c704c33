"""Signing, the minutes, and what comes after, through the pages."""

import pytest
from django.urls import reverse

from applicants import workflow as applications
from applicants.models import Application
from quotas.tests.factories import A_DAY, pool_with
from working_group import workflow
from working_group.minutes_document import document
from working_group.models import Decision, Meeting
from working_group.tests.browsing import decision, page, post, text
from working_group.tests.factories import World

pytestmark = pytest.mark.django_db


# --- signing -------------------------------------------------------------------------------------------------------


def test_the_check_page_names_the_undecided(head, world):
    world.open()

    shown = text(page(head, "sign-check", world.meeting.pk))

    assert "۳ نفر هنوز بی‌تصمیم‌اند" in shown
    assert reverse("name-detail", args=[world.meeting.pk, world.item().pk]) in shown
    response = head.post(reverse("meeting-sign", args=[world.meeting.pk]), follow=True)
    assert "پیش از امضا درباره آن‌ها" in text(response)


def test_the_check_page_says_by_how_much_a_pool_is_short(head, world):
    world.open()
    world.approve_all()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.head)
    pool_with(world.programme, -200_000_000, bank=world.bank)

    assert "منفی ۱۰۰٬۰۰۰٬۰۰۰ ریال" in text(page(head, "sign-check", world.meeting.pk))
    response = head.post(reverse("meeting-sign", args=[world.meeting.pk]), follow=True)

    assert "۱۰۰٬۰۰۰٬۰۰۰ ریال بیش از مانده" in text(response)
    assert world.refreshed().status == Meeting.Status.IN_SESSION


def test_signed_minutes_are_shown_printed_and_typeset(head, world):
    world.open()
    world.approve_all()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    response = head.post(reverse("meeting-sign", args=[world.meeting.pk]), follow=True)
    meeting = world.refreshed()

    assert meeting.content_hash in text(response)
    printed = text(page(head, "minutes-print", meeting.pk))
    assert meeting.content_hash in printed
    assert all(name.applicant.full_name in printed for name in world.names)
    paper = page(head, "minutes-pdf", meeting.pk)
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert page(head, "sign-check", meeting.pk).status_code == 302


def test_the_minutes_are_printed_from_what_was_frozen(head, world):
    world.signed()
    applicant = world.names[0].applicant
    was, applicant.last_name = applicant.full_name, "نام تازه"
    applicant.save()

    assert was in text(page(head, "minutes-print", world.meeting.pk))
    assert "نام تازه" not in text(page(head, "minutes-print", world.meeting.pk))


def test_the_paper_says_deputies_absent_members_votes_resolutions_and_who_withdrew(head, world):
    world.prepare()
    there = {member.pk: "" for member in world.members[:6]} | {world.members[0].pk: "رضا جانشین"}
    Meeting.everything.filter(pk=world.meeting.pk).update(agenda="۱. گزارش\n2- تأیید نام‌ها", discussion="سخن رئیس")
    workflow.open_session(meeting_id=world.meeting.pk, present=there)
    world.meeting.resolutions.create(text="گزارش ماهانه", responsible="بانک‌ها", due_on=A_DAY)
    world.decide(0, votes_for=5, votes_against=1)
    gone = world.item(1).application
    applications.withdraw(application_id=gone.pk, reason="انصراف", by=world.expert)
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    paper = document(world.refreshed())

    assert paper["agenda"] == ["گزارش", "تأیید نام‌ها"]
    assert paper["chair"] == f"رضا جانشین، جانشین {world.members[0].name}"
    assert paper["absent"] == [f"{world.members[6].name}، مدیر"]
    assert [row["votes"] for row in paper["names"]] == ["۵ موافق، ۱ مخالف", ""]
    assert paper["resolutions"][0]["due"] == "۱۴۰۱/۰۵/۳۱"
    assert paper["gone"] == [f"{gone.applicant.full_name}: انصراف"]
    assert "سخن رئیس" in text(page(head, "minutes-print", world.meeting.pk))
    assert page(head, "minutes-pdf", world.meeting.pk).content.startswith(b"%PDF")
    assert "انصراف" in text(page(head, "meeting-detail", world.meeting.pk))


def test_a_meeting_without_a_chair_is_signed_where_the_year_allows_it(world):
    world.programme.rules.create(key="quorum_needs_chair", value="no")
    world.prepare()
    workflow.open_session(meeting_id=world.meeting.pk, present={member.pk: "" for member in world.members[1:]})
    world.approve_all()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)

    assert document(world.refreshed())["chair"] == ""


def test_after_signing_the_page_shows_the_decisions_and_not_the_states_of_today(head, world):
    world.signed()
    applications.withdraw(application_id=world.item(0).application_id, reason="انصراف", by=world.head)

    assert "انصراف" not in text(page(head, "meeting-detail", world.meeting.pk))


def test_there_are_no_minutes_before_signing(head, world):
    world.open()

    assert page(head, "minutes-print", world.meeting.pk).status_code == 404
    assert page(head, "minutes-pdf", world.meeting.pk).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "meeting-prepare",
        "meeting-open",
        "unflagged-approve",
        "below-line-reserve",
        "meeting-sign",
        "name-decide",
        "name-remove",
    ],
)
def test_after_signing_every_act_is_refused_with_its_sentence(head, world, name):
    world.signed()
    args = [world.meeting.pk] + ([world.item().pk] if name.startswith("name") else [])
    decisions = Decision.everything.count()

    response = head.post(reverse(name, args=args), decision(world), follow=True)

    assert "صورت‌جلسه را در" in text(response)
    assert Decision.everything.count() == decisions


# --- afterwards ----------------------------------------------------------------------------------------------------


def test_the_reserve_moves_up_when_credit_is_freed(head, world):
    world.signed()
    waiting = Application.everything.get(status="reserve")
    assert "اکنون هیچ محل اعتباری" in text(page(head, "reserve-list"))
    pool_with(world.programme, 300_000_000, bank=world.bank)
    assert "تأیید نفر بعد" in text(page(head, "reserve-list"))

    post(head, "reserve-promote", waiting.pk)

    waiting.refresh_from_db()
    assert waiting.status == "approved"
    assert "کسی در فهرست ذخیره نیست" in text(page(head, "reserve-list"))


def test_too_little_credit_and_a_reason_too_long_are_refused(head, world):
    world.signed()
    waiting = Application.everything.get(status="reserve")

    response = head.post(reverse("reserve-promote", args=[waiting.pk]), follow=True)
    assert "ریال" in text(response)
    assert post(head, "reserve-promote", waiting.pk, reason="د" * 301).status_code == 302

    waiting.refresh_from_db()
    assert waiting.status == "reserve"


def test_a_condition_is_met_with_its_reason(office, world):
    world.open()
    world.decide(0, outcome="conditional", reason="پروانه")
    world.approve_all()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    name = Application.everything.get(status="conditional")
    assert name.applicant.full_name in text(page(office, "reserve-list"))

    post(office, "condition-meet", name.pk, reason="")
    name.refresh_from_db()
    assert name.status == "conditional"
    post(office, "condition-meet", name.pk, reason="پروانه آورد")

    name.refresh_from_db()
    assert name.status == "approved"


def test_a_corrective_meeting_takes_a_name_up_again(office, world):
    world.signed()
    name = Application.everything.filter(status="approved").order_by("pk").first()
    meeting = world.next_meeting()
    assert name.applicant.full_name in text(page(office, "name-take-up", meeting.pk))

    assert post(office, "name-take-up", meeting.pk, application=name.pk, reason="").status_code == 422
    post(office, "name-take-up", meeting.pk, application=name.pk, reason="اصلاح")

    assert [item.application_id for item in meeting.items.all()] == [name.pk]


def test_a_meeting_in_session_takes_up_nobody(office, world):
    world.signed()
    name = Application.everything.filter(status="approved").first()
    world.next_meeting()
    workflow.open_session(meeting_id=world.meeting.pk, present={m.pk: "" for m in world.members})

    response = post(office, "name-take-up", world.meeting.pk, application=name.pk, reason="اصلاح")

    assert response.status_code == 422


def test_resolutions_of_the_last_meeting_open_the_next(office, world):
    world.open()
    world.meeting.resolutions.create(text="گزارش ماهانه بانک‌ها", responsible="بانک‌ها")
    world.approve_all()
    workflow.reserve_below_line(meeting_id=world.meeting.pk, by=world.expert)
    assert "گزارش ماهانه بانک‌ها" in text(page(office, "meeting-detail", world.meeting.pk))
    workflow.sign(meeting_id=world.meeting.pk, by=world.head)
    following = world.next_meeting()

    assert "گزارش ماهانه بانک‌ها" in text(page(office, "meeting-detail", following.pk))


def test_the_reserve_of_another_year_is_asked_for_by_its_number(head, world):
    assert head.get(reverse("reserve-list"), {"year": "1401"}).context["programme"] == world.programme
    assert head.get(reverse("reserve-list"), {"year": "1390"}).context["programme"] is None
    assert head.get(reverse("reserve-list"), {"year": "x"}).context["programme"] == world.programme


def test_no_meeting_yet_is_said(client):
    world = World(names=0)
    world.meeting.delete()
    client.force_login(world.expert)

    assert "هنوز جلسه‌ای ثبت نشده است" in text(page(client, "meeting-list"))
