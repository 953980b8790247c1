"""The account card: what one says on the phone, open items, contacts, the group; for a vendor its purchases."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from artui.ledger.items import Item, purchases
from artui.people.card import ITEMS_SHOWN, Card, card
from artui.session import Session
from screens.base import GLANCE, Page, bindings
from screens.commands import MOVES, Back, Command, Contacts, Go, Group, Help, Items, Open, Reread, Who
from screens.ledger.document import DocumentPage
from screens.live import Watch
from screens.people.card_lines import contacts_tab, group_tab, head, items_tab, purchases_tab, tabs
from screens.sheet import Drawn, Sheet

ITEMS, CONTACTS, GROUP = range(3)


@dataclass(frozen=True)
class Account:
    """A card and, for a vendor, the purchases: newest first."""

    card: Card
    purchases: tuple[Item, ...] = ()


def account(session: Session, kind: str, number: str) -> Account:
    """Return everything the card shows."""
    read = card(session, kind, number)
    return Account(read, purchases(session, read.number) if kind == "vendor" else ())


class CardPage(Page):
    """One customer or vendor."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread, Go, Items, Contacts, Group, Open, *MOVES)
    BINDINGS = bindings(OFFERED)

    def __init__(self, kind: str, number: str) -> None:
        super().__init__()
        self._kind, self._number = kind, number
        self._account: Account | None = None
        self._tab = ITEMS
        self._cursors: dict[int, Hashable] = {}

    @property
    def title_text(self) -> str:
        """Name the account."""
        return f"{self._kind.capitalize()} {self._number}"

    async def on_mount(self) -> None:
        """Read the card, and be painted with it rather than twice when it comes quickly."""
        self.do_reread()
        await self.arrival(GLANCE)

    def do_reread(self) -> None:
        """Read the card again; the cursor stays."""
        self.read(self._show, account, self._kind, self._number)

    def _show(self, answer: Account) -> None:
        self._account = answer
        self.body.show(self._draw)
        self.refresh_foot()

    def watches(self) -> Watch:
        """Its account, and the terms that names."""
        return Watch(frozenset({self._account.card.account_id}), frozenset({"terms"}), record=True) if self._account else Watch()

    def _names(self, read: Account) -> list[str]:
        shown = read.card
        first = f"Purchases {len(read.purchases)}" if shown.kind == "vendor" else f"Items {shown.items_count}"
        return [first, f"Contacts {len(shown.people)}", *([f"Group {len(shown.group)}"] if shown.group else [])]

    def _draw(self, width: int) -> Drawn:
        if self._account is None:
            return Drawn()
        shown = self._account.card
        top = [*head(shown, width), tabs(self._names(self._account), self._tab, width)]
        if self._tab == CONTACTS:
            return Drawn(top, contacts_tab(shown.people, shown.contacts, width))
        if self._tab == GROUP:
            heading, rows = group_tab(shown.group, width)
        elif shown.kind == "vendor":
            heading, rows = purchases_tab(self._account.purchases, shown.items, width)
        else:
            heading, rows = items_tab(shown.items, width)
        return Drawn([*top, heading], rows)

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Say on which row the cursor stands."""
        event.stop()
        self.refresh_foot()

    def status(self) -> str:
        """Say which row of how many, and whether more is open than shown."""
        at, count = self.body.place
        if not at or self._account is None:
            return ""
        more = self._account.card.items_count - ITEMS_SHOWN
        return f"row {at} of {count}" + (f", the oldest; {more} more are open" if more > 0 and self._tab == ITEMS and self._kind == "customer" else "")

    # commands

    def why_not(self, command: type[Command]) -> str:
        """Opening needs a row, the group needs a group."""
        if self._account is None:
            return "" if command in (Help, Who, Back, Reread) else "The card is still being read."
        if command is Group and not self._account.card.group:
            return "This account belongs to no group."
        if command is Open and self.body.key is None:
            return "There is nothing to open here."
        return ""

    def _turn_to(self, tab: int) -> None:
        self._cursors[self._tab] = self.body.key
        self._tab = tab
        self.body.show(self._draw, best=True)
        self.body.stand_on(self._cursors.get(tab))
        self.refresh_foot()

    def do_items(self) -> None:
        """Show what is open, or a vendor's purchases."""
        self._turn_to(ITEMS)

    def do_contacts(self) -> None:
        """Show people and the contact log."""
        self._turn_to(CONTACTS)

    def do_group(self) -> None:
        """Show the other accounts of the group."""
        self._turn_to(GROUP)

    async def do_open(self) -> None:
        """Open the document of an item, or the card of another account of the group."""
        first, second = cast("tuple[Any, Any]", self.body.key)
        await self.app.push_screen(CardPage(first, second) if self._tab == GROUP else DocumentPage(first))
