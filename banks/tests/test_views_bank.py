"""The bank officer's desk: his own rows alone, each journey in its clicks, one answer however often it is sent."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from accounts.tests.factories import BranchFactory, UserFactory
from banks import workflow
from banks.models import Disbursement, Referral
from banks.tests.factories import A_WEEK, bank_branch, confirmed, referred
from quotas.tests.factories import A_DAY, ProgrammeFactory

pytestmark = pytest.mark.django_db
Status = Referral.Status
AMOUNT = 300_000_000
LISTS = ("bank-inbox", "bank-payable", "bank-paid", "bank-ended")


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
def officer(branch, client):
    officer = UserFactory(role=Role.BANK_OFFICER, bank=branch.bank)
    client.force_login(officer)
    return officer


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def answer(client, referral, **given):
    data = {"key": "k1", "seen": "issued", "answer": "confirm", "payable_rial": "۳۰۰٬۰۰۰٬۰۰۰", **given}
    return client.post(reverse("bank-answer", args=[referral.pk]), data)


def test_the_inbox_counts_what_is_late_in_its_title_and_puts_it_first(client, officer, programme, branch):
    fresh = referred(programme, branch=branch)
    late = referred(programme, branch=branch, letter_on=A_DAY - timedelta(days=18))
    html = page(client, "bank-inbox")
    assert "<title>(۱ دیرشده) معرفی‌ها" in html
    assert "۳ روز دیرشده" in html and "۱۵ روز مانده (۱۵ شهریور)" in html
    assert html.index(late.letter_number.translate(FA)) < html.index(fresh.letter_number.translate(FA))
    assert "۲ معرفی – جمع ۶۰۰ میلیون ریال" in html


FA = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def test_chips_pick_what_is_late_and_what_is_due_this_week(client, officer, programme, branch):
    for days in (18, 13, 0):
        referred(programme, branch=branch, letter_on=A_DAY - timedelta(days=days))
    assert page(client, "bank-inbox", filter="late").count("data-l=") / 4 == 1
    assert page(client, "bank-inbox", filter="week").count("data-l=") / 4 == 1
    assert page(client, "bank-inbox", filter="no such").count("data-l=") / 4 == 3


@pytest.mark.parametrize("typed", ["عليرضائي", "علیرضایی", "۰۹۹", "د/۱۲۳٤", "عليرضا د/1234"])
def test_search_forgives_letters_and_digits(client, officer, programme, branch, typed):
    referral = referred(programme, branch=branch, applicant__last_name="علیرضایی")
    Referral.everything.filter(pk=referral.pk).update(letter_number="د/1234/1401")
    assert "علیرضایی" in page(client, "bank-inbox", q=typed)
    assert "با این صافی‌ها چیزی پیدا نشد" in page(client, "bank-inbox", q="ناپیدا")


def test_a_long_list_is_paged_and_its_queries_do_not_grow(
    client, officer, programme, branch, django_assert_max_num_queries
):
    for _ in range(27):
        referred(programme, branch=branch)
    with django_assert_max_num_queries(12):
        html = page(client, "bank-inbox")
    assert html.count('name="ids"') == 25
    assert page(client, "bank-inbox", page=2).count('name="ids"') == 2


def test_empty_lists_say_so_and_lead_on(client, officer, programme, branch):
    assert "معرفی تازه‌ای ندارید" in page(client, "bank-inbox")
    for name in LISTS[1:]:
        page(client, name)
    confirmed(programme, branch=branch)
    assert "دیدن ۱ معرفی پاسخ‌داده‌شده" in page(client, "bank-inbox")


def test_another_banks_referral_is_nowhere(client, officer, programme, branch):
    _nowhere(client, referred(programme, branch=bank_branch(programme), applicant__last_name="بیگانه"))


def test_another_branchs_referral_is_nowhere_for_a_branch_officer(client, programme, branch):
    own_branch = BranchFactory(bank=branch.bank, county=programme.county)
    client.force_login(UserFactory(role=Role.BANK_OFFICER, branch=own_branch))
    _nowhere(client, referred(programme, branch=branch, applicant__last_name="بیگانه"))


def _nowhere(client, foreign):
    for name in LISTS:
        assert "بیگانه" not in page(client, name, q="بیگانه").replace('value="بیگانه"', "")
        tab = name.removeprefix("bank-")
        response = client.get(reverse(f"bank-export-{tab}"))
        assert load_workbook(io.BytesIO(response.content)).active.max_row == 1
    for name in ("bank-referral", "bank-answered", "payment-new", "referral-letter"):
        assert client.get(reverse(name, args=[foreign.pk])).status_code == 404
    for name in ("bank-answer", "bank-file", "bank-take-back", "payment-check", "payment-record"):
        assert client.post(reverse(name, args=[foreign.pk]), {"key": "k"}).status_code == 404
    client.post(reverse("bank-confirm-many"), {"ids": [foreign.pk], "key": "k"})
    foreign.refresh_from_db()
    assert foreign.status == Status.ISSUED


def test_a_branch_officer_sees_his_branch_and_the_bank_officer_both(client, programme, branch):
    second = BranchFactory(bank=branch.bank, county=programme.county)
    referred(programme, branch=branch, applicant__last_name="نخستین")
    referred(programme, branch=second, applicant__last_name="دومین")
    client.force_login(UserFactory(role=Role.BANK_OFFICER, branch=second))
    html = page(client, "bank-inbox")
    assert "دومین" in html and "نخستین" not in html
    client.force_login(UserFactory(role=Role.BANK_OFFICER, bank=branch.bank))
    html = page(client, "bank-inbox")
    assert "دومین" in html and "نخستین" in html


def test_the_office_and_strangers_have_no_desk_at_a_bank(client, programme):
    assert client.get(reverse("bank-inbox")).status_code == 302
    client.force_login(UserFactory(role=Role.OFFICE, county=programme.county))
    assert client.get(reverse("bank-inbox")).status_code == 403


def test_a_confirmation_takes_three_clicks_and_shows_its_number(client, officer, programme, branch):
    referral, following = referred(programme, branch=branch), referred(programme, branch=branch)
    assert reverse("bank-referral", args=[referral.pk]) in page(client, "bank-inbox")
    assert "checked" not in page(client, "bank-referral", referral.pk)
    response = answer(client, referral, file_number="۷۷")
    assert response.url == reverse("bank-answered", args=[referral.pk])
    html = page(client, "bank-answered", referral.pk)
    assert reverse("bank-referral", args=[following.pk]) in html and "پس گرفتن این پاسخ" in html
    referral.refresh_from_db()
    assert (referral.status, referral.file_number, referral.answered_by) == (Status.FILE_OPENED, "77", officer)


def test_the_same_form_sent_twice_is_one_answer(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    assert answer(client, referral).url == answer(client, referral).url
    assert referral.events.count() == 2


def test_a_corrected_form_with_the_same_key_goes_through(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    response = answer(client, referral, payable_rial="۲۰۰")
    assert response.status_code == 422 and "بنویسید چرا کمتر" in response.content.decode()
    assert answer(client, referral, payable_rial="۲۰۰", reason="سقف شعبه").status_code == 302


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"answer": ""}, "پاسخ بانک را انتخاب کنید"),
        ({"payable_rial": ""}, "مبلغ"),
        ({"payable_rial": "زیاد"}, "مبلغ"),
        ({"payable_rial": "۳۰۰٬۰۰۰٬۰۰۱"}, "حداکثر مبلغ مصوب"),
        ({"answer": "decline"}, "دلیل نپذیرفتن را انتخاب کنید"),
        ({"answer": "decline", "refusal_reason": "other"}, "دلیل دیگر را با چند کلمه بنویسید"),
        ({"answer": "documents"}, "بنویسید چه مدرکی کم است"),
    ],
)
def test_an_incomplete_answer_is_told_at_its_field_and_keeps_what_was_typed(
    client, officer, programme, branch, given, says
):
    referral = referred(programme, branch=branch)
    response = answer(client, referral, file_number="پرونده ۹", **given)
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html and "خطا: " in html and "پرونده 9" in html.translate(str.maketrans("۹", "9"))
    referral.refresh_from_db()
    assert referral.status == Status.ISSUED


def test_a_decline_frees_the_credit_and_says_nothing_of_the_next_name_to_the_bank(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    answer(client, referral, answer="decline", refusal_reason="no_guarantor", payable_rial="")
    html = page(client, "bank-answered", referral.pk)
    assert "اعتبار آزاد شد" in html
    referral.refresh_from_db()
    assert referral.status == Status.REFUSED
    assert "نبود ضامن" in page(client, "bank-referral", referral.pk)


def test_missing_documents_return_the_letter(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    answer(client, referral, answer="documents", note="شناسنامه", payable_rial="")
    referral.refresh_from_db()
    assert referral.status == Status.RETURNED


def test_the_second_officer_is_told_who_and_when(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    colleague = UserFactory(last_name="کریمی", role=Role.BANK_OFFICER, bank=branch.bank)
    workflow.confirm(referral_id=referral.pk, payable_rial=AMOUNT, by=colleague)
    response = answer(client, referral, answer="decline", refusal_reason="no_guarantor", payable_rial="")
    html = client.get(response.url).content.decode()
    assert "کریمی" in html and "پاسخ داده است" in html
    referral.refresh_from_db()
    assert referral.status == Status.CONFIRMED


def test_a_confirmed_file_may_still_be_declined_by_who_sees_that_it_is(client, officer, programme, branch):
    referral = confirmed(programme, branch=branch)
    html = page(client, "bank-referral", referral.pk)
    assert 'name="seen" value="confirmed"' in html and 'value="confirm"' not in html
    answer(client, referral, seen="confirmed", answer="decline", refusal_reason="withdrawal")
    referral.refresh_from_db()
    assert referral.status == Status.REFUSED


def test_a_confirmation_is_taken_back_and_late_it_is_not(client, officer, programme, branch):
    referral = confirmed(programme, branch=branch)
    client.post(reverse("bank-take-back", args=[referral.pk]))
    referral.refresh_from_db()
    assert referral.status == Status.ISSUED
    response = client.post(reverse("bank-take-back", args=[referral.pk]), follow=True)
    assert "a-bad" in response.content.decode()


def test_a_file_number_is_recorded_once(client, officer, programme, branch):
    referral = confirmed(programme, branch=branch)
    url = reverse("bank-file", args=[referral.pk])
    assert client.post(url, {"key": "k", "file_number": ""}).status_code == 422
    client.post(url, {"key": "k", "file_number": "۱۲"})
    referral.refresh_from_db()
    assert (referral.status, referral.file_number) == (Status.FILE_OPENED, "12")
    assert "a-bad" in client.post(url, {"key": "k2", "file_number": "13"}, follow=True).content.decode()


def test_many_are_confirmed_with_one_look_at_their_sum(client, officer, programme, branch):
    mine = [referred(programme, branch=branch) for _ in range(3)]
    ids = [one.pk for one in mine]
    html = client.post(reverse("bank-confirm-check"), {"ids": ids}).content.decode()
    assert "تأیید ۳ معرفی" in html and "جمع ۹۰۰ میلیون ریال" in html
    workflow.decline(referral_id=ids[0], refusal_reason="no_guarantor", by=UserFactory(last_name="کریمی"))
    for _ in range(2):
        response = client.post(reverse("bank-confirm-many"), {"ids": ids, "key": "batch-1"})
        html = client.get(response.url).content.decode()
        assert "۲ معرفی تأیید شد" in html and "کریمی" in html
    assert sorted(Referral.objects.values_list("status", flat=True)) == ["confirmed", "confirmed", "refused"]


def test_a_batch_without_names_says_so(client, officer):
    for name in ("bank-confirm-check", "bank-confirm-many"):
        response = client.post(reverse(name), {"ids": ["x", "9" * 30]}, follow=True)
        assert "دست‌کم یک معرفی را انتخاب کنید" in response.content.decode()
    assert client.get(reverse("bank-confirmed", args=["none"])).status_code == 404


def payment(client, referral, step, **given):
    data = {"key": "p1", "contract_number": "ق/۱۲", "paid_on": "۱۴۰۱/۰۵/۳۱", "amount_rial": "۳۰۰٬۰۰۰٬۰۰۰", **given}
    return client.post(reverse(step, args=[referral.pk]), data)


def test_a_payment_is_looked_at_once_more_and_recorded_once(client, officer, programme, branch):
    referral = confirmed(programme, branch=branch)
    assert reverse("payment-new", args=[referral.pk]) in page(client, "bank-payable")
    assert "۳۰۰٬۰۰۰٬۰۰۰" in page(client, "payment-new", referral.pk)
    html = payment(client, referral, "payment-check").content.decode()
    assert "ثبت پرداخت ۳۰۰ میلیون ریال" in html and "پرونده کامل پرداخت می‌شود" in html
    assert Disbursement.objects.count() == 0
    first, second = (payment(client, referral, "payment-record", amount_rial="300000000") for _ in range(2))
    assert first.url == second.url
    assert "ثبت شد" in client.get(first.url).content.decode()
    assert Disbursement.objects.get().contract_number == "ق/12"
    assert page(client, "bank-paid").count("data-l=") / 5 == 1
    assert client.get(reverse("payment-new", args=[referral.pk])).status_code == 302


@pytest.mark.parametrize(("final", "says"), [("", "۲۰۰٬۰۰۰٬۰۰۰ ریال برای پرداخت می‌ماند"), ("on", "به اعتبار برمی‌گردد")])
def test_a_part_says_what_becomes_of_the_rest(client, officer, programme, branch, final, says):
    referral = confirmed(programme, branch=branch)
    given = {"amount_rial": "100000000", **({"is_final": final} if final else {})}
    assert says in payment(client, referral, "payment-check", **given).content.decode()
    payment(client, referral, "payment-record", **given)
    referral.refresh_from_db()
    assert referral.status == (Status.PAID if final else Status.PAID_PARTIAL)
    page(client, "bank-referral", referral.pk)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount_rial": "300000001"}, "حداکثر"),
        ({"amount_rial": ""}, "مبلغ"),
        ({"contract_number": ""}, "شماره قرارداد را وارد کنید"),
        ({"paid_on": "1401/06/01"}, "امروز یا پیش از آن"),
        ({"paid_on": "2022/08/22"}, "میلادی"),
        ({"paid_on": "1401/05/30"}, "روز معرفی‌نامه یا پس از آن"),
    ],
)
@pytest.mark.parametrize("step", ["payment-check", "payment-record"])
def test_a_payment_that_cannot_be_is_told_at_its_field(client, officer, programme, branch, step, given, says):
    referral = confirmed(programme, branch=branch)
    response = payment(client, referral, step, **given)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert Disbursement.objects.count() == 0


def test_a_payment_on_a_waiting_referral_is_refused(client, officer, programme, branch):
    referral = referred(programme, branch=branch)
    assert payment(client, referral, "payment-check").status_code == 422
    assert payment(client, referral, "payment-record").url == reverse("bank-referral", args=[referral.pk])


def test_the_same_payment_under_a_new_key_is_refused(client, officer, programme, branch):
    referral = confirmed(programme, branch=branch)
    payment(client, referral, "payment-record", amount_rial="100000000")
    response = payment(client, referral, "payment-record", amount_rial="100000000", key="p2")
    assert response.status_code == 422 and "پیش‌تر ثبت شده" in response.content.decode()


def test_the_excel_file_holds_exactly_what_is_filtered(client, officer, programme, branch):
    referred(programme, branch=branch, applicant__last_name="=HYPERLINK(1)")
    referred(programme, branch=branch, letter_on=A_DAY - 3 * A_WEEK)
    sheet = load_workbook(io.BytesIO(client.get(reverse("bank-export-inbox"), {"filter": "late"}).content)).active
    assert sheet.max_row == 2 and sheet.sheet_view.rightToLeft
    every = load_workbook(io.BytesIO(client.get(reverse("bank-export-inbox")).content)).active
    assert every.max_row == 3
    assert {cell.data_type for row in every.iter_rows(min_row=2, max_col=8) for cell in row} == {"s"}
    assert every.cell(2, 9).value == AMOUNT


def test_the_letter_opens_for_its_bank(client, officer, programme, branch):
    response = client.get(reverse("referral-letter", args=[referred(programme, branch=branch).pk]))
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")
