"""Keys and pastes that came before the screen was ready for them: kept in order, carried out in order, on whatever screen they lead to."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from textual.events import Key, Paste

PATIENCE = 1.0
"""Seconds after which a key that leaves is obeyed at once, and what waited behind is forgotten."""


Break = Literal["", "keeps", "drops"]
Typed = Key | Paste


class Waiting(Protocol):
    """Who keys wait for."""

    def breaks(self, key: str, waited: float) -> Break:
        """Tell whether a key is obeyed although others wait, after so many seconds; and whether it drops them."""
        ...


class Ahead:
    """Keys on their way; `deliver` carries out one."""

    def __init__(self, deliver: Callable[[Typed], Awaitable[None]]) -> None:
        self._deliver = deliver
        self._keys: deque[Typed] = deque()
        self._now: Typed | None = None
        self._for: Waiting | None = None
        self._since = 0.0
        self._earliest = 0.0
        """Keys typed before this instant are not obeyed any more."""
        self.taken = 0
        """How many keys were carried out."""
        self.last = ""
        """The key carried out last."""

    @property
    def waiting(self) -> int:
        """How many keys wait."""
        return len(self._keys)

    @property
    def carrying_out(self) -> bool:
        """Tell whether a key is being carried out."""
        return self._now is not None

    async def take(self, key: Typed) -> None:
        """Carry out a key, or keep it behind those that wait."""
        if key.time < self._earliest:
            return
        if self._for is not None:
            how = self._for.breaks(name_of(key), time.monotonic() - self._since)
            if not how:
                self._keys.append(key)
                return
            if how == "drops":
                self.forget()
        await self._give(key)

    def hold(self, waiting: Waiting) -> None:
        """Let the key being carried out wait, and every key after it."""
        if self._now is not None:
            self._keys.appendleft(self._now)
            self._now = None
        self.wait(waiting)

    def wait(self, waiting: Waiting) -> None:
        """Let every key from here on wait."""
        if self._for is None:
            self._since = time.monotonic()
        self._for = waiting

    def waits_for(self, waiting: Waiting) -> bool:
        """Tell whether keys wait for this one."""
        return self._for is waiting

    def forget(self) -> None:
        """Drop what waits: what it was about did not come."""
        self._keys.clear()
        self._for = None

    def refused(self) -> None:
        """Drop every key typed up to now: they were typed in the belief that the one before them had been obeyed."""
        self.forget()
        self._earliest = Key("", None).time

    async def go_on(self) -> None:
        """Carry out what waited, until one has to wait again."""
        self._for = None
        while self._keys and self._for is None:
            await self._give(self._keys.popleft())

    async def _give(self, key: Typed) -> None:
        self._now, self.last = key, name_of(key)
        self.taken += 1
        try:
            await self._deliver(key)
        finally:
            self._now = None


def name_of(key: Typed) -> str:
    """Name a key; a paste has no name."""
    return key.key if isinstance(key, Key) else ""
