"""What is keyed in means one thing, or the person is asked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui import entry, money
from artui.errors import BadInput

FRIDAY = date(2026, 11, 20)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)
DAYS = st.dates(date(1970, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", "12.00"), ("12.5", "12.50"), ("12,5", "12.50"), ("12k", "12000.00"), ("1.5k", "1500.00"), ("2m", "2000000.00"), ("-12k", "-12000.00"),
        ("1.5*800", "1200.00"), ("1.5 * 800", "1200.00"), ("100/3", "33.33"), ("2/3", "0.67"), ("100+20-5.5", "114.50"), ("100-20*2", "60.00"),
        ("-5+3", "-2.00"), ("1 234,56", "1234.56"), ("1,234.56", "1234.56"), ("12.50 CR", "-12.50"), ("12.50-", "-12.50"), ("(7)", "-7.00"),
        ("$1,234.56", "1234.56"), ("-0", "0.00"), (".5", "0.50"), ("1 000*2", "2000.00"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_short_as_it_is_thought(typed: str, meant: str) -> None:
    assert entry.amount(typed, "USD") == Decimal(meant)
    assert money.plain(entry.amount(typed, "USD"), "USD") == meant


@pytest.mark.parametrize(
    "typed",
    ["", "x", "1e5", "--5", "5½", "12,34.56", "1,234", "1.234", "12,34.56*2", "0.001", "5/0", "2026-11-20", "20/11/2026", "1*", "*2", "€5", "EUR 5", "k", "9" * 20, "1.5*-2", "1,2,3k"],
)
def test_what_is_no_amount_or_could_be_two_is_refused_in_one_sentence_without_options_of_a_command(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        entry.amount(typed, "USD")
    assert "--" not in refused.value.hint
    assert refused.value.message.endswith(".")


def test_a_currency_without_cents_takes_none_and_a_known_mark_decides() -> None:
    assert entry.amount("1.5k", "JPY") == 1500
    with pytest.raises(BadInput):
        entry.amount("1.5", "JPY")
    assert entry.amount("1,234", "USD", decimal=".") == 1234
    assert entry.amount("1,234", "KWD", decimal=",") == Decimal("1.234")


def test_every_hostile_amount_is_read_or_refused_as_stated(shared: Path) -> None:
    for case in json.loads((shared / "cases/hostile/amounts_some.json").read_text(encoding="utf-8"))["cases"]:
        text, value = case["text"], case.get("value")
        currency = "CZK" if "Kč" in text else "PHP" if "PHP" in text else "USD"
        if value is None or text == "12,34.56":  # a file may say how it groups; at the keyboard this is a slip
            with pytest.raises(BadInput):
                entry.amount(text, currency)
        else:
            assert entry.amount(text, currency) == Decimal(value), text


@given(AMOUNTS)
def test_what_is_written_back_is_read_again(amount: Decimal) -> None:
    assert entry.amount(money.display(amount, "USD"), "USD") == amount
    assert entry.amount(f"{amount:f}", "USD") == amount


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 999)), max_size=4), st.integers(1, 999))
def test_a_small_sum_is_what_a_calculator_says(steps: list[tuple[str, int]], first: int) -> None:
    text = str(first) + "".join(f"{operator}{number}" for operator, number in steps)
    expected = eval(text)
    if steps and abs(expected) < 10**12:
        try:
            assert entry.amount(text, "USD") == expected
        except BadInput:
            assert entry._LIKE_A_DATE.fullmatch(text)


@given(st.text(max_size=30))
def test_nothing_typed_breaks_it(text: str) -> None:
    for read in (lambda: entry.amount(text, "USD"), lambda: entry.day(text, FRIDAY)):
        try:
            read()
        except BadInput as refusal:
            assert refusal.message


@pytest.mark.parametrize(
    ("typed", "ahead", "behind"),
    [
        ("t", "2026-11-20", "2026-11-20"), ("+7", "2026-11-27", "2026-11-27"), ("-3", "2026-11-17", "2026-11-17"),
        ("eom", "2026-11-30", "2026-11-30"), ("bom", "2026-11-01", "2026-11-01"), ("bom+1", "2026-12-01", "2026-12-01"),
        ("f", "2026-11-27", "2026-11-20"), ("m", "2026-11-23", "2026-11-16"), ("th", "2026-11-26", "2026-11-19"), ("su", "2026-11-22", "2026-11-15"),
        ("27", "2026-11-27", "2026-10-27"), ("20", "2026-11-20", "2026-11-20"), ("5", "2026-12-05", "2026-11-05"), ("31", "2026-12-31", "2026-10-31"),
        ("27.11", "2026-11-27", "2025-11-27"), ("27.11.", "2026-11-27", "2025-11-27"), ("1.2", "2027-02-01", "2026-02-01"),
        ("11/27", "2026-11-27", "2025-11-27"), ("2026-11-27", "2026-11-27", "2026-11-27"), ("27 Nov 2026", "2026-11-27", "2026-11-27"),
        ("Fri 27 Nov 2026", "2026-11-27", "2026-11-27"), ("29.2", "2028-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_short_as_it_is_thought(typed: str, ahead: str, behind: str) -> None:
    assert entry.day(typed, FRIDAY).isoformat() == ahead
    assert entry.day(typed, FRIDAY, past=True).isoformat() == behind


@pytest.mark.parametrize("typed", ["", "0", "32", "s", "4/5", "30.2", "x", "45.1", "5.13", "99999999"])
def test_what_is_no_day_or_could_be_two_is_refused_without_options_of_a_command(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        entry.day(typed, FRIDAY)
    assert "--" not in refused.value.hint


@given(DAYS, st.integers(1, 28), st.booleans())
def test_a_day_of_the_month_is_the_nearest_on_its_side(today: date, number: int, past: bool) -> None:
    found = entry.day(str(number), today, past=past)
    assert found.day == number
    assert timedelta(0) <= (today - found if past else found - today) <= timedelta(31)


@given(DAYS, st.sampled_from(["m", "tu", "w", "th", "f", "sa", "su"]))
def test_a_weekday_is_within_the_week(today: date, word: str) -> None:
    assert timedelta(1) <= entry.day(word, today) - today <= timedelta(7)
    assert timedelta(0) <= today - entry.day(word, today, past=True) <= timedelta(6)
