"""Going on with a change of records that was left: the facts of an account, or a part of it."""

from __future__ import annotations

from artui.drafts import Draft
from screens.base import Page
from screens.records import edit_account, parts


async def resume(page: Page, draft: Draft) -> None:
    """Go on where it was left."""
    words = str(draft.body.get("about", "")).rsplit(" ", 2)
    of_part = len(words) == 3 and words[1] in parts.KINDS
    await (parts.resume if of_part else edit_account.resume)(page, draft)
