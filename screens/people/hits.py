"""The list of accounts found, and what one of them owes, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from artui.people.local_time import there
from artui.people.lookup import Hit
from artui.people.start import Start
from screens.layout import Column, flow, table
from screens.people.introduction import INTRODUCTION
from screens.people.time_there import time_there
from screens.safe import NOTHING, Line, Part, amount, day, line, part
from screens.sheet import Drawn, Row

MARKS = {"hold": "H", "dispute": "D"}
KINDS = {"all": "customers and vendors", "customer": "customers", "vendor": "vendors"}
_SPEAKING = {"number", "name", ""}
"""What a hit was found by without being worth a word."""

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


def hit_list(hits: Sequence[Hit], width: int) -> Drawn:
    """Draw the hits, one line per currency, the cursor only on the first line of each."""
    heading, rows = _hit_rows(hits, width)
    return Drawn([heading], rows)


def elsewhere_list(hits: Sequence[Hit], where: str, width: int) -> Drawn:
    """Draw who else it could be, under the words that none of the chosen kind is it."""
    heading, rows = _hit_rows(hits, width)
    return Drawn([line(" ", part(f"Nobody among {where}. Elsewhere:", "strong")), heading], rows)


def kept_list(start: Start, width: int) -> Drawn:
    """Draw the accounts of one's own: those pinned, then those looked at last."""
    heading, rows = _hit_rows(start.hits, width)
    first_recent = next((row for row, key in enumerate(rows) if key.key is not None and key.key not in start.kept.pinned), len(rows))
    if first_recent:
        pinned, recent = rows[:first_recent], rows[first_recent:]
        rows = [_title("Pinned"), *pinned, *([_title("Looked at last"), *recent] if recent else [])]
    else:
        rows = [_title("Looked at last"), *rows]
    return Drawn([heading], [*rows, Row(line()), *(Row(line("   ", text)) for text in INTRODUCTION)])


def _title(text: str) -> Row:
    return Row(line("   ", part(text, "strong")))


def _hit_rows(hits: Sequence[Hit], width: int) -> tuple[Line, list[Row]]:
    keys: list[int | None] = []
    cells: list[list[Part]] = []
    for hit in hits:
        for place, code in enumerate(hit.balance or ("",)):
            keys.append(hit.account_id if place == 0 else None)
            cells.append(_cells(hit, code, first=place == 0))
    heading, lines = table(_COLUMNS, cells, width)
    return heading, [Row(drawn, key) for drawn, key in zip(lines, keys, strict=True)]


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


def answer(hit: Hit, now: datetime, hours: tuple[str, str], width: int) -> list[Line]:
    """Draw what one says to the caller without opening the card: each currency by itself, never added up; then whom to call."""
    return [*flow(_owed(hit), width), *flow([chunk for chunk in (*_states(hit), _contact(hit, now, hours), *_last_paid(hit)) if chunk], width)]


def _owed(hit: Hit) -> list[Line]:
    chunks: list[Line] = []
    for code, owed in hit.balance.items():
        late, disputed = hit.past_due.get(code), hit.disputed.get(code)
        chunks.append(line(part(f"{code} ", "strong"), Part(amount(owed, code), "strong")))
        if late:
            chunks.append(line(part("past due ", "late"), Part(amount(late, code), "late")))
        if disputed:
            chunks.append(line("disputed ", Part(amount(disputed, code), "mark")))
    if hit.oldest_days is not None and hit.oldest_days > 0:
        chunks.append(line(f"oldest {hit.oldest_document} {hit.oldest_days} d"))
    return chunks or [line("nothing open")]


def _last_paid(hit: Hit) -> list[Line]:
    paid = hit.last_paid
    if paid is None:
        return [line("never paid yet")] if hit.balance else []
    code = "" if hit.balance.keys() == {paid.currency} else f"{paid.currency} "
    return [line(f"last paid {code}", Part(amount(paid.amount, paid.currency)), f" on {day(paid.on).strip()}"), line(paid.reference)]


def _contact(hit: Hit, now: datetime, hours: tuple[str, str]) -> Line:
    person = hit.contact
    if person is None:
        return ()
    at = there(now, hours, timezone=person.timezone, phone=person.phone, country=person.country)
    who = " ".join(each for each in (person.name, f"…{person.phone[-4:]}" if person.phone else "") if each)
    told = [line(who)] if who else []
    if at is not None:
        told.append(time_there(at))
    return tuple(piece for place, chunk in enumerate(told) for piece in ((part(" "), *chunk) if place else chunk))


def _states(hit: Hit) -> list[Line]:
    return [line(part(flag, "mark")) for flag in hit.flags if flag != "dispute"]


def found_by(hit: Hit) -> str:
    """Say what the text was found in, where the row itself does not show it; of a phone number only the end."""
    if hit.matched_on in _SPEAKING:
        return ""
    if hit.matched_on == "phone":
        return f"by phone …{hit.matched[-4:]}"
    return f"by {hit.matched_on.replace('_', ' ')}" + ("" if hit.matched_on == "similar name" and hit.matched == hit.name else f" {hit.matched}")
