"""Two records of one party made one, the log of it, and taken apart again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from artui.errors import ArtuiError
from artui.ledger.posting import key_for, posted
from artui.people.duplicates import Merged, merge_accounts, merges, undo_merge
from artui.people.moving import Moving, moving
from artui.session import Session
from screens.base import Page
from screens.commands import LISTING, Back, Clear, Command, Go, Help, Reread, TakeApart, Who
from screens.layout import Column, words
from screens.records.picks import NUMBER_LEFT, account_field
from screens.safe import Line, Part, amount, moment, part
from screens.widgets.act import Act, ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.seen import SeenPanel
from screens.widgets.whole import WholePage

COLUMNS = (Column("When", 15), Column("Went into", 12, grows=1, most=40), Column("Was", 12, grows=1, most=40), Column("By", 6), Column("Reason", 8, grows=1, most=60, rank=1), Column("State", 10))


async def unite(page: Page, kind: str, number: str, name: str) -> None:
    """Ask for the other record and why; F10 makes it one with the account shown."""
    gateway, run = page.program.gateway, str(uuid.uuid4())
    other = account_field("other", "The other", lambda: page, kind, but=number, room=NUMBER_LEFT, needed=True, help="The record that goes into this one.")
    reason = TextField("reason", "Reason", needed=True, help="Why they are the same: it stays in the log.")

    async def act(answers: Mapping[str, Any]) -> str:
        source = (kind, answers["other"].code)
        arguments = (key_for(run, source, answers["reason"]), source, (kind, number), answers["reason"])
        logged = await carried(gateway.write(merge_accounts, *arguments), partial(gateway.read, merge_accounts, *arguments))    # again under its key: done once
        return f"{source[1]} and {number} are one party now; number {logged} in the log."

    await page.open_panel(UnitePanel(kind, number, name, Form([other, reason]), act))


class UnitePanel(ActPanel):
    """Which record goes into the one shown, and why; below them what moves, and in what the two differ."""

    def __init__(self, kind: str, number: str, name: str, form: Form, act: Act) -> None:
        super().__init__(f"Unite with {number} {name}", form, act, self._told, doing="Uniting", asks="F10 makes them one.")
        self._account, self._name = (kind, number), name
        self._looked_at = ""
        self._found: Moving | None = None
        self._trouble = ""

    def _told(self, width: int) -> Sequence[Line]:
        if self._trouble:
            return words(self._trouble, width, margin="   ", look="wrong")
        found = self._found
        if found is None:
            return words(f"The other becomes part of {self._name}: accounts keep their numbers, what is posted stays. F7 merges takes it apart again.", width, margin="   ")
        balance = ", ".join(f"{code} {amount(total, code)}" for code, total in found.open)
        moves = f"{found.source} goes into {found.target} with {found.words}{f', open {balance}' if balance else ''}. Numbers and what is posted stay as they are. F7 merges takes it apart again."
        apart = [f"Their {fact} is {theirs}, here it is {ours}." for fact, theirs, ours in found.differs]
        return [*(words(f"! Are they one? {' '.join(apart)}", width, margin="   ", look="wrong") if apart else []), *words(moves, width, margin="   ")]

    async def do_nextfield(self) -> None:
        """Go on; what moves follows what was picked."""
        await super().do_nextfield()
        self._look_again()

    async def do_take(self) -> None:
        """Take a choice; what moves follows it."""
        await super().do_take()
        self._look_again()

    def _look_again(self) -> None:
        picked = self.form.field("other").answer
        code = picked.code if picked is not None else ""
        if code != self._looked_at:
            self._looked_at = code
            self.page.look_up(self._look)

    async def _look(self) -> None:
        self._found, self._trouble = None, ""
        if self._looked_at:
            kind, number = self._account
            try:
                self._found = await self.page.program.gateway.read(moving, kind, self._looked_at, number)
            except ArtuiError as error:
                self._trouble = str(error)
        if self.is_attached:
            self.on_resize()


class MergesPage(WholePage[Merged], inherit_bindings=False):
    """What was made one, the latest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, TakeApart, *LISTING)

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Records made one"

    def job(self, session: Session) -> Sequence[Merged]:
        """Read the log."""
        return merges(session)

    def laid_out(self, rows: Sequence[Merged]) -> Tuples[Merged]:
        """Draw an entry."""

        def cells(row: Merged) -> Sequence[Part]:
            state = f"apart, {row.undone_by}" if row.undone_by else "stands"
            return [Part(moment(row.at)), part(row.target), part(row.source), part(row.by), part(row.reason), part(state, "off" if row.undone_by else "")]

        return Tuples(rows, COLUMNS, lambda row: row.number, cells, {0: lambda row: row.at, 1: lambda row: row.target, 2: lambda row: row.source})

    def empty(self) -> str:
        """Nothing was."""
        return "No two records were made one."

    def why_not(self, command: type[Command]) -> str:
        """Taking apart needs the right and one that stands."""
        row = self.rows.row
        if command is not TakeApart:
            return super().why_not(command)
        if row is None:
            return "The list is empty."
        return self.may_not("merge") or (f"It was taken apart by {row.undone_by}." if row.undone_by else "")

    async def do_takeapart(self) -> None:
        """Ask once more; F10 takes it apart."""
        row, key, gateway = self.rows.row, str(uuid.uuid4()), self.program.gateway
        if row is None:
            return

        async def act(answers: Mapping[str, Any]) -> str:
            await carried(gateway.write(_apart, key, row.number), partial(gateway.read, posted, key))
            return f"{row.source} and {row.target} are two again."

        await self.open_panel(SeenPanel(f"Take {row.source} and {row.target} apart", act=act, doing="Taking apart", asks="F10 takes them apart; what is posted stays."))

    async def open_row(self, row: Merged) -> None:
        """There is nothing more of it than is shown."""


def _apart(session: Session, key: str, number: int) -> object:
    undo_merge(session, key, number)
    return number
