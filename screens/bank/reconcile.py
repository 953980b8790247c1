"""The bank against the ledger on any day: what each says, and every entry and document that explains the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from artui.cash.statements.reading import shown_in
from artui.cash.statements.reconciling import Loose, Reconciliation, all_accounts, reconcile
from artui.ledger.items import document
from artui.session import Session
from screens.bank.entry_lines import account_words
from screens.bank.match import MatchPage
from screens.commands import (
    LISTING,
    SIDEWAYS,
    AsOf,
    Back,
    Clear,
    Command,
    DayAfter,
    DayBefore,
    Go,
    Help,
    Open,
    Reread,
    Who,
)
from screens.layout import Column, table, words
from screens.ledger.document import DocumentPage
from screens.live import Watch
from screens.safe import NOTHING, Line, Part, amount, day, line, part, weekday
from screens.widgets.act import ActPanel
from screens.widgets.field import DateField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.whole import R, WholePage

MOST = 1000
WATCHED = frozenset({"bank_entry", "bank_statement"})
_ACCOUNTS = (
    Column("Account", 12, grows=1, most=34),
    Column("Ledger", 6, rank=1),
    Column("Cur", 3),
    Column("Bank", 12, right=True),
    Column("Ledger", 12, right=True),
    Column("Difference", 11, right=True),
    Column("Known until", 11, rank=2),
    Column("", 10),
)
_LOOSE = (Column("Day", 9), Column("Amount", 12, right=True), Column("Only", 12), Column("Document", 10), Column("What", 14, grows=1, most=90))
_SUMS = (Column("", 40, grows=1, most=60), Column("", 14, right=True))


class DatedPage(WholePage[R], inherit_bindings=False):
    """A list as of a day that is changed by keys."""

    def __init__(self, as_of: dt.date | None = None) -> None:
        self._as_of = as_of
        super().__init__()

    @property
    def as_of(self) -> dt.date:
        """The day: that of the books until another is asked for."""
        session = self.program.session
        return self._as_of or (session.today if session is not None else dt.date.min)

    def watches(self) -> Watch:
        """What the bank shows; F5 reads the ledger again."""
        return Watch(areas=WATCHED)

    def do_daybefore(self) -> None:
        """Go to the day before."""
        self._go_to_day(self.as_of - dt.timedelta(1))

    def do_dayafter(self) -> None:
        """Go to the day after."""
        self._go_to_day(self.as_of + dt.timedelta(1))

    async def do_asof(self) -> None:
        """Ask for the day."""
        field = DateField("day", "As of", lambda: self.as_of, room=40, needed=True, past=True)

        async def act(answers: Mapping[str, Any]) -> str:
            self._as_of = answers["day"]
            return ""

        await self.open_panel(ActPanel("As of which day?", Form(field), act, doing="Reading", asks="F10 shows that day."))

    def _go_to_day(self, wanted: dt.date) -> None:
        self._as_of = wanted
        self.do_reread()


class AccountsPage(DatedPage[tuple[int, Reconciliation]], inherit_bindings=False):
    """Our accounts at banks, each against its ledger account."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, AsOf, DayBefore, DayAfter, *LISTING, *SIDEWAYS)

    @property
    def title_text(self) -> str:
        """Name the day."""
        return f"Bank against ledger, {weekday(self.as_of)}"

    def job(self, session: Session) -> Sequence[tuple[int, Reconciliation]]:
        """Hold them against each other."""
        return all_accounts(session, self.as_of)

    def laid_out(self, rows: Sequence[tuple[int, Reconciliation]]) -> Tuples[tuple[int, Reconciliation]]:
        """Draw an account: what nothing explains stands out."""

        def cells(row: tuple[int, Reconciliation]) -> Sequence[Part]:
            held = row[1]
            return [
                part(held.account), part(held.gl), part(held.currency), _sum(held.bank, held.currency), _sum(held.ledger, held.currency), _sum(held.difference, held.currency),
                Part(day(held.through)) if held.through else Part(NOTHING), _verdict(held),
            ]  # fmt: skip

        return Tuples(rows, _ACCOUNTS, lambda row: row[0], cells, {0: lambda row: row[1].account, 2: lambda row: row[1].currency})

    def empty(self) -> str:
        """Say how to begin."""
        return "No bank has sent a statement yet: F7 bank, r reads one in."

    async def open_row(self, row: tuple[int, Reconciliation]) -> None:
        """Show what explains the difference."""
        await self.app.push_screen(DifferencesPage(row[0], self.as_of))


class DifferencesPage(DatedPage[Loose], inherit_bindings=False):
    """One account: both balances, what lies between them, and each entry and document of it."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, AsOf, DayBefore, DayAfter, *LISTING, *SIDEWAYS)

    def __init__(self, account: int, as_of: dt.date | None = None) -> None:
        self._account = account
        self._held: Reconciliation | None = None
        super().__init__(as_of)

    @property
    def title_text(self) -> str:
        """Name the account and the day."""
        return f"{account_words(self._held.account) if self._held else 'Bank'} against ledger, {weekday(self.as_of)}"

    def job(self, session: Session) -> Sequence[Loose]:
        """Hold them against each other."""
        self._held = reconcile(session, self._account, self.as_of, limit=MOST)
        return (*self._held.on_statement_only, *self._held.in_books_only)

    def laid_out(self, rows: Sequence[Loose]) -> Tuples[Loose]:
        """Draw an entry nothing stands for, or a document the bank has not shown."""
        code = self._held.currency if self._held else ""

        def cells(row: Loose) -> Sequence[Part]:
            return [Part(day(row.on)), Part(amount(row.amount, code), "strong"), part("at the bank" if row.entry else "in the books", "mark" if row.entry else ""), part(row.document), part(row.words)]

        return Tuples(rows, _LOOSE, lambda row: (row.entry, row.document), cells, {0: lambda row: row.on, 1: lambda row: row.amount, 2: lambda row: row.entry > 0})

    def list_head(self, width: int) -> Sequence[Line]:
        """Draw the way from the bank's balance to the ledger's."""
        held = self._held if self.is_mounted else None
        if held is None:
            return ()
        if held.bank is None:
            return words(f"The bank is known only after {day(self.as_of).strip()}; the ledger says {held.currency} {amount(held.ledger, held.currency)}.", width, margin="   ")
        told = [
            (f"The bank says, {held.currency}", held.bank),
            (f"less entries not booked ({_count(held.on_statement_only)})", -held.unbooked),
            (f"plus documents the bank has not shown ({_count(held.in_books_only)})", held.uncleared),
            ("less what stood there before the first statement", -held.before),
            (f"Ledger account {held.gl}", held.ledger),
        ]
        _, lines = table(_SUMS, [[part(what, "strong" if place in (0, 4) else ""), Part(amount(value, held.currency), "strong" if place in (0, 4) else "")] for place, (what, value) in enumerate(told)], min(width, 80))
        verdict = "The difference is explained to the cent." if held.ties else f"Nothing explains {held.currency} {amount(held.off, held.currency)}: call whoever keeps the database."
        until = f" The bank is known until {day(held.through).strip()}." if held.through is not None and held.through < self.as_of else ""
        return [*lines, *words(verdict + until, width, margin="   ", look="" if held.ties else "wrong"), line()]

    def empty(self) -> str:
        """Say that nothing lies between them."""
        return "Nothing lies between the bank and the ledger." if self._held is not None and self._held.difference == 0 else "No entry and no document lies between them."

    async def open_row(self, row: Loose) -> None:
        """Open the entry where it is matched, or the document."""
        gateway = self.program.gateway
        if row.entry:
            statement, entry = await gateway.read(shown_in, row.entry)
            await self.app.push_screen(MatchPage(statement, entry), lambda _: self.do_reread())
        else:
            found = await gateway.read(document, row.document)
            await self.app.push_screen(DocumentPage(found.id), lambda _: self.do_reread())


def _sum(value: Any, code: str) -> Part:
    return Part(NOTHING) if value is None else Part(amount(value, code))


def _verdict(held: Reconciliation) -> Part:
    if held.bank is None:
        return part("not known", "off")
    return part("explained" if held.difference else "agree") if held.ties else part("NOT EXPLAINED", "wrong")


def _count(rows: Sequence[Loose]) -> str:
    return f"{MOST} and more" if len(rows) >= MOST else str(len(rows))
