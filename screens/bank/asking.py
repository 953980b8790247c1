"""Decisions that need to be told something: whose it is, how it is split, what it returns, what it stands for. Their effects are seen as one types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, cast

from artui import money
from artui.cash.statements import choices, decisions
from artui.cash.statements.choices import Known
from artui.cash.statements.decisions import Decision
from artui.cash.statements.evidence import Hint, as_written, payable_of
from artui.cash.statements.matching import (
    Candidate,
    Decided,
    candidate_of,
    candidates_for,
    decide,
    hint_of,
    hints_of,
)
from artui.cash.statements.reading import EntryRow
from artui.drafts import settle
from artui.errors import BadInput, Refused
from artui.ledger.corrections import Effects, nsf_fee
from artui.session import Session
from artui.text import safe
from screens.commands import Command, Link, Returned, Split, Whose
from screens.drafting import Drafting, Unfinished, unfinished
from screens.ledger.effects import happened
from screens.ledger.effects_panel import EffectsPanel
from screens.progress import Progress
from screens.records.picks import account_field
from screens.safe import Line, amount, day, line, part
from screens.widgets.field import Field, MoneyField, TextField
from screens.widgets.form import Form
from screens.widgets.pick import Choice, PickField

if TYPE_CHECKING:
    from screens.bank.match import MatchPage

Answers = Mapping[str, Any]
First = str | Choice
"""What stands in a field at first."""
KIND = "bank_entry"
ROWS = 4
"""Customers an entry can be split over by hand."""
ON_ACCOUNT = "-"
_PAYS = "Documents it pays, in this order; empty: what the rules propose; - leaves it on account."


@dataclass(frozen=True)
class Begun:
    """What stands in the fields at first, and what was left unfinished."""

    first: Mapping[str, First]
    left: Unfinished


def begin(session: Session, command: type[Command], known: Known, beside: frozenset[str]) -> Begun:
    """Return how a question begins."""
    found = {Split: _split_first, Returned: _returned_first, Link: _link_first}.get(command)
    return Begun(found(session, known) if found is not None else {}, unfinished(session, KIND, about(command, known.row), beside))


def about(command: type[Command], row: EntryRow) -> str:
    """Return what a draft is about: this question about this entry."""
    return f"{command.word()} {row.id}"


def lost(session: Session, key: str) -> Decided | None:
    """Say what became of a decision whose answer was lost."""
    answer = settle(session, key)
    return None if answer is None else Decided("exists", answer.document, "")


class AskPanel(Drafting, EffectsPanel):
    """One question about one entry."""

    KIND: ClassVar = KIND

    def __init__(self, command: type[Command], row: EntryRow, begun: Begun, page: MatchPage) -> None:
        self._command, self._row, self._on_page, self._first = command, row, page, begun.first
        super().__init__(Form(*FIELDS[command](row, page)))
        self.does = "links it" if command is Link else "posts it"
        self._decision: Decision = {}
        self.keep(self.form, begun.left.draft, about(command, row))

    def draft_subject(self) -> str:
        """Name the question and the entry."""
        return f"{TITLES[self._command]}: {self._row.currency} {amount(self._row.amount, self._row.currency)} of {day(self._row.booked_on).strip()}"

    def on_mount(self) -> None:
        """Fill in what is known."""
        for name, known in self._first.items():
            field = self.form.field(name)
            if isinstance(known, Choice):
                cast("PickField", field).give(known)
            else:
                field.fill(known, as_first=True)

    async def do_take(self) -> None:
        """Take a choice; after a document the next one is typed or chosen."""
        here, marked = self.form.here, self.form.list.marked
        if isinstance(here, PaysField) and marked is not None:
            here.take(marked)
            self._close_choices()
            self._look_again()
            return
        await super().do_take()

    def heading(self, width: int) -> Sequence[Line]:
        """Name the decision and the entry."""
        return [line(part(f" {TITLES[self._command]}   {day(self._row.booked_on).strip()}   {self._row.currency} {amount(self._row.amount, self._row.currency)}", "strong"))]

    async def work_out(self, answers: Answers) -> Effects:
        """Make the decision and look at what it does."""
        self._decision, shown = await self.page.program.gateway.read(look, WORK[self._command], self._row, answers)
        return shown

    async def send(self, progress: Progress) -> str:
        """Decide, once."""
        shown, page = cast("Effects", self.effects), self._on_page
        try:
            done = await self.keeping.send(decide, lost, self.keeping.key, self._row.id, self._decision)
            told = f"Decided{f': {done.document}' if done.document else ''}.{happened(shown)}"
        except Refused as refusal:
            if refusal.code != "AR009":
                raise
            await self.keeping.discard()
            told = f"A colleague was faster: {refusal.message}"
        await page.close_panel()
        page.do_reread()
        return told


def look(session: Session, work: Callable[[Session, EntryRow, Answers], Decision], row: EntryRow, answers: Answers) -> tuple[Decision, Effects]:
    """Return the decision answers make and what it would do."""
    decision = work(session, row, answers)
    return decision, choices.effects(session, row.id, decision)


class PaysField(PickField):
    """Documents a payment is for: several, typed or taken one after the other from what the chosen customer owes."""

    EXAMPLES: ClassVar[tuple[str, ...]] = ("F4 shows what is open; Enter takes one, F4 the next.", "INV-1001 INV-1002     in this order", "-                     on account")

    def __init__(self, name: str, customer: PickField, row: EntryRow, page: MatchPage) -> None:
        async def owed(text: str) -> Sequence[Choice]:
            chosen, typed = customer.answer, _documents(text)
            if chosen is None:
                return ()
            begun = "" if not typed or text.endswith((" ", ",")) else typed[-1].upper()
            there = set(typed[:-1] if begun else typed)
            items = await page.program.gateway.read(payable_of, chosen.code, row.currency, row.booked_on)
            return [Choice(item.document, f"{day(item.due)}  {amount(item.open, row.currency)}") for item in items if item.document.upper().startswith(begun) and item.document not in there]

        super().__init__(name, "Pays", owed, help=_PAYS)

    def parse(self, text: str) -> Choice:
        """Take what is typed: the books know whether it is open."""
        return Choice(" ".join(_documents(text)))

    def take(self, choice: Choice) -> None:
        """Put a document behind those before it, in place of the one begun."""
        before = list(_documents(self.value))
        if before and not self.value.endswith((" ", ",")) and choice.code.upper().startswith(before[-1].upper()):
            before.pop()
        self.fill(" ".join([*before, choice.code]))
        self.value = safe(f"{self.value} ")
        self.cursor_position = len(self.value)


def _documents(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").replace(",", " ").split())


# whose it is


def _whose_fields(row: EntryRow, page: MatchPage) -> list[list[Field[Any]]]:
    customer = account_field("customer", "Customer", lambda: page, "customer", room=40, needed=True)
    share = MoneyField("amount", "Amount", row.currency, room=24, help="What of it is theirs; empty: all that is left. The rest is parked: w asks whose that is.")
    return [[customer, PaysField("pays", customer, row, page)], [share]]


def _whose(session: Session, row: EntryRow, answers: Answers) -> Decision:
    number, parked = answers["customer"].code, row.state == "parked"
    left = choices.still_unidentified(session, row) if parked else row.amount
    share = left if answers["amount"] is None else answers["amount"]
    _fits(number, share, left, row.currency)
    candidate = _candidate(session, replace(hint_of(row), amount=share), number, answers["pays"])
    if parked:
        return decisions.identified(row, candidate)
    rest = [decisions.unidentified(row, left - share)] if share < left else []
    return decisions.booked([*decisions.receipt(row, candidate), *rest])


def _fits(number: str, share: Decimal, left: Decimal, currency: str) -> None:
    if not Decimal(0) < share <= left:
        raise BadInput(f"{number} cannot have {money.spoken(share, currency)}: {money.spoken(left, currency)} is left.", "Amounts add up to the entry; what nobody has is parked.")


def _candidate(session: Session, hint: Hint, number: str, pays: Choice | None) -> Candidate:
    aside = pays is not None and pays.code == ON_ACCOUNT
    return candidate_of(session, hint, number, as_written(session, _documents(pays.code)) if pays is not None and not aside else (), on_account=aside)


# split over customers


def _split_fields(row: EntryRow, page: MatchPage) -> list[list[Field[Any]]]:
    customers = [account_field(f"customer{place}", f"Customer {place}", lambda: page, "customer", room=32, needed=place == 1) for place in range(1, ROWS + 1)]
    return [
        [customer, MoneyField(f"amount{place}", "Amount", row.currency, room=24), PaysField(f"pays{place}", customer, row, page)]
        for place, customer in enumerate(customers, 1)
    ]


def _split(session: Session, row: EntryRow, answers: Answers) -> Decision:
    documents: list[Mapping[str, Any]] = []
    left = row.amount
    for place in range(1, ROWS + 1):
        chosen, given = answers[f"customer{place}"], answers[f"amount{place}"]
        if chosen is None:
            continue
        share = left if given is None else given
        _fits(chosen.code, share, left, row.currency)
        left -= share
        documents += decisions.receipt(row, _candidate(session, replace(hint_of(row), amount=share), chosen.code, answers[f"pays{place}"]))
    if left:
        documents.append(decisions.unidentified(row, left))
    return decisions.booked(documents)


def _split_first(session: Session, known: Known) -> Mapping[str, First]:
    """Fill in the payments of a collective entry, or the customers whose documents it names when that is all of it."""
    row, hints = known.row, hints_of(known.row)
    found: list[tuple[Choice | None, Decimal]] = []
    if len(hints) > 1:
        for hint in hints[:ROWS]:
            best = next(iter(candidates_for(session, hint)), None)
            found.append((Choice(best.party.number, best.party.name) if best and best.confidence in choices.SURE else None, hint.amount))
    else:
        named: list[tuple[Choice | None, Decimal]] = [(Choice(each.party.number, each.party.name), sum((one.apply for one in each.proposal.lines), Decimal(0))) for each in candidates_for(session, hints[0]) if "named in the payment" in each.proposal.reason]
        found = named if sum((share for _, share in named), Decimal(0)) == row.amount else []
    filled: dict[str, First] = {}
    for place, (customer, share) in enumerate([each for each in found if each[0] is not None][:ROWS], 1):
        filled |= {f"customer{place}": cast("Choice", customer), f"amount{place}": money.plain(share, row.currency)}
    return filled


# what it returns


def _returned_fields(row: EntryRow, page: MatchPage) -> list[list[Field[Any]]]:
    return [[TextField("receipt", "Receipt", room=40, needed=True, help="The number of the receipt the bank has returned."), MoneyField("fee", "Fee", row.currency, help="What the customer is charged for it; empty: nothing.")]]


def _returned(session: Session, row: EntryRow, answers: Answers) -> Decision:
    return decisions.returned(row, as_written(session, [answers["receipt"].strip()])[0], fee=answers["fee"] or Decimal(0))


def _returned_first(session: Session, known: Known) -> Mapping[str, First]:
    """Fill in the likeliest receipt and the fee the company asks."""
    for choice in known.choices:
        for made in choice.decision.get("documents", ()):
            if made.get("kind") == "reversal":
                return {"receipt": made["document"], "fee": money.plain(nsf_fee(session, made["document"], known.row.booked_on), known.row.currency)}
    return {}


# what it stands for


def _link_fields(row: EntryRow, page: MatchPage) -> list[list[Field[Any]]]:
    return [[TextField("documents", "Documents", needed=True, help="Numbers of documents in the books that together are this entry.")]]


def _link(session: Session, row: EntryRow, answers: Answers) -> Decision:
    return decisions.linked(as_written(session, _documents(answers["documents"])))


def _link_first(session: Session, known: Known) -> Mapping[str, First]:
    linked = next((choice.decision["link"] for choice in known.choices if "link" in choice.decision), ())
    return {"documents": " ".join(linked)} if linked else {}


TITLES: Mapping[type[Command], str] = {Whose: "Whose it is", Split: "Split", Returned: "Returned payment", Link: "Stands for"}
FIELDS: Mapping[type[Command], Callable[[EntryRow, MatchPage], list[list[Field[Any]]]]] = {Whose: _whose_fields, Split: _split_fields, Returned: _returned_fields, Link: _link_fields}
WORK: Mapping[type[Command], Callable[[Session, EntryRow, Answers], Decision]] = {Whose: _whose, Split: _split, Returned: _returned, Link: _link}


def why_not(command: type[Command], row: EntryRow | None) -> str:
    """Say why a question is of no use for an entry."""
    if row is None:
        return "Put the cursor on an entry."
    if row.state in ("booked", "ignored"):
        return f"It is {row.state}, by {row.decided_by}: o opens it again."
    if command is not Whose and row.state == "parked":
        return "It is parked: w says whose it is, o opens it again."
    if command is Returned and row.amount > 0:
        return "A returned payment is money that went out."
    return "Money that went out is nobody's payment: r returned payment, l link." if command in (Whose, Split) and row.amount < 0 else ""
