"""Payment entry: who, how much, which cheque; below it what the payment is for, proposed and marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, cast

from textual.app import ComposeResult

from artui.cash.difference import exchange_gain
from artui.cash.entry import PayingAccount
from artui.cash.exchange import Exchange
from artui.cash.payable import ZERO, Payment
from artui.cash.reading import Worked, worked
from artui.cash.unfinished import KIND, Begun, Unfinished, begin, named, put_back
from artui.cash.worksheet import Worksheet
from artui.drafts import Draft, settle, take_over, this_terminal
from artui.errors import ArtuiError
from screens.cash.fields import STAYS, UNKNOWN, PaymentFields
from screens.cash.grid import gained, sums
from screens.cash.outgoing import Outgoing, missing, only_credits, outgoing
from screens.cash.places import FieldsAndGrid
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Back,
    Clear,
    Combination,
    Command,
    Done,
    Fields,
    Go,
    Help,
    Oldest,
    OnAccount,
    Open,
    Proposed,
    Reread,
    Together,
    Who,
)
from screens.drafting import LEFT, Keeping, being_typed
from screens.progress import Progress
from screens.safe import Line, plain_day
from screens.widgets.pick import Choice


class PaymentPage(FieldsAndGrid, inherit_bindings=False):
    """One payment after the other."""

    DEFAULT_CSS = "PaymentPage PaymentFields { height: auto; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (
        Help, Who, Clear, Back, Reread, Go, Open, Done, Oldest, Proposed, Combination, OnAccount, Fields, Together, *LISTING, *SIDEWAYS,
    )  # fmt: skip

    DOES: ClassVar[str] = "F10 posts it"

    def __init__(self, payer: str = "", key: str = "") -> None:
        super().__init__()
        self._payer, self._wanted = payer, key
        self._panel = self.entry = PaymentFields(self)
        self.keeping = Keeping(self, KIND, self._kept)
        self.currency = ""
        """The currency of the payment; nothing: that of the account."""
        self.waiting: Draft | None = None
        """An unfinished payment that F9 takes up."""
        self.exchange: Exchange | None = None
        """What came in another currency than the account's, and what it is worth there."""
        self._group = False
        self._asked_for: tuple[object, ...] = ()
        self._restored: Unfinished | None = None
        self._warned: object = None

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Payment"

    def content(self) -> ComposeResult:
        """Lay out the fields and the grid."""
        yield self.entry
        yield from super().content()

    async def on_mount(self) -> None:
        """Begin with what is known: what was left unfinished here, or whose payment it is."""
        self.rows.asleep = True
        self.entry.amount.in_currency(self._plain_currency)
        self._fresh_fields({"date": plain_day(self.first_day), "method": "cheque"})
        if self._payer:
            self.entry.payer.give(Choice(self._payer))
        self.entry.begin()
        self.read(self._begun, begin, this_terminal(), account=self._payer, batch=self.batch_number, key=self._wanted, beside=self._beside())

    @property
    def received(self) -> dt.date:
        """The day the money came."""
        return self.entry.date.answer or super().received

    @property
    def _plain_currency(self) -> str:
        """The currency of an amount that names none: that of the batch, of the account, of the company."""
        return self.currency or (self.account.own if self.account else self.own_currency)

    @property
    def first_day(self) -> dt.date:
        """The day the first payment begins with."""
        return self.today

    # what was begun before

    def _beside(self) -> frozenset[str]:
        """Return the keys of payments that stand unfinished on screens below this one: they are not taken up twice."""
        return being_typed(self) - {self.keeping.key}

    def _begun(self, begun: Begun) -> None:
        self.waiting = begun.waiting
        for answer in begun.done:
            self.say(f"{answer.document or 'The payment'} was posted; its answer was lost.")
        if begun.draft is not None:
            self._restore(begun.draft)
        else:
            self.work_out()

    def _restore(self, draft: Draft) -> None:
        kept = Unfinished.of(draft.body)
        self.keeping = Keeping(self, KIND, self._kept, draft)
        self.waiting, self._restored, self._group, self.by_hand = None, kept, kept.group, kept.by_hand
        if kept.account:
            self.entry.payer.take(Choice(kept.account))
        for name, text in kept.fields.items():
            if name in self.entry.form.texts() and not (name == "from" and kept.account):
                self.entry.form.field(name).fill(text)
        self.entry.begin()
        self.say(LEFT)
        self.work_out()

    @property
    def to_take_up(self) -> bool:
        """Tell whether F9 takes up what was left: nothing else is typed yet."""
        return self.waiting is not None and not self.unsaved

    async def take_up(self) -> None:
        """Go on here with the payment that was left unfinished elsewhere."""
        draft, self.waiting = cast("Draft", self.waiting), None
        self._restore(await self.program.gateway.write(take_over, draft))

    def _kept(self) -> tuple[str, dict[str, Any]]:
        """Return the payment in words, and what its draft keeps of it."""
        fields, sheet = self.entry.form.texts(), self.sheet
        account = self.account.number if self.account and self.account.number == fields["from"].strip() else ""
        kept = self._restored or Unfinished(
            fields, account, dict(sheet.marks) if sheet and self.by_hand else {}, sheet.uses if sheet and self.by_hand else (), bool(sheet and sheet.rest_on_account),
            self.by_hand, self._group, self.batch_number,
        )  # fmt: skip
        # an amount in another currency names it
        code = self.account.currency if self.account and fields["amount"][:1].isdigit() else ""
        return " ".join(part for part in ("payment", fields["from"], code, fields["amount"]) if part), kept.body()

    @property
    def batch_number(self) -> str:
        """The batch it goes into; nothing when it is posted by itself."""
        return ""

    @property
    def unsaved(self) -> bool:
        """Tell whether something is typed or marked."""
        return self.by_hand or any(each.changed for each in self.entry.form.fields if each.word not in STAYS)

    def was_marked(self) -> None:
        """Keep what is marked."""
        self.keeping.typed()

    def typed_into(self) -> None:
        """Note that a field has changed."""
        if self.unsaved:
            self.keeping.typed()

    # working it out

    def work_out(self, *, again: bool = False) -> None:
        """Read the account once it is named, and propose once the amount is there, too."""
        fields = self.entry
        who, paid, day = fields.payer.answer, fields.amount.answer, fields.date.answer
        if who is None or day is None or who.code == UNKNOWN.code:
            if self.account is not None and day is not None:
                self._forget_account()
            if who is not None:
                fields.amount.in_currency(self._plain_currency)
            return
        whose = (who.code, day, self._group)
        payment = Payment(paid, fields.amount.said, day, fields.cheque.answer or "", fields.text.answer or "") if paid is not None and paid > 0 else None
        rate = fields.rate.asked
        if again or self._asked_for != (*whose, payment, rate):
            known = self.account if not again and self._asked_for[:3] == whose and self.account is not None and self.account.number == who.code else None
            self._asked_for = (*whose, payment, rate)
            self.read(self._show, worked, known, who.code, payment, day, self._group, self.currency, rate)

    def _forget_account(self) -> None:
        self.account = self.proposal = self.sheet = self.exchange = None
        self._asked_for = ()
        self.entry.rate.quoted(None)
        self.draw_again()

    def _show(self, answer: Worked) -> None:
        fields, before, old = self.entry, self.account, self.sheet
        if fields.payer.answer is None:
            return      # taken away meanwhile
        self.account, self.proposal, self._answers = answer.account, answer.proposal, []
        if answer.fresh:
            self._name_payer(answer.account)
        if before is not None and before.number != answer.account.number and self._restored is None:
            self.by_hand = False
        self.exchange = answer.exchange
        fields.rate.quoted(answer.quote, answer.exchange, answer.trouble, stays=answer.account.currency if answer.account.currency != answer.account.own else "")
        paid = self._to_apply(answer)
        self.sheet = answer.account.sheet(max(paid, ZERO))
        kept = self._restored
        if kept is not None and (kept.by_hand or kept.on_account):
            self._mark_again(kept.marks, kept.uses, kept.on_account)
        elif self.by_hand and old is not None:
            self._mark_again(old.marks, old.uses, old.rest_on_account)
        elif self.proposal is not None and self.proposal.fills and answer.amount == paid:
            self.sheet = self.sheet.fill(self.proposal)
        if self._restored is not None and (paid or not self._restored.fields.get("amount")):
            self._restored = None
        self.draw_again()
        if answer.account.named or fields.payer.asked:
            self.stand_on_document(answer.account.named or fields.payer.asked)
        # in another currency the amount may read otherwise, and another pair has another rate
        self.work_out()

    def _to_apply(self, answer: Worked) -> Decimal:
        """Return what can be applied: what came, or what it is worth; nothing while that is not known."""
        fields = self.entry
        paid = fields.amount.answer or ZERO
        if answer.quote is None or answer.account.currency != answer.account.own:
            return paid
        return answer.amount if answer.payment and (answer.payment.amount, answer.payment.currency) == (paid, fields.amount.said) else ZERO

    def _name_payer(self, account: PayingAccount) -> None:
        """Write the account's number and name where perhaps an invoice stood; the amount is in its currency."""
        payer = self.entry.payer
        if payer.has_focus and payer.unread:
            return      # somebody else is being typed
        if payer.answer is None or payer.answer.code != account.number or payer.answer.words != account.name:
            (payer.take if payer.changed else payer.give)(Choice(account.number, account.name))
        self._asked_for = (account.number, *self._asked_for[1:])
        self.entry.amount.in_currency(self._plain_currency)

    def _mark_again(self, marks: Any, uses: Any, on_account: bool) -> None:
        self.sheet, dropped = put_back(cast("Worksheet", self.sheet), marks, uses)
        if on_account and self.sheet.remaining > 0 and not dropped:
            self.sheet = self.sheet.leave_on_account()
        if dropped:
            self.say(f"Taken back, because it does not fit any more: {named(dropped)}.", "wrong")

    def do_reread(self) -> None:
        """Read the account again; what is marked stays as far as it fits."""
        self.work_out(again=True)

    async def do_together(self) -> None:
        """Put the accounts of the whole group together, or take them apart."""
        self._group = not self._group
        self.work_out()
        self.say("The accounts of the whole group together." if self._group else "This account alone.")

    # what it says

    def list_head(self, width: int) -> Sequence[Line]:
        """Say what came in another currency, and what it is worth."""
        told = self.entry.rate.told()
        return [*([told] if told else []), *super().list_head(width)]

    def list_foot(self, width: int) -> Sequence[Line]:
        """Say what remains, and what is gained or lost by rates that have moved."""
        account, home = self.account, self.own_currency
        gain = exchange_gain(self.sheet, self.exchange.account_rate if self.exchange else account.base_rate, home) if account and self.sheet else ZERO
        return sums(self.sheet, width, gained(gain, home))

    def about(self, width: int) -> list[Line]:
        """Say what is proposed, but not below a panel that asks something else."""
        return super().about(width) if self.panel in (None, self.entry) else []

    def status(self) -> str:
        """Say what F10 would do, or what waits."""
        if not self.is_mounted:
            return ""
        if self.waiting is not None and self.to_take_up:
            return f"Unfinished at {self.waiting.terminal}: {self.waiting.subject}. F9 takes it up."
        ready = self._ready()
        return ready if self._in_fields or (ready and self.rows.empty) else ". ".join(part for part in (super().status(), ready) if part)

    def _ready(self) -> str:
        if self.entry.payer.value == UNKNOWN.code:
            return "Money of an unknown payer: F10 posts it; it is identified later."
        if self.entry.amount.answer and (trouble := self.entry.rate.trouble or self.entry.rate.missing()):
            return trouble
        if self.sheet is None or not (self.sheet.amount or only_credits(self)):
            return ""
        if not self.sheet.ready:
            return f"{self.sheet.why_not()}."
        return "F10 posts it." if self.sheet.amount else "F10 sets the credit against it."

    # posting

    async def do_done(self) -> None:
        """Post it when it balances; otherwise say what is missing."""
        self.work_out()
        if self.reading:
            self.program.ahead.hold(self)
            return
        trouble = missing(self)
        if trouble is not None:
            self.to_fields()
            self.entry.form.stand_in(trouble[0])
            self.refuse(trouble[1])
        elif self.rows.options and not await self.run_typed():
            if self.panel is None:
                self.program.ahead.refused()
        elif self.sheet is not None and not self.sheet.ready:
            self.to_grid()
            self.refuse(f"{self.sheet.why_not()}.")
        elif not self._asks_about_duplicate():
            self.long_work("Posting", partial(self._send, outgoing(self)))

    def refuse(self, sentence: str) -> None:
        """Say why it does not go on; what was typed ahead for the next payment must not go into this one."""
        self.program.ahead.refused()
        self.say(sentence, "wrong")

    def _asks_about_duplicate(self) -> bool:
        """Ask once about a cheque that seems to have been entered before."""
        found = self.proposal.duplicates if self.proposal is not None else ()
        if not found or self._warned == found:
            return False
        self._warned = found
        self.to_grid()
        self.refuse("Entered before? F10 once more posts it: it is another one.")
        return True

    async def _send(self, what: Outgoing, progress: Progress) -> str:
        try:
            answer = await self.keeping.send(what.job, settle)
        except ArtuiError as refusal:
            self.program.ahead.refused()
            self.to_grid()
            if refusal.code in ("AR004", "AR005"):
                self.do_reread()
            raise
        self._next_payment()
        return what.told(answer)

    def _next_payment(self) -> None:
        """Make ready for the next one: the day and the way stay."""
        stays = {name: text for name, text in self.entry.form.texts().items() if name in STAYS}
        self.keeping.start_over()
        self.waiting = None     # F9 is what the payment before had, once there is one
        self.by_hand, self._warned, self._restored, self._group = False, None, None, False
        self.rows.options.clear()
        self._forget_account()
        self._fresh_fields(stays)
        self.to_fields()

    def _fresh_fields(self, stays: dict[str, str]) -> None:
        form = self.entry.form
        form.next_record()
        self.entry.payer.asked = ""
        for name, text in stays.items():
            form.field(name).fill(text, as_first=True)

    async def give_up(self) -> bool:
        """Leave; what is given up is no draft any more."""
        return await self.keeping.give_up(self.unsaved)

    async def on_unmount(self) -> None:
        """Keep the last letters when the program is told to end."""
        await self.keeping.flush()
