"""The fields of a payment: who paid, how much, with which cheque; the day and the way stay for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from artui.errors import BadInput
from screens.cash.rate import RateField
from screens.commands import FILLING, Again, Back, Command, StepBack
from screens.entry.closed import tell_closed
from screens.records.picks import accounts_for
from screens.widgets.field import CameField, DateField, TextField
from screens.widgets.form import Form, FormPanel
from screens.widgets.pick import Choice, PickField

if TYPE_CHECKING:
    from screens.cash.payment import PaymentPage

METHODS = (
    Choice("cheque", "a cheque"), Choice("wire", "a transfer to the bank"), Choice("cash", "notes and coins"), Choice("card", "a card"), Choice("debit", "a direct debit"),
)  # fmt: skip
UNKNOWN = Choice("?", "an unknown payer")
STAYS = ("date", "method")
"""What the next payment begins with."""


class PayerField(PickField):
    """Who paid; remembers what was typed, because that may have been the number of an invoice."""

    asked = ""

    def give(self, choice: Choice) -> None:
        """Put in who the screen was opened for: nothing that was typed."""
        self.take(choice)
        self.asked = self.asked or choice.code
        self._first = self.value

    def parse(self, text: str) -> Choice:
        """Take who was found."""
        try:
            return super().parse(text)
        except BadInput:
            fits = len(self.fitting(text))
            if fits:
                raise BadInput(f"{text!r} fits {fits} customers.", "F4 lists them, F2 looks further.") from None
            raise BadInput(f"No customer or document {text}; type a part of the name.", "? is an unknown payer.") from None

    def take(self, choice: Choice) -> None:
        """Put a choice in."""
        if self.value.strip() != choice.code:
            self.asked = self.value.strip()
        super().take(choice)
        # the name may have come after the number
        self.answer = choice
        self.refresh()


class PaymentFields(FormPanel):
    """The fields above the grid; the cursor goes from the cheque into the grid and back."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, Back, StepBack)

    def __init__(self, page: PaymentPage) -> None:
        self._entry = page
        self.date = DateField("date", "Received", lambda: page.today, room=30, needed=True, past=True, help="The day the money came: it decides which discounts are earned.")
        self.method = PickField("method", "By", METHODS, room=22, needed=True, help="How it was paid.")
        self.text = TextField("text", "Text", help="What the payer wrote: the documents named in it are paid.")
        self.payer = PayerField("from", "From", self._find, room=38, needed=True, help="Who paid: account, invoice, any part of the name, or ? when nobody knows.")
        self.amount = CameField("amount", "Amount", "", room=24, needed=True, help="What came in; in another currency with its code: EUR 100.")
        self.cheque = TextField("cheque", "No.", help="The number of the cheque, or the bank's reference.")
        self.rate = RateField()
        super().__init__(Form([self.date, self.method, self.text], [self.payer, self.amount, self.cheque], self.rate))

    async def _find(self, text: str) -> Sequence[Choice]:
        return (UNKNOWN,) if text.strip() == UNKNOWN.code else await accounts_for(self._entry, text, "customer")

    # where the cursor is

    def on_mount(self) -> None:
        """Let the page begin: what it knows comes from the books."""

    def begin(self) -> None:
        """Put the cursor where the next payment begins: into the first of its fields that is empty or wrong."""
        self.form.stand_in(next((each for each in (self.payer, self.amount) if each.trouble or not each.value), self.cheque))

    # what it offers

    @property
    def unsaved(self) -> bool:
        """What is typed and what is marked belong together."""
        return self._entry.unsaved

    def status(self) -> str:
        """Say what the page says."""
        return self._entry.status()

    def why_not(self, command: type[Command]) -> str:
        """As before is also what was left unfinished."""
        if command is Again and self._entry.to_take_up:
            return ""
        return super().why_not(command)

    # what it does

    async def do_back(self) -> None:
        """Close the choices, or go one step back."""
        if self.form.choosing:
            await self.do_close()
        else:
            await self._entry.do_back()

    async def do_stepback(self) -> None:
        """Esc is one step back, too."""
        await self.do_back()

    async def do_nextfield(self) -> None:
        """Go on; from the last field into the grid. What is known is worked out at once."""
        here = self.form.here
        if here is self.payer and self.payer.leave():
            self._without_payer()
            return
        if here in (self.cheque, self.rate) and self._rate_may_come():
            return
        await super().do_nextfield()
        self._entry.work_out()
        if here is self.date and self.date.answer:
            tell_closed(self._entry, self.date.answer)
        if here is not (self.cheque if self.rate.disabled else self.rate):
            return
        if here is self.rate and (trouble := self.rate.trouble or self.rate.missing()):
            self.form.stand_in(self.rate)
            self.rate.select_all()
            self._entry.refuse(trouble)
            return
        who = self.payer.answer
        if who is None:
            self._without_payer()
        elif who.code != UNKNOWN.code:
            self._entry.to_grid()

    def _rate_may_come(self) -> bool:
        """Wait for the account where the amount may be in another currency: its rate is the next field then, and may be refused."""
        self._read_here()
        self._entry.work_out()
        if self._entry.reading and (self.amount.said or self._entry.currency) and self.payer.answer is not None:
            self._entry.program.ahead.hold(self._entry)
            return True
        return False

    def _without_payer(self) -> None:
        """Stay where it is said who paid: what was typed ahead, an amount perhaps, belongs to nobody."""
        self.form.stand_in(self.payer)
        self._entry.work_out()
        self._entry.refuse(self.payer.trouble or self.payer.missing())

    def _read_here(self) -> None:
        if self.form.here is not None:
            self.form.here.leave()

    def do_previousfield(self) -> None:
        """Go back; what is known is worked out at once."""
        super().do_previousfield()
        self._entry.work_out()

    async def do_again(self) -> None:
        """Take up what was left unfinished, or what the payment before had here."""
        if self._entry.to_take_up:
            await self._entry.take_up()
        else:
            await super().do_again()

    async def do_done(self) -> None:
        """Post it."""
        self._read_here()
        await self._entry.do_done()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        self._entry.typed_into()
