"""Those who own the tables: the triggers stop them too, and when they switch them off the chain names the row."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pytest
from psycopg2.extras import Json

from tests.books import Books
from tests.vault.office import furnish

HEAD = "INSERT INTO ar.posting (key, kind, body_hash, business_date) VALUES (gen_random_uuid(), 'receipt', '', '2026-06-01') RETURNING id"
PAPER = """INSERT INTO ar.document (posting_id, kind, event, account_id, number, doc_date, posted_on, currency, amount{more})
    SELECT {posting}, 'receipt', 'receipt', id, 'FAKE', '2026-06-01', '2026-06-01', 'USD', 100{value} FROM ar.account WHERE number = '1001' RETURNING id"""
LINES = """INSERT INTO ar.journal_line (document_id, line, gl, account_id, posted_on, currency, amount) SELECT {document}, n, g, CASE g WHEN '1100' THEN a.id END, '2026-06-01', 'USD', v
    FROM ar.account a, (VALUES (1, '1000', {bank}), (2, '1100', -100)) x(n, g, v) WHERE a.number = '1001'"""
OPEN = """INSERT INTO ar.open_item (document_id, account_id, currency, doc_date, posted_on, due_on, original, open)
    SELECT {document}, id, 'USD', '2026-06-01', '2026-06-01', '2026-06-01', {amount}, {amount} FROM ar.account WHERE number = '1001'"""
BULK = HEAD.replace("business_date)", "business_date, bulk)").replace("'2026-06-01')", "'2026-06-01', true)")
INVOICE = "(SELECT id FROM ar.document WHERE number = 'INV-1')"
RESULT = "(SELECT max(id) FROM ar.document)"
POSTING = "(SELECT max(id) FROM ar.posting)"
ALLOCATION = f"INSERT INTO ar.allocation (posting_id, debit_item_id, credit_item_id, amount, effective_on, kind) SELECT {{posting}}, d.id, c.id, 1, '2026-06-01', 'payment' FROM ar.open_item d, ar.open_item c JOIN ar.document r ON r.id = c.document_id WHERE d.document_id = {INVOICE} AND r.number = 'R1'"


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    furnish(module_books)
    return module_books


@contextmanager
def administrator(books: Books) -> Iterator[Any]:
    """A cursor of the cluster's administrator, whose work is undone at the end."""
    with closing(psycopg2.connect(books.server.dsn(books.server.superuser, books.name))) as connection, connection.cursor() as cursor:
        yield cursor
        connection.rollback()


@pytest.mark.parametrize("verb", ["UPDATE ar.{} SET {} = {}", "DELETE FROM ar.{}", "TRUNCATE ar.{} CASCADE"])
@pytest.mark.parametrize(("table", "column"), [("posting", "kind"), ("document", "amount"), ("document_line", "amount"), ("journal_line", "amount"),
                                               ("allocation", "amount"), ("activity", "note"), ("audit", "after"), ("seal", "hash")])  # fmt: skip
def test_what_is_posted_is_posted_for_the_owner_too(office: Books, verb: str, table: str, column: str) -> None:
    with administrator(office) as cursor, pytest.raises(psycopg2.Error, match="forbidden") as refused:
        cursor.execute(verb.format(table, column, column))
    assert refused.value.pgcode == "42501"


@pytest.mark.parametrize(("statements", "code"), [
    ([HEAD, PAPER.format(posting=POSTING, more="", value=""), LINES.format(document=RESULT, bank=99), OPEN.format(document=RESULT, amount=-100)], "AR001"),
    ([HEAD, PAPER.format(posting=POSTING, more="", value=""), LINES.format(document=RESULT, bank=100), OPEN.format(document=RESULT, amount=-99)], "AR001"),
    ([HEAD, PAPER.format(posting=POSTING, more="", value=""), LINES.format(document=RESULT, bank=100)], "AR001"),
    ([HEAD, PAPER.format(posting=POSTING, more="", value="")], "AR001"),
    ([HEAD, PAPER.format(posting=POSTING, more=", bulk", value=", true")], "42501"),
    ([BULK, PAPER.format(posting=POSTING, more=", bulk", value=", true"), LINES.format(document=RESULT, bank=99), OPEN.format(document=RESULT, amount=-100)], "AR001"),
    ([BULK, PAPER.format(posting=POSTING, more=", bulk", value=", true"), LINES.format(document=RESULT, bank=100), OPEN.format(document=RESULT, amount=-99)], "AR001"),
    ([BULK, PAPER.format(posting=POSTING, more=", bulk", value=", true").replace("'receipt', 'receipt'", "'receipt', 'write_off'"), LINES.format(document=RESULT, bank=100),
      OPEN.format(document=RESULT, amount=-100)], "42501"),
    ([BULK, ALLOCATION.format(posting=POSTING), f"UPDATE ar.open_item SET open = open - 1, first_on = '2026-06-01', last_on = '2026-06-01' WHERE document_id = {INVOICE}"], "AR001"),
    ([PAPER.format(posting="(SELECT min(id) FROM ar.posting)", more="", value="")], "42501"),
    ([PAPER.format(posting="0", more="", value="")], "42501"),
    ([LINES.format(document=INVOICE, bank=100).replace("n, g", "n + 7, g", 1)], "42501"),
    ([OPEN.format(document=INVOICE, amount=5).replace("account_id, currency", "seq, account_id, currency").replace("id, 'USD'", "9, id, 'USD'")], "42501"),
    ([ALLOCATION.format(posting="(SELECT min(id) FROM ar.posting)")], "42501"),
    ([HEAD, ALLOCATION.format(posting=POSTING)], "AR001"),
    ([f"UPDATE ar.open_item SET open = open - 1, first_on = '2026-06-01', last_on = '2026-06-01' WHERE document_id = {INVOICE}"], "AR001"),
    ([f"UPDATE ar.open_item SET due_on = '2027-01-01' WHERE document_id = {INVOICE}"], "42501"),
    (["UPDATE ar.open_item SET original = original * 2, open = open * 2"], "42501"),
    (["DELETE FROM ar.open_item"], "42501"),
    (["DELETE FROM ar.account"], "42501"),
])  # fmt: skip
def test_the_owner_cannot_write_what_does_not_tie(office: Books, statements: list[str], code: str) -> None:
    with administrator(office) as cursor, pytest.raises(psycopg2.Error) as refused:
        cursor.execute("; ".join([*statements, "SET CONSTRAINTS ALL IMMEDIATE"]))
    assert refused.value.pgcode == code


@pytest.mark.parametrize(("table", "change"), [
    ("posting", "posted_by = 'karla' WHERE posted_by = 'jana'"), ("document", "amount = amount + 1 WHERE number = 'INV-1'"),
    ("document", "memo = 'other' WHERE number = 'R1'"), ("document", "due_on = '2030-01-01' WHERE number = 'INV-1'"), ("document", "doc_date = doc_date - 1 WHERE number = 'K-1'"),
    ("document_line", "quantity = quantity * 2"), ("journal_line", "amount = amount * 2"), ("journal_line", "posted_on = posted_on - 1"),
    ("open_item", "due_on = '2030-01-01' WHERE original > 0"), ("open_item", "due_on = '2030-01-01' WHERE bulk"), ("allocation", "effective_on = effective_on + 1"),
    ("audit", "who = 'jana' WHERE who = 'karla'"), ("audit", "after = after || '{\"name\": \"x\"}' WHERE table_name = 'party'"), ("seal", "hash = sha256(hash) WHERE position = 3"),
    ("chain_head", "hash = sha256(hash)"),
])  # fmt: skip
def test_when_triggers_are_switched_off_and_a_row_is_altered_the_chain_names_it(office: Books, table: str, change: str) -> None:
    with administrator(office) as cursor:
        cursor.execute("SELECT * FROM api.verify_chain()")
        assert cursor.fetchall() == []
        cursor.execute(f"ALTER TABLE ar.{table} DISABLE TRIGGER ALL")
        cursor.execute(f"UPDATE ar.{table} SET {change}")
        assert cursor.rowcount > 0
        cursor.execute("SELECT why, source, source_id FROM api.verify_chain()")
        ((why, source, source_id),) = cursor.fetchall()
        assert why == ("head" if table == "chain_head" else "altered")
        assert table in ("seal", "chain_head") or (source == "audit") == (table == "audit")
        assert (source_id is None) == (table == "chain_head")


@pytest.mark.parametrize("table", ["audit", "posting", "seal"])
def test_a_row_that_is_gone_is_missed(office: Books, table: str) -> None:
    with administrator(office) as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"DELETE FROM ar.{table} WHERE ctid = (SELECT min(ctid) FROM ar.{table})")
        cursor.execute("SELECT why FROM api.verify_chain()")
        assert cursor.fetchall() == [("missing",)]


def test_the_chain_reads_the_same_whatever_the_session_likes(office: Books) -> None:
    with administrator(office) as cursor:
        cursor.execute("SET datestyle = 'German'; SET timezone = 'Pacific/Auckland'; SET extra_float_digits = 0; SET bytea_output = escape; SET intervalstyle = iso_8601")
        cursor.execute("SELECT * FROM api.verify_chain()")
        assert cursor.fetchall() == []


def test_the_chain_goes_on_in_a_restored_database_and_misses_nothing(office: Books, tmp_path: Any) -> None:
    from artui.config import load_config
    from artui.db.embedded import EmbeddedServer

    programs = EmbeddedServer(load_config(office.server.environ)).bin_dir()
    office.session("jana").query("SELECT api.post(gen_random_uuid(), %s, '2026-06-15')", (Json({"kind": "receipt", "customer": "1001", "date": "2026-06-01", "amount": 1}),))
    copy = f"t_{uuid.uuid4().hex[:12]}"
    office.server.run(f'CREATE DATABASE "{copy}"')
    try:
        dump = subprocess.run([programs / "pg_dump", "-d", office.server.dsn(office.server.superuser, office.name)], capture_output=True, check=True).stdout
        # as if it came from a cluster that had counted further: the last posting carries a number this one has not reached
        restored = Books(office.server, copy)
        subprocess.run([programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", office.server.dsn(office.server.superuser, copy)], input=dump, capture_output=True, check=True)
        with closing(psycopg2.connect(office.server.dsn(office.server.superuser, copy))) as connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; UPDATE ar.posting SET xid = '99999999999' WHERE id = (SELECT max(id) FROM ar.posting); UPDATE ar.chain_head SET settled = '99999999000'")
            connection.commit()
        restored.query("UPDATE account SET collector = 'petr'")
        restored.seal(1)
        assert restored.query("SELECT * FROM api.verify_chain()") == []
        restored.tie()
    finally:
        office.server.run(f'DROP DATABASE "{copy}" WITH (FORCE)')


def test_a_row_committed_late_is_sealed_however_much_was_sealed_before_it(books: Books) -> None:
    books.query("INSERT INTO party (name) SELECT 'p' || n FROM generate_series(1, 50) n")
    books.seal(7)
    with closing(books.raw("jana")) as slow, slow.cursor() as cursor:
        cursor.execute("INSERT INTO ar.party (name) VALUES ('late')")
        books.query("UPDATE party SET note = 'x'")
        while books.query("SELECT api.seal(7)")[0][0]:
            pass
        slow.commit()
    books.seal(7)
    assert books.query("SELECT api.seal(0)") == [(0,)]
    assert books.query("SELECT * FROM api.verify_chain()") == []


def test_the_books_still_tie_when_a_group_that_paid_for_each_other_is_taken_apart(books: Books) -> None:
    for name in ("Head", "Branch"):
        books.query("INSERT INTO party (name) VALUES (%s)", name)
        books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', name, id, 'USD' FROM party WHERE name = %s", name)
    books.query("UPDATE party SET parent_id = (SELECT id FROM party WHERE name = 'Head') WHERE name = 'Branch'")
    books.post("invoice", number="I", customer="Branch", date="2026-03-01", amount="100")
    books.post("receipt", number="R", customer="Head", date="2026-03-01", amount="100")
    books.post("allocation", moves=[{"from": "R", "to": "I", "amount": "70"}])
    books.tie()
    with closing(books.raw("jana")) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE ar.party SET parent_id = NULL")
        connection.commit()
    books.tie()
    books.query("ALTER TABLE journal_line DISABLE TRIGGER ALL; UPDATE journal_line SET amount = amount + 1 WHERE gl = '1100' AND amount > 0")
    assert dict(books.query("SELECT name, example FROM api.prove('2199-01-01') WHERE findings > 0"))["subledger_equals_control"] == "Branch"
