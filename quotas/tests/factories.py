"""Programmes, their rules and their credit for tests. Amounts in rial."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.tests.factories import CountyFactory, ExecutiveAgencyFactory, UserFactory
from quotas.models import (
    AgentBank,
    CreditPool,
    JobPlanMonth,
    JobQuota,
    JobQuotaNotice,
    LoanTerm,
    Programme,
    RankingCriterion,
    RequiredInquiry,
    Track,
)
from quotas.workflow import record_notice

A_DAY = date(2022, 8, 22)  # 31 Mordad 1401


class LoanTermFactory(DjangoModelFactory):
    class Meta:
        model = LoanTerm

    track = Track.INDEPENDENT
    ceiling_rial = 1_000_000_000
    per_job_rial = 1_000_000_000
    min_jobs, max_jobs = 1, 5
    fee_percent = Decimal("4")


class ProgrammeFactory(DjangoModelFactory):
    """A programme of 1401 with the terms of both tracks."""

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    county = factory.SubFactory(CountyFactory)
    year = 1401
    opens_on = date(2022, 3, 21)
    closes_on = date(2023, 7, 22)

    @factory.post_generation
    def terms(self, create, extracted, **kwargs):
        LoanTermFactory(programme=self)
        LoanTermFactory(programme=self, track=Track.SUPPORTER, ceiling_rial=20_000_000_000, min_jobs=5, max_jobs=20)


class RequiredInquiryFactory(DjangoModelFactory):
    class Meta:
        model = RequiredInquiry

    track = Track.INDEPENDENT
    kind = "bounced_cheque"
    validity_days = 30


class RankingCriterionFactory(DjangoModelFactory):
    class Meta:
        model = RankingCriterion

    trait = RankingCriterion.Trait.JOBS
    points = 2


class AgentBankFactory(DjangoModelFactory):
    class Meta:
        model = AgentBank


class JobQuotaFactory(DjangoModelFactory):
    """``JobQuotaFactory(jobs=120)``: owed in the year, planned evenly over the months."""

    class Meta:
        model = JobQuota
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    agency = factory.SubFactory(ExecutiveAgencyFactory)

    @factory.post_generation
    def jobs(self, create, extracted, **kwargs):
        if extracted is not None:
            JobQuotaNotice.objects.create(quota=self, jobs=extracted, effective_on=self.programme.opens_on)
            for month in range(1, 13):
                JobPlanMonth.objects.create(quota=self, month=month, jobs=extracted // 12)


def pool_with(programme: Programme, rial: int, *, bank=None, by=None) -> CreditPool:
    """A pool that a notice has filled; the bank becomes an agent bank of the programme."""
    if bank is not None:
        AgentBank.objects.get_or_create(programme=programme, bank=bank)
    number = f"notice-{programme.credit_notices.count() + 1}"
    record_notice(
        programme_id=programme.pk,
        letter_number=number,
        dated_on=programme.opens_on,
        shares={bank.pk if bank is not None else None: rial},
        by=by or UserFactory(),
    )
    return CreditPool.everything.get(programme=programme, bank=bank)
