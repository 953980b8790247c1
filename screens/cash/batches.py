"""The batches: receipts of one deposit, each with its control figures; a new one is opened here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from artui.cash.batch import Batch, batches
from artui.session import Session
from screens.cash.batch import BatchPage
from screens.cash.control import ask_new
from screens.commands import LISTING, SIDEWAYS, All, Back, Clear, Command, Go, Help, New, Open, Reread, Who
from screens.layout import Column
from screens.live import Watch
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("Batch", 8),
    Column("Deposit", 9),
    Column("Bank", 6, grows=1, most=30),
    Column("Cur", 3),
    Column("Control", 11, right=True),
    Column("Left", 11, right=True),
    Column("Papers", 6, right=True, rank=2),
    Column("State", 8),
    Column("By", 5, rank=3, grows=1, most=12),
)


class BatchesPage(WholePage[Batch], inherit_bindings=False):
    """Batches that are not posted, or all."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, All, Open, *LISTING, *SIDEWAYS)

    def __init__(self, *, new: bool = False) -> None:
        super().__init__()
        self._all = False
        self._goes_on = new

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Batches" if self._all else "Batches to post"

    async def on_mount(self) -> None:
        """Go on with a new batch that was left, when that is what the screen was opened for."""
        if self._goes_on:
            self.begin_with(self.do_new)

    def job(self, session: Session) -> Sequence[Batch]:
        """Read them."""
        return batches(session, posted=self._all)

    def laid_out(self, rows: Sequence[Batch]) -> Tuples[Batch]:
        """Draw a batch."""

        def cells(row: Batch) -> Sequence[Part]:
            return [
                part(row.number), Part(day(row.deposit_on)), part(row.bank), part(row.currency), Part(amount(row.control_total, row.currency)),
                Part(amount(row.difference, row.currency), "" if row.balanced else "late"), part(f"{row.entered_count} of {row.control_count}"), part(row.state, "strong" if row.balanced else ""), part(row.opened_by),
            ]  # fmt: skip

        return Tuples(rows, COLUMNS, lambda row: row.number, cells, {0: lambda row: row.number, 1: lambda row: row.deposit_on, 4: lambda row: (row.currency, row.control_total)})

    def empty(self) -> str:
        """Nothing waits."""
        return "No batch was opened yet: F6 opens one." if self._all else "No batch waits to be posted: F6 opens one, F8 shows all."

    def list_foot(self, width: int) -> Sequence[Line]:
        """Leave the foot empty."""
        return (line(),)

    def watches(self) -> Watch:
        """Batches."""
        return Watch(areas=frozenset({"batch", "batch_receipt"}))

    def why_not(self, command: type[Command]) -> str:
        """A batch is opened by who may post receipts."""
        return self.may_not("receipt") if command is New else super().why_not(command)

    def do_all(self) -> None:
        """Show all, or those to post."""
        self._all = not self._all
        self.answered = False
        self.do_reread()

    async def open_row(self, row: Batch) -> None:
        """Open a batch."""
        await self.app.push_screen(BatchPage(row.number), lambda _: self.do_reread())

    async def do_new(self) -> None:
        """Ask for the deposit slip and open a batch."""
        await ask_new(self, self.open_row)
