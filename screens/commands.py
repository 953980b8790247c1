"""Every command of the program: its keys, its place on the key line, and its help. Nothing here draws."""

from __future__ import annotations

from typing import ClassVar


class Command:
    """Something a person can ask for with a key; the docstring is its help."""

    keys: ClassVar[tuple[str, ...]] = ()
    """Keys that work everywhere, the one to show first."""
    letters: ClassVar[tuple[str, ...]] = ()
    """More keys, only where nothing can be typed into."""
    footer: ClassVar[str] = ""
    """Its word on the key line; without one it is only in the help."""

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


class Who(Command):
    """Who is calling: look somebody up from anywhere; one step back leads to where you were."""

    keys = ("f2", "ctrl+f")
    footer = "Who"


class Back(Command):
    """One step back, to the same row."""

    keys = ("f3", "ctrl+y")
    letters = ("q", "backspace", "escape")
    footer = "Back"


class Leave(Command):
    """Leave the program."""

    keys = ("f3", "ctrl+y")
    footer = "Leave"


class Clear(Command):
    """Empty the box; when it is empty, one step back."""

    keys = ("escape",)


class Reread(Command):
    """Read again what is shown; the row stays."""

    keys = ("f5", "ctrl+r")
    footer = "Reread"


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


class Contacts(Command):
    """The people, how to reach them, and what was said last."""

    letters = ("2",)


class Group(Command):
    """The other accounts of the same group; Enter opens one."""

    letters = ("3",)


class Journal(Command):
    """The ledger lines of the document."""

    letters = ("j", "enter", "ctrl+j")
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


MOVES = (Up, Down, PageUp, PageDown, First, Last)

_SHOWN = {
    "question_mark": "?",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def shown_key(key: str) -> str:
    """Write a key as people know it: F1, Ctrl+F, Enter, j."""
    if key in _SHOWN:
        return _SHOWN[key]
    return "+".join(part.capitalize() if len(part) > 1 or "+" in key else part for part in key.split("+"))


def keys_in_words(command: type[Command], typing: bool) -> str:
    """List the keys of a command for the help; Ctrl+J, which some keypads send for Enter, is not worth showing."""
    return ", ".join(shown_key(key) for key in command.all_keys(typing) if key != "ctrl+j")
