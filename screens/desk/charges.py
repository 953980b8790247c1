"""Late interest and fixed sums: proposed with their working, posted or given up row by row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, cast

from artui.cash.charges import Charge, Unworked, post_charge, proposals, waive
from artui.errors import Refused
from artui.ledger.posting import Answer, key_for, posted
from artui.money import by_currency
from artui.session import Session
from artui.text import counted
from screens.commands import LISTING, SIDEWAYS, Back, Clear, Command, Go, Help, MarkAll, Open, Reread, Who
from screens.layout import Column, flow, table
from screens.live import Watch
from screens.people.card import CardPage
from screens.progress import Progress
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.seen import SeenPanel
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("Account", 7),
    Column("Name", 8, grows=2, most=40),
    Column("Document", 10),
    Column("What", 9),
    Column("From", 9),
    Column("To", 9, rank=2),
    Column("Days", 5, right=True, rank=1),
    Column("Profile", 7, rank=3),
    Column("Cur", 3),
    Column("Amount", 10, right=True),
)


class ChargesPage(WholePage[Charge], inherit_bindings=False):
    """What can be charged up to today, for all accounts or for one."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, MarkAll, *LISTING, *SIDEWAYS)
    OPTIONS: ClassVar[Mapping[str, str]] = {"p": "post", "w": "waive", "v": "view the account"}

    def __init__(self, account: str = "") -> None:
        super().__init__()
        self._account = account
        self._unworked: tuple[Unworked, ...] = ()
        self._run = str(uuid.uuid4())

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return f"Charges {self._account}".strip()

    def job(self, session: Session) -> Sequence[Charge]:
        """Work the proposals out."""
        found = proposals(session, account=self._account or None)
        self._unworked = found.unworked
        return found.proposed

    def laid_out(self, rows: Sequence[Charge]) -> Tuples[Charge]:
        """Draw a proposal."""

        def cells(row: Charge) -> Sequence[Part]:
            days = sum(each.days for each in row.segments)
            return [
                part(row.account), part(row.name), part(row.document), part("fixed sum" if row.what == "fixed_sum" else "interest"), Part(day(row.first)), Part(day(row.last)),
                part(days or "-"), part(row.profile), part(row.currency), Part(amount(row.amount, row.currency), "strong"),
            ]  # fmt: skip

        return Tuples(
            rows, COLUMNS, key_of, cells,
            {0: lambda row: row.account, 1: lambda row: row.name, 2: lambda row: row.document, 4: lambda row: row.first, 9: lambda row: (row.currency, row.amount)},
        )  # fmt: skip

    @property
    def _all(self) -> Sequence[Charge]:
        return cast("Tuples[Charge]", self.rows.source).all

    def about(self, width: int) -> list[Line]:
        """Show how the amount under the cursor was worked out, span by span, and what is marked in all."""
        row = self.rows.row if self.is_mounted else None
        if row is None:
            return []
        spans = [
            line(f"{day(each.first).strip()} to {day(each.last).strip()}: {each.days} d at {each.percent:f} % on {amount(each.principal, row.currency)} = {each.interest:.4f}") for each in row.segments
        ] or [line(row.words)]  # fmt: skip
        lines = flow(spans, width)
        return [*lines[:3], *([line(f" … and {counted(len(row.segments) - 3, 'more span')}")] if len(lines) > 3 else []), *self._sums(width)]

    def _sums(self, width: int) -> list[Line]:
        sums = sums_of([row for row in self._all if self.rows.options.get(key_of(row)) == "p"])
        return flow([line(part("to post", "strong")), *(line(f"{code} {amount(total, code)}") for code, total in sums.items())], width)[:1] if sums else []

    def status(self) -> str:
        """Say where the cursor is and how many could not be worked out."""
        left = f" {len(self._unworked)} could not be worked out: {self._unworked[0].document}, {self._unworked[0].reason}" if self._unworked else ""
        return f"{super().status()}{left}"

    def empty(self) -> str:
        """Nothing can be charged."""
        return "Nothing can be charged today: nothing is late, or no interest profile is in force."

    def watches(self) -> Watch:
        """What moves no account it shows leaves the proposals alone; F5 works them out again."""
        return Watch()

    def why_not(self, command: type[Command]) -> str:
        """Posting needs the right."""
        if command is not MarkAll:
            return super().why_not(command)
        return self.may_not("charge") or ("" if self._all else "Nothing is proposed.")

    def do_markall(self) -> None:
        """Mark every row that fits the search to be posted."""
        shown = set(self._keys_shown())
        for row in self._all:
            if key_of(row) in shown:
                self.rows.options.setdefault(key_of(row), "p")
        self.rows.repaint()
        self.refresh_foot()

    def _keys_shown(self) -> list[Any]:
        source = cast("Tuples[Charge]", self.rows.source)
        return [key_of(row) for row in source._in_order(self.rows.order)[0]]

    async def open_row(self, row: Charge) -> None:
        """Open the account."""
        await self.app.push_screen(CardPage("customer", row.account))

    async def do_open(self) -> None:
        """Run what was typed; giving up asks for the reason first."""
        marked = [(self.rows.options[key_of(row)], row) for row in self._all if key_of(row) in self.rows.options]
        if not any(option in "pw" for option, _ in marked):
            await super().do_open()
            return
        session = self.program.session
        if session is not None and any(option == "p" for option, _ in marked):
            session.need("charge")
        given_up, posted_ones = ([row for option, row in marked if option == wanted] for wanted in "wp")
        if not given_up:
            told = f"Post {counted(len(posted_ones), 'charge')} to {counted(len({row.account for row in posted_ones}), 'account')}"
            act = partial(self._after_panel, marked)
            await self.open_panel(SeenPanel(told, partial(sum_lines, posted_ones), act, doing="Charging", asks="F10 posts them."))
            return
        reason = TextField("reason", "Reason", needed=True, help="Why it is given up: it stays with the account.")
        title = f"Waive {counted(len(given_up), 'charge')}: {', '.join(row.document for row in given_up[:4])}"
        await self.open_panel(ActPanel(title, Form(reason), partial(self._after_panel, marked), partial(sum_lines, posted_ones), doing="Charging", asks="F10 waives them, and posts what is marked p."))

    async def run_option(self, option: str, row: Charge) -> None:
        """View the account of a row."""
        await self.open_row(row)

    async def _after_panel(self, marked: Sequence[tuple[str, Charge]], answers: Mapping[str, Any]) -> str:
        return await self._carry_out(marked, answers.get("reason", ""), cast("Progress", self._job))

    async def _carry_out(self, marked: Sequence[tuple[str, Charge]], reason: str, progress: Progress) -> str:
        done: dict[str, list[Charge]] = {"p": [], "w": []}
        refused: list[str] = []
        for place, (option, row) in enumerate(marked):
            if progress.stopped or option not in done:
                continue
            progress.at(place + 1, len(marked))
            try:
                await self._one(option, row, reason)
                done[option].append(row)
                self.rows.done(row)
            except Refused as error:
                refused.append(f"{row.document}: {error}")
        self._run = str(uuid.uuid4())      # each is answered: what is charged from here on is another act
        self.do_reread()
        told = ", ".join(f"{len(rows)} {word}: {in_sums(rows)}" for rows, word in ((done["p"], "posted"), (done["w"], "waived")) if rows) or "Nothing was posted"
        return f"{told}." + (f" {len(refused)} refused, still marked. {refused[0]}" if refused else "")

    async def _one(self, option: str, row: Charge, reason: str) -> Answer:
        gateway = self.program.gateway
        key = key_for(self._run, option, key_of(row), row.amount, reason if option == "w" else "")
        job = gateway.write(post_charge, key, row) if option == "p" else gateway.write(waive, key, row, reason)
        return await carried(job, partial(gateway.read, posted, key))


def sums_of(rows: Sequence[Charge]) -> dict[str, Decimal]:
    """Add charges up per currency."""
    return by_currency((row.currency, row.amount) for row in rows)


def in_sums(rows: Sequence[Charge]) -> str:
    """Say what charges come to: "EUR 120.00 and USD 4.10"."""
    return " and ".join(f"{code} {amount(total, code)}" for code, total in sums_of(rows).items())


_SUMS = (Column("Cur", 3), Column("Charges", 7, right=True), Column("Accounts", 8, right=True), Column("Days", 21), Column("Amount", 14, right=True))


def sum_lines(rows: Sequence[Charge], width: int) -> list[Line]:
    """Draw what charges come to: per currency how many, of how many accounts, for which days and how much."""
    if not rows:
        return []
    cells = []
    for code, total in sums_of(rows).items():
        these = [row for row in rows if row.currency == code]
        days = f"{day(min(row.first for row in these)).strip()} - {day(max(row.last for row in these)).strip()}"
        cells.append([part(code), part(len(these)), part(len({row.account for row in these})), part(days), Part(amount(total, code), "strong")])
    heading, lines = table(_SUMS, cells, width)
    return [heading, *lines]


def key_of(row: Charge) -> tuple[Any, ...]:
    """Know a proposal by its item and days."""
    return row.item, row.what, row.first


