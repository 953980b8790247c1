"""Months: what is still open in each, closing and opening them, and who did so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, cast

from artui.ledger.periods import Period, State, Step, StillOpen, months, set_state, still_open, trail
from artui.session import Session
from artui.text import counted
from screens.base import GLANCE, Page
from screens.commands import (
    LISTING,
    MOVES,
    SIDEWAYS,
    Back,
    Clear,
    CloseMonth,
    Command,
    Go,
    Help,
    Open,
    Reopen,
    Reread,
    SoftClose,
    Who,
)
from screens.layout import Column, flow, table, words
from screens.live import Watch
from screens.safe import NOTHING, Line, Part, amount, line, moment, part
from screens.sheet import Drawn, Row
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.list import ListSheet
from screens.widgets.rows import Ask, Tuples
from screens.widgets.whole import WholePage

STATES: Mapping[type[Command], State] = {SoftClose: "soft_closed", CloseMonth: "closed", Reopen: "open"}
_WORDS: Mapping[str, str] = {"open": "open", "soft_closed": "closed softly", "closed": "closed"}
_COLUMNS = (Column("Month", 8), Column("State", 13), Column("Reason", 20, grows=1, most=80))
_ONE = {
    "batches_not_posted": "batch not posted", "approvals_waiting": "approval waiting", "cheques_to_deposit": "cheque to deposit", "unidentified_receipts": "unidentified receipt",
    "drafts": "draft", "earlier_months_open": "earlier month open",
}  # fmt: skip
"""What is still open, when there is one of it."""
_OPEN = (Column("Still open", 22, grows=1, most=40), Column("No.", 5, right=True), Column("Cur", 3), Column("Amount", 12, right=True), Column("For example", 12), Column("Closing", 15, rank=1))
_STEPS = (Column("When", 15), Column("Who", 8), Column("Made it", 13), Column("Reason", 20, grows=1, most=80))


@dataclass(frozen=True)
class Month:
    """A month with what is still open in it, and what was done to it."""

    open: tuple[StillOpen, ...]
    trail: tuple[Step, ...]


def review(session: Session, period: Period) -> Month:
    """Read a month."""
    return Month(still_open(session, period.month), trail(session, period.month))


def name(period: Period) -> str:
    """Write a month: "May 2026"."""
    return f"{period.month:%b %Y}"


def open_lines(found: Sequence[StillOpen], width: int) -> list[Line]:
    """Draw what is still open in a month."""
    if not found:
        return words("Nothing is left open in it.", width, margin="   ")
    cells = [
        [
            part(row.what.replace("_", " "), "wrong" if row.strands else ""), part(row.number), part(row.currency or ""),
            Part(amount(row.amount, row.currency)) if row.amount is not None else Part(NOTHING), part(row.example), part("would strand it" if row.strands else "leaves it"),
        ]
        for row in found
    ]  # fmt: skip
    heading, rows = table(_OPEN, cells, width)
    return [heading, *rows]


def trail_lines(steps: Sequence[Step], width: int) -> list[Line]:
    """Draw who changed a month, the last first."""
    if not steps:
        return words("Nobody has closed it yet.", width, margin="   ")
    cells = [[Part(moment(step.at)), part(step.who), part(_WORDS[step.state]), part(step.reason)] for step in reversed(steps)]
    heading, rows = table(_STEPS, cells, width)
    return [heading, *rows]


class PeriodsPage(WholePage[Period], inherit_bindings=False):
    """The months, newest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, SoftClose, CloseMonth, Reopen, *LISTING, *SIDEWAYS)

    def __init__(self) -> None:
        super().__init__()
        self._left: tuple[StillOpen, ...] | None = None

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Periods"

    def job(self, session: Session) -> Sequence[Period]:
        """Read the months."""
        return months(session)

    def laid_out(self, rows: Sequence[Period]) -> Tuples[Period]:
        """Draw a month."""

        def cells(row: Period) -> Sequence[Part]:
            return [part(name(row)), part(_WORDS[row.state], "" if row.state == "open" else "mark"), part(row.reason)]

        return Tuples(rows, _COLUMNS, lambda row: row.month, cells, {0: lambda row: row.month, 1: lambda row: row.state})

    def _take(self, ask: Ask[Period], answer: tuple[Sequence[Period], int | None]) -> None:
        """Show the months, and what is open in the one under the cursor."""
        super()._take(ask, answer)
        self._look()

    def on_list_sheet_moved(self, event: ListSheet.Moved) -> None:
        """Say what is open in another month."""
        self._look()

    def _look(self) -> None:
        row = self.rows.row
        self._left = None
        if row is not None:
            work: Callable[[], Awaitable[None]] = partial(self._review, row)
            self.run_worker(work, group="review", description="review", exclusive=True, exit_on_error=False)

    async def _review(self, row: Period) -> None:
        try:
            self._left = await self.program.gateway.read(still_open, row.month)
        except Exception as error:
            self.fail(error)
        self.refresh_foot()

    def about(self, width: int) -> list[Line]:
        """Say in a line what is still open in the month under the cursor; what closing would strand stands out."""
        if self._left is None or self.panel is not None:
            return [line()]
        told = [line(part(counted(row.number, _ONE.get(row.what, ""), row.what.replace("_", " ")), "wrong" if row.strands else "")) for row in self._left]
        return flow([line("Still open"), *told], width)[:2] if told else [line(" Nothing is left open in it.")]

    def watches(self) -> Watch:
        """Months."""
        return Watch(areas=frozenset({"period"}))

    def why_not(self, command: type[Command]) -> str:
        """Closing needs the right and another state."""
        row = self.rows.row
        if command not in STATES or row is None:
            return super().why_not(command)
        if refused := self.may_not("close_period") or (self.may_not("reopen_period") if command is Reopen and row.state == "closed" else ""):
            return refused
        return f"{name(row)} is {_WORDS[row.state]}." if row.state == STATES[command] else ""

    async def open_row(self, row: Period) -> None:
        """Show what is open in the month and who changed it."""
        await self.app.push_screen(MonthPage(row))

    async def do_softclose(self) -> None:
        """Ask, and close softly."""
        await self._ask(SoftClose)

    async def do_closemonth(self) -> None:
        """Ask, and close."""
        await self._ask(CloseMonth)

    async def do_reopen(self) -> None:
        """Ask why, and open."""
        await self._ask(Reopen)

    async def _ask(self, command: type[Command]) -> None:
        row = cast("Period", self.rows.row)
        month = await self.program.gateway.read(review, row)
        strands = command is CloseMonth and any(each.strands for each in month.open)
        needed = strands or (command is Reopen and row.state == "closed")
        reason = TextField("reason", "Reason", needed=needed, help="Why; it stays on record. Needed to reopen, and to close over what that would strand.")
        title = {SoftClose: "Close softly", CloseMonth: "Close", Reopen: "Open again"}[command]
        asks = "Closing strands what is marked: give a reason, or post it first." if strands else f"F10: {title.lower()} {name(row)}."
        lines = partial(trail_lines, month.trail) if command is Reopen else partial(open_lines, month.open)
        await self.open_panel(ActPanel(f"{title} {name(row)}", Form(reason), partial(self._set, row, STATES[command]), lines, doing="Closing", asks=asks))

    async def _set(self, row: Period, state: State, answers: Mapping[str, Any]) -> str:
        gateway = self.program.gateway

        async def change() -> str:
            await gateway.write(set_state, row.month, state, answers["reason"] or "")
            return state

        async def ask() -> str | None:
            now = {each.month: each.state for each in await gateway.read(months)}
            return state if now.get(row.month, "open") == state else None

        await carried(change(), ask)
        return f"{name(row)} is {_WORDS[state]}."


class MonthPage(Page, inherit_bindings=False):
    """One month: what is still open in it, and its trail."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread, Go, *MOVES)

    def __init__(self, period: Period) -> None:
        super().__init__()
        self._period = period

    @property
    def title_text(self) -> str:
        """Name the month."""
        return f"{name(self._period)}: {_WORDS[self._period.state]}"

    async def on_mount(self) -> None:
        """Read it."""
        self.do_reread()
        await self.arrival(GLANCE)

    def do_reread(self) -> None:
        """Read it again."""
        self.read(self._show, review, self._period)

    def _show(self, month: Month) -> None:
        def draw(width: int) -> Drawn:
            return Drawn(rows=[Row(drawn) for drawn in [line(), *open_lines(month.open, width), line(), *trail_lines(month.trail, width)]])

        self.body.show(draw)
