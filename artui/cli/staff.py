"""`artui staff`: the people, their roles and their logins."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import add_command, emit_json, emit_table, session
from artui.security.roles import ROLES


def register(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser(
        "staff", help="people and their roles", description="People, their roles and their logins."
    ).add_subparsers(dest="action", required=True)
    add = add_command(group, "add", "add a person with a login of their own")
    add.add_argument("login")
    add.add_argument("--name", metavar="NAME", help="full name")
    add.add_argument(
        "--role", action="append", choices=ROLES, default=[], dest="roles", help="repeat for several"
    )
    add.set_defaults(run=run_add)
    add_command(group, "list", "list the people").set_defaults(run=run_list)
    role = add_command(group, "role", "set the roles of a person")
    role.add_argument("login")
    role.add_argument("roles", nargs="+", choices=ROLES, metavar="ROLE")
    role.set_defaults(run=run_role)
    disable = add_command(group, "disable", "take every right from a person; what they posted stays theirs")
    disable.add_argument("login")
    disable.set_defaults(run=run_disable)


def run_add(arguments: argparse.Namespace) -> int:
    """Add a person."""
    return _change(
        arguments,
        "SELECT api.add_staff(%s, %s, %s)",
        arguments.login,
        arguments.name or arguments.login,
        arguments.roles,
    )


def run_role(arguments: argparse.Namespace) -> int:
    """Replace a person's roles."""
    return _change(arguments, "SELECT api.set_roles(%s, %s)", arguments.login, arguments.roles)


def run_disable(arguments: argparse.Namespace) -> int:
    """Disable a person."""
    return _change(arguments, "SELECT api.disable_staff(%s)", arguments.login)


def _change(arguments: argparse.Namespace, statement: str, *values: Any) -> int:
    with session(arguments) as opened:
        with opened.transaction():
            opened.query(statement, values)
        rows = _people(opened, arguments.login)
    _print(arguments, rows)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List everybody, also those who have left."""
    with session(arguments) as opened:
        rows = _people(opened, None)
    _print(arguments, rows)
    return 0


def _people(opened: Any, login: str | None) -> list[dict[str, Any]]:
    rows = opened.query(
        "SELECT login, full_name, staff_roles(login), disabled_at IS NOT NULL FROM staff WHERE login = coalesce(%s, login) ORDER BY id",
        (login,),
    )
    return [{"login": row[0], "name": row[1], "roles": list(row[2]), "disabled": row[3]} for row in rows]


def _print(arguments: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    if arguments.format == "json":
        emit_json(arguments, {"staff": rows})
        return
    shown = [
        {**row, "roles": " ".join(row["roles"]), "disabled": "yes" if row["disabled"] else ""} for row in rows
    ]
    emit_table(
        arguments, shown, [("login", "left"), ("name", "left"), ("roles", "left"), ("disabled", "left")]
    )
