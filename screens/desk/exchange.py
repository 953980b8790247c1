"""What foreign currencies are worth in the company's, each rate from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from artui.cash.exchange import plain
from artui.cash.exchange_rates import ExchangeRate, exchange_rates, figure, set_exchange_rate
from artui.session import Session
from screens.commands import LISTING, SIDEWAYS, Back, Clear, Command, Go, Help, New, Open, Reread, Who
from screens.layout import Column
from screens.safe import NOTHING, Part, day, part, plain_day
from screens.widgets.act import ActPanel, Seen
from screens.widgets.field import DateField, ReadField, TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.whole import WholePage

COLUMNS = (Column("Cur", 8), Column("From", 9), Column("Rate", 14, right=True), Column("Before", 14, right=True), Column("Change", 8, right=True))


class ExchangePage(WholePage[ExchangeRate], inherit_bindings=False):
    """The exchange rates, those of each currency together, the newest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, Open, *LISTING, *SIDEWAYS)

    @property
    def title_text(self) -> str:
        """Name the screen, and in what the rates are."""
        return f"Exchange rates, {self.own_currency} for one" if self.own_currency else "Exchange rates"

    def job(self, session: Session) -> Sequence[ExchangeRate]:
        """Read them."""
        return exchange_rates(session)

    def laid_out(self, rows: Sequence[ExchangeRate]) -> Tuples[ExchangeRate]:
        """Draw one."""

        def cells(row: ExchangeRate) -> Sequence[Part]:
            before = row.before
            change = part(f"{(row.rate / before - 1) * 100:+.2f} %") if before else Part(NOTHING)
            return [part(row.currency), Part(day(row.valid_from)), part(plain(row.rate), "strong"), part(plain(before)) if before else Part(NOTHING), change]

        return Tuples(rows, COLUMNS, lambda row: (row.currency, row.valid_from), cells, {0: lambda row: row.currency, 1: lambda row: row.valid_from})

    def empty(self) -> str:
        """Say how to begin."""
        return "No exchange rate is kept. F6 enters one; payments in that currency propose it from its day on."

    def why_not(self, command: type[Command]) -> str:
        """Entering needs the right."""
        return self.may_not("exchange_rate") if command is New else super().why_not(command)

    async def do_new(self) -> None:
        """Ask for a rate from a day on."""
        await self._ask(None)

    async def open_row(self, row: ExchangeRate) -> None:
        """Correct one."""
        if refused := self.may_not("exchange_rate"):
            self.say(refused)
            return
        await self._ask(row)

    async def _ask(self, known: ExchangeRate | None) -> None:
        own = self.own_currency
        form = Form(
            [TextField("currency", "One", needed=True, room=20, longest=3, help="The currency: EUR."), DateField("since", "from", lambda: self.today, needed=True, room=24)],
            ReadField("rate", f"Rate in {own}", figure, plain, needed=True, room=40, examples=("1.0852", "0.0065"), help=f"How many {own} one of it is."),
        )
        await self.open_panel(ActPanel("Correct an exchange rate" if known else "An exchange rate from a day on", form, partial(self._set, Seen(known)), asks="F10 keeps it; what was posted keeps its value."))
        row = known or self.rows.row
        given = {"since": (known.valid_from if known else self.today).isoformat()}
        given |= {"currency": row.currency} if row else {}
        given |= {"rate": plain(known.rate)} if known else {}
        for word, text in given.items():
            form.field(word).fill(text, as_first=True)

    async def _set(self, seen: Seen[ExchangeRate], answers: Mapping[str, Any]) -> str:
        code, since, row = answers["currency"].strip().upper(), answers["since"], seen.row
        same = row.rate if row is not None and (row.currency, row.valid_from) == (code, since) else None
        kept = await seen.keep(self.program.gateway.write(set_exchange_rate, code, since, answers["rate"], same))
        before = f", {plain(kept.before)} before" if kept.before else ""
        return f"1 {kept.currency} is {plain(kept.rate)} {self.own_currency} from {plain_day(kept.valid_from)}{before}."
