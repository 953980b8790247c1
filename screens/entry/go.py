"""Words that lead to the entry of documents: `invoice`, `invoice 10442`, `purchase V8`, `credit`, `opening`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from artui.people.choices import accounts
from screens.go import FastPath, WordPath

if TYPE_CHECKING:
    from screens.base import Page
    from screens.entry.document import Kind


async def _enter(kind: Kind, page: Page, rest: str) -> None:
    # imported when somebody goes there: opening the program does not wait for it
    from screens.entry.document import For, enter_document

    whose = None
    if rest:
        found = await page.program.gateway.read(accounts, rest, "vendor" if kind == "purchase" else "customer")
        exact = next((each for each in found if each.code.lower() == rest.lower()), found[0] if len(found) == 1 else None)
        if exact is None:
            page.say(f"{rest} is no one account: type its number.")
            return
        whose = For(exact.code, exact.words, page.say)
    await enter_document(page, kind, whose)


WORDS = {
    "invoice": ("invoices with their lines", partial(_enter, "invoice")),
    "purchase": ("what a vendor invoiced, with lines", partial(_enter, "purchase")),
    "credit": ("credit notes that stand for themselves", partial(_enter, "credit_note")),
    "opening": ("opening balances at the cut-over", partial(_enter, "opening")),
}
PATHS: tuple[FastPath, ...] = (WordPath(WORDS, "enters invoices, purchases, credit notes, opening balances"),)
