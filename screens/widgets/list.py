"""A list of any number of rows: it holds a few pages, draws what is visible and paints what changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from textual.message import Message

from screens.layout import table
from screens.painted import NO_CELL, Painted, Seen
from screens.safe import Line, Part, part
from screens.widgets.rows import KEPT, PAGE, Ask, Order, Source, Window

R = TypeVar("R")
Pinned = Callable[[int], Sequence[Line]]
NEAR = 30
"""Rows from the edge of what is kept at which more is fetched ahead."""


class ListSheet(Painted, Generic[R]):
    """Show rows of a source, a heading above them and totals below them.

    It asks through `fetch`, which answers later with `take`; until then `lacks` says that a move has to wait.
    """

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or on none."""

        list: ListSheet[Any]
        key: Hashable

        def can_replace(self, message: Message) -> bool:
            """Let the latest place speak for those before it."""
            return isinstance(message, ListSheet.Moved) and message.list is self.list

    def __init__(
        self, source: Source[R], fetch: Callable[[Ask[R]], None], *, head: Pinned | None = None, foot: Pinned | None = None,
        order: Order | None = None, ident: str | None = "body",
    ) -> None:  # fmt: skip
        super().__init__(ident)
        self._source, self.order = source, order or Order()
        self.count: int | None = None
        """How many rows there are, when that is known."""
        self.recount = False
        """They are read again: so many there were, not are."""
        self.options: dict[Hashable, str] = {}
        """The options typed, by the key of their row."""
        self._fetch, self._head, self._foot = fetch, head, foot
        self._window: Window[R] = Window()
        self._known = False
        self._at = 0
        self._top = 0
        self._cell = NO_CELL
        self.asleep = False
        """The cursor is elsewhere on the screen: no row is marked."""
        self.slid = False
        """The row under the cursor is not there any more; the cursor stands on another one, and nobody has moved it since."""
        self._held: Hashable = None
        self._under_way: Ask[R] | None = None
        self._widths: list[int] = []
        self._lines: dict[Hashable, Line] = {}
        self._heading: Line = ()
        self._pinned: tuple[Sequence[Line], Sequence[Line]] = (), ()

    @property
    def source(self) -> Source[R]:
        """Where the rows come from."""
        return self._source

    @source.setter
    def source(self, source: Source[R]) -> None:
        # what was laid out for other columns fits no row of this source
        if list(source.columns) != list(self._source.columns):
            self._forget_columns()
        self._source = source

    def _forget_columns(self) -> None:
        self._heading, self._cell = (), NO_CELL
        self._lines.clear()
        self._widths.clear()

    # where the cursor is

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self._window.rows[self._at] if self._window.rows else None

    @property
    def key(self) -> Hashable:
        """Its key; None without one."""
        return None if self.row is None else self.source.key(self.row)

    @property
    def to(self) -> Hashable:
        """Where the figure under the cursor leads; None when the cursor is on no figure."""
        return self._line_here()[self._cell].to if self.row is not None and self._cell != NO_CELL else None

    @property
    def at_top(self) -> bool:
        """Tell whether no row is above the cursor."""
        return self._at == 0 and self._window.at_first

    @property
    def empty(self) -> bool:
        """Tell whether it is known that there is nothing to show."""
        return self._known and not self._window.rows

    @property
    def known(self) -> bool:
        """Tell whether the first answer is there."""
        return self._known

    def words(self) -> str:
        """Say where the cursor is: "row 12 of 1 000 000"."""
        if not self._window.rows:
            return ""
        offset = self._window.offset
        at = "" if offset is None else f"row {offset + self._at + 1:,}".replace(",", " ")
        if self.count is None and self._window.at_last and offset is not None:
            self.count = offset + len(self._window.rows)
        of = "" if self.count is None else f" of {self.count:,}".replace(",", " ")
        return f"{at or 'a row'}{of or ' and more'}"

    def text(self) -> str:
        """Return the figure under the cursor, or the row, as text."""
        if self.row is None:
            return ""
        pieces = self._line_here()
        return pieces[self._cell].text.strip() if self._cell != NO_CELL else " ".join("".join(piece.text for piece in pieces).split())

    # what it holds

    def begin(self, source: Source[R] | None = None) -> None:
        """Read from the first row on; with a source, of that."""
        if source is not None:
            self.source = source
            self._window, self._at, self._top, self.count = Window(), 0, 0, None
            self._forget_columns()
        self._known, self._cell, self.slid, self._held = False, NO_CELL, False, None
        self._ask(Ask(PAGE, self.order))

    def reread(self) -> None:
        """Read again what is held; the cursor stays on its row, or near it."""
        rows = self._window.rows
        self._held, self.recount = self.key, True
        self._ask(Ask(max(len(rows), PAGE), self.order, at=rows[0]) if rows and not self._window.at_first else Ask(max(len(rows), PAGE), self.order))

    def sort(self, by: int) -> None:
        """Sort by the next column that can be sorted by, rising, then falling; with -1 the way back."""
        ways = [Order(narrow=self.order.narrow)]
        for place in sorted(self.source.sorts):
            ways += [Order(self.source.sorts[place], falling, self.order.narrow) for falling in (False, True)]
        here = ways.index(self.order) if self.order in ways else 0
        self._reorder(ways[(here + by) % len(ways)])

    def narrow(self, text: str) -> None:
        """Show only the rows that have this text."""
        self._reorder(replace(self.order, narrow=text.strip()))

    def _reorder(self, order: Order) -> None:
        self.order, self.count, self.slid, self._held = order, None, False, None
        self._ask(Ask(PAGE, order))

    def find(self, text: str, *, back: bool = False) -> None:
        """Ask for the next row that has this text, or the one before."""
        if self.row is not None:
            self._ask(Ask(1, self.order, after=None if back else self.row, before=self.row if back else None, find=text))

    def _ask(self, ask: Ask[R]) -> None:
        self._under_way = ask
        self._fetch(ask)

    def called_off(self, ask: Ask[R]) -> None:
        """Know that an ask will not be answered."""
        if self._under_way is ask:
            self._under_way = None

    def take(self, ask: Ask[R], found: Sequence[R], count: int | None = None) -> bool:
        """Take an answer; tell whether it was still waited for and, of a search, whether something was found."""
        if ask is not self._under_way:
            return False
        self._under_way = None
        if ask.find:
            return self._go_to_found(found)
        key, before = self.key, self._at
        if count is not None or self.recount:
            self.count, self.recount = count, False
        fresh = ask.after is None and ask.before is None
        shift = -max(len(self._window.rows) + len(found) - KEPT, 0) if ask.after is not None else 0
        self._window.take(ask, found)
        if ask.last and self.count is not None:
            self._window.offset = self.count - len(found)
        self._known = True
        self._lines = {} if fresh else self._lines
        self._at = self._place_of(key, before if fresh else before + shift)
        if fresh and (ask.last or ask.at is None) and key not in self._keys():
            self._at = len(found) - 1 if ask.last else 0
            self._top = 0
        elif ask.last:
            self._at = max(len(found) - 1, 0)
        if fresh:
            self.slid = (self.slid or (self._held is not None and self._held != self.key)) and self.row is not None
            self._held = None
        self.redraw()
        return True

    def _go_to_found(self, found: Sequence[R]) -> bool:
        if found:
            self.go_to(found[0])
        return bool(found)

    def go_to(self, row: R) -> None:
        """Put the cursor on a row, whether it is held or not."""
        key = self.source.key(row)
        if key in self._keys():
            self._go(self._keys().index(key))
        else:
            # read from there on, then fetch what stands before it ahead
            self._window.rows = [row]
            self._at = 0
            self._ask(Ask(PAGE, self.order, at=row))

    def _keys(self) -> list[Hashable]:
        return [self.source.key(row) for row in self._window.rows]

    def _place_of(self, key: Hashable, near: int) -> int:
        for place, each in enumerate(self._window.rows):
            if self.source.key(each) == key:
                return place
        return min(max(near, 0), max(len(self._window.rows) - 1, 0))

    # moving

    def lacks(self, by: int) -> bool:
        """Tell whether a move by so many rows needs rows that are not there yet; they are fetched then."""
        if not self._known:
            return self._under_way is not None
        wanted = self._at + by
        if by > 0 and wanted >= len(self._window.rows) and not self._window.at_last:
            return self._fetch_edge(1)
        if by < 0 and wanted < 0 and not self._window.at_first:
            return self._fetch_edge(-1)
        return False

    def lacks_end(self, by: int) -> bool:
        """Tell whether the first or last row is not there yet; it is fetched then."""
        if self._window.at_last if by > 0 else self._window.at_first:
            return False
        if self._under_way is None or self._under_way.after is not None or self._under_way.before is not None:
            self._ask(Ask(PAGE, self.order, last=by > 0))
        return True

    def _fetch_edge(self, by: int) -> bool:
        if self._under_way is None and self._window.rows:
            rows = self._window.rows
            self._ask(Ask(PAGE, self.order, after=rows[-1]) if by > 0 else Ask(PAGE, self.order, before=rows[0]))
        return True

    def move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.slid = False
        if self._window.rows:
            self._go(min(max(self._at + by, 0), len(self._window.rows) - 1))
            if by > 0 and len(self._window.rows) - self._at < NEAR and not self._window.at_last:
                self._fetch_edge(1)
            elif by < 0 and self._at < NEAR and not self._window.at_first:
                self._fetch_edge(-1)

    @property
    def page_rows(self) -> int:
        """How far a page goes."""
        return max(self._room - 1, 1)

    def first(self) -> None:
        """Go to the first row that is there."""
        self.move(-len(self._window.rows))

    def last(self) -> None:
        """Go to the last row that is there."""
        self.move(len(self._window.rows))

    def sideways(self, by: int) -> None:
        """Go to the figure to the left or right; left of the first is the row itself."""
        cells = [NO_CELL, *(place for place, piece in enumerate(self._line_here()) if piece.to is not None)] if self.row is not None else [NO_CELL]
        here = cells.index(self._cell) if self._cell in cells else 0
        self._cell = cells[(here + by) % len(cells)]
        self.slid = False
        self.repaint()
        self.screen.post_message(self.Moved(self, self.key))

    def stand_on(self, key: Hashable) -> None:
        """Put the cursor on the row of that key when it is held."""
        self._go(self._place_of(key, self._at))

    def _go(self, place: int) -> None:
        if place != self._at:
            self._at, self.slid = place, False
            self._keep_visible()
            self._draw_visible()
            self.repaint()
            self.screen.post_message(self.Moved(self, self.key))

    def _keep_visible(self) -> None:
        room = max(self._room, 1)
        self._top = min(max(self._top, self._at - room + 1, 0), self._at)
        self._top = min(self._top, max(len(self._window.rows) - room, 0))

    # options typed into the left column

    def type_option(self, letter: str) -> None:
        """Type an option before the row and go one down; a blank takes it away."""
        if self.row is None:
            return
        if letter.strip():
            self.options[self.key] = letter
        else:
            self.options.pop(self.key, None)
        self.repaint()
        self.move(1)

    def typed(self) -> list[tuple[str, R]]:
        """Return the options of the rows held, in list order."""
        return [(self.options[key], row) for row in self._window.rows if (key := self.source.key(row)) in self.options]

    def done(self, row: R) -> None:
        """Take the option of a row away: it was carried out."""
        self.options.pop(self.source.key(row), None)
        self.repaint()

    # drawing

    def redraw(self) -> None:
        """Draw anew what is visible; only lines that differ are painted."""
        if not self.size.width:
            return
        if self._fitted == self.size:
            self._draw_all()
        else:
            self.fit()
        self.repaint()

    def lay_out(self) -> None:
        """Draw for the width there is."""
        self._lines.clear()
        self._widths.clear()
        self._draw_all()

    def _draw_all(self) -> None:
        self._pinned = (self._head(self.size.width) if self._head else ()), (self._foot(self.size.width) if self._foot else ())
        self._keep_visible()
        self._draw_visible()

    def on_mount(self) -> None:
        """Begin to read."""
        if not self._known:
            self.begin()

    @property
    def _room(self) -> int:
        return max(self.size.height - len(self._pinned[0]) - len(self._pinned[1]) - 1, 0)

    def _draw_visible(self) -> None:
        """Lay out the visible rows; a column once widened stays so wide while the list is open."""
        visible = self._window.rows[self._top : self._top + max(self._room, 1)]
        new = [row for row in visible if self.source.key(row) not in self._lines]
        if not new and self._heading:
            return
        before = list(self._widths)
        self._heading, lines = table(self._titled(), [self.source.cells(row) for row in new], self.size.width, self._widths)
        if self._widths != before:
            self._lines.clear()
            new = visible
            self._heading, lines = table(self._titled(), [self.source.cells(row) for row in new], self.size.width, self._widths)
        if len(self._lines) > 4 * len(visible) + PAGE:
            self._lines = {key: self._lines[key] for row in visible if (key := self.source.key(row)) in self._lines}
        self._lines.update((self.source.key(row), drawn) for row, drawn in zip(new, lines, strict=True))

    def _titled(self) -> list[Any]:
        names: Mapping[int, str] = self.source.sorts
        sign = "▼" if self.order.falling else "▲"
        return [
            column._replace(title=f"{column.title}{sign}") if self.order.by and names.get(place) == self.order.by else column
            for place, column in enumerate(self.source.columns)
        ]

    def seen(self, y: int) -> Seen:
        """Return what a line shows."""
        head, foot = self._pinned
        below = self.inner.height - len(foot)
        if y < len(head):
            return Seen(head[y])
        if y == len(head):
            return Seen(self._heading)
        if y >= below:
            return Seen(foot[y - below])
        place = self._top + y - len(head) - 1
        if place >= len(self._window.rows):
            return Seen()
        key = self.source.key(self._window.rows[place])
        here, pieces = place == self._at and not self.asleep, self._lines.get(key, ())
        return Seen((self._margin(key, here), *pieces[1:]), here, self._cell if here else NO_CELL)

    def _line_here(self) -> Line:
        return self._lines.get(self.key, ())

    def _margin(self, key: Hashable, here: bool) -> Part:
        option = self.options.get(key, " ")
        return part(f"{option}{'▸' if here else ' '} ")
