"""Bank statements: reading in, matching, reconciling."""

from __future__ import annotations

from screens.commands.command import Command


class ReadIn(Command):
    """Read in a file of the bank; what was read before is recognised."""

    letters = ("r",)
    footer = "Read in"
    rank = 1


class Validate(Command):
    """Say that the statement is whole; refused unless opening and entries make its closing balance."""

    letters = ("v",)
    footer = "Validate"
    rank = 2


class Waiting(Command):
    """What waits of all statements: entries not decided, and money whose payer is not known yet."""

    letters = ("w",)
    footer = "Waiting"
    rank = 3


class AsOf(Command):
    """Another day: type it as t, -7, eom, 31.5."""

    letters = ("a",)
    footer = "As of"
    rank = 1


class DayBefore(Command):
    """The day before."""

    letters = ("minus",)
    footer = "Day before"
    rank = 4


class DayAfter(Command):
    """The day after."""

    letters = ("plus",)
    footer = "Day after"
    rank = 4


class Certain(Command):
    """Take every proposal that is certain: how many, how much, and each of them are shown, F10 posts them."""

    letters = ("A",)
    footer = "All certain"
    rank = 1


class Whose(Command):
    """Say whose money it is: another customer than those proposed, and what it pays."""

    letters = ("w",)
    footer = "Whose"
    rank = 2


class Split(Command):
    """Split the entry over several customers."""

    letters = ("s",)
    footer = "Split"
    rank = 3


class Link(Command):
    """The entry stands for documents that are in the books already: name them."""

    letters = ("l",)
    footer = "Link"
    rank = 3


class Returned(Command):
    """The entry is the return of a payment: it is reversed, what it paid is open again, the fee is charged."""

    letters = ("r",)
    footer = "Returned"
    rank = 3
