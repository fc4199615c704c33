from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

A_DAY = date(2022, 8, 22)  # ۳۱ مرداد ۱۴۰۱
A_MOMENT = datetime(2022, 8, 22, 5, 12, tzinfo=UTC)


def shown(value, name: str) -> str:
    return Template("{% load iran %}{{ value|" + name + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("fa", 1401, "۱۴۰۱"),
        ("fa", "1401/٠٥ الف", "۱۴۰۱/۰۵ الف"),
        ("fa", Decimal("31.70"), "۳۱٫۷"),
        ("fa", Decimal("30"), "۳۰"),
        ("fa", 0.5, "۰٫۵"),
        ("fa", 0, "۰"),
        ("fa", A_DAY, "۱۴۰۱/۰۵/۳۱"),
        ("fa", A_MOMENT, "۳۱ مرداد ۱۴۰۱، ساعت ۹:۴۲"),
        ("fa", "<b>1</b>", "&lt;b&gt;۱&lt;/b&gt;"),
        ("group_fa", 1219, "۱٬۲۱۹"),
        ("group_fa", -1219, "منفی ۱٬۲۱۹"),
        ("rial", 82_480_000_000, "۸۲٬۴۸۰٬۰۰۰٬۰۰۰ ریال"),
        ("million_rial", 82_480_000_000, "۸۲٬۴۸۰"),
        ("toman", 82_480_000_000, "۸ میلیارد و ۲۴۸ میلیون تومان"),
        ("jalali", A_DAY, "۱۴۰۱/۰۵/۳۱"),
        ("jalali", datetime(2022, 8, 21, 20, tzinfo=UTC), "۱۴۰۱/۰۵/۳۱"),
        ("jalali_long", A_DAY, "۳۱ مرداد ۱۴۰۱"),
        ("jalali_datetime", A_MOMENT, "۳۱ مرداد ۱۴۰۱، ساعت ۹:۴۲"),
        ("percent_fa", Decimal("31.7"), "۳۱٫۷ درصد"),
        ("percent_fa", Decimal("32.0"), "۳۲ درصد"),
        ("percent_fa", 32, "۳۲ درصد"),
        ("masked_national_id", "1234567890", "۱۲۳***۷۸۹۰"),
    ],
)
def test_people_read_persian(name, value, text):
    assert shown(value, name) == text


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize(
    "name",
    ["fa", "group_fa", "rial", "million_rial", "toman", "jalali", "jalali_long", "jalali_datetime", "percent_fa",
     "masked_national_id"],
)  # fmt: skip
def test_nothing_is_shown_as_a_dash(name, nothing):
    assert shown(nothing, name) == "—"
