"""`artui items`: what is open of an account."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import a_date, add_command, emit_json, emit_table, session


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "items", "list the open items of a customer or vendor")
    parser.add_argument("number")
    parser.add_argument("--kind", choices=("customer", "vendor"))
    parser.add_argument("--as-of", type=a_date, metavar="D", help="as things stood at the end of that day")
    parser.add_argument("--all", action="store_true", help="closed items too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the items, oldest due first."""
    from artui.ledger import items
    from artui.people.card import find_account

    with session(arguments) as opened:
        day = arguments.as_of or opened.today
        kind, number = find_account(opened, arguments.number, arguments.kind)
        rows = [item.as_json() for item in items.items(opened, kind, number, day, everything=arguments.all)]
    if arguments.format == "json":
        emit_json(arguments, {"kind": kind, "number": number, "as_of": day.isoformat(), "items": rows})
        return 0
    text = [(name, "left") for name in ("document", "kind", "date", "due")]
    figures = [(name, "right") for name in ("days", "original", "open", "disputed", "promised")]
    emit_table(arguments, rows, [*text, *figures, ("currency", "left"), ("po", "left")])
    return 0
