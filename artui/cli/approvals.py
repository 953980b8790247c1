"""`artui approvals`: what waits for a second person."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import add_command, emit_json, emit_table, session


def register(commands: Any) -> None:
    """Add the commands; without one the list is shown."""
    parser = add_command(commands, "approvals", "list, approve or reject what waits for a second person")
    parser.add_argument("action", nargs="?", choices=("list", "approve", "reject"), default="list")
    parser.add_argument("number", nargs="?", type=int, metavar="N")
    parser.add_argument("--reason", default="", metavar="TEXT")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the list, or decide one."""
    from artui.errors import WrongUsage
    from artui.ledger.posting import decide
    from artui.security.approvals import waiting

    with session(arguments) as opened:
        if arguments.action != "list":
            if arguments.number is None:
                raise WrongUsage("Which approval?", f"Give its number: artui approvals {arguments.action} N.")
            answer = decide(
                opened, arguments.number, approve=arguments.action == "approve", reason=arguments.reason
            )
            row = {
                "number": arguments.number,
                "status": {"refused": "rejected"}.get(answer.status, answer.status),
                "document": answer.document,
            }
            if arguments.format == "json":
                emit_json(arguments, row)
            else:
                emit_table(
                    arguments,
                    [{name: str(value or "") for name, value in row.items()}],
                    [(name, "left") for name in row],
                )
            return 0
        rows = [approval.as_json() for approval in waiting(opened)]
    if arguments.format == "json":
        emit_json(arguments, {"approvals": rows})
    else:
        columns = [
            ("number", "right"),
            ("maker", "left"),
            ("action", "left"),
            ("amount", "right"),
            ("currency", "left"),
            ("document", "left"),
            ("reason", "left"),
            ("age_days", "right"),
        ]
        emit_table(arguments, rows, columns)
    return 0
