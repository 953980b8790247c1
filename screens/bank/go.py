"""Short paths of the bank: its statements, what waits of all of them, the bank against the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from screens.commands import known
from screens.go import FastPath, Way

if TYPE_CHECKING:
    from artui.drafts import Draft
    from screens.base import Page

SCREENS = {
    "bank": "statements of the bank: read in, validate, match",
    "bank waiting": "entries of every statement that wait for a decision or for their payer",
    "bank reconcile": "our bank accounts against the ledger, on any day",
}


class BankPath(FastPath):
    """`bank` opens the statements, `bank waiting` what waits of all of them, `bank reconcile` the bank against the ledger."""

    known = ("bank",)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the screens whose name begins so."""
        return [Way(name, told, "", _opener(page, name)) for name, told in SCREENS.items() if name.startswith(text.lower())]


def _opener(page: Page, name: str) -> Callable[[], Awaitable[None]]:
    async def go() -> None:
        # each is imported when somebody goes there: opening the program does not wait for it
        opened: Page
        if name == "bank":
            from screens.bank.statements import StatementsPage

            opened = StatementsPage()
        elif name == "bank waiting":
            from screens.bank.match import MatchPage

            opened = MatchPage()
        else:
            from screens.bank.reconcile import AccountsPage

            opened = AccountsPage()
        await page.app.push_screen(opened)

    return go


async def resume(page: Page, draft: Draft) -> None:
    """Go on with what was typed before entries and not booked, or with a question about one."""
    from artui.cash.statements.reading import shown_in, statement
    from screens.bank.asking import KIND
    from screens.bank.marks import WAITING
    from screens.bank.match import MatchPage

    about = str(draft.body.get("about", WAITING))
    if draft.kind == KIND:
        word, _, ident = about.partition(" ")
        of, at = await page.program.gateway.read(shown_in, int(ident))
        await page.app.push_screen(MatchPage(of, at, known().get(word)))
        return
    await page.app.push_screen(MatchPage() if about == WAITING else MatchPage(await page.program.gateway.read(statement, int(about))))


PATHS: tuple[FastPath, ...] = (BankPath(),)
