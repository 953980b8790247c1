"""What the terminal shows, what it should show, and the bytes between."""

from __future__ import annotations

from itertools import islice

from screens.port.cells import certain
from screens.port.motion import Place, motion
from screens.port.page import Cells
from screens.port.scroll import Scroll, find_scroll, scrolled, sequence
from screens.port.sgr import PLAIN, Look, change

CLEAR = "\x0f\x1b(B\x1b[r\x1b[m\x1b[H\x1b[2J"
"""Ordinary letters, the whole screen as region, no colour, and nothing on it: whatever was there before."""
_LONGEST_RETYPED = 8
_LEAST_ERASED = 4


class Writer:
    """Turn a screen of cells into the least a terminal must be sent.

    `coloured_erasing` says that the terminal erases in the colour of the ground (PuTTY, xterm and most others).
    """

    def __init__(self, width: int, height: int, *, coloured_erasing: bool = False) -> None:
        self._coloured_erasing = coloured_erasing
        self._out: list[str] = []
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Begin anew on a screen of another size."""
        self.wanted = Cells(width, height)
        self._shown = Cells(width, height)
        self.forget()

    def forget(self) -> None:
        """Take nothing for granted any more: the next change draws everything."""
        self._known = False
        self._cursor: Place | None = None
        self._place: Place | None = None
        self._look: Look | None = None

    def changes(self, cursor: Place | None = None) -> str:
        """Return what makes the terminal show what is wanted, and takes its cursor to a place; from then on it is shown."""
        # somebody else may have moved the cursor since the last time
        self._place = None
        self._out = []
        if not self._known:
            self._begin()
        scroll = find_scroll(self.wanted, self._shown)
        if scroll is None:
            self._lines()
        else:
            self._lines_scrolled(scroll)
        out = self._out
        if cursor is not None and (out or cursor != self._cursor):
            out.append(motion(self._place, cursor))
            self._cursor = cursor
        return "".join(out)

    def _begin(self) -> None:
        self._out.append(CLEAR)
        self._shown.clear()
        self._known, self._place, self._look, self._cursor = True, (0, 0), PLAIN, None

    def _lines(self) -> None:
        """Send every line that differs."""
        for y in range(self.wanted.height):
            if not self.wanted.same_line(y, self._shown, y):
                self._line(y)
                self._shown.copy_line(y, self.wanted, y)

    def _lines_scrolled(self, scroll: Scroll) -> None:
        """Send the lines that differ, with or without scrolling first: whichever is shorter."""
        before = (self._place, self._look, self._shown.copy(), self._out)
        self._out = []
        self._lines()
        plainly, after = self._out, (self._place, self._look)
        self._place, self._look, self._shown, self._out = before[0], before[1], before[2], []
        self._as(PLAIN)
        self._out.append(sequence(scroll))
        # some terminals put the cursor to the top left then, some do not
        self._place = None
        scrolled(self._shown, scroll)
        self._lines()
        if len("".join(plainly)) <= len("".join(self._out)):
            self._out, (self._place, self._look) = plainly, after
        self._out = [*before[3], *self._out]

    def _line(self, y: int) -> None:
        """Send one line in the shorter of two ways: over what stands there, or over blanks."""
        texts, looks = self.wanted.texts[y], self.wanted.looks[y]
        shown, shown_looks = self._shown.texts[y], self._shown.looks[y]
        cells = enumerate(zip(texts, shown, looks, shown_looks, strict=True))
        changed = [x for x, (text, other, look, before) in cells if text != other or look is not before]
        before, out = (self._place, self._look), self._out
        over: list[str] = []
        self._out = over
        self._over(y, changed, self._rest_of_blanks(texts, looks, changed))
        after = (self._place, self._look)
        ground = looks[-1]
        if len(changed) > _LONGEST_RETYPED and self._can_erase(ground):
            self._place, self._look = before
            self._out = []
            blanks = [x for x in range(changed[0], self.wanted.width) if texts[x] != " " or looks[x] is not ground]
            self._erase(changed[0], y, self._ink_of_first(blanks, looks, ground))
            self._over(y, blanks, self.wanted.width)
            if len("".join(self._out)) < len("".join(over)):
                over, after = self._out, (self._place, self._look)
        self._place, self._look = after
        self._out = out
        out.extend(over)

    def _over(self, y: int, changed: list[int], erased: int) -> None:
        """Write the changed cells of a line up to a column, and erase the rest when there is one."""
        texts, looks = self.wanted.texts[y], self.wanted.looks[y]
        again, place = -1, 0
        while place < len(changed):
            x = changed[place]
            # a character the terminal may take for wider than it is has drawn over the next one
            for at in (again, x) if 0 <= again < x else (x,):
                again = self._cell(at, y, texts, looks) if at < erased else -1
            place += self._alike(changed, place, texts, looks, erased) if again < 0 and x < erased else 1
        if 0 <= again < erased:
            self._cell(again, y, texts, looks)
        if erased < self.wanted.width:
            self._erase(erased, y, looks[erased])

    def _alike(self, changed: list[int], place: int, texts: list[str], looks: list[Look], erased: int) -> int:
        """Write the changed cells that follow without a gap and need no other look; return how many are written with the first."""
        first = x = changed[place] + 1
        now = self._look
        if now is None or self._place is None or self._place[0] != first:
            return 1
        on_blanks = now.on_blanks
        for at in islice(changed, place + 1, None):
            text = texts[x] if at == x < erased else ""
            if not text or not (looks[x] is now or (text == " " and looks[x] is on_blanks)) or not (text.isascii() or certain(text)):
                break
            x += 1
        if x > first and x < len(texts) and not texts[x]:
            # the last one is wide: it moves the cursor by more than itself
            x -= 1
        if x > first:
            self._out.append("".join(texts[first:x]))
            self._place = (x, self._place[1]) if x < len(texts) else None
        return x - first + 1

    def _erase(self, x: int, y: int, look: Look) -> None:
        self._go(x, y, self.wanted.texts[y], self.wanted.looks[y])
        self._as(look)
        self._out.append("\x1b[K")

    def _ink_of_first(self, cells: list[int], looks: list[Look], ground: Look) -> Look:
        """Return the look to erase with: that of what is written next, where it erases the same."""
        first = looks[cells[0]] if cells else ground
        return first if first.on_blanks is ground else ground

    def _ink_of_next(self, x: int, texts: list[str], looks: list[Look]) -> Look:
        """Return the look to draw a cell with: for blanks that of the word after them, where blanks of it look the same."""
        look = looks[x]
        while x < len(texts) - 1 and texts[x] == " " and looks[x] is look:
            x += 1
        return looks[x] if looks[x].on_blanks is look else look

    def _can_erase(self, look: Look) -> bool:
        return look.erasable and (self._coloured_erasing or not look.ground)

    def _rest_of_blanks(self, texts: list[str], looks: list[Look], changed: list[int]) -> int:
        """Return the column from which the rest of a line is better erased than written; the width when it is not."""
        width = self.wanted.width
        look = looks[-1]
        if not self._can_erase(look):
            return width
        start = width
        while start and texts[start - 1] == " " and looks[start - 1] is look:
            start -= 1
        rest = [x for x in changed if x >= start]
        return rest[0] if len(rest) >= _LEAST_ERASED else width

    def _cell(self, x: int, y: int, texts: list[str], looks: list[Look]) -> int:
        """Write one cell; return the next one when it may have been damaged by that, else -1."""
        text = texts[x]
        if not text:
            # the right half of a wide character comes with its left one
            return -1
        self._go(x, y, texts, looks)
        if not self._drawn_as(looks[x], text):
            self._as(self._ink_of_next(x, texts, looks))
        after = x + 1
        while after < len(texts) and not texts[after]:
            after += 1
        if certain(text):
            self._out.append(text)
            # at the right edge some terminals wait for the next character before they move on
            self._place = (after, y) if after < len(texts) else None
            return -1
        if after - x > 1:
            self._out.append("  " + motion(None, (x, y)))
        self._out.append(text)
        self._place = None
        return after if after < len(texts) else -1

    def _go(self, x: int, y: int, texts: list[str], looks: list[Look]) -> None:
        if self._place == (x, y):
            return
        way = motion(self._place, (x, y))
        if self._place is not None and self._place[1] == y and 0 < x - self._place[0] <= _LONGEST_RETYPED:
            between = texts[self._place[0] : x]
            again = "".join(between)
            if len(again.encode()) <= len(way) and all(map(self._drawn_as, looks[self._place[0] : x], between)) and all(map(certain, between)):
                way = again
        self._out.append(way)
        self._place = (x, y)

    def _drawn_as(self, look: Look, text: str) -> bool:
        """Tell whether a text drawn as the terminal now draws looks like that: on blanks, ink is not seen."""
        now = self._look
        return now is look or (text == " " and now is not None and now.on_blanks is look)

    def _as(self, look: Look) -> None:
        if look is not self._look:
            self._out.append(change(self._look, look))
            self._look = look
