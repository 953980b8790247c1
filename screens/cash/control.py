"""What the deposit slip says: typed for a new batch, corrected on one that is open. Kept as it is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from artui import text
from artui.cash.batch import Batch, batch, open_batch, set_control
from artui.drafts import Draft, discard, settle
from artui.errors import BadInput, Refused
from artui.money import read_currency
from artui.session import Session
from screens.base import Page
from screens.drafting import USED, Drafting, Keeping, find_left, lost_and_found
from screens.safe import amount
from screens.widgets.act import ActPanel
from screens.widgets.field import DateField, Field, MoneyField, ReadField, TextField
from screens.widgets.form import Form

KIND = "batch"
Send = Callable[[Keeping, Mapping[str, Any]], Awaitable[str]]


class ControlPanel(Drafting, ActPanel):
    """Sum and number of the receipts of a deposit, and for a new batch where and when it is paid in."""

    KIND: ClassVar = KIND

    def __init__(self, title: str, form: Form, send: Send, about: str, draft: Draft | None, *, doing: str, asks: str) -> None:
        super().__init__(title, form, self._send, doing=doing, asks=asks)
        self._title, self._sends = title, send
        self.keep(form, draft, about)

    def draft_subject(self) -> str:
        """Name what is done."""
        return self._title

    async def _send(self, answers: Mapping[str, Any]) -> str:
        return await self._sends(self.keeping, answers)


def count(text: str) -> int:
    """Read how many receipts there are. Raises BadInput."""
    if not text.isdigit() or not 0 < int(text) <= 9999:
        raise BadInput(f"{text!r} is no number of receipts.", "Type how many papers the deposit has.")
    return int(text)


def _figures(currency: str) -> tuple[MoneyField, ReadField[int]]:
    """Return the fields of the sum and the number."""
    return (
        MoneyField("total", "Control total", currency, room=44, needed=True, help="The sum on the deposit slip."),
        ReadField("count", "Receipts", count, needed=True, help="How many receipts the deposit has."),
    )


def _figures_of(one: Batch) -> str:
    return f"it is to have {one.currency} {amount(one.control_total, one.currency)} in {one.control_count}, {one.currency} {amount(one.entered_total, one.currency)} in {one.entered_count} entered"


async def _left(page: Page, about: str) -> tuple[bool, Draft | None]:
    """Tell whether to ask, and what was left; what had been done already is said instead."""
    left = await find_left(page, KIND, about)
    if left.done is not None:
        page.do_reread()
        page.say(lost_and_found(left.done))
    return left.done is None, left.draft


async def ask_new(page: Page, opened: Callable[[Batch], object]) -> None:
    """Ask for the deposit slip and open a batch; `opened` is called with it."""
    asks, draft = await _left(page, "")
    if not asks:
        return
    own = page.own_currency
    bank = TextField("bank", "Bank", room=44, help="Where it is paid in.")
    deposit = DateField("deposit", "Deposit", lambda: page.today, past=True, help="The day it is paid in; empty: today.")
    # the currency is asked first: the total is read in it
    currency = ReadField("currency", "Currency", read_currency, help=f"Three letters; empty: {own}.")
    total, papers = _figures(own)

    async def send(keeping: Keeping, answers: Mapping[str, Any]) -> str:
        code = answers["currency"] or own
        total.in_currency(code)
        if total.trouble:
            raise BadInput(total.trouble)
        asked = {"bank": answers["bank"] or "", "deposit_on": answers["deposit"] or page.today, "currency": code, "control_total": total.answer, "control_count": answers["count"]}
        key = keeping.key
        try:
            found = await keeping.send(_open, lambda session, key: _open(session, key, asked), key, asked)    # again under its key: opened once
        except Refused as refusal:
            if refusal.code != USED:
                raise
            found = await page.program.gateway.write(_corrected, key, asked)
            await keeping.discard()     # what was changed since is of that batch, not another one
        page.app.call_later(opened, found)
        return f"{found.number} is open."

    fields: list[list[Field[Any]] | Field[Any]] = [[bank, deposit], currency, [total, papers]]
    await page.open_panel(ControlPanel("Open a batch", Form(*fields), send, "", draft, doing="Opening", asks="F10 opens it."))


def _open(session: Session, key: str, asked: Mapping[str, Any]) -> Batch:
    return open_batch(session, **asked, key=key)


def _corrected(session: Session, key: str, asked: Mapping[str, Any]) -> Batch:
    """Give the batch that was opened under a key, its answer lost, the figures that were typed since. Raises Refused when it is of another deposit."""
    before = settle(session, key)
    if before is None or not before.document:
        raise Refused("The key was used for something else.", "F10 opens the batch under a key of its own.", code=USED)
    there = batch(session, before.document)
    if (there.bank, there.deposit_on, there.currency) != (text.clean(asked["bank"]), asked["deposit_on"], asked["currency"]):
        raise Refused(f"{there.number} was opened as it stood here before; only the answer was lost.", "What stands here now is another deposit: F10 opens it as well.", code=USED)
    return set_control(session, there, asked["control_total"], asked["control_count"])


async def ask_again(page: Page, seen: Batch) -> None:
    """Ask for other control figures of a batch that is open."""
    asks, draft = await _left(page, seen.number)
    if not asks:
        return
    total, papers = _figures(seen.currency)
    total.put(seen.control_total, as_first=True)
    papers.put(seen.control_count, as_first=True)

    async def send(keeping: Keeping, answers: Mapping[str, Any]) -> str:
        wanted = (answers["total"], answers["count"])

        def ask(session: Session, key: str) -> Batch | None:
            found = batch(session, seen.number)
            return found if (found.control_total, found.control_count) == wanted else None

        nonlocal seen
        try:
            await keeping.send(set_control, ask, seen, *wanted)
        except Refused as refusal:
            if refusal.code != "AR005":
                raise
            before, seen = seen, await page.program.gateway.read(batch, seen.number)
            if before.version == seen.version:      # not the batch: the draft went on at another terminal
                raise
            if (seen.control_total, seen.control_count) != wanted:
                raise Refused(f"{seen.number} was changed meanwhile: {_figures_of(seen)}.", "F10 once more sets yours.", code=refusal.code) from refusal
            await keeping.discard()     # it has them already: sent before, and done after its answer was lost
        await page.program.gateway.write(discard, keeping.key)      # figures are no posting: nothing else takes the draft away
        return f"{seen.number} is to have {seen.currency} {amount(wanted[0], seen.currency)} in {wanted[1]} now."

    await page.open_panel(ControlPanel(f"Control figures of {seen.number}", Form([total, papers]), send, seen.number, draft, doing="Saving", asks="F10 sets them."))
