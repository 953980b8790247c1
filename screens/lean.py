"""A screen that is styled, laid out and painted once when it is opened; the library does most of it two or three times."""

from __future__ import annotations

from typing import Self

from textual.events import ScreenResume, Show
from textual.geometry import Region, Size
from textual.messages import Layout, Update
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker


class Lean(Screen[None], inherit_bindings=False):
    """Opened with what it is made of, and nothing else: notices stand on its status line, and nothing has a tooltip."""

    BLANK = True
    """Only its sheets draw."""

    def __init__(self) -> None:
        super().__init__()
        self._opening = True
        # what its widgets ask for before it is painted, opening does; sent, it would lay out and paint the screen once more
        self.disable_messages(Layout, Update)
        # nobody listens to these
        self.disable_messages(Show, Worker.StateChanged)
        self._laid_out = -1
        """Which state of its children it was last laid out for."""

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Leave out the library's notices and tooltips."""

    def _screen_resized(self, size: Size) -> None:
        """Lay out for another size only: the library asks for it, of the screens below too, whenever one is opened."""
        if size != self.outer_size:
            super()._screen_resized(size)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Having been laid out is no reason to be laid out again: nothing scrolls."""
        return super()._size_updated(size, virtual_size, container_size, layout=False)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Come to the top, in the styles it was mounted with."""
        event.refresh_styles = False
        if self._opening:
            # the library lays it out and paints it right after this
            self.call_next(self._opened)

    def _opened(self) -> None:
        self._opening = False
        self.enable_messages(Layout, Update)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Do what is asked for unless opening does it, or it is a layout of children that are laid out."""
        if self._opening:
            self._laid_out = self._nodes._updates
            return self
        if layout:
            if self._laid_out == self._nodes._updates:
                return self
            self._laid_out = self._nodes._updates
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
