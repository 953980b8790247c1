"""The databases of the embedded server: a company's books, made and migrated on first use, and the sample company beside them."""

from __future__ import annotations

from contextlib import closing

import peewee
import psycopg2
from psycopg2 import sql

from artui.config import BOOKS, SAMPLE, Config
from artui.db.connect import in_words, open_database
from artui.db.embedded import EmbeddedServer
from artui.db.migrate import migrate
from artui.errors import Refused

OWNER_ROLES = ("admin", "clerk", "collector", "controller", "credit", "manager", "supervisor")
"""What the owner of an embedded database may do: everything but audit; they own the files anyway."""


class NotReady(Exception):
    """The database is missing or older than the program."""


def server(config: Config) -> EmbeddedServer:
    """Return the embedded server of this configuration, started."""
    embedded = EmbeddedServer(config)
    embedded.ensure_running()
    return embedded


def prepare(config: Config, name: str, owner: str) -> list[str]:
    """Create database `name` if it is missing, migrate it, and put its owner on the staff list. Return the migrations applied."""
    embedded = server(config)
    _create(embedded, name)
    database = open_database(embedded.dsn(embedded.superuser, name))
    database.connect()
    try:
        with in_words():
            applied = migrate(database, currency=config.currency)
            if not database.execute_sql(
                "SELECT 1 FROM ar.staff WHERE login = %s AND disabled_at IS NULL", (owner,)
            ).fetchone():
                database.execute_sql("SELECT api.add_staff(%s, %s, %s)", (owner, owner, list(OWNER_ROLES)))
        return applied
    finally:
        database.close()


def _create(embedded: EmbeddedServer, name: str) -> None:
    with closing(psycopg2.connect(embedded.dsn(embedded.superuser, "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(727002)")  # two first starts at once
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def administrator(config: Config, name: str) -> peewee.PostgresqlDatabase:
    """Return an open connection as the cluster's administrator: only to migrate, back up and restore."""
    embedded = server(config)
    database = open_database(embedded.dsn(embedded.superuser, name))
    database.connect()
    return database


def works_at_sample(config: Config, wanted: str) -> bool:
    """Tell whether only the sample company knows the login, or the role held by one person, `wanted`."""
    if wanted in _staff(config, BOOKS):
        return False
    return _named(_staff(config, SAMPLE), wanted) is not None


def _staff(config: Config, name: str) -> dict[str, list[str]]:
    """Return who works in database `name` with their roles; nobody where there is no such database yet."""
    embedded = server(config)
    try:
        with (
            closing(psycopg2.connect(embedded.dsn(embedded.superuser, name))) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT login, ar.staff_roles(login) FROM ar.staff WHERE disabled_at IS NULL ORDER BY id"
            )
            return {str(login): list(roles) for login, roles in cursor.fetchall()}
    except psycopg2.Error:
        return {}


def _named(staff: dict[str, list[str]], wanted: str) -> str | None:
    """Return the login that a login or a role held by one person means."""
    if wanted in staff:
        return wanted
    holders = [login for login, roles in staff.items() if roles == [wanted]]
    return holders[0] if len(holders) == 1 else None


def login_for(config: Config, name: str, wanted: str) -> str:
    """Return the login `wanted` names: itself, or the only person who holds the role of that name."""
    staff = _staff(config, name)
    login = _named(staff, wanted)
    if login is None:
        raise Refused(
            f"Nobody on the staff list has the login {wanted}.",
            f"There are: {', '.join(staff)}.",
            code="42501",
        )
    return login
