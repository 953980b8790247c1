"""What other systems' tests expect of open items, payments, credits and balances, as stories told with our functions.

The source of each is in the case itself. Terms and discount dates are in tests/unit/test_terms.py, bank statements beside
their readers; dunning and credit limits are not here yet.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from artui.cash import entry
from artui.errors import ArtuiError
from artui.ledger import items as ledger
from artui.ledger.history import history
from artui.reports import aging
from tests.books import Books
from tests.scenarios.peers import Peer, same

ELSEWHERE = {"TRY-TRM-01", "ODO-TRM-01", "ODO-DSC-01"} | {"ERP-BNK-02", "TRY-STM-03"}
LATER = {"dunning", "credit limit"}
Story = Callable[[Peer, list[dict[str, Any]]], None]
STORIES: dict[str, Story] = {}


def story(*names: str) -> Callable[[Story], Story]:
    def keep(told: Story) -> Story:
        STORIES.update(dict.fromkeys(names, told))
        return told

    return keep


def cases(shared: Path) -> dict[str, dict[str, Any]]:
    read = json.loads((shared / "cases/scenarios/peer_cases.json").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in read}


def day(step: dict[str, Any]) -> date:
    return date.fromisoformat(step["as_of"])


@story("ERP-AR-01", "ERP-AR-07", "ERP-AR-11")
def open_items_of_a_day(peer: Peer, steps: list[dict[str, Any]]) -> None:
    for step in steps:
        assert same(peer.rows(day(step)), step["then"]["rows"])
        if "grand_total" in step["then"]:
            assert peer.balance(day(step)) == Decimal(step["then"]["grand_total"])


@story("ERP-AR-04")
def a_credit_note_closes_every_instalment(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.credit_note(steps[0]["credit_note"])
    assert (peer.rows(), peer.balance()) == ([], 0)


@story("ERP-AR-10")
def part_and_full_payment(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.pay(steps[0]["payment"])
    paid = {row["doc"]: row for row in peer.rows()}
    assert (paid["I1"]["paid"], paid["I1"]["open"]) == (40, 60)
    peer.pay(steps[1]["payment"])
    assert "I2" not in {row["doc"] for row in peer.rows()}


@story("ERP-AR-13")
def a_payment_after_the_day_is_seen_and_not_deducted(peer: Peer, steps: list[dict[str, Any]]) -> None:
    [row], as_of = peer.rows(day(steps[0])), day(steps[0])
    future = sum(link.amount for link in ledger.document(peer.session, peer.number("I1")).allocations if link.effective_on > as_of)
    assert (row["invoiced"], row["open"], future, row["open"] - future) == (100, 100, 100, 0)
    assert peer.rows(day(steps[1])) == []


@story("ERP-AR-18")
def one_cent_stays_visible(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.pay(steps[0]["payment"])
    assert same(peer.rows(), steps[0]["then"]["rows"])


@story("ERP-SUM-01")
def an_unapplied_payment_lowers_the_total_in_a_column_of_its_own(peer: Peer, steps: list[dict[str, Any]]) -> None:
    """The peer ages an item due today as its first bucket and nets the advance into it; here it is not due, and unapplied stays apart."""
    wanted = (("200.00", "0.00", "200.00"), ("200.00", "-50.00", "150.00"), ("75.00", "-50.00", "25.00"))
    for step, figures in zip(steps, wanted, strict=True):
        if step["do"] == "pay":
            peer.pay(step["payment"])
        report = aging.run(peer.session, aging.Params(date(2026, 3, 2)))
        [row] = [dict(zip((column.name for column in report.columns), each, strict=True)) for each in report.rows if each[0] == peer.account]
        assert tuple(str(row[name]) for name in ("not_due", "unapplied", "total")) == figures
        assert row["total"] == Decimal(step["then"]["row"]["open"]) and report.ties_to_ledger


@story("ERP-REC-03")
def payments_are_applied_and_one_is_cancelled(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.apply_all()
    assert (peer.open_of("I1"), peer.state("I1"), entry.paying_account(peer.session, peer.account).credits) == (110, "part_paid", ())
    peer.cancel("P1")
    assert (peer.open_of("I1"), entry.paying_account(peer.session, peer.account).credits) == (165, ())


@story("ERP-REC-06")
def part_of_a_credit_note(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.apply("C1", "I1", "80")
    assert (peer.state("I1"), peer.open_of("I1"), -peer.open_of("C1")) == ("part_paid", 20, 20)


@story("ERP-PAY-01")
def a_payment_in_another_currency_and_its_cancellation(peer: Peer, steps: list[dict[str, Any]]) -> None:
    payment = {**steps[0]["payment"], "id": "P1"}
    number = peer.pay(payment)
    base = peer.books.query("SELECT base_amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = %s AND l.gl = '1000'", number)
    assert (peer.open_of("I1"), peer.state("I1"), base) == (0, "paid", [(500000,)])
    peer.cancel("P1")
    assert (peer.open_of("I1"), peer.state("I1")) == (100, "open")


@story("ERP-PAY-03")
def a_discount_lowers_net_and_tax(peer: Peer, steps: list[dict[str, Any]]) -> None:
    then, on = steps[0]["then"], day(steps[0])
    read = entry.paying_account(peer.session, peer.account, received_on=on)
    sheet = read.sheet(Decimal(then["amount_to_pay"])).discount(read.items[0].key)
    assert (sheet.remaining, sheet.discounts) == (0, Decimal(then["discount"]))
    entry.post_receipt(peer.session, entry.receipt_of(sheet, key=str(uuid.uuid4()), account=peer.account, received_on=on))
    given = dict(peer.books.query("SELECT l.gl, l.amount FROM journal_line l JOIN document d ON d.id = l.document_id JOIN account a ON a.id = d.account_id WHERE a.number = %s AND d.kind = 'discount'", peer.account))
    assert (given["5110"], given["2200"]) == (2000, 360) and peer.open_of("I1") == 0


@story("ERP-CRD-05")
def a_closed_account_takes_no_invoice(peer: Peer, steps: list[dict[str, Any]]) -> None:
    """The peer refuses new orders of a frozen customer. There are no orders here; goods that are delivered may be invoiced while credit
    control holds the account (the hold stops orders), and a closed account takes no invoice at all."""
    assert [step["customer_state"] for step in steps] == ["frozen", "active", "disabled", "active"]
    bill = {"id": "I", "amount": "10", "date": "2026-03-02", "due": "2026-03-02"}
    peer.invoice({**bill, "id": "I0"})
    for number, change in enumerate(("hold = true", "hold = false", "status = 'closed'", "status = 'active'")):
        peer.books.query(f"UPDATE account SET {change} WHERE number = %s", peer.account)
        if "closed" in change:
            with pytest.raises(ArtuiError, match="closed"):
                peer.invoice({**bill, "id": f"C{number}"})
        else:
            peer.invoice({**bill, "id": f"C{number}"})


@story("TRY-PAY-02")
def what_is_paid_too_much_stays_as_credit(peer: Peer, steps: list[dict[str, Any]]) -> None:
    read = entry.paying_account(peer.session, peer.account)
    sheet = read.sheet(Decimal(steps[0]["amount"])).oldest().leave_on_account()
    entry.post_receipt(peer.session, entry.receipt_of(sheet, key=str(uuid.uuid4()), account=peer.account, received_on=peer.books.today))
    assert (peer.state("I1"), peer.open_of("I1"), peer.balance()) == ("paid", 0, Decimal("-10.00"))


@story("TRY-REC-01")
def applied_and_taken_back(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.apply("P1", "I1", "42")
    assert (peer.open_of("I1"), peer.open_of("P1")) == (0, 0)
    peer.books.post("unallocation", login="jana", moves=[{"from": peer.document_of("P1"), "to": peer.document_of("I1"), "amount": "42"}])
    assert (peer.open_of("I1"), -peer.open_of("P1")) == (42, 42)
    assert [link.amount for link in ledger.document(peer.session, peer.number("I1")).allocations] == [42, -42], "both are kept"


@story("TRY-BAL-01")
def the_ledger_of_an_account_between_two_days(peer: Peer, steps: list[dict[str, Any]]) -> None:
    ident = peer.books.query("SELECT id FROM account WHERE number = %s", peer.account)[0][0]
    for step in steps:
        start, end, then = date.fromisoformat(step["start"]), date.fromisoformat(step["end"]), step["then"]
        lines = [line for line in history(peer.session, [ident]) if start <= line.date <= end]
        debit = sum((line.amount for line in lines if line.amount > 0), Decimal(0))
        credit = -sum((line.amount for line in lines if line.amount < 0), Decimal(0))
        figures = (peer.balance(start - timedelta(1)), debit, credit, peer.balance(end), len(lines))
        assert figures == (*(Decimal(then[name]) for name in ("opening", "debit", "credit", "closing")), then["lines"])


@story("TRY-INV-01")
def an_invoice_adds_its_lines_up(peer: Peer, steps: list[dict[str, Any]]) -> None:
    lines = peer.case["given"]["lines"]
    tax = sum(Decimal(line["quantity"]) * Decimal(line["price"]) * Decimal(line["tax_percent"]) / 100 for line in lines)
    peer.books.post("invoice", number=peer.number("I1"), customer=peer.account, customer_name="x", create_customer=True, date="2026-03-02", due="2026-03-02",
                    tax=f"{tax:.2f}", lines=[{"quantity": line["quantity"], "unit_price": line["price"]} for line in lines])  # fmt: skip
    posted, then = ledger.document(peer.session, peer.number("I1")), steps[0]["then"]
    assert (posted.amount - posted.tax, posted.tax, posted.amount) == tuple(Decimal(then[name]) for name in ("net", "tax", "total"))


@story("TRY-ALO-01")
def oldest_due_first(peer: Peer, steps: list[dict[str, Any]]) -> None:
    peer.apply_all()
    then = steps[0]["then"]
    assert {name: peer.open_of(name) for name in then["open"]} == {name: Decimal(amount) for name, amount in then["open"].items()}
    assert (peer.open_of("P1"), peer.balance()) == (0, Decimal(then["customer_balance"]))


@story("OCA-OVD-01")
def what_is_overdue_on_a_day(peer: Peer, steps: list[dict[str, Any]]) -> None:
    late = [item for item in ledger.items(peer.session, "customer", peer.account, day(steps[0])) if item.days > 0]
    assert (len(late), sum(item.open for item in late)) == (1, 500)


@story("LSM-BAL-01")
def a_running_balance_carries_what_was_before(peer: Peer, steps: list[dict[str, Any]]) -> None:
    for number, each in enumerate(peer.case["given"]["postings"]):
        peer.invoice({"id": f"I{number}", "amount": each["amount"], "date": each["date"], "due": each["date"]})
    for step in steps:
        assert peer.balance(date.fromisoformat(step["end"])) == Decimal(step["then"]["last"])


NAMES = sorted(STORIES)


@pytest.mark.parametrize("name", NAMES)
def test_the_story_of_another_system(shared: Path, module_books: Books, request: pytest.FixtureRequest, name: str) -> None:
    case = cases(shared)[name]
    books = module_books
    if name in ("ERP-PAY-01", "ERP-PAY-03"):  # a company of another currency, another tax rule
        books = request.getfixturevalue("books")
        books.query("UPDATE setting SET value = %s WHERE name = 'company.currency'", json.dumps(case["given"].get("base_currency", "USD")))
        books.query("INSERT INTO exchange_rate VALUES ('USD', '1900-01-01', 50)") if name == "ERP-PAY-01" else None
        books.query("UPDATE setting SET value = 'true' WHERE name = 'discount.adjusts_tax'")
    peer = Peer(books, case).given()
    STORIES[name](peer, case["steps"])
    books.tie()


def test_no_case_is_left_out(shared: Path) -> None:
    missing = [case["id"] for case in cases(shared).values() if case["id"] not in STORIES.keys() | ELSEWHERE and case["topic"] not in LATER]
    assert missing == []
