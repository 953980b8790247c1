"""Bringing a database up to this version: roles, numbered migrations, then the vault's functions and rights."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import peewee

from artui import money
from artui.errors import Unreachable

_SQL = Path(__file__).parent / "sql"
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 727_001
"""One advisory lock for all who migrate the same database."""


def sql_files() -> list[Path]:
    """Return the repeatable SQL in the order it is applied."""
    return sorted(_SQL.glob("[1-9]*.sql"))


def fingerprint() -> str:
    """Return the hash of everything a migration applies; equal in database and program means nothing is to do."""
    digest = hashlib.sha256()
    for path in [_SQL / "00_roles.sql", *sorted(_MIGRATIONS.glob("[0-9]*")), *sql_files()]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def applied_fingerprint(database: peewee.Database) -> str | None:
    """Return what the database was last migrated to, or None for an empty one. Any staff member may ask."""
    cursor = database.execute_sql("SELECT to_regclass('ar.schema_version')")
    if cursor.fetchone()[0] is None:
        return None
    row = database.execute_sql("SELECT fingerprint FROM ar.schema_version").fetchone()
    return None if row is None else str(row[0])


def migrate(database: peewee.PostgresqlDatabase, *, currency: str | None = None) -> list[str]:
    """Apply what is missing, under a lock; safe to run twice and from two places. Return the names applied.

    `database` is connected as a role that may create roles (the cluster's administrator). `currency` is the
    company's own, used only when the books are new.
    """
    version = int(database.execute_sql("SHOW server_version_num").fetchone()[0])
    if version < 160000:
        raise Unreachable(
            f"This is PostgreSQL {version // 10000}; the books need version 16 or later.",
            "Point ARTUI_DATABASE_URL at a newer server.",
        )
    database.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        if applied_fingerprint(database) == fingerprint():
            return []
        return _apply(database, currency)
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _apply(database: peewee.PostgresqlDatabase, currency: str | None) -> list[str]:
    from playhouse.migrations import Runner

    with database.atomic():
        _run(database, (_SQL / "00_roles.sql").read_text(encoding="utf-8"))
    runner = Runner(database, directory=str(_MIGRATIONS), schema="ar")
    applied = list(runner.up())
    with database.atomic():
        _run(database, "ALTER TABLE ar.schema_migration OWNER TO ar_owner")
        _run(database, "SET LOCAL ROLE ar_owner")
        _run(
            database,
            "CREATE TABLE IF NOT EXISTS ar.schema_version (one boolean PRIMARY KEY DEFAULT true, fingerprint text NOT NULL)",
        )
        for path in sql_files():
            _run(database, path.read_text(encoding="utf-8"))
        _seed_currencies(database)
        if currency and "0001_books" in applied:
            database.execute_sql(
                "UPDATE ar.setting SET value = to_jsonb(%s::text) WHERE name = 'company.currency'",
                (currency,),
            )
        database.execute_sql(
            "INSERT INTO ar.schema_version (fingerprint) VALUES (%s) ON CONFLICT (one) DO UPDATE SET fingerprint = excluded.fingerprint",
            (fingerprint(),),
        )
    return applied or ["functions"]


def _run(database: peewee.Database, sql: str) -> None:
    cursor: Any = database.cursor()
    cursor.execute(sql)


def _seed_currencies(database: peewee.Database) -> None:
    from babel import Locale

    names = Locale("en").currencies
    retired = ("XXX", "XTS", "XBA", "XBB", "XBC", "XBD")
    rows = [
        (code, money.digits(code), name[:200])
        for code, name in sorted(names.items())
        if len(code) == 3 and code.isalpha() and code.isupper() and code not in retired
    ]
    marks = ", ".join(["(%s, %s, %s)"] * len(rows))
    database.execute_sql(
        f"INSERT INTO ar.currency (code, digits, name) VALUES {marks} ON CONFLICT DO NOTHING",
        [value for row in rows for value in row],
    )
