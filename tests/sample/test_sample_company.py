"""The sample company: the same for everybody, and everything in it that it is meant to show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from artui.config import SAMPLE, load_config
from artui.errors import Refused
from artui.people.lookup import find
from artui.sample import company, trade
from artui.sample.people import trader
from artui.sample.scale import DEMO_DATE, Scale
from artui.session import connect_session, open_session
from tests.books import Books, Server

SMALL = 40
FIGURES = "SELECT currency, sum(not_due), sum(d1_30), sum(d31_60), sum(d61_90), sum(d91_120), sum(d121), sum(unapplied), sum(total), sum(items) FROM api.ageing(%s) GROUP BY 1 ORDER BY 1"


@pytest.fixture(scope="module")
def sample(server: Server) -> Iterator[Books]:
    """A small sample company in an empty database, its staff logged in as themselves."""
    made = _make(server, "sample_a")
    yield made
    made.drop()


def _make(server: Server, name: str) -> Books:
    books = server.books(f"{name}_{os.getpid()}")
    with _passwords(server):
        company.create(books.config(), customers=SMALL, seed=7)
    return books


@contextmanager
def _passwords(server: Server) -> Iterator[None]:
    """Let the staff of a shared server log in."""
    with pytest.MonkeyPatch.context() as patch:
        if server.password:
            patch.setenv("PGPASSWORD", server.password)
        yield


def _one(books: Books, statement: str, *values: Any) -> Any:
    return books.query(statement, *values)[0][0]


def test_the_books_of_the_sample_prove(sample: Books) -> None:
    sample.tie()
    sample.tie(DEMO_DATE)


def test_the_same_size_and_seed_give_the_same_figures(sample: Books, server: Server) -> None:
    again = _make(server, "sample_b")
    try:
        for day in (DEMO_DATE, DEMO_DATE - timedelta(100)):
            assert again.query(FIGURES, day) == sample.query(FIGURES, day)
        for statement in (
            "SELECT kind, count(*), sum(amount) FROM document GROUP BY 1 ORDER BY 1",
            "SELECT number, kind, doc_date, amount FROM document WHERE kind IN ('invoice', 'receipt', 'credit_note') AND number !~ '^[A-Z]+-' ORDER BY 2, 1",
            "SELECT a.kind, number, name, tax_id FROM account a JOIN party p ON p.id = a.party_id ORDER BY 1, 2",
            "SELECT note, happened_at FROM activity ORDER BY key",
        ):
            assert again.query(statement) == sample.query(statement)
    finally:
        again.drop()


def test_the_sub_ledger_equals_the_control_account_on_thirty_days(sample: Books) -> None:
    for back in range(0, 390, 13):
        day = DEMO_DATE - timedelta(back)
        aged = dict(
            sample.query(
                "SELECT currency, sum(total)::bigint FROM api.ageing(%s) GROUP BY 1 HAVING sum(total) <> 0",
                day,
            )
        )
        ledger = dict(
            sample.query("SELECT currency, amount FROM api.ledger_balance('1100', %s) WHERE amount <> 0", day)
        )
        assert aged == ledger, day


def test_people_are_found_with_and_without_their_accents(sample: Books) -> None:
    session = sample.session("jana")
    for wanted, names in (
        ("dvorak", {"Dvořák a syn, s.r.o.", "Zdeněk Dvořák - autodoprava"}),
        ("Muñoz Hermanos", {"Muñoz Hermanos, S.L."}),
        ("nguyen", {"Nguyễn Furniture Co."}),
    ):
        assert names <= {hit.name for hit in find(session, wanted)}, wanted


@pytest.mark.parametrize(
    ("what", "statement", "least"),
    [
        ("cheques came back", "SELECT count(*) FROM document WHERE kind = 'reversal' AND method = 'nsf'", 2),
        ("with a fee each", "SELECT count(*) FROM document WHERE event = 'nsf_fee'", 2),
        ("refund approved by another", "SELECT count(*) FROM approval WHERE action = 'refund' AND state = 'approved' AND decided_by <> requested_by", 1),
        ("write-off waits", "SELECT count(*) FROM approval WHERE action = 'write_off' AND state = 'requested'", 1),
        ("write-off booked", "SELECT count(*) FROM document WHERE kind = 'write_off'", 1),
        ("dispute", "SELECT count(*) FROM open_item WHERE disputed > 0", 1),
        ("part of an invoice in dispute", "SELECT count(*) FROM open_item WHERE disputed BETWEEN 1 AND open - 1", 1),
        ("discount", "SELECT count(*) FROM document WHERE kind = 'discount'", 3),
        ("small difference", "SELECT count(*) FROM document WHERE kind = 'small_difference'", 1),
        ("unidentified receipts", "SELECT count(*) FROM document WHERE event = 'receipt_unidentified'", 3),
        ("deposit", "SELECT count(*) FROM document WHERE event = 'deposit'", 1),
        ("withheld tax", "SELECT count(*) FROM document WHERE kind = 'withholding'", 1),
        ("credit note of an invoice", "SELECT count(*) FROM document c JOIN document i ON i.id = c.of_id WHERE c.kind = 'credit_note' AND i.kind = 'invoice'", 1),
        ("transfer in a group", "SELECT count(*) FROM document WHERE kind = 'transfer'", 1),
        ("instalments", "SELECT count(DISTINCT document_id) FROM open_item WHERE seq = 3 AND NOT is_vendor", 2),
        ("partial payments", "SELECT count(*) FROM open_item WHERE open BETWEEN 1 AND original - 1", 3),
        ("unapplied money", "SELECT count(*) FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.kind = 'receipt' AND i.open < 0", 3),
        ("an un-allocation", "SELECT count(*) FROM allocation WHERE amount < 0", 1),
        ("foreign currencies", "SELECT count(DISTINCT currency) FROM open_item", 7),
        ("exchange differences", "SELECT count(*) FROM document WHERE kind = 'exchange_difference'", 1),
        ("a group", "SELECT count(*) FROM party WHERE parent_id IS NOT NULL", 3),
        ("countries", "SELECT count(DISTINCT country) FROM party", 10),
        ("vendors with purchases", "SELECT count(DISTINCT account_id) FROM document WHERE kind = 'purchase'", 10),
        ("invoice lines", "SELECT count(*) FROM document_line", 300),
        ("contact log", "SELECT count(*) FROM activity", 20),
        ("contacts for collections", "SELECT count(*) FROM contact WHERE purpose = 'collections'", 20),
        ("closed months", "SELECT count(*) FROM period WHERE state = 'closed'", 6),
        ("an account on hold", "SELECT count(*) FROM account WHERE hold", 1),
        ("more credit than debt", "SELECT count(*) FROM (SELECT account_id FROM open_item WHERE NOT is_vendor GROUP BY 1 HAVING sum(open) < 0 AND count(*) FILTER (WHERE open > 0) > 0) x", 1),
        ("nothing owed, yet items open", "SELECT count(*) FROM (SELECT account_id FROM open_item WHERE open <> 0 GROUP BY 1 HAVING sum(open) = 0) x", 1),
    ],
)  # fmt: skip
def test_the_sample_shows(sample: Books, what: str, statement: str, least: int) -> None:
    assert _one(sample, statement) >= least, what


def test_everybody_acts_as_themselves(sample: Books) -> None:
    posted = {login for (login,) in sample.query("SELECT DISTINCT posted_by FROM posting")}
    assert {"jana", "petr", "viktor"} <= posted
    assert {login for (login,) in sample.query("SELECT DISTINCT by_login FROM activity")} >= {
        "jana",
        "petr",
        "marta",
    }


def test_staff_find_the_company_and_its_day(sample: Books) -> None:
    environ = {**sample.server.environ, "ARTUI_DATABASE_URL": sample.dsn("petr")}
    session = connect_session(load_config(environ), sample.dsn("petr"))
    try:
        assert session.today == DEMO_DATE
        assert session.actor.roles == ("collector",)
        with pytest.raises(Refused):
            session.need("invoice")
    finally:
        session.close()


def test_preparing_twice_changes_nothing(sample: Books) -> None:
    before = _one(sample, "SELECT max(seq) FROM audit")
    company.create(sample.config(), customers=SMALL, seed=7)
    assert company.exists(sample.config(), customers=SMALL, seed=7)
    assert not company.exists(sample.config(), customers=SMALL, seed=8)
    assert _one(sample, "SELECT max(seq) FROM audit") == before


def test_books_of_a_company_are_never_made_a_sample(books: Books) -> None:
    books.post(
        "invoice",
        number="1",
        customer="C1",
        create_customer=True,
        date="2026-06-01",
        due="2026-06-30",
        amount="10.00",
        currency="USD",
    )
    with pytest.raises(Refused, match="already holds"):
        company.create(books.config(), customers=SMALL, seed=7)


def test_a_large_sample_has_the_proportions_of_a_going_concern() -> None:
    scale = Scale(1_000_000, 1)
    calendar = trade.Calendar(scale)
    documents: list[trade.Document] = []
    paid: dict[int, int] = {}
    for block in range(4):
        rnd = Random(scale.source("block", block))
        done = trade.trade(scale, calendar, [trader(number, rnd)[0] for number in scale.block(block)], rnd)
        documents += done.documents
        for _, debit, _, amount, _, _ in done.allocations:
            paid[id(debit)] = paid.get(id(debit), 0) + amount
    invoices = [document for document in documents if document.kind == "invoice"]
    still_open = [document for document in invoices if paid.get(id(document), 0) < document.amount]
    not_due = [document for document in still_open if document.due >= calendar.today]
    assert 9 < len(invoices) / 2000 < 11
    assert 0.04 < len(still_open) / len(invoices) < 0.09
    assert 0.5 < len(not_due) / len(still_open) < 0.75
    assert all(paid.get(id(document), 0) <= document.amount for document in invoices)


def test_blocks_never_share_a_number() -> None:
    scale = Scale(2_500, 3)
    calendar = trade.Calendar(scale)
    seen: set[str] = set()
    for block in range(scale.blocks):
        rnd = Random(scale.source("block", block))
        staged = trade.Staged()
        trade.stage(
            trade.trade(scale, calendar, [trader(number, rnd)[0] for number in scale.block(block)], rnd),
            calendar,
            "x",
            block,
            staged,
        )
        numbers = {" ".join(row.split("\t")[2:5:2]) for row in staged.documents}
        assert len(numbers) == len(staged.documents)
        assert not numbers & seen
        seen |= numbers


def test_the_embedded_sample_has_a_database_of_its_own_made_anew_when_broken_off(server: Server) -> None:
    if server.password:
        pytest.skip("the embedded server of this run listens on TCP")
    config = load_config(server.environ)
    open_session(config, database=SAMPLE).close()
    assert company.existing(config) is None
    company.create(config, customers=20, seed=3)
    assert company.existing(config) == (20, 3)
    session = open_session(config, as_user="marta", database=SAMPLE)
    assert (session.company, session.actor.roles) == ("Tamarack & Lowe Supply Co.", ("supervisor",))
    session.close()
