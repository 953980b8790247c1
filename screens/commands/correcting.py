"""What can be put right about a posted document."""

from __future__ import annotations

from screens.commands.command import Command


class Bounced(Command):
    """The bank has returned the payment: it is reversed, what it paid is open again, the fee is proposed."""

    letters = ("b",)
    footer = "Bounced"
    rank = 7


class Unallocate(Command):
    """Take apart what a document is set against, or the one link under the cursor; past days stay as they were."""

    letters = ("u",)
    footer = "Un-allocate"
    rank = 9


class WriteOff(Command):
    """Propose to give up what is open; somebody else approves it within their limit."""

    letters = ("w",)
    footer = "Write off"
    rank = 9


class Apply(Command):
    """Set a credit against what is open, the oldest first or the documents you name."""

    letters = ("A",)
    footer = "Apply"
    rank = 9


class Refund(Command):
    """Pay a credit back; a second person approves it."""

    letters = ("R",)
    footer = "Refund"
    rank = 9


class CreditNote(Command):
    """Credit an invoice: all of it, an amount, or quantities of its lines."""

    letters = ("C",)
    footer = "Credit note"
    rank = 9


class SmallRest(Command):
    """Let a small rest go, within the limits an item and a day."""

    letters = ("D",)
    footer = "Difference"
    rank = 9


class Transfer(Command):
    """Move what is open to another account of the same group."""

    letters = ("T",)
    footer = "Transfer"
    rank = 9


class Net(Command):
    """Set what they owe us against what we owe them, with both sides' consent."""

    letters = ("O",)
    footer = "Netting"
    rank = 9


class Recover(Command):
    """Money came in for what was written off: the debt is put back and paid."""

    letters = ("M",)
    footer = "Recovery"
    rank = 9


class Void(Command):
    """Void a document nothing is set against, on its own day."""

    letters = ("V",)
    footer = "Void"
    rank = 9


class Undo(Command):
    """Reverse a document: entered twice, on the wrong account, in error; what it was set against is open again."""

    letters = ("X",)
    footer = "Reverse"
    rank = 9


class Identify(Command):
    """Say who sent money of an unknown payer."""

    letters = ("I",)
    footer = "Identify"
    rank = 9


class Waive(Command):
    """Give up a charge that was posted, with a reason: it is reversed and its days are not charged again."""

    letters = ("W",)
    footer = "Waive"
    rank = 9


CORRECTING = (Bounced, Unallocate, WriteOff, Apply, Refund, CreditNote, SmallRest, Transfer, Net, Recover, Void, Undo, Identify)
"""What can be put right about a posted document."""
