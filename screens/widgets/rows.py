"""Rows a list shows without holding them all: asked for page by page beside a row it knows, a few pages kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from artui.session import Session
from artui.text import fold
from screens.layout import Column
from screens.safe import Part, plain_text

R = TypeVar("R")
PAGE = 100
"""Rows asked for at once."""
KEPT = 400
"""Rows kept in memory."""


@dataclass(frozen=True)
class Order:
    """How rows are ordered and which of them are wanted; an empty `by` is the order they come in by themselves."""

    by: str = ""
    falling: bool = False
    narrow: str = ""
    """Only rows that have this text."""


@dataclass(frozen=True)
class Ask(Generic[R]):
    """Ask for at most `n` rows in one order.

    With `at` from that row's place on, the row itself included when it is still there; with `after` those that follow
    it; with `before` the `n` that stand right before it, in list order; with `last` the last `n`; else the first `n`.
    With `find` only rows that have that text count.
    """

    n: int
    order: Order = Order()
    at: R | None = None
    after: R | None = None
    before: R | None = None
    last: bool = False
    find: str = ""


class Source(Protocol[R]):
    """Where rows come from. `rows` and `count` run on the thread of the books; the rest draws."""

    columns: Sequence[Column]

    @property
    def sorts(self) -> Mapping[int, str]:
        """Which columns can be sorted by, and the name `Order.by` has then."""
        ...

    def rows(self, session: Session | None, ask: Ask[R]) -> Sequence[R]:
        """Return the rows asked for: one statement, keyset paged."""
        ...

    def count(self, session: Session | None, order: Order) -> int | None:
        """Return how many there are when that costs little; otherwise None."""
        ...

    def key(self, row: R) -> Hashable:
        """Return what a row is known by."""
        ...

    def cells(self, row: R) -> Sequence[Part]:
        """Draw a row: one part per column."""
        ...


@dataclass
class Tuples(Generic[R]):
    """Rows that are in memory already: the ten thousand open items of one account."""

    all: Sequence[R]
    columns: Sequence[Column]
    key_of: Callable[[R], Hashable]
    cells_of: Callable[[R], Sequence[Part]]
    by: Mapping[int, Callable[[R], Any]] = field(default_factory=dict)
    """What each column that can be sorted by is sorted on."""
    _ordered: tuple[Order, Sequence[R], dict[Hashable, int]] | None = None

    @property
    def sorts(self) -> Mapping[int, str]:
        """Name each sort by its column."""
        return {place: str(place) for place in self.by}

    def rows(self, session: Session | None, ask: Ask[R]) -> Sequence[R]:
        """Cut the rows asked for out of all."""
        rows, places = self._in_order(ask.order)
        first, end = 0, len(rows)
        if ask.at is not None:
            first = places.get(self.key(ask.at), 0)
        elif ask.after is not None:
            first = places.get(self.key(ask.after), -1) + 1
        elif ask.before is not None:
            end = places.get(self.key(ask.before), 0)
        if ask.find:
            return self._found(rows, ask, first, end)
        return rows[max(end - ask.n, 0) : end] if ask.last or ask.before is not None else rows[first : first + ask.n]

    def count(self, session: Session | None, order: Order) -> int | None:
        """Count them."""
        return len(self._in_order(order)[0])

    def key(self, row: R) -> Hashable:
        """Return what a row is known by."""
        return self.key_of(row)

    def cells(self, row: R) -> Sequence[Part]:
        """Draw a row."""
        return self.cells_of(row)

    def _found(self, rows: Sequence[R], ask: Ask[R], first: int, end: int) -> Sequence[R]:
        backwards = ask.last or ask.before is not None
        found: list[R] = []
        for place in range(end - 1, first - 1, -1) if backwards else range(first, end):
            if len(found) == ask.n:
                break
            if self._has(rows[place], ask.find):
                found.append(rows[place])
        return found[::-1] if backwards else found

    def _has(self, row: R, text: str) -> bool:
        said = fold(" ".join(plain_text((cell,)) for cell in self.cells(row)))
        return all(word in said for word in fold(text).split())

    def _in_order(self, order: Order) -> tuple[Sequence[R], dict[Hashable, int]]:
        if self._ordered is None or self._ordered[0] != order:
            rows: Sequence[R] = [row for row in self.all if self._has(row, order.narrow)] if order.narrow else self.all
            if order.by:
                rows = sorted(rows, key=self.by[int(order.by)], reverse=order.falling)
            self._ordered = order, rows, {self.key(row): place for place, row in enumerate(rows)}
        return self._ordered[1], self._ordered[2]


@dataclass
class Window(Generic[R]):
    """The rows that are kept: a stretch of the list, and whether it reaches its ends."""

    rows: list[R] = field(default_factory=list)
    at_first: bool = True
    at_last: bool = True
    offset: int | None = 0
    """How many rows stand before it; None when that is not known."""

    def take(self, ask: Ask[R], found: Sequence[R]) -> None:
        """Take the answer to an ask."""
        full = len(found) >= ask.n
        if ask.after is not None:
            self.rows += found
            self.at_last = not full
            self._drop_first(len(self.rows) - KEPT)
        elif ask.before is not None:
            self.rows[:0] = found
            self.at_first = not full
            self.offset = 0 if self.at_first else None if self.offset is None else max(self.offset - len(found), 0)
            self._drop_last(len(self.rows) - KEPT)
        else:
            begins = ask.at is None and not ask.last
            self.rows = list(found)
            self.at_first = begins or (ask.last and not full)
            self.at_last = ask.last or not full
            self.offset = 0 if self.at_first else None

    def _drop_first(self, surplus: int) -> None:
        if surplus > 0:
            del self.rows[:surplus]
            self.at_first = False
            self.offset = None if self.offset is None else self.offset + surplus

    def _drop_last(self, surplus: int) -> None:
        if surplus > 0:
            del self.rows[-surplus:]
            self.at_last = False
