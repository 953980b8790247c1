"""What is typed into: read when left, kept when it cannot be read, taken from before, picked as typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from artui.people.lookup import find
from artui.session import Session
from screens.widgets.field import DateField, MoneyField, TextField
from screens.widgets.form import Form, FormPage, FormPanel
from screens.widgets.pick import Choice, PickField
from tests.books import TODAY, Books
from tests.screens.pilot import compare, line_with, pressed, program, run, settled, text
from tests.screens.test_sheet import Trial

OUTCOMES = (Choice("pp", "promise to pay"), Choice("pd", "has paid"), Choice("na", "no answer"), Choice("n", "nothing"), Choice("lm", "left a message"))


def accounts(session: Session, typed: str) -> tuple[Choice, ...]:
    return tuple(Choice(hit.number, hit.name) for hit in find(session, typed, 8, "customer")) if typed.strip() else ()


def a_form(page: Any, **previous: str) -> Form:
    async def found(typed: str) -> Sequence[Choice]:
        return tuple(await page().program.gateway.read(accounts, typed))

    return Form(
        PickField("outcome", "Outcome", OUTCOMES, auto=True, needed=True, help="How the call ended."),
        [MoneyField("amount", "Amount", "USD", room=30), DateField("on", "on", lambda: TODAY)],
        PickField("account", "From", found),
        TextField("note", "Note"),
        previous=previous,
    )


class Wrap(FormPage, inherit_bindings=False):
    def __init__(self, **previous: str) -> None:
        super().__init__(a_form(lambda: self, **previous))
        self.finished: list[dict[str, Any]] = []

    @property
    def title_text(self) -> str:
        return "Wrap-up"

    def incomplete(self, answers: dict[str, Any]) -> tuple[str, str] | None:
        if answers["outcome"].code == "pp" and answers["amount"] is None:
            return "amount", "A promise needs its amount."
        return None

    async def finish(self, answers: dict[str, Any]) -> None:
        self.finished.append(answers)
        self.form.next_record()


class WrapPanel(FormPanel):
    def __init__(self) -> None:
        super().__init__(a_form(lambda: self.page))
        self.finished: list[dict[str, Any]] = []

    async def finish(self, answers: dict[str, Any]) -> None:
        self.finished.append(answers)
        await self.page.close_panel()


def focused(page: Any) -> str:
    return str(page.form.here.word)


def test_a_form_is_filled_in_the_rhythm_of_enter_and_every_field_says_back_what_it_read(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            await pilot.app.push_screen(page)
            await settled(pilot)
            await pressed(pilot, "p", "p")
            assert focused(page) == "amount", "two letters that can be one outcome only move on by themselves"
            await pressed(pilot, *"1.5k", "enter", "f", "enter")
            assert focused(page) == "account"
            assert "1 500.00" in line_with(pilot, "Amount")
            assert "19 Jun 2026  Fri" in line_with(pilot, "Amount")
            await pressed(pilot, *"farm rey")
            compare(pilot, "form_choices")
            await pressed(pilot, "enter", *"by phone")
            compare(pilot, "form_filled")
            await pressed(pilot, "f10")
            assert page.finished == [
                {"outcome": OUTCOMES[0], "amount": Decimal("1500.00"), "on": date(2026, 6, 19), "account": Choice("10442", "Reyes Farms Inc."), "note": "by phone"}
            ]
            assert focused(page) == "outcome", "ready for the next one"

    run(story)


def test_typed_ahead_it_is_the_same(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            await pilot.app.push_screen(page)
            for key in [*"pp", *"1.5k", "ctrl+j", "f", "enter", *"farm rey", "enter", *"by phone", "f10"]:
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert len(page.finished) == 1, text(pilot)
            assert page.finished[0]["account"] == Choice("10442", "Reyes Farms Inc.")
            assert (page.finished[0]["amount"], page.finished[0]["note"]) == (Decimal("1500.00"), "by phone")

    run(story)


def test_what_cannot_be_read_stays_and_f10_leads_back_to_it(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            await pilot.app.push_screen(page)
            await settled(pilot)
            await pressed(pilot, *"na", *"12,34.56", "enter")
            assert focused(page) == "on", "the rhythm goes on"
            assert "Amount: '12,34.56' can be read in more than one way. Type it without grouping" in text(pilot).replace("\n ", " ")
            assert "Amount!" in line_with(pilot, "12,34.56").replace(" ", "")
            await pressed(pilot, *"30.2", "f10")
            assert focused(page) == "amount"
            compare(pilot, "form_refused")
            await pressed(pilot, *"12", "f10")
            assert focused(page) == "on"
            await pressed(pilot, "ctrl+u", "f10")
            assert page.finished[0]["amount"] == 12
            assert page.finished[0]["on"] is None

    run(story)


def test_what_is_missing_is_said_and_what_does_not_go_together(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            await pilot.app.push_screen(page)
            await pressed(pilot, "down", "down", "f10")
            assert focused(page) == "outcome"
            assert "Outcome is needed." in text(pilot)
            await pressed(pilot, *"pp", "down", "f10")
            assert focused(page) == "amount"
            assert "A promise needs its amount." in text(pilot)
            assert not page.finished

    run(story)


def test_f9_takes_what_was_typed_last_time_and_says_when_there_was_nothing(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap(amount="250")
            await pilot.app.push_screen(page)
            await pressed(pilot, "f9")
            assert "Nothing was typed here before." in text(pilot)
            await pressed(pilot, *"lm", "f9")
            assert "250.00" in line_with(pilot, "Amount")
            assert focused(page) == "on"
            await pressed(pilot, "f10", *"lm", "f9")
            assert "250.00" in line_with(pilot, "Amount"), "the record before"

    run(story)


def test_f4_shows_the_choices_and_they_narrow_as_typed(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            await pilot.app.push_screen(page)
            await pressed(pilot, "f4", "down", "down")
            assert "no answer" in line_with(pilot, "▸")
            await pressed(pilot, "escape")
            assert "no answer" not in text(pilot)
            await pressed(pilot, "n")
            assert "nothing" in line_with(pilot, "▸")
            await pressed(pilot, "down", "enter")
            assert page.form.field("outcome").answer == OUTCOMES[2]
            assert "no answer" in line_with(pilot, "Outcome"), "the code is said back in words"
            assert focused(page) == "amount"
            await pressed(pilot, "f4")
            assert "This field has no list of choices" in text(pilot)

    run(story)


def test_leaving_with_unsaved_work_asks_once(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pilot.app.push_screen(Wrap())
            await pressed(pilot, "f3")
            assert "Wrap-up" not in text(pilot), "nothing typed, nothing asked"
            await pilot.app.push_screen(Wrap())
            await pressed(pilot, *"na", "f3")
            assert "This is not saved." in text(pilot)
            await pressed(pilot, "5", "f3")
            assert "Wrap-up" in text(pilot), "it asks anew after something was typed"
            await pressed(pilot, "f3")
            assert "Wrap-up" not in text(pilot)

    run(story)


def test_help_speaks_of_the_field_with_examples_of_today(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pilot.app.push_screen(Wrap())
            await pressed(pilot, *"na", "5", "enter", "f1")
            compare(pilot, "form_help")
            await pressed(pilot, "f3")
            assert "Wrap-up" in text(pilot)

    run(story)


def test_a_panel_leaves_the_card_readable_and_gives_the_keys_back(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Trial()
            await pilot.app.push_screen(page)
            await pressed(pilot, *["down"] * 20)
            panel = WrapPanel()
            await page.open_panel(panel)
            await settled(pilot)
            compare(pilot, "form_panel")
            await pressed(pilot, *"naq", "f3")
            assert "This is not saved." in text(pilot)
            await pressed(pilot, "f10")
            assert "Amount: 'q' is not an amount." in text(pilot)
            await pressed(pilot, "ctrl+u", "f10")
            assert panel.finished
            await pressed(pilot, "down")
            assert page.body.key == 21

    run(story)


def test_choices_that_come_slowly_are_waited_for(office: Books) -> None:
    async def slow(typed: str) -> Sequence[Choice]:
        await asyncio.sleep(0.3)
        return (Choice("10442", "Reyes Farms Inc."),) if typed.startswith("rey") else ()

    async def story() -> None:
        async with program(office) as pilot:
            page = Wrap()
            page.form = Form(PickField("account", "From", slow), TextField("note", "Note"))
            await pilot.app.push_screen(page)
            for key in [*"rey", "enter", *"n", "enter"]:
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert page.form.texts() == {"account": "10442", "note": "n"}

    run(story)
