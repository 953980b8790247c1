"""The cells of a whole screen: what they should show, or what they do show."""

from __future__ import annotations

from collections.abc import Sequence

from screens.port.sgr import PLAIN, Look


class Cells:
    """A screen of `width` by `height` cells, each a text and a look; the text after a wide one is empty."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.texts: list[list[str]] = []
        self.looks: list[list[Look]] = []
        self.clear()

    def clear(self) -> None:
        """Make every cell a plain blank."""
        self.texts = [[" "] * self.width for _ in range(self.height)]
        self.looks = [[PLAIN] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, laid: Sequence[str], look: Look, limit: int) -> None:
        """Put cells on a line, none at or after column `limit`; half of a wide character becomes a blank."""
        end = min(x + len(laid), limit, self.width)
        if x < 0:
            laid, x = laid[-x:], 0
        if not 0 <= y < self.height or x >= end:
            return
        texts, looks = self.texts[y], self.looks[y]
        if not texts[x]:
            self._halve(x - 1, y)
        texts[x:end] = laid[: end - x]
        blank = look.on_blanks
        looks[x:end] = [look] * (end - x) if blank is look else [blank if text == " " else look for text in texts[x:end]]
        if not texts[x]:
            self._halve(x, y)
        if len(laid) > end - x and not laid[end - x]:
            self._halve(end - 1, y)
        if end < self.width and not texts[end]:
            self._halve(end, y)

    def _halve(self, x: int, y: int) -> None:
        self.texts[y][x] = " "
        self.looks[y][x] = self.looks[y][x].on_blanks

    def same_line(self, y: int, other: Cells, at: int) -> bool:
        """Tell whether a line is that line of another screen."""
        return self.texts[y] == other.texts[at] and self.looks[y] == other.looks[at]

    def copy(self) -> Cells:
        """Return another screen of the same cells."""
        other = Cells(self.width, 0)
        other.height, other.texts, other.looks = self.height, [line[:] for line in self.texts], [line[:] for line in self.looks]
        return other

    def copy_line(self, y: int, other: Cells, at: int) -> None:
        """Make a line that line of another screen."""
        self.texts[y], self.looks[y] = other.texts[at][:], other.looks[at][:]
