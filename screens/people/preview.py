"""The card of the row with the mark, beside the list: what is nowhere else on that screen, and nothing only there."""

from __future__ import annotations

from artui.people.card import Card
from screens.layout import Column, flow, table
from screens.people.card_lines import balances_and_ageing, contact_log
from screens.safe import Line, Part, amount, day, line, part
from screens.sheet import Drawn, Row

ITEMS = 12
CONTACTS = 3
_ITEMS = (Column("Document", 10), Column("Due", 9), Column("Days", 4, right=True, rank=1), Column("Cur", 3, rank=2), Column("Open", 11, right=True))


def preview(card: Card, width: int) -> Drawn:
    """Draw who and where, each balance with its ageing, the oldest items, the last contacts."""
    facts = [card.address or card.country, f"terms {card.terms}" if card.terms else "", f"collector {card.collector}" if card.collector else "", f"Hold: {card.hold}" if card.hold else ""]
    lines: list[Line] = [line(" ", part(card.number, "strong"), " ", part(card.name, "strong")), *flow([line(fact) for fact in facts if fact], width)]
    lines += [line(), *balances_and_ageing(card.balances, width), line()]
    if card.items:
        heading, rows = table(_ITEMS, [_cells(card, place) for place in range(min(len(card.items), ITEMS))], width)
        more = card.items_count - len(rows)
        lines += [heading, *rows, *([line(f"   and {more} more")] if more > 0 else []), line()]
    lines += contact_log(card.contacts[:CONTACTS], width)
    return Drawn(rows=[Row(drawn) for drawn in lines])


def _cells(card: Card, place: int) -> list[Part]:
    item = card.items[place]
    late = "late" if item.days > 0 and item.open > 0 else ""
    return [part(item.document), Part(day(item.due)), part(item.days if item.open > 0 else "-", late), part(item.currency), Part(amount(item.open, item.currency), late)]
