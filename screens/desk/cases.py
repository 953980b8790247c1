"""The cases of one check, page by page; the fixing key opens what settles one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from artui.cash.statements import reading
from artui.ledger import cheques
from artui.ledger.discrepancies import Finding, Row, page_of_rows
from artui.ledger.items import Document, document
from artui.ledger.posting import posted
from artui.session import Session
from screens.bank.match import MatchPage
from screens.bank.reconcile import DifferencesPage
from screens.base import Page
from screens.cash.batch import BatchPage
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Apply,
    Back,
    Clear,
    Command,
    CreditNote,
    Go,
    Help,
    Identify,
    Mend,
    Open,
    Refund,
    Reread,
    Undo,
    Who,
)
from screens.desk.approvals import ApprovalsPage
from screens.layout import Column
from screens.ledger.correcting import Correcting
from screens.ledger.document import DocumentPage
from screens.ledger.subject import RIGHTS, Subject, of_document
from screens.people.card import CardPage
from screens.people.card_tabs import page_of
from screens.records.drafts import DraftsPage
from screens.safe import NOTHING, Part, amount, day, part
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import DateField, TextField
from screens.widgets.form import Form
from screens.widgets.listing import ListPage
from screens.widgets.rows import Ask, Order
from screens.widgets.seen import SeenPanel

COLUMNS = (
    Column("Since", 9),
    Column("Days", 5, right=True),
    Column("Document", 10),
    Column("Account", 7),
    Column("Name", 10, grows=2, most=40),
    Column("Cur", 3),
    Column("Amount", 11, right=True),
    Column("With", 6, rank=1, grows=1, most=14),
    Column("About", 10, rank=2, grows=2, most=60),
)
FIXES: Mapping[str, type[Command]] = {
    "unidentified_receipts": Identify, "unapplied_cash_over_5_days": Apply, "accounts_in_credit": Refund, "duplicate_receipts": Undo, "duplicate_invoices": CreditNote,
    "due_before_document_date": CreditNote, "lines_differ_from_amount": CreditNote,
}  # fmt: skip
"""The correction that settles a case of each check."""
_KINDS: Mapping[str, str] = {"duplicate_receipts": "receipt", "duplicate_invoices": "invoice", "due_before_document_date": "invoice", "lines_differ_from_amount": "invoice", "certificates_missing": "withholding"}
_PAPERS = ("cheques_to_deposit", "certificates_missing")
_BANK = ("bank_statements_not_tied", "bank_entries_undecided", "bank_differs_from_ledger")
_SCREENS: Mapping[str, Callable[[Row], Page]] = {
    "approvals_waiting": lambda row: ApprovalsPage(), "approved_by_their_maker": lambda row: ApprovalsPage(),
    "batches_open_over_1_day": lambda row: BatchPage(row.document), "own_drafts_over_1_day": lambda row: DraftsPage(),
}  # fmt: skip
"""The screen that settles a case of each check."""


class Cases:
    """The cases from the books, oldest first."""

    columns: Sequence[Column] = COLUMNS
    sorts: Mapping[int, str] = {}

    def __init__(self, of: Finding) -> None:
        self._of = of
        self._read = False

    def rows(self, session: Session | None, ask: Ask[Row]) -> Sequence[Row]:
        """Return a page."""
        known = ask.at or ask.after or ask.before
        return page_of_rows(cast("Session", session), self._of.name, page_of(ask, (known.since, known.key) if known else None))

    def count(self, session: Session | None, order: Order) -> int | None:
        """Return what the desk had counted; read again, how many there are now is known at the last one."""
        first, self._read = not self._read, True
        return self._of.findings if first and not order.narrow else None

    def key(self, row: Row) -> Hashable:
        """Return its key."""
        return row.key

    def cells(self, row: Row) -> Sequence[Part]:
        """Draw a case."""
        return [
            Part(day(row.since)), part(row.days), part(row.document), part(row.account), part(row.name), part(row.currency),
            Part(amount(row.amount, row.currency)) if row.amount is not None else Part(NOTHING), part(row.owner), part(row.detail),
        ]  # fmt: skip


class CasesPage(Correcting, ListPage[Row], inherit_bindings=False):
    """What one check has found."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, Mend, *LISTING, *SIDEWAYS)

    def __init__(self, of: Finding) -> None:
        super().__init__(Cases(of))
        self._of = of
        self._stood: Hashable = None
        self._settled: Hashable = None
        """The case the cursor stood on when the list was last read, and the one that was settled here last."""

    @property
    def title_text(self) -> str:
        """Name the check."""
        return self._of.title

    def status(self) -> str:
        """Say where the cursor is, and what fixes it."""
        return f"{super().status()}; f: {self._of.fix}." if self.is_mounted and self.rows.row is not None else super().status()

    def nothing(self) -> str:
        """Say that all is settled."""
        return "Nothing is left here." if self.is_mounted and self.rows.empty else ""

    def corrected(self) -> None:
        """Read the cases again: the one under the cursor was settled from here."""
        self._settled = self.rows.key
        self.do_reread()

    def do_reread(self) -> None:
        """Read the cases again."""
        self._stood = self.rows.key
        super().do_reread()

    def slid(self) -> bool:
        """Tell once that a case settled by somebody else went from under the cursor."""
        slid, self.rows.slid = self.rows.slid and self._stood != self._settled, False
        return slid

    def why_not(self, command: type[Command]) -> str:
        """A fix needs a row, the right, and something that can be done here."""
        if command is not Mend:
            return super().why_not(command)
        if self.rows.row is None:
            return "The list is empty."
        fix = FIXES.get(self._of.name)
        if fix is not None:
            return self.may_not(RIGHTS[fix])
        return "" if self._of.name in (*_SCREENS, *_PAPERS, *_BANK) else f"Not from here: {self._of.fix}."

    async def subject_for(self, command: type[Command]) -> Subject | None:
        """Return what the case is about: its document, or the account in credit."""
        row = cast("Row", self.rows.row)
        if row.amount is not None and command in (Identify, Refund):
            kind, number = ("receipt", row.document) if command is Identify else ("account", "")
            return Subject(number, kind, row.account, row.currency, row.amount, row.amount)
        return of_document(await self._behind(row))

    async def _behind(self, row: Row) -> Document:
        return await self.program.gateway.read(document, row.document, kind=_KINDS.get(self._of.name))

    async def do_mend(self) -> None:
        """Open what settles the case under the cursor."""
        row, fix = cast("Row", self.rows.row), FIXES.get(self._of.name)
        if self.slid():
            self.say(f"The cursor slid to {row.document or row.account or row.name}: the same key again acts on it.", "mark")
        elif fix is not None:
            await self.correct(fix)
        elif self._of.name in _SCREENS:
            await self.app.push_screen(_SCREENS[self._of.name](row), lambda _: self.corrected())
        elif self._of.name in _BANK:
            await self._at_the_bank(row)
        elif self._of.name == "cheques_to_deposit":
            await self._deposit(row)
        else:
            await self._certificate(row)

    async def _at_the_bank(self, row: Row) -> None:
        ident, gateway = int(row.key), self.program.gateway
        opened: Page
        if self._of.name == "bank_entries_undecided":
            opened = MatchPage(*await gateway.read(reading.shown_in, ident))
        elif self._of.name == "bank_statements_not_tied":
            opened = MatchPage(await gateway.read(reading.statement, ident))
        else:
            opened = DifferencesPage(ident)
        await self.app.push_screen(opened, lambda _: self.corrected())

    async def _deposit(self, row: Row) -> None:
        key, gateway = str(uuid.uuid4()), self.program.gateway

        async def act(answers: Mapping[str, Any]) -> str:
            done = await carried(gateway.write(cheques.deposit, key, int(row.key)), partial(gateway.read, posted, key))
            self._settled = row.key
            return f"Deposited: {done.document}."

        title = f"Deposit cheque {row.document} of {row.account} {row.name}, {row.currency} {amount(row.amount, row.currency) if row.amount is not None else ''}"
        await self.open_panel(SeenPanel(title, act=act, asks="F10 makes it a receipt of today and applies it as noted."))

    async def _certificate(self, row: Row) -> None:
        number = TextField("number", "Certificate", room=40, needed=True, help="The number on the paper.")
        dated = DateField("date", "Received", lambda: self.today, past=True, help="The day it came; empty: today.")

        async def act(answers: Mapping[str, Any]) -> str:
            await self.program.gateway.write(cheques.receive_certificate, row.document, answers["number"], answers["date"])
            self._settled = row.key
            return f"Certificate {answers['number']} is kept with {row.document}."

        await self.open_panel(ActPanel(f"Certificate for {row.document} of {row.account} {row.name}", Form([number, dated]), act, asks="F10 keeps it."))

    async def open_row(self, row: Row) -> None:
        """Open the document, or the account."""
        if self._of.name in _SCREENS:
            await self.app.push_screen(_SCREENS[self._of.name](row), lambda _: self.corrected())
        elif self._of.name in _BANK:
            await self._at_the_bank(row)
        elif row.document and self._of.name != "cheques_to_deposit":
            await self.app.push_screen(DocumentPage((await self._behind(row)).id), lambda _: self.corrected())
        elif row.account:
            await self.app.push_screen(CardPage("customer", row.account), lambda _: self.corrected())
        else:
            self.say(f"{self._of.fix.capitalize()}.")


