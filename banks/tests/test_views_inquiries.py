"""The office's inquiries: who lacks what, asking all at once, answers one by one or for many, scans, rejections."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.models import Inquiry
from applicants.tests.factories import InquiryFactory
from background.models import StoredFile
from banks.scans import LARGEST_BYTES
from banks.tests.factories import approved, bank_branch
from quotas.tests.factories import A_DAY, ProgrammeFactory, RequiredInquiryFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 scan"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def programme():
    programme = ProgrammeFactory()
    for kind in ("bounced_cheque", "overdue_debt"):
        RequiredInquiryFactory(programme=programme, kind=kind)
    return programme


@pytest.fixture
def branch(programme):
    return bank_branch(programme)


@pytest.fixture
def expert(programme, client):
    expert = UserFactory(role=Role.OFFICE, county=programme.county)
    client.force_login(expert)
    return expert


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def standing(programme, branch, **results):
    """A name whose inquiries stand as said: kind=(result, days since the answer)."""
    name = approved(programme, branch=branch, applicant__last_name="-".join(v[0] for v in results.values()) or "none")
    for kind, (result, days) in results.items():
        day = A_DAY - timedelta(days=days)
        given = {} if result == "pending" else {"answered_on": day}
        if result == "clear":
            given["valid_until"] = day + timedelta(days=30)
        InquiryFactory(application=name, kind=kind, result=result, asked_on=day, **given)
    return name


def clear(days=0):
    return {"bounced_cheque": ("clear", days), "overdue_debt": ("clear", days)}


def test_every_name_stands_under_the_worst_that_it_lacks(client, expert, programme, branch):
    standing(programme, branch)
    standing(programme, branch, bounced_cheque=("pending", 0))
    standing(programme, branch, bounced_cheque=("pending", 0), overdue_debt=("clear", 0))
    standing(programme, branch, bounced_cheque=("clear", 31), overdue_debt=("clear", 0))
    standing(programme, branch, bounced_cheque=("blocked", 0))
    standing(programme, branch, bounced_cheque=("curable", 0), overdue_debt=("clear", 0))
    standing(programme, branch, **clear(30))
    for state, count in (("not_asked", 2), ("waiting", 1), ("expired", 1), ("obstacle", 2), ("ready", 1), ("", 7)):
        assert page(client, "inquiry-list", filter=state).count('name="ids"') == count


def test_a_missing_licence_is_an_obstacle_that_is_said(client, expert, programme, branch):
    name = standing(programme, branch, **clear())
    type(name).everything.filter(pk=name.pk).update(licence_expires_on=A_DAY - timedelta(days=1))
    assert page(client, "inquiry-list", filter="obstacle").count('name="ids"') == 1
    page(client, "inquiry-detail", name.pk)


def test_the_list_reads_a_constant_number_of_times(client, expert, programme, branch, django_assert_max_num_queries):
    for _ in range(8):
        standing(programme, branch, **clear())
    with django_assert_max_num_queries(14):
        page(client, "inquiry-list")
    assert "با این صافی‌ها چیزی پیدا نشد" in page(client, "inquiry-list", q="ناپیدا")


def test_all_that_is_missing_is_asked_in_one_act_and_never_twice(client, expert, programme, branch):
    names = [standing(programme, branch), standing(programme, branch, bounced_cheque=("clear", 31))]
    ids = {"ids": [name.pk for name in names]}
    html = client.post(reverse("inquiry-ask"), ids, follow=True).content.decode()
    assert "۴ استعلام برای ۲ نفر فرستاده شد" in html
    html = client.post(reverse("inquiry-ask"), ids, follow=True).content.decode()
    assert "پیش‌تر فرستاده شده است" in html
    assert Inquiry.everything.filter(result="pending").count() == 4
    assert "دست‌کم یک نفر" in client.post(reverse("inquiry-ask"), {"ids": "x"}, follow=True).content.decode()


def answer(client, inquiry, **given):
    data = {"result": "clear", "answered_on": "۱۴۰۱/۰۵/۳۰", **given}
    return client.post(reverse("inquiry-answer", args=[inquiry.pk]), data)


def waiting_inquiry(programme, branch) -> Inquiry:
    return standing(programme, branch, bounced_cheque=("pending", 3)).inquiries.get()


def test_a_clear_answer_holds_as_long_as_the_year_says_and_its_scan_is_kept(client, expert, programme, branch):
    inquiry = waiting_inquiry(programme, branch)
    page(client, "inquiry-answer", inquiry.pk)
    answer(client, inquiry, scan=SimpleUploadedFile("نامه.exe", PDF, content_type="text/html"), answer_letter="ب/۹")
    inquiry.refresh_from_db()
    assert (inquiry.result, inquiry.valid_until) == ("clear", A_DAY + timedelta(days=29))
    assert inquiry.answer_letter == "ب/9"
    response = client.get(reverse("inquiry-evidence", args=[inquiry.pk]))
    assert response.content == PDF and response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment") and ".pdf" in response["Content-Disposition"]
    page(client, "inquiry-detail", inquiry.application_id)
    assert "a-bad" in client.get(answer(client, inquiry).url).content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"result": ""}, "نتیجه را انتخاب کنید"),
        ({"result": "pending"}, "انتخاب"),
        ({"answered_on": "1401/06/01"}, "۳۱ مرداد ۱۴۰۱"),
        ({"valid_until": "1401/05/29"}, "پیش از"),
        ({"scan": ("a.pdf", b"MZ not a pdf")}, "تنها PDF"),
        ({"scan": ("a.pdf", b"")}, "خالی"),
        ({"scan": ("a.pdf", PDF + b"0" * LARGEST_BYTES)}, "مگابایت"),
    ],
)
def test_an_answer_that_cannot_be_is_told_at_its_field(client, expert, programme, branch, given, says):
    inquiry = waiting_inquiry(programme, branch)
    if "scan" in given:
        given = {"scan": SimpleUploadedFile(*given["scan"])}
    response = answer(client, inquiry, note="نوشته من", **given)
    html = response.content.decode()
    assert response.status_code == 422 and says in html and "نوشته من" in html
    assert not StoredFile.everything.exists()


def test_one_answer_is_recorded_for_many(client, expert, programme, branch):
    names = [standing(programme, branch, bounced_cheque=("pending", 1), overdue_debt=("pending", 1)) for _ in range(3)]
    ids = {"ids": [name.pk for name in names]}
    assert "۶ استعلام در انتظار پاسخ" in client.post(reverse("inquiry-answers"), ids).content.decode()
    given = {**ids, "result": "clear", "answered_on": "1401/05/31"}
    url = reverse("inquiry-answers-record")
    assert client.post(url, given).status_code == 422
    html = client.post(url, {**given, "kind": "bounced_cheque"}, follow=True).content.decode()
    assert "۳ پاسخ ثبت شد" in html
    scan = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n...")
    assert "۳ پاسخ ثبت شد" in client.post(url, {**given, "kind": "all", "scan": scan}, follow=True).content.decode()
    assert StoredFile.everything.count() == 1
    html = client.post(reverse("inquiry-answers"), ids, follow=True).content.decode()
    assert "در انتظار پاسخ نیست" in html


def test_a_name_with_an_obstacle_is_rejected_when_its_time_is_over(client, expert, programme, branch):
    fresh = standing(programme, branch, bounced_cheque=("curable", 30))
    old = standing(programme, branch, bounced_cheque=("curable", 31))
    url = reverse("inquiry-reject", args=[fresh.pk])
    assert url in page(client, "inquiry-detail", fresh.pk)
    assert client.post(url, {"reason": ""}).status_code == 422
    response = client.post(url, {"reason": "چک برگشتی"})
    assert response.status_code == 422 and "رفع" in response.content.decode() or "تا" in response.content.decode()
    client.post(reverse("inquiry-reject", args=[old.pk]), {"reason": "چک برگشتی"})
    for name, status in ((fresh, "approved"), (old, "rejected")):
        name.refresh_from_db()
        assert name.status == status
    page(client, "inquiry-detail", old.pk)


def test_what_others_say_of_a_person_is_not_for_banks_agencies_or_other_counties(client, expert, programme, branch):
    inquiry = waiting_inquiry(programme, branch)
    name = inquiry.application
    foreign = UserFactory(role=Role.OFFICE, county=ProgrammeFactory().county)
    others = {
        foreign: 404,
        UserFactory(role=Role.BANK_OFFICER, bank=branch.bank): 403,
        UserFactory(role=Role.AGENCY_USER, agency=name.agency): 403,
    }
    for user, status in others.items():
        client.force_login(user)
        assert client.get(reverse("inquiry-detail", args=[name.pk])).status_code == status
        assert client.get(reverse("inquiry-evidence", args=[inquiry.pk])).status_code == status
        assert answer(client, inquiry).status_code == status
    client.force_login(foreign)
    client.post(reverse("inquiry-ask"), {"ids": name.pk})
    assert Inquiry.everything.count() == 1
