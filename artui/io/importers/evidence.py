"""What a file itself says about how it writes days and amounts, taken from all of a column, never from one cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from artui.clock import Order
from artui.errors import BadInput
from artui.io.importers.columns import Columns
from artui.io.importers.reading import Table, Unreadable
from artui.text import safe

SAMPLE: Final = 1000
_DAY = re.compile(r"\s*([0-9]{1,4})[-/.] ?([0-9]{1,2})[-/.] ?([0-9]{1,4})(?![0-9])").match
_NUMBER = re.compile(r"[0-9][0-9.,' \u00a0\u202f]*")
_ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")


def date_order(table: Table, columns: Columns, fields: Iterable[str], told: Order | None) -> Order | None:
    """Find the order in which the file writes days; None when no cell needs it.

    Raises BadInput, naming --date-order, when the file leaves it open or contradicts itself.
    """
    places = [columns.place(field) for field in fields if columns.place(field) >= 0]
    if told or not places:
        return told
    days = _Days()
    _gather(table, places, days.see, days.settled)
    return days.verdict(table)


def decimal_mark(table: Table, columns: Columns, fields: Iterable[str], told: str | None) -> str | None:
    """Find the file's decimal mark; None when no cell needs it. Raises BadInput, naming --decimal, like `date_order`."""
    places = [columns.place(field) for field in fields if columns.place(field) >= 0]
    if told or not places:
        return told
    marks = _Marks()
    _gather(table, places, marks.see, marks.settled)
    return marks.verdict(table)


def _gather(
    table: Table, places: Sequence[int], see: Callable[[str], None], settled: Callable[[], bool]
) -> None:
    """Show the cells of some columns to `see`: a sample, and all the rest while the sample leaves it open."""
    try:
        for count, (_, cells) in enumerate(table.records()):
            if count >= SAMPLE and settled():
                return
            for place in places:
                if place < len(cells) and cells[place]:
                    see(cells[place])
    except Unreadable:
        return


class _Days:
    def __init__(self) -> None:
        self.possible: set[Order] = set(_ORDERS)
        self.open: str | None = None
        self.against: dict[Order, str] = {}
        self._seen: set[str] = set()

    def see(self, cell: str) -> None:
        if cell in self._seen or not (match := _DAY(cell)):
            return
        if len(self._seen) < 50_000:
            self._seen.add(cell)
        first, middle, last = (int(part) for part in match.groups())
        if len(match[1]) > 2 or (len(match[1]) == len(match[2]) == len(match[3]) == 4):
            return  # the year stands first: there is one way to read it
        readings = self._readings(match[3], first, middle, last)
        if not readings:
            return
        for order in self.possible - readings:
            self.against.setdefault(order, cell)
        self.possible &= readings
        if len(readings) > 1:
            self.open = self.open or cell

    @staticmethod
    def _readings(year: str, first: int, middle: int, last: int) -> set[Order]:
        readings: set[Order] = set()
        if 1 <= first <= 31 and 1 <= middle <= 12:
            readings.add("dmy")
        if 1 <= first <= 12 and 1 <= middle <= 31:
            readings.add("mdy")
        if len(year) <= 2 and 1 <= middle <= 12 and 1 <= last <= 31:
            readings.add("ymd")
        return readings

    def settled(self) -> bool:
        return self.open is None or len(self.possible) == 1

    def verdict(self, table: Table) -> Order | None:
        name = safe(table.path.name)
        if not self.possible:
            shown = " and ".join(safe(cell) for cell in list(self.against.values())[:2])
            raise BadInput(
                f"{name} writes days in more than one order ({shown}).",
                "Say which is meant with --date-order dmy, mdy or ymd; the others are rejected.",
            )
        if self.open is None:
            return None
        if len(self.possible) > 1:
            raise BadInput(
                f"{name} does not show whether {safe(self.open)} is day or month first.",
                "Say which with --date-order dmy, mdy or ymd.",
            )
        return next(iter(self.possible))


class _Marks:
    def __init__(self) -> None:
        self.proof: dict[str, str] = {}
        self.open: str | None = None

    def see(self, cell: str) -> None:
        match = _NUMBER.search(cell)
        if not match:
            return
        marks = [char for char in match[0].rstrip(".,' ") if char in ".,"]
        if not marks:
            return
        number = match[0]
        if len(set(marks)) == 2:
            self.proof.setdefault(marks[-1], cell)
        elif len(marks) > 1:
            self.proof.setdefault("," if marks[0] == "." else ".", cell)
        else:
            before, _, after = number.rstrip(".,' ").partition(marks[0])
            if len(after) == 3 and before.isdigit() and len(before) <= 3 and before != "0":
                self.open = self.open or cell
            else:
                self.proof.setdefault(marks[0], cell)

    def settled(self) -> bool:
        return self.open is None or len(self.proof) == 1

    def verdict(self, table: Table) -> str | None:
        name = safe(table.path.name)
        if len(self.proof) > 1:
            raise BadInput(
                f"{name} writes amounts in two ways ({safe(self.proof['.'])} and {safe(self.proof[','])}).",
                "Say which mark is the decimal one with --decimal . or --decimal ,",
            )
        if self.proof:
            return next(iter(self.proof))
        if self.open is not None:
            raise BadInput(
                f"{name} does not show whether {safe(self.open)} has thousands or decimals.",
                "Say which mark is the decimal one with --decimal . or --decimal ,",
            )
        return None
