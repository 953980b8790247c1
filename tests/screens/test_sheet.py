"""The sheet: figures that lead somewhere, pinned lines, and only what changed painted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from screens.base import Page
from screens.commands import MOVES, SIDEWAYS, Back, Command, Copy, Help, Open
from screens.layout import words
from screens.safe import line, part
from screens.sheet import Drawn, Row
from tests.books import Books
from tests.screens.pilot import pressed, program, run, settled, text


def test_an_amount_and_a_key_with_its_word_are_not_broken_over_lines() -> None:
    told = "no exact match: oldest first; USD 12 000.00 stays on account; * takes it. F10 posts it"
    for width in range(16, 80):
        lines = ["".join(piece.text for piece in drawn_line) for drawn_line in words(told, width, margin="")]
        assert " ".join(lines) == told
        for whole in ("USD 12 000.00", "* takes it", "F10 posts it"):
            assert any(whole in each for each in lines), width


def drawn(figures: int) -> Callable[[int], Drawn]:
    """A card: two balances above, rows with a figure each, a total below."""

    def draw(width: int) -> Drawn:
        head = [line(" Balance ", part("45 200.00", to="balance"), "   late ", part("10 400.00", to="late"))]
        rows = [Row(line("   ", f"INV-{place}   ", part(f"{place}00.00", to=("open", place))), place) for place in range(figures)]
        return Drawn(head, rows, [line("   Total ", part("3 000.00", to="total"))])

    return draw


class Trial(Page, inherit_bindings=False):
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Back, Open, Copy, *MOVES, *SIDEWAYS)

    def __init__(self, figures: int = 30) -> None:
        super().__init__()
        self.figures = figures

    def on_mount(self) -> None:
        self.body.show(drawn(self.figures))

    def do_open(self) -> None:
        self.say(f"leads to {self.body.to or self.body.key}")


@pytest.mark.parametrize(
    ("keys", "leads_to"),
    [
        ((), "0"),
        (("down", "right"), "('open', 1)"),
        (("down", "right", "left"), "1"),
        (("right", "down", "down"), "('open', 2)"),
        (("up",), "balance"),
        (("up", "right"), "late"),
        (("up", "right", "left", "left"), "balance"),
        (("up", "down"), "0"),
        (("end",), "29"),
        (("end", "down"), "total"),
        (("end", "home", "pagedown"), "18"),
    ],
)
def test_the_cursor_goes_among_the_figures(office: Books, keys: tuple[str, ...], leads_to: str) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pilot.app.push_screen(Trial())
            await pressed(pilot, *keys, "enter")
            assert f"leads to {leads_to}\n" in text(pilot)

    run(story)


def test_the_same_figure_is_marked_after_it_was_read_again_or_near_it_when_it_is_gone(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Trial()
            await pilot.app.push_screen(page)
            await pressed(pilot, *["down"] * 25, "right")
            page.body.show(drawn(40))
            assert page.body.to == ("open", 25)
            page.body.show(drawn(10))
            assert page.body.key == 9
            page.body.stand_on(3)
            assert (page.body.key, page.body.place) == (3, (4, 10))
            await pressed(pilot, "y")
            assert "Select it with the mouse: ▸" not in text(pilot)
            assert "Select it with the mouse: INV-3 300.00" in text(pilot)

    run(story)


def test_a_moved_cursor_paints_two_lines(office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            page = Trial(5)
            await pilot.app.push_screen(page)
            await pressed(pilot, "down")
            painted: list[Any] = []
            refresh = page.body.refresh
            monkeypatch.setattr(page.body, "refresh", lambda *regions, **more: (painted.extend(regions), refresh(*regions, **more)))
            page.body.move(1)
            assert sorted(region.y for region in painted) == [2, 3]
            await settled(pilot)
            page.body.redraw()
            assert len(painted) == 2, "drawing the same again paints nothing"

    run(story)
