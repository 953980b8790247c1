"""`artui terms`: payment terms and the schedules they give."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import a_date, add_command, emit_json, emit_table, session
from artui.errors import BadInput


def register(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser(
        "terms", help="payment terms", description="Payment terms and the schedules they give."
    ).add_subparsers(dest="action", required=True)
    due = add_command(group, "due", "print when an amount falls due under a code or a rule")
    due.add_argument(
        "rule", metavar="RULE", help='a code, or a rule such as \'[{"months": 1}, {"day": 15}]\''
    )
    due.add_argument("date", type=a_date, metavar="DATE")
    due.add_argument("amount", metavar="AMOUNT")
    due.add_argument("--currency", metavar="CUR")
    due.set_defaults(run=run_due)
    add_command(group, "list", "list the codes").set_defaults(run=run_list)


def run_due(arguments: argparse.Namespace) -> int:
    """Print the schedule; a rule written out needs no database."""
    from artui import money
    from artui.ledger.terms import parse_terms, schedule

    rule = arguments.rule
    currency = arguments.currency
    if not rule.lstrip().startswith(("[", "{")):
        with session(arguments) as opened:
            rows = opened.query("SELECT rule FROM terms WHERE code = %s", (rule,))
            currency = currency or opened.currency
        if not rows:
            raise BadInput(f"There are no terms {rule}.", "artui terms list shows them.")
        rule = rows[0][0]
    currency = currency or "USD"
    amount = money.round_half_up(money.parse_amount(arguments.amount, decimal=".").amount, currency)
    parts = schedule(parse_terms(rule), arguments.date, amount, currency)
    rows_out = [{"due": part.due.isoformat(), "amount": money.plain(part.amount, currency)} for part in parts]
    if arguments.format == "json":
        emit_json(
            arguments,
            {
                "date": arguments.date.isoformat(),
                "amount": money.plain(amount, currency),
                "currency": currency,
                "schedule": rows_out,
            },
        )
    else:
        emit_table(arguments, rows_out, [("due", "left"), ("amount", "right")])
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Print every code with its name and rule."""
    import json

    with session(arguments) as opened:
        rows = [
            {"code": code, "name": name, "rule": json.dumps(rule)}
            for code, name, rule in opened.query("SELECT code, name, rule FROM terms ORDER BY code")
        ]
    if arguments.format == "json":
        emit_json(arguments, {"terms": [{**row, "rule": json.loads(row["rule"])} for row in rows]})
    else:
        emit_table(arguments, rows, [("code", "left"), ("name", "left"), ("rule", "left")])
    return 0
