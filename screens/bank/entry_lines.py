"""An entry of the bank and what it may be, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from artui.cash.payable import Confidence
from artui.cash.statements.choices import Choice, Known
from artui.cash.statements.reading import EntryRow
from artui.text import mask_cards
from screens.layout import Column, table, words
from screens.safe import Line, Part, amount, part

COLUMNS = (
    Column("Day", 9),
    Column("Cur", 3, rank=1),
    Column("Amount", 11, right=True),
    Column("Name", 10, grows=2, most=36),
    Column("Text", 10, grows=3, most=70),
    Column("State", 8, grows=1, most=16),
)
_CHOICES = (Column("", 1), Column("How sure", 8), Column("Who", 12, grows=2, most=44), Column("What", 12, grows=4, most=60))
EVERYTHING = 10_000
"""Room for all lines there are."""
_LOOKS = {Confidence.CERTAIN: "strong", Confidence.LIKELY: "", Confidence.ASK: "mark", Confidence.OFFERED: "off", Confidence.NOTHING: "off"}


def account_words(number: str) -> str:
    """Write the number of an account short: "DE02…2051"."""
    return number if len(number) <= 9 else f"{number[:4]}…{number[-4:]}"


def state_words(row: EntryRow) -> Part:
    """Say what became of an entry: nothing while it is open."""
    if row.state == "booked":
        return part(", ".join(row.documents) or "booked", "off")
    return part("" if row.state == "open" else row.state, "mark" if row.state == "parked" else "off")


def said(row: EntryRow) -> str:
    """Give everything the bank says of an entry, card numbers masked."""
    told = dict.fromkeys(filter(None, (row.name, row.payer_account, row.text, row.reference, row.end_to_end, row.bank_reference, row.code)))
    return mask_cards(" · ".join(told))


def parts_words(row: EntryRow) -> str:
    """Name the payments of a collective entry."""
    named = [f"{part.name or part.account or part.text} {amount(part.amount, row.currency) if part.amount is not None else ''}".strip() for part in row.parts]
    return mask_cards(f"{len(named)} payments in one: {', '.join(named)}") if len(named) > 1 else ""


def entry_lines(row: EntryRow, known: Known | None, width: int, room: int = EVERYTHING) -> list[Line]:
    """Draw what the bank says of an entry, then what it may be, the surest first, with as many reasons as there is room for."""
    lines = words(said(row), width, look="off")
    lines = lines if room == EVERYTHING else lines[:2]
    if row.parts:
        lines += words(parts_words(row), width)[: None if room == EVERYTHING else 1]
    if row.state in ("booked", "ignored"):
        what = f": {', '.join(row.documents)}" if row.documents else f": {row.reason}" if row.state == "ignored" else ""
        return [*lines, *words(f"{row.state.capitalize()} by {row.decided_by}{what}. o opens it again.", width)]
    if known is None:
        return [*lines, *words("Looking for what it may be …", width, look="off")]
    if row.state == "parked":
        lines += words(f"Parked by {row.decided_by} as {', '.join(row.documents)}: whose it is.", width, look="mark")
    return [*lines, *choice_lines(known.choices, row, width, room - len(lines))]


def choice_lines(choices: Sequence[Choice], row: EntryRow, width: int, room: int) -> list[Line]:
    """Draw choices with their numbers; their reasons stand below them, the surest first, while there is room."""
    if not choices:
        return words(f"Nothing is known of whose it is: w says whose{'' if row.state == 'parked' else ', p parks it'}." if row.amount > 0 else "Nothing in the books is like it: c charge, m transfer, r returned payment.", width)
    cells = [[part(number), part(each.confidence.value, _LOOKS[each.confidence]), part(each.who, "strong"), part(each.what)] for number, each in enumerate(choices[:9], 1)]
    _, rows = table(_CHOICES, cells, width)
    room -= len(rows)
    found: list[Line] = []
    for drawn, choice in zip(rows, choices, strict=False):
        reasons = words(choice.reason, width, margin=" " * 14, look="off")
        found += [drawn, *(reasons if len(reasons) <= room or not found else [])]
        room -= len(reasons)
    return found
