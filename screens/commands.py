"""Every command of the program: its keys, its place on the key line, and its help. Nothing here draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar


class Command:
    """Something a person can ask for with a key; the docstring is its help."""

    keys: ClassVar[tuple[str, ...]] = ()
    """Keys that work everywhere, the one to show first."""
    letters: ClassVar[tuple[str, ...]] = ()
    """More keys, only where nothing can be typed into."""
    footer: ClassVar[str] = ""
    """Its word on the key line; without one it is only in the help."""
    rank: ClassVar[int] = 5
    """What the key line keeps when there is no room: 0 stays, the highest goes first."""
    example: ClassVar[str] = ""
    """What one may type, for the help and for the go line."""

    @classmethod
    def word(cls) -> str:
        """Its stable name."""
        return cls.__name__.lower()

    @classmethod
    def all_keys(cls, typing: bool) -> tuple[str, ...]:
        """The keys that reach it on a screen with or without a field to type into."""
        return cls.keys if typing else cls.keys + cls.letters

    @classmethod
    def help(cls) -> str:
        """What it does, in words."""
        return (cls.__doc__ or "").strip()


class Help(Command):
    """What can be done here and with which key."""

    keys = ("f1",)
    letters = ("question_mark",)
    footer = "Help"
    rank = 0


class Who(Command):
    """Who is calling: look somebody up from anywhere; one step back leads to where you were."""

    keys = ("f2", "ctrl+f")
    footer = "Who"
    rank = 1


class Back(Command):
    """One step back, to the same row."""

    keys = ("f3", "ctrl+y")
    letters = ("q", "backspace", "escape")
    footer = "Back"
    rank = 0


class Leave(Command):
    """Leave the program."""

    keys = ("f3", "ctrl+y")
    footer = "Leave"
    rank = 0


class Clear(Command):
    """Take back what was typed last: letters, options, a search; when there is nothing left, one step back."""

    keys = ("escape",)


class StepBack(Command):
    """One step back at once; what is unsaved asks first."""

    keys = ("escape",)


class Reread(Command):
    """Read again what is shown; the row stays."""

    keys = ("f5", "ctrl+r")
    footer = "Reread"
    rank = 8


class Choices(Command):
    """The choices for this field, filtered as you type; Enter picks one and moves on."""

    keys = ("f4", "ctrl+l")
    footer = "Choices"
    rank = 4


class New(Command):
    """Begin a new one."""

    keys = ("f6", "ctrl+n")
    letters = ("n",)
    footer = "New"
    rank = 4


class Go(Command):
    """Go: type a word of a command, or a short path such as an account number; Enter goes there."""

    keys = ("f7", "ctrl+p")
    letters = ("colon",)
    footer = "Go"
    rank = 2
    example = "10442"


class All(Command):
    """Show all, or only what is open."""

    keys = ("f8", "ctrl+t")
    letters = ("t",)
    footer = "Open/all"
    rank = 6


class Again(Command):
    """As in the previous record: the field takes what was typed into it last time, and you move on."""

    keys = ("f9", "ctrl+g")
    footer = "As before"
    rank = 4


class Done(Command):
    """Done: save or post what was typed; what is missing is said, and the cursor goes there."""

    keys = ("f10", "ctrl+o")
    footer = "Done"
    rank = 0


class NextField(Command):
    """The next field; what was typed is read and said back."""

    keys = ("enter", "tab", "ctrl+j", "down")
    footer = "Next field"
    rank = 6


class PreviousField(Command):
    """The field before; nothing typed is lost."""

    keys = ("shift+tab", "up")


class Kind(Command):
    """Look among customers, among vendors, or among both."""

    keys = ("tab",)
    footer = "Kind"


class Open(Command):
    """Open the row with the mark."""

    keys = ("enter", "ctrl+j")
    footer = "Open"


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


class Stop(Command):
    """Stop what is going on; what is done stays done."""

    keys = ("escape",)
    footer = "Stop"
    rank = 0


class PickUp(Command):
    """One choice up."""

    keys = ("up",)


class PickDown(Command):
    """One choice down."""

    keys = ("down",)


class Take(Command):
    """Take the choice with the mark, or what was typed."""

    keys = ("enter", "tab", "ctrl+j")
    footer = "Take"
    rank = 0


class Close(Command):
    """Close this and go on where you were."""

    keys = ("f3", "ctrl+y", "escape")
    footer = "Close"
    rank = 0


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


class MarkAll(Command):
    """Mark every row that is shown to be posted; a blank takes one out again."""

    letters = ("a",)
    footer = "All"
    rank = 3


class Waive(Command):
    """Give up a charge that was posted, with a reason: it is reversed and its days are not charged again."""

    letters = ("W",)
    footer = "Waive"
    rank = 9


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


class MarkDue(Command):
    """Mark every cheque whose day has come to be paid in; a blank takes one out again."""

    letters = ("a",)
    footer = "All due"
    rank = 2


class MarkBad(Command):
    """Mark what does not reach them any more, or reaches them again."""

    letters = ("minus",)
    footer = "Bad/good"
    rank = 7


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


MOVES = (Up, Down, PageUp, PageDown, First, Last)
SIDEWAYS = (Left, Right)
LISTING = (*MOVES, Search, SearchNext, SearchBack, Narrow, SortLeft, SortRight, Copy)
"""What every list can do."""
FILLING = (NextField, PreviousField, Choices, Again, Done)
"""What every form can do."""

CORRECTING = (Bounced, Unallocate, WriteOff, Apply, Refund, CreditNote, SmallRest, Transfer, Net, Recover, Void, Undo, Identify)
"""What can be put right about a posted document."""

_SHOWN = {
    "question_mark": "?",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "slash": "/",
    "colon": ":",
    "ampersand": "&",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "dollar_sign": "$",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
    "full_stop": ".",
    "comma": ",",
    "space": "Space",
}


def shown_key(key: str) -> str:
    """Write a key as people know it: F1, Ctrl+F, Enter, j."""
    if key in _SHOWN:
        return _SHOWN[key]
    return "+".join(part.capitalize() if len(part) > 1 or "+" in key else part for part in key.split("+"))


def function_key(key: str) -> int:
    """Return the number of an F-key; every other key comes after them."""
    return int(key[1:]) if key[:1] == "f" and key[1:].isdigit() else 99


def keys_in_words(keys: Sequence[str]) -> str:
    """List keys for the help; Ctrl+J, which some keypads send for Enter, is not worth showing."""
    return ", ".join(shown_key(key) for key in keys if key != "ctrl+j")


def known() -> dict[str, type[Command]]:
    """Return every command of the program by its name."""
    return {command.word(): command for command in _below(Command)}


def _below(command: type[Command]) -> Iterator[type[Command]]:
    for each in command.__subclasses__():
        yield each
        yield from _below(each)
