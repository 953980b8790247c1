"""A program whose screens go through the port."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar, cast

from rich.console import RenderableType
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from screens.port.cells import cells
from screens.port.driver import PortDriver

R = TypeVar("R")


def port(ascii_only: bool) -> type[Driver]:
    """Return the driver to run a program with."""
    # the library calls it like the class it asks for
    return cast("type[Driver]", partial(PortDriver, ascii_only=ascii_only))


class OnlyText(LineFilter):
    """Replace what is no picture, as the port does, where there is no port."""

    def __init__(self, ascii_only: bool) -> None:
        super().__init__()
        self._ascii = ascii_only

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean the text of a line, and leave links out."""
        return [
            Segment("".join(cells(text, ascii_only=self._ascii)), style.update_link(None) if style and style.link else style)
            for text, style, control in segments
            if not control
        ]


class Ported(App[R]):
    """Hand each update to the port when there is one; without, the library draws by itself."""

    def filter_lines(self, ascii_only: bool) -> None:
        """Let nothing but text through where the library draws by itself."""
        filters = getattr(self, "_filters", None)
        if isinstance(filters, list):
            filters.append(OnlyText(ascii_only))

    def redraw(self) -> None:
        """Draw everything again, whatever else wrote on the terminal."""
        if isinstance(self._driver, PortDriver):
            self._driver.repaint()
        else:
            self.refresh()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if not isinstance(driver, PortDriver) or not isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            super()._display(screen, renderable)
            return
        try:
            if self._running and not self._closed and not self._batch_count:
                driver.paint(renderable, self._cursor_to_show(screen))
        except Exception as error:
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def _cursor_to_show(self, screen: Screen[Any]) -> tuple[int, int] | None:
        """Say where typing goes, for magnifiers and input methods that follow the terminal's cursor."""
        if screen.focused is None:
            return None
        column, line = self.size.clamp_offset(self.cursor_position)
        return column, line
