"""A sheet: pinned lines above and below, rows with a cursor between them, and figures that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Literal, NamedTuple

from textual.message import Message

from screens.painted import NO_CELL, Painted, Seen
from screens.safe import Line, line_width, part


class Row(NamedTuple):
    """A line of the body; with a key the cursor can stand on it, and finds it again after it was read anew.

    A line with a key begins with a part of three blanks, where the cursor's mark goes.
    """

    line: Line
    key: Hashable = None


class Drawn(NamedTuple):
    """What a sheet shows at one width: pinned lines, rows, and pinned lines below them, such as totals.

    Every part with a `to` is a figure: left and right go from one to the next, up from the first row leads to those
    of the pinned lines, and `Sheet.to` says where Enter on it leads.
    """

    head: Sequence[Line] = ()
    rows: Sequence[Row] = ()
    foot: Sequence[Line] = ()


Draw = Callable[[int], Drawn]
Zone = Literal["head", "rows", "foot"]


class Stop(NamedTuple):
    """A line the cursor can stand on."""

    zone: Zone
    place: int
    key: Hashable
    cells: tuple[int, ...]
    """The pieces that lead somewhere."""


class Sheet(Painted):
    """Show what a function draws for the width there is."""

    class Moved(Message):
        """The cursor stands on another row or figure, or on none."""

        def __init__(self, sheet: Sheet, key: Hashable, to: Hashable = None) -> None:
            super().__init__()
            self.sheet, self.key, self.to = sheet, key, to

        def can_replace(self, message: Message) -> bool:
            """Let the latest place speak for those before it."""
            return isinstance(message, Sheet.Moved) and message.sheet is self.sheet

    def __init__(self, draw: Draw | None = None, *, ident: str | None = None) -> None:
        super().__init__(ident)
        self._draw: Draw = draw or (lambda width: Drawn())
        self._drawn = Drawn()
        self._stops: list[Stop] = []
        self._at: int | None = None
        self._cell = NO_CELL
        self._top = 0

    # where the cursor is

    @property
    def key(self) -> Hashable:
        """The key of the row under the cursor; None without one."""
        return None if self._at is None else self._stops[self._at].key

    @property
    def to(self) -> Hashable:
        """Where the figure under the cursor leads; None when the cursor is on no figure."""
        return None if self._at is None or self._cell == NO_CELL else self._line(self._stops[self._at])[self._cell].to

    @property
    def place(self) -> tuple[int, int]:
        """Which row of how many the cursor stands on, counted from 1; (0, n) without a cursor."""
        keyed = [place for place, stop in enumerate(self._stops) if stop.key is not None]
        return (keyed.index(self._at) + 1 if self._at in keyed else 0), len(keyed)

    def text(self) -> str:
        """Return the figure under the cursor, or the row, as text."""
        if self._at is None:
            return ""
        pieces = self._line(self._stops[self._at])
        return pieces[self._cell].text.strip() if self._cell != NO_CELL else " ".join("".join(piece.text for piece in pieces).split())

    # what it shows

    def show(self, draw: Draw, *, best: bool = False) -> None:
        """Show something else; the cursor stays on its key, or with `best` goes to the first row."""
        self._draw = draw
        if best:
            self._at, self._cell, self._top = None, NO_CELL, 0
        self.redraw()

    def show_whole(self, draw: Draw, width: int) -> None:
        """Show something else, as tall as it is at that width; the screen is laid out again only when it is taller or less tall than before."""
        drawn = draw(width)
        lines = len(drawn.head) + len(drawn.rows) + len(drawn.foot)
        height = self.styles.height
        if height is None or height.cells != lines:
            self.styles.height = lines
        self.show(lambda wanted: drawn if wanted == width else draw(wanted))

    def redraw(self) -> None:
        """Draw again; the cursor stays on its key and figure, or near where it was."""
        if self.size.width:
            self._fitted = self.size
            self.forget_strips()
            self.lay_out()
            self.repaint()

    def lay_out(self, width: int = 0) -> None:
        """Draw, and find the cursor's place again; before the sheet has its size, for that width."""
        key, to, near = self.key, self.to, self._at
        self._drawn = self._draw(self.size.width or width)
        self._stops = _stops(self._drawn)
        self._find(key, to, near)
        self._keep_visible()
        if (self.key, self.to) != (key, to):
            self.screen.post_message(self.Moved(self, self.key, self.to))

    def stand_on(self, key: Hashable, to: Hashable = None) -> None:
        """Put the cursor on the row of that key, or on the figure that leads to `to`; without one it stays."""
        for place, stop in enumerate(self._stops):
            cell = self._cell_of(stop, to)
            if (key is None or stop.key == key) and (to is None or cell != NO_CELL) and (key is not None or to is not None):
                self._go(place, cell)
                return

    # moving

    def move(self, by: int) -> None:
        """Move the cursor by rows, or scroll where no row takes one."""
        if self._at is not None:
            self._go_to(min(max(self._at + by, 0), len(self._stops) - 1))
        elif by < 0 and self._top == 0 and any(stop.zone == "head" for stop in self._stops):
            self._go_to(max(place for place, stop in enumerate(self._stops) if stop.zone == "head"))
        else:
            self._set_top(self._top + by)

    def first(self) -> None:
        """Go to the first row."""
        self._end(min)

    def last(self) -> None:
        """Go to the last row."""
        self._end(max)

    def page(self, by: int) -> None:
        """Move by as many lines as are visible."""
        lines = max(self._room - 1, 1) * by
        if self._at is None or self._stops[self._at].zone != "rows":
            self._set_top(self._top + lines)
            return
        wanted = self._stops[self._at].place + lines
        rows = [place for place, stop in enumerate(self._stops) if stop.zone == "rows"]
        self._go_to(next((place for place in rows if self._stops[place].place >= wanted), rows[-1]))

    def sideways(self, by: int) -> None:
        """Go to the figure to the left or right; left of the first is the row itself."""
        if self._at is None:
            return
        stop = self._stops[self._at]
        cells = ([NO_CELL] if stop.key is not None else []) + list(stop.cells)
        if stop.cells:
            here = cells.index(self._cell) if self._cell in cells else 0
            self._go(self._at, cells[(here + by) % len(cells) if stop.key is not None and here == 0 else min(max(here + by, 0), len(cells) - 1)])

    # drawing

    def seen(self, y: int) -> Seen:
        """Return what a line shows."""
        head, rows, foot = self._drawn.head, self._drawn.rows, self._drawn.foot
        below = self.inner.height - len(foot)
        if y < len(head):
            return self._pinned("head", y, head[y])
        if y >= below and foot:
            return self._pinned("foot", y - below, foot[y - below])
        place = self._top + y - len(head)
        if place >= len(rows):
            return Seen()
        row = rows[place]
        if not self._here("rows", place):
            return Seen(row.line)
        return Seen((part(" ▸ "), *row.line[1:]) if row.key is not None else row.line, row.key is not None, self._cell)

    def _pinned(self, zone: Zone, place: int, pieces: Line) -> Seen:
        return Seen(pieces, at=self._cell if self._here(zone, place) else NO_CELL)

    def _here(self, zone: Zone, place: int) -> bool:
        return self._at is not None and self._stops[self._at][:2] == (zone, place)

    def _line(self, stop: Stop) -> Line:
        if stop.zone == "rows":
            return self._drawn.rows[stop.place].line
        return (self._drawn.head if stop.zone == "head" else self._drawn.foot)[stop.place]

    # the cursor

    @property
    def _room(self) -> int:
        return max(self.size.height - len(self._drawn.head) - len(self._drawn.foot), 0)

    def _find(self, key: Hashable, to: Hashable, near: int | None) -> None:
        """Stand on the same key and figure again, else near where the cursor was, else on the first row."""
        rows = [place for place, stop in enumerate(self._stops) if stop.key is not None]
        same = [place for place, stop in enumerate(self._stops) if (stop.key is not None and stop.key == key)]
        if to is not None and key is None:
            same = [place for place, stop in enumerate(self._stops) if self._cell_of(stop, to) != NO_CELL]
        if same:
            self._at = same[0]
        elif rows:
            self._at = min(max(near if near is not None else 0, rows[0]), rows[-1])
        else:
            self._at = None
        stop = None if self._at is None else self._stops[self._at]
        self._cell = NO_CELL if stop is None else self._cell_of(stop, to)
        if stop is not None and stop.key is None and self._cell == NO_CELL:
            self._cell = stop.cells[0]

    def _cell_of(self, stop: Stop, to: Hashable) -> int:
        pieces = self._line(stop)
        return next((cell for cell in stop.cells if pieces[cell].to == to), NO_CELL)

    def _end(self, which: Callable[[list[int]], int]) -> None:
        rows = [place for place, stop in enumerate(self._stops) if stop.key is not None]
        if rows:
            self._go_to(which(rows))
        else:
            self._set_top(0 if which is min else len(self._drawn.rows))

    def _go_to(self, place: int) -> None:
        """Go to a line; on a figure, to the figure there that stands nearest to it."""
        stop = self._stops[place]
        if self._at == place:
            return
        cell = NO_CELL
        if stop.cells and (stop.key is None or (self._cell != NO_CELL and self._at is not None and self._stops[self._at].zone == stop.zone)):
            here = self._middle(self._stops[self._at], self._cell) if self._at is not None and self._cell != NO_CELL else 0
            cell = min(stop.cells, key=lambda each: abs(self._middle(stop, each) - here))
        self._go(place, cell)

    def _middle(self, stop: Stop, cell: int) -> int:
        pieces = self._line(stop)
        return 2 * line_width(pieces[:cell]) + line_width(pieces[cell : cell + 1])

    def _go(self, place: int, cell: int) -> None:
        if (place, cell) != (self._at, self._cell):
            self._at, self._cell = place, cell
            self._keep_visible()
            self.repaint()
            self.screen.post_message(self.Moved(self, self.key, self.to))

    def _set_top(self, top: int) -> None:
        self._top = min(max(top, 0), max(len(self._drawn.rows) - self._room, 0))
        self.repaint()

    def _keep_visible(self) -> None:
        """Bring the cursor's row into sight, with the lines that belong to it or lead to it."""
        longest = max(len(self._drawn.rows) - self._room, 0)
        stop = None if self._at is None else self._stops[self._at]
        if stop is None or self._at is None or stop.zone != "rows":
            self._top = 0 if stop is not None and stop.zone == "head" else min(self._top, longest)
            return
        before = self._stops[self._at - 1] if self._at else None
        first = stop.place if before is not None and before.zone == "rows" else 0
        following = self._stops[self._at + 1] if self._at + 1 < len(self._stops) else None
        after = following.place if following is not None and following.zone == "rows" else len(self._drawn.rows)
        self._top = min(max(self._top, after - self._room), longest)
        self._top = max(min(self._top, first), stop.place - self._room + 1, 0)


def _stops(drawn: Drawn) -> list[Stop]:
    zones: list[tuple[Zone, list[tuple[Line, Hashable]]]] = [
        ("head", [(pieces, None) for pieces in drawn.head]),
        ("rows", [(row.line, row.key) for row in drawn.rows]),
        ("foot", [(pieces, None) for pieces in drawn.foot]),
    ]
    found = []
    for zone, lines in zones:
        for place, (pieces, key) in enumerate(lines):
            cells = tuple(cell for cell, piece in enumerate(pieces) if piece.to is not None)
            if key is not None or cells:
                found.append(Stop(zone, place, key, cells))
    return found
