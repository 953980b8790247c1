"""Going on with a correction that was left: on its document, or on the card of an account in credit."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from artui.drafts import Draft
from artui.ledger.items import document
from screens.base import Page
from screens.ledger.correction import CORRECTIONS
from screens.ledger.document import DocumentPage
from screens.ledger.subject import Subject
from screens.people.card import CardPage


async def resume(page: Page, draft: Draft) -> None:
    """Open what it is about, with the panel as it was left."""
    body = draft.body
    word, _, named = str(body["about"]).partition(" ")
    command = next(each for each, correction in CORRECTIONS.items() if correction.word == word)
    account, number = str(body.get("account", "")), str(body.get("document", named))
    if number:
        found = await page.program.gateway.read(document, number, kind=body.get("kind"))
        await page.app.push_screen(DocumentPage(found.id, command))
        return
    credit = Decimal(str(body.get("open", "0")))
    card = CardPage("customer", account)
    await page.app.push_screen(card)
    card.begin_with(partial(card.correct_this, command, Subject("", "account", account, str(body.get("currency", "")), credit, credit)))
