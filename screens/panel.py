"""A panel under the content: a few lines that ask something while the screen above stays readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.widget import Widget

from screens.commands import Close, Command

if TYPE_CHECKING:
    from screens.base import Page


class Panel(Widget):
    """Stand between content and foot; its commands come before those of the screen.

    For each command a subclass has a method `do_<word>`; `why_not` says why one is of no use at the moment.
    """

    DEFAULT_CSS = "Panel { height: auto; width: 100%; }"
    TYPING: ClassVar[bool] = True
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Close,)
    EXAMPLES: ClassVar[tuple[str, ...]] = ()

    @property
    def page(self) -> Page:
        """The screen it stands on."""
        return cast("Page", self.screen)

    @property
    def rows_left(self) -> int:
        """How many lines there are for it when all that has a height of its own around it stays in sight."""
        return self.app.size.height - sum(_height(each) for each in self.page.children if each is not self)

    def take_room(self) -> None:
        """Be as tall as there is room for now; a panel of fields is as tall as they are."""

    @property
    def offered(self) -> tuple[type[Command], ...]:
        """What it offers now."""
        return self.OFFERED

    @property
    def unsaved(self) -> bool:
        """Tell whether leaving would lose something typed."""
        return False

    def why_not(self, command: type[Command]) -> str:
        """Say why a command is of no use at the moment; nothing when it is."""
        return ""

    def examples(self) -> tuple[str, ...]:
        """Return lines for the help: what can be typed here."""
        return self.EXAMPLES

    def status(self) -> str:
        """Return what the status line says while it is open and there is nothing else to say."""
        return ""

    def done_words(self) -> str:
        """Say what F10 does: "F10 posts it"; nothing while it does nothing."""
        return ""

    async def give_up(self) -> bool:
        """Give up what is unsaved, asked once; tell whether to close."""
        return self.page.may_leave()

    async def do_close(self) -> None:
        """Close it; the screen is where it was."""
        if await self.give_up():
            await self.page.close_panel()


def _height(widget: Widget) -> int:
    """Return the lines a widget takes whatever there is; one that takes what is left has at least one."""
    height = widget.styles.height
    if height is not None and height.is_fraction:
        return 1
    return widget.outer_size.height if height is None or height.cells is None else height.cells
