"""A posted document as lines: its head, goods, items and allocations; and its journal."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal

from artui import money
from artui.cash.exchange import plain
from artui.ledger.items import Allocation, Document, GoodsLine, JournalLine
from screens.layout import Column, edges, flow, table, words
from screens.ledger.item_table import item_table
from screens.safe import NOTHING, Line, Part, amount, day, line, moment, part
from screens.sheet import Row

_GOODS = (
    Column("Item", 8, rank=2),
    Column("Description", 16, grows=1, most=60),
    Column("Quantity", 8, right=True),
    Column("Unit price", 10, right=True),
    Column("Disc", 5, right=True, rank=1),
    Column("Amount", 11, right=True),
)
_ALLOCATIONS = (
    Column("On", 9),
    Column("With", 10),
    Column("Kind", 11, rank=2),
    Column("As", 10, rank=1),
    Column("By", 6, grows=1, most=20),
    Column("Amount", 11, right=True),
)
_JOURNAL = (
    Column("Account", 7),
    Column("Name", 16, grows=1, most=50),
    Column("Cur", 3),
    Column("Debit", 12, right=True),
    Column("Credit", 12, right=True),
    Column("In books", 12, right=True),
)


def kind_in_words(document: Document) -> str:
    """Name the kind of a document."""
    return document.kind.replace("_", " ")


def head(document: Document, width: int) -> list[Line]:
    """Draw what it is, of whom, and its dates, amounts and references."""
    code = document.currency
    title = line(" ", part(f"{kind_in_words(document).capitalize()} {document.number}", "strong"), f"   {document.account} {document.name}")
    dates = [line("dated ", Part(day(document.date))), line("posted ", Part(day(document.posted_on)))]
    if document.due is not None:
        dates.append(line("due ", Part(day(document.due))))
    dates.append(line(f"by {document.posted_by} ", Part(moment(document.posted_at))) if document.posted_at else line("loaded"))
    amounts = [line(part(f"{code} ", "strong"), Part(amount(document.amount, code), "strong"))]
    if document.came is not None:
        amounts.append(line("received ", part(f"{document.came.currency} ", "strong"), Part(amount(document.came.amount, document.came.currency), "strong")))
        amounts.append(line(part(rate_in_words(document.came, document), "off")))
    if document.tax:
        amounts.append(line("tax ", Part(amount(document.tax, code))))
    facts = (("PO", document.po), ("method", document.method), ("reference", document.reference))
    amounts += [line(f"{name} {value}") for name, value in facts if value]
    return [
        edges(title, line(part(f"{document.state.replace('_', ' ')} ", "strong")), width),
        *flow(dates, width),
        *flow(amounts, width),
        *(words(document.memo, width)[:2] if document.memo else []),
    ]


def rate_in_words(came: JournalLine, document: Document) -> str:
    """Say at which rate money became the amount of a receipt: the larger side of it counts how many the smaller one is."""
    code = document.currency
    of, into, rate = (came.currency, code, document.amount / came.amount) if document.amount >= came.amount else (code, came.currency, came.amount / document.amount)
    return f"1 {of} = {plain(rate.quantize(Decimal('0.000001')))} {into}"


def body(document: Document, width: int) -> list[Row]:
    """Draw goods, open amounts and allocations, each under its heading; every row takes the cursor, so that all can be seen.

    The key of an allocation is ("allocation", place, id of the other document).
    """
    rows: list[Row] = []
    if document.goods:
        heading, lines = goods(document.goods, document.currency, width)
        rows += _section("Goods and services", heading, lines, [("goods", place) for place in range(len(lines))])
    if document.items:
        heading, items = item_table(document.items, width)
        rows += _section("Due and open", heading, [row.line for row in items], [("item", place) for place in range(len(items))])
    if document.allocations:
        heading, lines = allocations(document.allocations, document.currency, width)
        rows += _section("Allocated", heading, lines, [("allocation", place, link.document_id) for place, link in enumerate(document.allocations)])
    return rows or [Row(line()), Row(line("   It has no lines: j shows its journal."))]


def _section(title: str, heading: Line, lines: Sequence[Line], keys: Sequence[Hashable]) -> list[Row]:
    return [Row(line()), Row(line(" ", part(title, "strong"))), Row(heading), *(Row(drawn, key) for drawn, key in zip(lines, keys, strict=True))]


def goods(lines: Sequence[GoodsLine], code: str, width: int) -> tuple[Line, list[Line]]:
    """Draw what was sold or bought."""
    return table(_GOODS, [_goods_cells(sold, code) for sold in lines], width)


def _goods_cells(sold: GoodsLine, code: str) -> list[Part]:
    return [
        part(sold.item),
        part(sold.description),
        part(money.spoken(sold.quantity.normalize() if sold.quantity else Decimal(0))),
        Part(amount(sold.unit_price, code)),
        part(f"{(sold.discount * 100).normalize():f} %" if sold.discount else NOTHING),
        Part(amount(sold.amount, code)),
    ]


def allocations(made: Sequence[Allocation], code: str, width: int) -> tuple[Line, list[Line]]:
    """Draw with what it was settled, on which day and by whom."""
    cells = [
        [
            Part(day(link.effective_on)),
            part(link.document),
            part(link.document_kind.replace("_", " ")),
            part(link.kind.replace("_", " ")),
            part(link.by),
            Part(amount(link.amount, code)),
        ]
        for link in made
    ]
    return table(_ALLOCATIONS, cells, width)


def journal(lines: Sequence[JournalLine], base: str, width: int) -> tuple[Line, list[Line]]:
    """Draw the ledger lines: debits left, credits right, what they are in the currency of the books, and the two equal sums."""
    cells = [_journal_cells(posted, base) for posted in lines]
    sums = [_sums(lines, code) for code in sorted({posted.currency for posted in lines})]
    return table(_JOURNAL, [*cells, [part("")] * len(_JOURNAL), *sums], width)


def _sums(lines: Sequence[JournalLine], code: str) -> list[Part]:
    amounts = [posted.amount for posted in lines if posted.currency == code]
    debit, credit = sum((one for one in amounts if one > 0), Decimal(0)), -sum((one for one in amounts if one < 0), Decimal(0))
    sides = [Part(amount(side, code), "strong") for side in (debit, credit)]
    return [part(""), part("Total", "strong"), part(code, "strong"), *sides, part("")]


def _journal_cells(posted: JournalLine, base: str) -> list[Part]:
    debit = Part(amount(posted.amount, posted.currency)) if posted.amount > 0 else part("")
    credit = Part(amount(-posted.amount, posted.currency)) if posted.amount < 0 else part("")
    in_books = Part(amount(posted.base, base)) if posted.base is not None and posted.currency != base else part("")
    return [part(posted.gl), part(posted.name), part(posted.currency), debit, credit, in_books]
