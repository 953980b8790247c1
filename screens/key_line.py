"""The key line and the keys behind it: what is offered decides both. They are put together once for each set of commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from textual.binding import Binding, BindingsMap

from screens.commands import Command, function_key, shown_key
from screens.keymap import Keymap, types
from screens.layout import flow
from screens.safe import Line, line, line_width, part

Offered = tuple[type[Command], ...]
KEY_GAP = "  "


@lru_cache(maxsize=256)
def bound(offered: Offered, typing: bool, keymap: Keymap) -> BindingsMap:
    """Return the bindings of commands, for all pages that offer them; where something is typed into, letters are left to the field.

    They come before the field's own, so that keys typed ahead are carried out one after the other, each on the
    screen the one before led to. Of two commands on one key the first has it.
    """
    found: dict[str, Binding] = {}
    for command in offered:
        for key in keymap.keys(command, typing):
            letter = types(key) or (key in command.letters and key not in command.keys)
            action = "letter" if letter and not typing else "command"
            found.setdefault(key, Binding(key, f"{action}('{command.word()}')", id=command.word(), show=False, priority=True))
    return BindingsMap(found.values())


@lru_cache(maxsize=256)
def reached(offered: Offered, typing: bool, keymap: Keymap) -> Mapping[type[Command], tuple[str, ...]]:
    """Return the keys of every command that no command before it has."""
    taken: set[str] = set()
    found: dict[type[Command], tuple[str, ...]] = {}
    for command in offered:
        keys = keymap.keys(command, typing)
        found.setdefault(command, tuple(key for key in keys if key not in taken))
        taken.update(keys)
    return found


class Keyed(NamedTuple):
    """A command on the key line."""

    command: type[Command]
    key: str
    off: bool
    """Whether it is of no use at the moment."""

    def chunk(self) -> Line:
        """Draw its key and its word."""
        return line(part(shown_key(self.key), "off" if self.off else "key"), part(f" {self.command.footer}", "off" if self.off else ""))


@lru_cache(maxsize=512)
def key_line(offered: tuple[Keyed, ...], width: int) -> Line:
    """Draw as much of the key line as has room: what ranks highest goes first."""
    chunks = {each: each.chunk() for each in offered}
    widths = {each: line_width(chunk) + len(KEY_GAP) for each, chunk in chunks.items()}
    kept = list(offered)
    # a blank before the first, none after the last
    while len(kept) > 1 and 1 + sum(widths[each] for each in kept) - len(KEY_GAP) > width:
        kept.remove(max(reversed(kept), key=lambda each: each.command.rank))
    kept.sort(key=lambda each: function_key(each.key))
    return flow([chunks[each] for each in kept], width, between=KEY_GAP)[0] if kept else line()
