"""Words that lead to records: a new customer or vendor, what was left unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.go import FastPath, WordPath

if TYPE_CHECKING:
    from screens.base import Page


async def _customer(page: Page, rest: str) -> None:
    # imported when somebody goes there: opening the program does not wait for it
    from screens.records.new_account import new_account

    await new_account(page, "customer", rest)


async def _vendor(page: Page, rest: str) -> None:
    from screens.records.new_account import new_account

    await new_account(page, "vendor", rest)


async def _item(page: Page, rest: str) -> None:
    from screens.records.items import edit_item

    await edit_item(page, rest)


async def _drafts(page: Page, rest: str) -> None:
    from screens.records.drafts import DraftsPage

    await page.app.push_screen(DraftsPage())


async def _merges(page: Page, rest: str) -> None:
    from screens.records.merging import MergesPage

    await page.app.push_screen(MergesPage())


WORDS = {
    "customer": ("a new customer", _customer),
    "vendor": ("a new vendor", _vendor),
    "item": ("a new item; with its number that item: what it is, price, unit", _item),
    "merges": ("records made one, and taken apart again", _merges),
    "drafts": ("what you typed and did not send: go on, or throw it away", _drafts),
}
PATHS: tuple[FastPath, ...] = (WordPath(WORDS),)
