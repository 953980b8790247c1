"""The list of accounts found, and what one of them owes, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from artui.people.lookup import Hit
from screens.layout import Column, flow, table
from screens.safe import NOTHING, Line, Part, amount, line, part
from screens.sheet import Drawn, Row

MARKS = {"hold": "H", "dispute": "D"}
KINDS = {"all": "customers and vendors", "customer": "customers", "vendor": "vendors"}

_COLUMNS = (
    Column("No.", 5),
    Column("Name", 14, grows=4),
    Column("City", 6, rank=2, grows=1, most=24),
    Column("Cur", 3),
    Column("Balance", 11, right=True),
    Column("Past due", 10, right=True),
    Column("Days", 4, right=True, rank=1),
    Column("Mark", 4),
)

INTRODUCTION = (
    "Type what the caller gives:",
    "",
    "any part of a name, in any order, without accents     reyes farm",
    "an account, invoice, receipt, PO or cheque number     10442",
    "a phone number in any shape                           555 0134",
    "the amount of an open item                            =1234.56",
    "a tax number or an e-mail address                     ana@",
)
FIRST_STEPS = (
    "These books are empty.",
    "",
    "Bring in what there is:    artui import customers FILE",
    "See a sample company:      artui demo",
    "Know what can be done:     F1",
)


def words(lines: Sequence[str]) -> Drawn:
    """Draw words of our own in place of the list."""
    return Drawn(rows=[Row(line("   ", text)) for text in ("", *lines)])


def hit_list(hits: Sequence[Hit], width: int) -> Drawn:
    """Draw the hits, one line per currency, the cursor only on the first line of each."""
    keys: list[int | None] = []
    cells: list[list[Part]] = []
    for hit in hits:
        for place, code in enumerate(hit.balance or ("",)):
            keys.append(hit.account_id if place == 0 else None)
            cells.append(_cells(hit, code, first=place == 0))
    heading, lines = table(_COLUMNS, cells, width)
    return Drawn([heading], [Row(drawn, key) for drawn, key in zip(lines, keys, strict=True)])


def _cells(hit: Hit, code: str, *, first: bool) -> list[Part]:
    owed, late = hit.balance.get(code, Decimal(0)), hit.past_due.get(code, Decimal(0))
    days = hit.oldest_days if hit.oldest_days is not None and hit.oldest_days > 0 else None
    money = [part(code), Part(amount(owed, code)), Part(amount(late, code) if late else NOTHING, "late" if late else "")] if code else [part("-"), part("-"), part("-")]
    if not first:
        return [part(""), part(""), part(""), *money, part(""), part("")]
    return [
        part(hit.number), part(hit.name), part(hit.city), *money, part("-" if days is None else days), part(marks(hit), "mark"),
    ]  # fmt: skip


def marks(hit: Hit) -> str:
    """Give the letters of an account: V vendor, H hold, D dispute, or the first letter of another state."""
    letters = [MARKS.get(flag, flag[:1].upper()) for flag in hit.flags]
    return " ".join([*(["V"] if hit.kind == "vendor" else []), *letters])


def answer(hit: Hit, width: int) -> list[Line]:
    """Draw what one says to the caller without opening the card: each currency by itself, never added up."""
    chunks: list[Line] = []
    for code, owed in hit.balance.items():
        late = hit.past_due.get(code, Decimal(0))
        chunks.append(line(part(f"{code} ", "strong"), Part(amount(owed, code), "strong")))
        if late:
            chunks.append(line(part("past due ", "late"), Part(amount(late, code), "late")))
    if not chunks:
        chunks.append(line("nothing open"))
    if hit.oldest_days is not None and hit.oldest_days > 0:
        chunks.append(line(f"oldest {hit.oldest_days} d"))
    chunks += [line(part(flag, "mark")) for flag in hit.flags]
    chunks.append(line(f"{hit.kind}, found by {hit.matched_on.replace('_', ' ')}"))
    return flow(chunks, width)
