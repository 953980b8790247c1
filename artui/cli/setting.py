"""`artui setting`: the numbers and switches of the company, each with the day from which it holds."""

from __future__ import annotations

import argparse
import json
from typing import Any

from artui.cli.common import a_date, add_command, emit_json, emit_table, session


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "setting", "list or change the company's settings")
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="true, false, a number or a text")
    parser.add_argument(
        "--from",
        dest="valid_from",
        type=a_date,
        metavar="D",
        help="the day from which it holds (default: today)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Change one setting, or list what holds today."""
    from artui.security.settings import change, in_force

    with session(arguments) as opened:
        if arguments.value is not None:
            change(opened, arguments.name, _value(arguments.value), arguments.valid_from or opened.today)
        rows = [
            setting for setting in in_force(opened, opened.today) if arguments.name in (None, setting["name"])
        ]
    if arguments.format == "json":
        emit_json(arguments, {"settings": rows})
    else:
        shown = [
            {
                **row,
                "value": str(row["value"]).lower() if isinstance(row["value"], bool) else str(row["value"]),
            }
            for row in rows
        ]
        emit_table(
            arguments, shown, [("name", "left"), ("value", "left"), ("valid_from", "left"), ("note", "left")]
        )
    return 0


def _value(shown: str) -> Any:
    try:
        return json.loads(shown)
    except json.JSONDecodeError:
        return shown
