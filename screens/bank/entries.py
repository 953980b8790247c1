"""The entries of the bank as a list, and those of them that are certain."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

from artui.cash.statements import choices, reading
from artui.cash.statements.reading import EntryRow
from artui.db.gateway import Tell
from artui.ledger.paging import Page as Stretch
from artui.session import Session
from artui.text import mask_cards
from screens.bank.entry_lines import COLUMNS, account_words, state_words
from screens.bank.plans import Plan, plan
from screens.layout import Column
from screens.people.card_tabs import page_of
from screens.safe import Part, amount, day, part
from screens.widgets.rows import Ask, Order

MOST_CERTAIN = 5_000
"""Entries looked into at once."""


class Entries:
    """The entries of a statement in the bank's order, or of all that wait by day."""

    sorts: Mapping[int, str] = {}

    def __init__(self, statement: int | None, *, waiting: bool) -> None:
        self.statement, self.waiting = statement, waiting
        self.columns: Sequence[Column] = COLUMNS if statement is not None else (Column("Account", 9, rank=2), *COLUMNS)

    def rows(self, session: Session | None, ask: Ask[EntryRow]) -> Sequence[EntryRow]:
        """Return a page."""
        known = ask.at or ask.after or ask.before
        edge = None if known is None else (known.booked_on if self.statement is None else known.place, known.id)
        return reading.page_of_entries(cast("Session", session), page_of(ask, edge), statement=self.statement, waiting=self.waiting)

    def count(self, session: Session | None, order: Order) -> int | None:
        """It is known at the end."""
        return None

    def key(self, row: EntryRow) -> Hashable:
        """Return its number in the books."""
        return row.id

    def cells(self, row: EntryRow) -> Sequence[Part]:
        """Draw an entry: money in is strong, what is decided dimmed."""
        look = "off" if row.state in ("booked", "ignored") else ""
        ours = [] if self.statement is not None else [part(account_words(row.account), look)]
        return [
            *ours, Part(day(row.booked_on), look), part(row.currency, look), Part(amount(row.amount, row.currency), look or ("strong" if row.amount > 0 else "")),
            part(mask_cards(row.name), look), part(mask_cards(row.text), look), state_words(row),
        ]  # fmt: skip


def certain(session: Session, tell: Tell, statement: int | None) -> tuple[Plan, ...]:
    """Look into every open entry and plan those whose first choice is certain."""
    waiting = [row for row in reading.page_of_entries(session, Stretch(MOST_CERTAIN), statement=statement, waiting=True) if row.state == "open" and row.amount > 0]
    found = []
    for place, row in enumerate(waiting):
        tell(place + 1, len(waiting))
        known = choices.choices(session, row.id)
        if known.certain is not None:
            found.append(plan(known, "a"))
    return tuple(found)
