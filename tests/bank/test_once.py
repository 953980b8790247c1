"""The same money is never booked twice, whatever overlaps and in whatever order it comes; and two payments that look alike are two."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artui.cash.statements import reading
from artui.errors import Refused
from tests.bank.bank import IBAN, Move, Tape, take
from tests.books import Books

DAY = dt.date(2026, 5, 4)


def alike(count: int, day: dt.date = DAY, amount: str = "25.00") -> list[Move]:
    return [Move(day, Decimal(amount), "Ford Prefect", "monthly fee")] * count


def kept(books: Books) -> Counter[tuple[dt.date, Decimal]]:
    return Counter((row.booked_on, row.amount) for row in reading.entries(books.session(), limit=10_000))


def test_the_same_file_again_brings_nothing(books: Books, tmp_path: Path) -> None:
    tape = Tape(alike(2))
    first = take(books.session("jana"), tmp_path, tape.camt(0, 2))
    again = take(books.session("karla"), tmp_path, tape.camt(0, 2))
    assert [(each.new, each.known, each.ties) for each in (*first.statements, *again.statements)] == [
        (2, 0, True),
        (0, 2, True),
    ]
    assert kept(books) == {(DAY, Decimal("25.00")): 2}
    assert len(reading.statements(books.session())) == 1


def test_a_dry_run_keeps_nothing_and_says_what_would_be(books: Books, tmp_path: Path) -> None:
    tape = Tape(alike(3))
    outcome = take(books.session("jana"), tmp_path, tape.camt(0, 3), dry_run=True)
    assert (outcome.statements[0].new, outcome.dry_run) == (3, True)
    assert not reading.entries(books.session()) and not reading.accounts(books.session())
    assert books.query("SELECT count(*) FROM stage.bank_entry") == [(0,)]


def test_two_pages_of_one_day_each_with_a_look_alike_are_two_payments(books: Books, tmp_path: Path) -> None:
    tape = Tape(alike(2))
    take(books.session("jana"), tmp_path, tape.camt(0, 1, number="7/1"))
    take(books.session("jana"), tmp_path, tape.camt(1, 2, number="7/2"))
    assert kept(books) == {(DAY, Decimal("25.00")): 2}
    whole = take(books.session("jana"), tmp_path, tape.camt(0, 2, number="31"))
    assert (whole.statements[0].new, whole.statements[0].known) == (0, 2)


def test_another_format_of_the_same_days_is_recognised(books: Books, tmp_path: Path) -> None:
    tape = Tape([*alike(2), *alike(1, DAY + dt.timedelta(1), "-9.90")])
    for statement in (
        tape.mt940(0, 3),
        tape.camt(0, 3),
        tape.mt940(1, 3, number="2"),
        tape.camt(0, 2, number="4"),
    ):
        take(books.session("jana"), tmp_path, statement)
    assert kept(books) == {(DAY, Decimal("25.00")): 2, (DAY + dt.timedelta(1), Decimal("-9.90")): 1}


def test_a_transaction_whose_text_the_bank_words_anew_is_known_by_its_number(
    books: Books, tmp_path: Path
) -> None:
    ofx = "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>77</BANKACCTFROM><BANKTRANLIST>{}</BANKTRANLIST></STMTRS></OFX>"
    one = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260504<TRNAMT>5.00<FITID>{}<NAME>{}</STMTTRN>"
    take(
        books.session("jana"),
        tmp_path,
        ofx.format(one.format("A", "PENDING FORD") + one.format("B", "PENDING FORD")),
    )
    later = take(
        books.session("jana"), tmp_path, ofx.format(one.format("B", "Ford") + one.format("C", "Ford"))
    )
    assert (later.statements[0].new, later.statements[0].known) == (1, 1)
    assert kept(books) == {(DAY, Decimal("5.00")): 3}


CUTS = st.lists(st.integers(0, 14), min_size=1, max_size=6)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Tape, list[tuple[int, int, str]]]:
    """A tape over a few days with many look-alikes, and statements cut from it at ends of days; every movement is in one of them."""
    days = draw(st.lists(st.integers(0, 5), min_size=3, max_size=14).map(sorted))
    amounts = draw(
        st.lists(st.sampled_from(["25.00", "-25.00", "10.00"]), min_size=len(days), max_size=len(days))
    )
    moves = [
        Move(DAY + dt.timedelta(day), Decimal(amount), "Ford", "fee")
        for day, amount in zip(days, amounts, strict=True)
    ]
    ends = [0, *(place for place, (one, two) in enumerate(pairwise(days), 1) if one != two), len(days)]
    spans = [(first, last) for first in ends for last in ends if first < last]
    chosen = draw(st.lists(st.sampled_from(spans), min_size=1, max_size=6))
    covering = [(first, last) for first, last in pairwise(ends)]
    kinds = st.sampled_from(["camt", "camt-with-references", "mt940"])
    cuts = [(first, last, draw(kinds)) for first, last in [*chosen, *covering]]
    return Tape(moves, opening=Decimal(100)), draw(st.permutations([*cuts, *cuts[:2]]))


@pytest.mark.parametrize("references", [False, True])
def test_any_statements_in_any_order_give_every_movement_once(
    new_books: Callable[[], Books], tmp_path: Path, references: bool
) -> None:
    books = new_books()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(stories())
    def check(story: tuple[Tape, list[tuple[int, int, str]]]) -> None:
        tape, cuts = story
        tape.account = f"DE{uuid.uuid4().int % 10**18:018d}"
        for first, last, kind in cuts:
            if kind == "mt940" and not references:
                text = tape.mt940(first, last)
            else:
                text = tape.camt(first, last, references=references)
            take(books.session("jana"), tmp_path, text)
        found = Counter(
            (on, amount) for on, amount in books.query(
                "SELECT e.booked_on, e.amount FROM bank_entry e JOIN bank_account b ON b.id = e.bank_account_id WHERE b.number = %s", tape.account)
        )  # fmt: skip
        assert found == Counter((move.on, int(move.amount * 100)) for move in tape.moves)

    check()


def test_a_statement_that_does_not_tie_is_read_shown_and_never_validated(
    books: Books, tmp_path: Path
) -> None:
    from artui.cash.statements.matching import validate

    session = books.session("jana")
    tape = Tape([Move(DAY, Decimal("60.00")), Move(DAY, Decimal("40.00"))], opening=Decimal("50.00"))
    short = take(session, tmp_path, tape.camt(0, 1, closing=Decimal("150.00")))
    assert (short.statements[0].ties, short.statements[0].new) == (False, 1)
    [row] = reading.statements(session)
    assert (row.state, row.words) == ("read", "does not tie: off by USD 40.00")
    with pytest.raises(
        Refused,
        match="does not tie: opening USD 50.00 and entries of USD 60.00 make USD 110.00, the bank says USD 150.00",
    ):
        validate(session, row.id)
    assert [finding.kind for finding in reading.findings(session)] == ["tie"]
    whole = take(session, tmp_path, tape.camt(0, 2))
    assert whole.statements[0].statement is not None
    assert validate(session, whole.statements[0].statement) == "validated"
    assert reading.statement(session, whole.statements[0].statement).words == "validated"


def test_a_missing_statement_is_a_gap(books: Books, tmp_path: Path) -> None:
    session = books.session("jana")
    tape = Tape([Move(DAY + dt.timedelta(day), Decimal("10.00")) for day in range(3)])
    take(session, tmp_path, tape.camt(0, 1))
    take(session, tmp_path, tape.camt(2, 3))
    assert [finding.kind for finding in reading.findings(session)] == ["gap"]
    take(session, tmp_path, tape.camt(1, 2))
    assert not reading.findings(session)


def test_a_spreadsheet_is_read_with_a_saved_map_and_its_running_balance_proves_it(
    books: Books, tmp_path: Path
) -> None:
    text = "Buchungstag;Betrag;Saldo;Verwendungszweck;Wer\n05.05.2026;-5,00;1.105,00;fee;Bank\n04.05.2026;1.010,00;1.110,00;Invoice 7;Ford\n"
    path = tmp_path / "umsatz.csv"
    path.write_text(text)
    books.artui(
        "bank", "import", str(path), "--account", IBAN, "--currency", "EUR", "--map", "name=Wer", "--date-order", "dmy", "--decimal", ",",
        "--save-profile", "sparkasse", login="jana",
    )  # fmt: skip
    done = books.artui(
        "bank",
        "import",
        str(path),
        "--account",
        IBAN,
        "--profile",
        "sparkasse",
        "--dry-run",
        "--format",
        "json",
        login="jana",
    )
    assert (
        '"ties": true' in done.stdout and '"known": 2' in done.stdout and '"opening": "100.00"' in done.stdout
    )
    [first, second] = reading.entries(books.session())
    assert (first.name, first.amount, second.amount) == ("Bank", Decimal("-5.00"), Decimal("1010.00"))


def test_the_command_answers_in_its_promised_shape(books: Books, tmp_path: Path) -> None:
    import json

    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(Tape(alike(2)).camt(0, 2))
    bad.write_text(
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt/></Document>'
    )
    done = json.loads(books.artui("bank", "import", str(good), "--format", "json", login="jana").stdout)
    assert (done["format"], done["errors"]) == ("camt.053", [])
    [statement] = done["statements"]
    assert {name: statement[name] for name in ("account", "currency", "opening", "closing", "entries", "net", "ties", "new", "known")} == {
        "account": IBAN, "currency": "USD", "opening": "0.00", "closing": "50.00", "entries": 2, "net": "50.00", "ties": True, "new": 2, "known": 0,
    }  # fmt: skip
    refused = json.loads(
        books.artui("bank", "import", str(bad), "--format", "json", login="jana", status=1).stdout
    )
    assert refused["statements"] == [] and "holds no statement" in refused["errors"][0]
    assert "ties" in books.artui("bank", "list", login="petr").stdout
    books.artui("bank", "import", str(good), login="petr", status=1)
