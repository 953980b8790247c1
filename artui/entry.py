"""What people key in, as short as they think it: 12k, 1.5*800, 27, 27.11, f, eom. Nothing is guessed between two readings."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation
from typing import Final

from artui import clock, money
from artui.clock import Order
from artui.errors import BadInput

_SUM = Context(prec=60, traps=[InvalidOperation, DivisionByZero])
_NUMBER: Final = r"[0-9][0-9.,' ]*[km]?|[.,][0-9]+[km]?"
_EXPRESSION = re.compile(rf"(?P<sign>[-+]?) *(?:{_NUMBER})(?: *[-+*/] *(?:{_NUMBER}))*", re.IGNORECASE)
_STEP = re.compile(rf"([-+*/]?) *({_NUMBER})", re.IGNORECASE)
_MULTIPLES: Final = {"k": Decimal(1_000), "m": Decimal(1_000_000)}
_LONGEST = 60
_CODED = re.compile(r"(?P<before>[A-Za-z]{3}) ?(?P<last>[-+0-9.,(].*)|(?P<first>.*[0-9kKmM.,)]) ?(?P<after>[A-Za-z]{3})")
_SIGNS: Final = {"€": "EUR", "£": "GBP"}
_LIKE_A_DATE = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")
_MONTH_START = re.compile(r"bom([-+][0-9]{1,3})?")
_DAY_ALONE = re.compile(r"([0-9]{1,2})\.?")
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\.?")
_WEEKDAY_BEFORE = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun) (?=[0-9])", re.IGNORECASE)


def amount(text: str, currency: str, *, decimal: str | None = None) -> Decimal:
    """Read an amount as keyed in: as banks write it, with k or m for thousands and millions, or a small sum such as 1.5*800.

    What is calculated is rounded half up to the currency's decimals; what is written must have no more of them.
    Raises BadInput for what is no amount, names another currency, or can be read in two ways.
    """
    try:
        calculated = _calculated(text.strip(), decimal)
        if calculated is not None:
            exact = money.round_half_up(calculated, currency)
        else:
            read = money.parse_amount(text, decimal=decimal)
            if not read.fits(currency):
                raise BadInput(f"{_shown(text)} is not an amount in {currency}.", f"Type the figure in {currency}.")
            exact = read.amount
        return money.from_minor(money.to_minor(exact, currency), currency)
    except BadInput as refusal:
        raise _at_the_keyboard(refusal) from None


def foreign(text: str) -> tuple[str, str]:
    """Part the code of a currency from an amount: `EUR 100`, `100 EUR`, `eur 100`, `€100` give ("EUR", "100"); ("", text) names none.

    A sign that several currencies share names none either. BadInput for three letters that are no currency.
    """
    word = text.strip()
    found = _CODED.fullmatch(word)
    if found:
        code = (found["before"] or found["after"]).upper()
        if not money.is_currency(code):
            raise BadInput(f"{_shown(text)} is not an amount: {code} is no currency.", "Write it like EUR 100.")
        return code, (found["first"] or found["last"]).strip()
    for sign, figure in ((word[:1], word[1:]), (word[-1:], word[:-1])):
        if sign in _SIGNS:
            return _SIGNS[sign], figure.strip()
    return "", text


def percent(text: str) -> Decimal:
    """Read a percentage as it is written: 2.15, 8 %, -0.5. Raises BadInput."""
    return money.parse_amount(text.strip().removesuffix("%").strip()).amount


def day(text: str, today: date, *, order: Order | None = None, past: bool = False) -> date:
    """Read a day as keyed in: everything `clock.parse_date` reads, and `bom`, `27`, `27.11`, weekdays.

    A day without its month or year, or a weekday, is the next one from today on, or with `past` the last one up to today.
    Raises BadInput for what is no day or could be two.
    """
    word = _WEEKDAY_BEFORE.sub("", text.strip().lower())
    try:
        if match := _MONTH_START.fullmatch(word):
            return clock.add_months(today.replace(day=1), int(match[1] or 0))
        if match := _DAY_ALONE.fullmatch(word):
            return _day_of_some_month(text, int(match[1]), today, past=past)
        if match := _DAY_AND_MONTH.fullmatch(word):
            return _day_of_some_year(text, int(match[1]), match[2], int(match[3]), today, order, past=past)
        found = clock.parse_date(_WEEKDAY_BEFORE.sub("", text.strip()), today, order)
    except BadInput as refusal:
        raise _at_the_keyboard(refusal) from None
    weekday = word.isalpha() and word not in ("t", "today", "eom")
    return found - timedelta(7) if past and weekday and found > today else found


def _calculated(text: str, decimal: str | None) -> Decimal | None:
    """Work out what is more than a plain number; None for what is not."""
    if len(text) > _LONGEST or not _EXPRESSION.fullmatch(text) or _LIKE_A_DATE.fullmatch(text):
        return None
    sign = text[:1] if text[:1] in "+-" else ""
    steps = _STEP.findall(text[len(sign) :])
    if len(steps) == 1 and steps[0][1][-1] not in "kKmM":
        return None
    total, term, waiting = Decimal(0), Decimal(0), Decimal(-1 if sign == "-" else 1)
    for place, (operator, number) in enumerate(steps):
        value = _value(number.strip(), decimal)
        if operator in ("*", "/"):
            term = _times(term, operator, value)
            continue
        if place:
            total, waiting = _SUM.add(total, _SUM.multiply(waiting, term)), Decimal(-1 if operator == "-" else 1)
        term = value
    return _SUM.add(total, _SUM.multiply(waiting, term))


def _value(number: str, decimal: str | None) -> Decimal:
    multiple = _MULTIPLES.get(number[-1].lower())
    value = money.parse_amount(number[:-1].strip() if multiple else number, decimal=decimal).amount
    return _SUM.multiply(value, multiple) if multiple else value


def _times(term: Decimal, operator: str, value: Decimal) -> Decimal:
    if operator == "*":
        return _SUM.multiply(term, value)
    if not value:
        raise BadInput("Nothing can be divided by zero.", "Correct the sum.")
    return _SUM.divide(term, value)


def _day_of_some_month(text: str, number: int, today: date, *, past: bool) -> date:
    if not 1 <= number <= 31:
        raise BadInput(f"{_shown(text)} is not a day of a month.", "Days go from 1 to 31.")
    for months in range(4):
        month = clock.add_months(today.replace(day=1), -months if past else months)
        found = clock.day_of_month(month.year, month.month, number)
        if found.day == number and (found <= today if past else found >= today):
            return found
    raise BadInput(f"{_shown(text)} is not a day of a month.", "Write it like 2026-03-31.")


def _day_of_some_year(text: str, first: int, mark: str, second: int, today: date, order: Order | None, *, past: bool) -> date:
    day_first = {"dmy": True, "mdy": False, "ymd": False}.get(order or "", True if mark == "." else None)
    readings = [(first, second)] if day_first else [(second, first)] if day_first is False else [(first, second), (second, first)]
    found = {each for number, month in readings for each in _in_some_year(number, month, today, past=past)}
    if len(found) != 1:
        meant = " or ".join(f"{each:%Y-%m-%d}" for each in sorted(found))
        raise BadInput(f"{_shown(text)} can mean {meant}." if found else f"{_shown(text)} is not a date.", "Write it like 27.11. or 2026-03-31.")
    return found.pop()


def _in_some_year(number: int, month: int, today: date, *, past: bool) -> list[date]:
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return []
    for years in range(9):
        year = today.year + (-years if past else years)
        found = clock.day_of_month(year, month, number)
        if found.day == number and (found <= today if past else found >= today):
            return [found]
    return []


def _at_the_keyboard(refusal: BadInput) -> BadInput:
    """Say what to do with the keyboard instead of naming an option of a command."""
    if "--decimal" in refusal.hint:
        return BadInput(refusal.message, "Type it without grouping, with a point before the decimals: 1234.56.")
    if "--date-order" in refusal.hint:
        return BadInput(refusal.message, "Write it like 27.11. or 2026-11-27.")
    return refusal


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
