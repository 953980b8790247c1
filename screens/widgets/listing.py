"""A screen whose content is a list: moving, sorting, searching, and options typed before rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from artui.session import Session
from artui.text import counted
from screens.base import GLANCE, Page
from screens.commands import (
    LISTING,
    MOVES,
    SIDEWAYS,
    Back,
    Clear,
    Command,
    Copy,
    Down,
    First,
    Go,
    Help,
    Last,
    Open,
    PageDown,
    PageUp,
    Reread,
    Search,
    SearchBack,
    SearchNext,
    SortLeft,
    SortRight,
    Up,
    Who,
)  # fmt: skip
from screens.progress import Progress
from screens.safe import Line, line, part
from screens.widgets.ask_line import AskLine
from screens.widgets.list import ListSheet
from screens.widgets.rows import Ask, Order, Source

R = TypeVar("R")
EDGES: Mapping[type[Command], int] = {First: -1, Last: 1}


class ListPage(Page, Generic[R], inherit_bindings=False):
    """A screen that is a list of a source.

    `OPTIONS` are the letters and digits that can be typed before rows, with their word; `run_option` carries one out.
    A subclass opens a row in `open_row`.
    """

    AUTO_FOCUS = ""
    """Where the cursor is, is decided by the screen: back from another one it may be in the list."""
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, *LISTING, *SIDEWAYS)
    OPTIONS: ClassVar[Mapping[str, str]] = {}

    def __init__(self, source: Source[R], order: Order | None = None) -> None:
        super().__init__()
        self._source, self._order = source, order
        self._sought = ""
        self._shown_again = asyncio.Event()

    def content(self) -> ComposeResult:
        """Lay out the list."""
        yield ListSheet(self._source, self.fetch, head=self.list_head, foot=self.list_foot, order=self._order)

    @property
    def rows(self) -> ListSheet[R]:
        """The list."""
        found: ListSheet[R] = self.query_one("#body", ListSheet)
        return found

    def list_head(self, width: int) -> Sequence[Line]:
        """Return lines pinned above the heading; with options, the line that says which there are."""
        if not self.OPTIONS:
            return ()
        told = ", ".join(f"{letter}={word}" for letter, word in self.OPTIONS.items())
        return (line(part(f"   Type options, press Enter: {told}", "off")),)

    def list_foot(self, width: int) -> Sequence[Line]:
        """Return lines pinned below the rows, such as totals."""
        return ()

    async def open_row(self, row: R) -> None:
        """Open a row."""
        raise NotImplementedError

    async def run_option(self, option: str, row: R) -> None:
        """Carry out an option typed before a row; raises what refuses it."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Be painted with the rows rather than twice when they come quickly."""
        await self.arrival(GLANCE)

    # rows that come later

    def fetch(self, ask: Ask[R]) -> None:
        """Ask the source on the thread of the books; rows that are in memory come at once."""
        source = self.rows.source
        if not _asks_books(source):
            self._take(ask, (source.rows(None, ask), source.count(None, ask.order)))
            return
        self.read(lambda answer: self._take(ask, answer), _ask, source, ask, None if self.rows.recount else self.rows.count)

    def _take(self, ask: Ask[R], answer: tuple[Sequence[R], int | None]) -> None:
        taken = self.rows.take(ask, *answer)
        if ask.find and not taken:
            self.say(f"No other row has {ask.find}.")
        self.refresh_foot()

    def fail(self, error: Exception) -> None:
        """Say it; the list waits for nothing any more."""
        if self.is_mounted and self.rows._under_way is not None:
            self.rows.called_off(self.rows._under_way)
        super().fail(error)

    def not_yet(self, command: type[Command]) -> bool:
        """A move beyond what is held waits for its rows; so does everything until the first ones are there."""
        if self.panel is not None or command not in self.OFFERED:
            return super().not_yet(command)
        rows = self.rows
        if command in (*LISTING, *SIDEWAYS, Open) and self.reading and (not rows.known or command not in MOVES):
            return True
        steps = {Down: 1, Up: -1, PageDown: rows.page_rows, PageUp: -rows.page_rows}
        if command in steps:
            return rows.lacks(steps[command])
        return rows.lacks_end(EDGES[command]) if command in EDGES else super().not_yet(command)

    # what it offers

    @property
    def offered(self) -> tuple[type[Command], ...]:
        """While something is searched for, n and N go from one row that has it to the next."""
        found = super().offered
        if self.panel is not None or not self._sought:
            return tuple(command for command in found if command not in (SearchNext, SearchBack))
        first = (SearchNext, SearchBack)
        return (*first, *(command for command in found if command not in first))

    def why_not(self, command: type[Command]) -> str:
        """Most of it needs a row."""
        if command in (Open, Copy, Search) and self.rows.row is None and self.rows.known:
            return "The list is empty."
        if command in (SortLeft, SortRight) and not self.rows.source.sorts:
            return "This list has one order only."
        return ""

    def status(self) -> str:
        """Say where the cursor is, and what the list is narrowed to."""
        if not self.is_mounted or self.rows.empty:
            return f"No row has {self.rows.order.narrow}: & and an empty line show all." if self.is_mounted and self.rows.order.narrow else self.nothing()
        said = [self.rows.words()]
        if self.rows.order.narrow:
            said.append(f"only with {self.rows.order.narrow}")
        if self._sought:
            said.append(f"n the next with {self._sought}, Esc ends the search")
        if self.rows.options:
            said.append(f"{counted(len(self.rows.options), 'option')}, Enter runs {'it' if len(self.rows.options) == 1 else 'them'}, Esc takes {'it' if len(self.rows.options) == 1 else 'them'} away")
        return ", ".join(said)

    def nothing(self) -> str:
        """Say that there is nothing to show."""
        return "There is nothing here." if self.is_mounted and self.rows.empty else ""

    def on_list_sheet_moved(self, event: ListSheet.Moved) -> None:
        """Say on which row the cursor stands."""
        event.stop()
        self.refresh_foot()

    # moving

    def do_up(self) -> None:
        """Move one row up."""
        self.rows.move(-1)

    def do_down(self) -> None:
        """Move one row down."""
        self.rows.move(1)

    def do_pageup(self) -> None:
        """Move one page up."""
        self.rows.move(-self.rows.page_rows)

    def do_pagedown(self) -> None:
        """Move one page down."""
        self.rows.move(self.rows.page_rows)

    def do_first(self) -> None:
        """Go to the first row."""
        self.rows.first()

    def do_last(self) -> None:
        """Go to the last row."""
        self.rows.last()

    def do_left(self) -> None:
        """Go to the figure to the left."""
        self.rows.sideways(-1)

    def do_right(self) -> None:
        """Go to the figure to the right."""
        self.rows.sideways(1)

    # reading it another way

    def do_reread(self) -> None:
        """Read again; the cursor stays on its row."""
        self.rows.reread()

    def do_sortright(self) -> None:
        """Sort by the next column."""
        self.rows.sort(1)

    def do_sortleft(self) -> None:
        """Sort by the column before."""
        self.rows.sort(-1)

    async def do_narrow(self) -> None:
        """Ask what the list is to be narrowed to."""
        await self.open_panel(AskLine(" & ", self.rows.narrow, self.rows.order.narrow, ("any part of a row: only rows that have it stay",)))

    async def do_search(self) -> None:
        """Ask what to search for."""
        await self.open_panel(AskLine(" / ", self._search, self._sought, ("any part of a row: the cursor goes to the next one that has it",)))

    def _search(self, text: str) -> None:
        self._sought = text.strip()
        self.rebind()
        if self._sought:
            self.rows.find(self._sought)
        self.refresh_foot()

    def do_searchnext(self) -> None:
        """Go to the next row that has it."""
        self.rows.find(self._sought)

    def do_searchback(self) -> None:
        """Go to the row before that has it."""
        self.rows.find(self._sought, back=True)

    def do_copy(self) -> None:
        """Copy the figure with the mark, or the row."""
        self.tell_copied(self.rows.text())

    async def do_clear(self) -> None:
        """Take back, one after the other: options typed, the search, what it is narrowed to; then one step back."""
        if self.rows.options:
            self.rows.options.clear()
            self.rows.repaint()
        elif self._sought:
            self._search("")
        elif self.rows.order.narrow:
            self.rows.narrow("")
        else:
            await self.do_back()
        self.refresh_foot()

    # options and opening

    def more_bindings(self) -> list[BindingType]:
        """Let each option be typed before a row; a blank takes it away. Commands have their keys first."""
        if self.panel is not None or self._job is not None or not self.OPTIONS:
            return []
        taken = {key for command in self.offered for key in self.keys(command)}
        return [Binding("space" if letter == " " else letter, f"option('{letter}')", show=False, priority=True) for letter in (*self.OPTIONS, " ") if letter not in taken]

    def action_option(self, letter: str) -> None:
        """Take an option typed before a row, once the row is there."""
        if self.rows.lacks(0):
            self.program.ahead.hold(self)
            return
        self.rows.type_option(letter)
        self.refresh_foot()

    async def do_open(self) -> None:
        """Run the options typed, or open the row."""
        if self.rows.options:
            self.long_work("Options", self._run_options)
        elif self.rows.row is not None:
            await self.open_row(self.rows.row)

    async def _run_options(self, progress: Progress) -> str:
        typed = self.rows.typed()
        for done, (option, row) in enumerate(typed):
            if progress.stopped:
                return f"Stopped: {done} of {len(typed)} are done, the others stand as typed."
            progress.at(done + 1, len(typed))
            self._shown_again.clear()
            await self.run_option(option, row)
            self.rows.done(row)
            if self.app.screen is not self:
                await self._shown_again.wait()
        return f"{counted(len(typed), 'option')} done."

    def on_screen_suspend(self) -> None:
        """Let the keys go to a screen an option opened."""
        self._go_on()

    def on_screen_resume(self) -> None:
        """Go on with the options after a screen one of them opened; Esc there stops the rest."""
        if self._job is not None:
            self.program.ahead.wait(self)
            if self.program.ahead.last == "escape":
                self._job.stop()
        self._shown_again.set()


def _asks_books(source: Source[Any]) -> bool:
    return not hasattr(source, "all")


def _ask(session: Session, source: Source[R], ask: Ask[R], count: int | None) -> tuple[Sequence[R], int | None]:
    return source.rows(session, ask), source.count(session, ask.order) if count is None and not ask.find else count


