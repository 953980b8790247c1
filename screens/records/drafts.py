"""What was typed and not sent: every entry of one's own, wherever it was typed; Enter goes on with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from typing import ClassVar

from artui.drafts import Draft, Shelf, discard, drafts, take_back
from artui.session import Session
from screens.base import Page
from screens.commands import LISTING, Back, Clear, Command, Go, Help, Open, Reread, ThrowAway, Who
from screens.drafting import being_typed, go_on_with, lost_and_found
from screens.layout import Column
from screens.safe import NOTHING, Part, moment, part
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

Resume = Callable[[Page, Draft], Awaitable[None]]
COLUMNS = (Column("What", 12), Column("About", 20, grows=1, most=60), Column("Last typed", 15), Column("At", 12, rank=1, grows=1, most=30))
HOW: Mapping[str, tuple[str, str]] = {
    "account": ("new account", "screens.records.new_account"),
    "edit": ("change", "screens.records.resume"),
    "document": ("document", "screens.entry.document"),
    "paper": ("paper", "screens.entry.papers"),
    "payment": ("payment", "screens.cash.go"),
    "batch": ("batch", "screens.cash.go"),
    "correction": ("correction", "screens.ledger.resume"),
    "bank_match": ("bank", "screens.bank.go"),
    "bank_entry": ("bank entry", "screens.bank.go"),
}
"""What each kind is called, and the module whose `resume(page, draft)` goes on with it."""


def own(session: Session) -> tuple[Draft, ...]:
    """Return one's own drafts, those kept on this machine brought back first."""
    take_back(session, Shelf(session.config, session.dsn))
    return drafts(session)


class DraftsPage(WholePage[Draft], inherit_bindings=False):
    """The unfinished entries, the latest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, ThrowAway, *LISTING)

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Unfinished entries"

    def job(self, session: Session) -> Sequence[Draft]:
        """Read them."""
        return own(session)

    def laid_out(self, rows: Sequence[Draft]) -> Tuples[Draft]:
        """Draw them."""

        def cells(row: Draft) -> Sequence[Part]:
            name = HOW[row.kind][0] if row.kind in HOW else row.kind
            beside = " (went on at another terminal, too)" if row.copy_of else ""
            return [part(name), part(row.subject + beside), Part(moment(row.updated_at)) if row.updated_at else Part(NOTHING), part(row.terminal)]

        return Tuples(rows, COLUMNS, lambda row: row.key, cells, {0: lambda row: row.kind, 1: lambda row: row.subject, 2: lambda row: row.updated_at})

    def empty(self) -> str:
        """Nothing was left."""
        return "Nothing is unfinished."

    def why_not(self, command: type[Command]) -> str:
        """Going on needs to know how."""
        row = self.rows.row
        if command is ThrowAway and row is None:
            return "The list is empty."
        if command is Open and row is not None and row.kind not in HOW:
            return "It goes on where it was typed: open the same again there."
        return super().why_not(command)

    async def open_row(self, row: Draft) -> None:
        """Go on with it."""
        if row.key in being_typed(self):
            self.say("It stands unfinished on a screen below: F3 leads back to it.")
            return
        found = await self.program.gateway.read(go_on_with, row)
        if found.done is not None or found.draft is None:
            self.do_reread()
            self.say(lost_and_found(found.done) if found.done else "It is not there any more.")
            return
        resume: Resume = import_module(HOW[row.kind][1]).resume
        await resume(self, found.draft)

    async def do_throwaway(self) -> None:
        """Throw it away, when asked twice."""
        row = self.rows.row
        if row is None:
            return
        if not self._twice:
            self.say("Once more throws it away for good.", "wrong")
            self._asked = self.program.ahead.taken
            return
        await self.program.gateway.write(discard, row.key)
        self.do_reread()
        self.say("Thrown away.")

    @property
    def _twice(self) -> bool:
        return self._asked == self.program.ahead.taken - 1
