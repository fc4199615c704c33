"""The office's pages of campaigns, cases and the field queue."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from employment_tracking.models import Campaign, VerificationCase
from employment_tracking.tests.laddering import NOW, Ladder
from messaging.models import OutboundMessage
from quotas.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
Sent = OutboundMessage.Status


@pytest.fixture
def ladder(settings) -> Ladder:
    settings.PROGRAMME_TODAY = "1401/05/31"
    return Ladder()


@pytest.fixture
def office(client, ladder):
    client.force_login(ladder.expert)
    return client


def text(answer) -> str:
    return answer.content.decode()


def started(ladder, office) -> Campaign:
    answer = office.post(reverse("campaign-new"), {"title": "پویش مرداد", "share_percent": "۱۰۰"})
    campaign = Campaign.everything.get()
    assert answer.url == reverse("campaign-detail", args=[campaign.pk])
    office.post(reverse("campaign-start", args=[campaign.pk]))
    campaign.refresh_from_db()
    return campaign


def test_a_campaign_is_planned_looked_at_and_started(ladder, office):
    people = [ladder.record(flags=flags) for flags in ((), ("mobile_shared",), ("line_restricted",))]
    office.post(reverse("campaign-new"), {"title": "پویش مرداد", "share_percent": "۱۰۰"})
    campaign = Campaign.everything.get()

    check = office.get(reverse("campaign-detail", args=[campaign.pk]))

    assert check.context["figures"] == {"frame": 3, "asked": 3, "phone": 1, "field": 1}
    assert not OutboundMessage.everything.exists()
    office.post(reverse("campaign-start", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert OutboundMessage.everything.count() == len(people)


def test_a_form_with_faults_plans_nothing(office):
    answer = office.post(reverse("campaign-new"), {"title": "", "share_percent": "۱۰۱", "since": "۱۴۰۱/۰۶/۰۱"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "share_percent", "since"}
    assert not Campaign.everything.exists()


def test_a_form_with_faults_says_so_once_and_names_the_empty_field(office):
    answer = text(office.post(reverse("campaign-new"), {"title": "", "share_percent": "۱۰۰"}))

    assert "<title>خطا: پویش جدید" in answer
    assert "عنوان پویش: این بخش را پر کنید</a>" in answer


def test_percents_stand_under_a_head_that_names_the_unit(ladder, office):
    ladder.record()
    page = text(office.get(reverse("campaign-detail", args=[started(ladder, office).pk])))

    assert "نرخ تأیید (درصد)" in page
    assert "٪" not in page  # Persian writes it on the other side of the digits


def test_a_start_that_the_rules_refuse_is_said(ladder, office):
    campaign = ladder.planned()

    answer = office.post(reverse("campaign-start", args=[campaign.pk]), follow=True)

    assert "کسی در انتظار صحت‌سنجی نیست" in text(answer)


def test_the_office_pauses_resumes_and_ends(ladder, office):
    ladder.record()
    campaign = started(ladder, office)
    for verb, status in (("pause", "paused"), ("resume", "running")):
        office.post(reverse(f"campaign-{verb}", args=[campaign.pk]))
        campaign.refresh_from_db()
        assert campaign.status == status

    look = office.get(reverse("campaign-end", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert (look.context["still_open"], campaign.status) == (1, "running")
    office.post(reverse("campaign-end", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert campaign.status == "ended"


def test_every_figure_opens_the_list_that_it_counts(ladder, office):
    yes, no, silent, bad = people = [ladder.record() for _ in range(4)]
    visited = ladder.record(flags=("line_restricted",))
    campaign = started(ladder, office)
    OutboundMessage.everything.filter(receptor=bad.mobile).update(
        status=Sent.FAILED, failure="bad_number", ended_at=timezone.now()
    )
    ladder.gateway_says(Sent.SENT)
    ladder.advance()
    ladder.answered([(yes, "yes"), (no, "no"), (visited, "yes")])

    page = office.get(reverse("campaign-detail", args=[campaign.pk])).context

    numbers = page["numbers"]
    assert numbers["all"] == len(people) + 1
    shown = {"sms": 1, "phone": 2, "number": 1, "field": 1, "silent": 2, "confirmed": 1, "denied": 0, "unreached": 0}
    assert {name: numbers[name] for name in shown} == shown
    for name, count in shown.items():
        rows = office.get(reverse("case-list", args=[campaign.pk]), {"filter": name}).context["page_obj"]
        assert rows.paginator.count == count
    assert silent.full_name in text(office.get(reverse("case-list", args=[campaign.pk]), {"filter": "silent"}))
    sms = page["stages"][0]
    assert (sms.asked, sms.yes, sms.no, sms.rate_percent, sms.answered_percent) == (5, 2, 1, 67, 60)
    (agency,) = page["agencies"]
    assert (agency["all"], agency["confirmed"], agency["field"], agency["rate_percent"]) == (5, 1, 1, 100)


def test_the_excel_file_is_what_the_list_shows(ladder, office):
    yes, no = ladder.record(), ladder.record(flags=("line_restricted",))
    campaign = started(ladder, office)
    ladder.answered([(yes, "yes"), (no, "no")])

    answer = office.get(reverse("case-export", args=[campaign.pk]), {"filter": "phone"})

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows[1:]] == [no.full_name]
    assert rows[1][1] == no.national_id


def test_a_case_shows_what_happened_the_newest_first(ladder, office):
    record = ladder.record(flags=("line_restricted",))
    started(ladder, office)
    ladder.answers(record, "yes")

    page = office.get(reverse("case-detail", args=[ladder.case(record).pk]))

    assert [event["title"] for event in page.context["events"]] == ["پیامک: پاسخ بله", "پیامک: پرسش فرستاده شد"]
    assert "خط" not in page.context["reasons"] and len(page.context["reasons"]) == 1


def test_a_closed_case_is_opened_again_from_its_page(ladder, office):
    record = ladder.record()
    started(ladder, office)
    ladder.answers(record, "yes")
    case = ladder.case(record)
    address = reverse("case-reopen", args=[case.pk])

    refused = office.post(address, {"reason": " ", "level": "field"})
    assert refused.status_code == 422 and "reason" in refused.context["form"].errors

    office.post(address, {"reason": "شکایت همسایه", "level": "field"})
    case.refresh_from_db()
    assert (case.status, case.level) == ("reopened", "field")
    assert office.post(address, {"reason": "باز هم", "level": "field"}).status_code == 422


def test_people_to_visit_are_given_to_an_inspector_who_did_not_register_them(ladder, office):
    inspector = UserFactory(role=Role.INSPECTOR, county=ladder.county)
    record = ladder.record(flags=("line_restricted",))
    started(ladder, office)
    ladder.answers(record, "yes")
    case = ladder.case(record)
    page = office.get(reverse("field-queue"))
    assert list(page.context["page_obj"]) == [case]
    assert list(page.context["form"].fields["inspector"].queryset) == [inspector]

    assert office.post(reverse("field-assign"), {"inspector": inspector.pk}).status_code == 422
    assert office.post(reverse("field-assign"), {"id": case.pk, "inspector": ladder.expert.pk}).status_code == 422
    office.post(reverse("field-assign"), {"id": case.pk, "inspector": inspector.pk})

    case.refresh_from_db()
    assert case.inspector == inspector
    type(record).everything.filter(pk=record.pk).update(registered_by=inspector)
    refused = office.post(reverse("field-assign"), {"id": case.pk, "inspector": inspector.pk})
    assert refused.status_code == 422


def test_a_supervisor_reads_and_reopens_and_runs_nothing(ladder, client):
    record = ladder.record()
    campaign = ladder.started()
    ladder.answers(record, "yes")
    case = ladder.case(record)
    client.force_login(UserFactory(role=Role.SUPERVISOR, county=ladder.county))

    for name, pk in (("campaign-detail", campaign.pk), ("case-list", campaign.pk), ("case-detail", case.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 200
    assert client.get(reverse("field-queue")).context["form"] is None
    assert client.post(reverse("campaign-pause", args=[campaign.pk])).status_code == 403
    client.post(reverse("case-reopen", args=[case.pk]), {"reason": "نمونه استان", "level": "field"})
    case.refresh_from_db()
    assert case.status == "reopened"


def test_another_county_finds_nothing(ladder, client):
    ladder.record()
    campaign = ladder.started()
    other = ProgrammeFactory().county
    client.force_login(UserFactory(role=Role.OFFICE, county=other))
    case = VerificationCase.everything.get()

    for name, pk in (("campaign-detail", campaign.pk), ("case-export", campaign.pk), ("case-detail", case.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404


def test_the_pages_cost_the_same_for_any_number_of_people(ladder, office, django_assert_max_num_queries):
    for _ in range(3):
        ladder.record()
    campaign = started(ladder, office)
    addresses = [reverse(name, args=[campaign.pk]) for name in ("campaign-detail", "case-list")]
    costs = []
    for address in addresses:
        with django_assert_max_num_queries(25) as few:
            office.get(address)
        costs.append(len(few))
    Campaign.everything.update(all_opened_at=None)
    for _ in range(20):
        ladder.record()
    Campaign.everything.update(selection=campaign.selection | {"last_id": 10**9})
    ladder.advance()

    for address, cost in zip(addresses, costs, strict=True):
        with django_assert_max_num_queries(cost):
            office.get(address)


def test_who_is_registered_after_the_start_is_shown_and_asked_in_a_campaign_of_his_own(ladder, office):
    ladder.record()
    campaign = started(ladder, office)
    page = reverse("campaign-detail", args=[campaign.pk])
    assert "پس از آغاز پویش" not in text(office.get(page))
    ladder.record()

    assert "۱ شغل پس از آغاز پویش ثبت شده و پرسیده نشده است" in text(office.get(page))
    assert f"?year={campaign.programme.year}&amp;after={campaign.pk}" in text(office.get(page))
    form = office.get(reverse("campaign-new"), {"after": campaign.pk}).context["form"]
    assert (form["agencies"].value(), form["since"].value()) == ([], None)
    office.post(reverse("campaign-new"), {"title": "پویش شهریور", "share_percent": "۱۰۰"})
    office.post(reverse("campaign-start", args=[Campaign.everything.first().pk]))

    assert VerificationCase.everything.exclude(campaign=campaign).count() == 1
    assert "پس از آغاز پویش" not in text(office.get(page))


def test_of_a_draw_those_who_were_passed_over_are_not_among_them(ladder, office):
    for _person in range(4):
        ladder.record()
    campaign = ladder.started(share_percent=50, agencies=[ladder.agency.pk])

    assert office.get(reverse("campaign-detail", args=[campaign.pk])).context["not_asked"] == 0
    form = office.get(reverse("campaign-new"), {"after": campaign.pk}).context["form"]

    assert form["agencies"].value() == [ladder.agency.pk]
    assert form["since"].value() == NOW.date()
    for nonsense in ("x", "۱", "9" * 30, str(campaign.pk + 1)):
        assert office.get(reverse("campaign-new"), {"after": nonsense}).context["form"]["since"].value() is None
