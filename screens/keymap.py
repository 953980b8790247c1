"""Which keys reach which command: the keys of the commands themselves, changed by `[keys]` of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from screens.commands import Command, known, shown_key

BANNED = frozenset({"f11", "f12", *(f"ctrl+{letter}" for letter in "sqzhimcab"), "ctrl+left_square_bracket"})
"""Keys a terminal, a multiplexer or the line keeps for itself, or sends as another key."""
_SPELT = {
    "?": "question_mark", "/": "slash", ":": "colon", "&": "ampersand", "<": "less_than_sign", ">": "greater_than_sign",
    "$": "dollar_sign", "=": "equals_sign", "[": "left_square_bracket", "]": "right_square_bracket", "-": "minus",
    "*": "asterisk", ".": "full_stop", "esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "return": "enter",
}  # fmt: skip
_NAMED = frozenset(
    {"enter", "tab", "escape", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown", "up", "down", "left", "right", "space"}
)
_TYPED_NAMES = frozenset({*_SPELT.values(), "space", "plus", "comma"}) - _NAMED
_IN_A_FIELD = frozenset({"backspace", "delete", "home", "end", "left", "right", "space"})


class Keymap:
    """Keys by command name; a command that is not named has the keys it was born with."""

    def __init__(self, changed: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> None:
        self.changed = changed

    def keys(self, command: type[Command], typing: bool) -> tuple[str, ...]:
        """Return the keys that reach a command, the one to show first; letters are left to a field that is typed into.

        A command whose new keys are all letters keeps its own keys while something is typed.
        """
        changed = self.changed.get(command.word())
        if changed is None:
            return command.all_keys(typing)
        kept = tuple(key for key in changed if not (typing and types(key)))
        return kept or (command.keys if typing else ())


def keymap_of(written: Mapping[str, object]) -> Keymap:
    """Read `[keys]`; what cannot be used is left out, and `complaints` says so."""
    every = known()
    read = {word: _keys(value) for word, value in written.items() if word in every and isinstance(value, str)}
    return Keymap({word: good for word, keys in read.items() if (good := tuple(key for key in keys if not _wrong(key)))})


def complaints(written: Mapping[str, object], screens: Mapping[str, Iterable[type[Command]]]) -> list[str]:
    """Say what is wrong with `[keys]`: unknown names, keys that cannot be used, one key with two meanings on a screen."""
    every = known()
    found: list[str] = []
    for word, value in written.items():
        if word not in every:
            found.append(f"[keys] {word} is no command.{_near(word, every)}")
        elif not isinstance(value, str) or not _keys(value):
            found.append(f'[keys] {word} must be keys in quotes, such as "f2,ctrl+f".')
        else:
            found += [f"[keys] {word}: {wrong}" for key in _keys(value) if (wrong := _wrong(key))]
    return found + _clashes(keymap_of(written), screens)


def _clashes(keymap: Keymap, screens: Mapping[str, Iterable[type[Command]]]) -> list[str]:
    where: dict[tuple[str, str, str], list[str]] = {}
    for screen, offered in screens.items():
        taken: dict[str, str] = {}
        for command in offered:
            for key in keymap.keys(command, typing=False):
                other = taken.setdefault(key, command.word())
                if other != command.word() and {other, command.word()} & set(keymap.changed):
                    where.setdefault((key, other, command.word()), []).append(screen)
    return [f"{shown_key(key)} means both {one} and {other} on: {', '.join(names)}; {one} has it." for (key, one, other), names in where.items()]


def types(key: str) -> bool:
    """Tell whether a key puts something into a field, or moves in it."""
    return len(key) == 1 or key in _TYPED_NAMES or key in _IN_A_FIELD


def _keys(written: object) -> tuple[str, ...]:
    return tuple(_spelt(key) for key in str(written).split(",") if key.strip())


def _spelt(key: str) -> str:
    key = key.strip()
    return _SPELT.get(key.lower(), key if len(key) == 1 else key.lower())


def _wrong(key: str) -> str:
    if key in BANNED:
        return f"{shown_key(key)} does not arrive on every terminal; choose another key."
    if key.startswith("alt+") or "+f" in key.replace("ctrl+f", "", 1) or (key.startswith(("shift+", "ctrl+")) and key not in _plain_control()):
        return f"{shown_key(key)} does not arrive the same on every terminal; choose a letter, F1 to F10 or Ctrl and a letter."
    if len(key) > 1 and key not in _NAMED | _TYPED_NAMES | _plain_control() | {f"f{number}" for number in range(1, 11)}:
        return f"{key} is no key."
    return ""


def _plain_control() -> frozenset[str]:
    return frozenset({f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"} | {"shift+tab"})


def _near(word: str, every: Mapping[str, object]) -> str:
    import difflib

    near = difflib.get_close_matches(word, every, 1)
    return f" Did you mean {near[0]}?" if near else ""
