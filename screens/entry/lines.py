"""The lines of a document being typed: texts of fields, so that a draft keeps them, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from artui.ledger.entries import Line, Outlook
from artui.text import counted
from screens.entry.fields import number, price, read_number
from screens.layout import Column, flow, table
from screens.safe import NOTHING, Part, amount, day, line, part
from screens.safe import Line as Drawing
from screens.sheet import Drawn, Row

FIELDS = ("item", "description", "quantity", "unit_price", "discount_percent")
Typed = Mapping[str, str]
"""What stands in the fields of a line."""
COLUMNS = (
    Column("#", 2, right=True), Column("Item", 8, grows=1, most=16), Column("Description", 16, grows=2, most=60), Column("Quantity", 8, right=True), Column("Price", 9, right=True),
    Column("%", 3, right=True, rank=1), Column("Amount", 11, right=True),
)  # fmt: skip


def meant(typed: Typed) -> Line:
    """Return the line that was typed; its texts were read before."""
    price = typed.get("unit_price", "").strip()
    return Line(
        read_number(typed.get("quantity") or "1"), read_number(price) if price else None, typed.get("item", "").strip(), typed.get("description", "").strip(),
        read_number(typed.get("discount_percent") or "0"),
    )  # fmt: skip


def empty(typed: Typed) -> bool:
    """Tell whether nothing was typed into a line."""
    return not any(typed.get(name, "").strip() for name in FIELDS)


def drawn(lines: Sequence[Typed], outlook: Outlook | None, code: str, width: int) -> Drawn:
    """Draw the lines under what the document comes to."""
    cells: list[list[Part]] = []
    for place, typed in enumerate(lines, 1):
        one = meant(typed)
        each = part(price(one.unit_price, code)) if one.unit_price is not None else Part(NOTHING)
        cells.append([part(place), part(one.item), part(one.description), part(number(one.quantity)), each, part(number(one.discount_percent) if one.discount_percent else ""), Part(amount(one.net(code), code))])
    heading, rows = table(COLUMNS, cells, width)
    return Drawn([*summary(outlook, width), *([heading] if lines else [])], [Row(row) for row in rows])


def summary(outlook: Outlook | None, width: int) -> list[Drawing]:
    """Draw what it comes to and when it falls due."""
    if outlook is None or outlook.total is None:
        return [line()]
    code = outlook.currency
    chunks = [line(part(f"{code} ", "strong"), Part(amount(outlook.total, code), "strong"))]
    if outlook.net:
        chunks.append(line("lines ", Part(amount(outlook.net, code))))
    chunks.append(line("tax ", Part(amount(outlook.tax, code)) if outlook.tax else part(NOTHING)))
    if len(outlook.due) == 1:
        chunks.append(line("due ", Part(day(outlook.due[0][0]))))
    elif outlook.due:
        chunks += [line(counted(len(outlook.due), "instalment")), *(line(Part(amount(share, code)), " due ", Part(day(on))) for on, share in outlook.due)]
    return flow(chunks, width)[:3]


def total_of(lines: Sequence[Line], code: str) -> Decimal:
    """Add lines up before tax."""
    return sum((each.net(code) for each in lines), Decimal(0))
