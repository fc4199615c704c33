"""People and bodies for tests. Every county is its own world; a user is made with his role."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Bank, Branch, County, ExecutiveAgency, RoleAssignment, User
from accounts.roles import Role

PASSWORD = "a long test password"


class CountyFactory(DjangoModelFactory):
    class Meta:
        model = County

    code = factory.Sequence(lambda n: f"county-{n}")
    name = "ابرکوه"
    province = "یزد"


class ExecutiveAgencyFactory(DjangoModelFactory):
    class Meta:
        model = ExecutiveAgency

    county = factory.SubFactory(CountyFactory)
    code = factory.Sequence(lambda n: f"agency-{n}")
    name = factory.Sequence(lambda n: f"دستگاه {n}")


class BankFactory(DjangoModelFactory):
    class Meta:
        model = Bank

    code = factory.Sequence(lambda n: f"bank-{n}")
    name = factory.Sequence(lambda n: f"بانک {n}")


class BranchFactory(DjangoModelFactory):
    class Meta:
        model = Branch

    bank = factory.SubFactory(BankFactory)
    county = factory.SubFactory(CountyFactory)
    code = factory.Sequence(str)
    name = "شعبه ابرکوه"


class UserFactory(DjangoModelFactory):
    """A person; ``UserFactory(role=Role.OFFICE, county=c)`` gives him that role. Signs in by ``force_login``."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = "سمیه"
    last_name = factory.Sequence(lambda n: f"رستمی {n}")

    @classmethod
    def _create(
        cls, model_class, *args, role=None, county=None, agency=None, bank=None, branch=None, ends_on=None, **fields
    ):
        user = model_class(**fields)
        user.set_unusable_password()
        user.save()
        if role is not None:
            RoleAssignment.everything.create(
                user=user,
                role=role,
                county=county if role not in (Role.BANK_OFFICER, Role.AGENCY_USER, Role.ADMIN) else None,
                agency=agency,
                bank=branch.bank if branch is not None else bank,
                branch=branch,
                ends_on=ends_on,
            )
        return user
