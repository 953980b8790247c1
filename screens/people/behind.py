"""What a figure of a card is made of: the items or the sales behind it, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from artui import money
from artui.ledger.ageing import BUCKETS, bucket_label
from artui.ledger.items import Figure, Item
from artui.ledger.sales import Sold, SoldLine, lines_of
from artui.people.card import Card
from screens.commands import LISTING, SIDEWAYS, Back, Clear, Command, Go, Help, Open, Reread, Who, WhoWhen
from screens.layout import Column
from screens.ledger.document import DocumentPage
from screens.ledger.who_when import tell_who
from screens.people.card_tabs import OpenItems
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.listing import ListPage
from screens.widgets.rows import Tuples

WORDS = {"total": "the balance", "past_due": "past due", "unapplied": "unapplied", "disputed": "in dispute"}
_LINES = (Column("Date", 9), Column("Document", 10), Column("Kind", 11, rank=1), Column("Description", 12, grows=1, most=60), Column("Quantity", 9, right=True), Column("Unit price", 11, right=True), Column("Cur", 3), Column("Amount", 12, right=True))
OFFERED: tuple[type[Command], ...] = (Help, Who, Back, Reread, Go, Open, Clear, WhoWhen, *LISTING, *SIDEWAYS)


def in_words(figure: Figure) -> str:
    """Name a figure: "PHP, past due"."""
    name = WORDS.get(figure.which) or (bucket_label(figure.which) if figure.which in BUCKETS else figure.which)
    return f"{figure.currency} {name}" + (" days past due" if figure.which in BUCKETS[1:] else "")


class FigurePage(ListPage[Item], inherit_bindings=False):
    """The open items a figure is made of."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = OFFERED

    def __init__(self, of: Card, figure: Figure) -> None:
        super().__init__(OpenItems(of.covers, figure, together=of.together))
        self._of, self._figure = of, figure

    @property
    def title_text(self) -> str:
        """Name the account and the figure."""
        return f"{self._of.number} {in_words(self._figure)}"

    def list_foot(self, width: int) -> Sequence[Line]:
        """Return the sum, which is the figure."""
        sums = cast("OpenItems", self.rows.source).sums or {}
        disputed = self._figure.which == "disputed"
        return [line(), *(line("   ", part("Open" if disputed else "Total", "strong"), f" {code} ", Part(amount(total, code), "strong")) for code, total in sums.items())]

    def why_not(self, command: type[Command]) -> str:
        """Who and when needs a row."""
        return super().why_not(Open if command is WhoWhen else command)

    async def do_whowhen(self) -> None:
        """Say who posted the document and when."""
        if self.rows.row is not None:
            await tell_who(self, self.rows.row.document_id)

    async def open_row(self, row: Item) -> None:
        """Open the document."""
        await self.app.push_screen(DocumentPage(row.document_id))


class SoldPage(ListPage[SoldLine], inherit_bindings=False):
    """The lines of documents an item's sales are made of."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = OFFERED

    def __init__(self, of: Card, sold: Sold) -> None:
        super().__init__(_sold_lines((), sold.currency))
        self._of, self._sold = of, sold

    @property
    def title_text(self) -> str:
        """Name the account and the item."""
        return f"{self._of.number} {self._sold.item or self._sold.description}"

    async def on_mount(self) -> None:
        """Read the lines."""
        self.do_reread()

    def do_reread(self) -> None:
        """Read them again."""
        self.read(lambda found: self.rows.begin(_sold_lines(found, self._sold.currency)), lines_of, self._of.covers, self._sold)

    def list_foot(self, width: int) -> Sequence[Line]:
        """Return quantity and sum, which are those of the item."""
        code = self._sold.currency
        return [line(), line("   ", part("Total", "strong"), f" {money.spoken(self._sold.quantity.normalize())} {self._sold.unit}  {code} ", Part(amount(self._sold.amount, code), "strong"))]

    def why_not(self, command: type[Command]) -> str:
        """Who and when needs a row."""
        return super().why_not(Open if command is WhoWhen else command)

    async def do_whowhen(self) -> None:
        """Say who posted the document and when."""
        if self.rows.row is not None:
            await tell_who(self, self.rows.row.document_id)

    async def open_row(self, row: SoldLine) -> None:
        """Open the document."""
        await self.app.push_screen(DocumentPage(row.document_id))


def _sold_lines(found: Sequence[SoldLine], code: str) -> Tuples[SoldLine]:
    def cells(row: SoldLine) -> Sequence[Part]:
        return [
            Part(day(row.date)), part(row.document), part(row.kind.replace("_", " ")), part(row.description), part(money.spoken(row.quantity.normalize())),
            part(money.spoken(row.unit_price.normalize())), part(code), Part(amount(row.amount, code)),
        ]  # fmt: skip

    return Tuples(found, _LINES, lambda row: (row.document_id, row.line), cells, {0: lambda row: row.date, 1: lambda row: row.document, 4: lambda row: row.quantity, 7: lambda row: row.amount})
