"""Records: changing, comparing, making one of two."""

from __future__ import annotations

from screens.commands.command import Command


class Edit(Command):
    """Change what is kept of the account: name, terms, group, hold, note."""

    letters = ("e",)
    footer = "Edit"
    rank = 6


class Suspected(Command):
    """Look at the one who may be the same; one step back leads to what you typed."""

    keys = ("ctrl+x",)
    footer = "Look at"
    rank = 3


class KeepMine(Command):
    """Keep what you typed, in every field."""

    letters = ("m",)
    footer = "All mine"
    rank = 1


class TakeTheirs(Command):
    """Take what the other one made of it, in every field."""

    letters = ("t",)
    footer = "All theirs"
    rank = 1


class Toggle(Command):
    """Choose the other value for this row."""

    keys = ("enter", "ctrl+j")
    letters = ("space",)
    footer = "Choose"
    rank = 1


class ThrowAway(Command):
    """Throw the unfinished entry away; asked twice it is gone."""

    letters = ("x",)
    footer = "Throw away"
    rank = 4


class Unite(Command):
    """Make another record of the same party one with this: accounts keep their numbers, what is posted stays, it can be taken apart again."""

    letters = ("U",)
    footer = "Unite"
    rank = 9


class TakeApart(Command):
    """Take the two apart again: what was moved goes back."""

    letters = ("u",)
    footer = "Take apart"
    rank = 2


class MarkBad(Command):
    """Mark what does not reach them any more, or reaches them again."""

    letters = ("minus",)
    footer = "Bad/good"
    rank = 7
