"""From the bank's line to the books: accepted, split, parked and identified later, charged, moved, returned; and reconciled on every day."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from artui.cash.payable import Confidence
from artui.cash.statements import choices, decisions, matching, reading
from artui.cash.statements.payers import Party, Sign, numbers, weigh
from artui.cash.statements.reading import EntryRow
from artui.cash.statements.reconciling import Reconciliation, reconcile
from artui.errors import Refused
from tests.bank.bank import Move, Tape, take
from tests.books import Books

DAY = dt.date(2026, 5, 4)
FORD, DENT = "DE75512108001245126199", "GB33BUKB20201555555555"


def key() -> str:
    return str(uuid.uuid4())


def customers(books: Books) -> None:
    for number, name in (("1001", "Ford Prefect Ltd"), ("1002", "Dent & Sons")):
        for place, amount in enumerate(("100.00", "250.00", "75.50"), 1):
            books.post(
                "invoice", number=f"INV-{number}-{place}", customer=number, customer_name=name, create_customer=True,
                date=(DAY - dt.timedelta(40 - place)).isoformat(), due=(DAY - dt.timedelta(10 - place)).isoformat(), amount=amount,
            )  # fmt: skip


def open_of(books: Books, document: str) -> Decimal:
    [(minor,)] = books.query(
        "SELECT sum(i.open) FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = %s",
        document,
    )
    return Decimal(minor) / 100


def read(books: Books, folder: Path, *moves: Move, opening: str = "0") -> list[EntryRow]:
    tape = Tape(moves, opening=Decimal(opening))
    outcome = take(books.session("jana"), folder, tape.camt(0, len(moves)))
    assert not outcome.errors, outcome.errors
    return list(reading.entries(books.session("jana"), statement=outcome.statements[0].statement))


def held(books: Books, day: dt.date) -> Reconciliation:
    [account] = reading.accounts(books.session("jana"))
    result = reconcile(books.session("jana"), account.id, day)
    assert result.ties and result.off == 0, result
    return result


def test_a_payment_that_names_its_invoices_is_accepted_with_one_call_and_books_once(
    books: Books, tmp_path: Path
) -> None:
    customers(books)
    session = books.session("jana")
    [row] = read(
        books, tmp_path, Move(DAY, Decimal("350.00"), "FORD PREFECT LTD", "inv 1001 1, INV-1001-2", FORD)
    )
    best = matching.candidates(session, row.id).best
    assert best is not None
    assert (best.confidence, best.party.number, [line.document for line in best.proposal.lines]) == (
        Confidence.CERTAIN,
        "1001",
        ["INV-1001-1", "INV-1001-2"],
    )
    sent = key()
    done = matching.accept(session, sent, row, best)
    again = matching.accept(session, sent, row, best)
    assert (done.status, again.status, done.document, done.state) == (
        "posted",
        "exists",
        again.document,
        "booked",
    )
    assert (open_of(books, "INV-1001-1"), open_of(books, "INV-1001-2"), open_of(books, "INV-1001-3")) == (
        0,
        0,
        Decimal("75.50"),
    )
    with pytest.raises(Refused, match="already booked, by jana"):
        matching.accept(session, key(), row, best)
    assert reading.entry(session, row.id).documents == (done.document,)
    books.tie()
    assert held(books, DAY).difference == 0


def test_the_next_payment_from_the_same_account_is_known_by_it(books: Books, tmp_path: Path) -> None:
    customers(books)
    session = books.session("jana")
    first, second = read(
        books,
        tmp_path,
        Move(DAY, Decimal("100.00"), "Zaphod", "INV-1001-1", FORD),
        Move(DAY, Decimal("75.50"), "Zaphod", "thank you", FORD),
    )
    best = matching.candidates(session, first.id).best
    assert best is not None and best.confidence is Confidence.LIKELY, "one sign is not enough"
    matching.accept(session, key(), first, best)
    best = matching.candidates(session, second.id).best
    assert best is not None
    assert (best.party.number, [line.document for line in best.proposal.lines]) == ("1001", ["INV-1001-3"])
    assert "paid from this account 1 times before" in best.reason and best.confidence is Confidence.LIKELY


def test_a_number_that_points_elsewhere_makes_nothing_certain(books: Books, tmp_path: Path) -> None:
    customers(books)
    [row] = read(books, tmp_path, Move(DAY, Decimal("100.00"), "Ford Prefect Ltd", "INV-1002-1"))
    found = matching.candidates(books.session("jana"), row.id)
    assert found.customers and all(each.confidence is not Confidence.CERTAIN for each in found.customers)


def test_the_discount_of_terms_known_by_their_code_is_proposed_and_of_the_account_alone_is_not(books: Books, tmp_path: Path) -> None:
    dated = {"date": (DAY - dt.timedelta(5)).isoformat(), "due": (DAY + dt.timedelta(25)).isoformat()}
    books.post("invoice", number="INV-2001-1", customer="2001", customer_name="Early Bird Ltd", create_customer=True, amount="500.00", terms="2-10-30", **dated)
    books.post("invoice", number="INV-2001-2", customer="2001", amount="300.00", **dated)
    books.query("UPDATE account SET terms = '2-10-30' WHERE number = '2001'")
    session = books.session("jana")
    [first, second] = read(
        books, tmp_path, Move(DAY, Decimal("490.00"), "Early Bird Ltd", "INV-2001-1"), Move(DAY, Decimal("294.00"), "Early Bird Ltd", "INV-2001-2")
    )
    best = matching.candidates(session, first.id).best
    assert best is not None
    matching.accept(session, key(), first, best)
    assert open_of(books, "INV-2001-1") == 0
    best = matching.candidates(session, second.id).best
    assert best is not None and all(line.discount == 0 for line in best.proposal.lines), "the invoice promises none"
    books.tie()


def test_banks_on_the_way_kept_a_fee(books: Books, tmp_path: Path) -> None:
    customers(books)
    session = books.session("jana")
    [row] = read(books, tmp_path, Move(DAY, Decimal("88.00"), "Ford Prefect Ltd", "INV-1001-1"))
    best = matching.candidates(session, row.id).best
    assert best is not None and (best.fee, best.amount) == (Decimal("12.00"), Decimal("100.00"))
    matching.accept(session, key(), row, best)
    assert open_of(books, "INV-1001-1") == 0
    assert books.query("SELECT amount FROM journal_line WHERE gl = '5130'") == [(1200,)]
    assert held(books, DAY).difference == 0
    books.tie()


def test_more_than_banks_keep_of_a_payment_is_no_charge_of_the_bank(books: Books, tmp_path: Path) -> None:
    customers(books)
    first, second = read(books, tmp_path, Move(DAY, Decimal("20.00"), "Ford Prefect Ltd", "all of it"), Move(DAY, Decimal("51.00"), "Ford Prefect Ltd", "INV-1001-1"))

    def given(paid: int, kept: int, document: str) -> list[dict[str, Any]]:
        return [{"kind": "receipt", "customer": "1001", "amount": paid, "allocate": [{"document": document, "amount": paid}]}, {"kind": "bank_charge", "amount": kept}]

    with pytest.raises(Refused, match="USD 230.00 is more than banks on the way may have kept") as refusal:
        matching.decide(books.session("jana"), key(), first.id, decisions.booked(given(25000, 23000, "INV-1001-2")))
    assert refusal.value.code == "AR012"
    assert matching.decide(books.session("marta"), key(), first.id, decisions.booked(given(25000, 23000, "INV-1001-2"))).status == "posted", "she may give that away alone"
    books.query("UPDATE approval_limit SET max_amount = 10 WHERE role = 'clerk'")
    assert matching.decide(books.session("jana"), key(), second.id, decisions.booked(given(10000, 4900, "INV-1001-1"))).status == "posted", "what banks may keep"
    books.tie()


def test_one_payment_for_two_customers_is_split_and_must_add_up(books: Books, tmp_path: Path) -> None:
    customers(books)
    session = books.session("jana")
    [row] = read(
        books, tmp_path, Move(DAY, Decimal("350.00"), "Collecting agency", "INV-1001-1 and INV-1002-2")
    )
    parts = [
        {
            "kind": "receipt",
            "customer": "1001",
            "amount": 100_00,
            "allocate": [{"document": "INV-1001-1", "amount": 100_00}],
        },
        {
            "kind": "receipt",
            "customer": "1002",
            "amount": 250_00,
            "allocate": [{"document": "INV-1002-2", "amount": 250_00}],
        },
    ]
    with pytest.raises(Refused, match="The entry is USD 350.00, the documents move USD 100.00") as refusal:
        matching.decide(session, key(), row.id, decisions.booked(parts[:1]))
    assert refusal.value.code == "AR013" and open_of(books, "INV-1001-1") == 100
    matching.decide(session, key(), row.id, decisions.booked(parts))
    assert (open_of(books, "INV-1001-1"), open_of(books, "INV-1002-2")) == (0, 0)
    books.tie()
    assert held(books, DAY).difference == 0


def test_money_of_nobody_known_is_parked_and_identified_later(books: Books, tmp_path: Path) -> None:
    customers(books)
    session = books.session("jana")
    [row] = read(books, tmp_path, Move(DAY, Decimal("250.00"), "?", "?"))
    matching.decide(session, key(), row.id, decisions.parked(row))
    assert books.query("SELECT sum(amount) FROM journal_line WHERE gl = '2050'") == [(-25000,)]
    assert [each.state for each in reading.entries(session, state="parked")] == ["parked"]
    [candidate] = [
        each for each in matching.candidates(session, row.id).customers if each.party.number == "1002"
    ]
    matching.decide(session, key(), row.id, decisions.identified(row, candidate))
    assert open_of(books, "INV-1002-2") == 0 and reading.entry(session, row.id).state == "booked"
    assert books.query("SELECT sum(amount) FROM journal_line WHERE gl = '2050'") == [(0,)]
    books.tie()
    assert held(books, DAY).difference == 0


def test_a_returned_payment_opens_what_it_had_paid(books: Books, tmp_path: Path) -> None:
    customers(books)
    session = books.session("jana")
    paid, back = read(
        books,
        tmp_path,
        Move(DAY, Decimal("100.00"), "Ford Prefect Ltd", "INV-1001-1"),
        Move(DAY + dt.timedelta(3), Decimal("-100.00"), "Ford Prefect Ltd", "RETURN AC04"),
    )
    best = matching.candidates(session, paid.id).best
    assert best is not None
    number = matching.accept(session, key(), paid, best).document
    assert number is not None
    matching.decide(session, key(), back.id, decisions.returned(back, number, fee=Decimal("20.00")))
    assert open_of(books, "INV-1001-1") == 100
    assert books.query(
        "SELECT open, posted_on FROM open_item i WHERE i.document_id IN (SELECT id FROM document WHERE event = 'nsf_fee')"
    ) == [(2000, DAY + dt.timedelta(3))]
    books.tie()
    assert [held(books, DAY + dt.timedelta(day)).difference for day in range(4)] == [0, 0, 0, 0]


def test_the_receipt_money_may_be_the_return_of_is_found_by_its_amount(books: Books) -> None:
    with books.session("jana").transaction():
        books.session("jana").query("SET LOCAL enable_seqscan = off")
        wanted = {"words": ["R-1"], "payer": "", "name": "", "first": DAY - dt.timedelta(60), "day": DAY, "minor": 10000, "currency": "USD"}
        plan = "\n".join(row[0] for row in books.session("jana").query("EXPLAIN " + choices._RETURNED, wanted))
    assert "document_receipt_amount" in plan, plan


def test_charges_interest_transfers_and_what_is_left_out(books: Books, tmp_path: Path) -> None:
    session = books.session("jana")
    fee, interest, out, private = read(
        books, tmp_path, Move(DAY, Decimal("-15.00"), "", "fees"), Move(DAY, Decimal("0.07"), "", "interest"),
        Move(DAY, Decimal("-500.00"), "Us", "to savings"), Move(DAY, Decimal("-20.00"), "Shop", "paid by mistake"), opening="1000.00",
    )  # fmt: skip
    matching.decide(session, key(), fee.id, decisions.charged(fee))
    matching.decide(session, key(), interest.id, decisions.interest(interest))
    matching.decide(session, key(), out.id, decisions.moved(out))
    with pytest.raises(Refused, match="needs a reason"):
        matching.decide(session, key(), private.id, decisions.ignored("  "))
    matching.decide(session, key(), private.id, decisions.ignored("belongs to the other company"))
    assert dict(books.query("SELECT gl, sum(amount)::int FROM journal_line GROUP BY 1")) == {
        "5130": 1500,
        "4120": -7,
        "1010": 50000,
        "1000": -51493,
    }
    result = held(books, DAY)
    assert (result.before, result.unbooked, result.uncleared) == (Decimal("1000.00"), Decimal("-20.00"), 0)
    assert [each.words for each in result.on_statement_only] == ["ignored: belongs to the other company"]
    books.tie()


def test_receipts_typed_before_the_bank_showed_them_are_recognised_not_booked_again(
    books: Books, tmp_path: Path
) -> None:
    customers(books)
    session = books.session("jana")
    for number, reference in (("R1", "881234"), ("R2", "881235")):
        books.post(
            "receipt",
            login="jana",
            number=number,
            customer="1001",
            date=DAY.isoformat(),
            amount="40.00",
            method="cheque",
            reference=reference,
        )
    first, second, third = read(
        books, tmp_path, Move(DAY + dt.timedelta(2), Decimal("40.00"), "", "CHEQUE 881234"), Move(DAY + dt.timedelta(2), Decimal("40.00"), "Ford Prefect Ltd", "cheque"),
        Move(DAY + dt.timedelta(2), Decimal("40.00"), "", "CHEQUE 881239"),
    )  # fmt: skip
    [statement] = reading.statements(session)
    assert matching.link_known(session, statement.id) == 1
    assert reading.entry(session, first.id).documents == ("R1",)
    assert [each.document for each in matching.candidates(session, second.id).booked] == ["R2"]
    assert not matching.candidates(session, third.id).booked
    before = held(books, DAY)
    assert (before.bank, before.ledger, before.uncleared) == (None, 80, 40)
    after = held(books, DAY + dt.timedelta(2))
    assert (after.difference, after.unbooked, after.before) == (40, 80, -40)
    matching.decide(session, key(), second.id, decisions.linked(["R2"]))
    with pytest.raises(Refused, match="already stands for another entry"):
        matching.decide(session, key(), third.id, decisions.linked(["R2"]))
    assert held(books, DAY + dt.timedelta(2)).unbooked == 40


def test_a_second_account_of_the_same_currency_has_a_ledger_account_of_its_own(
    books: Books, tmp_path: Path
) -> None:
    session = books.session("jana")
    for account in ("DE02120300000000202051", "DE89370400440532013000"):
        tape = Tape([Move(DAY, Decimal("-5.00"), "", "fees")], account=account)
        taken = take(session, tmp_path, tape.camt(0, 1))
        [row] = reading.entries(session, statement=taken.statements[0].statement)
        matching.decide(session, key(), row.id, decisions.charged(row))
    assert sorted(books.query("SELECT gl, sum(amount)::int FROM journal_line GROUP BY 1")) == [
        ("1000", -500),
        ("1001", -500),
        ("5130", 1000),
    ]
    assert all(reconcile(session, account.id, DAY).difference == 0 for account in reading.accounts(session))


def test_only_those_with_the_right_may_decide_and_nobody_writes_the_tables(
    books: Books, tmp_path: Path
) -> None:
    [row] = read(books, tmp_path, Move(DAY, Decimal("-15.00"), "", "fees"))
    with pytest.raises(Refused) as refusal:
        matching.decide(books.session("petr"), key(), row.id, decisions.charged(row))
    assert refusal.value.code == "42501"
    for statement in (
        "UPDATE ar.bank_entry SET amount = 1", "UPDATE ar.bank_entry SET state = 'ignored'", "DELETE FROM ar.bank_entry", "UPDATE ar.bank_statement SET ties = true, state = 'validated'",
        "INSERT INTO ar.bank_match (entry_id, document_id, amount) VALUES (1, 1, 1)", "DELETE FROM ar.bank_statement_line", "UPDATE ar.bank_account SET gl = '4000'",
        "TRUNCATE ar.bank_match", "SELECT ar.bank_settle(e, b, '{}') FROM ar.bank_entry e, ar.bank_account b", "INSERT INTO stage.bank_entry (load, place, row, booked_on, amount, entry_id) VALUES (gen_random_uuid(), 1, 1, '2026-05-04', 1, 1)",
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            books.session("karla").query(statement)
        assert refusal.value.code == "42501", statement


NUMBERS = {
    "Invoice INV-000123.": "INV-000123", "inv 000123": "INV000123", "RF18539007547034": "539007547034", "/VS0000100123/SS/KS0308": "100123", "RE:100123,100124": "100124",
    "bill no. 100-124": "100-124", "(100123/100125)": "100125", "RNr.: 2026 0017": "20260017",
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_found_however_they_are_written(text: str) -> None:
    assert NUMBERS[text] in numbers(text)


def test_a_wrong_check_digit_is_no_reference_and_signs_need_each_other() -> None:
    assert "539007547034" not in numbers("RF19539007547034")
    ford, dent = Party(1, "1001", "Ford", 11), Party(2, "1002", "Dent", 12)
    named, account = Sign("document", ford, "names A"), Sign("account", ford, "paid before")
    assert [guess.confidence for guess in weigh([named, account])] == [Confidence.CERTAIN]
    assert [guess.confidence for guess in weigh([named])] == [Confidence.LIKELY]
    assert {guess.confidence for guess in weigh([named, account, Sign("name", dent, "has this name")])} == {
        Confidence.LIKELY
    }
    assert [guess.confidence for guess in weigh([Sign("name", ford, ""), Sign("name", dent, "")])] == [
        Confidence.ASK,
        Confidence.ASK,
    ]
    assert weigh([]) == ()
