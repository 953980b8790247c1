"""What is typed is kept within half a second, found again, sent once, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from artui.drafts import Draft, Shelf, drafts
from artui.ledger.posting import Answer, post, posted
from screens.drafting import Drafting, go_on_with, unfinished
from screens.widgets.field import TextField
from screens.widgets.form import Form, FormPage
from screens.widgets.pick import Choice, PickField
from tests.books import Books
from tests.screens.pilot import pressed, program, run, settled, text, until
from tests.screens.test_lost import close_the_door


class Slip(Drafting, FormPage, inherit_bindings=False):
    """A receipt typed on a slip of paper."""

    KIND = "slip"

    def __init__(self, draft: Draft | None = None) -> None:
        async def found(typed: str) -> Sequence[Choice]:
            return [Choice("10442", "Reyes Farms Inc.")] if typed.startswith("rey") else []

        super().__init__(Form(PickField("account", "From", found), TextField("amount", "Amount"), TextField("note", "Note")))
        self.keep(self.form, draft)
        self.told: Answer | None = None

    def draft_subject(self) -> str:
        return self.form.field("note").value

    async def finish(self, answers: dict[str, Any]) -> None:
        document = {"id": self.keeping.key, "kind": "receipt", "customer": answers["account"].code, "date": "2026-06-10", "amount": answers["amount"]}
        self.told = await self.keeping.send(post, posted, document)


async def opened(pilot: Any, books: Books, **more: Any) -> Slip:
    found = unfinished(books.session("jana"), "slip")
    page = Slip(found.draft)
    await pilot.app.push_screen(page)
    await settled(pilot)
    return page


def kept(books: Books) -> tuple[Draft, ...]:
    return drafts(books.session("jana"))


async def seconds_until_kept(pilot: Any, books: Books, letter: str) -> float:
    """Type a letter and return how long after it the server had it."""
    typed = datetime.now(UTC)
    await pilot.press(letter)
    await until(pilot, lambda: any(draft.body["texts"]["note"].endswith(letter) for draft in kept(books)))
    (draft,) = kept(books)
    assert draft.updated_at is not None
    return (draft.updated_at - typed).total_seconds()


def test_what_is_typed_is_kept_within_half_a_second_and_is_there_again(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await opened(pilot, own_office)
            await pressed(pilot, *"rey", "enter", *"5", "enter")
            await pilot.press(*"by 4111111111111111 ")
            took = [await seconds_until_kept(pilot, own_office, letter) for letter in "abcd"]
            assert min(took) < 0.5, f"{took}: what a busy machine adds it does not add each time"
            await pilot.press(*["backspace"] * 4)
            await asyncio.sleep(0.4)
            await pilot.press("x")                     # the program ends at once: the last letter is kept, too
        (draft,) = kept(own_office)
        assert draft.body["texts"] == {"account": "10442", "amount": "5", "note": "by 411111******1111 x"}
        assert draft.subject == "by 411111******1111 x"
        async with program(own_office) as pilot:
            page = await opened(pilot, own_office)
            assert "As you left it" in text(pilot)
            assert page.form.field("account").answer == Choice("10442", "Reyes Farms Inc.")
            await pressed(pilot, "f10")
            assert page.told is not None and page.told.status == "posted"
        assert kept(own_office) == ()

    run(story)


def test_while_the_server_is_away_it_lies_on_disk_and_a_lost_answer_is_asked_for(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            page = await opened(pilot, own_office)
            await pressed(pilot, *"rey", "enter")
            close_the_door(own_office, shut=True)
            await pilot.press(*"7")
            shelf = Shelf(own_office.config("jana"), page.program.session.dsn)  # type: ignore[union-attr]
            await until(pilot, lambda: [draft.body["texts"]["amount"] for draft in shelf.kept()] == ["7"])
            close_the_door(own_office, shut=False)
            await until(pilot, lambda: shelf.kept() == ())
            own_office._open.clear()                    # this test's own connection was thrown out, too
            assert [draft.body["texts"]["amount"] for draft in kept(own_office)] == ["7"]
            body = {"id": page.keeping.key, "kind": "receipt", "customer": "10442", "date": "2026-06-10", "amount": "7"}
            post(own_office.session("jana"), body)      # it arrived, and the answer did not
            assert unfinished(own_office.session("jana"), "slip").done is None, "posting removed the draft"
            await pressed(pilot, "f10")
            assert page.told is not None and page.told.status == "exists"
        assert own_office.query("SELECT count(*) FROM document WHERE kind = 'receipt' AND amount = 700") == [(1,)]

    run(story)


def test_what_was_changed_after_it_had_arrived_is_another_entry_and_says_so(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            page = await opened(pilot, own_office)
            await pressed(pilot, *"rey", "enter", *"7")
            key = page.keeping.key
            body = {"id": key, "kind": "receipt", "customer": "10442", "date": "2026-06-10", "amount": "7"}
            first = post(own_office.session("jana"), body)       # it arrived, and the answer did not
            await pressed(pilot, "0", "f10")
            assert f"{first.document} was posted as it stood here before; only the answer was lost." in text(pilot)
            assert page.told is None and page.keeping.key != key and page.form.field("amount").value == "70"
            await pressed(pilot, "f10")
            assert page.told is not None and page.told.status == "posted"
        assert own_office.query("SELECT amount FROM document WHERE kind = 'receipt' AND amount IN (700, 7000) ORDER BY id") == [(700,), (7000,)]
        assert kept(own_office) == ()

    run(story)


def test_another_terminal_goes_on_with_it_and_this_one_is_told(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await opened(pilot, own_office)
            await pressed(pilot, *"rey", "enter", *"9")
            await until(pilot, lambda: [draft.body["texts"]["amount"] for draft in kept(own_office)] == ["9"])
            (draft,) = kept(own_office)
            own_office.query("UPDATE draft SET terminal = 'elsewhere', row_version = 7")
            await pilot.press("0")
            await until(pilot, lambda: "This entry goes on at elsewhere" in text(pilot))
            taken = go_on_with(own_office.session("jana"), kept(own_office)[0]).draft
            assert taken is not None and taken.key == draft.key and taken.body["texts"]["amount"] == "9"

    run(story)


def test_what_stands_on_a_screen_is_not_taken_up_on_another(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 30004", "enter", "enter", *"HALF-1")
            await until(pilot, lambda: len(kept(own_office)) == 1)
            await pressed(pilot, "f7", *"invoice 30004", "enter")
            assert "As you left it" not in text(pilot) and "HALF-1" not in text(pilot)
            await pressed(pilot, "f3", "f7", *"drafts", "enter", "enter")
            assert "It stands unfinished on a screen below" in text(pilot)
            await pressed(pilot, "f3")
            assert "HALF-1" in text(pilot)
            await pressed(pilot, "f3", "f3")

    run(story)


def test_what_is_given_up_while_the_server_is_away_stays_given_up(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            page = await opened(pilot, own_office)
            await pressed(pilot, *"rey", "enter", *"9")
            await until(pilot, lambda: len(kept(own_office)) == 1)
            close_the_door(own_office, shut=True)
            await pilot.press(*"0")
            shelf = Shelf(own_office.config("jana"), page.program.session.dsn)  # type: ignore[union-attr]
            await until(pilot, lambda: len(shelf.kept()) == 1)
            await page.keeping.discard()
            assert shelf.kept() == ()
            close_the_door(own_office, shut=False)
            own_office._open.clear()
            await until(pilot, lambda: kept(own_office) == ())
            await asyncio.sleep(0.5)
            assert kept(own_office) == () and shelf.kept() == ()

    run(story)
