"""Post-dated cheques: what is to be paid in today, all that are held, one marked or all due, a new one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, cast

from artui import money
from artui.ledger import cheques
from artui.ledger.cheques import Cheque
from artui.ledger.posting import posted
from artui.session import Session
from screens.commands import (
    LISTING,
    SIDEWAYS,
    All,
    Back,
    Clear,
    Command,
    Go,
    Help,
    MarkDue,
    New,
    Open,
    Reread,
    Who,
)
from screens.layout import Column, flow
from screens.people.card import CardPage
from screens.progress import Progress
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.act import carried
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("Pay in", 9), Column("Cheque", 8), Column("Account", 7), Column("Name", 10, grows=2, most=40), Column("Cur", 3), Column("Amount", 11, right=True), Column("Bank", 6, rank=2, grows=1, most=24),
    Column("State", 9, rank=1), Column("Note", 6, rank=3, grows=1, most=40),
)  # fmt: skip


class ChequesPage(WholePage[Cheque], inherit_bindings=False):
    """Cheques by their day."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, All, Open, MarkDue, *LISTING, *SIDEWAYS)
    OPTIONS: ClassVar = {"d": "deposit", "h": "hand back"}

    def __init__(self) -> None:
        super().__init__()
        self._everything = False
        self._sent_as: dict[int, str] = {}
        """The key each deposit is sent under: sent again after a lost answer it is the same."""
        self._told: list[str] = []
        """What became of the cheques of this pass."""

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Cheques: all that were taken" if self._everything else "Cheques held"

    def job(self, session: Session) -> Sequence[Cheque]:
        """Read them."""
        return cheques.every(session, settled=self._everything)

    def laid_out(self, rows: Sequence[Cheque]) -> Tuples[Cheque]:
        """Draw a cheque; what may be paid in today stands out."""

        def cells(row: Cheque) -> Sequence[Part]:
            due = self._due(row)
            return [
                Part(day(row.deposit_on), "strong" if due else ""), part(row.cheque), part(row.account), part(row.name), part(row.currency), Part(amount(row.amount, row.currency)), part(row.bank),
                part("to pay in" if due else row.state.replace("_", " "), "mark" if due else ""), part(row.note),
            ]  # fmt: skip

        return Tuples(rows, COLUMNS, lambda row: row.number, cells, {0: lambda row: row.deposit_on, 1: lambda row: row.cheque, 2: lambda row: row.account, 5: lambda row: (row.currency, row.amount)})

    def _due(self, row: Cheque) -> bool:
        return row.state == "held" and row.deposit_on <= self.today

    @property
    def _all(self) -> Sequence[Cheque]:
        return cast("Tuples[Cheque]", self.rows.source).all

    def about(self, width: int) -> list[Line]:
        """Say how much may be paid in today, in each currency."""
        due = [row for row in self._all if self._due(row)] if self.is_mounted and self.answered else []
        sums = [line(f"{code} ", Part(amount(total, code), "strong")) for code, total in money.by_currency((row.currency, row.amount) for row in due).items()]
        return flow([line(f"{len(due)} to pay in today"), *sums], width)[:1] if due else []

    def empty(self) -> str:
        """None is held."""
        return "No cheque is held. F6 takes one in."

    def why_not(self, command: type[Command]) -> str:
        """Cheques are for those who take payments."""
        if command in (New, MarkDue) and (refused := self.may_not("receipt")):
            return refused
        if command is MarkDue and not any(self._due(row) for row in self._all):
            return "No cheque is to be paid in today."
        return super().why_not(command)

    def do_all(self) -> None:
        """Show those paid in or handed back, too, or only what is held."""
        self._everything = not self._everything
        self.do_reread()

    def do_markdue(self) -> None:
        """Mark every cheque whose day has come."""
        for row in self._all:
            if self._due(row):
                self.rows.options.setdefault(row.number, "d")
        self.rows.repaint()
        self.refresh_foot()

    async def do_new(self) -> None:
        """Take a cheque in."""
        from screens.entry.papers import enter_paper

        await enter_paper(self, "cheque", None, self._taken)

    def _taken(self, told: str) -> None:
        self.do_reread()
        self.say(told)

    async def _run_options(self, progress: Progress) -> str:
        self._told.clear()
        ended = await super()._run_options(progress)
        return ended if progress.stopped or not self._told else " ".join(self._told) if len(self._told) == 1 else f"{ended} {' '.join(self._told)}"

    async def run_option(self, option: str, row: Cheque) -> None:
        """Pay a cheque in or hand it back; raises what refuses it."""
        gateway = self.program.gateway
        if option == "h":
            await gateway.write(cheques.hand_back, row.number)
            self._told.append(f"Cheque {row.cheque} is handed back.")
        else:
            key = self._sent_as.setdefault(row.number, str(uuid.uuid4()))
            answer = await carried(gateway.write(cheques.deposit, key, row.number), partial(gateway.read, posted, key))
            del self._sent_as[row.number]      # paid in; paid in again, after that was reversed, it is another deposit
            self._told.append(f"Cheque {row.cheque} is paid in as {answer.document}: {row.currency} {amount(row.amount, row.currency)}.")
        self.do_reread()

    async def open_row(self, row: Cheque) -> None:
        """Open the account."""
        await self.app.push_screen(CardPage("customer", row.account))
