"""Payments, batches and cheques."""

from __future__ import annotations

from screens.commands.command import Command


class Pay(Command):
    """Enter a payment of this customer."""

    letters = ("dollar_sign",)
    footer = "Pay"
    rank = 3


class Fields(Command):
    """Back to the fields above: amount, cheque, account."""

    keys = ("tab", "shift+tab")
    footer = "Fields"
    rank = 5


class Proposed(Command):
    """Take what is proposed; once more takes the next answer that fits as well."""

    letters = ("asterisk",)
    footer = "Proposed"
    rank = 3


class Oldest(Command):
    """Pay what is not marked yet, the oldest first, until the money is used up."""

    letters = ("O", "o")
    footer = "Oldest"
    rank = 2


class Combination(Command):
    """Find the items that add up to what remains; once more takes the next set that does."""

    letters = ("equals_sign",)
    footer = "Find"
    rank = 4


class OnAccount(Command):
    """Leave what remains on account."""

    letters = ("U", "u")
    footer = "On account"
    rank = 3


class MarkDue(Command):
    """Mark every cheque whose day has come to be paid in; a blank takes one out again."""

    letters = ("a",)
    footer = "All due"
    rank = 2


class Control(Command):
    """Correct the control figures of the batch: the sum and the number on the deposit slip."""

    letters = ("c",)
    footer = "Control"
    rank = 4


class ReverseBatch(Command):
    """Reverse every receipt of a posted batch, with a reason: what they paid is open again."""

    letters = ("X",)
    footer = "Reverse"
    rank = 6
