"""Lists of any length: a few pages in memory, sorted and searched where the rows are, options typed before rows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from artui.errors import Refused
from artui.session import Session
from screens.layout import Column
from screens.safe import Part, amount, line, part
from screens.widgets.listing import ListPage
from screens.widgets.rows import KEPT, Ask, Order, Tuples
from tests.books import Books
from tests.screens.pilot import compare, line_with, marked, pressed, program, run, settled, text, until
from tests.screens.test_sheet import Trial

RIGHT, LEFT = "greater_than_sign", "less_than_sign"
COLUMNS = (Column("No.", 9), Column("Name", 14, grows=1), Column("Open", 12, right=True))


@dataclass(frozen=True)
class Entry:
    number: int
    name: str
    open: Decimal


@dataclass
class Numbers:
    """A list as long as one likes, made by the server from its numbers."""

    length: int
    pause: float = 0
    asked: int = 0
    columns: Sequence[Column] = COLUMNS
    sorts: Mapping[int, str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.sorts = {0: "number"}

    def rows(self, session: Session | None, ask: Ask[Entry]) -> Sequence[Entry]:
        assert session is not None
        self.asked += 1
        time.sleep(self.pause)
        low, high = 1, self.length
        rising = not ask.order.falling
        for row, keep in ((ask.at, 0), (ask.after, 1)):
            if row is not None:
                low, high = (row.number + keep, high) if rising else (low, row.number - keep)
        if ask.before is not None:
            low, high = (low, ask.before.number - 1) if rising else (ask.before.number + 1, high)
        backwards = ask.last or ask.before is not None
        wanted = "ASC" if rising != backwards else "DESC"
        found = session.query(
            # a window on the numbers, so that a million of them are never made
            f"SELECT n FROM generate_series(%s::bigint, %s::bigint, %s::bigint) n WHERE (%s = '' OR n::text LIKE '%%' || %s || '%%') ORDER BY n {wanted} LIMIT %s",
            (*self._series(low, high, wanted, ask), ask.find or ask.order.narrow, ask.find or ask.order.narrow, ask.n),
        )  # fmt: skip
        entries = [Entry(number, f"Account {number}", Decimal(number) / 100) for (number,) in found]
        return entries[::-1] if backwards else entries

    @staticmethod
    def _series(low: int, high: int, wanted: str, ask: Ask[Entry]) -> tuple[int, int, int]:
        if ask.find or ask.order.narrow:
            return low, high, 1
        return (low, min(high, low + ask.n), 1) if wanted == "ASC" else (high, max(low, high - ask.n), -1)

    def count(self, session: Session | None, order: Order) -> int | None:
        return None if order.narrow else self.length

    def key(self, row: Entry) -> Hashable:
        return row.number

    def cells(self, row: Entry) -> Sequence[Part]:
        return [part(row.number), part(row.name), Part(amount(row.open, "USD"), to=("open", row.number))]


class Entries(ListPage[Entry], inherit_bindings=False):
    OPTIONS: ClassVar[Mapping[str, str]] = {"5": "display", "x": "void", "w": "wait"}
    done: ClassVar[list[str]] = []

    @property
    def title_text(self) -> str:
        return "Entries"

    def list_foot(self, width: int) -> Sequence[Any]:
        return [line("   ", part("Total", "strong"))]

    async def open_row(self, row: Entry) -> None:
        self.say(f"opens {row.number}")

    async def run_option(self, option: str, row: Entry) -> None:
        if option == "5":
            await self.app.push_screen(Trial())
            return
        if option == "w":
            await asyncio.sleep(0.3)
        if row.number == 13:
            raise Refused("13 is never voided.")
        self.done.append(f"{option}{row.number}")


def shown(number: int) -> str:
    return f"Account {number} "


def test_the_first_page_the_last_the_next_and_never_more_than_a_few_in_memory(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Entries(Numbers(1_000_000))
            await pilot.app.push_screen(page)
            await settled(pilot)
            compare(pilot, "list_many")
            await pressed(pilot, "end")
            assert shown(1_000_000) in marked(pilot)
            assert "row 1 000 000 of 1 000 000" in text(pilot)
            await pressed(pilot, *["pageup"] * 40)
            assert shown(1_000_000 - 40 * page.rows.page_rows) in marked(pilot)
            assert len(page.rows._window.rows) <= KEPT
            await pressed(pilot, "home")
            assert shown(1) in marked(pilot)
            for key in ["pagedown"] * 40:
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert shown(1 + 40 * page.rows.page_rows) in marked(pilot), "pages asked for faster than they come all count"
            assert len(page.rows._window.rows) <= KEPT
            assert "row 681 of 1 000 000" in text(pilot)

    run(story)


def test_sorting_searching_and_narrowing_happen_where_the_rows_are(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pilot.app.push_screen(Entries(Numbers(30_000)))
            await settled(pilot)
            await pressed(pilot, RIGHT, RIGHT)
            assert shown(30_000) in marked(pilot)
            assert "No.▼" in text(pilot)
            await pressed(pilot, LEFT, LEFT)
            await pressed(pilot, "slash", *"777", "enter")
            assert shown(777) in marked(pilot)
            await pressed(pilot, "n", "n")
            assert shown(2777) in marked(pilot)
            await pressed(pilot, "N")
            assert shown(1777) in marked(pilot)
            await pressed(pilot, "up")
            assert shown(1776) in marked(pilot), "what stands before what was found is there, too"
            await pressed(pilot, "escape", "ampersand", *"99", "enter")
            assert shown(99) in marked(pilot)
            assert "only with 99" in text(pilot)
            await pressed(pilot, "down", "down")
            assert shown(299) in marked(pilot)
            await pressed(pilot, "ampersand", "ctrl+u", *"zz", "enter")
            assert "No row has zz" in text(pilot)
            await pressed(pilot, "escape")
            assert shown(1) in text(pilot)

    run(story)


def test_ten_thousand_rows_in_memory_are_a_list_like_any_other(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            entries = [Entry(number, f"Account {number}", Decimal(number * 7919 % 10_007)) for number in range(1, 10_001)]
            source = Tuples(entries, COLUMNS, lambda row: row.number, lambda row: Numbers(0).cells(row), {0: lambda row: row.number, 2: lambda row: row.open})
            await pilot.app.push_screen(Entries(source))
            await pressed(pilot, "end")
            assert shown(10_000) in marked(pilot)
            assert "row 10 000 of 10 000" in text(pilot)
            await pressed(pilot, RIGHT, RIGHT, RIGHT, "home")
            lowest = min(entries, key=lambda row: row.open)
            assert shown(lowest.number) in marked(pilot)
            await pressed(pilot, "slash", *"count 4242", "enter")
            assert shown(4242) in marked(pilot)
            await pressed(pilot, "right", "y")
            assert f"Select it with the mouse: {amount(entries[4241].open, 'USD')}" in text(pilot)

    run(story)


def test_options_are_typed_before_several_rows_and_run_in_one_pass(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Entries(Numbers(500))
            page.done.clear()
            await pilot.app.push_screen(page)
            await settled(pilot)
            await pressed(pilot, *"xx", "down", "x")
            compare(pilot, "list_options")
            await pressed(pilot, "up", "up", "space", "enter")
            assert page.done == ["x1", "x2", "x4"], "the cursor went one down after each, a blank on the third row takes nothing"
            assert "3 options done" in text(pilot)
            await pressed(pilot, *["down"] * 8, *"xx", "enter")
            assert "13 is never voided" in text(pilot)
            assert page.done[3:] == ["x12"] if shown(12) in text(pilot) else page.done
            assert line_with(pilot, shown(13)).startswith("x"), "what was refused still stands there"
            await pressed(pilot, "escape")
            assert not page.rows.options

    run(story)


def test_esc_stops_the_pass_and_keys_typed_meanwhile_wait(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Entries(Numbers(500))
            page.done.clear()
            await pilot.app.push_screen(page)
            await settled(pilot)
            await pressed(pilot, *"www")
            pilot.app.simulate_key("enter")
            await until(pilot, lambda: "Options: 1 of 3. Esc stops." in text(pilot))
            pilot.app.simulate_key("end")
            pilot.app.simulate_key("escape")
            await settled(pilot)
            assert page.done == ["w1"]
            assert shown(500) in marked(pilot), "the key typed meanwhile was carried out afterwards"
            page.rows.options.clear()
            await pressed(pilot, "home", *"55", "enter")
            assert "Balance" in text(pilot)
            await pressed(pilot, "f3")
            assert "Balance" in text(pilot), "the second one opens after the first"
            await pressed(pilot, "f3")
            assert "2 options done" in text(pilot)
            await pressed(pilot, "home", *"55", "enter", "escape")
            assert "Stopped: 1 of 2 are done" in text(pilot)

    run(story)


def test_keys_typed_while_the_rows_are_on_their_way_are_carried_out_in_order(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Entries(Numbers(500, pause=0.4))
            await pilot.app.push_screen(page)
            for key in ("down", "down", "x", "down", "enter"):
                pilot.app.simulate_key(key)
            assert not page.rows.known
            await settled(pilot)
            assert page.done[-1:] == ["x3"]

    run(story)


def test_an_empty_list_says_so(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pilot.app.push_screen(Entries(Numbers(0)))
            await settled(pilot)
            compare(pilot, "list_empty")
            await pressed(pilot, "enter")
            assert "The list is empty." in text(pilot)

    run(story)




def test_a_source_with_other_columns_is_laid_out_anew(office: Books) -> None:
    entries = [Entry(number, f"Account {number}", Decimal(number)) for number in (1, 2)]

    async def story() -> None:
        async with program(office) as pilot:
            page = Entries(Tuples(entries, COLUMNS, lambda row: row.number, lambda row: Numbers(0).cells(row), {}))
            await pilot.app.push_screen(page)
            await settled(pilot)
            wider = (*COLUMNS, Column("PO", 6))
            page.rows.source = Tuples(entries, wider, lambda row: row.number, lambda row: [*Numbers(0).cells(row), part("PO-7")], {})
            page.do_reread()
            await settled(pilot)
            assert "PO-7" in line_with(pilot, "Account 2") and "unforeseen" not in text(pilot)

    run(story)
