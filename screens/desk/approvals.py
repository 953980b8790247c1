"""What waits for a second person: look at it, approve or reject it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from artui.ledger.corrections import Effects, approval_effects
from artui.ledger.posting import Answer, decide
from artui.security.approvals import Approval, decided, waiting
from artui.session import Session
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Approve,
    Back,
    Clear,
    Close,
    Command,
    Go,
    Help,
    Open,
    PageDown,
    PageUp,
    Reject,
    Reread,
    Who,
)
from screens.layout import Column
from screens.ledger.effects import effect_lines, either, happened
from screens.live import Watch
from screens.safe import Line, Part, amount, part
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.seen import SeenPanel
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("No.", 4, right=True),
    Column("Maker", 6, grows=1, most=12),
    Column("Action", 9),
    Column("Cur", 3),
    Column("Amount", 10, right=True),
    Column("Document", 9, grows=1, most=16),
    Column("Age", 4, right=True),
    Column("Reason", 12, grows=3, most=60),
    Column("May decide", 10, grows=1, most=30, rank=1),
)


class ApprovalsPage(WholePage[Approval], inherit_bindings=False):
    """The requests, oldest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, Approve, Reject, *LISTING, *SIDEWAYS)

    @property
    def title_text(self) -> str:
        """Say how many wait for oneself."""
        mine = sum(row.mine and row.maker != self._me for row in cast("Tuples[Approval]", self.rows.source).all) if self.is_mounted else 0
        return f"Approvals, {mine} for you" if mine else "Approvals"

    @property
    def _me(self) -> str:
        return self.program.session.actor.login if self.program.session else ""

    def job(self, session: Session) -> Sequence[Approval]:
        """Read what waits."""
        return waiting(session)

    def laid_out(self, rows: Sequence[Approval]) -> Tuples[Approval]:
        """Draw a request: own ones and those of others' limits dimmed."""

        def cells(row: Approval) -> Sequence[Part]:
            look = "" if row.mine else "off"
            return [
                part(row.number, look), part(row.maker, look), part(row.action.replace("_", " "), look), part(row.currency, look), Part(amount(row.amount, row.currency), look or "strong"),
                part(row.document, look), part(f"{row.age_days} d", look), part(row.reason, look), part(", ".join(row.deciders), look),
            ]  # fmt: skip

        return Tuples(
            rows, COLUMNS, lambda row: row.number, cells,
            {0: lambda row: row.number, 1: lambda row: row.maker, 2: lambda row: row.action, 4: lambda row: (row.currency, row.amount), 6: lambda row: -row.number},
        )  # fmt: skip

    def empty(self) -> str:
        """Nothing waits."""
        return "Nothing waits for a second person."

    def watches(self) -> Watch:
        """Requests."""
        return Watch(areas=frozenset({"approval"}))

    def why_not(self, command: type[Command]) -> str:
        """Deciding is for others than the maker, within their limit."""
        row = self.rows.row
        if command not in (Approve, Reject):
            return super().why_not(command)
        if row is None:
            return "Nothing waits for a second person."
        if self.may_not("approve"):
            return f"{self._me} may not decide; {either(row.deciders)} may."
        if command is Approve and not row.mine:
            return f"You asked for this yourself: {either(row.deciders)} may decide." if row.maker == self._me else f"It is above your limit: {either(row.deciders)} may decide."
        return ""

    async def open_row(self, row: Approval) -> None:
        """Show what approving it would do."""
        shown = await self.program.gateway.read(approval_effects, row.number)
        await self.open_panel(RequestPanel(row, shown))

    async def do_approve(self) -> None:
        """Show what it does and ask for a word; F10 approves."""
        await self._ask(approve=True)

    async def do_reject(self) -> None:
        """Ask why; F10 rejects."""
        await self._ask(approve=False)

    async def _ask(self, *, approve: bool) -> None:
        row = cast("Approval", self.rows.row)
        shown = await self.program.gateway.read(approval_effects, row.number)
        alone = approve and row.maker == self._me
        reason = TextField("reason", "Reason", needed=alone or not approve, help="Why; an office of one has to say it, and so has whoever rejects.")
        title = f"{'Approve' if approve else 'Reject'} {in_words(row)}"
        asks = "F10 approves and posts it." if approve else "F10 rejects it; nothing is posted."
        done = Effects(shown.documents, shown.items, False, ())

        def lines(width: int) -> list[Line]:
            return effect_lines(done, width) if approve else []

        await self.open_panel(ActPanel(title, Form(reason), partial(self._decide, row, shown, approve), lines, doing="Deciding", asks=asks))

    async def _decide(self, row: Approval, shown: Effects, approve: bool, answers: Mapping[str, Any]) -> str:
        gateway = self.program.gateway

        async def ask() -> Answer | None:
            state = await gateway.read(decided, row.number)
            return Answer(str(row.number), row.action, state) if state else None

        answer = await carried(gateway.write(decide, row.number, approve=approve, reason=answers["reason"] or ""), ask)
        if not approve:
            return f"Request {row.number} of {row.maker} is rejected; nothing was posted."
        return f"Approved: {answer.document or f'request {row.number}'} is posted.{happened(shown)}"


def in_words(row: Approval) -> str:
    """Name a request."""
    return f"{row.action.replace('_', ' ')} {row.document} {row.currency} {amount(row.amount, row.currency)} ({row.maker}: {row.reason})"


class RequestPanel(SeenPanel):
    """A request with its effects, to look at."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Approve, Reject, PageUp, PageDown, Close)

    def __init__(self, row: Approval, shown: Effects) -> None:
        super().__init__(f"Request {row.number}: {in_words(row)}", lambda width: effect_lines(shown, width))

    def why_not(self, command: type[Command]) -> str:
        """As the list says."""
        return self.page.why_not(command) if command in (Approve, Reject) else ""

    async def do_approve(self) -> None:
        """Ask for a word; F10 approves."""
        await cast("ApprovalsPage", self.page).do_approve()

    async def do_reject(self) -> None:
        """Ask why; F10 rejects."""
        await cast("ApprovalsPage", self.page).do_reject()
