"""Short paths of the cash desk: c for a payment, b for the batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.go import FastPath, Way

if TYPE_CHECKING:
    from artui.drafts import Draft
    from screens.base import Page


class CashPath(FastPath):
    """`c` enters payments, `c 10442` or `c INV-20881` one of that account."""

    known = ("c (a payment)",)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the entry of payments."""
        word, _, rest = text.partition(" ")
        if not ("cash".startswith(word.lower()) or word.lower() == "payment"):
            return ()

        async def go() -> None:
            from screens.cash.payment import PaymentPage

            await page.app.push_screen(PaymentPage(rest.strip()))

        return (Way(f"c {rest}".strip(), "a payment of that account or invoice" if rest.strip() else "payments: who, how much, what for", page.may_not("receipt"), go),)


class BatchPath(FastPath):
    """`b` lists the batches, `b B-00012` opens one."""

    known = ("b (batches)",)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the batches, or the one that is named."""
        word, _, rest = text.partition(" ")
        number = rest.strip().upper() or (word.upper() if word[:2].upper() == "B-" else "")
        if not number and not "batches".startswith(word.lower()):
            return ()
        if rest and word.lower() not in ("b", "batch"):
            return ()

        async def go() -> None:
            from screens.cash.batch import BatchPage
            from screens.cash.batches import BatchesPage

            await page.app.push_screen(BatchPage(number) if number else BatchesPage())

        return (Way(number or "batches", "that batch" if number else "receipts of one deposit, posted together", "", go),)


PATHS: tuple[FastPath, ...] = (CashPath(), BatchPath())


async def resume(page: Page, draft: Draft) -> None:
    """Go on with a payment that was left, or with the control figures of a batch."""
    from artui.cash.batch import batch
    from screens.cash.batch import BatchPage, BatchPaymentPage
    from screens.cash.batches import BatchesPage
    from screens.cash.payment import PaymentPage

    if draft.kind == "batch":
        about = str(draft.body.get("about", ""))
        await page.app.push_screen(BatchPage(about, control=True) if about else BatchesPage(new=True))
        return
    number = str(draft.body.get("batch", ""))
    into = await page.program.gateway.read(batch, number) if number else None
    await page.app.push_screen(BatchPaymentPage(into, draft.key) if into is not None else PaymentPage(key=draft.key))
