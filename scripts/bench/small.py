"""A company of a thousand customers cut out of the large one: the same hits, little else around them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql

from artui.config import SAMPLE, Config
from artui.db import company
from artui.session import own_login

NAME = "bench_small"
TENTH = "bench_tenth"
CUSTOMERS = 1_000
_TABLES = (
    ("party", "id IN (SELECT party_id FROM chosen)"),
    ("account", "id IN (SELECT id FROM chosen)"),
    ("contact", "party_id IN (SELECT party_id FROM chosen)"),
    ("contact_point", "party_id IN (SELECT party_id FROM chosen)"),
    ("address", "party_id IN (SELECT party_id FROM chosen)"),
    ("document", "account_id IN (SELECT id FROM chosen)"),
    ("open_item", "account_id IN (SELECT id FROM chosen)"),
    ("setting", "name LIKE 'company.%'"),
)


_WORDS = """INSERT INTO ar.name_word SELECT DISTINCT w COLLATE "C" FROM (SELECT unnest(ar.name_words(name_key)) AS w FROM ar.party
  UNION SELECT unnest(ar.name_words(ar.fold(name))) FROM ar.contact) x"""


def build(config: Config, accounts: Collection[int]) -> int:
    """Make the small company anew with those accounts, filled up to a thousand; return how many it has.

    Lookup and card read it; it has no journal.
    """
    with _anew(config, NAME) as (read, write):
        read.execute(
            "CREATE TEMP TABLE chosen AS SELECT id, party_id FROM ar.account WHERE id = ANY (%s)"
            " UNION ALL (SELECT id, party_id FROM ar.account WHERE kind = 'customer' AND id <> ALL (%s) ORDER BY id LIMIT %s)",
            (list(accounts), list(accounts), max(0, CUSTOMERS - len(accounts))),
        )
        for table, wanted in _TABLES:
            _copy(read, write, table, wanted)
        # the triggers that keep them are off
        write.execute(_WORDS)
        read.execute("SELECT count(*) FROM chosen")
        return int(read.fetchone()[0])


def build_tenth(config: Config) -> None:
    """Make a company anew that has all open items of the large one and a tenth of the closed ones: what ageing reads."""
    with _anew(config, TENTH) as (read, write):
        _copy(read, write, "open_item", "open <> 0 OR id % 10 = 0")


@contextmanager
def _anew(config: Config, name: str) -> Iterator[tuple[Any, Any]]:
    """Make a company's database anew; yield a cursor that reads the large one and a cursor that fills it."""
    embedded = company.server(config)
    drop(config, name)
    company.prepare(config, name, own_login())
    with (
        closing(psycopg2.connect(embedded.dsn(embedded.superuser, SAMPLE))) as source,
        closing(psycopg2.connect(embedded.dsn(embedded.superuser, name))) as target,
    ):
        read, write = source.cursor(), target.cursor()
        write.execute(
            "SET session_replication_role = replica"
        )  # copies of rows that were proved where they come from
        yield read, write
        target.commit()
        target.autocommit = True
        write.execute("VACUUM (ANALYZE)")


def drop(config: Config, name: str) -> None:
    """Remove such a company."""
    embedded = company.server(config)
    with closing(psycopg2.connect(embedded.dsn(embedded.superuser, "postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _copy(read: Any, write: Any, table: str, wanted: str) -> None:
    read.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        (f"ar.{table}",),
    )
    columns = read.fetchone()[0]
    if table == "setting":
        write.execute("DELETE FROM ar.setting WHERE name LIKE 'company.%'")
    with tempfile.TemporaryFile() as rows:
        read.copy_expert(f"COPY (SELECT {columns} FROM ar.{table} WHERE {wanted}) TO STDOUT", rows)
        rows.seek(0)
        write.copy_expert(f"COPY ar.{table} ({columns}) FROM STDIN", rows)
