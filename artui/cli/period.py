"""`artui period`: months that are closed."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from artui.cli.common import add_command, emit_json, emit_table, session

_STATES = {"close": "closed", "soft-close": "soft_closed", "open": "open"}


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "period", "list, close or reopen months")
    parser.add_argument("action", nargs="?", choices=("list", *_STATES), default="list")
    parser.add_argument("month", nargs="?", type=_month, metavar="YYYY-MM")
    parser.add_argument("--reason", default="", metavar="TEXT")
    parser.set_defaults(run=run)


def _month(shown: str) -> date:
    try:
        return date.fromisoformat(f"{shown}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown!r} is not a month; write YYYY-MM") from None


def run(arguments: argparse.Namespace) -> int:
    """Change one month's state, or list those that were ever touched; months not listed are open."""
    from artui.errors import WrongUsage

    with session(arguments) as opened:
        if arguments.action != "list":
            if arguments.month is None:
                raise WrongUsage("Which month?", f"Give it: artui period {arguments.action} YYYY-MM.")
            with opened.transaction():
                opened.query(
                    "SELECT api.set_period(%s, %s, %s)",
                    (arguments.month, _STATES[arguments.action], arguments.reason),
                )
        rows = [
            {"month": month.strftime("%Y-%m"), "state": state, "reason": reason}
            for month, state, reason in opened.query("SELECT month, state, reason FROM period ORDER BY month")
        ]
    if arguments.format == "json":
        emit_json(arguments, {"periods": rows})
    else:
        emit_table(arguments, rows, [("month", "left"), ("state", "left"), ("reason", "left")])
    return 0
