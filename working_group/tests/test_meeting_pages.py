"""The pages of meetings, as the people who may and may not use them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from working_group import workflow
from working_group.models import Decision, Meeting
from working_group.tests.browsing import decision, page, post, text
from working_group.tests.factories import World

pytestmark = pytest.mark.django_db


# --- who may read --------------------------------------------------------------------------------------------------

READING = ["meeting-detail", "name-detail"]


@pytest.mark.parametrize("role", [Role.GROUP_MEMBER, Role.OFFICE, Role.OFFICE_HEAD])
@pytest.mark.parametrize("name", READING)
def test_the_county_s_own_people_read_a_meeting(client, world, role, name):
    world.prepare()
    client.force_login(UserFactory(role=role, county=world.county))
    args = [world.meeting.pk] + ([world.item().pk] if name == "name-detail" else [])

    assert page(client, name, *args).status_code == 200
    assert page(client, "meeting-list").status_code == 200
    assert page(client, "reserve-list").status_code == 200


def test_another_county_s_meeting_is_not_there(client, world):
    world.prepare()
    stranger = UserFactory(role=Role.OFFICE_HEAD, county=World(names=0).county)
    client.force_login(stranger)
    pk, item = world.meeting.pk, world.item().pk

    assert page(client, "meeting-detail", pk).status_code == 404
    assert page(client, "name-detail", pk, item).status_code == 404
    assert post(client, "name-decide", pk, item).status_code == 404
    assert post(client, "meeting-sign", pk).status_code == 404
    assert post(client, "reserve-promote", world.names[0].pk).status_code == 404


def test_an_item_of_another_meeting_is_not_there(office, world):
    world.prepare()
    item = world.item()
    other = world.next_meeting()

    assert page(office, "name-detail", other.pk, item.pk).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.INSPECTOR])
def test_others_are_refused(client, world, role):
    client.force_login(UserFactory(role=role, county=world.county))

    assert page(client, "meeting-list").status_code == 403


def test_nobody_is_sent_to_the_sign_in_page(client, world):
    response = page(client, "meeting-detail", world.meeting.pk)

    assert response.status_code == 302
    assert "login" in response.url or "sign-in" in response.url or "next=" in response.url


@pytest.mark.parametrize(
    "name", ["name-decide", "meeting-sign", "meeting-prepare", "name-remove", "meeting-open", "interest-declare"]
)
def test_a_member_reads_and_changes_nothing(client, world, name):
    world.prepare()
    client.force_login(UserFactory(role=Role.GROUP_MEMBER, county=world.county))
    args = [world.meeting.pk] + ([world.item().pk] if name.startswith(("name", "interest")) else [])

    assert post(client, name, *args).status_code == 403


def test_an_expert_does_not_sign_and_does_not_move_the_reserve_up(office, world):
    assert post(office, "meeting-sign", world.meeting.pk).status_code == 403
    assert post(office, "reserve-promote", world.names[0].pk).status_code == 403


# --- planning ------------------------------------------------------------------------------------------------------


def test_a_new_meeting_takes_place_and_agenda_from_the_last_one(office, world):
    Meeting.everything.filter(pk=world.meeting.pk).update(agenda="گزارش بانک‌ها")

    response = page(office, "meeting-new")

    assert "گزارش بانک‌ها" in text(response)
    assert world.meeting.place in text(response)


def test_a_meeting_is_planned_with_a_jalali_day_in_persian_digits(office, world):
    response = post(office, "meeting-new", number="۲", held_on="۱۴۰۱/۰۷/۱۰", place="فرمانداری", agenda="")

    meeting = Meeting.everything.get(number=2)
    assert response.url == reverse("meeting-detail", args=[meeting.pk])
    assert meeting.held_on.isoformat() == "2022-10-02"
    assert meeting.attendances.count() == 7


def test_a_number_twice_is_refused_at_its_field_and_nothing_typed_is_lost(office, world):
    response = post(office, "meeting-new", number="1", held_on="۱۴۰۱/۰۷/۱۰", place="بخشداری", agenda="الف")

    assert response.status_code == 422
    assert response.context["form"].errors["number"]
    assert "بخشداری" in text(response)
    assert "۱۴۰۱/۰۷/۱۰" in text(response)


def test_an_impossible_day_is_refused_at_its_field(office, world):
    response = post(office, "meeting-new", number="2", held_on="۱۴۰۱/۱۳/۴۰", place="فرمانداری")

    assert response.status_code == 422
    assert response.context["form"].errors["held_on"]


def test_without_a_programme_no_meeting_is_planned(client):
    county = World(names=0).county
    Meeting.everything.all().delete()
    user = UserFactory(role=Role.OFFICE, county=type(county).objects.create(code="empty", name="خالی", province="یزد"))
    client.force_login(user)

    assert page(client, "meeting-new").url == reverse("meeting-list")


def test_the_agenda_is_drawn_up_and_a_name_taken_off(office, world):
    post(office, "meeting-prepare", world.meeting.pk)
    assert world.meeting.items.count() == 3

    post(office, "name-remove", world.meeting.pk, world.item(0).pk)

    assert list(world.meeting.items.order_by("rank").values_list("rank", "within_credit")) == [(1, True), (2, True)]


def test_a_meeting_in_session_keeps_its_agenda(office, world):
    world.open()

    post(office, "meeting-prepare", world.meeting.pk)
    response = office.post(reverse("name-remove", args=[world.meeting.pk, world.item().pk]), follow=True)

    assert "دستور جلسه تغییر نمی‌کند" in text(response)
    assert world.meeting.items.count() == 3


def test_particulars_are_changed_until_signing(office, world):
    typed = {"held_on": "۱۴۰۱/۰۶/۱۰", "place": "فرمانداری", "agenda": "", "discussion": "بحث شد"}
    assert post(office, "meeting-describe", world.meeting.pk, **typed).status_code == 302
    assert world.refreshed().discussion == "بحث شد"
    world.signed()

    response = post(office, "meeting-describe", world.meeting.pk, **typed | {"place": "جای دیگر"})

    assert response.status_code == 422
    assert world.refreshed().place == "فرمانداری"
    assert page(office, "meeting-describe", world.meeting.pk).status_code == 200


# --- the page itself -----------------------------------------------------------------------------------------------


def test_the_cut_line_is_drawn_and_no_national_id_is_shown(office, world):
    world.prepare()

    shown = text(page(office, "meeting-detail", world.meeting.pk))

    assert "خط برش" in shown
    for name in world.names:
        assert name.applicant.full_name in shown
        assert name.applicant.national_id not in shown
        assert name.applicant.mobile not in shown


def test_every_point_of_a_rank_is_explained(office, world):
    world.programme.criteria.create(trait="jobs", points=3)
    world.prepare()

    shown = text(page(office, "meeting-detail", world.meeting.pk))

    assert "اولویت: مستقل" in shown
    assert "۳ امتیاز" in shown
    assert "در امتیاز برابر، ثبت زودتر" in shown


def test_more_names_ask_no_more_queries(office):
    counts = []
    for names in (2, 20):
        world = World(names=names, credit_rial=1_500_000_000)
        office.force_login(world.expert)
        world.open()
        world.approve_all()
        page(office, "meeting-detail", world.meeting.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(office, "meeting-detail", world.meeting.pk)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 30


# --- the session ---------------------------------------------------------------------------------------------------


def attendance(world, *, present):
    return {f"present_{member.pk}": "on" for member in world.members[:present]}


def test_a_meeting_begins_with_those_present(office, world):
    world.prepare()

    post(office, "meeting-open", world.meeting.pk, **attendance(world, present=5))

    assert world.refreshed().status == Meeting.Status.IN_SESSION
    assert "حد نصاب: ۵ از ۷" in text(page(office, "meeting-detail", world.meeting.pk))


def test_without_quorum_it_does_not_begin_and_the_ticks_stay(office, world):
    world.prepare()

    response = post(office, "meeting-open", world.meeting.pk, **attendance(world, present=3))

    assert response.status_code == 422
    assert "حد نصاب ندارد" in text(response)
    assert text(response).count("checked") == 3
    assert world.refreshed().status == Meeting.Status.PLANNED


def test_a_named_deputy_is_there(office, world):
    world.prepare()
    typed = attendance(world, present=7)
    typed.pop(f"present_{world.members[0].pk}")

    post(office, "meeting-open", world.meeting.pk, **typed, **{f"deputy_{world.members[0].pk}": "علی كريمي"})

    row = world.meeting.attendances.get(member=world.members[0])
    assert (row.is_present, row.deputy_name) == (True, "علی کریمی")


def test_a_deputy_s_name_that_is_too_long_is_refused_at_its_field(office, world):
    world.prepare()
    name = {f"deputy_{world.members[0].pk}": "ع" * 121}

    assert post(office, "meeting-open", world.meeting.pk, **name).status_code == 422
    assert post(office, "meeting-attendance", world.meeting.pk, **name).status_code == 422


def test_who_is_there_is_written_down_during_the_session(office, world):
    world.open()
    assert page(office, "meeting-attendance", world.meeting.pk).status_code == 200

    post(office, "meeting-attendance", world.meeting.pk, **attendance(world, present=3))

    assert world.meeting.attendances.filter(is_present=True).count() == 3


def test_one_name_is_decided(office, world):
    world.open()
    item = world.item()

    response = post(office, "name-decide", world.meeting.pk, item.pk, **decision(world))

    assert response.url.endswith(f"#name-{item.pk}")
    recorded = Decision.everything.get()
    assert (recorded.outcome, recorded.amount_rial, recorded.votes_for) == ("approve", 300_000_000, 7)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "reject"}, "reason"),
        ({"amount_rial": "۳۰۰٬۰۰۰٬۰۰۱"}, "amount_rial"),
        ({"amount_rial": ""}, "amount_rial"),
        ({"amount_rial": "یک"}, "amount_rial"),
        ({"votes_for": "۸"}, "votes_for"),
        ({"bank": ""}, "bank"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(office, world, typed, field):
    world.open()

    response = post(
        office, "name-decide", world.meeting.pk, world.item().pk, **decision(world, **typed, votes_against="۱")
    )

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert not Decision.everything.exists()


def test_a_decision_made_without_knowing_the_last_one_is_refused_and_says_whose_it_was(office, world):
    world.open()
    item = world.item()
    workflow.decide(item_id=item.pk, outcome="reserve", by=world.head)

    response = post(office, "name-decide", world.meeting.pk, item.pk, **decision(world))

    assert response.status_code == 422
    assert str(world.head) in text(response)
    assert Decision.everything.count() == 1
    assert f'value="{Decision.everything.get().pk}"' in text(page(office, "name-detail", world.meeting.pk, item.pk))


def test_an_interest_is_declared_and_leaves_one_vote_fewer(office, world):
    world.open()
    item = world.item()

    assert post(office, "interest-declare", world.meeting.pk, item.pk).status_code == 302
    post(office, "interest-declare", world.meeting.pk, item.pk, member=world.members[4].pk)
    post(office, "name-decide", world.meeting.pk, item.pk, **decision(world))

    assert Decision.everything.get().votes_for == 6
    assert world.members[4].name in text(page(office, "meeting-detail", world.meeting.pk))


def test_an_interest_is_declared_in_session_alone(office, world):
    world.prepare()

    post(office, "interest-declare", world.meeting.pk, world.item().pk, member=world.members[4].pk)

    assert not world.item().interests.exists()


def test_all_names_without_obstacle_are_checked_and_then_approved(office, world):
    world.open()

    shown = text(page(office, "unflagged-approve", world.meeting.pk))
    assert "تصویب ۲ نفر" in shown
    assert "۶۰۰٬۰۰۰٬۰۰۰ ریال" in shown
    post(office, "unflagged-approve", world.meeting.pk, expected="2")
    post(office, "below-line-reserve", world.meeting.pk, expected="1")

    assert sorted(Decision.everything.values_list("outcome", flat=True)) == ["approve", "approve", "reserve"]


def test_what_was_checked_is_what_is_approved(office, world):
    world.open()
    world.decide(0, outcome="reserve")

    response = office.post(reverse("unflagged-approve", args=[world.meeting.pk]), {"expected": "2"}, follow=True)

    assert "فهرست تغییر کرده است" in text(response)
    assert Decision.everything.count() == 1
