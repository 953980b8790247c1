"""A posted document, and its journal one key deeper."""

from __future__ import annotations

from typing import ClassVar

from artui.ledger.items import Document, document
from artui.session import Session
from screens.base import GLANCE, Page, bindings
from screens.commands import MOVES, Back, Command, Go, Help, Journal, Reread, Who
from screens.ledger.document_lines import body, head, journal, kind_in_words
from screens.live import Watch
from screens.safe import line
from screens.sheet import Drawn, Row


def read_document(session: Session, document_id: int) -> Document:
    """Return a document by its id."""
    return document(session, "", document_id=document_id)


class DocumentPage(Page):
    """One document: goods, open amounts, allocations."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread, Go, Journal, *MOVES)
    BINDINGS = bindings(OFFERED)

    def __init__(self, document_id: int) -> None:
        super().__init__()
        self._document_id = document_id
        self._document: Document | None = None

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

    def watches(self) -> Watch:
        """The accounts it belongs to: what moves its open amounts touches one of them."""
        return Watch(frozenset(self._document.account_ids), record=True) if self._document else Watch()

    def why_not(self, command: type[Command]) -> str:
        """The journal needs the document."""
        return "The document is still being read." if command is Journal and self._document is None else ""

    async def do_journal(self) -> None:
        """Show the ledger lines."""
        if self._document is not None and self.program.session is not None:
            await self.app.push_screen(JournalPage(self._document, self.program.session.currency))


class JournalPage(Page):
    """The ledger lines of a document, as they were posted."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *MOVES)
    BINDINGS = bindings(OFFERED)

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
