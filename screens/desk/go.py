"""Short paths of the desk: approvals, desk, periods, charges, rates, profiles, exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from screens.go import FastPath, Way

if TYPE_CHECKING:
    from screens.base import Page


SCREENS = {
    "approvals": "what waits for a second person",
    "desk": "discrepancies: what deserves a look, and the key that fixes it",
    "periods": "months: what is open in them, closing, reopening",
    "charges": "late interest and fixed sums that can be charged",
    "rates": "reference rates for late interest, each from a day on",
    "exchange": "what foreign currencies are worth, each rate from a day on",
    "profiles": "what late interest a law or contract lets one charge, and whom",
}


class DeskPath(FastPath):
    """A word, or how it begins, opens a screen of the desk; `charges 10442` those of one account."""

    known = tuple(SCREENS)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the screens whose name begins so."""
        word, _, rest = text.lower().partition(" ")
        return [Way(name, told, "", _opener(page, name, rest.strip())) for name, told in SCREENS.items() if name.startswith(word) and (not rest.strip() or name == "charges")]


def _opener(page: Page, name: str, rest: str) -> Callable[[], Awaitable[None]]:
    async def go() -> None:
        # each is imported when somebody goes there: opening the program does not wait for it
        opened: Page
        if name == "approvals":
            from screens.desk.approvals import ApprovalsPage

            opened = ApprovalsPage()
        elif name == "desk":
            from screens.desk.discrepancies import DeskPage

            opened = DeskPage()
        elif name == "periods":
            from screens.desk.periods import PeriodsPage

            opened = PeriodsPage()
        elif name == "exchange":
            from screens.desk.exchange import ExchangePage

            opened = ExchangePage()
        elif name in ("rates", "profiles"):
            from screens.desk.rates import ProfilesPage, RatesPage

            opened = RatesPage() if name == "rates" else ProfilesPage()
        else:
            from screens.desk.charges import ChargesPage

            opened = ChargesPage(rest)
        await page.app.push_screen(opened)

    return go


PATHS: tuple[FastPath, ...] = (DeskPath(),)
