"""The office: issuing one or many, the list with its filters, one referral with its history, taking it back."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from banks import workflow
from banks.models import Referral
from banks.tests.factories import approved, bank_branch, confirmed, referred
from banks.tests.test_letters import pages
from quotas.tests.factories import ProgrammeFactory, RequiredInquiryFactory

pytestmark = pytest.mark.django_db
Status = Referral.Status


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"


@pytest.fixture
def programme():
    return ProgrammeFactory()


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


def batch(names, **given) -> dict:
    return {"ids": [n.pk for n in names], "key": "b1", "letter_number": "د/۱۲", "letter_on": "1401/05/31", **given}


def send(client, step, names, **given):
    return client.post(reverse(step), batch(names, **given))


def test_ready_names_stand_in_the_order_of_referral_with_the_bank_that_holds_their_credit(client, expert, programme):
    branches = [bank_branch(programme), bank_branch(programme)]
    approved(programme, branch=branches[0], rank=1, applicant__last_name="مستقل")
    approved(programme, branch=branches[1], rank=2, applicant__last_name="پیشگام", is_pioneer=True)
    html = page(client, "referral-ready")
    assert html.index("پیشگام") < html.index("مستقل")
    assert f'value="{branches[1].pk}" selected' in html and 'value="۱۴۰۱/۰۵/۳۱"' in html
    assert html.count('name="ids"') == 2


def test_a_name_that_lacks_an_inquiry_is_not_offered(client, expert, programme, branch):
    RequiredInquiryFactory(programme=programme)
    approved(programme, branch=branch)
    assert "هیچ نام مصوبی آماده معرفی نیست" in page(client, "referral-ready")


def test_many_are_issued_after_one_look_at_the_sums_and_sent_again_nothing_happens(client, expert, programme, branch):
    names = [approved(programme, branch=branch, rank=n + 1) for n in range(3)]
    own = {f"number-{names[1].pk}": "د/۹۹"}
    html = send(client, "referral-check", names, **own).content.decode()
    assert "صدور ۳ معرفی" in html and "جمع ۹۰۰ میلیون ریال" in html and "د/۹۹" in html
    first, second = (send(client, "referral-issue", names, **own) for _ in range(2))
    assert first.url == second.url
    html = client.get(first.url).content.decode()
    assert "۳ معرفی صادر شد" in html and "چاپ نامه‌ها" in html
    assert sorted(Referral.objects.values_list("letter_number", flat=True)) == ["د/12", "د/12", "د/99"]


def test_who_cannot_be_referred_is_named_and_the_others_go(client, expert, programme, branch):
    good, gone = approved(programme, branch=branch), approved(programme, branch=branch, applicant__last_name="رفته")
    poor = approved(programme, branch=branch, applicant__last_name="بی‌اعتبار")
    empty = bank_branch(programme, rial=1)
    workflow.refer(
        application_id=gone.pk,
        branch_id=branch.pk,
        letter_number="1",
        letter_on=programme.opens_on,
        by=expert,
        today=programme.opens_on,
    )
    html = send(client, "referral-check", [good, gone, poor]).content.decode()
    assert "رفته" in html and "صدور ۲ معرفی" in html
    response = send(client, "referral-issue", [good, gone, poor], **{f"branch-{poor.pk}": empty.pk})
    html = client.get(response.url).content.decode()
    assert "۱ معرفی صادر شد" in html and "رفته" in html and "بی‌اعتبار" in html
    assert Referral.objects.filter(application=good).exists()


@pytest.mark.parametrize("step", ["referral-check", "referral-issue"])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ids": []}, "دست‌کم یک نفر را انتخاب کنید"),
        ({"letter_number": ""}, "شماره نامه را اینجا"),
        ({"letter_number": "ش" * 51}, "50"),
        ({"letter_on": "1401/13/01"}, "۱۲ ماه"),
        ({"letter_on": "1401/12/29"}, "تاریخ نامه باید امروز یا پیش از آن باشد"),
        ({"letter_on": "1400/01/05"}, "با این تاریخ هم‌اکنون بی‌اعتبار است"),
        ({"branch": "0"}, "برای هر انتخاب‌شده شعبه را انتخاب کنید"),
    ],
)
def test_an_incomplete_batch_is_told_and_keeps_what_was_typed(client, expert, programme, branch, step, given, says):
    name = approved(programme, branch=branch)
    if "branch" in given:
        given = {f"branch-{name.pk}": "77777777"}
    response = send(client, step, [name], **{f"number-{name.pk}": "", "passed_over_reason": "نوشته", **given})
    assert response.status_code == 422
    assert says in response.content.decode() and "نوشته" in response.content.decode()
    assert not Referral.objects.exists()


def test_passing_over_a_ready_supporter_asks_for_its_reason_at_the_field(client, expert, programme, branch):
    approved(programme, branch=branch, track="supporter", promised_jobs=5, applicant__last_name="پشتیبان‌زاده")
    plain = approved(programme, branch=branch, rank=2)
    response = send(client, "referral-check", [plain])
    assert response.status_code == 422 and "پشتیبان‌زاده" in response.content.decode()
    html = send(client, "referral-check", [plain], passed_over_reason="ضامن ندارد").content.decode()
    assert "ضامن ندارد" in html
    send(client, "referral-issue", [plain], passed_over_reason="ضامن ندارد")
    assert Referral.objects.get().passed_over_reason == "ضامن ندارد"


def test_a_supporter_and_an_independent_of_one_batch_pass_over_nobody(client, expert, programme, branch):
    first = approved(programme, branch=branch, rank=9, track="supporter", promised_jobs=5)
    names = [approved(programme, branch=branch, rank=1), first]
    response = send(client, "referral-issue", names)
    assert "۲ معرفی صادر شد" in client.get(response.url).content.decode()
    assert list(Referral.objects.order_by("id").values_list("application_id", flat=True))[0] == first.pk


def test_another_countys_names_and_referrals_are_nowhere(client, expert, programme, branch):
    foreign_programme = ProgrammeFactory()
    foreign_branch = bank_branch(foreign_programme)
    name = approved(foreign_programme, branch=foreign_branch)
    foreign = referred(foreign_programme, branch=foreign_branch, applicant__last_name="بیگانه")
    assert send(client, "referral-issue", [name]).status_code == 422
    assert "بیگانه" not in page(client, "referral-list")
    for address in ("referral-detail", "referral-letter"):
        assert client.get(reverse(address, args=[foreign.pk])).status_code == 404
    assert client.post(reverse("referral-cancel", args=[foreign.pk]), {"key": "k", "reason": "x"}).status_code == 404
    assert client.get(reverse("referral-letters"), {"id": foreign.pk}).status_code == 302


def test_the_list_filters_searches_and_exports_the_same_rows(client, expert, programme, branch):
    other = bank_branch(programme)
    referred(programme, branch=branch, applicant__last_name="کاظمی")
    confirmed(programme, branch=other, applicant__last_name="یزدانی")
    for query, found in (
        ({}, 2), ({"filter": "payable"}, 1), ({"bank": branch.bank_id}, 1), ({"q": "كاظمي"}, 1),
        ({"q": "كاظمي", "filter": "payable"}, 0), ({"filter": "no such", "bank": "x"}, 2),
    ):  # fmt: skip
        html = page(client, "referral-list", **query)
        assert html.count('scope="row"') == found
        sheet = load_workbook(io.BytesIO(client.get(reverse("referral-export"), query).content)).active
        assert sheet.max_row == found + 1


def test_the_list_reads_a_constant_number_of_times(client, expert, programme, branch, django_assert_max_num_queries):
    for _ in range(6):
        referred(programme, branch=branch)
    with django_assert_max_num_queries(20):
        page(client, "referral-list")
    with django_assert_max_num_queries(20):
        page(client, "referral-ready")


def test_a_referral_shows_its_history_and_every_change(client, expert, programme, branch):
    referral = confirmed(programme, branch=branch)
    workflow.record_payment(
        referral_id=referral.pk,
        amount_rial=1_000_000,
        paid_on=referral.letter_on,
        contract_number="ق/1",
        by=expert,
        today=referral.letter_on,
    )
    html = page(client, "referral-detail", referral.pk)
    assert "پرداخت ۱٬۰۰۰٬۰۰۰ ریال ثبت شد" in html and "تأییدشده" in html and "همه تغییرهای این پرونده" in html
    assert reverse("referral-cancel", args=[referral.pk]) not in html


def test_an_ended_referral_proposes_the_next_name_to_the_office(client, expert, programme, branch):
    referral = referred(programme, branch=branch, applicant__last_name="ردشده")
    ApplicationFactory(programme=programme, applicant__last_name="نخستین", status=Application.Status.RESERVE, rank=2)
    assert reverse("reserve-list") not in page(client, "referral-detail", referral.pk)
    workflow.decline(referral_id=referral.pk, refusal_reason="no_guarantor", by=expert)
    html = page(client, "referral-detail", referral.pk)
    assert "نفر بعدی مریم نخستین است" in html and reverse("reserve-list") in html


def test_a_payment_taken_back_stands_in_the_history(client, expert, programme, branch):
    referral = confirmed(programme, branch=branch)
    payment = workflow.record_payment(
        referral_id=referral.pk,
        amount_rial=1_000_000,
        paid_on=referral.letter_on,
        contract_number="ق/1",
        by=expert,
        today=referral.letter_on,
    )
    workflow.reverse_payment(disbursement_id=payment.pk, reason="اشتباه", by=expert)
    assert "پرداخت ۱٬۰۰۰٬۰۰۰ ریال پس گرفته شد" in page(client, "referral-detail", referral.pk)


def test_a_referral_is_taken_back_with_a_reason(client, expert, programme, branch):
    referral = referred(programme, branch=branch)
    url = reverse("referral-cancel", args=[referral.pk])
    assert client.post(url, {"key": "k", "reason": ""}).status_code == 422
    assert "آزاد است" in client.post(url, {"key": "k", "reason": "اشتباه"}, follow=True).content.decode()
    assert "a-bad" in client.post(url, {"key": "k", "reason": "اشتباه"}, follow=True).content.decode()
    referral.refresh_from_db()
    assert referral.status == Status.CANCELLED


def test_letters_of_a_list_are_one_file(client, expert, programme, branch):
    ended = referred(programme, branch=branch)
    workflow.cancel(referral_id=ended.pk, reason="اشتباه", by=expert)
    ids = [referred(programme, branch=branch).pk for _ in range(2)]
    for query, count in (({"id": ids}, 2), ({}, 2), ({"id": ids[:1]}, 1)):
        response = client.get(reverse("referral-letters"), query)
        assert pages(response.content) == count


def test_reading_is_not_issuing(client, programme, branch):
    referral = referred(programme, branch=branch)
    client.force_login(UserFactory(role=Role.SUPERVISOR, county=programme.county))
    seen = client.get(reverse("referral-detail", args=[referral.pk])).status_code
    assert seen in (200, 403)
    for address in ("referral-ready", "inquiry-list"):
        assert client.get(reverse(address)).status_code in (200, 403)
    assert client.post(reverse("referral-issue")).status_code == 403
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=referral.application.agency))
    for address in ("referral-list", "referral-ready", "inquiry-list"):
        assert client.get(reverse(address)).status_code == 403
    assert client.get(reverse("referral-letter", args=[referral.pk])).status_code == 403


def test_without_a_programme_there_is_no_page(client):
    other = ProgrammeFactory()
    programme = ProgrammeFactory(county=other.county, year=1400)
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    assert "۱۴۰۰" in page(client, "referral-list", year="۱۴۰۰")
    assert client.get(reverse("referral-list"), {"year": "1399"}).status_code == 404


def test_a_key_that_no_page_made_is_refused_in_words(client, expert, programme, branch):
    response = send(client, "referral-issue", [approved(programme, branch=branch)], key="\0")
    assert response.status_code == 422
    assert not Referral.objects.exists()
