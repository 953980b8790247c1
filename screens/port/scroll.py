"""A list that moved by a line or three is scrolled by the terminal itself, not written again."""

from __future__ import annotations

from operator import ne
from typing import NamedTuple

from screens.port.page import Cells

FARTHEST = 3
"""Lines a list may have moved and still be recognised."""
WORTH = 20
"""Cells that must be saved before scrolling is tried: it takes some 25 bytes itself."""


class Scroll(NamedTuple):
    """Lines `top` to `bottom` move up by so many, or down when it is negative."""

    top: int
    bottom: int
    up: int


def find_scroll(wanted: Cells, shown: Cells) -> Scroll | None:
    """Return how what is shown would best be scrolled towards what is wanted; None when that saves nothing."""
    changed = [y for y in range(wanted.height) if not wanted.same_line(y, shown, y)]
    if len(changed) < 3:
        return None
    # another screen may have a few lines of this one elsewhere: trying that would cost more than it saves
    best, most = None, max(WORTH, sum(_different(wanted, shown, y) for y in changed) // 2)
    for up in (step * sign for step in range(1, FARTHEST + 1) for sign in (1, -1)):
        moved = [y for y in changed if 0 <= y + up < wanted.height and wanted.same_line(y, shown, y + up)]
        if len(moved) < 2:
            continue
        top, bottom = moved[0] + min(up, 0), moved[-1] + max(up, 0)
        if any(y not in changed for y in range(top, bottom + 1)):
            top, bottom, moved = _together(moved, changed, up)
        saved = sum(_different(wanted, shown, y) for y in moved)
        if saved > most:
            best, most = Scroll(top, bottom, up), saved
    return best


def _together(moved: list[int], changed: list[int], up: int) -> tuple[int, int, list[int]]:
    """Return the longest stretch in which every line changes anyway."""
    best: list[int] = []
    run: list[int] = []
    for y in moved:
        if run and any(between not in changed for between in range(run[-1], y + 1)):
            run = []
        run = [*run, y]
        if len(run) > len(best):
            best = run
    return best[0] + min(up, 0), best[-1] + max(up, 0), best


def _different(wanted: Cells, shown: Cells, y: int) -> int:
    return sum(map(ne, wanted.texts[y], shown.texts[y]))


def scrolled(shown: Cells, scroll: Scroll) -> None:
    """Note what the terminal shows after it scrolled: the lines that came in are plain blanks."""
    blank = Cells(shown.width, 1)
    lines = range(scroll.top, scroll.bottom + 1)
    for y in lines if scroll.up > 0 else reversed(lines):
        source = y + scroll.up
        if source in lines:
            shown.copy_line(y, shown, source)
        else:
            shown.copy_line(y, blank, 0)


def sequence(scroll: Scroll) -> str:
    """Return what makes the terminal scroll; the look must be plain, and where the cursor stands afterwards is not known."""
    margins = f"\x1b[{scroll.top + 1};{scroll.bottom + 1}r"
    if scroll.up > 0:
        return f"{margins}\x1b[{scroll.bottom + 1}H" + "\n" * scroll.up + "\x1b[r"
    return f"{margins}\x1b[{scroll.top + 1}H" + "\x1bM" * -scroll.up + "\x1b[r"
