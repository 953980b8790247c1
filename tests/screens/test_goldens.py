"""Every screen of the first light as a picture of text, 80 by 24; a change is read as a diff."""

from __future__ import annotations

import pytest

from tests.books import Books
from tests.screens.pilot import compare, pressed, program, run, settled, text, typed

SCREENS = {
    "lookup_empty": ("", ()),
    "lookup_one": ("čapek", ()),
    "lookup_many": ("reyes", ("down",)),
    "lookup_near": ("rayes fram", ()),
    "lookup_elsewhere": ("northern", ("tab",)),
    "lookup_phone": ("0917 123 4567", ()),
    "lookup_none": ("zzz", ()),
    "lookup_recent": ("10442", ("enter", "asterisk", "f3", "escape")),
    "card_customer": ("10442", ("enter",)),
    "card_figure": ("10442", ("enter", "up")),
    "card_nothing_open": ("30005", ("enter",)),
    "card_two_currencies": ("30001", ("enter",)),
    "card_group": ("10442", ("enter", "g")),
    "card_history": ("10442", ("enter", "2")),
    "card_contacts": ("10442", ("enter", "3")),
    "card_sales": ("10442", ("enter", "8")),
    "card_changes_refused": ("20917", ("enter", "9")),
    "card_members": ("10442", ("enter", "0")),
    "card_vendor": ("V3071", ("enter",)),
    "card_vendor_history": ("V3071", ("enter", "2")),
    "card_vendor_contacts": ("V3071", ("enter", "3")),
    "card_vendor_bought": ("V3071", ("enter", "8")),
    "card_vendor_figure": ("V3071", ("enter", "up")),
    "card_vendor_refused": ("V3071", ("enter", "dollar_sign")),
    "card_refused": ("30005", ("enter", "enter")),
    "contacts_empty": ("30005", ("enter", "3")),
    "lookup_refused": ("", ("enter",)),
    "document_refused": ("INV-20881", ("enter", "enter", "b")),
    "go_many": ("10442", ("enter", "f7")),
    "go_nothing": ("10442", ("enter", "f7", *"qxz")),
    "go_refused": ("10442", ("enter", "f7", *"qxz", "enter")),
    "figure": ("10442", ("enter", "up", "left", "enter")),
    "document": ("INV-20881", ("enter", "enter")),
    "journal": ("INV-20881", ("enter", "enter", "j")),
    "help": ("10442", ("enter", "f1")),
}


@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_looks_like_its_picture(office: Books, name: str) -> None:
    words, keys = SCREENS[name]

    async def story() -> None:
        async with program(office) as pilot:
            if words:
                await typed(pilot, words)
            await pressed(pilot, *keys)
            compare(pilot, name)

    run(story)


EVERY = ["lookup_many", "card_customer", "card_history", "card_contacts", "card_vendor", "document", "journal", "go_many", "help"]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(("how", "size"), [("wide", (132, 40)), ("narrow", (60, 20))])
def test_a_wide_terminal_shows_more_and_a_narrow_one_what_matters(office: Books, name: str, how: str, size: tuple[int, int]) -> None:
    words, keys = SCREENS[name]

    async def story() -> None:
        async with program(office, size=size) as pilot:
            await typed(pilot, words)
            await pressed(pilot, *keys)
            compare(pilot, f"{name}_{how}")

    run(story)


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (200, 60)])
def test_any_size_can_be_opened_and_amounts_are_never_cut(office: Books, size: tuple[int, int]) -> None:
    async def story() -> None:
        async with program(office, size=size) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            assert "10442" in text(pilot)
            await pressed(pilot, "enter", "j", "f1")
            assert pilot.app.is_running

    run(story)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "help"])
@pytest.mark.parametrize("covered", [False, True])
def test_a_terminal_that_becomes_wider_shows_what_a_wide_one_does(office: Books, name: str, covered: bool) -> None:
    words, keys = SCREENS[name]

    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, words)
            await pressed(pilot, *keys)
            if covered:
                await pressed(pilot, "f1")
            await pilot.resize_terminal(132, 40)
            if covered:
                await pressed(pilot, "f3")
            await settled(pilot)
            compare(pilot, f"{name}_wide")

    run(story)


def test_a_terminal_that_is_resized_is_drawn_anew(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "down")
            await pilot.resize_terminal(132, 40)
            await pressed(pilot, "f5")
            assert "Original" in text(pilot)
            assert "▸ INV-21033" in text(pilot)

    run(story)
