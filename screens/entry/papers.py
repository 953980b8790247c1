"""Papers of a payment: a cheque dated ahead, tax a customer withheld with its certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

from artui.drafts import Draft
from artui.errors import BadInput
from artui.faults import no_card
from artui.ledger import cheques
from artui.ledger.posting import Answer, posted
from artui.people.choices import Offer
from artui.session import Session
from screens.base import Page
from screens.commands import FILLING, Back, Command, Go, Help, New, Who
from screens.drafting import Drafting, find_left, lost_and_found
from screens.entry.closed import tell_closed
from screens.progress import Progress
from screens.records.faults import refuse
from screens.records.picks import NUMBER_LEFT, account_field
from screens.safe import amount, plain_day
from screens.widgets.field import DateField, Field, MoneyField, TextField
from screens.widgets.form import Form, FormPage
from screens.widgets.pick import Choice, PickField

Paper = Literal["cheque", "withheld"]
TITLES = {"cheque": "Post-dated cheque", "withheld": "Tax withheld"}


async def enter_paper(page: Page, paper: Paper, account: Offer | None = None, done: Callable[[str], None] | None = None) -> None:
    """Open the form of a paper, as it was left if it was left."""
    page.need("receipt" if paper == "cheque" else "withholding")
    left = await find_left(page, PaperEntry.KIND, _about(paper, account))
    opened = PaperEntry(paper, account, left.draft, done)
    if left.done is not None:
        opened.say(lost_and_found(left.done))
    await page.app.push_screen(opened)


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    paper, _, _ = draft.body["about"].partition(" ")
    await page.app.push_screen(PaperEntry(paper, None, draft))


def _about(paper: Paper, account: Offer | None) -> str:
    return f"{paper} {account.code}" if account else paper


def take(session: Session, key: str, answers: dict[str, Any]) -> str:
    """Take a cheque in and say so."""
    customer = answers["account"].code
    currency = cheques.currency_of(session, customer)
    named = (answers["documents"] or "").split()
    if posted(session, key) is None:      # what it was meant for need not be open any more
        shares = cheques.meant_for(session, customer, named, answers["amount"], currency) if named else ()
        cheques.take(
            session, key, customer=customer, cheque=answers["cheque"], amount=answers["amount"], currency=currency, deposit_on=answers["date"], bank=answers["bank"] or "", note=answers["note"] or "",
            allocate=shares,
        )  # fmt: skip
    return f"Cheque {answers['cheque']} of {currency} {amount(answers['amount'], currency)} is kept until {plain_day(answers['date'])}."


def withhold(session: Session, key: str, answers: dict[str, Any]) -> str:
    """Post what was withheld and say so."""
    answer = cheques.withhold(
        session, key, customer=answers["account"].code, amount=answers["amount"], day=answers["date"], documents=(answers["documents"] or "").split(), certificate=answers["certificate"] or "",
        memo=answers["note"] or "",
    )  # fmt: skip
    waits = "" if answers["certificate"] else " Its certificate is awaited: F7 desk lists it."
    currency = cheques.currency_of(session, answers["account"].code)
    return f"Posted {answer.document}: {currency} {amount(answers['amount'], currency)}.{waits}"


class PaperEntry(Drafting, FormPage, inherit_bindings=False):
    """One paper after the other."""

    DEFAULT_CSS = "PaperEntry > Form { height: 1fr; }"
    KIND = "paper"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *FILLING, New)

    def __init__(self, paper: Paper, account: Offer | None, draft: Draft | None = None, done: Callable[[str], None] | None = None) -> None:
        self._paper: Paper = paper
        self._account, self._done = account, done
        self._seen_for = ""
        """The account whose currency is known or asked for."""
        super().__init__(Form(*self._rows()))
        self.keep(self.form, draft, draft.body["about"] if draft is not None else _about(paper, account))

    def _rows(self) -> Sequence[Field[Any] | Sequence[Field[Any]]]:
        left = NUMBER_LEFT
        whose = account_field("account", "Customer", lambda: self, "customer", room=left, needed=True)
        self._amount = MoneyField("amount", "Amount", "", needed=True, help="In the currency of the account.")
        meant = TextField("documents", "For", help="The documents it pays, by number with blanks between; each up to what is open, the first ones first.")
        note = TextField("note", "Note", help="No card numbers.")
        if self._paper == "cheque":
            on = DateField("date", "Pay in on", lambda: self.today, needed=True, help="The date on the cheque: not before.")
            return [[whose, self._amount], [TextField("cheque", "Cheque no.", room=left, needed=True), TextField("bank", "Bank", help="On which it is drawn.")], [on], meant, note]
        day = DateField("date", "Date", lambda: self.today, needed=True, past=True, help="The day the customer withheld it.")
        return [[whose, self._amount], [day], meant, TextField("certificate", "Certificate", help="The number on the paper; empty: it is still awaited."), note]

    @property
    def title_text(self) -> str:
        """Name it."""
        return TITLES[self._paper]

    def on_mount(self) -> None:
        """Put in what is known."""
        if self._account is not None:
            cast("PickField", self.form.field("account")).give(Choice(self._account.code, self._account.words))
            self.form.stand_in(self._amount)
        self._know_currency()

    async def do_nextfield(self) -> None:
        """Go on; whose it is tells the currency, and a day of a closed month is told at once."""
        here = self.form.here
        await super().do_nextfield()
        self._know_currency()
        if here is not None and here.word == "date" and here.answer and self._paper == "withheld":
            tell_closed(self, here.answer)

    def _know_currency(self) -> None:
        """Ask for the currency of the account, once for each; the amount is read in it and says it back."""
        account = self.form.field("account").answer
        if account is not None and account.code != self._seen_for:
            self._seen_for = account.code
            self.read(self._amount.in_currency, cheques.currency_of, account.code)

    def restore(self, body: Mapping[str, Any]) -> None:
        """Put it back; the amount is in the currency of the account again."""
        super().restore(body)
        self._know_currency()

    def draft_subject(self) -> str:
        """Name it in the list of drafts."""
        account = self.form.field("account").answer
        return f"{TITLES[self._paper]} {account.code} {account.words}" if account else TITLES[self._paper]

    def incomplete(self, answers: dict[str, Any]) -> tuple[str, str] | None:
        """An amount is more than nothing."""
        return ("amount", "The amount is more than nothing.") if answers["amount"] <= 0 else None

    async def finish(self, answers: dict[str, Any]) -> None:
        """Keep it, once."""
        if refuse(self, [fault for name in ("bank", "documents", "note") for fault in no_card(name, answers.get(name) or "")], set()):
            return

        async def work(progress: Progress) -> str:
            try:
                told = await self.keeping.send(take if self._paper == "cheque" else withhold, self._settled, self.keeping.key, answers)
            except BadInput:
                self.form.stand_in(self.form.field("documents"))
                raise
            self.app.call_later(self._sent, told)
            return told

        self.long_work("Posting", work)

    @staticmethod
    def _settled(session: Session, key: str) -> str | None:
        """Say what became of it when the answer was lost."""
        answer: Answer | None = posted(session, key)
        return None if answer is None else lost_and_found(answer)

    def _sent(self, told: str) -> None:
        if self._done is not None:
            self.dismiss()
            self._done(told)
            return
        self._start_over()
        self.say(told)

    def _start_over(self) -> None:
        self.keeping.start_over()
        self.concerns = _about(self._paper, self._account)      # no longer what was taken up
        self.form.next_record()

    async def do_new(self) -> None:
        """Begin another one; this one is found among the drafts."""
        await self.keeping.flush()
        self._start_over()
