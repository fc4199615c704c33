from datetime import UTC, date, datetime

import pytest
from django.test import override_settings

from iran import calendar
from iran.calendar import DateError

A_DAY = date(2022, 8, 22)  # ۳۱ مرداد ۱۴۰۱


@pytest.mark.parametrize(
    "typed", ["1401/05/31", "1401-5-31", "1401.5.31", "۱۴۰۱/۰۵/۳۱", "١٤٠١/٥/٣١", " 1401 / 5 / 31 ", "\u200e1401/05/31"]
)
def test_a_jalali_day_is_read_in_every_usual_form(typed):
    assert calendar.parse_jalali(typed) == A_DAY


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date_missing"),
        ("  ", "date_missing"),
        ("1405/04", "date_incomplete"),
        ("01/05/31", "date_incomplete"),
        ("فردا", "date_incomplete"),
        ("1401/05/311", "date_incomplete"),
        ("1405/12/30", "date_impossible"),
        ("1401/00/01", "date_impossible"),
        ("1401/13/01", "date_impossible"),
        ("1401/01/00", "date_impossible"),
        ("1401/06/32", "date_impossible"),
        ("1401/07/31", "date_impossible"),
        ("2026/03/21", "date_gregorian"),
        ("1600/01/01", "date_gregorian"),
        ("1249/12/29", "date_out_of_range"),
        ("1501/01/01", "date_out_of_range"),
        ("1599/01/01", "date_out_of_range"),
    ],
)
def test_what_is_no_jalali_day_is_refused(typed, code):
    with pytest.raises(DateError) as caught:
        calendar.parse_jalali(typed)
    assert caught.value.code == code
    assert str(caught.value)


def test_the_sentence_names_the_length_of_the_month():
    with pytest.raises(DateError) as caught:
        calendar.parse_jalali("1405/12/30")
    assert "اسفند ۱۴۰۵" in str(caught.value)
    assert "۲۹" in str(caught.value)


def test_the_first_and_the_last_year_are_read():
    assert calendar.to_jalali(calendar.parse_jalali("1250/01/01")) == (1250, 1, 1)
    assert calendar.to_jalali(calendar.parse_jalali("1500/12/29")) == (1500, 12, 29)


@pytest.mark.parametrize(("year", "leap"), [(1399, True), (1400, False), (1401, False), (1403, True), (1404, False)])
def test_esfand_has_thirty_days_in_leap_years(year, leap):
    assert calendar.is_leap(year) is leap
    assert calendar.month_length(year, 12) == (30 if leap else 29)


def test_the_leap_day_of_1403_goes_there_and_back():
    assert calendar.parse_jalali("1403/12/30") == date(2025, 3, 20)
    assert calendar.format_jalali(date(2025, 3, 20)) == "1403/12/30"
    assert calendar.format_jalali(date(2025, 3, 21)) == "1404/01/01"


def test_machines_may_send_either_calendar():
    assert calendar.parse_iso_or_jalali("2022-08-22") == A_DAY
    assert calendar.parse_iso_or_jalali("1401/05/31") == A_DAY
    assert calendar.parse_iso_or_jalali("1600-01-01") == date(1600, 1, 1)
    with pytest.raises(DateError, match="۱۲۵۰"):
        calendar.parse_iso_or_jalali("1599-01-01")
    with pytest.raises(DateError) as caught:
        calendar.parse_iso_or_jalali("2022-02-30")
    assert caught.value.code == "date_impossible"


def test_days_are_printed_for_files_and_for_people():
    assert calendar.format_jalali(A_DAY) == "1401/05/31"
    assert calendar.format_jalali_long(A_DAY) == "۳۱ مرداد ۱۴۰۱"


def test_the_week_begins_on_saturday():
    assert calendar.weekday(A_DAY) == "دوشنبه"
    assert [calendar.weekday_number(calendar.add_days(A_DAY, days)) for days in (-2, 4)] == [0, 6]
    assert calendar.weekday(calendar.add_days(A_DAY, -2)) == "شنبه"


def test_years_and_months_are_ranges_of_days():
    assert calendar.jalali_year(A_DAY) == 1401
    assert calendar.month_of(A_DAY) == (1401, 5)
    assert calendar.year_range(1401) == (date(2022, 3, 21), date(2023, 3, 20))
    assert calendar.year_range(1403) == (date(2024, 3, 20), date(2025, 3, 20))
    assert calendar.month_range(1401, 5) == (date(2022, 7, 23), A_DAY)
    assert calendar.month_range(1401, 7)[1] == calendar.parse_jalali("1401/07/30")


def test_the_months_of_a_year_follow_each_other_without_a_gap():
    months = [calendar.month_range(1403, month) for month in range(1, 13)]
    assert (months[0][0], months[-1][1]) == calendar.year_range(1403)
    assert all(calendar.add_days(a[1], 1) == b[0] for a, b in zip(months, months[1:], strict=False))


def test_moments_run_from_midnight_to_midnight_in_tehran():
    start, end = calendar.moments(A_DAY, A_DAY)
    assert start == datetime(2022, 8, 21, 19, 30, tzinfo=UTC)  # daylight saving, until 1401
    assert end == datetime(2022, 8, 22, 19, 30, tzinfo=UTC)
    assert calendar.tehran_day(start) == A_DAY
    assert calendar.tehran_day(end) == date(2022, 8, 23)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("1401/01/01", "1401/01/31", 0),
        ("1401/01/01", "1401/02/01", 1),
        ("1401/05/31", "1401/06/30", 0),
        ("1401/06/31", "1401/07/29", 0),
        ("1401/06/31", "1401/07/30", 1),
        ("1401/06/31", "1401/12/29", 6),
        ("1401/06/31", "1402/06/31", 12),
        ("1401/05/31", "1401/05/30", 0),
        ("1401/05/31", "1400/05/31", 0),
    ],
)
def test_only_whole_months_have_passed(start, end, months):
    assert calendar.months_passed(calendar.parse_jalali(start), calendar.parse_jalali(end)) == months


def test_the_demo_stands_on_a_fixed_day():
    with override_settings(PROGRAMME_TODAY="1401/05/31"):
        assert calendar.programme_today() == A_DAY


def test_today_is_the_day_in_tehran(monkeypatch):
    monkeypatch.setattr(calendar.timezone, "now", lambda: datetime(2022, 8, 22, 20, 0, tzinfo=UTC))
    with override_settings(PROGRAMME_TODAY=""):
        assert calendar.programme_today() == date(2022, 8, 23)
