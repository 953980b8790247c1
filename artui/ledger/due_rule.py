"""The rule that leads from a document's date to the day it is due: a list of steps taken in order.

- `{"days": 30}` and `{"months": 2}` move on; a day the month does not have becomes its last one.
- `{"end_of_month": true}` moves to the last day of the month reached.
- `{"day": 15}` sets the day within the month reached, earlier or later; where that would lie before
  the document date the next month is taken.
- `{"next_day": 15}` moves on to the first 15th on or after the day reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, cast

from artui.clock import add_months, day_of_month
from artui.errors import BadInput

StepKind = Literal["days", "months", "day", "end_of_month", "next_day"]

EXAMPLE: Final = 'A rule is a list of steps such as [{"days": 30}].'
DAYS: Final = (0, 3660)
_RANGES: Final[dict[str, tuple[int, int]]] = {
    "days": DAYS,
    "months": (0, 120),
    "day": (1, 31),
    "end_of_month": (1, 1),
    "next_day": (1, 31),
}
_MOST_STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One movement of the date; `count` is days, months or a day of the month (1 for end_of_month)."""

    kind: StepKind
    count: int


def due_date(rule: tuple[Step, ...], document_date: date) -> date:
    """Give the day a rule leads to from the document date, never before it."""
    reached = document_date
    for step in rule:
        reached = _after(step, reached, document_date)
    return reached


def _after(step: Step, reached: date, document_date: date) -> date:
    match step.kind:
        case "days":
            return reached + timedelta(step.count)
        case "months":
            return add_months(reached, step.count)
        case "end_of_month":
            return day_of_month(reached.year, reached.month, 31)
        case "day":
            return _on_day(step.count, reached, not_before=document_date)
        case "next_day":
            return _on_day(step.count, reached, not_before=reached)


def _on_day(day: int, reached: date, not_before: date) -> date:
    chosen = day_of_month(reached.year, reached.month, day)
    if chosen < not_before:
        following = add_months(reached.replace(day=1), 1)
        chosen = day_of_month(following.year, following.month, day)
    return chosen


def parse_rule(value: object, where: str = "") -> tuple[Step, ...]:
    """Read a rule from its JSON value; BadInput names the step, after `where`."""
    if not isinstance(value, list) or len(value) > _MOST_STEPS:
        raise BadInput(f"{where}The rule is not a list of at most {_MOST_STEPS} steps.", EXAMPLE)
    return tuple(_step(item, f"{where}Step {number}") for number, item in enumerate(value, 1))


def _step(item: object, where: str) -> Step:
    if not isinstance(item, dict) or len(item) != 1 or next(iter(item)) not in _RANGES:
        raise BadInput(f"{where} has to be one of {', '.join(_RANGES)}.", EXAMPLE)
    name, count = next(iter(item.items()))
    kind = cast(StepKind, name)
    if kind == "end_of_month":
        if count is not True:
            raise BadInput(f"{where}: end_of_month takes the value true.", EXAMPLE)
        return Step(kind, 1)
    return Step(kind, whole_number(count, f"{where}: {kind}", *_RANGES[kind]))


def whole_number(value: object, where: str, least: int, most: int) -> int:
    """Read a whole number between two bounds, also from text; BadInput names the place."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 4:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(f"{where} has to be a whole number from {least} to {most}.", "Correct it.")
    return value
