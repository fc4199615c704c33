"""The people of the demo: one for every role. They exist nowhere else, and all share one published password."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.hashers import check_password

from accounts.models import Bank, County, ExecutiveAgency, RoleAssignment, User
from accounts.roles import Role

PASSWORD = "karafarin1401"


@dataclass(frozen=True)
class DemoUser:
    username: str
    first_name: str
    last_name: str
    position: str
    role: str
    bank: str = ""
    agency: str = ""


OFFICE = (
    DemoUser("head", "احمد", "زارع‌پور", "رئیس اداره", Role.OFFICE_HEAD),
    DemoUser("expert", "سمیه", "رستمی", "کارشناس اشتغال", Role.OFFICE),
    DemoUser("member", "رضا", "جعفری", "عضو کارگروه", Role.GROUP_MEMBER),
    DemoUser("operator", "نرگس", "شریفی", "کارشناس تماس", Role.OPERATOR),
    DemoUser("inspector", "علی", "مرادی", "ناظر میدانی", Role.INSPECTOR),
    DemoUser("supervisor", "حسن", "یزدانی", "ناظر استانی", Role.SUPERVISOR),
    DemoUser("admin", "مهدی", "فلاح", "راهبر سامانه", Role.ADMIN),
)
BANKS = (
    DemoUser("bank_mehr", "ناهید", "مرادی", "کارشناس تسهیلات", Role.BANK_OFFICER, bank="mehr"),
    DemoUser("bank_tavon", "حسین", "احمدی", "کارشناس تسهیلات", Role.BANK_OFFICER, bank="tavon"),
    DemoUser("bank_post", "زهرا", "قاسمی", "کارشناس تسهیلات", Role.BANK_OFFICER, bank="post"),
    DemoUser("bank_refah", "محسن", "کریمی", "کارشناس تسهیلات", Role.BANK_OFFICER, bank="refah"),
    DemoUser("bank_melli", "فاطمه", "حیدری", "کارشناس تسهیلات", Role.BANK_OFFICER, bank="melli"),
)


def everyone(agencies: list[ExecutiveAgency]) -> list[DemoUser]:
    """The whole cast; every agency has a person of its own."""
    of_agencies = [
        DemoUser(
            f"agency_{agency.code}", "کاربر", agency.name, "کارشناس اشتغال دستگاه", Role.AGENCY_USER, agency=agency.code
        )
        for agency in agencies
    ]
    return [*OFFICE, *BANKS, *of_agencies]


def people_here() -> list[DemoUser]:
    """Those of the cast that exist in this database; none where somebody else's users have the same names."""
    first = User.objects.filter(username=OFFICE[0].username).first()
    if first is None or not _has_published_password(first.password):
        return []
    present = set(User.objects.values_list("username", flat=True))
    return [person for person in everyone(list(ExecutiveAgency.objects.order_by("pk"))) if person.username in present]


@lru_cache(maxsize=4)
def _has_published_password(encoded: str) -> bool:
    """Once per process: finding out takes as long as signing in."""
    return check_password(PASSWORD, encoded)


def make_users(county: County) -> dict[str, User]:
    """Create the cast with its roles; gives the users by name."""
    agencies = {agency.code: agency for agency in county.agencies.order_by("pk")}
    banks = {bank.code: bank for bank in Bank.objects.all()}
    made = {}
    for person in everyone(list(agencies.values())):
        user = User.objects.create_user(
            person.username,
            PASSWORD,
            first_name=person.first_name,
            last_name=person.last_name,
            position=person.position,
        )
        RoleAssignment.everything.create(
            user=user,
            role=person.role,
            county=county if person.role != Role.ADMIN else None,
            bank=banks.get(person.bank),
            agency=agencies.get(person.agency),
        )
        made[person.username] = user
    return made
