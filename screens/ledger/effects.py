"""What a correction does, as lines: who must approve it, which items it moves, what it books."""

from __future__ import annotations

from collections.abc import Sequence

from artui.ledger.corrections import Booked, Effects, Moved
from artui.ledger.items import JournalLine
from screens.layout import Column, table, words
from screens.safe import Line, Part, amount, day, part

_ITEMS = (
    Column("Item", 10, grows=1, most=24),
    Column("Account", 7, rank=1),
    Column("Due", 9, rank=3),
    Column("Cur", 3),
    Column("Open now", 11, right=True),
    Column("After", 11, right=True),
    Column("", 10),
)
_LINES = (
    Column("Books", 16, grows=1, most=30),
    Column("On", 9, rank=2),
    Column("Ledger", 6),
    Column("Name", 12, grows=2, most=40, rank=1),
    Column("Cur", 3),
    Column("Debit", 11, right=True),
    Column("Credit", 11, right=True),
)


def effect_lines(shown: Effects, width: int) -> list[Line]:
    """Draw the effects: the approval first, then items, then ledger lines."""
    lines: list[Line] = []
    if shown.needs_approval:
        lines += words(approval_words(shown), width, margin="   ", look="mark")
    moved = [item for item in shown.items if item.before != item.after]
    if moved:
        heading, rows = table(_ITEMS, [_item(item) for item in moved], width)
        lines += [heading, *rows]
    booked = [(document, posted) for document in shown.documents for posted in document.lines]
    if booked:
        heading, rows = table(_LINES, [_line(document, posted is document.lines[0], posted, shown.currency) for document, posted in booked], width)
        lines += [heading, *rows]
    return lines or words("The ledger stays as it is.", width, margin="   ")


def approval_words(shown: Effects) -> str:
    """Say who may decide."""
    return f"Waits for a second person: {either(shown.deciders)} may decide." if shown.deciders else "Waits for a second person, and nobody else may decide it: tell your controller."


def either(names: Sequence[str]) -> str:
    """List people: "karel, olga or viktor"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else "nobody"


def _item(item: Moved) -> list[Part]:
    return [
        part(item.document), part(item.account), Part(day(item.due)), part(item.currency), Part(amount(item.before, item.currency)),
        Part(amount(item.after, item.currency), "strong"), part(_became(item)),
    ]  # fmt: skip


def _became(item: Moved) -> str:
    if item.new:
        return "new"
    return "closed" if item.closed else "open again" if item.reopened else "less"


EVENTS = {"nsf_fee": "fee for a return"}
"""What is booked, where its code says it in jargon."""


def _line(document: Booked, first: bool, posted: JournalLine, own: str) -> list[Part]:
    what = EVENTS.get(document.event) or document.event.replace("_", " ")
    # a difference of rates moves nothing but the company's own currency
    code, value = (own, posted.base) if not posted.amount and posted.base and own else (posted.currency, posted.amount)
    return [
        part(what if first else ""), Part(day(document.date)) if first else part(""), part(posted.gl), part(posted.name), part(code),
        Part(amount(value, code)) if value > 0 else part(""), Part(amount(-value, code)) if value < 0 else part(""),
    ]  # fmt: skip


def happened(shown: Effects) -> str:
    """Say afterwards what came of it: what is open again, what is closed, which fee was charged."""
    told = []
    for item in shown.items:
        if item.new:
            continue
        if item.closed:
            told.append(f"{item.document} closed")
        elif item.before != item.after:
            told.append(f"{item.document} open {amount(item.after, item.currency)}")
    told += [f"fee {amount(fee.amount, fee.currency)} charged" for fee in shown.fees]
    more = len(told) - 4
    return f" {', '.join(told[:4])}{f' and {more} more' if more > 0 else ''}." if told else ""
