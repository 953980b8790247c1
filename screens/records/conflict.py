"""Two people changed one record: who made what of it, beside what you typed; each row chosen, or all with one key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult

from screens.commands import Close, Command, Done, Down, KeepMine, TakeTheirs, Toggle, Up
from screens.layout import Column, table, words
from screens.panel import Panel
from screens.safe import moment, part
from screens.sheet import Drawn, Row, Sheet

COLUMNS = (Column("Field", 10), Column("It was", 20, grows=1, rank=2), Column("Theirs", 20, grows=2), Column("Yours", 20, grows=2), Column("Taken", 6), Column("Who, when", 24, rank=1))
MOST = 8


@dataclass(frozen=True)
class Contested:
    """A field somebody else changed: what it was, theirs, yours, by whom; `touched` when you changed it, too."""

    field: str
    label: str
    was: str
    theirs: str
    mine: str
    who: str
    at: datetime
    touched: bool


class ConflictPanel(Panel):
    """Show both sides; F10 saves with what is chosen."""

    DEFAULT_CSS = "ConflictPanel Sheet { height: 1; }"
    TYPING = False
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Done, KeepMine, TakeTheirs, Toggle, Up, Down, Close)

    def __init__(self, sentence: str, rows: Sequence[Contested], then: Callable[[frozenset[str]], Awaitable[None]]) -> None:
        super().__init__()
        self._sentence, self._rows, self._then = sentence, rows, then
        # what you did not touch is theirs without a question
        self._theirs = {row.field for row in rows if not row.touched}

    def compose(self) -> ComposeResult:
        """Lay out the sentence and the rows."""
        yield Sheet(lambda width: Drawn(words(self._sentence, width, look="wrong")), ident="sentence")
        yield Sheet(self._draw, ident="sides")

    def on_mount(self) -> None:
        """Put the cursor on the first row."""
        self.page.set_focus(None)
        self.on_resize()

    def on_resize(self) -> None:
        """Take the height that is needed."""
        self.query_one("#sentence", Sheet).styles.height = len(words(self._sentence, self.page.size.width))
        sides = self.query_one("#sides", Sheet)
        sides.styles.height = min(len(self._rows), MOST) + 1
        sides.redraw()

    def _draw(self, width: int) -> Drawn:
        cells = []
        for row in self._rows:
            theirs = row.field in self._theirs
            cells.append([
                part(row.label), part(row.was or "-", "off"), part(row.theirs or "-", "strong" if theirs else "off"), part(row.mine or "-", "off" if theirs else "strong"),
                part("theirs" if theirs else "yours", "mark"), part(f"by {row.who} {moment(row.at)}"),
            ])  # fmt: skip
        heading, lines = table(COLUMNS, cells, width)
        return Drawn([heading], [Row(drawn, row.field) for drawn, row in zip(lines, self._rows, strict=True)])

    def status(self) -> str:
        """Say what F10 does, and of the row with the mark who changed it when."""
        here = self.query_one("#sides", Sheet).key if self.is_mounted else None
        row = next((each for each in self._rows if each.field == here), next(iter(self._rows), None))
        told = f"{row.label}: by {row.who} {moment(row.at)}, was {row.was or 'empty'}. " if row else ""
        return f"{told}F10 saves with the values taken."

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Say it of another row."""
        event.stop()
        self.page.refresh_foot()

    def do_up(self) -> None:
        """One row up."""
        self.query_one("#sides", Sheet).move(-1)

    def do_down(self) -> None:
        """One row down."""
        self.query_one("#sides", Sheet).move(1)

    def do_toggle(self) -> None:
        """Take the other value of the row."""
        self._theirs ^= {str(self.query_one("#sides", Sheet).key)}
        self._again()

    def do_keepmine(self) -> None:
        """Take yours everywhere."""
        self._theirs = set()
        self._again()

    def do_taketheirs(self) -> None:
        """Take theirs everywhere."""
        self._theirs = {row.field for row in self._rows}
        self._again()

    def _again(self) -> None:
        self.query_one("#sides", Sheet).redraw()

    async def do_done(self) -> None:
        """Save with what is taken."""
        await self._then(frozenset(self._theirs))
