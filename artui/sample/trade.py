"""A block of customers trading with the company: invoices, credit notes and the receipts that pay them, as staging rows.

This runs ten million times for the benchmarks: rows are text from the start, amounts whole minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from statistics import NormalDist

from artui.clock import add_months, day_of_month
from artui.sample.goods import GOODS
from artui.sample.people import NULL, Trader, fill
from artui.sample.places import DAYS, PER_CENT
from artui.sample.scale import BLOCK, DEMO_DATE, INVOICES_A_CUSTOMER, Scale

DOCUMENT_COLUMNS = (
    "load", "row", "kind", "account", "number", "doc_date", "due_on", "currency", "amount", "tax", "po", "method", "reference", "disputed",
)  # fmt: skip
LINE_COLUMNS = ("load", "row", "line", "item", "quantity", "unit_price", "discount", "tax_code", "amount")
INSTALMENT_COLUMNS = ("load", "row", "seq", "due_on", "amount")
ALLOCATION_COLUMNS = ("load", "credit_row", "debit_row", "debit_seq", "amount", "effective_on", "kind")
_FIRST_NUMBER = 200_001
_FORGOTTEN = 270
"""Days after which nothing is left unpaid or in part: it was pursued, in the end."""
_PREFIX = {"invoice": "", "credit_note": "CN", "receipt": "RC"}
_AMOUNTS = tuple(
    round(9_000 * 2.718281828 ** (0.95 * NormalDist().inv_cdf((place + 0.5) / 4096))) for place in range(4096)
)
"""US cents before tax, log-normal about 90 dollars for a customer of size 100."""


@dataclass(slots=True)
class Document:
    """One document; `paid_on` is the day its last payment takes effect."""

    day: int
    kind: str
    who: Trader
    amount: int
    tax: int = 0
    due: int = 0
    po: str = NULL
    method: str = NULL
    reference: str = NULL
    row: int = 0
    parts: tuple[tuple[int, int], ...] = ()
    lines: list[tuple[str, int, str, str, str, int]] = field(default_factory=list)


@dataclass
class Trading:
    """What a block of customers did: documents, and allocations (credit, debit, instalment, amount, day, kind)."""

    documents: list[Document] = field(default_factory=list)
    allocations: list[tuple[Document, Document, int, int, int, str]] = field(default_factory=list)


class Calendar:
    """Days as numbers from the start of the history, their text, and due days by terms."""

    def __init__(self, scale: Scale) -> None:
        self._start = scale.start
        self.today = scale.days
        self.text = tuple((scale.start + timedelta(day)).isoformat() for day in range(-40, scale.days + 400))

    def iso(self, day: int) -> str:
        """Return a day as text."""
        return self.text[day + 40]

    @cache  # noqa: B019 - a calendar lives as long as its process
    def due(self, terms: str, day: int) -> int:
        """Return the day an invoice of `day` falls due."""
        if terms in DAYS:
            return day + DAYS[terms]
        on = self._start + timedelta(day)
        end = day_of_month(on.year, on.month, 31)
        return (end - self._start).days + (10 if terms == "EOM10" else 0)

    def thirds(self, day: int) -> tuple[int, ...]:
        """Return the due days of three monthly instalments."""
        on = self._start + timedelta(day)
        return tuple((add_months(on, months) - self._start).days for months in (1, 2, 3))


def trade(scale: Scale, calendar: Calendar, traders: list[Trader], rnd: Random) -> Trading:
    """Let a block of customers buy and pay through the whole history."""
    done = Trading()
    orders, most, span = (4.6, 3, 9) if scale.detailed else (2.96, 5, 22)
    draw = rnd.random
    for who in traders:
        left = INVOICES_A_CUSTOMER
        for _ in range(1 + int((draw() + draw()) * orders)):
            start = int(
                (draw() if scale.detailed else max(draw(), draw(), draw())) * calendar.today
            )  # five years of growth
            count = min(left, 1 + int(draw() * most))
            left -= count
            days = sorted(start + int(draw() * span) for _ in range(count))
            invoices = [_invoice(scale, calendar, who, day, rnd) for day in days if day <= calendar.today]
            if invoices:
                done.documents += invoices
                _settle(done, calendar, who, invoices, rnd)
            if not left:
                break
    done.documents.sort(key=lambda document: document.day)
    return done


def _invoice(scale: Scale, calendar: Calendar, who: Trader, day: int, rnd: Random) -> Document:
    draw = rnd.random
    document = Document(day, "invoice", who, 0, due=calendar.due(who.terms, day))
    if scale.detailed:
        net = _fill_lines(document, who, rnd)
    else:
        net = _AMOUNTS[int(draw() * 4096)] * who.size * PER_CENT[who.currency] // 100_000 + int(draw() * 90)
    if who.country == "US" and who.methods[0] == "cheque":
        document.tax = (net * 7 + 50) // 100
    document.amount = net + document.tax
    if draw() < 0.4:
        document.po = f"PO-{int(draw() * 900_000) + 100_000}"
    if scale.detailed and who.currency == "USD" and document.amount > 150_000 and draw() < 0.25:
        third = (document.amount * 3333 + 5000) // 10_000
        document.parts = tuple(
            zip(calendar.thirds(day), (third, third, document.amount - 2 * third), strict=True)
        )
        document.due = document.parts[-1][0]
    return document


def _fill_lines(document: Document, who: Trader, rnd: Random) -> int:
    total = 0
    for _ in range(1 + int(rnd.random() * 3.6)):
        good = GOODS[int(rnd.random() * len(GOODS))]
        quantity = 1 + int(rnd.random() * (4_000_00 // good.cents + 2) * who.size / 600)
        price = max(1, good.cents * PER_CENT[who.currency] // 1000)
        tenth = rnd.random() < 0.12
        amount = (quantity * price * 9 + 5) // 10 if tenth else quantity * price
        total += amount
        document.lines.append(
            (
                good.number,
                quantity,
                plain(price, who.currency),
                "0.1" if tenth else "0",
                "S7" if who.country == "US" else NULL,
                amount,
            )
        )
    return total


def plain(minor: int, currency: str) -> str:
    """Write minor units with the currency's point."""
    digits = {"JPY": 0, "KWD": 3}.get(currency, 2)
    return str(minor) if digits == 0 else f"{minor // 10**digits}.{minor % 10**digits:0{digits}d}"


def _settle(done: Trading, calendar: Calendar, who: Trader, invoices: list[Document], rnd: Random) -> None:
    """Pay an order's invoices the way this customer does: together, short, late or never; credit some of them first."""
    draw, habit, today = rnd.random, who.habit, calendar.today
    fate = draw() * 1000
    if invoices[0].day < today - _FORGOTTEN:
        fate = 1000.0
    delay = habit.soonest + int(draw() * (habit.latest - habit.soonest + 1))
    last = invoices[-1]
    if any(invoice.parts for invoice in invoices):
        for invoice in invoices:
            for seq, (due, amount) in enumerate(invoice.parts or ((invoice.due, invoice.amount),), 1):
                if fate >= habit.never and (paid := max(invoice.day, due + delay)) <= today:
                    _receive(done, who, paid, [(invoice, seq, amount)], 0, rnd)
        return
    open_amounts = [(invoice, _credited(done, calendar, who, invoice, rnd)) for invoice in invoices]
    paid = max(last.day + 1, (invoices[0].due + last.due) // 2 + delay)
    if fate < habit.never or paid > today:
        return
    taken = [(invoice, 1, amount) for invoice, amount in open_amounts if amount]
    extra = 0
    if taken and fate < 1000 and draw() * 1000 < habit.short:
        invoice, _, amount = taken.pop()
        if share := amount * (30 + int(draw() * 60)) // 100:
            taken.append((invoice, 1, share))
    elif draw() < 0.006:
        extra = 500 * PER_CENT[who.currency] // 1000 * (1 + int(draw() * 30))
    if taken:
        _receive(done, who, paid, taken, extra, rnd)


def _credited(done: Trading, calendar: Calendar, who: Trader, invoice: Document, rnd: Random) -> int:
    """Credit a few invoices, in part or whole; return what is left to pay."""
    if rnd.random() >= 0.03:
        return invoice.amount
    day = invoice.day + 1 + int(rnd.random() * 9)
    if day > calendar.today:
        return invoice.amount
    amount = (
        invoice.amount
        if rnd.random() < 0.15
        else max(1, invoice.amount * (5 + int(rnd.random() * 30)) // 100)
    )
    note = Document(day, "credit_note", who, amount, invoice.tax * amount // invoice.amount, due=day)
    done.documents.append(note)
    if rnd.random() < 0.12:
        return invoice.amount
    done.allocations.append((note, invoice, 1, amount, day, "credit_note"))
    return invoice.amount - amount


def _receive(
    done: Trading, who: Trader, day: int, taken: list[tuple[Document, int, int]], extra: int, rnd: Random
) -> None:
    method = who.methods[int(rnd.random() * len(who.methods))]
    reference = fill("10####" if method == "cheque" else "TX########", rnd)
    receipt = Document(
        day,
        "receipt",
        who,
        sum(amount for _, _, amount in taken) + extra,
        due=day,
        method=method,
        reference=reference,
    )
    done.documents.append(receipt)
    done.allocations += [
        (receipt, invoice, seq, amount, max(day, invoice.day), "payment") for invoice, seq, amount in taken
    ]


@dataclass
class Staged:
    """Rows for the staging tables, as text for COPY."""

    documents: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    instalments: list[str] = field(default_factory=list)
    allocations: list[str] = field(default_factory=list)


def stage(done: Trading, calendar: Calendar, load: str, block: int, staged: Staged) -> None:
    """Number a block's documents by date and write them as rows of one load, after those already there."""
    first = _FIRST_NUMBER + block * BLOCK * INVOICES_A_CUSTOMER
    counts = {"invoice": first, "credit_note": first, "receipt": first}
    text, out, row = calendar.text, staged.documents.append, len(staged.documents)
    for document in done.documents:
        row += 1
        document.row = row
        kind, who, number = document.kind, document.who, counts[document.kind]
        counts[kind] = number + 1
        out(
            f"{load}\t{row}\t{kind}\t{who.number}\t{_PREFIX[kind]}{number}\t{text[document.day + 40]}\t{text[document.due + 40]}\t{who.currency}\t{document.amount}\t"
            f"{document.tax}\t{document.po}\t{document.method}\t{document.reference}\tf\n"
        )
        for place, (item, quantity, price, discount, tax_code, amount) in enumerate(document.lines, 1):
            staged.lines.append(
                f"{load}\t{row}\t{place}\t{item}\t{quantity}\t{price}\t{discount}\t{tax_code}\t{amount}\n"
            )
        for seq, (due, amount) in enumerate(document.parts, 1):
            staged.instalments.append(f"{load}\t{row}\t{seq}\t{text[due + 40]}\t{amount}\n")
    staged.allocations += [
        f"{load}\t{credit.row}\t{debit.row}\t{seq}\t{amount}\t{text[day + 40]}\t{kind}\n"
        for credit, debit, seq, amount, day, kind in done.allocations
    ]


__all__ = [
    "ALLOCATION_COLUMNS", "DEMO_DATE", "DOCUMENT_COLUMNS", "INSTALMENT_COLUMNS", "LINE_COLUMNS", "Calendar", "Staged", "Trading", "plain", "stage", "trade",
]  # fmt: skip
