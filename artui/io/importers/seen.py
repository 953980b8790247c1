"""Which keys of a file have been met, in constant memory for each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final

_FEW: Final = 1 << 17


class Seen:
    """The keys met so far: a file may hold millions, so beyond some they are kept in eight bytes each."""

    def __init__(self) -> None:
        self._few: set[int] = set()
        self._slots = array("q")
        self._count = 0

    def add(self, key: object) -> bool:
        """Remember a key; tell whether it had been met before."""
        code = hash(key) or 1
        few = self._few
        if not self._slots:
            before = len(few)
            few.add(code)
            met = len(few) == before
            if before >= _FEW:
                self._rehash(few, 4 * _FEW)
                few.clear()
            return met
        met = self._put(code)
        if self._count * 2 > len(self._slots):
            self._rehash(self._slots, 2 * len(self._slots))
        return met

    def _put(self, code: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = code & mask
        while slots[place]:
            if slots[place] == code:
                return True
            place = (place + 1) & mask
        slots[place] = code
        self._count += 1
        return False

    def _rehash(self, codes: Iterable[int], size: int) -> None:
        self._slots, self._count = array("q", bytes(8 * size)), 0
        for code in codes:
            if code:
                self._put(code)
