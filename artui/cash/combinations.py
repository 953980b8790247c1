"""Which amounts of a list add up to a target: bounded in states and in processor time, whatever the list and whatever else the machine does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

_CHUNK = 4096
_TRIPLES = 160
"""Items among which three are tried: 12 720 pairs, some milliseconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """Places of the list, each set ascending; `complete` when no other set exists."""

    sets: tuple[tuple[int, ...], ...]
    complete: bool


def search(
    amounts: Sequence[int], target: int, *, states: int = 2**18, seconds: float = 0.05, most: int = 5
) -> Found:
    """Find up to `most` sets of positive amounts that add up to `target`, small and early ones first.

    Pairs are tried over the whole list, triples over its beginning, then every set as far as the bounds reach. `seconds` are those
    this thread works: what it waits for others must not change what a payment is proposed for.
    """
    sets: dict[tuple[int, ...], None] = {}
    deadline = time.thread_time() + seconds
    for place, amount in enumerate(amounts):
        if amount == target:
            sets[(place,)] = None
            if len(sets) >= most:
                return Found(tuple(sets), complete=False)
    for found in (_pairs(amounts, target, most), _triples(amounts[:_TRIPLES], target, most, deadline)):
        sets |= dict.fromkeys(found)
    if len(sets) >= most:
        return Found(tuple(sets)[:most], complete=False)
    more, ways = _every(amounts, target, states, deadline, most)
    sets |= dict.fromkeys(more)
    return Found(tuple(sets)[:most], complete=ways is not None and ways == len(sets) <= most)


def _pairs(amounts: Sequence[int], target: int, most: int) -> list[tuple[int, ...]]:
    seen: dict[int, int] = {}
    found: list[tuple[int, ...]] = []
    for place, amount in enumerate(amounts):
        other = seen.get(target - amount)
        if other is not None:
            found.append((other, place))
            if len(found) >= most:
                break
        seen.setdefault(amount, place)
    return found


def _triples(amounts: Sequence[int], target: int, most: int, deadline: float) -> list[tuple[int, ...]]:
    last = {amount: place for place, amount in enumerate(amounts)}
    found: list[tuple[int, ...]] = []
    for first, one in enumerate(amounts):
        if time.thread_time() > deadline:
            break
        for second in range(first + 1, len(amounts)):
            third = last.get(target - one - amounts[second], -1)
            if third > second:
                found.append((first, second, third))
                if len(found) >= most:
                    return found
    return found


def _every(
    amounts: Sequence[int], target: int, states: int, deadline: float, most: int
) -> tuple[list[tuple[int, ...]], int | None]:
    """Extend the reachable sums amount by amount. The number of ways is None when a bound stopped it."""
    usable = [(place, amount) for place, amount in enumerate(amounts) if 0 < amount <= target]
    rest = sum(amount for _, amount in usable)
    reach = {0: 1}  # a sum, and in how many ways it is reached
    origin: dict[int, tuple[int, int]] = {}  # a sum: the one before it and the place added, as first found
    found: list[tuple[int, ...]] = []
    ways, spent = 0, 0
    for place, amount in usable:
        before = target - amount
        if before in reach:
            ways += reach[before]
            if len(found) < most:
                found.append(_path(origin, before, place))
        rest -= amount
        spent += len(reach)
        if spent > states:
            return found, None
        grown: dict[int, int] = {}
        walk = iter(reach.items())
        while chunk := list(islice(walk, _CHUNK)):
            if time.thread_time() > deadline:
                return found, None
            for total, count in chunk:
                more = total + amount
                if target - rest <= more < target:
                    grown[more] = count
                    origin.setdefault(more, (total, place))
        for total, count in grown.items():
            reach[total] = reach.get(total, 0) + count
        if target > rest:  # what cannot be reached any more with all that follows
            reach = {total: count for total, count in reach.items() if total >= target - rest}
    return found, ways


def _path(origin: dict[int, tuple[int, int]], total: int, last: int) -> tuple[int, ...]:
    places = [last]
    while total:
        total, place = origin[total]
        places.append(place)
    return tuple(sorted(places))
