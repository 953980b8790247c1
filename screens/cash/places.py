"""Fields above a grid of items: where the cursor is, and how it goes from one to the other and back from a panel."""

from __future__ import annotations

from typing import Any

from screens.cash.applying import Applying
from screens.cash.fields import PaymentFields
from screens.panel import Panel
from screens.widgets.field import Field


class FieldsAndGrid(Applying, inherit_bindings=False):
    """A payment's fields and the grid below them; the cursor is in one of the two."""

    entry: PaymentFields

    def __init__(self) -> None:
        super().__init__()
        self._in_fields = True
        self._left: Field[Any] | None = None
        """The field the cursor was in when a panel was opened."""

    def to_grid(self) -> None:
        """Put the cursor into the grid."""
        self._in_fields, self._panel, self.rows.asleep = False, None, False
        self.set_focus(None)
        self.rebind()
        self.rows.repaint()
        self.refresh_foot()

    def to_fields(self) -> None:
        """Put the cursor into the fields."""
        self._in_fields, self._panel, self.rows.asleep = True, self.entry, True
        self.rebind()
        self.rows.repaint()
        self.entry.begin()
        self.refresh_foot()

    def do_fields(self) -> None:
        """Go back to the fields."""
        self.to_fields()

    def do_up(self) -> None:
        """Move one row up; from the first one to the fields."""
        if self.rows.at_top:
            self.to_fields()
        else:
            super().do_up()

    async def open_panel(self, panel: Panel) -> None:
        """Open a panel; the fields stay where they are."""
        self._left = self.entry.form.here
        self._panel = None
        await super().open_panel(panel)

    def panel_closed(self) -> None:
        """Put the cursor back where it was."""
        if not self._in_fields:
            self.to_grid()
            return
        self.to_fields()
        if self._left is not None:
            self.entry.form.stand_in(self._left)
