"""Items as a table: what is open, how late, and what is disputed."""

from __future__ import annotations

from collections.abc import Sequence

from artui.ledger.items import Item
from screens.layout import Column, table
from screens.safe import Line, Part, amount, day, part
from screens.sheet import Row

COLUMNS = (
    Column("Document", 10),
    Column("Kind", 11, rank=3),
    Column("Date", 9, rank=1),
    Column("Due", 9),
    Column("Days", 5, right=True),
    Column("PO", 6, rank=2, grows=1, most=30),
    Column("Cur", 3),
    Column("Original", 10, right=True, rank=4),
    Column("Open", 11, right=True),
    Column("Mark", 4),
)


def item_table(items: Sequence[Item], width: int) -> tuple[Line, list[Row]]:
    """Return the heading and one row per item, its key (document id, instalment); credits are negative."""
    heading, lines = table(COLUMNS, [item_cells(item) for item in items], width)
    return heading, [Row(drawn, (item.document_id, item.seq)) for drawn, item in zip(lines, items, strict=True)]


def item_cells(item: Item, *, together: bool = False) -> list[Part]:
    """Draw an item, one part per column; `together` begins with whose it is."""
    runs = item.open > 0 or (item.open < 0 and item.kind == "purchase")
    late = item.days > 0 and runs
    cells = [
        part(_number(item)),
        part(item.kind.replace("_", " ")),
        Part(day(item.date)),
        Part(day(item.due)),
        part(item.days if runs else "-", "late" if late else ""),
        part(item.po),
        part(item.currency),
        Part(amount(item.original, item.currency)),
        Part(amount(item.open, item.currency), "late" if late else ""),
        part(_mark(item), "mark"),
    ]
    return [part(item.account), *cells] if together else cells


def _number(item: Item) -> str:
    return item.document if item.seq <= 1 else f"{item.document}/{item.seq}"


def _mark(item: Item) -> str:
    if item.disputed:
        return f"D {amount(item.disputed, item.currency)}" if item.disputed != item.open else "D"
    return "C" if item.open < 0 and item.kind != "purchase" else ""
