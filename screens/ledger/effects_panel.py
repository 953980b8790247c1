"""A panel that shows below its fields what it would do, worked out again as one types; F10 does what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from artui.errors import ArtuiError, BadInput
from artui.ledger.corrections import Effects
from screens.commands import FILLING, Close, Command, PageDown, PageUp
from screens.layout import words
from screens.ledger.effects import effect_lines
from screens.progress import Progress
from screens.safe import Line
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.act import ABOVE
from screens.widgets.form import FormPanel
from screens.widgets.pick import PickField

PAUSE = 0.15
"""Seconds without a keystroke before the effects are worked out again."""


class EffectsPanel(FormPanel):
    """Fields and the effects of what stands in them; a subclass works them out and sends it."""

    DEFAULT_CSS = "EffectsPanel > Sheet { height: 1; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, PageUp, PageDown, Close)

    seen: Mapping[str, Any] | None = None
    """The answers the effects are those of."""
    effects: Effects | None = None
    trouble = ""
    does = "posts it"
    """What F10 does, in words."""

    def heading(self, width: int) -> Sequence[Line]:
        """Return the line above the fields."""
        raise NotImplementedError

    async def work_out(self, answers: Mapping[str, Any]) -> Effects:
        """Return what the answers would do; raises what refuses them."""
        raise NotImplementedError

    async def send(self, progress: Progress) -> str:
        """Do what is shown, and say what came of it."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay out the heading, the form and the effects."""
        yield Sheet(lambda width: Drawn(self.heading(width)), ident="heading")
        yield self.form
        yield Sheet(self._draw, ident="effects")

    def on_mount(self) -> None:
        """Show what it does as it stands."""
        self.page.look_up(self.look)

    # what it shows

    def lines(self, width: int) -> list[Line]:
        """Draw the effects, or why there are none."""
        if self.effects is not None:
            return effect_lines(self.effects, width)
        return words(self.trouble or "Working out what it does …", width, margin="   ", look="wrong" if self.seen is not None and self.trouble else "off")

    def _draw(self, width: int) -> Drawn:
        return Drawn(rows=[Row(drawn) for drawn in self.lines(width)])

    def show(self) -> None:
        """Draw anew, in the height that is needed and there."""
        if self.is_mounted:
            sheet, size = self.query_one("#effects", Sheet), self.page.size
            sheet.display = not self.form.choosing
            sheet.styles.height = max(min(len(self.lines(size.width)), size.height - ABOVE - len(self.form.fields) // 3), 3)
            sheet.show(self._draw)
            self.page.refresh_foot()

    def choices_changed(self) -> None:
        """Leave the room to the choices while they are open."""
        self.show()

    def on_resize(self) -> None:
        """Draw for the new height."""
        self.show()

    def status(self) -> str:
        """Say what F10 will do."""
        if self.effects is None:
            return ""
        hidden = len(self.lines(self.page.size.width)) > self.query_one("#effects", Sheet).size.height and not self.form.choosing
        asks = self.done_words()
        return f"{asks}; PgDn shows the rest." if hidden else f"{asks}."

    def done_words(self) -> str:
        """Say what F10 does; nothing while it would not."""
        return "" if self.effects is None else "F10 asks for approval" if self.effects.needs_approval else f"F10 {self.does}"

    def do_pageup(self) -> None:
        """Show the effects further up."""
        self.query_one("#effects", Sheet).page(-1)

    def do_pagedown(self) -> None:
        """Show the effects further down."""
        self.query_one("#effects", Sheet).page(1)

    # working it out

    def read(self) -> dict[str, Any]:
        """Read what stands in the fields without touching it; raises BadInput."""
        return {each.word: each.parse(text) if (text := each.value.strip()) else None for each in self.form.fields}

    async def look(self) -> None:
        """Work the effects out for what stands in the fields."""
        if not self.is_attached:
            return
        self.effects, self.seen = None, None
        try:
            missing = next((each for each in self.form.fields if each.needed and each.word != "why" and not each.value.strip()), None)
            if missing is not None:
                self.trouble = f"{missing.label}?"
            else:
                self.seen = self.read()
                self.effects = await self.work_out(self.seen)
                self.trouble = ""
        except ArtuiError as error:
            self.trouble = str(error)
        self.show()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Work the effects out again."""
        here = self.form.here
        if here is event.input and not (isinstance(here, PickField) and here.unread):
            self._look_again(PAUSE)

    async def do_nextfield(self) -> None:
        """Go on; the effects follow what was read."""
        await super().do_nextfield()
        self._look_again()

    def do_previousfield(self) -> None:
        """Go back; the effects follow what was read."""
        super().do_previousfield()
        self._look_again()

    def _look_again(self, pause: float = 0) -> None:
        try:
            changed = self.read() != self.seen
        except BadInput:
            changed = True
        if changed:
            self.page.look_up(self.look, pause)

    async def finish(self, answers: dict[str, Any]) -> None:
        """Post what is shown; what was typed since is shown first."""
        if answers != self.seen or self.effects is None:
            await self.look()
        if self.effects is None:
            self.page.say(self.trouble, "wrong")
            return
        self.page.long_work("Posting", self.send)
