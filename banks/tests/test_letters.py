"""The letter as a paper: what it says, its QR code, its pages; and that it takes no markup from anybody."""

import re
import zlib

import pytest
import segno

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.factories import InquiryFactory
from background.typesetting import typeset
from banks import letters
from banks.models import Referral
from banks.tests.factories import bank_branch, referred
from quotas.tests.factories import A_DAY, ProgrammeFactory
from working_group.models import AgendaItem, Meeting

ADDRESS = "https://loans.example.ir/verify/{}/"


def pages(pdf: bytes) -> int:
    """Pages of a PDF whose objects may be packed."""
    text = pdf + b"".join(_unpacked(pdf))
    return len(re.findall(rb"/Type\s*/Page[^s]", text))


def _unpacked(pdf: bytes):
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            continue


def words_of(referral: Referral) -> dict:
    """What one letter says."""
    said = {}

    def spy(template_name, data):
        said.update(data["letters"][0])
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters, "typeset", spy)
        letters.pdf(letters.for_letters(Referral.objects.filter(pk=referral.pk)), address_of=ADDRESS.format)
    return said


def facts(said: dict) -> dict[str, str]:
    return {row["label"]: row["value"] for row in said["facts"]}


@pytest.mark.django_db
def test_a_letter_says_who_what_how_much_and_until_when():
    programme = ProgrammeFactory(budget_basis="بند «ب» تبصره ۱۸ قانون بودجه ۱۴۰۱")
    UserFactory(role=Role.OFFICE_HEAD, county=programme.county, first_name="احمد", last_name="زارع‌پور")
    referral = referred(
        programme, is_pioneer=True, licence_number="م/12", licence_expires_on=A_DAY, amount_rial=500_000_000
    )
    application = referral.application
    meeting = Meeting.everything.create(programme=programme, number=3, held_on=A_DAY, place="فرمانداری")
    AgendaItem.everything.create(meeting=meeting, application=application, rank=1, score=0, proposed_rial=1)
    sign = {"status": "signed", "content_hash": "0" * 64, "minutes": {}, "signed_at": referral.issued_at}
    Meeting.everything.filter(pk=meeting.pk).update(signed_by=referral.issued_by, **sign)
    InquiryFactory(application=application, result="clear", answered_on=A_DAY, valid_until=A_DAY, answer_letter="ب/9")
    InquiryFactory(application=application, kind="shahkar")

    said = words_of(referral)

    assert "بند «ب» تبصره ۱۸" in said["body"] and "جلسه شماره ۳" in said["body"] and "۳۱ مرداد ۱۴۰۱" in said["body"]
    assert (said["amount"], said["amount_words"]) == ("۵۰۰٬۰۰۰٬۰۰۰ ریال", "پانصد میلیون ریال")
    assert said["amount_toman"] == "۵۰ میلیون تومان"
    assert referral.application.applicant.full_name in facts(said).values()
    assert "م/۱۲، معتبر تا ۱۴۰۱/۰۵/۳۱" in facts(said).values()
    assert any("پیشران" in value for value in facts(said).values())
    assert len(said["inquiries"]) == 1 and "ب/۹" in said["inquiries"][0]
    assert said["signed_by"] == "احمد زارع‌پور"
    assert "۳۰ شهریور ۱۴۰۱" in said["request"] and "۱۵ روز" in said["request"]


@pytest.mark.django_db
def test_a_letter_without_meeting_licence_or_head_has_dashes_and_no_gap():
    said = words_of(referred())
    assert said["body"].startswith("به استناد مصوبه کارگروه")
    assert facts(said)["مجوز"] == "—"
    assert said["inquiries"] == [] and said["signed_by"] == ""


@pytest.mark.django_db
def test_a_letter_may_rest_on_the_minutes_alone():
    referral = referred()
    meeting = Meeting(number=4, held_on=A_DAY)
    said = letters.letter(referral, meeting=meeting, inquiries=[], head="", address="https://x.ir/")
    assert said["body"].startswith("به استناد مصوبه جلسه شماره ۴")


@pytest.mark.django_db
def test_the_qr_code_leads_to_the_public_page_of_this_letter():
    referral = referred()
    said = words_of(referral)
    address = ADDRESS.format(referral.verification_code)
    expected = segno.make(address, error="m", micro=False)
    assert said["verify_address"] == address
    drawn = re.search(r'<path[^>]* d="([^"]+)"', said["qr"])[1]
    assert drawn == re.search(r'd="([^"]+)"', expected.svg_inline(border=1, scale=4))[1]


@pytest.mark.django_db
def test_many_letters_are_one_file_with_a_page_each():
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    for number in range(3):
        referred(programme, branch=branch, rank=number)

    pdf = letters.pdf(letters.for_letters(Referral.objects.all()), address_of=ADDRESS.format)

    assert pdf.startswith(b"%PDF-")
    assert pages(pdf) == 3
    unpacked = b"".join(_unpacked(pdf))
    assert b"Vazirmatn" in pdf + unpacked and b"/ToUnicode" in pdf + unpacked


@pytest.mark.django_db
def test_the_longest_letter_still_fits_its_page():
    referral = referred(licence_number="م" * 50)
    referral.application.applicant.address = "نشانی بسیار بلند " * 17
    referral.application.line.title = "رشته " * 30
    referral.passed_over_reason = "دلیل مفصل " * 50
    inquiries = [
        InquiryFactory(
            application=referral.application, kind=kind, result="clear", answered_on=A_DAY, valid_until=A_DAY
        )
        for kind in (
            "civil_registry",
            "bounced_cheque",
            "overdue_debt",
            "prior_facility",
            "social_insurance",
            "licence",
        )
    ]
    said = letters.letter(referral, meeting=None, inquiries=inquiries, head="احمد", address=ADDRESS.format("X" * 12))
    assert pages(typeset("banks/referral_letter.typ", {"letters": [said]})) == 1


@pytest.mark.django_db
def test_names_and_addresses_are_printed_and_never_obeyed():
    referral = referred()
    referral.application.applicant.address = '#read("/etc/passwd") *x* $y$ ] #panic()'
    said = letters.letter(referral, meeting=None, inquiries=[], head="#panic()", address=ADDRESS.format("X"))
    assert pages(typeset("banks/referral_letter.typ", {"letters": [said]})) == 1
