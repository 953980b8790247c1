"""Go anywhere from one line; keys typed ahead land where they were meant to."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from screens.ahead import PATIENCE
from tests.books import Books
from tests.screens.pilot import compare, line_with, marked, pressed, program, run, settled, text, typed, until
from tests.screens.terminal import terminal

SLOW = Path(__file__).parent / "slow_program.py"


def test_words_lead_to_commands_with_their_keys_and_esc_leads_back(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "down", "colon")
            compare(pilot, "go")
            await pressed(pilot, *"cont")
            assert "Contacts" in marked(pilot).split("   ")[0] or "Contacts" in line_with(pilot, "▸ Contacts")
            await pressed(pilot, "enter")
            assert "Ana Reyes" in text(pilot)
            await pressed(pilot, "f7", *"zzz")
            assert "Nothing fits" in text(pilot)
            await pressed(pilot, "enter")
            assert "Nothing fits what is typed." in text(pilot)
            await pressed(pilot, "escape", "f3")
            assert "10442" in marked(pilot)

    run(story)


def test_a_number_opens_the_account_and_the_way_back_leads_where_one_was(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "čapek")
            await pressed(pilot, "enter", "f7", *"10442", "enter")
            assert "Customer 10442" in text(pilot)
            await pressed(pilot, "f3")
            assert "Customer 20917" in text(pilot)
            await pressed(pilot, "f7", *"INV-1", "enter")
            assert "> INV-1" in text(pilot), "what is no account is looked up"

    run(story)


def test_a_path_typed_in_one_go_lands_in_the_line(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            for key in ("f7", *"10442", "enter", "colon", *"hist", "enter", "slash", *"20881", "enter"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "Customer 10442" in text(pilot)
            assert "[2 History" in text(pilot)
            assert "INV-20881" in marked(pilot)

    run(story)


@pytest.mark.parametrize(("keys", "led_to"), [(("f7", "c\r"), "Received"), (("f7", "inv\r"), "Invoice"), (("f6",), "New customer"), (("f7", "desk\r"), "Discrepancies")])
def test_keys_typed_before_the_books_are_open_lead_where_they_lead_later(office: Books, keys: tuple[str, ...], led_to: str) -> None:
    with terminal(office, command=[sys.executable, "-P", str(SLOW)], PYTHONPATH=str(Path(__file__).parents[2])) as screen:
        screen.shows("Lookup")
        screen.burst(*keys)
        screen.shows(led_to)


def test_keys_typed_while_the_card_is_read_land_on_the_card_and_beyond(office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            read = pilot.app.gateway.read  # type: ignore[attr-defined]

            async def slowly(*job: object, **more: object) -> object:
                await asyncio.sleep(0.4)
                return await read(*job, **more)

            monkeypatch.setattr(pilot.app.gateway, "read", slowly)  # type: ignore[attr-defined]
            for key in ("enter", "down", "enter", "j"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "Journal of invoice INV-21033" in text(pilot)

    run(story)


def test_who_will_not_wait_leaves_and_what_was_typed_is_dropped(office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            never = asyncio.Event()

            async def not_now(*job: object, **more: object) -> object:
                await never.wait()
                return None

            with monkeypatch.context() as patched:
                patched.setattr(pilot.app.gateway, "read", not_now)  # type: ignore[attr-defined]
                for key in ("enter", "down", "enter"):
                    pilot.app.simulate_key(key)
                await until(pilot, lambda: pilot.app.ahead.waiting > 0)  # type: ignore[attr-defined]
                await asyncio.sleep(PATIENCE + 0.1)
                await until(pilot, lambda: "Reading" in text(pilot))
                pilot.app.simulate_key("f3")
                await asyncio.sleep(0.3)
            await settled(pilot)
            assert "10442" in marked(pilot), "back in the list, and nothing opens afterwards"

    run(story)


def test_on_a_terminal_a_whole_call_typed_in_one_go_ends_where_it_should(office: Books) -> None:
    with terminal(office, command=[sys.executable, "-P", str(SLOW)], PYTHONPATH=str(Path(__file__).parents[2])) as screen:
        screen.press("10442", "enter", "down", "enter", "j")
        screen.shows("Journal of invoice INV-21033")
        screen.press("q", "q", "f2", "20917", "enter", "enter")
        screen.shows("Invoice INV-100")
        screen.press("f3", "f3", "f3", "f3", "f3", "f3")
        screen.ends(0)
