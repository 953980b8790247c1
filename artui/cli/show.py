"""`artui show`: one customer or vendor."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from artui import money
from artui.cli.common import a_date, add_command, emit, emit_json, session
from artui.text import safe

if TYPE_CHECKING:
    from artui.people.card import Card


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "show", "show one customer or vendor", formats=("table", "json"))
    parser.add_argument("number")
    parser.add_argument("--kind", choices=("customer", "vendor"))
    parser.add_argument("--as-of", type=a_date, metavar="D", help="as things stood at the end of that day")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print identity, contacts, balances, open items and the latest contacts."""
    from artui.people.card import card, find_account

    with session(arguments) as opened:
        kind, number = find_account(opened, arguments.number, arguments.kind)
        shown = card(opened, kind, number, arguments.as_of)
    if arguments.format == "json":
        emit_json(arguments, as_json(shown))
    else:
        emit(arguments, as_text(shown))
    return 0


def as_json(shown: Card) -> dict[str, Any]:
    """Return the card as scripts read it."""

    def plain(amount: Decimal, code: str) -> str:
        return money.plain(amount, code)

    return {
        "kind": shown.kind, "number": shown.number, "name": shown.name, "as_of": shown.as_of.isoformat(), "currency": shown.currency, "terms": shown.terms,
        "status": shown.status, "hold": shown.hold, "collector": shown.collector, "tax_id": shown.tax_id, "country": shown.country, "address": shown.address,
        "credit_limit": None if shown.credit_limit is None else plain(shown.credit_limit, shown.currency),
        "balance": {b.currency: plain(b.total, b.currency) for b in shown.balances},
        "past_due": {b.currency: plain(b.past_due, b.currency) for b in shown.balances},
        "unapplied": {b.currency: plain(b.unapplied, b.currency) for b in shown.balances},
        "oldest_days": shown.oldest_days,
        "contacts": [{"name": p.name, "title": p.title, "purpose": p.purpose, "reached_at": [{"type": t, "value": v} for t, v in p.reached_at]} for p in shown.people],
        "items": [item.as_json() for item in shown.items], "items_count": shown.items_count, "promises": [],
        "activity": [{"at": c.happened_at.isoformat(), "by": c.by, "direction": c.direction, "channel": c.channel, "outcome": c.outcome, "note": c.note} for c in shown.contacts],
        "group": [{"kind": m.kind, "number": m.number, "name": m.name} for m in shown.group],
    }  # fmt: skip


def as_text(shown: Card) -> str:
    """Return the card as a person reads it."""
    lines = [
        f"{shown.number} {safe(shown.name)}  ({shown.kind}{', ' + shown.status if shown.status != 'active' else ''}{', HOLD: ' + safe(shown.hold) if shown.hold else ''})"
    ]
    lines += [safe(shown.address)] if shown.address else []
    for balance in shown.balances:
        code = balance.currency
        late = money.display(balance.past_due, code)
        lines.append(
            f"{code} {money.display(balance.total, code)}   past due {late}   unapplied {money.display(balance.unapplied, code)}"
        )
    if not shown.balances:
        lines.append("Nothing is open.")
    if shown.last_paid:
        day, amount, code, reference = shown.last_paid
        lines.append(
            f"last paid {money.spoken(amount, code)} on {day.isoformat()} ({safe(reference)})"
        )
    for person in shown.people:
        ways = "  ".join(f"{kind} {safe(value)}" for kind, value in person.reached_at)
        lines.append(f"{safe(person.name)} {safe(person.title)} [{person.purpose}]  {ways}".strip())
    if shown.items:
        lines += ["", f"{'document':<16} {'date':<10} {'due':<10} {'days':>5} {'open':>18} cur"]
        lines += [
            f"{safe(i.document):<16} {i.date} {i.due} {i.days:>5} {money.display(i.open, i.currency):>18} {i.currency}{'  D' if i.disputed else ''}"
            for i in shown.items
        ]
        if shown.items_count > len(shown.items):
            lines.append(f"... {shown.items_count - len(shown.items)} more: artui items {shown.number}")
    lines += [""] * bool(shown.contacts)
    lines += [f"{c.happened_at.date()} {c.outcome}  {safe(c.note)}  ({c.by})" for c in shown.contacts]
    return "\n".join(lines)
