"""What a card lets one change of what is kept: the facts of the account, its people, numbers, addresses and banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from artui.people.card import Card
from artui.people.records import Record
from screens.commands import Command, Edit, MarkBad, New, Unite
from screens.people.card_tabs import Told
from screens.widgets.listing import ListPage

if TYPE_CHECKING:
    from screens.entry.document import Kind


class CardRecords(ListPage[Any], inherit_bindings=False):
    """The part of the card that changes records."""

    kind: str
    tab: str
    shown: Card | None

    def turn_to(self, tab: str) -> None:
        """Show another tab."""
        raise NotImplementedError

    def do_reread(self) -> None:
        """Read the card again."""
        raise NotImplementedError

    @property
    def _record(self) -> Record | None:
        row = self.rows.row
        return row.record if isinstance(row, Told) else None

    def why_not_change(self, command: type[Command]) -> str:
        """Changing needs the right to; marking a number needs one."""
        if command is Unite:
            return self.may_not("merge")
        if command is MarkBad and (self._record is None or self._record.table != "contact_point"):
            return "Put the cursor on a number or an e-mail of the contacts."
        if command is Edit:
            return self.may_not(self.kind)
        return self.may_not(self._new_one) if command is New and self.tab != "3" else self.may_not(self.kind, "activity")

    @property
    def _new_one(self) -> Kind:
        """What F6 begins on the lists of documents."""
        return "invoice" if self.kind == "customer" else "purchase"

    async def do_edit(self) -> None:
        """Change what is kept of the account."""
        from screens.records.edit_account import edit_account

        shown = cast("Card", self.shown)
        await edit_account(self, shown.kind, shown.number, shown.currency, self._changed)

    async def do_new(self) -> None:
        """Begin an invoice or a purchase; on the contacts a person, number, address or bank account."""
        from screens.entry.document import For, enter_document
        from screens.records.parts import WhatPanel

        shown = cast("Card", self.shown)
        if self.tab != "3":
            await enter_document(self, self._new_one, For(shown.number, shown.name, self._changed))
            return
        await self.open_panel(WhatPanel(lambda table: self.change_part(table, None)))

    async def change_part(self, table: str, record: Record | None) -> None:
        """Open the form of a person, a number, an address or a bank account; without a record a new one's."""
        from screens.records.parts import open_part

        shown, here = cast("Card", self.shown), self._record
        # a new number is that of the person the cursor is on
        person = int(here.id) if here is not None and here.table == "contact" else here.values.get("contact_id") if here is not None else None
        await open_part(self, shown.kind, shown.number, shown.country, table, record, self._changed, person)

    async def do_markbad(self) -> None:
        """Mark the number as not reaching them, or as good again."""
        from screens.records.parts import mark_bad

        if self._record is not None:
            self._changed(await mark_bad(self, self._record))

    async def do_unite(self) -> None:
        """Ask which other record is the same party; F10 makes them one."""
        from screens.records.merging import unite

        shown = cast("Card", self.shown)
        await unite(self, shown.kind, shown.number, shown.name)

    def _changed(self, told: str) -> None:
        self.do_reread()
        self.say(told)
