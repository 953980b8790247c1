"""An account: its tabs, its group, the next one."""

from __future__ import annotations

from screens.commands.command import Command


class Items(Command):
    """What is open on the account, oldest due first; for a vendor its purchases."""

    letters = ("1",)


class History(Command):
    """Everything posted to the account, newest first."""

    letters = ("2",)


class Contacts(Command):
    """The people, how to reach them, and what was said last."""

    letters = ("3",)


class Sales(Command):
    """What was sold to the customer, or bought from the vendor, item by item."""

    letters = ("8",)


class Changes(Command):
    """Who changed what of the account's own facts, as far as you may know."""

    letters = ("9",)


class Members(Command):
    """The other accounts of the same group; Enter opens one."""

    letters = ("0",)


class Together(Command):
    """The whole group of companies together, or this account apart: items, balances and totals."""

    letters = ("g",)
    footer = "Group"
    rank = 6


class WhoWhen(Command):
    """Who posted this and when, under which key, and what reversed it."""

    letters = ("i",)
    footer = "Who/when"
    rank = 6


class Pin(Command):
    """Pin the account: it stands in the lookup while its box is empty; once more takes the pin off."""

    letters = ("asterisk",)


class NextAccount(Command):
    """The next account of the list this one was opened from."""

    letters = ("right_square_bracket",)


class PreviousAccount(Command):
    """The account before, of the list this one was opened from."""

    letters = ("left_square_bracket",)


class Journal(Command):
    """The ledger lines of the document."""

    letters = ("j",)
    footer = "Journal"
