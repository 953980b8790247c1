"""Which day it is for the books, and how people write days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final, Literal, Protocol

from artui.errors import BadInput

Order = Literal["dmy", "mdy", "ymd"]
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(day: date) -> str:
    """Write a day for a sentence, the way it can be typed again: "27 Nov 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class Clock(Protocol):
    """The business date and the instant, as a session sees them."""

    def today(self) -> date:
        """Give the business date."""
        ...

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock and calendar."""

    def today(self) -> date:
        """Give the local calendar date."""
        return datetime.now().astimezone().date()

    def now(self) -> datetime:
        """Give the instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: a chosen business date, at noon UTC."""

    on: date

    def today(self) -> date:
        """Give the chosen date."""
        return self.on

    def now(self) -> datetime:
        """Give noon UTC of the chosen date."""
        return datetime.combine(self.on, time(12), UTC)


def add_months(day: date, months: int) -> date:
    """Move by whole months; a day the month does not have becomes its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_of_month(year, month + 1, day.day)


def day_of_month(year: int, month: int, day: int) -> date:
    """Give that day of the month, or the month's last day when it is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


_MONTHS: Final = tuple(name.lower() for name in (
    "", "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
))  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBERS = re.compile(r"([0-9]{1,4})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{1,4})\.?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[ -]?([a-z]{3,9})\.?,?[ -]?([0-9]{4}|[0-9]{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[ -]?([0-9]{1,2})(?:st|nd|rd|th)?(?:, ?| |-)([0-9]{4}|[0-9]{2})")
_TIME = re.compile(
    r"(?<=[0-9])(?:t| +)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
    r" ?(?:[ap]m)? ?(?:z|utc|[-+][0-9]{2}:?[0-9]{2})?$"
)
_SHIFT = re.compile(r"([-+][0-9]{1,5})([dwmy]?)")
_MONTH_END = re.compile(r"eom([-+][0-9]{1,3})?")


def parse_date(text: str, today: date, order: Order | None = None) -> date:
    """Read a date, absolute or seen from today; BadInput when it is none or could be two.

    Seen from today: `t`, `+7`, `-1m` (d w m y), `eom`, `eom-1` (months away), a weekday (`m tu w th f sa su`
    or its name): the next such day after today. Two-digit years are 1969 to 2068.
    """
    word = text.strip().lower()
    seen = _relative(word, today)
    if seen is None:
        return _absolute(text, order)
    if not FIRST_YEAR <= seen.year <= LAST_YEAR:
        raise _out_of_range(text)
    return seen


@cache
def date_parser(order: Order | None = None) -> Callable[[str], date]:
    """Make a quick reader for many absolute dates in one order; it remembers the days it has read."""

    @lru_cache(maxsize=8192)
    def read(text: str) -> date:
        return _absolute(text, order)

    return read


def _relative(word: str, today: date) -> date | None:
    if word in ("t", "today"):
        return today
    try:
        if match := _SHIFT.fullmatch(word):
            return _shifted(today, int(match[1]), match[2])
        if match := _MONTH_END.fullmatch(word):
            reached = add_months(today, int(match[1] or 0))
            return day_of_month(reached.year, reached.month, 31)
    except (ValueError, OverflowError):
        # Beyond the calendar itself; the caller's range check refuses it in words.
        return date.max
    weekday = _weekday(word)
    return None if weekday is None else today + timedelta((weekday - today.weekday() - 1) % 7 + 1)


def _shifted(today: date, count: int, unit: str) -> date:
    if unit in ("m", "y"):
        return add_months(today, count * (12 if unit == "y" else 1))
    return today + timedelta(count * (7 if unit == "w" else 1))


def _weekday(word: str) -> int | None:
    if not word or word in ("t", "s"):
        return None
    found = [number for number, name in enumerate(_WEEKDAYS) if name.startswith(word)]
    return found[0] if len(found) == 1 else None


def _absolute(text: str, order: Order | None) -> date:
    word = _TIME.sub("", text.strip().lower())
    if _ISO.fullmatch(word):
        return _day(text, int(word[:4]), int(word[5:7]), int(word[8:]))
    if match := _COMPACT.fullmatch(word):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(word):
        return _by_order(text, (match[1], match[3], match[4]), order)
    if match := _DAY_FIRST.fullmatch(word):
        return _day(text, _full_year(match[3]), _month(text, match[2]), int(match[1]))
    if match := _MONTH_FIRST.fullmatch(word):
        return _day(text, _full_year(match[3]), _month(text, match[1]), int(match[2]))
    raise BadInput(f"{_shown(text)} is not a date.", "Write it like 2026-03-31.")


def _by_order(text: str, parts: tuple[str, str, str], order: Order | None) -> date:
    first, _, last = parts
    if len(first) == 4 or (order == "ymd" and len(last) <= 2):
        return _in_order(text, parts, "ymd")
    if len(first) > 2 or len(last) not in (2, 4):
        raise BadInput(f"{_shown(text)} is not a date.", "Write it like 2026-03-31.")
    if order is not None and order != "ymd":
        return _in_order(text, parts, order)
    return _only_reading(text, parts, ("dmy", "mdy") if len(last) == 4 else ("dmy", "mdy", "ymd"))


def _only_reading(text: str, parts: tuple[str, str, str], orders: tuple[Order, ...]) -> date:
    readings: set[date] = set()
    refusals: list[BadInput] = []
    for order in orders:
        try:
            readings.add(_in_order(text, parts, order))
        except BadInput as refusal:
            refusals.append(refusal)
    if len(readings) > 1:
        meant = " or ".join(day.isoformat() for day in sorted(readings))
        raise BadInput(f"{_shown(text)} can mean {meant}.", "Say which with --date-order dmy, mdy or ymd.")
    if not readings:
        raise refusals[0]
    return readings.pop()


def _in_order(text: str, parts: tuple[str, str, str], order: Order) -> date:
    named = dict(zip(order, parts, strict=True))
    return _day(text, _full_year(named["y"]), int(named["m"]), int(named["d"]))


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= 69 else 2000)


def _month(text: str, word: str) -> int:
    found = [number for number, name in enumerate(_MONTHS) if name.startswith(word)]
    if word == "sept":
        return 9
    if len(found) != 1:
        raise BadInput(f"{_shown(text)} is not a date: {word!r} is no month.", "Write it like 2026-03-31.")
    return found[0]


def _day(text: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range(text)
    if not 1 <= month <= 12:
        raise BadInput(f"{_shown(text)} is not a date: there is no month {month}.", "Check --date-order.")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        name = _MONTHS[month].capitalize()
        raise BadInput(f"{_shown(text)} is not a date: {name} {year} has no day {day}.", "Correct the day.")
    return date(year, month, day)


def _out_of_range(text: str) -> BadInput:
    return BadInput(f"{_shown(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.", "Check the year.")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
