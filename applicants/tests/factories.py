"""Applicants and applications for tests, with invented national IDs that pass their check digit."""

import factory
from factory.django import DjangoModelFactory

from accounts.tests.factories import ExecutiveAgencyFactory
from applicants.models import Applicant, Application, BusinessLine, Inquiry
from applicants.workflow import new_tracking_code
from quotas.models import Track
from quotas.tests.factories import A_DAY, ProgrammeFactory


def national_id(number: int) -> str:
    """The ``number``-th invented national ID."""
    digits = f"99{number % 10_000_000:07d}"
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return digits + str(remainder if remainder < 2 else 11 - remainder)


class ApplicantFactory(DjangoModelFactory):
    class Meta:
        model = Applicant

    national_id = factory.Sequence(lambda n: national_id(n + 1_000_001))
    first_name = "مریم"
    last_name = factory.Sequence(lambda n: f"احمدی {n}")
    mobile = factory.Sequence(lambda n: f"0990{n % 10_000_000:07d}")


class BusinessLineFactory(DjangoModelFactory):
    class Meta:
        model = BusinessLine

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"گلیم‌بافی {n}")


class ApplicationFactory(DjangoModelFactory):
    """An application as registered; states are reached through workflows, or given for tests of rules."""

    class Meta:
        model = Application

    class Params:
        supporter = factory.Trait(track=Track.SUPPORTER, promised_jobs=5, requested_rial=2_000_000_000)

    programme = factory.SubFactory(ProgrammeFactory)
    applicant = factory.SubFactory(ApplicantFactory)
    agency = factory.SubFactory(ExecutiveAgencyFactory, county=factory.SelfAttribute("..programme.county"))
    track = Track.INDEPENDENT
    line = factory.SubFactory(BusinessLineFactory, programme=factory.SelfAttribute("..programme"))
    promised_jobs = 1
    requested_rial = 300_000_000
    tracking_code = factory.LazyFunction(lambda: new_tracking_code(1401))


class InquiryFactory(DjangoModelFactory):
    class Meta:
        model = Inquiry

    application = factory.SubFactory(ApplicationFactory)
    kind = "bounced_cheque"
    asked_on = A_DAY
