"""Who posted a document and when, as one sentence."""

from __future__ import annotations

from artui.ledger.items import Provenance, provenance
from screens.base import Page
from screens.safe import moment, weekday


async def tell_who(page: Page, document_id: int) -> None:
    """Say on the status line who posted a document, when, under which key, and what reversed it."""
    page.say(in_words(await page.program.gateway.read(provenance, document_id)))


def in_words(told: Provenance) -> str:
    """Write who and when."""
    kind = told.kind.replace("_", " ")
    by = f"posted by {told.posted_by}" if told.posted_by else "loaded"
    at = f" on {moment(told.posted_at).strip()}" if told.posted_at else ""
    day = f" for {weekday(told.business_date)}" if told.business_date else ""
    undone = "".join(f" Reversed by {number}: {who}{f' on {moment(when).strip()}' if when else ''}." for number, who, when in told.reversed_by)
    return f"{kind.capitalize()} {told.document} {by}{at}{day}, key {told.key}.{undone}"
