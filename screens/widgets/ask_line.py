"""One line under a list that asks for a few letters: what to search for, what to narrow it to."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from artui.text import safe
from screens.commands import Close, Command, Take
from screens.panel import Panel
from screens.widgets.box import Box


class AskLine(Panel):
    """Ask for text; Enter gives it to whoever asked."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Take, Close)

    def __init__(self, prompt: str, told: Callable[[str], None], text: str = "", examples: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._prompt, self._told, self._text, self._help = prompt, told, text, examples

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Box(self._prompt, ident="ask")

    def on_mount(self) -> None:
        """Put the cursor into it, what was asked before ready to be typed over."""
        box = self.query_one(Box)
        box.value = safe(self._text)
        self.screen.set_focus(box, scroll_visible=False)
        box.select_all()

    def examples(self) -> tuple[str, ...]:
        """Say what can be typed."""
        return self._help

    async def do_take(self) -> None:
        """Close the line and give what was typed."""
        text = self.query_one(Box).value
        await self.page.close_panel()
        self._told(text)
