"""The account card: what one says on the phone, and behind the digits items, history, people, sales and changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from textual.app import ComposeResult

from artui.ledger.history import Posted, payment, standing
from artui.ledger.items import Figure, Item
from artui.ledger.sales import Sold, by_item
from artui.people import recents
from artui.people.card import Card, Member, card
from artui.people.changes import changes, may_read_all
from artui.people.records import file_of
from artui.session import Session
from screens.commands import (
    CORRECTING,
    LISTING,
    SIDEWAYS,
    Back,
    Bounced,
    Changes,
    Clear,
    Command,
    Contacts,
    Edit,
    Go,
    Help,
    History,
    Items,
    MarkBad,
    Members,
    New,
    NextAccount,
    Open,
    Pay,
    Pin,
    PreviousAccount,
    Reread,
    Sales,
    Together,
    Unite,
    Who,
    WhoWhen,
)
from screens.ledger.correcting import Correcting
from screens.ledger.document import DocumentPage
from screens.ledger.subject import Subject, of_item, of_posted
from screens.ledger.who_when import tell_who
from screens.live import Watch
from screens.people import card_tabs
from screens.people.behind import FigurePage, SoldPage, in_words
from screens.people.card_cursor import CardCursor
from screens.people.card_lines import head, tab_names, tabs
from screens.people.card_records import CardRecords
from screens.people.trail import Trail
from screens.safe import Line, line
from screens.sheet import Drawn, Sheet
from screens.widgets.list import ListSheet
from screens.widgets.rows import Ask, Source

T = TypeVar("T")
P = ParamSpec("P")
KEEPS = frozenset({Help, Who, Back, Clear, Reread, Go, NextAccount, PreviousAccount})
"""What needs no card."""
TABS: dict[str, type[Command]] = {"1": Items, "2": History, "3": Contacts, "8": Sales, "9": Changes, "0": Members}


def account(session: Session, kind: str, number: str, together: bool) -> Card:
    """Return the card, and remember that the person looked at it."""
    read = card(session, kind, number, together=together)
    recents.opened(session, read.account_id)
    return read


class CardPage(Correcting, CardCursor, CardRecords, inherit_bindings=False):
    """One customer or vendor."""

    DEFAULT_CSS = "CardPage #card { height: 8; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (
        Help, Who, Back, Reread, New, Go, Open, Clear, Edit, MarkBad, Unite, *TABS.values(), Together, Pay, *CORRECTING, WhoWhen, Pin, PreviousAccount, NextAccount, *LISTING, *SIDEWAYS,
    )  # fmt: skip

    def __init__(self, kind: str, number: str, trail: Trail | None = None, found: str = "", *, paid: bool = False) -> None:
        super().__init__(card_tabs.items_known((), together=False))
        self._found_by = found
        """The document, purchase order or cheque the account was found by, until the cursor stands on it."""
        self._paid = found if paid else ""
        """The cheque or receipt the account was found by."""
        self.kind, self._number, self._trail = kind, number, trail
        self.shown: Card | None = None
        self.tab = "1"
        self._together = False
        self._arriving: Posted | None = None
        self._cursors: dict[str, Hashable] = {}
        self._drawn_for = 0

    @property
    def title_text(self) -> str:
        """Name the account, and where it stands in the list it came from."""
        place = f" ({self._trail.place + 1} of {len(self._trail.accounts)})" if self._trail and len(self._trail.accounts) > 1 else ""
        return f"{self.kind.capitalize()} {self._number}{place}"

    def content(self) -> ComposeResult:
        """Lay out the card, and the list of the tab below it."""
        yield Sheet(self._draw_card, ident="card")
        yield ListSheet(self._source, self.fetch)

    async def on_mount(self) -> None:
        """Read the card."""
        self.do_reread()

    # reading

    def read(self, show: Callable[[T], None], job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask the books; what others change is answered by reading the card again."""
        super().read(show, job, *args, **kwargs)
        self.live.reading(self._again)

    async def _again(self) -> None:
        self._show(await self.program.gateway.read(account, self.kind, self._number, self._together))

    def do_reread(self) -> None:
        """Read the card again; the cursor stays."""
        self.read(self._show, account, self.kind, self._number, self._together)

    def _show(self, answer: Card) -> None:
        fresh = self.shown is None or (self.shown.account_id, self.shown.together) != (answer.account_id, answer.together)
        self.shown = answer
        self.refresh_title()
        self._draw_head()
        self._turn(fresh=fresh)
        if self._found_by:
            self._look_for(answer)

    def _look_for(self, shown: Card) -> None:
        """Put the cursor on the document the account was found by: among the open items, else in the history."""
        sought, self._found_by = self._found_by, ""
        item = next((each for each in self._open_known if sought in (each.document, each.po)), None) if not self._paid else None
        if item is not None:
            self.rows.go_to(item)
        else:
            self.read(self._stand_on_found, standing, shown.covers, sought, paid=bool(self._paid))

    @property
    def _open_known(self) -> Sequence[Item]:
        return self.shown.items if self.shown is not None and self.kind == "customer" else ()

    def _stand_on_found(self, found: Posted | None) -> None:
        if found is None or self.tab != "1":
            return
        item = next((each for each in self._open_known if each.document_id == found.document_id), None)
        if item is not None:
            self.rows.go_to(item)
        else:
            self._arriving = found
            self.turn_to("2")

    def _take(self, ask: Ask[Any], answer: tuple[Sequence[Any], int | None]) -> None:
        """Take rows; the first of the history put the cursor on the document looked for."""
        super()._take(ask, answer)
        arriving, self._arriving = self._arriving, None
        if arriving is not None and self.tab == "2":
            self.rows.go_to(arriving)

    def _draw_head(self) -> None:
        self._drawn_for = self.columns
        self.figures.show_whole(self._draw_card, self.columns)

    def _draw_card(self, width: int) -> Drawn:
        return Drawn(self._head(width))

    def _head(self, width: int) -> list[Line]:
        if self.shown is None or self.program.session is None:
            return [line()] * 8
        return [*head(self.shown, self.program.session.clock.now(), width), tabs(tab_names(self.shown), self.tab, width)]

    def on_resize(self) -> None:
        """Draw the card for the new width."""
        if self._drawn_for == self.columns:
            return
        self._draw_head()
        if self.tab == "3" and self.shown is not None:
            self._turn(fresh=False)

    def watches(self) -> Watch:
        """Its accounts, and the terms that names."""
        return Watch(frozenset({self.shown.account_id, *self.shown.covers}), frozenset({"terms"}), record=True) if self.shown else Watch()

    # tabs

    def _turn(self, *, fresh: bool) -> None:
        """Show the list of the tab; what is read again keeps its cursor."""
        shown = cast("Card", self.shown)
        if self.tab == "8":
            self.read(lambda sold: self._late("8", card_tabs.sales(sold), fresh=fresh), by_item, shown.covers)
        elif self.tab == "3":
            now = cast("Session", self.program.session).clock.now()
            self.read(lambda kept: self._late("3", card_tabs.contacts(shown, kept, now, self.columns), fresh=fresh), file_of, shown.kind, shown.number)
        elif self.tab == "9":
            self.read(lambda made: self._late("9", card_tabs.changes_list(made), fresh=fresh), changes, shown.account_id)
        else:
            self._list(self._tab_source(shown), fresh=fresh)

    def _tab_source(self, shown: Card) -> Source[Any]:
        if self.tab == "0":
            return card_tabs.members(shown.group)
        if self.tab == "2":
            return card_tabs.History(shown.covers)
        if shown.kind == "vendor":
            return card_tabs.History(shown.covers, ("purchase",))
        if shown.items_count <= len(shown.items):
            return card_tabs.items_known(shown.items, together=shown.together)
        return card_tabs.OpenItems(shown.covers, together=shown.together)

    def _late(self, tab: str, source: Source[Any], *, fresh: bool) -> None:
        """Show what was read for a tab, unless another one was turned to meanwhile."""
        if self.tab == tab:
            self._list(source, fresh=fresh)

    def _list(self, source: Source[Any], *, fresh: bool) -> None:
        if fresh:
            self._on_figures = False
            self.rows.asleep = False
            self.rows.begin(source)
        else:
            self.rows.source = source
            self.rows.reread()
        self.refresh_foot()

    def fetch(self, ask: Ask[Any]) -> None:
        """Ask for rows; the first open items came with the card."""
        source = self.rows.source
        shown = self.shown
        if isinstance(source, card_tabs.OpenItems) and shown is not None and ask == Ask(ask.n):
            self._take(ask, (shown.items[: ask.n], shown.items_count))
            return
        super().fetch(ask)

    def turn_to(self, tab: str) -> None:
        """Show another tab, its cursor where it was."""
        self._cursors[self.tab] = self.rows.key
        self.tab = tab
        self._search("")
        self._draw_head()
        self._turn(fresh=True)
        self.rows.stand_on(self._cursors.get(tab))

    def do_items(self) -> None:
        """Show what is open, or a vendor's purchases."""
        self.turn_to("1")

    def do_history(self) -> None:
        """Show everything posted."""
        self.turn_to("2")

    def do_contacts(self) -> None:
        """Show people and the contact log."""
        self.turn_to("3")

    def do_sales(self) -> None:
        """Show what was sold or bought."""
        self.turn_to("8")

    def do_changes(self) -> None:
        """Show who changed what."""
        self.turn_to("9")

    def do_members(self) -> None:
        """Show the other accounts of the group."""
        self.turn_to("0")

    def do_together(self) -> None:
        """Put the whole group together, or take it apart."""
        self._together = not self._together
        self.do_reread()

    def not_yet(self, command: type[Command]) -> bool:
        """Among figures nothing waits for rows."""
        return self.shown is None and command not in KEEPS if self._on_figures or self.shown is None else super().not_yet(command)

    def status(self) -> str:
        """Say which row of how many, or what a figure leads to."""
        if self.shown is None:
            return ""
        if self._on_figures:
            to = self.figures.to
            if isinstance(to, tuple) and to[0] == "bought":
                return "What was bought: Enter shows the purchases."
            return f"{in_words(to)}: Enter shows what it is made of." if isinstance(to, Figure) else "Enter opens it."
        if self.tab == "9" and self.program.session is not None and not may_read_all(self.program.session):
            return f"{super().status()} Only your own changes: others' are for those who may read the audit.".strip()
        return super().status()

    def nothing(self) -> str:
        """Say what there is nothing of."""
        customer = self.kind == "customer"
        said = {
            "1": "Nothing is open." if customer else "Nothing has been bought here.", "2": "Nothing has been posted yet.",
            "8": "Nothing was sold item by item." if customer else "Nothing was bought item by item.", "9": "Nothing was changed.",
        }  # fmt: skip
        return said.get(self.tab, "") if self.shown is not None else ""

    # commands

    def why_not(self, command: type[Command]) -> str:
        """Most of it needs the card; some of it a group, a list, a row."""
        if self.shown is None:
            return "" if command in KEEPS else "The card is still being read."
        if command in (Members, Together) and not self.shown.group:
            return "This account belongs to no group."
        if command in (NextAccount, PreviousAccount) and (self._trail is None or len(self._trail.accounts) < 2):
            return "This account was not opened from a list."
        if command is Pay:
            return "A payment comes from a customer." if self.kind != "customer" else self.may_not("receipt")
        if command in CORRECTING:
            return "" if command is Bounced and self._found_payment and not self.may_not("reversal") else self.correction_why_not(command)
        if command is WhoWhen and self._document() is None:
            return "Who and when is known of documents: put the cursor on one."
        if command is Open:
            return self._why_not_open()
        if command in (Edit, New, MarkBad, Unite):
            return self.why_not_change(command)
        return super().why_not(command)

    def _why_not_open(self) -> str:
        if self._on_figures:
            return ""
        row = self.rows.row
        if isinstance(row, card_tabs.Told) and row.record is not None:
            return self.why_not_change(New)
        return "There is nothing behind this row." if self.tab in ("3", "9") else super().why_not(Open)

    def _document(self) -> int | None:
        to = self.figures.to if self._on_figures else None
        if isinstance(to, tuple) and to[0] == "document":
            return cast("int", to[1])
        row = None if self._on_figures else self.rows.row
        if isinstance(row, (Item, Posted)):
            return row.document_id
        return row.last_document_id if isinstance(row, Sold) else None

    # corrections

    @property
    def _found_payment(self) -> bool:
        """Whether the account was found by a payment, and the cursor is on no other one."""
        shown = self.subject()
        return bool(self._paid) and (shown is None or shown.kind != "receipt")

    def subject(self) -> Subject | None:
        """The document under the cursor."""
        row = None if self._on_figures else self.rows.row
        if isinstance(row, Item):
            return of_item(row, self._number)
        return of_posted(row) if isinstance(row, Posted) else None

    async def subject_for(self, command: type[Command]) -> Subject | None:
        """The document under the cursor; of a card found by a payment that payment."""
        if command is Bounced and self._found_payment:
            return of_posted(await self.program.gateway.read(payment, cast("Card", self.shown).account_id, self._paid))
        return self.subject()

    def slid(self) -> bool:
        """Tell once that the cursor came to its row by itself."""
        slid, self.rows.slid = self.rows.slid and not self._on_figures, False
        return slid

    def corrected(self) -> None:
        """Read the card again."""
        self.do_reread()

    async def do_pay(self) -> None:
        """Enter a payment of this customer; the card is read again after it."""
        from screens.cash.payment import PaymentPage

        await self.app.push_screen(PaymentPage(self._number), lambda _: self.corrected())

    async def do_whowhen(self) -> None:
        """Say who posted the document and when."""
        document = self._document()
        if document is not None:
            await tell_who(self, document)

    async def do_pin(self) -> None:
        """Pin the account or take the pin off."""
        shown = cast("Card", self.shown)
        now = await self.program.gateway.read(recents.pin, shown.account_id)
        self.say(f"{shown.number} is pinned: it stands in the lookup while its box is empty." if shown.account_id in now.pinned else f"{shown.number} is not pinned any more.")

    def do_nextaccount(self) -> None:
        """Go to the next account of the list."""
        self._step(1)

    def do_previousaccount(self) -> None:
        """Go to the account before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        found = self._trail.step(by) if self._trail else None
        if found is None:
            self.say("This is the last account of the list." if by > 0 else "This is the first account of the list.")
            return
        self.kind, self._number = found
        self._paid = self._found_by = ""
        self._cursors.clear()
        self._together = False
        self.tab = self.tab if self.tab != "0" else "1"
        self.do_reread()

    async def do_open(self) -> None:
        """Open what a figure is made of, or the row."""
        if not self._on_figures:
            await super().do_open()
            return
        to = self.figures.to
        if isinstance(to, Figure):
            await self.app.push_screen(FigurePage(cast("Card", self.shown), to))
        elif isinstance(to, tuple) and to[0] == "bought":
            self._stand_on_figures(False)
            self.turn_to("1")
        elif isinstance(to, tuple):
            await self.app.push_screen(DocumentPage(to[1]))

    async def open_row(self, row: Any) -> None:
        """Open the document of a row, what an item's sales are made of, another account of the group, or what is kept of a person."""
        if isinstance(row, card_tabs.Told) and row.record is not None:
            await self.change_part(row.record.table, row.record)
            return
        await self.app.push_screen(self._page_of(row))

    def _page_of(self, row: Any) -> CardPage | DocumentPage | SoldPage:
        shown = cast("Card", self.shown)
        if isinstance(row, Member):
            return CardPage(row.kind, row.number, Trail(tuple((each.kind, each.number, each.account_id) for each in shown.group), row.account_id))
        return SoldPage(shown, row) if isinstance(row, Sold) else DocumentPage(row.document_id)
