"""An item that is sold or bought: a new one, or what is kept of one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from artui.drafts import Draft
from artui.faults import no_card
from artui.money import read_currency
from artui.people.records import Record, item_by_number
from screens.base import Page
from screens.commands import Command
from screens.drafting import Unfinished, find_left, lost_and_found
from screens.entry.fields import number_field
from screens.records.editing import Bound, EditPage, Sheet
from screens.records.faults import refuse
from screens.records.picks import NUMBER_LEFT
from screens.widgets.field import ReadField, TextField


def _rows() -> Sequence[Bound | Sequence[Bound]]:
    left = NUMBER_LEFT
    return [
        [Bound(TextField("number", "Number", room=left, needed=True, help="How it is typed on a line."), "item", "number"), Bound(TextField("unit", "Unit", help="Piece, kg, hour ..."), "item", "unit")],
        Bound(TextField("description", "What", needed=True, help="As it is printed on a line."), "item", "description"),
        [Bound(number_field("unit_price", "Price", what="price", room=left, help="Of one, before tax."), "item", "unit_price", str, lambda value: Decimal(str(value))),
         Bound(ReadField("currency", "Currency", read_currency, longest=3, help="Of the price; empty: the company's own."), "item", "currency")],
        Bound(TextField("tax_code", "Tax code"), "item", "tax_code"),
    ]  # fmt: skip


async def edit_item(page: Page, typed: str, draft: Draft | None = None) -> None:
    """Open the item of that number, or a new one that begins with it."""
    found = await page.program.gateway.read(item_by_number, typed) if typed else None
    about = f"item {found.values['number'] if found else 'new'}"
    left = Unfinished(draft) if draft is not None else await find_left(page, EditPage.KIND, about)
    if left.done is not None:
        page.say(lost_and_found(left.done))
        return
    title = f"Item {found.values['number']}" if found else "New item"
    records: dict[str, Record] = {"item": found} if found else {}
    sheet = Sheet(title, about, _rows(), records, first={"number": typed} if typed and not found else {})

    await page.app.push_screen(ItemPage(sheet, page.say, left.draft))


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    number_typed = str(draft.body.get("about", "")).removeprefix("item ")
    await edit_item(page, "" if number_typed == "new" else number_typed, draft)


class ItemPage(EditPage, inherit_bindings=False):
    """One item."""

    DEFAULT_CSS = "ItemPage > Form { height: 1fr; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = EditPage.OFFERED

    async def refused(self) -> bool:
        """A card number is kept nowhere."""
        return refuse(self, no_card("description", self.form.field("description").value), set())
