"""`artui period`: months that are closed, and what is still open in one."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from artui import money
from artui.cli.common import add_command, emit_json, emit_table, session

if TYPE_CHECKING:
    from artui.ledger.periods import Step, StillOpen

_STATES: dict[str, Literal["open", "soft_closed", "closed"]] = {"close": "closed", "soft-close": "soft_closed", "open": "open"}


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "period", "list, review, close or reopen months")
    parser.add_argument("action", nargs="?", choices=("list", "review", *_STATES), default="list")
    parser.add_argument("month", nargs="?", type=_month, metavar="YYYY-MM")
    parser.add_argument("--reason", default="", metavar="TEXT")
    parser.set_defaults(run=run)


def _month(shown: str) -> date:
    try:
        return date.fromisoformat(f"{shown}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown!r} is not a month; write YYYY-MM") from None


def run(arguments: argparse.Namespace) -> int:
    """Change one month's state, say what is still open in it, or list those that were ever touched; months not listed are open."""
    from artui.errors import WrongUsage
    from artui.ledger import periods

    month = arguments.month
    if arguments.action != "list" and month is None:
        raise WrongUsage("Which month?", f"Give it: artui period {arguments.action} YYYY-MM.")
    with session(arguments) as opened:
        if arguments.action == "review":
            _review(arguments, periods.still_open(opened, month), periods.trail(opened, month))
            return 0
        if arguments.action != "list":
            periods.set_state(opened, month, _STATES[arguments.action], arguments.reason)
        rows = [{"month": period.month.strftime("%Y-%m"), "state": period.state, "reason": period.reason} for period in periods.periods(opened)]
    if arguments.format == "json":
        emit_json(arguments, {"periods": rows})
    else:
        emit_table(arguments, rows, [("month", "left"), ("state", "left"), ("reason", "left")])
    return 0


def _review(arguments: argparse.Namespace, found: tuple[StillOpen, ...], trail: tuple[Step, ...]) -> None:
    if arguments.format == "json":
        emit_json(arguments, {
            "month": arguments.month.strftime("%Y-%m"),
            "open": [{"what": row.what, "strands": row.strands, "number": row.number, "example": row.example, "currency": row.currency or None,
                      "amount": None if row.amount is None else money.plain(row.amount, row.currency)} for row in found],
            "trail": [{"state": step.state, "who": step.who, "at": step.at.isoformat(), "reason": step.reason} for step in trail],
        })  # fmt: skip
        return
    rows = [
        {"what": row.what.replace("_", " "), "number": str(row.number), "amount": "" if row.amount is None else money.spoken(row.amount, row.currency), "example": row.example,
         "closing": "would strand it" if row.strands else "leaves it"} for row in found
    ] + [{"what": step.state.replace("_", " "), "number": "", "amount": "", "example": step.who, "closing": f"{step.at:%Y-%m-%d %H:%M} {step.reason}".strip()} for step in trail]  # fmt: skip
    emit_table(arguments, rows, [("what", "left"), ("number", "right"), ("amount", "right"), ("example", "left"), ("closing", "left")])
