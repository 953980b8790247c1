"""Failures reported against other products, tried here: none can be reproduced. Bank files are tried beside their readers."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extras import Json

from artui.errors import ArtuiError
from artui.ledger import posting
from artui.reports import aging
from tests.books import Books
from tests.screens.pilot import line_with, marked, pressed, program, run, typed

ELSEWHERE = {"FAIL-BNK-01"}


def failures(shared: Path) -> dict[str, dict[str, Any]]:
    read = json.loads((shared / "cases/scenarios/failure_cases.json").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in read}


@pytest.fixture
def case(shared: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    return failures(shared)[request.param]


only = pytest.mark.parametrize


@only("case", ["FAIL-RACE-03"], indirect=True)
def test_two_refunds_of_one_payment_at_once_are_one_refund(case: dict[str, Any], module_books: Books) -> None:
    books = module_books
    books.post("receipt", number="F-R", customer="F1", customer_name="F1", create_customer=True, date="2026-06-01", amount="100")
    asked = [books.post("refund", login="jana", document="F-R", amount="100", reason="paid twice").approval for _ in range(2)]
    barrier, outcomes = threading.Barrier(2), []

    def decide(login: str, approval: int) -> None:
        session = Books(books.server, books.name).session(login)
        with closing(session):
            barrier.wait()
            try:
                outcomes.append(posting.decide(session, approval, approve=True).status)
            except ArtuiError as error:
                outcomes.append(error.code)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(decide, ("viktor", "karel"), asked))
    assert sorted(outcomes) == ["AR004", "posted"]
    assert books.query("SELECT count(*), sum(amount)::bigint FROM document WHERE kind = 'refund'") == [(1, 10000)]
    books.tie()


@only("case", ["FAIL-NUM-02"], indirect=True)
def test_nobody_sees_that_two_drew_one_number(case: dict[str, Any], module_books: Books) -> None:
    """Eight clerks at once, and the worst case: somebody types the very number the books are about to draw, and commits second."""
    books = module_books
    books.post("invoice", number="F2-0", customer="F2", customer_name="F2", create_customer=True, date="2026-06-01", amount="1")

    def post(login: str) -> str:
        with closing(Books(books.server, books.name).session(login)) as session:
            document = {"kind": "receipt", "customer": "F2", "date": "2026-06-01", "amount": "1"}
            return str([posting.post(session, {"id": str(uuid.uuid4()), **document}).document for _ in range(3)])

    with ThreadPoolExecutor(8) as pool:
        drawn = "".join(pool.map(post, ("jana", "karla") * 4))
    assert len({part for part in drawn.split("'") if part.startswith("RCP-")}) == 24
    (last,) = books.query("SELECT last_value FROM document_number")[0]
    with closing(books.raw("karla")) as connection, connection.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        taken = {"kind": "receipt", "number": f"RCP-{last + 1:06}", "customer": "F2", "date": "2026-06-01", "amount": 100}
        cursor.execute("SELECT api.post(gen_random_uuid(), %s, '2026-06-15')", (Json(taken),))
        other = pool.submit(post, "jana")
        while not books.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"):
            assert not other.done()
        connection.commit()
        assert f"RCP-{last + 1:06}" not in other.result()
    books.tie()


@only("case", ["FAIL-AGE-01"], indirect=True)
def test_every_invoice_is_in_exactly_one_bucket(case: dict[str, Any], module_books: Books) -> None:
    """The buckets here go on where the case ends: its 91 and more are our 91 to 120 and 121 and more."""
    books, as_of = module_books, date(2026, 6, 15)
    for days in case["figures"]["days"]:
        due = (as_of - timedelta(days)).isoformat()
        books.post("invoice", number=f"F3-{days}", customer="F3", customer_name="F3", create_customer=True, date="2026-03-01", due=due, amount="1")
    report = aging.run(books.session(), aging.Params(as_of))
    [row] = [dict(zip((column.name for column in report.columns), each, strict=True)) for each in report.rows if each[0] == "F3"]
    counts = [row["not_due"], row["1-30"], row["31-60"], row["61-90"], row["91-120"] + row["121+"]]
    assert counts == [Decimal(count) for count in case["figures"]["counts"]] and sum(counts) == row["total"] == len(case["figures"]["days"])


@only("case", ["FAIL-UI-01"], indirect=True)
def test_markup_is_shown_letter_by_letter_and_typed_without_harm(case: dict[str, Any], new_books: Any) -> None:
    books = new_books()
    names = [part.strip() for part in case["given"].split("holding: ")[1].split(" | ")]
    assert len(names) == 8
    for place, name in enumerate(names):
        books.post("invoice", number=f"F4-{place}", customer=f"F4{place}", customer_name=f"Zz {name}", create_customer=True, date="2026-06-01", amount="1", memo=name)

    async def story() -> None:
        async with program(books) as pilot:
            for place, name in enumerate(names):
                await typed(pilot, name)
                await pressed(pilot, "ctrl+u")
                await typed(pilot, f"F4{place}")
                assert f"Zz {name}"[:20] in marked(pilot), "the list cuts what is too long for it"
                await pressed(pilot, "enter")
                assert f"Zz {name}" in line_with(pilot, f" F4{place} Zz")
                await pressed(pilot, "enter", "f3", "f3", "ctrl+u")
                assert pilot.app.is_running

    run(story)


def test_no_failure_is_left_out(shared: Path) -> None:
    tried = {"FAIL-RACE-03", "FAIL-NUM-02", "FAIL-AGE-01", "FAIL-UI-01"}
    assert failures(shared).keys() == tried | ELSEWHERE
