"""A panel that does one thing: what it is about, a field or two, what it does, F10."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from artui.errors import Changed, Unreachable
from screens.commands import FILLING, Close, Command, PageDown, PageUp
from screens.progress import Progress
from screens.safe import Line, line, part
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.form import Form, FormPanel

T = TypeVar("T")
K = TypeVar("K")
Act = Callable[[Mapping[str, Any]], Awaitable[str]]
Draw = Callable[[int], Sequence[Line]]
ABOVE = 14
"""Lines the screen keeps for what stands above, the fields and the foot."""


async def carried(done: Awaitable[T], ask: Callable[[], Awaitable[T | None]]) -> T:
    """Return the answer of something written; a lost one is asked for. Raises Unreachable when it never arrived."""
    try:
        return await done
    except Unreachable as error:
        found = await ask()
        if not found:
            raise Unreachable("The server went away before this was done.", "F10 sends it again.") from error
        return found


@dataclass
class Seen(Generic[T]):
    """The `row` a panel corrects, as it was seen last: a colleague's is said first, and F10 once more corrects that."""

    row: T | None

    async def keep(self, done: Awaitable[K]) -> K:
        """Return the answer of what is kept; what is there instead counts as seen from then on."""
        try:
            return await done
        except Changed as refusal:
            self.row = refusal.there
            raise


class ActPanel(FormPanel):
    """Ask, show what it does, and do it; the screen is read again afterwards and says what happened."""

    DEFAULT_CSS = "ActPanel > Sheet { height: 1; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, PageUp, PageDown, Close)

    def __init__(self, title: str, form: Form, act: Act, draw: Draw = lambda width: (), *, doing: str = "Posting", asks: str = "F10 does it.") -> None:
        super().__init__(form)
        self._words, self._act, self._effects, self._doing, self._asks = title, act, draw, doing, asks
        self._needed: list[str] = []
        """What the status line calls for."""

    def compose(self) -> ComposeResult:
        """Lay out the title, the fields and what it does."""
        yield Sheet(lambda width: Drawn([line(part(f" {self._words}", "strong"))]), ident="act")
        yield self.form
        yield Sheet(self._draw, ident="effects")

    def _draw(self, width: int) -> Drawn:
        return Drawn(rows=[Row(drawn) for drawn in self._effects(width)])

    def on_resize(self) -> None:
        """Take the height that is needed, and leave the screen above its own."""
        sheet, size = self.query_one("#effects", Sheet), self.page.size
        wanted = len(self._effects(size.width))
        sheet.display = bool(wanted) and not self.form.choosing
        sheet.styles.height = max(min(wanted, size.height - ABOVE), 3)
        sheet.redraw()

    on_mount = on_resize

    def status(self) -> str:
        """Say what F10 does, or what it needs first."""
        needed = self._needed = self.form.needed()
        if not needed:
            return self._asks
        return f"Still needed: {', '.join(needed)}{f'; then {self._first}.' if self._asks.startswith('F10 ') else f'. {self._asks}'}"

    @property
    def _first(self) -> str:
        return self._asks.split(";")[0].split(",")[0].rstrip(".")

    def done_words(self) -> str:
        """Say the first of what F10 does, when nothing is missing."""
        return self._first if super().done_words() else ""

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Say it again when something needed was typed, or taken out."""
        if self.form.needed() != self._needed:
            self.page.refresh_foot()

    def choices_changed(self) -> None:
        """Leave the room to the choices while they are open."""
        self.on_resize()

    def do_pageup(self) -> None:
        """Show what it does further up."""
        self.query_one("#effects", Sheet).page(-1)

    def do_pagedown(self) -> None:
        """Show what it does further down."""
        self.query_one("#effects", Sheet).page(1)

    async def finish(self, answers: dict[str, Any]) -> None:
        """Do it."""
        page = self.page

        async def work(progress: Progress) -> str:
            told = await self._act(answers)
            await page.close_panel()
            page.do_reread()
            return told

        page.long_work(self._doing, work)
