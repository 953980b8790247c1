"""The desk: approvals, cases, months, charges, profiles."""

from __future__ import annotations

from screens.commands.command import Command


class Approve(Command):
    """Approve the request: its effects are shown, F10 posts it in your name."""

    letters = ("a",)
    footer = "Approve"
    rank = 1


class Reject(Command):
    """Reject the request, with a reason; nothing is posted."""

    letters = ("x",)
    footer = "Reject"
    rank = 2


class Mend(Command):
    """Put the row right: opens the correction or the screen that settles it."""

    letters = ("f",)
    footer = "Fix"
    rank = 1


class SoftClose(Command):
    """Close the month softly: only those with the right still post into it."""

    letters = ("s",)
    footer = "Soft close"
    rank = 2


class CloseMonth(Command):
    """Close the month: nobody posts into it any more; what that would strand is named first."""

    letters = ("c",)
    footer = "Close"
    rank = 1


class Reopen(Command):
    """Open the month again, with a reason that stays on record."""

    letters = ("o",)
    footer = "Reopen"
    rank = 2


class MarkAll(Command):
    """Mark every row that is shown to be posted; a blank takes one out again."""

    letters = ("a",)
    footer = "All"
    rank = 3


class Everybody(Command):
    """Let the profile hold for every customer without one of their own, or no longer."""

    letters = ("e",)
    footer = "Everybody"
    rank = 3


class Assign(Command):
    """Give the profile to one customer, or take it from them."""

    letters = ("a",)
    footer = "Assign"
    rank = 3
