"""The list a card was opened from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Trail:
    """The accounts of the list a card was opened from, and the one looked at now: (kind, number, id)."""

    accounts: tuple[tuple[str, str, int], ...]
    account: int

    @property
    def place(self) -> int:
        """Where the account stands, from 0."""
        return next((place for place, each in enumerate(self.accounts) if each[2] == self.account), 0)

    def step(self, by: int) -> tuple[str, str] | None:
        """Go to the next account and return its kind and number; None at the end of the list."""
        wanted = self.place + by
        if not 0 <= wanted < len(self.accounts):
            return None
        kind, number, self.account = self.accounts[wanted]
        return kind, number
