from datetime import UTC, date, datetime

import pytest
from django.contrib.admin import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import DateField, DateTimeField
from django.utils.translation import override

from iran.filters import JalaliMonthListFilter


class Rows:
    """A queryset that only remembers how it was filtered and answers its two ends."""

    def __init__(self, first=None, last=None):
        self.ends, self.filtered = {"first": first, "last": last}, None

    def order_by(self):
        return self

    def aggregate(self, **expressions):
        assert set(expressions) == {"first", "last"}
        return self.ends

    def filter(self, **conditions):
        self.filtered = conditions
        return self


class Page:
    def __init__(self, rows):
        self.root_queryset = rows

    def get_query_string(self, new=None, remove=None):
        return f"?{new or remove}"


def a_filter(field, chosen=None):
    field.verbose_name = "paid on"
    params = {"jalali-referral-paid_on": [chosen]} if chosen else {}
    return JalaliMonthListFilter(field, None, params, None, None, field_path="referral__paid_on")


def test_a_path_gives_what_the_admin_takes():
    assert JalaliMonthListFilter("paid_on") == ("paid_on", JalaliMonthListFilter)
    assert issubclass(JalaliMonthListFilter, FieldListFilter)


@pytest.mark.parametrize(
    ("chosen", "first", "last"),
    [("1401", date(2022, 3, 21), date(2023, 3, 20)), ("1401-05", date(2022, 7, 23), date(2022, 8, 22))],
)
def test_days_are_filtered_by_a_range(chosen, first, last):
    rows = a_filter(DateField(), chosen).queryset(None, Rows())
    assert rows.filtered == {"referral__paid_on__range": (first, last)}


def test_moments_are_filtered_from_midnight_in_tehran():
    rows = a_filter(DateTimeField(), "1403-01").queryset(None, Rows())
    assert rows.filtered == {
        "referral__paid_on__gte": datetime(2024, 3, 19, 20, 30, tzinfo=UTC),
        "referral__paid_on__lt": datetime(2024, 4, 19, 20, 30, tzinfo=UTC),
    }


def test_nothing_chosen_filters_nothing():
    rows = Rows()
    assert a_filter(DateField()).queryset(None, rows) is rows
    assert rows.filtered is None
    assert a_filter(DateField()).has_output()


@pytest.mark.parametrize("chosen", ["x", "1401-13", "1249", "2022", "1401-5", "0000"])
def test_a_spoilt_address_is_refused(chosen):
    with pytest.raises(IncorrectLookupParameters):
        a_filter(DateField(), chosen)


def test_years_run_from_the_last_to_the_first_row_and_the_chosen_one_opens():
    page = Page(Rows(date(2022, 3, 20), date(2023, 3, 21)))  # ۱۴۰۰ to ۱۴۰۲
    with override("en"):
        closed = [str(choice["display"]) for choice in a_filter(DateField()).choices(page)]
    assert closed == ["All", "۱۴۰۲", "۱۴۰۱", "۱۴۰۰"]
    opened = list(a_filter(DateField(), "1401-05").choices(page))
    assert len(opened) == 4 + 12
    assert [choice["display"] for choice in opened if choice["selected"]] == ["مرداد ۱۴۰۱"]
    year = list(a_filter(DateField(), "1401").choices(page))
    assert [choice["display"] for choice in year if choice["selected"]] == ["۱۴۰۱"]


def test_the_first_and_last_moment_count_by_their_day_in_tehran():
    moment = datetime(2023, 3, 20, 21, 0, tzinfo=UTC)  # already ۱ فروردین ۱۴۰۲ in Tehran
    choices = list(a_filter(DateTimeField()).choices(Page(Rows(moment, moment))))
    assert [choice["display"] for choice in choices[1:]] == ["۱۴۰۲"]


def test_an_empty_table_offers_no_year():
    assert len(list(a_filter(DateField()).choices(Page(Rows())))) == 1
