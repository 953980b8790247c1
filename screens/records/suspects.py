"""Who may be the same, shown beside what is typed; nothing is held up by it, one key looks at the surest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Input

from artui.people.duplicates import Suspect, suspects
from artui.people.entry import NewAccount
from screens.base import Page
from screens.layout import Column, table
from screens.people.card import CardPage
from screens.safe import Part, line, part
from screens.sheet import Drawn, Row, Sheet

PAUSE = 0.2
"""Seconds without a keystroke before it is looked who may be the same."""
COLUMNS = (Column("No.", 8), Column("Name", 20, grows=1, most=40), Column("City", 6, rank=1, grows=1, most=20), Column("Why", 30, grows=3, most=70))


class Suspecting(Page, inherit_bindings=False):
    """A screen on which somebody is typed who may be known already; it yields a sheet "suspects" and says who is typed."""

    found: Sequence[Suspect] = ()

    def typed_account(self) -> NewAccount:
        """Return who is typed so far."""
        raise NotImplementedError

    @property
    def but(self) -> int | None:
        """The party that is edited."""
        return None

    def suspects_sheet(self) -> ComposeResult:
        """Yield the sheet."""
        yield Sheet(self._draw_suspects, ident="suspects")

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Look again soon."""
        self.suspect_soon()

    def suspect_soon(self) -> None:
        """Look who may be the same, shortly after the last keystroke."""
        work: Callable[[], Awaitable[None]] = self._suspect
        self.run_worker(work, group="suspects", description="suspects", exclusive=True, exit_on_error=False)

    async def _suspect(self) -> None:
        await asyncio.sleep(PAUSE)
        new = self.typed_account()
        try:
            self.found = await self.program.gateway.read(
                suspects, name=new.name, tax_id=new.tax_id, phones=tuple(each for each in (new.phone, new.mobile, new.contact_phone) if each),
                emails=tuple(each for each in (new.email, new.contact_email) if each), iban=new.iban, country=new.country, but=self.but,
            )  # fmt: skip
        except Exception as error:
            self.fail(error)
            return
        self.query_one("#suspects", Sheet).show(self._draw_suspects)
        self.refresh_foot()

    def _draw_suspects(self, width: int) -> Drawn:
        if not self.found:
            return Drawn()
        rows: list[list[Part]] = [[part(_numbers(each), "strong"), part(each.name), part(each.city), part(each.why, "wrong" if each.alike == 100 else "mark")] for each in self.found]
        _, lines = table(COLUMNS, rows, width)
        return Drawn([line(part(" May be the same; Ctrl+X looks at the first:", "mark"))], [Row(drawn) for drawn in lines])

    def suspected_why_not(self) -> str:
        """Say why there is nobody to look at."""
        return "" if any(each.accounts for each in self.found) else "Nobody is known who may be the same."

    async def do_suspected(self) -> None:
        """Look at the surest; one step back leads to what was typed."""
        kind, number = next(each.accounts[0] for each in self.found if each.accounts)
        await self.app.push_screen(CardPage(kind, number))


def _numbers(suspect: Suspect) -> str:
    return suspect.accounts[0][1] if suspect.accounts else "-"
