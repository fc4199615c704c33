"""Referrals for tests: approved names with credit, ready for a bank, referred."""

import itertools
from datetime import timedelta

from accounts.models import Branch
from accounts.tests.factories import BankFactory, BranchFactory, UserFactory
from applicants.models import Application
from applicants.tests.factories import ApplicationFactory
from banks import workflow
from banks.models import Referral
from quotas import ledger
from quotas.models import AgentBank, CreditPool, Programme
from quotas.tests.factories import A_DAY, ProgrammeFactory, pool_with

_numbers = itertools.count(1200)


def bank_branch(programme: Programme, *, rial: int = 100_000_000_000, **fields) -> Branch:
    """A branch of a new agent bank with a share of the credit (``rial=0``: none)."""
    branch = BranchFactory(bank=fields.pop("bank", None) or BankFactory(), county=programme.county, **fields)
    if rial:
        pool_with(programme, rial, bank=branch.bank)
    else:
        AgentBank.objects.get_or_create(programme=programme, bank=branch.bank)
    return branch


def approved(
    programme: Programme, *, branch: Branch | None = None, amount_rial: int = 300_000_000, rank: int = 1, **fields
) -> Application:
    """A name as a signed meeting leaves it: approved, ranked, its credit held in the branch's bank's pool (if any)."""
    application = ApplicationFactory(
        programme=programme,
        status=Application.Status.APPROVED,
        requested_rial=amount_rial,
        approved_rial=amount_rial,
        rank=rank,
        wished_bank=branch.bank if branch else None,
        **fields,
    )
    pool = CreditPool.everything.filter(programme=programme, bank=branch.bank if branch else None).first()
    if pool is not None:
        ledger.approve(pool, application_id=application.pk, amount_rial=amount_rial, by=UserFactory())
    return application


def referred(
    programme: Programme | None = None, *, branch: Branch | None = None, by=None, letter_on=A_DAY, **fields
) -> Referral:
    """An issued referral, made by the real workflow."""
    programme = programme or ProgrammeFactory()
    branch = branch or bank_branch(programme)
    application = approved(programme, branch=branch, **fields)
    return workflow.refer(
        application_id=application.pk,
        branch_id=branch.pk,
        letter_number=f"1401/{next(_numbers)}",
        letter_on=letter_on,
        passed_over_reason="به درخواست کارگروه",
        by=by or UserFactory(),
        today=letter_on,
    )


def confirmed(programme: Programme | None = None, *, payable_rial: int | None = None, **fields) -> Referral:
    referral = referred(programme, **fields)
    payable_rial = payable_rial or referral.amount_rial
    return workflow.confirm(referral_id=referral.pk, payable_rial=payable_rial, reason="سقف شعبه", by=UserFactory())


def figures(pool: CreditPool) -> tuple[int, int, int]:
    """Approved, referred and paid of a pool, as they stand in the database."""
    pool.refresh_from_db()
    return pool.approved_rial, pool.referred_rial, pool.paid_rial


A_WEEK = timedelta(days=7)
