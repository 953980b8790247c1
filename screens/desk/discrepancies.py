"""The discrepancy desk: what is allowed and still deserves a look, with the key that fixes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from artui.db.gateway import Tell
from artui.ledger.discrepancies import Finding, discrepancies
from artui.session import Session
from screens.commands import LISTING, SIDEWAYS, All, Back, Clear, Command, Go, Help, Open, Reread, Who
from screens.desk.cases import CasesPage
from screens.layout import Column, flow
from screens.safe import NOTHING, Line, Part, amount, line, part
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

COLUMNS = (
    Column("Check", 44, grows=1, most=60),
    Column("Count", 6, right=True),
    Column("Oldest", 6, right=True),
    Column("Cur", 3),
    Column("Amount", 12, right=True),
    Column("With", 8, rank=1),
    Column("Fix", 20, rank=2, grows=1, most=44),
)


def thorough(session: Session, tell: Tell) -> tuple[Finding, ...]:
    """Count every check, the long ones too; on a connection of its own."""
    return discrepancies(session)


class DeskPage(WholePage[Finding], inherit_bindings=False):
    """The checks that found something; F8 shows the others, too."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, All, Open, *LISTING, *SIDEWAYS)

    def __init__(self) -> None:
        super().__init__()
        self._everything = False
        self._found: tuple[Finding, ...] = ()
        self._whole = False

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Discrepancies" + (", all checks" if self._everything else "")

    def job(self, session: Session) -> Sequence[Finding]:
        """Count what small indexes hold; the rest is counted beside it."""
        return discrepancies(session, quick=True)

    def show(self, rows: Sequence[Finding]) -> None:
        """Show the quick checks; the others join them when they are counted."""
        slow = [each for each in self._found if each.name not in {row.name for row in rows}]
        self._found = (*rows, *slow)
        super().show(self._wanted())
        work: Callable[[], Awaitable[None]] = self._rest
        self.run_worker(work, group="thorough", description="thorough", exclusive=True, exit_on_error=False)

    def _wanted(self) -> Sequence[Finding]:
        return self._found if self._everything else [each for each in self._found if not each.ok]

    async def _rest(self) -> None:
        try:
            self._found = await self.program.gateway.long(thorough, lambda done, of: None)
            self._whole = True
            super().show(self._wanted())
        except Exception as error:
            self.fail(error)

    def laid_out(self, rows: Sequence[Finding]) -> Tuples[Finding]:
        """Draw a check."""

        def cells(row: Finding) -> Sequence[Part]:
            code = next(iter(row.amounts)) if len(row.amounts) == 1 else ""
            several = f"{len(row.amounts)} below" if len(row.amounts) > 1 else NOTHING
            look = "off" if row.ok else ""
            return [
                part(row.title, look), part(f"{row.findings:,}".replace(",", " "), look), part(f"{row.oldest_days} d" if row.oldest_days is not None else NOTHING, look),
                part(code, look), Part(amount(row.amounts[code], code), look) if code else part(several, look), part(row.owner, look), part("" if row.ok else row.fix, look),
            ]  # fmt: skip

        return Tuples(
            rows, COLUMNS, lambda row: row.name, cells, {0: lambda row: row.title, 1: lambda row: row.findings, 2: lambda row: row.oldest_days or 0},
        )  # fmt: skip

    def about(self, width: int) -> list[Line]:
        """Say of the check under the cursor how much it is in each currency, and what fixes it."""
        row = self.rows.row if self.is_mounted else None
        if row is None or row.ok:
            return []
        sums = [line(f"{code} {amount(row.amounts[code], code)}") for code in sorted(row.amounts)]
        return [*flow(sums, width)[:2], line(f" {row.findings} to {row.fix}{f', with {row.owner}' if row.owner else ''}")]

    def status(self) -> str:
        """Say how many checks found nothing."""
        if not self.is_mounted or not self.answered:
            return ""
        quiet = sum(each.ok for each in self._found)
        more = f"{quiet} checks found nothing" if self._whole else "the long checks are still being made"
        return f"{super().status()}; {more}." if not self.rows.empty else super().status()

    def empty(self) -> str:
        """Nothing was found."""
        return "No discrepancies." if self._whole else "Nothing so far; the long checks are still being made."

    def why_not(self, command: type[Command]) -> str:
        """A check without findings has no rows."""
        row = self.rows.row
        return "This check found nothing." if command is Open and row is not None and row.ok else super().why_not(command)

    def do_all(self) -> None:
        """Show the checks that found nothing, too, or only the others."""
        self._everything = not self._everything
        super().show(self._wanted())

    async def open_row(self, row: Finding) -> None:
        """List its cases."""
        await self.app.push_screen(CasesPage(row), lambda _: self.do_reread())
