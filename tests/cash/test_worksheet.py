"""The apply grid: every option of a row and of the sheet, and what holds after any sequence of them."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artui.cash.payable import Rules
from artui.cash.proposal import propose
from artui.cash.worksheet import REASONS, Mark, Several, Typed, Worksheet
from artui.errors import ArtuiError, BadInput, Refused
from tests.cash.plain import DAY, credit, item, paid

ITEMS = (item(1, "100", due=-40), item(2, "250.50", due=-20, discount="5.01", until=DAY), item(3, "900", due=10))


def sheet(amount: str, **more: object) -> Worksheet:
    return Worksheet(Decimal(amount), "USD", ITEMS, (credit(9, "60"), credit(10, "21")), small=Decimal(5), **more)


def cash(one: Worksheet) -> dict[int, Decimal]:
    return {key: mark.cash for key, mark in one.marks.items()}


def test_full_pays_all_and_is_refused_when_the_money_does_not_reach() -> None:
    one = sheet("1000").full(1).full(3)
    assert cash(one) == {1: 100, 3: 900} and one.remaining == 0 and one.ready and not one.why_not()
    with pytest.raises(Refused, match=r"INV-1003 needs USD 900.00; USD 400.00 remains"):
        sheet("500").full(1).full(3)
    with pytest.raises(Refused, match="Nothing is left of INV-1001"):
        sheet("500").full(1).full(1)


def test_part_takes_an_amount_or_what_remains_and_can_be_typed_again() -> None:
    one = sheet("1000").full(1).part(3)
    assert one.remaining == 0 and cash(one)[3] == 900
    again = sheet("1000").part(3, Decimal(10)).part(3, Decimal(20))
    assert cash(again) == {3: 20} and again.why_not().startswith("USD 980.00 remains")
    with pytest.raises(Refused, match="only USD 900.00 open"):
        sheet("1000").part(3, Decimal("900.01"))
    with pytest.raises(BadInput):
        sheet("1000").part(3, Decimal("0.001"))


def test_adjust_lets_a_small_rest_go_and_not_a_larger_one() -> None:
    one = sheet("97").adjust(1)
    assert one.mark(1) == Mark(Decimal(97), difference=Decimal(3)) and one.rest(1) == 0 and one.remaining == 0
    with pytest.raises(Refused, match="more than the small difference"):
        sheet("94.99").adjust(1)


def test_discount_is_what_paying_today_earns() -> None:
    one = sheet("245.49").discount(2)
    assert (one.mark(2), one.remaining, one.rest(2), one.discounts) == (Mark(Decimal("245.49"), Decimal("5.01")), 0, 0, Decimal("5.01"))
    ended = replace(sheet("245.49"), items=(item(2, "250.50", until=DAY),))
    with pytest.raises(Refused, match="ended on 15 Jun 2026"):
        ended.discount(2)
    with pytest.raises(Refused, match="was never offered"):
        sheet("900").discount(3)


def test_older_credits_help_oldest_first_and_no_more_than_they_hold() -> None:
    one = sheet("19").use_credit(1).full(1)
    assert [(use.credit, use.amount) for use in one.uses] == [(9, 60), (10, 21)]
    assert (one.rest(1), one.remaining, one.credit_left(9)) == (0, 0, 0)
    named = sheet("100").use_credit(1, 10, Decimal(20))
    assert named.credit_left(10) == 1 and named.rest(1) == 80
    with pytest.raises(Refused, match="more than is left"):
        named.use_credit(1, 10, Decimal(2))
    with pytest.raises(Refused, match="No credit is left"):
        one.use_credit(3)


def test_a_short_payment_disputes_the_rest_with_a_reason() -> None:
    one = sheet("80").short(1, "damage")
    assert one.mark(1) == Mark(Decimal(80), dispute=Decimal(20), reason="damage") and one.ready
    assert one.use_credit(1, 10, Decimal(15)).mark(1).dispute == 5, "what a credit pays is not disputed any more"
    with pytest.raises(BadInput, match="no reason"):
        sheet("80").short(1, "whim")


def test_oldest_first_and_the_rest_on_account() -> None:
    one = sheet("400").oldest()
    assert cash(one) == {1: 100, 2: Decimal("250.50"), 3: Decimal("49.50")} and one.ready
    rich = sheet("2000").oldest()
    assert rich.remaining == Decimal("749.50") and not rich.ready and rich.leave_on_account().ready
    assert not rich.leave_on_account().clear(1).ready, "a change asks again"


def test_oldest_first_costs_first_where_that_is_the_rule() -> None:
    rows = (item(1, "10000", due=-45), item(2, "123.29", nature="interest"), item(3, "40", nature="cost"))
    one = Worksheet(Decimal(1000), "USD", rows, rules=Rules(order="costs_first")).oldest()
    assert cash(one) == {3: 40, 2: Decimal("123.29"), 1: Decimal("836.71")}


def test_a_combination_is_found_and_several_are_a_question() -> None:
    assert cash(sheet("1000").find()) == {1: 100, 3: 900}
    assert cash(sheet("1150.50").full(3).find()) == {3: 900, 2: Decimal("250.50")}
    twins = replace(sheet("100"), items=(*ITEMS, item(4, "100")))
    with pytest.raises(Several) as asked:
        twins.find()
    assert asked.value.choices == ((1,), (4,))
    with pytest.raises(Refused, match="No combination"):
        sheet("7").find()


def test_several_rows_in_one_pass() -> None:
    ran = sheet("1000").run([Typed("x", 1), Typed("P", 2, Decimal(50)), Typed("p", 3)])
    assert ran.refusal is None and cash(ran.sheet) == {1: 100, 2: 50, 3: 850}
    stopped = sheet("1000").run([Typed("X", 1), Typed("X", 3), Typed("X", 2), Typed("U")])
    assert cash(stopped.sheet) == {1: 100, 3: 900} and [one.item for one in stopped.left] == [2, None]
    assert isinstance(stopped.refusal, Refused)
    assert cash(sheet("1000").run([Typed("-", 2)]).sheet) == {1: 100, 3: 900}
    assert cash(sheet("1250.50").run([Typed("R", 1), Typed("R", 3)]).sheet) == {1: 100, 2: Decimal("250.50"), 3: 900}
    for wrong in (Typed("Q", 1), Typed("X"), Typed("R", 1)):
        assert isinstance(sheet("1").run([wrong]).refusal, BadInput)


def test_a_proposal_is_accepted_and_one_for_another_amount_is_not() -> None:
    said = propose(paid("919"), ITEMS, sheet("1").credits)
    one = sheet("919").accept(said)
    assert one.ready and one.applied + one.remaining == 919
    more = propose(paid("2000"), ITEMS, ())
    assert sheet("2000").accept(more).ready and not sheet("2000").fill(more).ready, "the rest is said to stay on account, not assumed"
    with pytest.raises(ArtuiError):
        sheet("5").accept(said)


def test_fifty_invoices_oldest_first_are_one_option() -> None:
    rows = tuple(item(n, "20", due=n) for n in range(50))
    one = Worksheet(Decimal(1000), "USD", rows).run([Typed("O")]).sheet
    assert len(one.marks) == 50 and one.ready


def test_ten_thousand_rows_are_marked_in_one_go() -> None:
    rows = tuple(item(n, f"{n % 97 + 1}.07", due=n % 300) for n in range(10_000))
    start = time.process_time()
    one = Worksheet(sum((row.open for row in rows), Decimal(0)), "USD", rows)
    assert one.oldest().ready and one.all_but([]).ready and one.span(0, 9999).ready
    assert time.process_time() - start < 1.5


typed = st.builds(
    Typed, st.sampled_from(["X", "P", "A", "D", "C", "S", "-", "R", "O", "=", "U", " "]), st.one_of(st.none(), st.integers(1, 6)),
    st.one_of(st.none(), st.integers(-100, 90000).map(lambda cents: Decimal(cents) / 100)), st.sampled_from(["", *REASONS]), st.one_of(st.none(), st.integers(8, 11)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 200000), st.lists(typed, max_size=12))
def test_of_every_sequence_of_options(cents: int, options: list[Typed]) -> None:
    one = sheet(str(Decimal(cents) / 100))
    left = list(options)
    while left:
        ran = one.run(left)
        one, left = ran.sheet, list(ran.left[1:])
        assert one.remaining >= 0 and one.applied + one.remaining == one.amount
        settled = sum((row.open - one.rest(row.key) for row in ITEMS), Decimal(0))
        given_away = one.discounts + sum((mark.difference for mark in one.marks.values()), Decimal(0))
        assert one.remaining + settled - given_away - sum((use.amount for use in one.uses), Decimal(0)) == one.amount
        for row in ITEMS:
            mark = one.mark(row.key)
            assert 0 <= mark.dispute <= one.rest(row.key) <= row.open
            assert min(mark.cash, mark.discount, mark.difference) >= 0 and mark.difference <= one.small and mark.discount <= row.discount
        assert all(one.credit_left(old.key) >= 0 for old in one.credits)
        assert one.ready == (one.remaining == 0 or one.rest_on_account)
