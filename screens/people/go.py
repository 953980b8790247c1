"""Fast paths of the people: an account by its number, anybody else through the lookup box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from artui.people.lookup import Hit, find
from screens.go import FastPath, Way

if TYPE_CHECKING:
    from screens.base import Page

SEVERAL = 10


class AccountPath(FastPath):
    """A number opens its account; what is no number is looked up."""

    known = ("a number (an account)",)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Offer the account, or the lookup of a text without blanks that holds a digit."""
        if not any(letter.isdigit() for letter in text):
            return ()

        async def go() -> None:
            hits = await page.program.gateway.read(find, text, SEVERAL, "all")
            exact = [hit for hit in hits if hit.number.lower() == text.lower()]
            if len(exact) == 1:
                await self._open(page, exact[0])
            else:
                await page.program.look_up(text)

        return (Way(text, "the account of that number, or who is found by it", "", go),)

    async def _open(self, page: Page, hit: Hit) -> None:
        from screens.people.card import CardPage

        await page.app.push_screen(CardPage(hit.kind, hit.number))


PATHS: tuple[FastPath, ...] = (AccountPath(),)
