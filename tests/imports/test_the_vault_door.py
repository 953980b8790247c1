"""The staging tables and loading functions under somebody who does not go through the importer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from artui.errors import ArtuiError, Unreachable
from artui.io.importers import Options, import_file
from artui.io.importers.loading import Loader
from artui.io.importers.seen import Seen
from tests.books import Books
from tests.imports.files import counts, table, take

_ROW = "INSERT INTO stage.document (load, row, kind, event, account, number, doc_date, currency, amount, tax) VALUES (%s, %s, %s, %s, %s, %s, '2026-05-01', 'USD', %s, 0)"


def _load(connection: Any, load: str, kind: str = "invoice") -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.load_documents(%s, %s, '2026-06-15')", (load, kind))
        answer: dict[str, Any] = cursor.fetchone()[0]
    return answer


def test_staged_rows_are_read_and_changed_by_nobody_and_used_only_by_who_staged_them(books: Books) -> None:
    load = str(uuid.uuid4())
    with (
        closing(books.raw("jana")) as jana,
        closing(books.raw("karla")) as karla,
        jana.cursor() as hers,
        karla.cursor() as others,
    ):
        hers.execute(_ROW, (load, 1, "invoice", None, "C1", "A1", 100))
        jana.commit()
        for statement in (
            "SELECT * FROM stage.document",
            "UPDATE stage.document SET amount = 1",
            "DELETE FROM stage.document",
            "TRUNCATE stage.document",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                others.execute(statement)
            karla.rollback()
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            others.execute(
                "INSERT INTO stage.document (load, row, kind, number, doc_date, currency, amount, by_login) VALUES (%s, 2, 'invoice', 'A2', '2026-05-01', 'USD', 1, 'jana')",
                (load,),
            )
        karla.rollback()
        others.execute(_ROW, (load, 2, "invoice", None, "C1", "A2", 200))
        karla.commit()
        assert _load(jana, load)["created"] == 1
        jana.commit()
    assert books.query("SELECT number FROM document") == [("A1",)]
    assert books.query("SELECT by_login FROM stage.document") == [("karla",)]


@pytest.mark.parametrize("login", ["petr", "audrey", "cora", "adam"])
def test_who_may_not_import_cannot_stage_either(books: Books, login: str) -> None:
    with (
        closing(books.raw(login)) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(_ROW, (str(uuid.uuid4()), 1, "invoice", None, "C1", "A1", 100))


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("write_off", None),
        ("refund", None),
        ("credit_note", "write_off"),
        ("invoice", "refund"),
        ("receipt", "write_off_direct"),
        ("transfer", None),
        ("reversal", None),
        ("allowance", None),
    ],
)
def test_what_needs_a_second_person_cannot_be_loaded(books: Books, kind: str, event: str | None) -> None:
    load = str(uuid.uuid4())
    with closing(books.raw("jana")) as connection, connection.cursor() as cursor:
        cursor.execute(_ROW, (load, 1, kind, event, "C1", "A1", 100))
        answer = _load(connection, load)
        connection.commit()
    assert (answer["created"], answer["rejected"], answer["errors"][0]["column"]) == (0, 1, "kind")


def test_rows_of_a_load_cannot_take_more_than_there_is_from_each_other(books: Books) -> None:
    load = str(uuid.uuid4())
    with closing(books.raw("jana")) as connection, connection.cursor() as cursor:
        for row, kind, account, amount in (
            (1, "invoice", "C1", 100),
            (2, "receipt", "C1", 60),
            (3, "receipt", "C1", 60),
            (4, "receipt", "C2", 10),
            (5, "receipt", "C1", 10),
        ):
            cursor.execute(_ROW, (load, row, kind, None, account, f"N{row}", amount))
        for credit, debit, amount in ((2, 1, 60), (3, 1, 60), (4, 1, 10), (5, 1, 20)):
            cursor.execute(
                "INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES (%s, %s, %s, %s, '2026-05-01')",
                (load, credit, debit, amount),
            )
        answer = _load(connection, load)
        connection.commit()
    assert [(error["row"], error["column"]) for error in answer["errors"]] == [
        (3, "invoice"),
        (4, "invoice"),
        (5, "invoice"),
    ]
    assert books.query("SELECT open::int FROM open_item WHERE original > 0") == [(40,)]
    books.tie()


def test_explicit_amounts_against_the_books_stop_at_what_is_open(books: Books) -> None:
    books.post("invoice", number="I1", customer="C1", create_customer=True, date="2026-04-01", amount="1.00")
    load = str(uuid.uuid4())
    with closing(books.raw("jana")) as connection, connection.cursor() as cursor:
        for row in (1, 2):
            cursor.execute(_ROW, (load, row, "receipt", None, "C1", f"N{row}", 60))
            cursor.execute(
                "INSERT INTO stage.allocation (load, credit_row, debit_number, amount, effective_on) VALUES (%s, %s, 'I1', 60, '2026-05-01')",
                (load, row),
            )
        answer = _load(connection, load, "receipt")
        connection.commit()
    assert (answer["created"], answer["rejected"], answer["errors"][0]["row"]) == (1, 1, 2)
    books.tie()


def test_a_load_is_booked_once_under_its_key_and_leaves_one_trace(books: Books) -> None:
    load = str(uuid.uuid4())
    with closing(books.raw("jana")) as connection, connection.cursor() as cursor:
        cursor.execute(_ROW, (load, 1, "invoice", None, "C1", "A1", 100))
        first = _load(connection, load)
        connection.commit()
        again = _load(connection, load)
        connection.commit()
    assert again == {**first, "status": "exists", "load": load, "kind": "invoice"}
    assert books.query("SELECT count(*) FROM document")[0][0] == 1
    assert books.query("SELECT who, after ->> 'created' FROM audit WHERE table_name = 'load'") == [
        ("jana", "1")
    ]


def test_a_row_the_database_cannot_take_costs_only_itself(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as if the check before it had let something through
    monkeypatch.setattr("artui.io.importers.documents.optional", lambda cell, field: cell or "\\N")
    rows = [
        (f"A{place}", "C1", "bad\x07name" if place == 33 else "", "2026-05-01", "1.00") for place in range(60)
    ]
    outcome = take(
        books, "invoices", table(tmp_path / "i.csv", "number,customer,customer_name,date,amount", rows)
    )
    assert outcome.created >= 59 and outcome.created + outcome.rejected == 60
    books.tie()


def test_a_connection_that_breaks_books_nothing_twice(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artui.io.importers.ahead.CHUNK", 10)
    path = table(
        tmp_path / "i.csv",
        "number,customer,date,amount",
        [(f"A{place}", "C1", "2026-05-01", "1.00") for place in range(35)],
    )
    broken = _breaking(books, monkeypatch, after={2: "before", 3: "after"})
    outcome = take(books, "invoices", path)
    assert (counts(outcome), outcome.totals, outcome.stopped, broken) == (
        (35, 0, 0, 0),
        {"USD": "35.00"},
        None,
        [2, 3],
    )
    assert books.query("SELECT count(*) FROM document") == [(35,)]
    books.tie()


def _breaking(books: Books, monkeypatch: pytest.MonkeyPatch, after: dict[int, str]) -> list[int]:
    """Let the server end the connection at some chunks, before or after it has booked them."""
    once: Callable[..., dict[str, Any]] = Loader._once
    done: list[int] = []
    calls = [0]

    def breaking(self: Loader, key: str, chunk: Any) -> dict[str, Any]:
        calls[0] += 1
        place = calls[0] - len(done)
        if place not in after or place in done:
            return once(self, key, chunk)
        done.append(place)
        answer = once(self, key, chunk) if after[place] == "after" else None
        pid = self._session.query("SELECT pg_backend_pid()")[0][0]
        books.query("SELECT pg_terminate_backend(%s)", pid)
        if answer is not None:
            raise Unreachable("The connection to the database was lost.")
        return once(self, key, chunk)

    monkeypatch.setattr(Loader, "_once", breaking)
    return done


def test_a_stopped_import_keeps_its_chunks_and_goes_on_from_there(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artui.io.importers.ahead.CHUNK", 10)
    path = table(
        tmp_path / "i.csv",
        "number,customer,date,amount",
        [(f"A{place}", "C1", "2026-05-01", "1.00") for place in range(50)],
    )
    seen: list[int] = []
    outcome = import_file(
        books.session("jana"),
        "invoices",
        path,
        Options(),
        lambda progress: seen.append(progress.rows),
        lambda: len(seen) == 2,
    )
    assert (counts(outcome), seen) == ((20, 0, 0, 0), [10, 20])
    assert outcome.stopped is not None and outcome.stopped.code == "stopped"
    assert counts(take(books, "invoices", path)) == (30, 20, 0, 0)


def test_duplicates_are_found_across_chunks(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artui.io.importers.ahead.CHUNK", 10)
    path = table(
        tmp_path / "i.csv",
        "number,customer,date,amount",
        [(f"A{place % 30}", "C1", "2026-05-01", "1.00") for place in range(60)],
    )
    first, again = take(books, "invoices", path), take(books, "invoices", path)
    assert (counts(first), counts(again)) == ((30, 0, 0, 30), (0, 30, 0, 30))


def test_what_was_met_is_remembered_exactly_however_much_it_is() -> None:
    seen = Seen()
    assert not any(seen.add(("invoice", f"A{place}")) for place in range(300_000))
    assert all(seen.add(("invoice", f"A{place}")) for place in range(300_000))


def test_a_refusal_of_the_whole_is_said_and_nothing_is_booked(books: Books, tmp_path: Path) -> None:
    path = table(tmp_path / "i.csv", "number,customer,date,amount", [("A", "C1", "2026-05-01", "1.00")])
    books.query("DELETE FROM permission WHERE action = 'customer'")
    with pytest.raises(ArtuiError, match="Customer records are kept by"):
        take(books, "invoices", path)
    assert books.query("SELECT count(*) FROM document") == [(0,)]


def test_ctrl_c_ends_after_the_rows_being_booked_and_says_what_is_kept(books: Books, tmp_path: Path) -> None:
    rows = [(f"A{place}", f"C{place % 10}", "2026-05-01", "1.00") for place in range(40_001)]
    path = table(tmp_path / "i.csv", "number,customer,date,amount", rows)
    command = [sys.executable, "-P", "-m", "artui", "import", "invoices", str(path), "--format", "json"]
    with subprocess.Popen(
        command, env=books.environ("jana"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        while running.poll() is None and not books.query("SELECT EXISTS (SELECT 1 FROM document)")[0][0]:
            pass
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)
    answer = json.loads(out)
    kept = answer["created"]
    assert (running.returncode, kept % 5_000) == (130, 0), err
    assert f"{kept} rows are booked; importing the file again goes on from there." in err
    assert counts(take(books, "invoices", path)) == (40_001 - kept, kept, 0, 0)
