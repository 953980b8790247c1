"""What stands behind the digits of a card: each tab is a list from a source of its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from artui import money
from artui.ledger.history import Posted, count, history
from artui.ledger.items import Figure, Item, edge, open_items, open_total
from artui.ledger.paging import Page
from artui.ledger.sales import Sold
from artui.people.card import Card, Member, Point
from artui.people.changes import Change
from artui.people.records import Record
from artui.session import Session
from screens.layout import Column
from screens.ledger.item_table import COLUMNS as ITEM_COLUMNS
from screens.ledger.item_table import item_cells
from screens.people.card_lines import contact_log, in_full
from screens.safe import NOTHING, Part, amount, day, moment, part, plain_text
from screens.widgets.rows import Ask, Order, Tuples


def page_of(ask: Ask[Any], at: tuple[Any, ...] | None, *, falling: bool = False) -> Page:
    """Say an ask of a list in the words of the books; `falling` is the list's own order."""
    known = ask.at or ask.after or ask.before
    way: Literal["at", "after", "before"] = "at" if ask.at is not None else "before" if ask.before is not None else "after"
    return Page(ask.n, ask.order.by, ask.order.falling if ask.order.by else falling, at if known is not None else None, way, ask.last, f"{ask.order.narrow} {ask.find}".strip())


def _known(ask: Ask[Any]) -> Any:
    return ask.at or ask.after or ask.before


@dataclass
class OpenItems:
    """What is open on accounts, from the books page by page."""

    accounts: Sequence[int]
    figure: Figure | None = None
    together: bool = False
    columns: Sequence[Column] = ()
    sorts: Mapping[int, str] = field(default_factory=dict)
    sums: Mapping[str, Decimal] | None = None
    """The sum in each currency of what the list holds, once it was counted."""

    def __post_init__(self) -> None:
        self.columns = item_columns(together=self.together)
        first = 1 if self.together else 0
        self.sorts = {first: "document", first + 2: "date", first + 3: "due", first + 5: "po", first + 8: "open"}

    def rows(self, session: Session | None, ask: Ask[Item]) -> Sequence[Item]:
        """Return a page."""
        known = _known(ask)
        return open_items(_books(session), self.accounts, page_of(ask, edge(known, ask.order.by) if known else None), self.figure)

    def count(self, session: Session | None, order: Order) -> int | None:
        """Count and add up."""
        number, self.sums = open_total(_books(session), self.accounts, self.figure, order.narrow)
        return number

    def key(self, row: Item) -> Hashable:
        """Know an item by its document and instalment."""
        return row.document_id, row.seq

    def cells(self, row: Item) -> Sequence[Part]:
        """Draw an item."""
        return item_cells(row, together=self.together)


def item_columns(*, together: bool) -> Sequence[Column]:
    """Return the columns of items; those of a group say whose they are."""
    return (Column("Account", 7), *ITEM_COLUMNS) if together else ITEM_COLUMNS


def items_known(items: Sequence[Item], *, together: bool) -> Tuples[Item]:
    """Return items that came with the card as a list."""
    first = 1 if together else 0
    return Tuples(
        items, item_columns(together=together), lambda item: (item.document_id, item.seq), lambda item: item_cells(item, together=together),
        {first: lambda item: item.document, first + 2: lambda item: item.date, first + 3: lambda item: item.due, first + 5: lambda item: item.po, first + 8: lambda item: (item.currency, item.open)},
    )  # fmt: skip


_HISTORY = (
    Column("Date", 9),
    Column("Document", 10),
    Column("Kind", 11, rank=1, grows=1, most=19),
    Column("Reference", 9, grows=2, most=40),
    Column("By", 6, rank=3, grows=1, most=16),
    Column("Cur", 3),
    Column("Amount", 11, right=True),
    Column("Open", 10, right=True, rank=2),
    Column("Account", 7, rank=4),
)


@dataclass
class History:
    """Everything posted to accounts, newest first, from the books page by page."""

    accounts: Sequence[int]
    kinds: Sequence[str] = ()
    columns: Sequence[Column] = _HISTORY
    sorts: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sorts = {0: "date", 1: "document", 2: "kind", 6: "amount"}

    def rows(self, session: Session | None, ask: Ask[Posted]) -> Sequence[Posted]:
        """Return a page."""
        known = _known(ask)
        return history(_books(session), self.accounts, page_of(ask, known.edge(ask.order.by) if known else None, falling=True), self.kinds)

    def count(self, session: Session | None, order: Order) -> int | None:
        """Count them."""
        return count(_books(session), self.accounts, order.narrow, self.kinds)

    def key(self, row: Posted) -> Hashable:
        """Know it by the document."""
        return row.document_id

    def cells(self, row: Posted) -> Sequence[Part]:
        """Draw one document."""
        code = row.currency
        undone = f"reversed by {row.reversed_by}  " if row.reversed_by else ""
        return [
            Part(day(row.date)), part(row.document), part(row.kind.replace("_", " ")), part(undone + row.reference, "off" if undone else ""), part(row.posted_by), part(code),
            Part(amount(row.amount, code), "off" if undone else ""), Part(amount(row.open, code) if row.open else NOTHING), part(row.account),
        ]  # fmt: skip


_SALES = (
    Column("Item", 8, rank=1),
    Column("Description", 16, grows=1, most=60),
    Column("Quantity", 9, right=True),
    Column("Unit", 5, rank=3),
    Column("Cur", 3),
    Column("Amount", 12, right=True),
    Column("Last", 9),
    Column("Document", 10, rank=2),
)


def sales(sold: Sequence[Sold]) -> Tuples[Sold]:
    """Return what was sold or bought as a list."""

    def cells(row: Sold) -> Sequence[Part]:
        return [
            part(row.item), part(row.description), part(money.spoken(row.quantity.normalize())), part(row.unit), part(row.currency), Part(amount(row.amount, row.currency)),
            Part(day(row.last_on)), part(row.last_document),
        ]  # fmt: skip

    return Tuples(
        sold, _SALES, lambda row: (row.item, row.description, row.currency), cells,
        {0: lambda row: row.item, 1: lambda row: row.description, 2: lambda row: row.quantity, 5: lambda row: (row.currency, row.amount), 6: lambda row: row.last_on},
    )  # fmt: skip


_CHANGES = (Column("When", 15), Column("Who", 6, grows=1, most=16), Column("What", 10, grows=1, most=20), Column("Field", 8, grows=1, most=20), Column("Before", 8, grows=2), Column("After", 8, grows=2))


def changes_list(made: Sequence[Change]) -> Tuples[tuple[int, Change]]:
    """Return who changed what as a list, newest first."""

    def cells(row: tuple[int, Change]) -> Sequence[Part]:
        change = row[1]
        field = change.field if change.done == "changed" else f"{change.field} ({change.done})"
        return [Part(moment(change.at)), part(change.who), part(change.what), part(field), part(change.before), part(change.after, "strong")]

    return Tuples(list(enumerate(made)), _CHANGES, lambda row: row[0], cells, {0: lambda row: -row[0], 1: lambda row: row[1].who, 3: lambda row: row[1].field})


_MEMBERS = (Column("No.", 8), Column("Kind", 8, rank=1), Column("Name", 16, grows=1, most=50), Column("Open", 18, right=True), Column("Past due", 18, right=True))


def members(group: Sequence[Member]) -> Tuples[Member]:
    """Return the other accounts of a group as a list."""

    def cells(row: Member) -> Sequence[Part]:
        return [part(row.number), part(row.kind), part(row.name), _sums((code, whole) for code, whole, _ in row.open), _sums(((code, late) for code, _, late in row.open), "late")]

    return Tuples(group, _MEMBERS, lambda row: row.account_id, cells, {0: lambda row: row.number, 2: lambda row: row.name})


def _sums(sums: Iterable[tuple[str, Decimal]], look: str = "") -> Part:
    """Write one sum; of several currencies the first, and how many more there are."""
    told = [f"{code} {amount(total, code)}" for code, total in sums if total]
    return part(f"{told[0]}{f' +{len(told) - 1}' if len(told) > 1 else ''}", look) if told else Part(NOTHING)


@dataclass(frozen=True)
class Told:
    """One line of the contacts; with a record it can be changed."""

    place: int
    text: Part
    record: Record | None = None


def contacts(card: Card, kept: Sequence[Record], now: datetime, width: int) -> Tuples[Told]:
    """Return the people and how to reach them, addresses and bank accounts, then the contact log, as lines."""
    lines: list[tuple[Part, Record | None]] = []
    people = [each for each in kept if each.table == "contact"]
    points = [each for each in kept if each.table == "contact_point"]
    for person in sorted(people, key=lambda each: each.values["purpose"] != "collections"):
        values = person.values
        about = ", ".join(text for text in (values["title"], values["purpose"]) if text)
        lines.append((part(f"{values['name']}  {about}", "strong"), person))
        lines += [_reached(each, card, now) for each in points if str(each.values["contact_id"]) == person.id]
    office = [each for each in points if each.values["contact_id"] is None]
    lines += [(part("the office", "strong"), None)] if office else []
    lines += [_reached(each, card, now) for each in office]
    lines += [(part("No people are known."), None)] if not points and not people else []
    lines += [(part(f"  {each.values['type']:8} {_postal(each)}"), each) for each in kept if each.table == "address"]
    lines += [(part(f"  {'bank':8} {each.values['iban']}  {each.values['holder'] or ''}".rstrip()), each) for each in kept if each.table == "party_bank"]
    lines += [(part(""), None), (part("Contact log", "strong"), None)]
    lines += [(part(plain_text(drawn)), None) for drawn in contact_log(card.contacts, width - 4, margin="")]
    lines += [(part("Nobody has been in touch yet."), None)] if not card.contacts else []
    told = [Told(place, text, record) for place, (text, record) in enumerate(lines)]
    return Tuples(told, (Column("People", 20, grows=1, most=300),), lambda row: row.place, lambda row: [row.text])


def _reached(record: Record, card: Card, now: datetime) -> tuple[Part, Record]:
    values = record.values
    point = Point(values["type"], values["value"], values["value_key"], values["timezone"] or "", values["bad"])
    return part(f"  {point.type:8} {in_full(point, card, now)}", "off" if point.bad else ""), record


def _postal(record: Record) -> str:
    values = record.values
    town = " ".join(each for each in (values["postcode"], values["city"]) if each)
    return ", ".join(each for each in (*values["lines"].splitlines(), town, values["region"], values["country"]) if each)


def _books(session: Session | None) -> Session:
    if session is None:
        raise RuntimeError("these rows come from the books")
    return session
