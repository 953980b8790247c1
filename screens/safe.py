"""The only door from the books to the screen: whatever was stored comes out as harmless text."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, NewType

from rich.cells import cell_len, set_cell_size

from artui.later import Later
from artui.text import safe

if TYPE_CHECKING:
    from artui import clock, money
else:
    # the first screen shows neither a day nor an amount
    clock, money = Later("artui.clock"), Later("artui.money")

Shown = NewType("Shown", str)
"""Text that may be painted; made only here."""


class Part(NamedTuple):
    """A piece of a line: harmless text, the name of its look, and where Enter on it leads.

    A piece that leads somewhere is a figure the cursor can stand on with left and right.
    """

    text: Shown
    look: str = ""
    to: Hashable = None


Line = tuple[Part, ...]
NOTHING = Shown("-")
ELLIPSIS = "…"


def shown(text: object) -> Shown:
    """Give stored text as it may be painted: every control or invisible character becomes a symbol."""
    return Shown(safe(str(text)))


def part(text: object, look: str = "", to: Hashable = None) -> Part:
    """Give stored text, or words of our own, as a piece of a line."""
    return Part(shown(text), look, to)


def line(*pieces: object) -> Line:
    """Put pieces together; what is not a part yet is made one."""
    return tuple(piece if isinstance(piece, Part) else part(piece) for piece in pieces)


def amount(value: Decimal, currency: str) -> Shown:
    """Write an amount in full: "-48 200.00"."""
    return Shown(money.display(value, currency))


def day(value: date) -> Shown:
    """Write a day: "10 Sep 26"."""
    return Shown(f"{value.day:2d} {clock.MONTHS[value.month - 1]} {value.year % 100:02d}")


def weekday(value: date) -> Shown:
    """Write a day with its name: "Mon 15 Jun 2026"."""
    return Shown(f"{_DAYS[value.weekday()]} {clock.spoken(value)}")


def plain_day(value: date) -> Shown:
    """Write a day in full, the way it can be typed again: "27 Nov 2026"."""
    return Shown(clock.spoken(value))


def weekday_name(value: date) -> Shown:
    """Name the day of the week: "Fri"."""
    return Shown(_DAYS[value.weekday()])


def moment(value: datetime) -> Shown:
    """Write an instant in the time of this machine: "20 Nov 26 14:33"."""
    local = value.astimezone()
    return Shown(f"{day(local.date())} {local:%H:%M}")


def width_of(text: Shown) -> int:
    """Count the cells the text takes."""
    return cell_len(text)


def line_width(pieces: Line) -> int:
    """Count the cells a line takes."""
    return sum(cell_len(piece.text) for piece in pieces)


def cut(text: Shown, width: int) -> Shown:
    """Shorten text to `width` cells with an ellipsis; for names and words, never for amounts."""
    if cell_len(text) <= width:
        return text
    return Shown(set_cell_size(text, max(width - 1, 0)) + ELLIPSIS if width > 0 else "")


def cut_line(pieces: Line, width: int) -> Line:
    """Shorten a line to `width` cells."""
    kept: list[Part] = []
    for piece in pieces:
        room = width - line_width(tuple(kept))
        if cell_len(piece.text) > room:
            return (*kept, Part(cut(piece.text, room), piece.look, piece.to))
        kept.append(piece)
    return tuple(kept)


def padded(text: Shown, width: int, *, right: bool = False) -> Shown:
    """Fill text with blanks to `width` cells."""
    blanks = " " * (width - cell_len(text))
    return Shown(blanks + text if right else text + blanks)


def plain_text(pieces: Line) -> str:
    """Give the text of a line without its looks."""
    return "".join(piece.text for piece in pieces)


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
