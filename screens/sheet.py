"""A widget that draws its own lines: pinned lines on top, rows below with a cursor, and only what changed repainted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.safe import Line, part
from screens.theme import looks_of


@dataclass(frozen=True)
class Row:
    """A line of the body; with a key the cursor can stand on it, and finds it again after it was read anew.

    A line with a key begins with a part of three blanks, where the cursor's mark goes.
    """

    line: Line
    key: Hashable = None


@dataclass(frozen=True)
class Drawn:
    """What a sheet shows at one width: pinned lines and rows."""

    head: Sequence[Line] = ()
    rows: Sequence[Row] = ()


Draw = Callable[[int], Drawn]


class Sheet(Widget):
    """Show what a function draws for the width there is."""

    DEFAULT_CSS = "Sheet { width: 100%; height: 1fr; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or on none."""

        sheet: Sheet
        key: Hashable

    def __init__(self, draw: Draw | None = None, *, ident: str | None = None) -> None:
        super().__init__(id=ident)
        self._draw: Draw = draw or (lambda width: Drawn())
        self._drawn = Drawn()
        self._stops: list[int] = []
        self._cursor: int | None = None
        self._top = 0
        self._painted: list[tuple[Line, bool] | None] = []
        self._strips: dict[tuple[Line, bool], Strip] = {}

    @property
    def key(self) -> Hashable:
        """The key of the row under the cursor; None without one."""
        return None if self._cursor is None else self._drawn.rows[self._cursor].key

    @property
    def place(self) -> tuple[int, int]:
        """Which row of how many the cursor stands on, counted from 1; (0, n) without a cursor."""
        at = 0 if self._cursor is None else self._stops.index(self._cursor) + 1
        return at, len(self._stops)

    def show(self, draw: Draw, *, best: bool = False) -> None:
        """Show something else; the cursor stays on its key, or with `best` goes to the first row."""
        self._draw = draw
        if best:
            self._cursor, self._top = None, 0
        self.redraw()

    def redraw(self) -> None:
        """Draw again; the cursor stays on its key, or near where it was."""
        if not self.size.width:
            return
        key, at = self.key, self.place[0]
        self._drawn = self._draw(self.size.width)
        self._strips.clear()
        self._stops = [place for place, row in enumerate(self._drawn.rows) if row.key is not None]
        again = [place for place in self._stops if self._drawn.rows[place].key == key]
        near = self._stops[min(max(at - 1, 0), len(self._stops) - 1)] if self._stops else None
        self._cursor = again[0] if again else near
        self._keep_visible()
        self._repaint()
        if self.key != key:
            self.post_message(self.Moved(self, self.key))

    def move(self, by: int) -> None:
        """Move the cursor by rows, or scroll where no row takes one."""
        if self._cursor is None:
            self._set_top(self._top + by)
        else:
            wanted = self._stops.index(self._cursor) + by
            self._go(self._stops[min(max(wanted, 0), len(self._stops) - 1)])

    def stand_on(self, key: Hashable) -> None:
        """Put the cursor on the row of that key; without such a row it stays."""
        for place in self._stops:
            if self._drawn.rows[place].key == key:
                self._go(place)
                return

    def page(self, by: int) -> None:
        """Move by as many lines as are visible."""
        lines = max(self._room - 1, 1) * by
        if self._cursor is None:
            self._set_top(self._top + lines)
        else:
            wanted = bisect_left(self._stops, self._cursor + lines)
            self._go(self._stops[min(wanted, len(self._stops) - 1)])

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        content = self._content(y)
        while len(self._painted) <= y:
            self._painted.append(None)
        self._painted[y] = content
        if content not in self._strips:
            self._strips[content] = self._strip(*content)
        return self._strips[content]

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.redraw()

    @property
    def _room(self) -> int:
        return max(self.size.height - len(self._drawn.head), 0)

    def _go(self, place: int) -> None:
        if place != self._cursor:
            self._cursor = place
            self._keep_visible()
            self._repaint()
            self.post_message(self.Moved(self, self.key))

    def _set_top(self, top: int) -> None:
        self._top = min(max(top, 0), max(len(self._drawn.rows) - self._room, 0))
        self._repaint()

    def _keep_visible(self) -> None:
        """Bring the cursor's row into sight, with the lines that belong to it or lead to it."""
        if self._cursor is None:
            self._top = min(self._top, max(len(self._drawn.rows) - self._room, 0))
            return
        at = self._stops.index(self._cursor)
        first = self._cursor if at else 0
        after = self._stops[at + 1] if at + 1 < len(self._stops) else len(self._drawn.rows)
        self._top = min(max(self._top, after - self._room), max(len(self._drawn.rows) - self._room, 0))
        self._top = max(min(self._top, first), self._cursor - self._room + 1, 0)

    def _repaint(self) -> None:
        changed = [y for y, content in enumerate(self._painted[: self.size.height]) if content != self._content(y)]
        if self._painted and changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))
        elif not self._painted:
            self.refresh()

    def _content(self, y: int) -> tuple[Line, bool]:
        head, rows = self._drawn.head, self._drawn.rows
        if y < len(head):
            return head[y], False
        place = self._top + y - len(head)
        if place >= len(rows):
            return (), False
        here = place == self._cursor
        return ((part(" ▸ "), *rows[place].line[1:]) if here else rows[place].line), here

    def _strip(self, pieces: Line, here: bool) -> Strip:
        base, looks = self.rich_style, looks_of(self)
        style = base + looks["here"]
        segments = [Segment(piece.text, style if here else base + looks[piece.look]) for piece in pieces]
        filler = style if here else (segments[-1].style if pieces and pieces[-1].look == "title" else base)
        return Strip(segments).extend_cell_length(self.size.width, filler).crop(0, self.size.width)
