"""Backups of the books: PostgreSQL's own dump of one database, people's rights to connect put back on restore."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import make_dsn, parse_dsn

from artui.config import Config
from artui.db import company
from artui.db.embedded import EmbeddedServer
from artui.errors import ArtuiError, BadInput, Refused


def _programs(config: Config) -> Path:
    return EmbeddedServer(config).bin_dir()


def _administrator_dsn(config: Config, name: str) -> str:
    if config.database_url:
        return config.database_url
    server = company.server(config)
    return server.dsn(server.superuser, name)


def backup(config: Config, name: str, file: Path) -> None:
    """Dump database `name` (or the shared one) into `file`, readable by its owner only; never half a file."""
    fresh = file.with_name(file.name + ".part")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.", "Name another file.") from None
    try:
        _run(
            [
                str(_programs(config) / "pg_dump"),
                "--format=custom",
                f"--file={fresh}",
                f"--dbname={_administrator_dsn(config, name)}",
            ],
            "The backup failed.",
        )
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def restore(config: Config, name: str, file: Path, *, replace: bool) -> None:
    """Read a dump into database `name`, beside the present one first, so that a bad file loses nothing.

    Raises Refused when the present books hold postings and `replace` was not said.
    """
    if config.database_url:
        raise Refused(
            "Books on a shared server are restored by whoever keeps that server.",
            "They use pg_restore; artui check proves the result.",
        )
    if not file.is_file():
        raise BadInput(f"{file} is not there.", "Name the file artui db backup wrote.")
    server = company.server(config)
    admin = server.dsn(server.superuser, "postgres")
    if not replace and _has_postings(server.dsn(server.superuser, name)):
        raise Refused("The present books are not empty.", "Back them up first, then restore with --replace.")
    fresh = f"{name}_restored"
    _statements(
        admin,
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh)),
        sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)),
    )
    _run(
        [
            str(_programs(config) / "pg_restore"),
            "--exit-on-error",
            f"--dbname={server.dsn(server.superuser, fresh)}",
            str(file),
        ],
        "The backup cannot be read; the present books are untouched.",
    )
    _let_staff_in(server.dsn(server.superuser, fresh), fresh)
    _statements(
        admin,
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(fresh), sql.Identifier(name)),
    )


def _let_staff_in(dsn: str, name: str) -> None:
    """Rights on the database itself are not part of a dump."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        database = sql.Identifier(name)
        cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO ar_owner").format(database))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        cursor.execute(
            "SELECT login FROM ar.staff JOIN pg_roles ON rolname = login WHERE disabled_at IS NULL"
        )
        for (login,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(login))
            )


def _has_postings(dsn: str) -> bool:
    try:
        with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM ar.posting)")
            return cursor.fetchone() == (True,)
    except psycopg2.Error:
        return False


def _statements(dsn: str, *statements: sql.Composable) -> None:
    with closing(psycopg2.connect(make_dsn(**parse_dsn(dsn)))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _run(command: list[str], failed: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ArtuiError(failed, " ".join(done.stderr.split())[:500])
