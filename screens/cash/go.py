"""Short paths of the cash desk: c for a payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from screens.go import FastPath, Way

if TYPE_CHECKING:
    from artui.drafts import Draft
    from screens.base import Page


class CashPath(FastPath):
    """`c` enters payments, `c 10442` or `c INV-20881` one of that account."""

    example: ClassVar = "c 10442"
    words: ClassVar = "enters a payment"

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the entry of payments."""
        word, _, rest = text.partition(" ")
        if not ("cash".startswith(word.lower()) or word.lower() == "payment"):
            return ()

        async def go() -> None:
            from screens.cash.payment import PaymentPage

            await page.app.push_screen(PaymentPage(rest.strip()))

        return (Way(f"c {rest}".strip(), "a payment of that account or invoice" if rest.strip() else "payments: who, how much, what for", "", go),)


PATHS: tuple[FastPath, ...] = (CashPath(),)


async def resume(page: Page, draft: Draft) -> None:
    """Go on with a payment that was left."""
    from screens.cash.payment import PaymentPage

    await page.app.push_screen(PaymentPage(key=draft.key))
