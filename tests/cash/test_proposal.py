"""What a payment is for: each try, its confidence and its reason; and what must hold of every proposal."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artui.cash.combinations import search
from artui.cash.proposal import Confidence, Earlier, Expected, Payable, Proposal, Rules, propose
from artui.cash.remittance import named
from artui.errors import BadInput
from tests.cash.plain import DAY, credit, item, paid

THREE = [item(1, "100", due=-40), item(2, "250.50", due=-20), item(3, "900", due=10)]


def lines(proposal: Proposal) -> dict[str, str]:
    return {line.document: f"{line.apply:f}" for line in proposal.lines}


def test_documents_named_in_the_text_with_their_exact_sum_are_certain() -> None:
    said = propose(paid("1000", text="pmt INV1001 & inv 1003 thank you"), THREE)
    assert (said.confidence, lines(said), said.left) == (Confidence.CERTAIN, {"INV-1001": "100.00", "INV-1003": "900.00"}, 0)
    assert "named in the payment" in said.reason


def test_what_is_named_and_does_not_add_up_is_only_likely() -> None:
    short = propose(paid("80", text="INV-1001"), THREE)
    assert (short.confidence, lines(short)) == (Confidence.LIKELY, {"INV-1001": "80.00"})
    assert "short by USD 20.00" in short.reason
    over = propose(paid("120", text="INV-1001"), THREE)
    assert (over.confidence, lines(over), over.left) == (Confidence.LIKELY, {"INV-1001": "100.00"}, 20)


def test_a_named_credit_note_is_taken_off_what_is_named() -> None:
    said = propose(paid("879", text="INV-1003 less CRN-1009"), THREE, [credit(9, "21")])
    assert (said.confidence, lines(said)) == (Confidence.CERTAIN, {"INV-1003": "879.00"})
    assert [(use.credit_document, use.document, use.amount) for use in said.uses] == [("CRN-1009", "INV-1003", 21)]


def test_a_number_of_no_open_invoice_takes_the_certainty_away() -> None:
    assert propose(paid("250.50"), THREE).confidence is Confidence.CERTAIN
    doubtful = propose(paid("250.50", text="INV-0007"), THREE)
    assert doubtful.confidence is Confidence.LIKELY and "INV 0007" in doubtful.reason


@pytest.mark.parametrize(("text", "found"), [
    ("INV-20881", ("INV-20881",)), ("inv 20881, 20882", ("INV-20881", "INV-20882")), ("RF INV/20881 PAID", ("INV-20881",)), ("00020882", ("INV-20882",)),
    ("thanks 208", ()), ("20881/2026", ("INV-20881",)), ("XINV20881", ("INV-20881",)), ("2088 1", ()),
])  # fmt: skip
def test_numbers_are_found_as_payers_write_them(text: str, found: tuple[str, ...]) -> None:
    assert named(text, ["INV-20881", "INV-20882"]).documents == found


def test_last_digits_that_two_documents_share_name_neither() -> None:
    assert named("20881", ["A-20881", "B-20881"]).documents == ()


def test_one_item_of_the_amount_is_certain_and_two_are_a_question() -> None:
    one = propose(paid("250.50"), THREE)
    assert (one.confidence, lines(one)) == (Confidence.CERTAIN, {"INV-1002": "250.50"})
    two = propose(paid("100"), [*THREE, item(4, "100")])
    assert (two.confidence, two.lines, two.left) == (Confidence.ASK, (), 100)
    assert [lines(choice) for choice in two.choices] == [{"INV-1001": "100.00"}, {"INV-1004": "100.00"}]


def test_one_item_that_also_equals_a_pair_is_not_certain() -> None:
    said = propose(paid("300"), [item(1, "100"), item(2, "200"), item(3, "300"), item(4, "1")])
    assert (said.confidence, lines(said)) == (Confidence.LIKELY, {"INV-1003": "300.00"})
    assert [lines(choice) for choice in said.choices] == [{"INV-1001": "100.00", "INV-1002": "200.00"}]


def test_a_promise_of_the_amount_is_proposed_and_contradicted_by_another_item() -> None:
    promise = Expected("promise of 1 Jun", Decimal(350), (2, 1))
    kept = propose(paid("350"), THREE, expected=[promise])
    assert (kept.confidence, lines(kept)) == (Confidence.LIKELY, {"INV-1001": "100.00", "INV-1002": "250.00"})
    asked = propose(paid("350"), [*THREE, item(4, "350")], expected=[promise])
    assert asked.confidence is Confidence.ASK and len(asked.choices) == 2


def test_the_due_balance_and_the_statement() -> None:
    due = propose(paid("350.50"), THREE)
    assert lines(due) == {"INV-1001": "100.00", "INV-1002": "250.50"} and "everything due" in due.reason
    four = [*THREE, item(4, "5", due=40)]
    told = propose(paid("1250.50"), four, statement_on=DAY)
    assert told.fills and "statement of 15 Jun 2026" in told.reason and len(told.lines) == 3


def test_the_whole_balance_less_the_credits() -> None:
    said = propose(paid("1200.50"), THREE, [credit(9, "50")])
    assert said.fills and sum(line.apply for line in said.lines) == Decimal("1200.50")
    assert sum(use.amount for use in said.uses) == 50 and said.credit_offered == 0


def test_five_oldest_are_filled_in_and_six_are_only_offered() -> None:
    rows = [item(n, f"{100 + n * n}.{n:02}", due=n) for n in range(1, 9)]
    five = propose(paid(str(sum(row.open for row in rows[:5]))), rows)
    assert five.fills and five.reason == "exact match of the 5 oldest"
    six = propose(paid(str(sum(row.open for row in rows[:6]))), rows)
    assert not six.fills and six.confidence is Confidence.OFFERED and len(six.lines) == 6


def test_the_only_combination_is_filled_in() -> None:
    rows = [item(n, amount, due=n) for n, amount in enumerate(("11.11", "70.07", "500.03", "23.29", "41.17"), 1)]
    said = propose(paid("93.36"), rows)
    assert said.fills and lines(said) == {"INV-1002": "70.07", "INV-1004": "23.29"}


def test_discount_earned_today_is_granted() -> None:
    rows = [item(1, "1000", discount="20"), item(2, "500")]
    one = propose(paid("980"), rows)
    assert [(line.document, line.apply, line.discount) for line in one.lines] == [("INV-1001", 980, 20)]
    assert one.fills and "earned discount USD 20.00" in one.reason
    both = propose(paid("1480", text="INV-1001, INV-1002"), rows)
    assert both.confidence is Confidence.CERTAIN and sum(line.discount for line in both.lines) == 20


def test_a_tolerated_difference_is_named_and_only_on_one_item() -> None:
    said = propose(paid("99.60"), THREE, rules=Rules(tolerance=Decimal("0.50")))
    assert [(line.apply, line.difference) for line in said.lines] == [(Decimal("99.60"), Decimal("0.40"))]
    assert propose(paid("99.60"), THREE).confidence is Confidence.OFFERED


def test_one_item_less_a_credit_note() -> None:
    said = propose(paid("879"), THREE, [credit(9, "21")])
    assert said.fills and lines(said) == {"INV-1003": "879.00"} and said.uses[0].amount == 21


def test_everything_but_one() -> None:
    rows = [item(n, f"{100 * n}.{n:02}", due=n, nature="principal") for n in range(1, 31)]
    total = sum(row.open for row in rows)
    said = propose(paid(str(total - rows[17].open)), rows)
    assert len(said.lines) == 29 and "everything but INV-1018" in said.reason and said.fills


def test_oldest_first_is_offered_with_the_rest_on_account() -> None:
    said = propose(paid("120"), THREE)
    assert (said.confidence, lines(said)) == (Confidence.OFFERED, {"INV-1001": "100.00", "INV-1002": "20.00"})
    rich = propose(paid("2000"), THREE)
    assert rich.left == Decimal("749.50") and "stays on account" in rich.reason
    none = propose(paid("10"), [])
    assert (none.confidence, none.left) == (Confidence.NOTHING, 10)


def test_costs_then_interest_then_principal_is_a_setting_and_the_customers_word_wins() -> None:
    """German BGB section 367: 1 000 against costs 40, interest 123.29 and principal 10 000 leaves 9 163.29 of it."""
    rows = [item(1, "10000", due=-45), item(2, "123.29", due=0, nature="interest"), item(3, "40", due=0, nature="cost")]
    by_law = propose(paid("1000"), rows, rules=Rules(order="costs_first"))
    assert lines(by_law) == {"INV-1003": "40.00", "INV-1002": "123.29", "INV-1001": "836.71"}
    assert lines(propose(paid("1000"), rows)) == {"INV-1001": "1000.00"}
    stated = propose(paid("1000", designated=("INV-1001",)), rows, rules=Rules(order="costs_first"))
    assert lines(stated) == {"INV-1001": "1000.00"} and "as the customer says" in stated.reason


def test_a_cheque_entered_before_is_warned_of_with_the_evidence() -> None:
    before = Earlier("RCP-7", Decimal("250.50"), DAY - timedelta(90), "004417", "karla")
    said = propose(paid("250.50", instrument="4417"), THREE, earlier=[before])
    assert [one.earlier for one in said.duplicates] == [before] and said.confidence is Confidence.LIKELY
    assert said.duplicates[0].words == "004417 over USD 250.50 is already RCP-7, received 17 Mar 2026 (karla)"
    old = Earlier("RCP-7", Decimal("250.50"), DAY - timedelta(91), "004417")
    assert propose(paid("250.50", instrument="4417"), THREE, earlier=[old]).duplicates == ()
    other = Earlier("RCP-7", Decimal("250.51"), DAY, "004417")
    assert propose(paid("250.50", instrument="4417"), THREE, earlier=[other]).duplicates == ()


def test_an_amount_that_is_no_payment_is_refused() -> None:
    for amount in ("0", "-1", "0.001"):
        with pytest.raises(BadInput):
            propose(paid(amount), THREE)


amounts = st.integers(1, 4000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def payables(draw: st.DrawFn) -> list[Payable]:
    opens = draw(st.lists(amounts, max_size=9))
    return [
        item(n, str(open_), due=draw(st.integers(-60, 60)), discount=draw(st.sampled_from(["0", "0", "0.02"])) if open_ > 1 else "0",
             nature=draw(st.sampled_from(["principal", "interest", "cost"]))) for n, open_ in enumerate(opens, 1)
    ]  # fmt: skip


def check(said: Proposal, amount: Decimal, rows: list[Payable]) -> None:
    opens = {row.key: row.open for row in rows}
    assert sum(line.apply for line in said.lines) + said.left == amount and said.left >= 0
    closed: dict[int, Decimal] = {}
    for line in said.lines:
        assert line.apply > 0 or line.discount > 0
        closed[line.item] = closed.get(line.item, Decimal(0)) + line.apply + line.discount + line.difference
    for use in said.uses:
        closed[use.item] = closed.get(use.item, Decimal(0)) + use.amount
    assert all(closed[key] <= opens[key] for key in closed)
    assert len({line.item for line in said.lines}) == len(said.lines)
    assert said.reason and (said.fills or said.confidence in (Confidence.ASK, Confidence.OFFERED, Confidence.NOTHING))
    for choice in said.choices:
        check(choice, amount, rows)


@settings(max_examples=150, deadline=None)
@given(payables(), amounts, st.lists(amounts, max_size=2), st.randoms(use_true_random=False), st.sampled_from(["oldest", "costs_first"]), st.data())
def test_of_every_proposal(rows, amount, owed_back, chance, order, data) -> None:
    if rows and data.draw(st.booleans()):
        amount = sum(data.draw(st.lists(st.sampled_from([row.open for row in rows]), min_size=1, max_size=4)), Decimal(0))
    back = [credit(50 + n, str(one)) for n, one in enumerate(owed_back)]
    rules = Rules(order=order, tolerance=Decimal("0.05"))
    said = propose(paid(str(amount)), rows, back, rules=rules)
    check(said, amount, rows)
    spent: dict[int, Decimal] = {}
    for use in said.uses:
        spent[use.credit] = spent.get(use.credit, Decimal(0)) + use.amount
    assert all(spent[one.key] <= one.open for one in back if one.key in spent)
    chance.shuffle(rows), chance.shuffle(back)
    assert propose(paid(str(amount)), rows, back, rules=rules) == said, "the order of the rows does not matter"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 60), max_size=10), st.integers(1, 200))
def test_a_search_finds_sets_that_add_up_and_knows_when_there_is_no_other(values: list[int], target: int) -> None:
    every = set()
    for mask in range(1, 2 ** len(values)):
        places = tuple(place for place in range(len(values)) if mask >> place & 1)
        if sum(values[place] for place in places) == target:
            every.add(places)
    found = search(values, target, seconds=5)
    assert set(found.sets) <= every and len(set(found.sets)) == len(found.sets)
    assert bool(found.sets) == bool(every)
    if found.complete:
        assert set(found.sets) == every


@pytest.mark.parametrize("amount", ["12345.67", "0.01", "99999999.99", "5000050.00"])
def test_ten_thousand_open_items_take_no_longer_than_a_blink(amount: str) -> None:
    rows = [item(n, f"{n * 7 % 4999 + 1}.{n % 100:02}", due=n % 300 - 150) for n in range(10_000)]
    start = time.process_time()
    said = propose(paid(amount, text="INV-1007 and INV-1008 " * 5), rows, [credit(1, "5")])
    assert time.process_time() - start < 1.0
    check(said, Decimal(amount), rows)
