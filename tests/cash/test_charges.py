"""Late interest and fixed sums: the formula, what splits a span, and that no day is charged twice."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artui.cash import charge_rules, charges
from artui.cash.charges import Charge
from artui.cash.interest import Profile, Rate, segments, total
from artui.errors import ArtuiError, BadInput, Refused
from artui.ledger import posting
from artui.ledger.items import items
from tests.books import TODAY, Books
from tests.cash.till import left

DUE = date(2026, 5, 1)
TEN = Profile("X", "ten percent", Decimal(10))


def new_key() -> str:
    return str(uuid.uuid4())


def test_ten_thousand_at_ten_percent_for_forty_five_days() -> None:
    """Domain example: 2 % + 8 points, actual/365; 10 000 x 10 % x 45 / 365 = 123.2877."""
    eu = Profile("EU-B2B", "", Decimal(8), "ECB", rates=(Rate(date(2026, 1, 1), Decimal(2)),))
    parts = segments(DUE, Decimal(10000), (), DUE, DUE + timedelta(45), eu)
    assert (len(parts), parts[0].days, total(parts, "EUR")) == (1, 45, Decimal("123.29"))
    by_360 = Profile("X", "", Decimal(10), year_days=360)
    assert total(segments(DUE, Decimal(10000), (), DUE, DUE + timedelta(45), by_360), "EUR") == 125


def test_a_part_payment_splits_the_span_after_its_day() -> None:
    parts = segments(DUE, Decimal(1000), [(DUE + timedelta(10), Decimal(400))], DUE, DUE + timedelta(30), TEN)
    assert [(part.days, part.principal) for part in parts] == [(10, 1000), (20, 600)]
    before = segments(DUE, Decimal(1000), [(DUE - timedelta(3), Decimal(400)), (DUE, Decimal(100))], DUE, DUE + timedelta(3), TEN)
    assert [(part.days, part.principal) for part in before] == [(3, 500)]
    assert segments(DUE, Decimal(1000), [(DUE, Decimal(1000))], DUE, DUE + timedelta(9), TEN) == ()


def test_a_rate_change_splits_it_where_the_profile_floats_and_not_where_it_is_fixed() -> None:
    rates = (Rate(date(2026, 1, 1), Decimal(2)), Rate(date(2026, 5, 11), Decimal(4)))
    floating = segments(DUE, Decimal(1000), (), DUE, DUE + timedelta(20), Profile("X", "", Decimal(8), "R", rates=rates))
    assert [(part.days, part.percent) for part in floating] == [(9, 10), (11, 12)]
    fixed = segments(DUE, Decimal(1000), (), DUE, DUE + timedelta(20), Profile("X", "", Decimal(8), "R", floats=False, rates=rates))
    assert [(part.days, part.percent) for part in fixed] == [(20, 10)]
    with pytest.raises(BadInput, match="reference rate R of 2 May 2026 is not known"):
        segments(DUE, Decimal(1000), (), DUE, DUE + timedelta(2), Profile("X", "", Decimal(8), "R", rates=rates[1:]))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**7), st.lists(st.tuples(st.integers(-20, 80), st.integers(1, 10**6)), max_size=5), st.integers(0, 70), st.integers(0, 70))
def test_charging_in_two_goes_is_charging_in_one(cents: int, paid: list[tuple[int, int]], one: int, two: int) -> None:
    payments = [(DUE + timedelta(day), Decimal(minor) / 100) for day, minor in paid]
    owed, (cut, end) = Decimal(cents) / 100, sorted((one, two))
    rates = (Rate(date(2020, 1, 1), Decimal(1)), Rate(DUE + timedelta(33), Decimal(3)))
    profile = Profile("X", "", Decimal(8), "R", rates=rates)
    whole = segments(DUE, owed, payments, DUE, DUE + timedelta(end), profile)
    halves = segments(DUE, owed, payments, DUE, DUE + timedelta(cut), profile) + segments(DUE, owed, payments, DUE + timedelta(cut + 1), DUE + timedelta(end), profile)
    daily = Decimal(0)
    for day in range(1, end + 1):
        principal = max(owed - sum((amount for on, amount in payments if on < DUE + timedelta(day)), Decimal(0)), Decimal(0))
        daily += principal * profile.percent_on(DUE + timedelta(day)) / 36500
    assert abs(sum((part.interest for part in whole), Decimal(0)) - daily) < Decimal("1e-15")
    assert abs(sum((part.interest for part in halves), Decimal(0)) - daily) < Decimal("1e-15")


@pytest.fixture(scope="module")
def europe(module_books: Books) -> Books:
    marta = module_books.session("viktor")
    charge_rules.set_reference_rate(marta, "ECB", date(2026, 1, 1), Decimal(2), "as in the example")
    return module_books


def owe(books: Books, account: str, amount: str, due: date = DUE, **more: object) -> str:
    number = f"{account}-1"
    books.post("invoice", number=number, customer=account, customer_name=account, create_customer=True, date="2026-04-01", due=due.isoformat(),
               amount=amount, currency="EUR", **more)  # fmt: skip
    charge_rules.assign_profile(books.session("marta"), account, "EU-B2B")
    return number


def asked(books: Books, account: str, as_of: date | None = None) -> list[Charge]:
    return list(charges.proposals(books.session("jana"), account=account, as_of=as_of).proposed)


def test_a_proposal_becomes_an_open_item_of_its_own_and_is_not_proposed_again(europe: Books) -> None:
    owe(europe, "C100", "10000")
    found = asked(europe, "C100")
    assert [(one.what, one.amount, one.first, one.last) for one in found] == [
        ("interest", Decimal("123.29"), date(2026, 5, 2), TODAY), ("fixed_sum", 40, date(2026, 5, 2), date(2026, 5, 2))]  # fmt: skip
    assert found[0].words == "C100-1: 45 d at 10 % on 10 000.00"
    key = new_key()
    assert [charges.post_charge(europe.session("jana"), key, found[0]).status for _ in range(2)] == ["posted", "exists"]
    posted = charges.post_charge(europe.session("jana"), new_key(), found[1])
    shown = {item.kind: item.open for item in items(europe.session("jana"), "customer", "C100")}
    assert shown["charge"] in (Decimal("123.29"), Decimal(40)) and asked(europe, "C100") == []
    lines = europe.query("SELECT l.gl, l.amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = %s ORDER BY l.line", posted.document)
    assert lines == [("1100", 4000), ("4110", -4000)]
    with pytest.raises(Refused, match="Interest of C100-1 was already charged as CHG-.* by jana for 2 May 2026 to 15 Jun 2026") as again:
        charges.post_charge(europe.session("karla"), new_key(), found[0])
    assert again.value.code == "AR009"
    europe.tie()


def test_interest_stays_after_the_principal_is_paid_and_ends_on_the_day_of_payment(europe: Books) -> None:
    number = owe(europe, "C110", "10000")
    europe.post("receipt", customer="C110", date="2026-05-11", amount="4000", currency="EUR", allocate=[{"document": number, "amount": "4000"}])
    europe.post("receipt", number="C110-R", customer="C110", date="2026-05-21", amount="6000", currency="EUR")
    europe.post("allocation", moves=[{"from": "C110-R", "to": number, "amount": "6000"}])  # allocated today, received in May
    interest = asked(europe, "C110")[0]
    assert [(part.days, part.principal) for part in interest.segments] == [(10, 10000), (10, 6000)]
    assert interest.amount == Decimal("43.84") and interest.last == date(2026, 5, 21)
    assert left(europe, number) == [0]


def test_money_that_bounced_stops_no_interest(europe: Books) -> None:
    number = owe(europe, "C120", "1000")
    europe.post("receipt", number="C120-R", customer="C120", date="2026-05-02", amount="1000", currency="EUR", allocate=[{"document": number, "amount": "1000"}])
    europe.post("reversal", document="C120-R", reason="nsf", date="2026-05-10")
    assert asked(europe, "C120")[0].amount == Decimal("12.33")


def test_only_days_after_the_last_charge_are_charged(europe: Books) -> None:
    owe(europe, "C130", "10000")
    first = asked(europe, "C130", date(2026, 5, 31))
    assert first[0].last == date(2026, 5, 31) and first[0].amount == Decimal("82.19")
    keys = [new_key() for _ in first]
    assert [charges.post_charge(europe.session("jana"), key, one).status for key, one in zip(keys, first, strict=True)] == ["posted", "posted"]
    assert [charges.post_charge(europe.session("jana"), key, one).status for key, one in zip(keys, first, strict=True)] == ["exists", "exists"]
    rest = asked(europe, "C130")
    assert [(one.first, one.last, one.amount) for one in rest] == [(date(2026, 6, 1), TODAY, Decimal("41.10"))]
    for one in first:
        with pytest.raises(Refused) as refusal:
            charges.post_charge(europe.session("karla"), new_key(), one)
        assert refusal.value.code == "AR009"


def test_what_is_disputed_bears_no_interest(europe: Books) -> None:
    number = owe(europe, "C140", "10000")
    europe.post("dispute", document=number, amount="9000", reason="damage")
    assert asked(europe, "C140")[0].amount == Decimal("12.33")


def test_waiving_takes_a_right_and_a_limit_and_is_for_good(europe: Books) -> None:
    owe(europe, "C150", "10000")
    interest, fixed = asked(europe, "C150")
    for login in ("jana", "petr"):
        with pytest.raises(ArtuiError) as refused:
            charges.waive(europe.session(login), new_key(), fixed, "goodwill")
        assert refused.value.code == "42501"
    with pytest.raises(ArtuiError, match="above what marta may waive"):
        charges.waive(europe.session("marta"), new_key(), interest, "goodwill")
    with pytest.raises(ArtuiError, match="needs a reason"):
        charges.waive(europe.session("marta"), new_key(), fixed, " ")
    charges.waive(europe.session("marta"), new_key(), fixed, "goodwill")
    assert [one.what for one in asked(europe, "C150")] == ["interest"]
    posted = charges.post_charge(europe.session("jana"), new_key(), interest)
    key = new_key()
    assert [charges.waive_posted(europe.session("viktor"), key, str(posted.document), "settled").status for _ in range(2)] == ["posted", "exists"]
    assert left(europe, str(posted.document)) == [0] and asked(europe, "C150") == []
    with pytest.raises(ArtuiError, match="not a charge that stands"):
        charges.waive_posted(europe.session("viktor"), new_key(), str(posted.document), "again")
    europe.tie()


def test_reversing_a_charge_frees_its_days(europe: Books) -> None:
    owe(europe, "C160", "10000")
    interest = asked(europe, "C160")[0]
    posted = charges.post_charge(europe.session("jana"), new_key(), interest)
    back = posting.post(europe.session("jana"), {"id": new_key(), "kind": "reversal", "document": posted.document, "reason": "error"})
    assert asked(europe, "C160")[0] == interest
    posting.post(europe.session("jana"), {"id": new_key(), "kind": "reversal", "document": back.document, "reason": "error"})
    assert [one.what for one in asked(europe, "C160")] == ["fixed_sum"]


def test_of_eight_who_charge_the_same_days_one_does(europe: Books) -> None:
    owe(europe, "C170", "10000")
    interest = asked(europe, "C170")[0]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: _charge_alone(europe, interest), range(8)))
    assert sorted(outcomes) == ["AR009"] * 7 + ["posted"]


def _charge_alone(books: Books, charge: Charge) -> str:
    alone = Books(books.server, books.name)
    try:
        return charges.post_charge(alone.session("jana"), new_key(), charge).status
    except ArtuiError as error:
        return error.code
    finally:
        alone.session("jana").close()


def test_the_fixed_sum_is_once_an_invoice_and_in_its_own_currency(europe: Books) -> None:
    owe(europe, "C180", "300", terms={"parts": [{"percent_of_total": "50", "rule": [{"days": 10}]}, {"rest": True, "rule": [{"days": 20}]}]}, instalments=[{"due": "2026-05-01", "amount": "150"}, {"due": "2026-05-11", "amount": "150"}])
    assert [one.what for one in asked(europe, "C180")] == ["interest", "fixed_sum", "interest"]
    europe.post("invoice", number="C181-1", customer="C181", customer_name="C181", create_customer=True, date="2026-04-01", due="2026-05-01", amount="1000", currency="USD")
    charge_rules.assign_profile(europe.session("marta"), "C181", "EU-B2B")
    assert [one.what for one in asked(europe, "C181")] == ["interest"]


def test_without_a_profile_nothing_is_proposed_and_a_missing_rate_is_named(europe: Books) -> None:
    europe.post("invoice", number="C190-1", customer="C190", customer_name="C190", create_customer=True, date="2026-04-01", due="2026-05-01", amount="1000")
    assert asked(europe, "C190") == []
    owe(europe, "C191", "1000", due=date(2025, 12, 30), posting_date="2026-04-01")
    found = charges.proposals(europe.session("jana"), account="C191")
    assert found.proposed == () and "ECB of 31 Dec 2025 is not known" in found.unworked[0].reason
    with pytest.raises(ArtuiError):
        charge_rules.set_reference_rate(europe.session("jana"), "ECB", date(2020, 1, 1), Decimal(1), "x")
    with pytest.raises(BadInput, match="needs its source"):
        charge_rules.set_reference_rate(europe.session("viktor"), "ECB", date(2020, 1, 1), Decimal(1), " ")


def test_all_accounts_at_once(europe: Books) -> None:
    found = charges.proposals(europe.session("jana"))
    assert {one.account for one in found.proposed} >= {"C110", "C120", "C140"} and {one.account for one in found.unworked} == {"C191"}
