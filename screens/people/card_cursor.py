"""The cursor of a card: among the figures above, or in the rows of the list below them."""

from __future__ import annotations

from typing import Any

from screens.sheet import Drawn, Sheet
from screens.widgets.listing import ListPage


class CardCursor(ListPage[Any], inherit_bindings=False):
    """The part of the card that moves between its figures and its list."""

    _on_figures = False
    """The cursor is on a figure of the card rather than in the list."""

    def _draw_card(self, width: int) -> Drawn:
        raise NotImplementedError

    @property
    def figures(self) -> Sheet:
        """The card above the list."""
        return self.query_one("#card", Sheet)

    def do_up(self) -> None:
        """Move one row up; from the first row to the figures of the card."""
        if self._on_figures:
            self.figures.move(-1)
        elif self.rows.at_top:
            self.figures.move(-1)
            self._stand_on_figures(self.figures.to is not None)
        else:
            super().do_up()

    def do_down(self) -> None:
        """Move one row down; from the last figures into the list."""
        if not self._on_figures:
            super().do_down()
            return
        before = self.figures.to
        self.figures.move(1)
        if self.figures.to == before:
            self._stand_on_figures(False)

    def _stand_on_figures(self, there: bool) -> None:
        self._on_figures = self.rows.asleep = there
        if not there:
            self.figures.show(self._draw_card, best=True)
        self.rows.repaint()
        self.refresh_foot()

    def do_left(self) -> None:
        """Go to the figure to the left."""
        (self.figures if self._on_figures else self.rows).sideways(-1)

    def do_right(self) -> None:
        """Go to the figure to the right."""
        (self.figures if self._on_figures else self.rows).sideways(1)

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Say where the cursor stands."""
        event.stop()
        self.refresh_foot()
