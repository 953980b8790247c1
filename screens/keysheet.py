"""The key sheet: every screen and its keys on one page, to print and lay beside the keyboard."""

from __future__ import annotations

from collections.abc import Iterable

from screens.catalog import every, in_words
from screens.commands import (
    FILLING,
    MOVES,
    SIDEWAYS,
    Close,
    Command,
    Copy,
    Narrow,
    PickDown,
    PickUp,
    Search,
    SearchBack,
    SearchNext,
    SortLeft,
    SortRight,
    Take,
    function_key,
    keys_in_words,
)  # fmt: skip
from screens.keymap import Keymap

LISTS = (*SIDEWAYS, Search, SearchNext, SearchBack, Narrow, SortRight, SortLeft, Copy)
FORMS = (*FILLING, Take, PickUp, PickDown, Close)
EVERYWHERE_FROM = 3
"""On how many screens a command has the same keys to be listed once for all."""


def sheet(keymap: Keymap | None = None) -> str:
    """Write the sheet as Markdown, with the keys of a keymap."""
    keymap = keymap or Keymap()
    screens = {in_words(name): (each.OFFERED, each.TYPING) for name, each in every().items()}
    everywhere = _everywhere(screens)
    lines = ["# Keys", "", "Made by `python scripts/keysheet.py`; the same words are on F1 of each screen.", "", "## Everywhere", "", *_table(everywhere, keymap, typing=False)]
    lines += ["", "Letters are for screens where nothing is typed; in a field they are letters.", ""]
    for title, kit, typing in (("In every list", LISTS, False), ("In every form", FORMS, True)):
        lines += [f"## {title}", "", *_table([command for command in kit if command not in everywhere], keymap, typing=typing), ""]
    for name, (offered, typing) in screens.items():
        own = [command for command in offered if command not in (*everywhere, *LISTS, *FORMS)]
        if own:
            lines += [f"## {name.capitalize()}", "", *_table(own, keymap, typing=typing), ""]
    return "\n".join(lines).rstrip() + "\n"


def _everywhere(screens: dict[str, tuple[tuple[type[Command], ...], bool]]) -> list[type[Command]]:
    every_one = [command for offered, _ in screens.values() for command in offered]
    seen = dict.fromkeys(command for command in every_one if every_one.count(command) >= EVERYWHERE_FROM)
    first = sorted((command for command in seen if command not in (*MOVES, *LISTS, *FORMS)), key=lambda command: function_key((command.keys or ("",))[0]))
    return [*first, *MOVES]


def _table(commands: Iterable[type[Command]], keymap: Keymap, *, typing: bool) -> list[str]:
    rows = []
    for command in commands:
        keys = keys_in_words(keymap.keys(command, typing)).replace("|", "\\|")
        rows.append(f"| {keys} | {command.word()} | {' '.join(command.help().split())} |")
    return ["| keys | name | what it does |", "|---|---|---|", *rows]
