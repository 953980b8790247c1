"""Two records of one party made one, the log of it, and taken apart again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from artui.ledger.posting import key_for, posted
from artui.people.duplicates import Merged, merge_accounts, merges, undo_merge
from artui.session import Session
from screens.base import Page
from screens.commands import LISTING, Back, Clear, Command, Go, Help, Reread, TakeApart, Who
from screens.layout import Column, words
from screens.records.picks import NUMBER_LEFT, account_field
from screens.safe import Line, Part, moment, part
from screens.widgets.act import ActPanel, carried
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

    def told(width: int) -> Sequence[Line]:
        named = other.answer.words if other.answer is not None else "The other"
        return words(f"{named} becomes part of {name}: people, addresses and accounts move, accounts keep their numbers, what is posted stays as it is. F7 merges takes it apart again.", width, margin="   ")

    async def act(answers: Mapping[str, Any]) -> str:
        source = (kind, answers["other"].code)
        arguments = (key_for(run, source, answers["reason"]), source, (kind, number), answers["reason"])
        logged = await carried(gateway.write(merge_accounts, *arguments), partial(gateway.read, merge_accounts, *arguments))    # again under its key: done once
        return f"{source[1]} and {number} are one party now; number {logged} in the log."

    await page.open_panel(ActPanel(f"Unite with {number} {name}", Form([other, reason]), act, told, doing="Uniting", asks="F10 makes them one."))


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
