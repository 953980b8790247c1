"""What an option of the grid still needs: how much of a row is paid, why it was paid short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from artui.cash.payable import Credit, Payable
from artui.cash.worksheet import Typed, Worksheet
from screens.commands import FILLING, Close, Command
from screens.safe import amount, plain_day
from screens.widgets.field import MoneyField
from screens.widgets.form import Form, FormPanel
from screens.widgets.pick import Choice, PickField

REASONS = (
    Choice("discount", "a discount taken that was not earned"), Choice("price", "another price"), Choice("quantity", "short delivery"), Choice("damage", "damaged goods"),
    Choice("tax", "tax"), Choice("withheld", "tax withheld at source"), Choice("freight", "freight"), Choice("unknown", "not known yet"),
)  # fmt: skip


class OptionPanel(FormPanel):
    """One field for one option of one row."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, Close)
    LAST_IS_DONE: ClassVar[bool] = True

    def __init__(self, option: Typed, row: Payable, sheet: Worksheet, told: Callable[[Typed], None]) -> None:
        self._option, self._told, self._part = option, told, option.option == "P"
        label = f"{'Part' if self._part else 'Short'} {row.document}"
        help_ = f"How much of {row.document} is paid; empty pays as much as remains." if self._part else "Why less was paid than is open."
        self._room = f"{amount(row.open, sheet.currency)} open, {amount(sheet.remaining, sheet.currency)} remains"
        field = MoneyField("part", label, sheet.currency, help=help_) if self._part else PickField("why", label, REASONS, help=help_)
        super().__init__(Form(field))

    def status(self) -> str:
        """Say what there is."""
        return f"{self._room}; Enter without {'an amount pays as much as remains' if self._part else 'a reason: not known yet'}."

    async def finish(self, answers: dict[str, Any]) -> None:
        """Give the answer to the grid."""
        await self.page.close_panel()
        if self._part:
            part: Decimal | None = answers["part"]
            self._told(replace(self._option, amount=part))
        else:
            self._told(replace(self._option, reason=answers["why"].code if answers["why"] else "unknown"))

    async def do_nextfield(self) -> None:
        """Enter is done."""
        await self.do_done()


def with_rest(sheet: Worksheet) -> list[Credit]:
    """Return the credits something is left of."""
    return [credit for credit in sheet.credits if sheet.credit_left(credit.key) > 0]


class CreditPanel(FormPanel):
    """Which of several credits is used on a row; the list is open, Enter takes the oldest first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, Close)
    OLDEST = Choice("oldest", "first, one after the other")

    def __init__(self, option: Typed, row: Payable, sheet: Worksheet, told: Callable[[Typed], None]) -> None:
        self._option, self._told, self._row, self._sheet = option, told, row, sheet
        self._credits = {credit.document: credit for credit in with_rest(sheet)}
        code = sheet.currency
        choices = [Choice(one.document, f"{amount(sheet.credit_left(one.key), code)} {one.kind.replace('_', ' ')} of {plain_day(one.date)}") for one in self._credits.values()]
        super().__init__(Form(PickField("credit", f"Credit on {row.document}", [self.OLDEST, *choices], help=f"Which credit is used on {row.document}.")))

    async def on_mount(self) -> None:  # type: ignore[override]  # its choices stand there before the next key
        """Stand in the field with its choices open."""
        self.form.begin()
        await self.do_choices()

    def status(self) -> str:
        """Say what there is to choose from."""
        code, sheet = self._sheet.currency, self._sheet
        return f"{code} {amount(sheet.rest(self._row.key), code)} of {self._row.document} is open: Enter uses the oldest credits, Down or a part of its number another one."

    async def do_nextfield(self) -> None:
        """Enter is done."""
        await self.do_done()

    async def finish(self, answers: dict[str, Any]) -> None:
        """Give the answer to the grid."""
        await self.page.close_panel()
        credit = self._credits.get(answers["credit"].code) if answers["credit"] else None
        self._told(replace(self._option, credit=credit.key if credit else None))
