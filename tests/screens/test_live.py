"""What somebody else does appears on the screens that show it; the person at the keyboard is not disturbed."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.painted import Painted
from screens.people.card import CardPage
from screens.people.lookup import Box
from tests.books import Books
from tests.screens.pilot import line_with, marked, pressed, program, run, settled, text, typed, until

RECEIPT = {"customer": "10442", "currency": "PHP", "rate": "0.0175", "date": "2026-06-02", "method": "cheque", "reference": "4400"}


def painted(pilot: Pilot[None]) -> list[int]:
    """Count, from now on, the lines each repaint of the body covers."""
    body = pilot.app.screen.query_one("#body", Painted)
    lines: list[int] = []
    refresh = body.refresh

    def counted(*regions: object, **options: object) -> object:
        lines.append(len(regions) or 99)
        return refresh(*regions, **options)  # type: ignore[arg-type]

    body.refresh = counted  # type: ignore[method-assign]
    return lines


def test_a_payment_posted_by_a_colleague_appears_on_the_card_and_the_cursor_stays(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as jana, program(own_office, login="petr") as petr:
            await typed(jana, "10442")
            await pressed(jana, "enter", "down", "down", "down")
            before, lines = marked(jana), painted(jana)
            assert "INV-21500" in before
            await typed(petr, "10442")
            assert "45 200.00" in line_with(petr, "▸")
            await asyncio.to_thread(lambda: own_office.post("receipt", login="karla", number="R-18", amount="5400.00", allocate=[{"document": "INV-21033", "amount": "5400.00"}], **RECEIPT))
            await until(jana, lambda: "39 800.00" in text(jana))
            await until(petr, lambda: "39 800.00" in line_with(petr, "▸"))
            assert marked(jana) == before, "the cursor is where it was"
            assert "INV-21033" not in text(jana)
            assert "karla posted receipt R-18, PHP 5 400.00, at " in text(jana)
            assert max(lines) < 20, "only lines that changed are painted"
            await pressed(jana, "up")
            assert "karla posted" not in text(jana), "it has been seen"

    run(story)


def test_a_change_is_seen_within_a_second(own_office: Books) -> None:
    """Once of several times is enough: other tests keep the machine busy."""

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            took = []
            for number in range(1, 9):
                await asyncio.to_thread(lambda number=number: own_office.post("receipt", login="karla", number=f"R-{100 + number}", amount="1.00", **RECEIPT))
                begun = time.monotonic()
                await until(pilot, lambda number=number: f"{45_200 - number:,}.00".replace(",", " ") in marked(pilot))
                took.append(time.monotonic() - begun)
                if took[-1] < 1:
                    return
            raise AssertionError(took)

    run(story)


def test_typed_text_its_cursor_and_the_marked_row_stay_while_the_list_changes(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "reyes")
            await pressed(pilot, "down")
            row = marked(pilot)
            box = pilot.app.screen.query_one(Box)
            box.cursor_position = 2
            own_office.query("UPDATE party SET name = 'Reyes Farms and Sons' WHERE name = 'Reyes Farms Inc.'")
            await until(pilot, lambda: "Reyes Farms and Sons" in text(pilot))
            assert box.value == "reyes"
            assert box.cursor_position == 2
            assert pilot.app.focused is box
            assert marked(pilot) == row

    run(story)


def test_an_edit_from_psql_an_import_and_a_command_all_reach_the_card(own_office: Books, tmp_path: Path) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            with closing(own_office.raw("petr")) as petr, petr, petr.cursor() as cursor:
                cursor.execute("UPDATE ar.contact_point SET value = '+63 917 999 0000' WHERE type = 'phone'")
            await until(pilot, lambda: "petr changed the phone, at " in text(pilot))
            await settled(pilot)
            await pressed(pilot, "3")
            assert "999 0000" in text(pilot)
            file = tmp_path / "receipt.json"
            file.write_text(json.dumps({"id": str(uuid.uuid4()), "kind": "receipt", "number": "R-20", "amount": "2.00", **RECEIPT}))
            await asyncio.to_thread(own_office.artui, "post", str(file), login="karla")
            await until(pilot, lambda: "karla posted receipt R-20" in text(pilot))
            rows = tmp_path / "invoices.csv"
            rows.write_text("number,customer,date,due,amount,currency\nINV-9,10442,2026-06-01,2026-07-01,7.00,PHP\n")
            await asyncio.to_thread(own_office.artui, "import", "invoices", str(rows), login="karla")
            await until(pilot, lambda: "karla loaded invoices, at " in text(pilot))

    run(story)


def test_ones_own_change_is_shown_and_not_announced(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            await asyncio.to_thread(lambda: own_office.post("receipt", login="jana", number="R-19", amount="1.00", allocate=[{"document": "INV-21033", "amount": "1.00"}], **RECEIPT))
            await until(pilot, lambda: "45 199.00" in text(pilot))
            assert "jana posted" not in text(pilot)

    run(story)


def test_a_covered_screen_catches_up_when_it_is_seen_again_and_asks_nothing_before(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "20917")
            await pressed(pilot, "enter", "f1")
            card = pilot.app.screen_stack[-2]
            assert isinstance(card, CardPage)
            own_office.query("UPDATE party SET name = 'Čapek a dcery' WHERE name LIKE 'Čapek%%'")
            await until(pilot, lambda: card.live.stale or (card.shown is not None and "dcery" in card.shown.name))
            await pressed(pilot, "f3")
            await until(pilot, lambda: "Čapek a dcery" in text(pilot))

    run(story)


def test_a_change_while_a_read_is_under_way_is_not_missed(own_office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    from screens.people import card as module

    real, reads = module.account, []

    def slow(session: object, kind: str, number: str, together: bool) -> object:
        answer = real(session, kind, number, together)  # type: ignore[arg-type]
        reads.append(1)
        if len(reads) == 1:
            own_office.query("UPDATE party SET name = 'Later Name' WHERE name = 'Reyes Farms Inc.'")
            time.sleep(0.5)
        return answer

    monkeypatch.setattr("screens.people.card.account", slow)

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            await until(pilot, lambda: "Later Name" in text(pilot))
            assert len(reads) == 2, "read once more, not for ever"

    run(story)


def test_a_name_made_to_harm_is_harmless_in_the_sentence_too(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            await asyncio.to_thread(
                lambda: own_office.post("receipt", login="karla", number="[@click=app.exit]R[/x]", amount="1.00", allocate=[{"document": "INV-21033", "amount": "1.00"}], **RECEIPT)
            )
            await until(pilot, lambda: "karla posted receipt [@click=app.exit]R[/x], PHP 1.00" in text(pilot))

    run(story)
