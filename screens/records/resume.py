"""Going on with a change of records that was left: the facts of an account, a part of it, an item."""

from __future__ import annotations

from artui.drafts import Draft
from screens.base import Page
from screens.records import edit_account, items, parts


async def resume(page: Page, draft: Draft) -> None:
    """Go on where it was left."""
    if str(draft.body.get("about", "")).startswith("item "):
        await items.resume(page, draft)
        return
    words = str(draft.body.get("about", "")).rsplit(" ", 2)
    of_part = len(words) == 3 and words[1] in parts.KINDS
    await (parts.resume if of_part else edit_account.resume)(page, draft)
