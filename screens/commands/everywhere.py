"""What is the same on every screen, in every form and panel."""

from __future__ import annotations

from screens.commands.command import Command


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


FILLING = (NextField, PreviousField, Choices, Again, Done)
"""What every form can do."""
