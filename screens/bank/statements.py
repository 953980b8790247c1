"""The statements of the bank: whether each is whole, how much of it waits, and reading in the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from artui.cash.statements import reading
from artui.cash.statements.matching import validate
from artui.cash.statements.reading import Finding, StatementRow
from artui.session import Session
from artui.text import counted
from screens.bank.entry_lines import account_words
from screens.bank.match import MatchPage
from screens.bank.reading_in import ReadInPanel
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Back,
    Clear,
    Command,
    Go,
    Help,
    Open,
    ReadIn,
    Reread,
    Validate,
    Waiting,
    Who,
)
from screens.layout import Column, words
from screens.live import Watch
from screens.safe import NOTHING, Line, Part, amount, day, line, part
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

MOST = 1000
ABOUT = 3
COLUMNS = (
    Column("Account", 9),
    Column("No.", 4, rank=1),
    Column("Until", 9),
    Column("Cur", 3),
    Column("Opening", 10, right=True),
    Column("Entries", 7, right=True, rank=2),
    Column("Net", 10, right=True, rank=3),
    Column("Closing", 10, right=True),
    Column("Open", 4, right=True),
    Column("State", 12),
    Column("File", 8, rank=4, grows=1, most=30),
)


class StatementsPage(WholePage[StatementRow], inherit_bindings=False):
    """The statements, the last read first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, ReadIn, Validate, Waiting, *LISTING, *SIDEWAYS)

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[Finding, ...] = ()

    @property
    def title_text(self) -> str:
        """Say how much waits."""
        waiting = sum(row.open for row in cast("Tuples[StatementRow]", self.rows.source).all) if self.is_mounted else 0
        return f"Bank statements, {counted(waiting, 'entry waits', 'entries wait')}" if waiting else "Bank statements"

    def job(self, session: Session) -> Sequence[StatementRow]:
        """Read them, and what does not fit between them."""
        self._findings = reading.findings(session)
        return reading.statements(session, limit=MOST)

    def laid_out(self, rows: Sequence[StatementRow]) -> Tuples[StatementRow]:
        """Draw a statement: one that does not tie stands out."""

        def cells(row: StatementRow) -> Sequence[Part]:
            return [
                part(account_words(row.account)), part(row.number), Part(day(row.to_on)) if row.to_on else Part(NOTHING), part(row.currency),
                Part(amount(row.opening, row.currency)) if row.opening is not None else Part(NOTHING), part(row.entries), Part(amount(row.net, row.currency)),
                Part(amount(row.closing, row.currency)) if row.closing is not None else Part(NOTHING), part(row.open or "-", "mark" if row.open else ""), _state(row), part(row.file),
            ]  # fmt: skip

        return Tuples(rows, COLUMNS, lambda row: row.id, cells, {0: lambda row: row.account, 2: lambda row: (row.to_on is not None, row.to_on), 8: lambda row: row.open, 9: lambda row: _state(row).text})

    def about(self, width: int) -> list[Line]:
        """Say of the statement under the cursor where it comes from, its own sum, and what does not fit."""
        row = self.rows.row if self.is_mounted else None
        if row is None or self.panel is not None:
            return []
        told = f"{row.account} {row.format}{f' {row.number}' if row.number else ''} from {row.file}, read by {row.imported_by}. {_sum(row)}"
        more = [row.faults, *(finding.message for finding in self._findings if finding.statement == row.id and finding.kind != "tie")]
        lines = [*words(told, width, look="wrong" if row.ties is False else ""), *words(" ".join(filter(None, more)), width, look="mark")]
        return [*lines[:ABOUT], *[line()] * (ABOUT - len(lines))]

    def empty(self) -> str:
        """Say how to begin."""
        return "No statement has been read: r reads one in."

    def status(self) -> str:
        """Say when there are more than are shown."""
        more = f"; the last {MOST}" if self.is_mounted and self.rows.count == MOST else ""
        return f"{super().status()}{more}"

    def watches(self) -> Watch:
        """Statements and entries."""
        return Watch(areas=frozenset({"bank_statement", "bank_entry"}))

    def why_not(self, command: type[Command]) -> str:
        """Reading in and validating need the right; validating a statement that ties."""
        row, right = self.rows.row, {ReadIn: "bank_statement", Validate: "bank_validate"}.get(command)
        if right is not None and (refused := self.may_not(right)):
            return refused
        if command is Validate:
            return "No statement has been read." if row is None else f"It is validated, by {row.validated_by}." if row.state == "validated" else ""
        return super().why_not(command)

    async def open_row(self, row: StatementRow) -> None:
        """Match its entries."""
        await self.app.push_screen(MatchPage(row))

    async def do_waiting(self) -> None:
        """Show what waits of all statements."""
        await self.app.push_screen(MatchPage())

    async def do_readin(self) -> None:
        """Ask for the file."""
        await self.open_panel(ReadInPanel())

    async def do_validate(self) -> None:
        """Say that it is whole; the books refuse one that does not tie."""
        row = cast("StatementRow", self.rows.row)
        await self.program.gateway.write(validate, row.id)
        self.do_reread()
        self.say(f"Statement {row.number or row.id} of {account_words(row.account)} is validated.")


def _state(row: StatementRow) -> Part:
    if row.state == "validated":
        return part("validated")
    return part("ties") if row.ties else part("one balance", "mark") if row.ties is None else part("DOES NOT TIE", "wrong")


def _sum(row: StatementRow) -> str:
    if row.opening is None or row.closing is None:
        return f"{row.words.capitalize()}: nothing says that it is whole."
    opening, net, closing = (amount(each, row.currency) for each in (row.opening, row.net, row.closing))
    if row.ties is False:
        return f"Opening {opening} and entries {net} make {amount(row.opening + row.net, row.currency)}, the bank says {closing}: {row.words}."
    return f"Opening {opening} and entries {net} make {closing}."
