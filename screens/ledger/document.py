"""A posted document, and its journal one key deeper."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, cast

from artui.ledger.items import Document, document
from artui.session import Session
from screens.base import GLANCE, Page
from screens.commands import (
    CORRECTING,
    MOVES,
    Back,
    Command,
    Go,
    Help,
    Journal,
    Open,
    Reread,
    Waive,
    Who,
    WhoWhen,
)
from screens.ledger.correcting import Correcting
from screens.ledger.document_lines import body, head, journal, kind_in_words
from screens.ledger.subject import Subject, of_document
from screens.ledger.who_when import tell_who
from screens.live import Watch
from screens.safe import line
from screens.sheet import Drawn, Row, Sheet


def read_document(session: Session, document_id: int) -> Document:
    """Return a document by its id."""
    return document(session, "", document_id=document_id)


class DocumentPage(Correcting, inherit_bindings=False):
    """One document: goods, open amounts, allocations."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread, Go, Open, Journal, *CORRECTING, Waive, WhoWhen, *MOVES)

    def __init__(self, document_id: int, correct: type[Command] | None = None) -> None:
        super().__init__()
        self._document_id = document_id
        self._document: Document | None = None
        self._goes_on = correct

    @property
    def title_text(self) -> str:
        """Name the document once it is known."""
        return f"{kind_in_words(self._document).capitalize()} {self._document.number}" if self._document else "Document"

    async def on_mount(self) -> None:
        """Read the document, and be painted with it rather than twice when it comes quickly."""
        self.do_reread()
        await self.arrival(GLANCE)

    def do_reread(self) -> None:
        """Read it again."""
        self.read(self._show, read_document, self._document_id)

    def _show(self, answer: Document) -> None:
        self._document = answer
        self.body.show(lambda width: Drawn(head(answer, width), body(answer, width)))
        self.refresh_title()
        self.refresh_foot()
        if self._goes_on is not None:
            self.begin_with(partial(self.correct, self._goes_on))
            self._goes_on = None

    def watches(self) -> Watch:
        """The accounts it belongs to: what moves its open amounts touches one of them."""
        return Watch(frozenset(self._document.account_ids), record=True) if self._document else Watch()

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Say where the cursor stands."""
        event.stop()
        self.refresh_foot()

    def status(self) -> str:
        """Say which row of how many."""
        at, count = self.body.place
        return f"row {at} of {count}" if at else ""

    def why_not(self, command: type[Command]) -> str:
        """Going deeper needs the document; a correction one that can be put right so."""
        if self._document is None and command in (Open, Journal, WhoWhen, *CORRECTING):
            return "The document is still being read."
        if command is Waive:
            return self.waive_why_not()
        return self.correction_why_not(command) if command in CORRECTING else ""

    def subject(self) -> Subject | None:
        """The document, and what the cursor's allocation links it to."""
        shown, key = self._document, self.body.key
        if shown is None:
            return None
        linked = shown.allocations[key[1]].document if isinstance(key, tuple) and key[0] == "allocation" else ""
        return of_document(shown, linked)

    def corrected(self) -> None:
        """Read it again."""
        self.do_reread()

    @property
    def _other(self) -> int | None:
        """The document at the other end of the allocation under the cursor."""
        key = self.body.key
        return cast("int", key[2]) if isinstance(key, tuple) and key[0] == "allocation" else None

    async def do_open(self) -> None:
        """Open the other side of an allocation; of any other row the journal."""
        if self._other is not None:
            await self.app.push_screen(DocumentPage(self._other))
        else:
            await self.do_journal()

    async def do_journal(self) -> None:
        """Show the ledger lines."""
        if self._document is not None and self.program.session is not None:
            await self.app.push_screen(JournalPage(self._document, self.program.session.currency))

    async def do_whowhen(self) -> None:
        """Say who posted the document, or the one an allocation leads to, and when."""
        await tell_who(self, self._other or self._document_id)


class JournalPage(Page):
    """The ledger lines of a document, as they were posted."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *MOVES)

    def __init__(self, of: Document, base: str) -> None:
        super().__init__()
        self._of, self._base = of, base

    @property
    def title_text(self) -> str:
        """Name the document it belongs to."""
        return f"Journal of {kind_in_words(self._of)} {self._of.number}"

    def on_mount(self) -> None:
        """Draw the lines: they came with the document and never change."""
        self.body.show(self._draw)

    def _draw(self, width: int) -> Drawn:
        top = head(self._of, width)
        if not self._of.journal:
            return Drawn(top, [Row(line()), Row(line("   It has no ledger lines: it was loaded with its history elsewhere."))])
        heading, lines = journal(self._of.journal, self._base, width)
        return Drawn([*top, line(), heading], [Row(drawn) for drawn in lines])
