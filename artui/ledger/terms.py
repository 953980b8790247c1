"""Payment terms: which part of a document falls due on which day, and what paying early earns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, cast

from artui.errors import BadInput
from artui.ledger.due_rule import DAYS, EXAMPLE, Step, due_date, parse_rule, whole_number
from artui.money import from_minor, round_half_up, to_minor

PartKind = Literal["percent_of_total", "percent_of_rest", "amount", "rest"]
DiscountKind = Literal["percent", "amount"]

_PARTS: Final = ("percent_of_total", "percent_of_rest", "amount", "rest")
_MOST_PARTS: Final = 120
# Three times 33.33 % is meant as the whole; 80 % is not. In percent.
_ROUNDING: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the document and the rule for its due date; `value` is percent or amount, 0 for rest."""

    kind: PartKind
    value: Decimal
    rule: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Discount:
    """What is earned when the document is paid within so many days of its date."""

    kind: DiscountKind
    value: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts in the order they take their share, and the discount for early payment."""

    parts: tuple[Part, ...]
    discount: Discount | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """An amount and the day it is due."""

    due: date
    amount: Decimal


def schedule(terms: Terms, document_date: date, amount: Decimal, currency: str) -> tuple[Instalment, ...]:
    """Split a document's total into instalments by due date; they add up to it to the minor unit.

    Each part takes its share rounded half up, never more than is left; the last takes what is left.
    Parts that come to nothing are left out; a credit note's negative total gives negative instalments.
    BadInput when the last part leaves more open than rounding explains.
    """
    total = to_minor(amount, currency)
    sign, left = (-1 if total < 0 else 1), abs(total)
    rows: list[tuple[date, int]] = []
    for part in terms.parts[:-1]:
        share = min(left, _share(part, abs(total), left, currency))
        left -= share
        rows.append((due_date(part.rule, document_date), share))
    last = terms.parts[-1]
    _check_complete(terms, abs(total), left, currency)
    rows.append((due_date(last.rule, document_date), left))
    kept = [row for row in rows if row[1]] or rows[-1:]
    kept.sort(key=lambda row: row[0])
    return tuple(Instalment(due, from_minor(sign * share, currency)) for due, share in kept)


def _share(part: Part, total: int, left: int, currency: str) -> int:
    if part.kind == "rest":
        return left
    if part.kind == "amount":
        return to_minor(round_half_up(part.value, currency), currency)
    base = from_minor(total if part.kind == "percent_of_total" else left, currency)
    return to_minor(round_half_up(base * part.value / 100, currency), currency)


def _check_complete(terms: Terms, total: int, left: int, currency: str) -> None:
    missing = left - _share(terms.parts[-1], total, left, currency)
    if missing > max(len(terms.parts), int(total * _ROUNDING / 100)):
        raise BadInput(
            f"The terms leave {from_minor(missing, currency)} {currency} without a due date.",
            'End them with a part {"rest": true, …}.',
        )


def discount_until(terms: Terms, document_date: date) -> date | None:
    """Give the last day on which paying earns the discount; None without one."""
    return document_date + timedelta(terms.discount.days) if terms.discount else None


def earned_discount(
    terms: Terms, document_date: date, paid_on: date, amount: Decimal, currency: str
) -> Decimal:
    """Give the discount that paying this amount on that day earns, rounded half up, never beyond it.

    The sign is the amount's: a credit note takes its share of the discount back.
    """
    until = discount_until(terms, document_date)
    if terms.discount is None or until is None or paid_on > until:
        return from_minor(0, currency)
    if terms.discount.kind == "percent":
        return round_half_up(amount * terms.discount.value / 100, currency)
    earned = min(terms.discount.value, abs(amount))
    return round_half_up(-earned if amount < 0 else earned, currency)


def discount_of(
    written: str | None, document_date: date, paid_on: date, amount: Decimal, currency: str
) -> tuple[Decimal, date | None]:
    """Give what paying on that day earns under the terms kept with a document (JSON text), and until when.

    Terms that cannot be read promise nothing: what was paid is still to be applied.
    """
    terms = _kept(written) if written and '"discount"' in written else None
    if terms is None:
        return from_minor(0, currency), None
    return earned_discount(terms, document_date, paid_on, amount, currency), discount_until(terms, document_date)


@lru_cache(maxsize=256)
def _kept(written: str) -> Terms | None:
    try:
        return parse_terms(written)
    except BadInput:
        return None


def parse_terms(value: str | list[object] | dict[str, object]) -> Terms:
    """Read terms from JSON text or its value: a rule, a list of parts, or an object with a discount.

    BadInput names the step or part that cannot be read.
    """
    read: object = _from_text(value) if isinstance(value, str) else value
    if isinstance(read, list):
        read = {"parts" if _looks_like_parts(read) else "rule": read}
    if not isinstance(read, dict):
        raise BadInput("Payment terms are a list or an object.", EXAMPLE)
    unknown = [name for name in read if name not in ("parts", "rule", "discount")]
    if unknown or ("parts" in read) == ("rule" in read):
        also = f", not {unknown[0]!r}" if unknown else ""
        raise BadInput(f"Payment terms hold either a rule or parts{also}.", 'They may add a "discount".')
    whole = "rule" in read
    parts = (Part("rest", Decimal(0), parse_rule(read["rule"])),) if whole else _parts(read["parts"])
    discount = read.get("discount")
    return Terms(parts, None if discount is None else _discount(discount))


def _from_text(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise BadInput("The payment terms are not valid JSON.", EXAMPLE) from None


def _looks_like_parts(items: list[object]) -> bool:
    return any(isinstance(item, dict) and item.keys() & {*_PARTS, "rule"} for item in items)


def _parts(value: object) -> tuple[Part, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_PARTS:
        raise BadInput(f"Payment terms have 1 to {_MOST_PARTS} parts in a list.", EXAMPLE)
    parts = tuple(_part(item, f"Part {number}") for number, item in enumerate(value, 1))
    if any(part.kind == "rest" for part in parts[:-1]):
        raise BadInput("Only the last part can be the rest.", "Put it at the end.")
    left = _percent_left(parts)
    if left < 0:
        raise BadInput("The parts come to more than the total.", "Correct the percentages.")
    if left > _ROUNDING and all(part.kind.startswith("percent") for part in parts):
        raise BadInput(f"The parts leave {left:f} % out.", 'End them with a part {"rest": true, …}.')
    return parts


def _percent_left(parts: tuple[Part, ...]) -> Decimal:
    left = Decimal(100)
    for part in parts:
        if part.kind == "percent_of_total":
            left -= part.value
        elif part.kind == "percent_of_rest":
            left -= left * part.value / 100
    return left


def _part(item: object, where: str) -> Part:
    kinds = [kind for kind in _PARTS if isinstance(item, dict) and kind in item]
    if not isinstance(item, dict) or len(kinds) != 1 or item.keys() - {kinds[0], "rule"}:
        raise BadInput(
            f"{where} of the terms needs one of {', '.join(_PARTS)}, and a rule.",
            'For example {"percent_of_total": 25, "rule": [{"days": 30}]}.',
        )
    kind = cast(PartKind, kinds[0])
    rule = parse_rule(item.get("rule", []), f"{where}: ")
    if kind == "rest":
        if item[kind] is not True:
            raise BadInput(f"{where}: rest takes the value true.", 'Write {"rest": true, "rule": …}.')
        return Part(kind, Decimal(0), rule)
    return Part(kind, _positive(item[kind], f"{where}: {kind}", kind != "amount"), rule)


def _discount(value: object) -> Discount:
    kinds = [kind for kind in ("percent", "amount") if isinstance(value, dict) and kind in value]
    if not isinstance(value, dict) or len(kinds) != 1 or value.keys() != {kinds[0], "days"}:
        raise BadInput(
            "The discount needs a percent or an amount, and days.", 'For example {"percent": 2, "days": 10}.'
        )
    kind = cast(DiscountKind, kinds[0])
    days = whole_number(value["days"], "The discount: days", *DAYS)
    return Discount(kind, _positive(value[kind], f"The discount: {kind}", kind == "percent"), days)


def _positive(value: object, where: str, percent: bool) -> Decimal:
    # str() of a number read by another JSON reader is its shortest decimal form, so nothing is lost.
    text = str(value) if isinstance(value, int | float | str | Decimal) else ""
    plain = text.isascii() and len(text) <= 20 and text.replace(".", "", 1).isdigit()
    number = Decimal(text) if plain else Decimal(0)
    if not 0 < number <= (100 if percent else 10**15):
        asked = "a percentage above 0, at most 100" if percent else "an amount above 0"
        raise BadInput(f"{where} has to be {asked}.", 'Write it as text, such as "12.50".')
    return number
