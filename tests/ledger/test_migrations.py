"""The migrated database and the models say the same, and migrating is safe to repeat and to do from two places at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid

from peewee import AutoField, BigAutoField, ForeignKeyField, Model
from playhouse.postgres_ext import BinaryJSONField
from playhouse.schema_diff import diff_models

import models
from artui.db.connect import open_database
from artui.db.migrate import applied_fingerprint, fingerprint, migrate
from tests.books import Books, Server

OF_THE_RUNNER = {"schema_migration"}
TYPES = {
    "AUTO": "integer", "BIGAUTO": "bigint", "BIGINT": "bigint", "INT": "integer", "SMALLINT": "smallint", "TEXT": "text", "BLOB": "bytea",
    "BOOL": "boolean", "DATE": "date", "UUID": "uuid", "NUMERIC": "numeric", "TIMESTAMPTZ": "timestamp with time zone", "NAME": "name",
    '"char"': '"char"', "INET": "inet", "XID8": "xid8",
}  # fmt: skip
COLUMNS = """
    SELECT c.relname, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL), NOT a.attnotnull,
           EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'ar'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"""


def sql_type(field: object) -> str:
    """The type PostgreSQL has for a field."""
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    if isinstance(field, BinaryJSONField):
        return "jsonb"
    kind = "BIGAUTO" if isinstance(field, BigAutoField) else "AUTO" if isinstance(field, AutoField) else field.field_type  # type: ignore[attr-defined]
    return TYPES[kind]


def declared(model: type[Model]) -> dict[str, tuple[str, bool, bool]]:
    """A model's columns: type, whether they may be empty, whether they are of the primary key."""
    meta = model._meta
    assert meta.schema == "ar"
    key = {field.column_name for field in meta.get_primary_keys()}
    return {name: (sql_type(field), field.null, name in key) for name, field in meta.columns.items()}


def test_every_table_has_its_model_and_every_column_is_as_declared(module_books: Books) -> None:
    tables: dict[str, dict[str, tuple[str, bool, bool]]] = {}
    for table, column, kind, may_be_empty, is_key in module_books.query(COLUMNS):
        tables.setdefault(table, {})[column] = (kind, may_be_empty, is_key)
    found = {model._meta.table_name: declared(model) for model in models.ALL}
    assert found == {name: columns for name, columns in tables.items() if name not in OF_THE_RUNNER}


def test_peewee_itself_finds_no_table_or_column_missing_or_left_over(module_books: Books) -> None:
    database = open_database(module_books.dsn("audrey"))
    database.connect()
    try:
        with database.bind_ctx(models.ALL):
            found = diff_models(database, models.ALL)
            assert (found.create_tables, found.add_columns, found.drop_columns) == ([], [], [])
            for model in models.ALL:
                list(model.select().limit(1))
    finally:
        database.close()


def test_importing_the_models_connects_to_nothing() -> None:
    code = "import socket, models; socket.socket.connect = None; assert models.ALL; from models.base import proxy; assert proxy.obj is None"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_migrating_again_changes_nothing(books: Books) -> None:
    database = open_database(books.server.dsn(books.server.superuser, books.name))
    database.connect()
    try:
        assert applied_fingerprint(database) == fingerprint()
        before = books.query("SELECT oid, relname, relacl::text FROM pg_class WHERE relnamespace = 'ar'::regnamespace ORDER BY 1")
        assert migrate(database) == []
        database.execute_sql("UPDATE ar.schema_version SET fingerprint = 'older'")
        assert migrate(database) == ["functions"]
        assert books.query("SELECT oid, relname, relacl::text FROM pg_class WHERE relnamespace = 'ar'::regnamespace ORDER BY 1") == before
    finally:
        database.close()
    books.post("invoice", number="A", customer="1", customer_name="A", create_customer=True, date="2026-03-01", amount="1")
    books.tie()


def test_two_places_migrate_the_same_new_database_at_once(server: Server) -> None:
    name = f"t_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}"')
    applied: list[list[str]] = []

    def run() -> None:
        database = open_database(server.dsn(server.superuser, name))
        database.connect()
        try:
            applied.append(migrate(database))
        finally:
            database.close()

    try:
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(bool, applied)) == [False, True]
        assert len(Books(server, name).query("SELECT * FROM schema_migration")) == len(next(filter(None, applied)))
    finally:
        server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
