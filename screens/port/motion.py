"""Moving the cursor for the fewest bytes."""

from __future__ import annotations

from functools import lru_cache

Place = tuple[int, int]
"""Column and line, counted from 0."""


@lru_cache(maxsize=8192)
def motion(before: Place | None, after: Place) -> str:
    """Return the shortest sequence that takes the cursor from one place to another; before is None when it is not known.

    A line feed goes straight down: the terminal is raw, it adds no return of its own.
    """
    column, line = after
    ways = [_absolute(column, line)]
    if before is not None:
        at, on = before
        if line == on:
            ways += [_along(at, column), "\r" + _along(0, column)]
        elif line > on:
            down = _down(line - on)
            ways += [down + _along(at, column), "\r" + down + _along(0, column)]
        else:
            up = _count(on - line, "A")
            ways += [up + _along(at, column), "\r" + up + _along(0, column)]
    return min(ways, key=len)


def _absolute(column: int, line: int) -> str:
    if column:
        return f"\x1b[{line + 1};{column + 1}H"
    return f"\x1b[{line + 1}H" if line else "\x1b[H"


def _along(at: int, column: int) -> str:
    if column >= at:
        return _count(column - at, "C")
    back = at - column
    return "\b" * back if back <= 3 else _count(back, "D")


def _down(lines: int) -> str:
    return "\n" * lines if lines <= 3 else _count(lines, "B")


def _count(steps: int, final: str) -> str:
    if steps <= 0:
        return ""
    return f"\x1b[{steps}{final}" if steps > 1 else f"\x1b[{final}"
