"""What a command is, and how its keys are written."""

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
