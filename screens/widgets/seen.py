"""A panel with nothing to type: what something is, or what it does; F10 does it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from screens.commands import Close, Command, Done, PageDown, PageUp
from screens.layout import words
from screens.panel import Panel
from screens.progress import Progress
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.act import ABOVE, Act, Draw


class SeenPanel(Panel):
    """Show a title and lines; with an `act` F10 carries it out, the screen is read again and says what happened."""

    DEFAULT_CSS = "SeenPanel > Sheet { height: 3; }"
    TYPING = False
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Done, PageUp, PageDown, Close)

    def __init__(self, title: str, draw: Draw = lambda width: (), act: Act | None = None, *, doing: str = "Posting", asks: str = "") -> None:
        super().__init__()
        self._words, self._lines, self._act, self._doing, self._asks = title, draw, act, doing, asks

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Sheet(self._draw, ident="seen")

    def _draw(self, width: int) -> Drawn:
        return Drawn(words(self._words, width, look="strong"), [Row(drawn) for drawn in self._lines(width)])

    def _wanted(self) -> int:
        drawn = self._draw(self.page.size.width)
        return len(drawn.head) + len(drawn.rows)

    def on_resize(self) -> None:
        """Take the height that is needed, and leave the screen above its own."""
        sheet = self.query_one("#seen", Sheet)
        sheet.styles.height = max(min(self._wanted(), self.page.size.height - ABOVE + 4), 3)
        sheet.redraw()

    on_mount = on_resize

    def status(self) -> str:
        """Say what F10 does, and that there is more."""
        sheet = self.query_one("#seen", Sheet)
        more = "PgDn shows the rest." if self.is_mounted and self._wanted() > sheet.size.height > 0 else ""
        return f"{self._asks} {more}".strip()

    def why_not(self, command: type[Command]) -> str:
        """Doing needs something to do."""
        return "There is nothing to do here." if command is Done and self._act is None else ""

    async def do_done(self) -> None:
        """Do it."""
        page, act = self.page, self._act
        if act is None:
            return

        async def work(progress: Progress) -> str:
            told = await act({})
            await page.close_panel()
            page.do_reread()
            return told

        page.long_work(self._doing, work)

    def do_pageup(self) -> None:
        """Show what stands further up."""
        self.query_one("#seen", Sheet).page(-1)

    def do_pagedown(self) -> None:
        """Show what stands further down."""
        self.query_one("#seen", Sheet).page(1)
