"""The public page that says whether a letter is genuine, and no word more."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banks import workflow
from banks.models import Referral
from banks.tests.factories import confirmed, referred
from quotas.tests.factories import A_DAY
from tracking.letters import masked, validity

pytestmark = pytest.mark.django_db
Status = Referral.Status


def look(client, code):
    return client.get(reverse("letter-verify", args=[code]))


def test_a_genuine_letter_is_said_to_be_so_without_naming_the_person(client, settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    referral = referred(applicant__first_name="معصومه", applicant__last_name="احمدی‌نسب")
    response = look(client, referral.verification_code.lower())
    html = response.content.decode()
    applicant = referral.application.applicant
    assert response.status_code == 200
    for word in ("م*** ا***", referral.branch.bank.name, '<span class="tag t-green">معتبر</span>'):
        assert word in html
    for secret in ("معصومه", "احمدی‌نسب", applicant.national_id, applicant.mobile, referral.application.tracking_code):
        assert secret not in html
        assert secret.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) not in html


@pytest.mark.parametrize("code", ["ABCDEFGH2345", "x", "A" * 60])
def test_an_unknown_code_gets_a_page_that_says_no(client, code):
    response = look(client, code)
    assert response.status_code == 404
    assert "چنین نامه‌ای صادر نشده است" in response.content.decode()


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        (Status.ISSUED, "green"), (Status.CONFIRMED, "green"), (Status.FILE_OPENED, "green"), (Status.PAID_PARTIAL, "green"),
        (Status.PAID, "grey"), (Status.REFUSED, "grey"), (Status.RETURNED, "grey"), (Status.EXPIRED, "orange"),
        (Status.CANCELLED, "red"),
    ],
)  # fmt: skip
def test_every_state_has_its_word(status, colour):
    assert validity(Referral(status=status, valid_until=A_DAY), today=A_DAY)[1] == colour


def test_a_letter_past_its_day_is_over_unless_the_bank_took_it():
    later = A_DAY + timedelta(days=1)
    assert validity(Referral(status=Status.ISSUED, valid_until=A_DAY), today=later)[1] == "orange"
    assert validity(Referral(status=Status.CONFIRMED, valid_until=A_DAY), today=later)[1] == "green"


def test_a_letter_taken_back_is_said_to_be_void(client):
    referral = confirmed()
    workflow.cancel(referral_id=referral.pk, reason="اشتباه", by=referral.issued_by)
    assert "پس گرفته" in look(client, referral.verification_code).content.decode()


@pytest.mark.parametrize(("name", "shown"), [("مریم احمدی نسب", "م*** ا***"), ("شرکت", "ش***"), ("", "")])
def test_names_are_masked_to_their_first_letters(name, shown):
    assert masked(name) == shown
