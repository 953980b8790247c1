"""A date is understood the way it was meant, or the person is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui.clock import (
    Clock,
    FixedClock,
    Order,
    SystemClock,
    add_months,
    date_parser,
    day_of_month,
    parse_date,
)
from artui.errors import BadInput

WEDNESDAY = date(2013, 1, 30)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_a_fixed_clock_stands_still() -> None:
    clock: Clock = FixedClock(WEDNESDAY)
    assert clock.today() == WEDNESDAY
    assert clock.now() == datetime(2013, 1, 30, 12, tzinfo=UTC)


def test_the_system_clock_gives_an_instant_with_its_zone() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs((clock.today() - clock.now().date()).days) <= 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("t", "2013-01-30"),
        ("+7", "2013-02-06"),
        ("-1", "2013-01-29"),
        ("+2w", "2013-02-13"),
        ("-1m", "2012-12-30"),
        ("+1m", "2013-02-28"),
        ("+1y", "2014-01-30"),
        ("eom", "2013-01-31"),
        ("EOM-1", "2012-12-31"),
        ("eom+1", "2013-02-28"),
        ("fri", "2013-02-01"),
        ("f", "2013-02-01"),
        ("w", "2013-02-06"),
        ("th", "2013-01-31"),
        ("tu", "2013-02-05"),
        ("sa", "2013-02-02"),
        ("Sunday", "2013-02-03"),
        ("m", "2013-02-04"),
    ],
)
def test_a_date_can_be_said_from_today(text: str, meant: str) -> None:
    assert parse_date(text, WEDNESDAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "order", "meant"),
    [
        ("2013-02-01", None, "2013-02-01"),
        ("2013-02-01", "dmy", "2013-02-01"),
        ("20130201", None, "2013-02-01"),
        ("2013/2/1", "mdy", "2013-02-01"),
        ("2/1/2013", "mdy", "2013-02-01"),
        ("2/1/2013", "dmy", "2013-01-02"),
        ("1. 2. 2013", "dmy", "2013-02-01"),
        ("13-2-1", "ymd", "2013-02-01"),
        ("2/1/13", "mdy", "2013-02-01"),
        ("31/12/69", "dmy", "1969-12-31"),
        ("31/12/68", "dmy", "2068-12-31"),
        ("25/12/2013", None, "2013-12-25"),
        ("12/25/2013", None, "2013-12-25"),
        ("2/2/2013", None, "2013-02-02"),
        ("1 Feb 2013", None, "2013-02-01"),
        ("Feb 1, 2013", None, "2013-02-01"),
        ("1-FEB-13", None, "2013-02-01"),
        ("Sept 5th 2013", None, "2013-09-05"),
        ("2013-02-01 00:00:00", None, "2013-02-01"),
        ("2013-02-01T10:00:00.123+02:00", None, "2013-02-01"),
        ("2/1/2013 12:00:00 AM", "mdy", "2013-02-01"),
    ],
)
def test_a_written_date_is_read_in_its_order(text: str, order: Order | None, meant: str) -> None:
    assert parse_date(text, WEDNESDAY, order) == date.fromisoformat(meant)
    assert date_parser(order)(text) == date.fromisoformat(meant)


@pytest.mark.parametrize("text", ["2/1/2013", "1.2.2013", "1-2-13", "25/12/13"])
def test_two_readings_are_refused_with_the_option_that_decides(text: str) -> None:
    with pytest.raises(BadInput, match=r"can mean .* or .*--date-order"):
        parse_date(text, WEDNESDAY)


@pytest.mark.parametrize(
    "text", ["2013-02-29", "30 Feb 2013", "31/4/2013", "2013-13-01", "2013-00-10", "0/1/2013", "20130230"]
)
def test_a_day_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="there is no month|has no day"):
        parse_date(text, WEDNESDAY, "dmy")


@pytest.mark.parametrize("text", ["1899-12-31", "2201-01-01", "0000-00-00", "99999999", "+99999y", "-99999"])
def test_years_outside_the_books_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="1900 to 2200"):
        parse_date(text, WEDNESDAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "s",
        "x",
        "41306",
        "1/2",
        "1/2/3/4",
        "1/2/013",
        "2013-02-01T25:00",
        "２０１３-02-01",
        "Ma 1 2013",
    ]
    + ["1 1 1 1", "2013--02-01", "2013-02-01 and more", "1e3", "\x1b[2J", "9" * 100_000],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_date(text, WEDNESDAY, "dmy")
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 150


def test_a_file_holds_no_dates_seen_from_today() -> None:
    for text in ("t", "+7", "eom", "fri"):
        with pytest.raises(BadInput):
            date_parser("dmy")(text)


@given(DAYS)
def test_every_day_is_read_back_however_it_was_written(day: date) -> None:
    assert parse_date(day.isoformat(), WEDNESDAY) == day
    assert date_parser(None)(f"{day.day} {day:%B} {day.year}") == day
    assert date_parser("mdy")(f"{day.month}/{day.day}/{day.year}") == day
    assert date_parser("dmy")(f"{day.day:02}.{day.month:02}.{day.year}") == day


@given(st.text(max_size=20), st.sampled_from([None, "dmy", "mdy", "ymd"]))
def test_any_text_is_a_date_or_refused_in_words(text: str, order: Order | None) -> None:
    try:
        assert 1900 <= parse_date(text, WEDNESDAY, order).year <= 2200
    except BadInput as refusal:
        assert refusal.hint


@given(DAYS, st.sampled_from(["m", "tu", "w", "th", "f", "sa", "su"]))
def test_a_weekday_is_within_the_coming_seven_days(today: date, name: str) -> None:
    if today.year < 2200:
        found = parse_date(name, today)
        assert timedelta(1) <= found - today <= timedelta(7)
        assert found.strftime("%A").lower().startswith(name)


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [("2012-01-31", 1, "2012-02-29"), ("2013-01-31", 1, "2013-02-28"), ("2013-03-31", -13, "2012-02-29")],
)
def test_months_end_where_they_end(day: str, months: int, reached: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(reached)


@given(DAYS, st.integers(-600, 600))
def test_moving_by_months_changes_the_month_by_exactly_that(day: date, months: int) -> None:
    reached = add_months(day, months)
    assert (reached.year - day.year) * 12 + reached.month - day.month == months
    assert reached.day == day.day or reached == day_of_month(reached.year, reached.month, 31)
