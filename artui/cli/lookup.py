"""`artui lookup`: who is calling."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import add_command, emit_json, emit_table, session


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(
        commands, "lookup", "find accounts by name, number, phone, document, =amount, tax id or e-mail"
    )
    parser.add_argument("text", nargs="+", help="anything known of the account")
    parser.add_argument("--limit", type=int, default=20, metavar="N")
    parser.add_argument("--kind", choices=("customer", "vendor", "all"), default="all")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the hits, best first."""
    from artui import money
    from artui.people.lookup import find

    query = " ".join(arguments.text)
    with session(arguments) as opened:
        hits = find(opened, query, arguments.limit, arguments.kind)
    if arguments.format == "json":
        emit_json(arguments, {"query": query, "hits": [hit.as_json() for hit in hits]})
        return 0
    rows = []
    for hit in hits:
        for code in hit.balance or ("",):
            rows.append(
                {
                    "kind": hit.kind, "number": hit.number, "name": hit.name, "city": hit.city, "currency": code,
                    "balance": money.display(hit.balance[code], code) if code else "", "past_due": money.display(hit.past_due[code], code) if code else "",
                    "days": str(hit.oldest_days) if hit.oldest_days is not None and hit.oldest_days > 0 else "", "flags": " ".join(hit.flags), "matched": hit.matched_on,
                }
            )  # fmt: skip
    left = [(name, "left") for name in ("kind", "number", "name", "city", "currency")]
    emit_table(
        arguments,
        rows,
        [
            *left,
            ("balance", "right"),
            ("past_due", "right"),
            ("days", "right"),
            ("flags", "left"),
            ("matched", "left"),
        ],
    )
    return 0
