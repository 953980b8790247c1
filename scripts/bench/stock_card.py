"""A card as the library's own widgets make it: twelve inputs and two tables on a screen, opened with Enter; what ours is held against."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Header, Input

READY = b"Press Enter"


class Card(Screen[None]):
    """The card."""

    BINDINGS: ClassVar = [Binding("f3", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        """Lay out what the stock library would."""
        yield Header()
        for number in range(12):
            yield Input(f"value {number}")
        yield DataTable()
        yield DataTable()
        yield Footer()

    def on_mount(self) -> None:
        """Fill the tables."""
        for table in self.query(DataTable):
            table.add_columns("Document", "Date", "Due", "Open")
            for row in range(12):
                table.add_row(f"INV-{row:05}", "10 Sep 26", "10 Oct 26", f"{row}00.00")


class Stock(App[None]):
    """A first screen that opens the card."""

    BINDINGS: ClassVar = [Binding("enter", "open", "Open", priority=True)]

    def compose(self) -> ComposeResult:
        """Show a word and the keys."""
        yield Header()
        yield Input("Press Enter", compact=True)
        yield Footer()

    def action_open(self) -> None:
        """Open the card."""
        if len(self.screen_stack) == 1:
            self.push_screen(Card())


if __name__ == "__main__":
    Stock().run(mouse=False)
