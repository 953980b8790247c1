"""Moving in lists and cards, and reading them another way."""

from __future__ import annotations

from screens.commands.command import Command


class Up(Command):
    """One row up."""

    keys = ("up",)


class Down(Command):
    """One row down."""

    keys = ("down",)


class PageUp(Command):
    """One page up."""

    keys = ("pageup",)


class PageDown(Command):
    """One page down."""

    keys = ("pagedown",)


class First(Command):
    """The first row."""

    letters = ("home",)


class Last(Command):
    """The last row."""

    letters = ("end",)


class Left(Command):
    """The figure to the left; Enter opens what it is made of."""

    letters = ("left",)


class Right(Command):
    """The figure to the right; Enter opens what it is made of."""

    letters = ("right",)


class Search(Command):
    """Search in the list: type any part, Enter goes to the next row that has it."""

    letters = ("slash",)
    footer = "Search"
    rank = 5


class SearchNext(Command):
    """The next row that has what was searched for."""

    letters = ("n",)


class SearchBack(Command):
    """The row before that has what was searched for."""

    letters = ("N",)


class Narrow(Command):
    """Show only the rows that have what is typed; an empty line shows all again."""

    letters = ("ampersand",)


class SortRight(Command):
    """Sort by the next column: rising, then falling."""

    letters = ("greater_than_sign",)


class SortLeft(Command):
    """Sort by the column before."""

    letters = ("less_than_sign",)


class Copy(Command):
    """Copy the figure with the mark, or the row; it is shown below, too, where your terminal can select it."""

    letters = ("y",)


MOVES = (Up, Down, PageUp, PageDown, First, Last)
SIDEWAYS = (Left, Right)
LISTING = (*MOVES, Search, SearchNext, SearchBack, Narrow, SortLeft, SortRight, Copy)
"""What every list can do."""
