"""One meaning per key, a key line that fits, help for everything."""

from __future__ import annotations

import pytest

from screens import commands
from screens.base import Page
from screens.commands import Command, shown_key
from screens.help import HelpPage
from screens.layout import flow
from screens.ledger.document import DocumentPage, JournalPage
from screens.people.card import CardPage
from screens.people.lookup import Home, Lookup
from screens.safe import line

PAGES: tuple[type[Page], ...] = (Home, Lookup, CardPage, DocumentPage, JournalPage, HelpPage)
EVERY = tuple(each for each in vars(commands).values() if isinstance(each, type) and issubclass(each, Command) and each is not Command)
BANNED = {"f11", "f12", *(f"ctrl+{letter}" for letter in "sqzhim"), "ctrl+left_square_bracket"}


@pytest.mark.parametrize("command", EVERY)
def test_every_command_has_a_key_a_help_and_no_key_that_terminals_swallow(command: type[Command]) -> None:
    keys = command.all_keys(typing=False)
    assert keys
    assert command.help().endswith(".")
    assert not BANNED & set(keys)
    assert not any(key.startswith(("alt+", "shift+", "ctrl+f1")) for key in keys)


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_can_do_what_it_offers_and_no_key_means_two_things(page: type[Page]) -> None:
    keys = [key for command in page.OFFERED for key in command.all_keys(page.TYPING)]
    assert sorted(keys) == sorted(set(keys))
    for command in page.OFFERED:
        assert callable(getattr(page, f"do_{command.word()}", None)), command


@pytest.mark.parametrize("page", PAGES)
def test_the_key_line_fits_eighty_columns(page: type[Page]) -> None:
    chunks = [line(f"{shown_key(command.all_keys(page.TYPING)[0])} {command.footer}") for command in page.OFFERED if command.footer]
    assert len(flow(chunks, 80, between="  ")) == 1


def test_where_something_is_typed_no_letter_is_taken_from_the_field() -> None:
    offered: set[type[Command]] = {*Home.OFFERED, *Lookup.OFFERED}
    for command in offered:
        assert not [key for key in command.all_keys(typing=True) if len(key) == 1 or key in ("question_mark", "backspace", "home", "end")]


def test_function_keys_mean_the_same_on_every_screen() -> None:
    meaning: dict[str, set[str]] = {}
    for page in PAGES:
        for command in page.OFFERED:
            for key in command.all_keys(page.TYPING):
                if key.startswith("f") and key[1:].isdigit():
                    meaning.setdefault(key, set()).add(command.word())
    assert meaning == {"f1": {"help"}, "f2": {"who"}, "f3": {"back", "leave"}, "f5": {"reread"}}
