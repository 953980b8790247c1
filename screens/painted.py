"""A widget that paints lines itself and, when something changes, only the lines that are different."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from textual.events import Hide, Resize, Show
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from screens.safe import Line, line_width
from screens.theme import drawn_looks

NO_CELL = -1
FIRST_CELL = (0, 1)
"""The pieces of a row's mark and of its first column."""


class Seen(NamedTuple):
    """What one line of the widget shows."""

    line: Line = ()
    here: bool = False
    """Whether the cursor stands on the line: its band is on the first cell, or on the piece `at`."""
    at: int = NO_CELL
    """The piece the cursor stands on."""


class Painted(Widget, inherit_css=False):
    """Paint what `seen` gives for each line; `repaint` paints again what is different now.

    It has no use for the library's rules of scrollbars and links.
    """

    DEFAULT_CSS = "Painted { width: 100%; height: 1fr; }"

    def __init__(self, ident: str | None = None) -> None:
        super().__init__(id=ident)
        # what it has to know of its size it sees when it is painted
        self.disable_messages(Show, Hide, Resize)
        self._painted: list[Seen | None] = []
        self._ready: dict[int, Strip] = {}
        """The lines that show what they should."""
        self._strips: dict[Seen, Strip] = {}
        self._fitted: Size | None = None
        """The size it was laid out for."""

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Having been laid out is no reason to lay out the screen again: nothing scrolls."""
        changed = super()._size_updated(size, virtual_size, container_size, layout=False)
        if changed and not (size and self.screen.is_current):
            # nobody paints it without room or under another screen, but the next key there may ask where its cursor stands
            self.fit()
        return changed

    def seen(self, y: int) -> Seen:
        """Return what the line `y` of the widget shows."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Put together what is shown at the size there is."""

    @property
    def inner(self) -> Size:
        """The size it was laid out for: the library works its own out anew at every question."""
        return self._fitted or self.size

    def fit(self) -> None:
        """Lay out for the size there is, unless that was done."""
        size = self.size
        if self._fitted != size:
            self._fitted = size
            self.forget_strips()
            self.lay_out()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines: what the library would add to each, borders and the like, is nothing here but the room around some."""
        filters = self.get_line_filters()
        if self.styles.padding or filters:
            return super().render_lines(crop)
        self.fit()
        strips = [self._ready.get(y) or self._drawn_line(y) for y in crop.line_range]
        return strips if crop.column_span == (0, self.inner.width) else [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget; the first time complete, not blank until it hears of its size."""
        self.fit()
        return self._drawn_line(y)

    def _drawn_line(self, y: int) -> Strip:
        shows = self.seen(y)
        while len(self._painted) <= y:
            self._painted.append(None)
        self._painted[y] = shows
        strip = self._strips.get(shows)
        if strip is None:
            if len(self._strips) > 4 * max(self.inner.height, 25):
                self._strips.clear()
            strip = self._strips[shows] = self._strip(shows)
        self._ready[y] = strip
        return strip

    def repaint(self) -> None:
        """Paint the lines that show something else than before."""
        changed = [y for y, shows in enumerate(self._painted[: self.size.height]) if shows != self.seen(y)]
        for y in changed:
            self._ready.pop(y, None)
        if self._painted and changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))
        elif not self._painted:
            self.refresh()

    def forget_strips(self) -> None:
        """Draw every line anew when it is next painted: the width or the looks are others."""
        self._strips.clear()
        self._ready.clear()

    def _strip(self, shows: Seen) -> Strip:
        # not the whole line: what is late stays red under the cursor, and a step costs a few cells instead of two lines
        banded = (shows.at,) if shows.at != NO_CELL else FIRST_CELL if shows.here else ()
        looks = drawn_looks(self)
        segments = [Segment(piece.text, looks["here" if place in banded else piece.look]) for place, piece in enumerate(shows.line)]
        width, wanted = line_width(shows.line), self.inner.width
        if width < wanted:
            titled = bool(shows.line) and shows.line[-1].look == "title"
            segments.append(Segment(" " * (wanted - width), looks["title" if titled else ""]))
        return Strip(segments, max(width, wanted)).crop(0, wanted)
