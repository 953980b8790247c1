"""Invoices, purchases and credit notes by keyboard: a head, lines one after the other, F10 posts it once."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, cast

from textual.app import ComposeResult
from textual.widgets import Input

from artui.drafts import Draft
from artui.errors import BadInput
from artui.faults import Fault
from artui.ledger.entries import Entry, Outlook, currency_of, enter, opening_date, outlook
from artui.ledger.posting import posted
from screens.base import Page
from screens.commands import FILLING, Back, Command, Go, Help, New, PageDown, PageUp, Who
from screens.drafting import find_left, lost_and_found
from screens.entry import lines
from screens.entry.closed import tell_closed
from screens.entry.fields import ItemField, number, number_field, read_money, tax_field
from screens.entry.typing_lines import LinesPage
from screens.progress import Progress
from screens.records.faults import refuse, sentence
from screens.records.picks import NUMBER_LEFT, account_field, terms_field
from screens.safe import amount, plain_day
from screens.sheet import Drawn, Sheet
from screens.widgets.field import DateField, Field, ReadField, TextField
from screens.widgets.form import Form
from screens.widgets.pick import Choice, PickField

Kind = Literal["invoice", "purchase", "credit_note", "opening"]
PAUSE = 0.15
"""Seconds without a keystroke before it is worked out what it comes to."""
TITLES = {"invoice": "Invoice", "purchase": "Purchase", "credit_note": "Credit note", "opening": "Opening balance"}


@dataclass(frozen=True)
class For:
    """Whose document it is, when it was begun on a card, and what to do when it is posted."""

    number: str
    name: str
    done: Callable[[str], None]


async def enter_document(page: Page, kind: Kind, whose: For | None = None) -> None:
    """Open the entry of a document, as it was left if it was left."""
    page.need(kind)
    left = await find_left(page, DocumentEntry.KIND, _about(kind, whose))
    opened = DocumentEntry(kind, whose, left.draft, await _first_day(page, kind))
    if left.done is not None:
        opened.say(lost_and_found(left.done))
    await page.app.push_screen(opened)


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    kind, _, _ = draft.body["about"].partition(" ")
    await page.app.push_screen(DocumentEntry(kind, None, draft, await _first_day(page, kind)))


async def _first_day(page: Page, kind: str) -> dt.date | None:
    """Return the day a document begins with when that is not today: opening balances are dated before the books begin."""
    return await page.program.gateway.read(opening_date) if kind == "opening" else None


def _about(kind: str, whose: For | None) -> str:
    return f"{kind} {whose.number}" if whose else kind


class DocumentEntry(LinesPage, inherit_bindings=False):
    """One document after the other; begun on a card, one for that account."""

    DEFAULT_CSS = "DocumentEntry #lines { height: 1fr; }"
    KIND = "document"
    DOES: ClassVar[str] = "F10 posts it"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *FILLING, New, PageUp, PageDown)

    def __init__(self, kind: Kind, whose: For | None, draft: Draft | None = None, day: dt.date | None = None) -> None:
        self._kind: Kind = kind
        self.lined = kind != "opening"
        self._whose, self._day = whose, day
        self._typed: list[dict[str, str]] = []
        self._outlook: Outlook | None = None
        self._seen_for = ""
        """The account `_outlook` is about."""
        self._doubted: set[tuple[str, str]] = set()
        self._item = ItemField(lambda: self, room=30)
        super().__init__(self._make())
        self.keep(self.form, draft, draft.body["about"] if draft is not None else _about(kind, whose))

    def _make(self) -> Form:
        left, side = NUMBER_LEFT, "vendor" if self._kind == "purchase" else "customer"
        head: list[Field[Any] | list[Field[Any]]] = [
            [account_field("account", side.capitalize(), lambda: self, side, room=left, needed=True),
             DateField("date", "Date", lambda: self.today, needed=True, help="The day on the paper.")],
            [TextField("number", "Their no." if self._kind == "purchase" else "Number", room=left, needed=self._kind == "purchase", help="As it stands on the paper; empty: the next one of ours."),
             TextField("po", "Order", help="Their order number.")],
        ]  # fmt: skip
        if self._kind in ("invoice", "purchase"):
            head.append([terms_field(lambda: self, room=left), DateField("due", "Due", lambda: self.today, help="Empty: by the terms, those of the account without any.")])
        elif self._kind == "credit_note":
            head.append(TextField("reason", "Reason", needed=True, help="Why it is given: whoever audits it reads this."))
        else:
            head.append(DateField("due", "Due", lambda: self.today, help="When it was due; empty: on its date."))
        sum_field = ReadField("amount", "Amount", read_money, number, longest=60, needed=self._kind == "opening", help="With tax. Empty when the lines make it; a credit that is brought over is negative.")
        head.append([tax_field(room=left), sum_field] if self._kind != "opening" else sum_field)
        head.append([number_field("rate", "Rate", what="rate", room=left, help="What one unit is in the company's currency; empty: as the books know it."), TextField("memo", "Memo", help="No card numbers.")])
        return Form(*head, *self._line_rows()) if self.lined else Form(*head)

    # what it shows

    @property
    def title_text(self) -> str:
        """Name it."""
        return f"{TITLES[self._kind]}{f' for {self._whose.number} {self._whose.name}' if self._whose else ''}"

    def content(self) -> ComposeResult:
        """Lay out the form and the lines."""
        yield self.form
        yield Sheet(self._draw, ident="lines")

    def _draw(self, width: int) -> Drawn:
        return lines.drawn(self._typed, self._outlook, self.code, width)

    @property
    def code(self) -> str:
        """The currency of the account, the company's while none is known."""
        return self._outlook.currency if self._outlook else self.own_currency

    def on_mount(self) -> None:
        """Put in what is known."""
        self._first_texts()
        self.work_out_soon()

    def _first_texts(self) -> None:
        self.form.field("date").fill(plain_day(self._day or self.today), as_first=True)
        if self._whose is not None:
            account = cast("PickField", self.form.field("account"))
            account.give(Choice(self._whose.number, self._whose.name))
            account.disabled = True
        self._next_line()

    def status(self) -> str:
        """Say what F10 does, or what is still missing."""
        # not of the field or the line that is still being typed
        quiet = ("account", "amount", "number", self.form.here.word if self.form.here is not None else "")
        typing = f"lines {self._place()}:"
        wrong = next((fault for fault in self._outlook.faults if fault.field not in quiet and not fault.field.startswith(typing)), None) if self._outlook else None
        return sentence(self.form, wrong) if wrong else "F10 posts it." if self._outlook and self._outlook.total else "PgDn goes to the lines, PgUp back to the head." if self._kind != "opening" else ""

    # what was typed

    def draft_subject(self) -> str:
        """Name it in the list of drafts."""
        account = self.form.field("account").answer
        return f"{TITLES[self._kind]} {account.code} {account.words}".strip() if account else TITLES[self._kind]

    def entry(self) -> Entry:
        """Return the document as far as it is typed; raises BadInput for what cannot be read."""
        answers: dict[str, Any] = {each.word: each.parse(text) if (text := each.value.strip()) else None for each in self.form.fields if each.word != "line"}
        typed, line = list(self._typed), self._line()
        if not lines.empty(line):
            typed[self._place() - 1 : self._place()] = [line]      # a line being changed counts as it is now, not twice
        goods = tuple(lines.meant(each) for each in typed) if self.lined else ()
        code = self.code
        tax = answers.get("tax")
        net = lines.total_of(goods, code) if goods else answers["amount"] or Decimal(0)
        taxed = Decimal(0) if tax is None else tax.amount(net if goods or not tax.percent else net / (1 + tax.value / 100), code)
        return Entry(
            self._kind, answers["account"].code if answers["account"] else "", answers["date"] or self.today, number=answers["number"] or "", amount=answers["amount"], tax=taxed, lines=goods,
            due=answers.get("due"), terms=answers["terms"].code if answers.get("terms") else "", po=answers["po"] or "", memo=answers["memo"] or "", reason=answers.get("reason") or "", rate=answers["rate"],
        )  # fmt: skip

    async def do_nextfield(self) -> None:
        """Go on; a day of a closed month is told at once."""
        here = self.form.here
        await super().do_nextfield()
        if here is not None and here.word == "date" and here.answer:
            tell_closed(self, here.answer)

    async def currency(self) -> str:
        """Return the currency of the account typed."""
        account = self.form.field("account").value.strip()
        if self._outlook is None or self._seen_for != account:
            return await self.program.gateway.read(currency_of, Entry(self._kind, account, self.today))
        return self._outlook.currency

    # what it comes to

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Work out soon what it comes to."""
        self.work_out_soon()

    def work_out_soon(self) -> None:
        """Work out what it comes to once nothing is typed for a moment."""
        work: Callable[[], Awaitable[None]] = self._work_out
        self.run_worker(work, group="outlook", description="outlook", exclusive=True, exit_on_error=False)

    async def _work_out(self) -> None:
        await asyncio.sleep(PAUSE)
        try:
            entry = self.entry()
            self._outlook, self._seen_for = await self.program.gateway.read(outlook, entry), entry.account
        except BadInput:
            # said when the field is left; the lines stay, what they come to is not known until then
            self._outlook = replace(self._outlook, total=None, due=(), faults=()) if self._outlook else None
        except Exception as error:
            self.fail(error)
            return
        self.show_lines()
        if self.unsaved:
            self.keeping.typed()

    def show_lines(self) -> None:
        """Draw the lines and what they come to."""
        if self.is_mounted:
            self.query_one("#lines", Sheet).show(self._draw)
            self.refresh_foot()

    # posting

    async def finish(self, answers: dict[str, Any]) -> None:
        """Say the first thing that is wrong, or post it."""
        if self.lined and not lines.empty(self._line()) and not self._keep_line():
            return
        self.long_work("Posting", self._post)

    async def _post(self, progress: Progress) -> str:
        code, entry = self.code, self.entry()
        self._outlook = seen = await self.program.gateway.read(outlook, entry)
        if seen.currency != code:
            # now it is known what its tax is rounded in
            entry = self.entry()
            self._outlook = seen = await self.program.gateway.read(outlook, entry)
        self.show_lines()
        if self._refused(seen):
            return ""
        answer = await self.keeping.send(enter, posted, self.keeping.key, entry)
        told = answer.message or f"Posted {answer.document}: {seen.currency} {amount(seen.total or Decimal(0), seen.currency)}{self._when(seen)}."
        self.app.call_later(self._posted, told)
        return told

    @staticmethod
    def _when(seen: Outlook) -> str:
        if len(seen.due) > 1:
            return f" in {len(seen.due)} instalments"
        return f", due {plain_day(seen.due[0][0])}" if seen.due else ""

    def _refused(self, seen: Outlook) -> bool:
        found = []
        for fault in seen.faults:
            if fault.field.startswith("lines "):
                place, _, name = fault.field.removeprefix("lines ").partition(": ")
                found.append((int(place), Fault(name, f"Line {place}: {fault.message}", fault.hint, fault.doubt)))
            else:
                found.append((0, fault))
        if found and found[0][0] and not found[0][1].doubt:
            self.form.field("line").fill(str(found[0][0]))
            self._turn_to_line(str(found[0][0]))
        return refuse(self, [fault for _, fault in found], self._doubted)

    def _posted(self, told: str) -> None:
        if self._whose is not None:
            self.dismiss()
            self._whose.done(told)
            return
        self._start_over()
        self.say(told)

    def _start_over(self) -> None:
        self.keeping.start_over()
        self.concerns = _about(self._kind, self._whose)      # no longer what was taken up
        self._typed, self._outlook = [], None
        self._doubted.clear()
        self.form.next_record()
        self._first_texts()
        self.show_lines()

    async def do_new(self) -> None:
        """Begin another one; this one is found among the drafts."""
        await self.keeping.flush()
        self._start_over()
