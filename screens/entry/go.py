"""Words that lead to the entry of documents: `invoice`, `invoice 10442`, `purchase V8`, `credit`, `opening`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from artui.people.choices import Offer, accounts
from screens.go import FastPath, Opener, WordPath

if TYPE_CHECKING:
    from screens.base import Page
    from screens.entry.document import Kind
    from screens.entry.papers import Paper


async def _one(page: Page, rest: str, kind: str) -> Offer | None:
    """Return the one account that is meant, or say that it is none."""
    found = await page.program.gateway.read(accounts, rest, kind)
    exact = next((each for each in found if each.code.lower() == rest.lower()), found[0] if len(found) == 1 else None)
    if exact is None:
        page.say(f"{rest} is no one account: type its number.")
    return exact


async def _enter(kind: Kind, page: Page, rest: str) -> None:
    # imported when somebody goes there: opening the program does not wait for it
    from screens.entry.document import For, enter_document

    whose = await _one(page, rest, "vendor" if kind == "purchase" else "customer") if rest else None
    if whose is not None or not rest:
        await enter_document(page, kind, For(whose.code, whose.words, page.say) if whose else None)


async def _paper(paper: Paper, page: Page, rest: str) -> None:
    from screens.entry.papers import enter_paper

    whose = await _one(page, rest, "customer") if rest else None
    if whose is not None or not rest:
        await enter_paper(page, paper, whose)


async def _cheques(page: Page, rest: str) -> None:
    from screens.entry.cheques import ChequesPage

    await page.app.push_screen(ChequesPage())


WORDS: dict[str, tuple[str, Opener]] = {
    "invoice": ("invoices with their lines", partial(_enter, "invoice")),
    "purchase": ("what a vendor invoiced, with lines", partial(_enter, "purchase")),
    "credit": ("credit notes that stand for themselves", partial(_enter, "credit_note")),
    "opening": ("opening balances at the cut-over", partial(_enter, "opening")),
    "cheques": ("post-dated cheques: what is to be paid in today, what is held", _cheques),
    "cheque": ("takes in a cheque dated ahead", partial(_paper, "cheque")),
    "withheld": ("tax a customer withheld, with its certificate", partial(_paper, "withheld")),
}
PATHS: tuple[FastPath, ...] = (WordPath(WORDS),)
