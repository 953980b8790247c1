"""Help for one screen, made from its commands."""

from __future__ import annotations

from typing import ClassVar

from screens.base import Page, bindings
from screens.commands import MOVES, Back, Command, Who, keys_in_words
from screens.layout import words
from screens.safe import line, padded, part, shown
from screens.sheet import Drawn, Row, Sheet

KEYS_WIDTH = 30


class HelpPage(Page):
    """List what can be done on the screen before."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Who, Back, *MOVES)
    BINDINGS = bindings(OFFERED)

    def __init__(self, of: Page) -> None:
        super().__init__()
        self._of = of

    @property
    def title_text(self) -> str:
        """Name the screen it helps with."""
        return f"Help: {self._of.title_text}"

    def on_mount(self) -> None:
        """Draw the list."""
        self.query_one("#body", Sheet).show(self._draw)

    def _draw(self, width: int) -> Drawn:
        rows = [Row(line())]
        rows += [Row(line("   ", example)) for example in (*self._of.EXAMPLES, "") if self._of.EXAMPLES]
        for command in self._of.OFFERED:
            told = words(command.help(), width - KEYS_WIDTH - 4, margin="")
            keys = padded(shown(keys_in_words(command, self._of.TYPING)), KEYS_WIDTH)
            for place, told_line in enumerate(told):
                rows.append(Row(line("   ", part(keys if place == 0 else " " * KEYS_WIDTH, "strong"), " ", *told_line)))
        return Drawn(rows=rows)
