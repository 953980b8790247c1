"""The batches: receipts of one deposit, each with its control figures; a new one is opened here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from artui.cash.batch import Batch, batches, open_batch
from artui.errors import BadInput
from artui.ledger.posting import key_for
from artui.session import Session
from screens.cash.batch import BatchPage
from screens.commands import LISTING, SIDEWAYS, All, Back, Clear, Command, Go, Help, New, Open, Reread, Who
from screens.layout import Column
from screens.live import Watch
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import DateField, MoneyField, ReadField, TextField
from screens.widgets.form import Form
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


def count(text: str) -> int:
    """Read how many receipts there are. Raises BadInput."""
    if not text.isdigit() or not 0 < int(text) <= 9999:
        raise BadInput(f"{text!r} is no number of receipts.", "Type how many papers the deposit has.")
    return int(text)


def control_fields(currency: str) -> list[Any]:
    """Return the fields of control figures: the sum and the number."""
    return [
        MoneyField("total", "Control total", currency, room=44, needed=True, help="The sum on the deposit slip."),
        ReadField("count", "Receipts", count, needed=True, help="How many receipts the deposit has."),
    ]


class BatchesPage(WholePage[Batch], inherit_bindings=False):
    """Batches that are not posted, or all."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, All, Open, *LISTING, *SIDEWAYS)

    def __init__(self) -> None:
        super().__init__()
        self._all = False

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Batches" if self._all else "Batches to post"

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
        own, run = self.own_currency, str(uuid.uuid4())
        bank = TextField("bank", "Bank", room=44, help="Where it is paid in.")
        deposit = DateField("deposit", "Deposit", lambda: self.today, help="The day it is paid in; empty: today.")
        # the currency is asked first: the total is read in it
        currency = TextField("currency", "Currency", help=f"Three letters; empty: {own}.")
        total, papers = control_fields(own)

        async def act(answers: Mapping[str, Any]) -> str:
            code = (answers["currency"] or own).upper()
            total.in_currency(code)
            if total.trouble:
                raise BadInput(total.trouble)
            asked = {"bank": answers["bank"] or "", "deposit_on": answers["deposit"] or self.today, "currency": code, "control_total": total.answer, "control_count": answers["count"]}
            gateway, key = self.program.gateway, key_for(run, asked)
            opened = await carried(gateway.write(open_batch, **asked, key=key), partial(gateway.read, open_batch, **asked, key=key))    # again under its key: opened once
            self.app.call_later(self.open_row, opened)
            return f"{opened.number} is open."

        await self.open_panel(ActPanel("Open a batch", Form([bank, deposit], currency, [total, papers]), act, doing="Opening", asks="F10 opens it."))
