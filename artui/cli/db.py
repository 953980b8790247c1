"""`artui db`: the embedded or shared database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from artui.cli.common import add_command, config_of, emit, emit_json, emit_table, say
from artui.config import BOOKS, SAMPLE
from artui.errors import Refused


def register(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser(
        "db",
        help="the database: start, stop, back up, migrate",
        description="The embedded or shared database.",
    ).add_subparsers(dest="action", required=True)
    add_command(group, "start", "start the embedded server", formats=()).set_defaults(run=run_start)
    add_command(group, "stop", "stop the embedded server", formats=()).set_defaults(run=run_stop)
    add_command(group, "status", "say whether the server runs, and where").set_defaults(run=run_status)
    add_command(group, "url", "print the address of the books", formats=()).set_defaults(run=run_url)
    add_command(group, "migrate", "bring the database up to this version", formats=()).set_defaults(
        run=run_migrate
    )
    backup = add_command(group, "backup", "write the books to a file", formats=())
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=run_backup)
    restore = add_command(group, "restore", "read the books from a backup", formats=())
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="replace books that are not empty")
    restore.set_defaults(run=run_restore)


def _name(arguments: argparse.Namespace) -> str:
    return SAMPLE if arguments.sample else BOOKS


def run_start(arguments: argparse.Namespace) -> int:
    """Start the server and prepare the books."""
    from artui.db import company
    from artui.session import own_login

    config = config_of(arguments)
    if config.database_url:
        raise Refused("The books are on a shared server.", "Whoever keeps that server starts it.")
    company.prepare(config, _name(arguments), own_login())
    say("The embedded server runs and stays running; artui db stop ends it.")
    return 0


def run_stop(arguments: argparse.Namespace) -> int:
    """Stop the server."""
    from artui.db.embedded import EmbeddedServer

    config = config_of(arguments)
    if config.database_url:
        raise Refused("The books are on a shared server.", "Whoever keeps that server stops it.")
    say(
        "The embedded server has stopped."
        if EmbeddedServer(config).stop()
        else "The embedded server was not running."
    )
    return 0


def run_status(arguments: argparse.Namespace) -> int:
    """Say where the books are and whether they answer; starts nothing. Exit 3 when they do not."""
    from artui.db.status import status

    rows = status(config_of(arguments), _name(arguments))
    if arguments.format == "json":
        emit_json(arguments, rows)
    else:
        emit_table(
            arguments,
            [
                {"what": name.replace("_", " "), "value": "" if value is None else str(value)}
                for name, value in rows.items()
            ],
            [("what", "left"), ("value", "left")],
        )
    return 0 if rows["running"] else 3


def run_url(arguments: argparse.Namespace) -> int:
    """Print the address of the books as a URL psql and others take; the embedded ones are made ready first."""
    from artui.db import company
    from artui.db.connect import as_url
    from artui.session import own_login

    config = config_of(arguments)
    if not config.database_url:
        company.prepare(config, _name(arguments), own_login())
        emit(
            arguments, as_url(company.server(config).dsn(arguments.as_user or own_login(), _name(arguments)))
        )
    else:
        emit(arguments, config.database_url)
    return 0


def run_migrate(arguments: argparse.Namespace) -> int:
    """Apply what is missing."""
    from artui.db import company
    from artui.db.connect import in_words, open_database
    from artui.db.migrate import migrate
    from artui.session import own_login

    config = config_of(arguments)
    if not config.database_url:
        applied = company.prepare(config, _name(arguments), own_login())
    else:
        database = open_database(config.database_url)
        database.connect()
        with in_words():
            applied = migrate(database, currency=config.currency)
        database.close()
    say(f"Applied: {', '.join(applied)}." if applied else "The database is up to date.")
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    """Write a backup that `restore` reads; the file is for its owner only."""
    from artui.db.backup import backup

    backup(config_of(arguments), _name(arguments), arguments.file)
    say(f"The books are in {arguments.file}.")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Read a backup into the books."""
    from artui.db.backup import restore

    restore(config_of(arguments), _name(arguments), arguments.file, replace=arguments.replace)
    say(f"The books were read from {arguments.file}.")
    return 0
