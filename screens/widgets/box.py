"""One line to type into: what every field is, and the box that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from textual.events import Key, Paste
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input

from artui.text import lines_of, safe
from screens.safe import shown, width_of
from screens.theme import looks_of

if TYPE_CHECKING:
    from screens.base import Page


class Typed(Input):
    """One line to type into: it takes nothing a terminal could mistake for a command, and one key after the other."""

    BETWEEN: ClassVar[str] = ""
    """What pasted lines are joined with; without it only the first one goes in."""

    def __init__(self, ident: str | None, longest: int, *, select: bool) -> None:
        super().__init__(compact=True, id=ident, select_on_focus=select, max_length=longest)
        self.cursor_blink = False
        self._longest = longest

    async def _on_key(self, event: Key) -> None:
        """Edit at once: keys that edit would go round by the program, and letters typed after them come first."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return

    def _on_paste(self, event: Paste) -> None:
        """Put in what was pasted, cleaned; say what of it has no room in one line."""
        event.stop()
        event.prevent_default()
        lines = lines_of(event.text)
        if not lines:
            return
        self.replace(self.BETWEEN.join(lines) if self.BETWEEN else lines[0], *self.selection)
        left_out = 0 if self.BETWEEN else len(lines) - 1
        if left_out:
            more = "the line after it was" if left_out == 1 else f"the {left_out} lines after it were"
            cast("Page", self.screen).say(f"Only the first line went in, {more} left out.")

    def replace(self, text: str, start: int, end: int) -> None:
        """Put typed or pasted text in, made harmless, as far as there is room."""
        harmless, room = safe(text), self._longest - len(self.value) + abs(end - start)
        super().replace(harmless[:room], start, end)
        if len(harmless) > room:
            cast("Page", self.screen).say(f"No more than {self._longest} characters go in here.")


class Box(Typed):
    """A field with a prompt and no form around it."""

    DEFAULT_CSS = """
    Box.-textual-compact { padding: 0 1 0 3; }
    """

    def __init__(self, prompt: str = " > ", *, ident: str | None = "box", longest: int = 200) -> None:
        super().__init__(ident, longest, select=False)
        self._prompt = shown(prompt)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the prompt into the padding: a widget less."""
        strips = super().render_lines(crop)
        if crop.x == 0 and crop.y == 0 and crop.width >= width_of(self._prompt):
            prompt = Strip([Segment(self._prompt, looks_of(self)["strong"])])
            strips[0] = Strip.join([prompt, strips[0].crop(prompt.cell_length)])
        return strips
