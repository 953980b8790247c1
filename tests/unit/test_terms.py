"""Payment terms give the days and amounts that were agreed, to the last cent."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui.errors import BadInput
from artui.ledger.due_rule import Step, due_date
from artui.ledger.terms import (
    Discount,
    Part,
    Terms,
    discount_of,
    discount_until,
    earned_discount,
    parse_terms,
    schedule,
)
from artui.money import from_minor

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
STEPS = st.one_of(
    st.builds(Step, st.just("days"), st.integers(0, 400)),
    st.builds(Step, st.just("months"), st.integers(0, 24)),
    st.builds(Step, st.sampled_from(["day", "next_day"]), st.integers(1, 31)),
    st.just(Step("end_of_month", 1)),
)
RULES = st.lists(STEPS, max_size=5).map(tuple)
PERCENT = st.decimals("0.01", 33, places=2)
SHARES = st.lists(
    st.one_of(
        st.builds(Part, st.sampled_from(["percent_of_total", "percent_of_rest"]), PERCENT, RULES),
        st.builds(Part, st.just("amount"), st.decimals("0.01", 99999, places=2), RULES),
    ),
    max_size=3,
)
DISCOUNTS = st.none() | st.builds(
    Discount, st.sampled_from(["percent", "amount"]), PERCENT, st.integers(0, 90)
)
TERMS = st.builds(
    lambda shares, rule, discount: Terms((*shares, Part("rest", Decimal(0), rule)), discount),
    SHARES,
    RULES,
    DISCOUNTS,
)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


def _rows(terms: Any, on: str, amount: str, currency: str = "USD") -> list[tuple[str, str]]:
    rows = schedule(parse_terms(terms), date.fromisoformat(on), Decimal(amount), currency)
    return [(row.due.isoformat(), str(row.amount)) for row in rows]


@given(TERMS, DAYS, st.integers(-(10**12), 10**12), CURRENCIES)
def test_instalments_add_up_whatever_the_terms(terms: Terms, on: date, minor: int, currency: str) -> None:
    total = from_minor(minor, currency)
    rows = schedule(terms, on, total, currency)
    assert sum(row.amount for row in rows) == total
    assert all(row.amount * total > 0 for row in rows) or (total == 0 and len(rows) == 1)
    assert all(row.due >= on for row in rows)
    assert [row.due for row in rows] == sorted(row.due for row in rows)


@given(TERMS, DAYS, st.integers(0, 10**12))
def test_a_credit_note_mirrors_its_invoice(terms: Terms, on: date, minor: int) -> None:
    total = from_minor(minor, "USD")
    mirrored = [(row.due, -row.amount) for row in schedule(terms, on, -total, "USD")]
    assert mirrored == [(row.due, row.amount) for row in schedule(terms, on, total, "USD")]


@pytest.mark.parametrize("written", [None, "[]", '[{"days": 30}]', '{"note": "discount"}', '{"discount": {"percent": "x", "days": 10}}', '{"discount": 2}', '"discount"'])
def test_terms_that_promise_nothing_or_cannot_be_read_give_no_discount(written: str | None) -> None:
    assert discount_of(written, date(2026, 6, 1), date(2026, 6, 2), Decimal(100), "USD") == (0, None)


@given(RULES, DAYS, DAYS)
def test_a_later_document_is_never_due_earlier(rule: tuple[Step, ...], one: date, other: date) -> None:
    first, second = sorted((one, other))
    if any(step.kind == "day" for step in rule):
        return
    assert due_date(rule, first) <= due_date(rule, second)


@given(TERMS, DAYS, st.integers(-30, 120), st.integers(-(10**9), 10**9))
def test_a_discount_never_exceeds_the_amount(terms: Terms, on: date, after: int, minor: int) -> None:
    amount = from_minor(minor, "USD")
    earned = earned_discount(terms, on, on + timedelta(after), amount, "USD")
    assert abs(earned) <= abs(amount) and earned * amount >= 0
    until = discount_until(terms, on)
    assert earned == 0 or (until is not None and on + timedelta(after) <= until)


@pytest.mark.parametrize(
    ("rule", "on", "due"),
    [
        ([], "2026-03-02", "2026-03-02"),
        ([{"days": 30}], "2026-03-02", "2026-04-01"),
        ([{"months": 1}], "2026-01-31", "2026-02-28"),
        ([{"months": 2}, {"day": 15}, {"days": 30}], "2011-10-01", "2012-01-14"),
        ([{"months": 2}, {"day": 15}], "2011-10-20", "2011-12-15"),
        ([{"day": 15}], "2026-03-10", "2026-03-15"),
        ([{"day": 15}], "2026-03-20", "2026-04-15"),
        ([{"months": 1}, {"day": 1}], "2026-01-31", "2026-02-01"),
        ([{"day": 31}], "2026-02-10", "2026-02-28"),
        ([{"days": 31}, {"next_day": 15}], "2019-01-31", "2019-03-15"),
        ([{"next_day": 15}], "2026-03-15", "2026-03-15"),
        ([{"next_day": 31}], "2026-12-31", "2026-12-31"),
        ([{"next_day": 30}], "2026-01-31", "2026-02-28"),
        ([{"end_of_month": True}, {"days": 10}], "2026-01-05", "2026-02-10"),
        ([{"days": 10}, {"end_of_month": True}], "2026-01-25", "2026-02-28"),
    ],
)
def test_steps_are_taken_in_the_order_written(rule: list[object], on: str, due: str) -> None:
    assert _rows(rule, on, "100.00") == [(due, "100.00")]
    assert _rows(json.dumps(rule), on, "100.00") == [(due, "100.00")]


def test_the_last_part_takes_the_rounding() -> None:
    thirds = {"parts": [{"percent_of_total": "33.33", "rule": [{"months": n}]} for n in (1, 2, 3)]}
    assert _rows(thirds, "2026-01-01", "100.00") == [
        ("2026-02-01", "33.33"),
        ("2026-03-01", "33.33"),
        ("2026-04-01", "33.34"),
    ]
    assert [amount for _, amount in _rows(thirds, "2026-01-01", "-100", "JPY")] == ["-33", "-33", "-34"]


def test_a_small_document_leaves_nothing_for_the_later_parts() -> None:
    terms = [{"amount": "396.84", "rule": []}, {"rest": True, "rule": [{"days": 30}]}]
    assert _rows(terms, "2026-01-01", "100.00") == [("2026-01-01", "100.00")]
    assert _rows(terms, "2026-01-01", "400.00") == [("2026-01-01", "396.84"), ("2026-01-31", "3.16")]
    assert _rows(terms, "2026-01-01", "0.00") == [("2026-01-31", "0.00")]


def test_fixed_parts_that_miss_the_total_are_refused() -> None:
    terms = [{"amount": "100", "rule": []}, {"amount": "100", "rule": [{"days": 30}]}]
    assert len(_rows(terms, "2026-01-01", "200.00")) == 2
    with pytest.raises(BadInput, match=r"50\.00 USD"):
        _rows(terms, "2026-01-01", "250.00")


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ("30 days", "JSON"),
        ('"30"', "list or an object"),
        ([{"days": 30, "months": 1}], "Step 1"),
        ([{"days": 30}, {"weeks": 2}], "Step 2"),
        ([{"days": -1}], "Step 1: days"),
        ([{"days": 1.5}], "Step 1: days"),
        ([{"days": True}], "Step 1: days"),
        ([{"days": 10**9}], "Step 1: days"),
        ([{"day": 0}], "Step 1: day"),
        ([{"next_day": 32}], "Step 1: next_day"),
        ([{"end_of_month": False}], "end_of_month"),
        ([{"days": 1}] * 13, "at most 12"),
        ({"parts": [], "rule": []}, "either"),
        ({"rule": [], "extra": 1}, "extra"),
        ({"parts": []}, "1 to 120"),
        ({"parts": [{"rest": True, "rule": [{"x": 1}]}]}, "Part 1: Step 1"),
        ([{"rest": True, "rule": []}, {"percent_of_total": 5, "rule": []}], "last part"),
        ([{"percent_of_total": 60, "rule": []}, {"percent_of_total": 60, "rule": []}], "more than"),
        ([{"percent_of_total": 80, "rule": []}], "leave 20 %"),
        ([{"percent_of_total": 80, "percent_of_rest": 20, "rule": []}], "Part 1"),
        ([{"rest": 1, "rule": []}], "rest"),
        ([{"amount": "-5", "rule": []}], "amount"),
        ([{"amount": "1e3", "rule": []}], "amount"),
        ([{"percent_of_total": "101", "rule": []}], "percentage"),
        ({"rule": [], "discount": {"percent": 2}}, "discount"),
        ({"rule": [], "discount": {"percent": float("nan"), "days": 10}}, "percent"),
        ({"rule": [], "discount": []}, "discount"),
        ("[" * 100_000, "JSON"),
        ('[{"days": ' + "9" * 5000 + "}]", "JSON"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused_by_name(terms: Any, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        parse_terms(terms)


def test_a_discount_is_earned_up_to_and_on_its_last_day() -> None:
    terms = parse_terms({"rule": [{"days": 30}], "discount": {"percent": 2.5, "days": 10}})
    on = date(2026, 3, 2)
    assert discount_until(terms, on) == date(2026, 3, 12)
    for paid, earned in (("2026-02-20", "2.50"), ("2026-03-12", "2.50"), ("2026-03-13", "0.00")):
        assert str(earned_discount(terms, on, date.fromisoformat(paid), Decimal(100), "USD")) == earned
    assert discount_until(parse_terms([]), on) is None


def test_a_fixed_discount_stops_at_the_amount() -> None:
    terms = parse_terms({"rule": [], "discount": {"amount": "5", "days": 10}})
    on = date(2026, 3, 2)
    assert earned_discount(terms, on, on, Decimal("3.00"), "USD") == 3
    assert earned_discount(terms, on, on, Decimal("-30.00"), "USD") == -5


def _cases(shared: Path, topic: str) -> list[dict[str, Any]]:
    path = shared / "cases/scenarios/peer_cases.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["topic"] == topic]


WORDED = {
    "immediate": [],
    "45 days after end of invoice month": [{"end_of_month": True}, {"days": 45}],
    "at least 31 days on, then the next 15th": [{"days": 31}, {"next_day": 15}],
    "last day of the invoice month": [{"end_of_month": True}],
    "first of next month": [{"months": 1}, {"day": 1}],
}


def _peer_part(part: dict[str, Any], fixed: str) -> dict[str, Any]:
    names = (("months", "months"), ("day_of_month", "day"), ("days", "days"), ("then_days", "days"))
    rule = [{ours: part[theirs]} for theirs, ours in names if theirs in part]
    if part["part"] == "rest":
        return {"rest": True, "rule": rule}
    if part["part"] == "fixed":
        return {"amount": fixed, "rule": rule}
    percent, _, base = part["part"].partition("% of ")
    return {f"percent_of_{base}": percent, "rule": rule}


def test_other_systems_due_dates_and_instalments_come_out_the_same(shared: Path) -> None:
    cases = _cases(shared, "payment terms")
    assert len(cases) >= 2
    for case in cases:
        for step in case["steps"]:
            if step["do"] == "due_date":
                [(due, _)] = _rows(WORDED[step["terms"]], step["invoice_date"], "100.00")
                assert due == step["then"]["due"], step
            else:
                parts = [_peer_part(part, case["given"]["fixed"]) for part in case["given"]["terms"]]
                rows = _rows({"parts": parts}, step["date"], step["amount"])
                assert rows == [tuple(row) for row in step["then"]["rows"]]


def test_other_systems_discounts_come_out_the_same(shared: Path) -> None:
    for case in _cases(shared, "discount"):
        invoice, step = case["given"]["invoices"][0], case["steps"][0]
        offer = invoice["discount"]
        terms = parse_terms(
            {"rule": [], "discount": {"percent": offer["percent"], "days": offer["within_days"]}}
        )
        on, amount = date.fromisoformat(invoice["date"]), Decimal(invoice["amount"])
        if step["do"] == "discount_until":
            assert discount_until(terms, on) == date.fromisoformat(step["then"]["date"])
        else:
            paid_on, then = date.fromisoformat(step["as_of"]), step["then"]
            earned = earned_discount(terms, on, paid_on, amount, "USD")
            assert str(earned) == then["discount"]
            assert amount - earned == Decimal(then["amount_to_pay"])
