"""One meaning per key, a key line that fits, help for everything."""

from __future__ import annotations

import pytest

from screens.base import Page
from screens.catalog import every
from screens.commands import Clear, Command, SearchNext, known
from screens.keymap import BANNED, Keymap
from screens.panel import Panel
from screens.people.lookup import Home, Lookup

PAGES = tuple(every().values())
EVERY = tuple(known().values())


@pytest.mark.parametrize("command", EVERY)
def test_every_command_has_a_key_a_help_and_no_key_that_terminals_swallow(command: type[Command]) -> None:
    keys = command.all_keys(typing=False)
    assert keys
    assert command.help().endswith(".")
    assert not BANNED & set(keys)
    assert not any(key.startswith(("alt+", "shift+f", "ctrl+f1")) for key in keys)


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_can_do_what_it_offers_and_no_key_means_two_things(page: type[Page] | type[Panel]) -> None:
    # while something is searched for, n is the next one that has it; F6 stays. Esc takes back first what was typed last
    offered = [command for command in page.OFFERED if command not in (SearchNext, Clear)]
    keys = [key for command in offered for key in Keymap().keys(command, page.TYPING)]
    assert sorted(keys) == sorted(set(keys))
    for command in page.OFFERED:
        assert callable(getattr(page, f"do_{command.word()}", None)), command


def test_where_something_is_typed_no_letter_is_taken_from_the_field() -> None:
    offered: set[type[Command]] = {*Home.OFFERED, *Lookup.OFFERED}
    for command in offered:
        assert not [key for key in command.all_keys(typing=True) if len(key) == 1 or key in ("question_mark", "backspace", "home", "end")]


def test_function_keys_mean_the_same_on_every_screen() -> None:
    meaning: dict[str, set[str]] = {}
    for command in EVERY:
        for key in command.all_keys(typing=False):
            if key.startswith("f") and key[1:].isdigit():
                meaning.setdefault(key, set()).add(command.word())
    assert meaning.pop("f3") == {"back", "leave", "close"}, "one step back"
    assert all(len(words) == 1 for words in meaning.values()), meaning
