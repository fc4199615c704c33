"""The end of letters that nobody answered: by command, by task, again and again."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from banks import expiry, tasks
from banks.models import Referral, ReferralEvent
from banks.tests.factories import bank_branch, confirmed, figures, referred
from quotas import ledger
from quotas.models import CreditPool
from quotas.tests.factories import A_DAY, ProgrammeFactory

Status = Referral.Status
LONG_AGO = A_DAY - timedelta(days=40)


@pytest.mark.django_db
def test_the_command_ends_what_is_due_and_a_second_run_finds_nothing(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    programme = ProgrammeFactory()
    branch = bank_branch(programme)
    old = [referred(programme, branch=branch, letter_on=LONG_AGO) for _ in range(3)]
    referred(programme, branch=branch)
    confirmed(programme, branch=branch, letter_on=LONG_AGO)

    found = []
    for _ in range(2):
        out = StringIO()
        call_command("expire_referrals", "--json", stdout=out)
        found.append(json.loads(out.getvalue()))

    assert found == [{"due": 3, "expired": 3, "left": 0}, {"due": 0, "expired": 0, "left": 0}]
    assert Referral.everything.filter(status=Status.EXPIRED).count() == len(old)
    assert ReferralEvent.everything.filter(to_status=Status.EXPIRED).count() == len(old)
    assert figures(CreditPool.everything.get(bank=branch.bank))[1] == 2 * old[0].amount_rial


@pytest.mark.django_db
def test_the_task_and_the_plain_command_do_the_same(settings):
    settings.PROGRAMME_TODAY = "1401/05/31"
    referral = referred(letter_on=LONG_AGO)
    tasks.expire_referrals()
    referral.refresh_from_db()
    assert referral.status == Status.EXPIRED
    out = StringIO()
    call_command("expire_referrals", stdout=out)
    assert out.getvalue().startswith("0 of 0")


@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_is_left_for_the_next_run():
    referral = referred(letter_on=LONG_AGO)
    holder = connections["default"].copy()
    holder.ensure_connection()
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM quotas_creditpool FOR UPDATE")
            with connections["default"].cursor() as own:
                own.execute("SET lock_timeout = '200ms'")
            assert expiry.expire_due(today=A_DAY) == {"due": 1, "expired": 0, "left": 1}
            cursor.execute("ROLLBACK")
    finally:
        holder.close()
        connections["default"].close()
    assert expiry.expire_due(today=A_DAY) == {"due": 1, "expired": 1, "left": 0}
    referral.refresh_from_db()
    assert referral.status == Status.EXPIRED


@pytest.mark.django_db
def test_a_run_that_is_killed_leaves_nothing_half_written(monkeypatch):
    referral = referred(letter_on=LONG_AGO)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "release", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        expiry.expire_due(today=A_DAY)
    referral.refresh_from_db()
    assert referral.status == Status.ISSUED
