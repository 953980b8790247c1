"""Help for one screen, made from its commands."""

from __future__ import annotations

from typing import ClassVar

from screens.base import Page
from screens.commands import MOVES, Back, Command, Who, keys_in_words
from screens.layout import words
from screens.safe import cut, line, padded, part, shown
from screens.sheet import Drawn, Row, Sheet

KEYS_WIDTH = 30


class HelpPage(Page):
    """List what can be done on the screen before."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Who, Back, *MOVES)

    def __init__(self, of: Page) -> None:
        super().__init__()
        self._title = of.title_text
        self._examples = of.panel.examples() if of.panel is not None else of.examples()
        self._offered = [(command, keys_in_words(of.keys(command)), of.reason(command)) for command in of.offered if of.keys(command)]

    @property
    def title_text(self) -> str:
        """Name the screen it helps with."""
        return f"Help: {self._title}"

    def on_mount(self) -> None:
        """Draw the list."""
        self.query_one("#body", Sheet).show(self._draw)

    def _draw(self, width: int) -> Drawn:
        rows = [Row(line())]
        rows += [Row(line("   ", example)) for example in (*self._examples, "") if self._examples]
        for command, keys, why in self._offered:
            told = words(command.help() + (f" Not now: {why}" if why else ""), width - KEYS_WIDTH - 4, margin="", look="off" if why else "")
            for place, told_line in enumerate(told):
                shown_keys = padded(cut(shown(keys), KEYS_WIDTH), KEYS_WIDTH) if place == 0 else " " * KEYS_WIDTH
                rows.append(Row(line("   ", part(shown_keys, "off" if why else "strong"), " ", *told_line)))
        return Drawn(rows=rows)
