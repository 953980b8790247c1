"""One batch: its receipts, what is still missing, posted when it agrees."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from artui.cash.batch import Batch, BatchLine, batch, post_batch, reverse_batch, take_from_batch
from artui.ledger.items import document
from artui.ledger.posting import key_for
from artui.session import Session
from artui.text import counted
from screens.cash.control import ask_again
from screens.cash.outgoing import Outgoing
from screens.cash.payment import PaymentPage
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Back,
    Clear,
    Command,
    Control,
    Done,
    Go,
    Help,
    New,
    Open,
    Reread,
    ReverseBatch,
    Who,
)
from screens.layout import Column, edges, flow
from screens.ledger.document import DocumentPage
from screens.live import Watch
from screens.progress import Progress
from screens.safe import Line, Part, amount, cut, day, line, line_width, part, shown
from screens.sheet import Drawn, Sheet
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("Line", 4, right=True),
    Column("Account", 7),
    Column("Name", 18, grows=2, most=40),
    Column("Number", 8, grows=1, most=20),
    Column("By", 6, rank=3),
    Column("Received", 9, rank=2),
    Column("Amount", 11, right=True),
    Column("Items", 5, right=True),
    Column("Receipt", 10, rank=1),
    Column("Entered", 7, rank=4, grows=1, most=12),
)
MOST = 20
"""Documents of one receipt that are named below the list."""


def head_line(of: Batch, width: int) -> Line:
    """Say what the deposit slip says and what is left."""
    left = f"left {amount(of.difference, of.currency)} in {of.control_count - of.entered_count} "
    right = line(part("agrees " if of.balanced else left, "strong" if of.balanced else "late"))
    deposit, control = line(f"deposit {day(of.deposit_on).strip()}"), line(f"control {of.currency} {amount(of.control_total, of.currency)} in {of.control_count}")
    room = width - line_width(right) - 1
    # where it is narrow the name of the bank gives way, then the day: never a figure
    for others in ([deposit, control], [control]):
        spare = room - line_width(flow([line(of.number), *others], width * 2)[0])
        if spare >= 0:
            break
    bank = f" {cut(shown(of.bank), spare - 1)}" if of.bank and spare > 2 else ""
    return edges(flow([line(part(of.number, "strong"), bank), *others], width)[0], right, width)


class BatchPage(WholePage[BatchLine], inherit_bindings=False):
    """The receipts of one batch."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, Done, Open, Control, ReverseBatch, *LISTING, *SIDEWAYS)
    OPTIONS: ClassVar[Mapping[str, str]] = {"x": "take out"}

    def __init__(self, number: str, *, control: bool = False) -> None:
        self.found: Batch | None = None
        """The batch as it was read."""
        super().__init__()
        self._number, self._goes_on = number, control

    @property
    def title_text(self) -> str:
        """Name the batch, and what has become of it."""
        return f"Batch {self._number}{f', {self.found.state}' if self.found else ''}"

    def job(self, session: Session) -> Sequence[BatchLine]:
        """Read it."""
        self.found = batch(session, self._number)
        return self.found.lines

    def show(self, rows: Sequence[BatchLine]) -> None:
        """Show it; go on with its control figures, when that is what the screen was opened for."""
        super().show(rows)
        if self._goes_on:
            self._goes_on = False
            self.begin_with(self.do_control)

    def laid_out(self, rows: Sequence[BatchLine]) -> Tuples[BatchLine]:
        """Draw a receipt."""
        code = self.found.currency if self.found else ""

        def cells(row: BatchLine) -> Sequence[Part]:
            return [
                part(row.line), part(row.account), part(row.name), part(row.instrument), part(row.method), Part(day(row.received_on)), Part(amount(row.amount, code)), part(row.items or "-"),
                part(row.document or "-"), part(row.by),
            ]  # fmt: skip

        by: dict[int, Callable[[BatchLine], Any]] = {0: lambda row: row.line, 1: lambda row: row.account, 2: lambda row: row.name, 6: lambda row: row.amount}
        return Tuples(rows, COLUMNS, lambda row: row.key, cells, by)

    def list_head(self, width: int) -> Sequence[Line]:
        """Say what the deposit slip says, and what can be typed before rows."""
        told = [head_line(self.found, width)] if self.found else [line()]
        return [*told, *(super().list_head(width) if self.is_open else ())]

    def about(self, width: int) -> list[Line]:
        """Say what the receipt under the cursor pays."""
        row = self.rows.row if self.is_mounted and self.panel is None else None
        if row is None or self.found is None:
            return []
        code, whole = row.pays_in or self.found.currency, row.amount if row.worth is None else row.worth
        given = [line(f"{code} {amount(whole, code)}:")] if row.worth is not None else []
        given += [line(f"{paid} {amount(each, code)}") for paid, each in row.pays]
        rest = whole - sum((each for _, each in row.pays), whole - whole)
        more = [line(f"and {len(given) - MOST} more")] if len(given) > MOST else []
        return flow([*given[:MOST], *more, *([line(f"on account {amount(rest, code)}")] if rest else [])], width, margin=" pays ")[:3]

    def empty(self) -> str:
        """Say how to begin."""
        return "Nothing is entered yet: F6 enters the first receipt."

    def status(self) -> str:
        """Say where the cursor is, and what F10 would do."""
        told = super().status()
        return f"{told}. F10 posts the batch." if self.is_open and self.found is not None and self.found.balanced else told

    def watches(self) -> Watch:
        """Batches."""
        return Watch(areas=frozenset({"batch", "batch_receipt"}))

    @property
    def is_open(self) -> bool:
        """Tell whether receipts can be entered and taken out."""
        return self.found is not None and self.found.state in ("open", "balanced")

    def why_not(self, command: type[Command]) -> str:
        """Entering needs an open batch, posting one that agrees, reversing a posted one."""
        found = self.found
        if command not in (New, Done, Control, ReverseBatch):
            return super().why_not(command)
        if found is None:
            return "The batch is still being read."
        if refused := self.may_not("reversal" if command is ReverseBatch else "receipt"):
            return refused
        if command is ReverseBatch:
            return "" if found.state == "posted" else f"{found.number} is not posted."
        if not self.is_open:
            return f"{found.number} is {found.state}."
        if command is Done and not found.balanced:
            return f"It does not agree: {found.currency} {amount(found.difference, found.currency)} in {counted(found.control_count - found.entered_count, 'receipt is', 'receipts are')} left. F6 enters one, c corrects the control figures."
        return ""

    async def do_new(self) -> None:
        """Enter receipts into it."""
        await self.app.push_screen(BatchPaymentPage(cast("Batch", self.found)), lambda _: self.do_reread())

    async def open_row(self, row: BatchLine) -> None:
        """Open the receipt it became."""
        if not row.document:
            self.say("It becomes a receipt when the batch is posted; x and Enter takes it out.")
            return
        found = await self.program.gateway.read(document, row.document, kind="receipt")
        await self.app.push_screen(DocumentPage(found.id), lambda _: self.do_reread())

    async def run_option(self, option: str, row: BatchLine) -> None:
        """Take a receipt out."""
        await self.program.gateway.write(take_from_batch, self._number, row.key)

    async def _run_options(self, progress: Progress) -> str:
        told = await super()._run_options(progress)
        self.do_reread()
        return told.replace("options done", "receipts taken out").replace("option done", "receipt taken out")

    async def do_done(self) -> None:
        """Post it."""
        self.long_work("Posting", self._post)

    async def _post(self, progress: Progress) -> str:
        gateway, number = self.program.gateway, self._number

        async def ask() -> str | None:
            return "exists" if (await gateway.read(batch, number)).state == "posted" else None

        await carried(gateway.write(post_batch, number), ask)
        found = cast("Batch", self.found)
        self.do_reread()
        return f"{number} is posted: {found.currency} {amount(found.entered_total, found.currency)} in {counted(found.entered_count, 'receipt')}."

    async def do_control(self) -> None:
        """Ask for the control figures."""
        await ask_again(self, cast("Batch", self.found))

    async def do_reversebatch(self) -> None:
        """Ask why, and reverse it."""
        seen, run = cast("Batch", self.found), str(uuid.uuid4())
        reason = TextField("reason", "Reason", needed=True, help="Why: it stays with every receipt.")

        async def act(answers: Mapping[str, Any]) -> str:
            gateway, key = self.program.gateway, key_for(run, answers["reason"])
            await carried(gateway.write(reverse_batch, key, seen.number, answers["reason"]), partial(gateway.read, reverse_batch, key, seen.number, answers["reason"]))    # again under its key: done once
            return f"{seen.number} is reversed: what its {counted(seen.entered_count, 'receipt')} paid is open again."

        asks = f"F10 reverses its {counted(seen.entered_count, 'receipt')} over {seen.currency} {amount(seen.entered_total, seen.currency)}; what they paid is open again."
        await self.open_panel(ActPanel(f"Reverse {seen.number}", Form(reason), act, doing="Reversing", asks=asks))


class BatchPaymentPage(PaymentPage, inherit_bindings=False):
    """Payments entered into a batch."""

    DEFAULT_CSS = "BatchPaymentPage #batch { height: 1; }"

    def __init__(self, into: Batch, key: str = "") -> None:
        super().__init__(key=key)
        self._into = into
        self.currency = into.currency

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Payment into a batch"

    @property
    def batch_number(self) -> str:
        """The batch."""
        return self._into.number

    @property
    def first_day(self) -> Any:
        """The day of the deposit."""
        return self._into.deposit_on

    def content(self) -> Any:
        """Lay out what the deposit slip says above the fields."""
        yield Sheet(lambda width: Drawn([head_line(self._into, width)]), ident="batch")
        yield from super().content()

    async def _send(self, what: Outgoing, progress: Progress) -> str:
        """Say what is left."""
        told = await super()._send(what, progress)
        self._into = await self.program.gateway.read(batch, self._into.number)
        self.query_one("#batch", Sheet).redraw()
        return f"{told} F3, then F10 posts the batch." if self._into.balanced else told
