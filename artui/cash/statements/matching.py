"""From an entry of the bank to its place in the books: what is proposed, and the decisions a person takes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from psycopg2.extras import Json

from artui import money
from artui.cash.payable import Confidence, Credit, Payable, Payment, Proposal, Rules
from artui.cash.proposal import propose
from artui.cash.remittance import named
from artui.cash.rules import rules_on
from artui.cash.statements import decisions, evidence
from artui.cash.statements.evidence import Hint
from artui.cash.statements.payers import Guess, Party, weigh
from artui.cash.statements.reading import EntryRow, entry
from artui.errors import Refused
from artui.session import Session

_MOST_GUESSES: Final = 5
RANK: Final = (Confidence.CERTAIN, Confidence.LIKELY, Confidence.ASK, Confidence.OFFERED, Confidence.NOTHING)
"""The surest first."""


@dataclass(frozen=True)
class Candidate:
    """A customer the money may be from and what it would pay. `confidence` is the weaker of who and what; `fee` was kept by banks on the way."""

    party: Party
    confidence: Confidence
    reason: str
    proposal: Proposal
    fee: Decimal = Decimal(0)
    currency: str = ""

    @property
    def amount(self) -> Decimal:
        """What the customer is credited with."""
        return sum((line.apply for line in self.proposal.lines), Decimal(0)) + self.proposal.left


@dataclass(frozen=True)
class Booked:
    """A document in the books that the entry may stand for already."""

    document: str
    kind: str
    posted_on: dt.date
    amount: Decimal
    customer: str
    reason: str


@dataclass(frozen=True)
class Candidates:
    """What an entry may be: documents booked before it, and customers it may be from, the likeliest first."""

    booked: tuple[Booked, ...]
    customers: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The first customer, if there is one."""
        return self.customers[0] if self.customers else None


@dataclass(frozen=True)
class Decided:
    """What became of a decision: posted or exists, the first document it booked, and the state the entry is in."""

    status: str
    document: str | None
    state: str


def hint_of(row: EntryRow) -> Hint:
    """Give what an entry says of its payer."""
    return Hint(
        row.amount,
        row.currency,
        row.booked_on,
        row.name,
        row.payer_account,
        row.text,
        row.reference,
        row.end_to_end,
        row.id,
    )


def hints_of(row: EntryRow) -> tuple[Hint, ...]:
    """Give one hint per payment of a collective entry; the entry's own when it is one payment or its parts do not add up."""
    amounts = [part.amount for part in row.parts]
    if (
        not amounts
        or None in amounts
        or sum((each for each in amounts if each is not None), Decimal(0)) != row.amount
    ):
        return (hint_of(row),)
    return tuple(
        Hint(part.amount or Decimal(0), row.currency, row.booked_on, part.name, part.account, part.text, part.reference, part.end_to_end, row.id)
        for part in row.parts
    )  # fmt: skip


def candidates(session: Session, ident: int) -> Candidates:
    """Return what an entry may be. A debit has only documents; a collective entry is looked at as one (see `candidates_for` and `hints_of`)."""
    row = entry(session, ident)
    customers = candidates_for(session, hint_of(row)) if row.amount > 0 else ()
    return Candidates(booked_before(session, row), customers)


def candidates_for(
    session: Session, hint: Hint, *, as_of: dt.date | None = None, rules: Rules | None = None
) -> tuple[Candidate, ...]:
    """Return the customers a credit may be from with what it would pay of what was open on `as_of` (default: on its day or today)."""
    day = as_of or max(hint.on, session.today)
    guesses = weigh(evidence.signs(session, hint, day))
    rules = rules or rules_on(session, hint.on)
    found = [_candidate(session, hint, guess, day, rules) for guess in guesses[:_MOST_GUESSES]]
    return tuple(sorted(found, key=lambda each: (RANK.index(each.confidence) > 1, 0)))


def candidate_of(session: Session, hint: Hint, number: str, documents: Sequence[str] = (), *, on_account: bool = False) -> Candidate:
    """Return what a customer somebody has chosen would pay: the documents named, in that order, else what the rules propose.

    `on_account` sets it against nothing. Raises Refused when there is no such customer, or one of the documents is not open on it.
    """
    day = max(hint.on, session.today)
    party = evidence.customer(session, number)
    chosen = Guess(party, words=["chosen"], confidence=Confidence.CERTAIN)
    if on_account:
        return Candidate(party, Confidence.CERTAIN, "on account", Proposal((), "on account", Confidence.CERTAIN, hint.amount), currency=hint.currency)
    found = _candidate(session, hint, chosen, day, rules_on(session, hint.on), tuple(documents))
    paid = {line.document for line in found.proposal.lines}
    unpaid = [each for each in documents if each not in paid]
    if unpaid:
        raise Refused(f"Nothing of this pays {unpaid[0]}.", f"It is not open on {party.number}, or the money does not reach so far.", code="AR004")
    return found


def _candidate(session: Session, hint: Hint, guess: Guess, day: dt.date, rules: Rules, designated: tuple[str, ...] = ()) -> Candidate:
    accounts = evidence.group_of(session, guess.party)
    items, owed_back = evidence.open_on(session, accounts, hint.currency, day, hint.on)
    own = tuple(item for item in items if item.account == guess.party.number)
    told = designated or named(hint.words, [item.document for item in items]).documents
    only = {item.document for item in own}
    if len(accounts) > 1 and own and all(document in only for document in told):
        items = own  # nothing of another house is named: it pays its own
    payment = Payment(hint.amount, hint.currency, hint.on, hint.end_to_end, hint.words, designated)
    proposal, fee = propose(payment, items, owed_back, rules=rules), Decimal(0)
    if proposal.confidence is not Confidence.CERTAIN and told:
        wanted = sum((item.open for item in items if item.document in told), Decimal(0))
        if 0 < wanted - hint.amount <= rules.bank_fee:
            fee = wanted - hint.amount
            whole = propose(replace(payment, amount=wanted, designated=told), items, owed_back, rules=rules)
            shown = money.spoken(fee, hint.currency)
            proposal = replace(
                whole, confidence=Confidence.LIKELY, reason=f"{whole.reason}; banks on the way kept {shown}"
            )
    if told and proposal.left > 0 and proposal.confidence is Confidence.LIKELY:
        proposal = _completed(payment, proposal, told, items, owed_back, rules)
    sure = max(guess.confidence, proposal.confidence, key=RANK.index)
    return Candidate(guess.party, sure, f"{guess.reason}; {proposal.reason}", proposal, fee, hint.currency)


def _completed(
    payment: Payment,
    proposal: Proposal,
    told: Sequence[str],
    items: Sequence[Payable],
    owed_back: Sequence[Credit],
    rules: Rules,
) -> Proposal:
    """Take in the one item nobody named that is exactly what the named ones leave over: its number was forgotten or mistyped."""
    rest = [item for item in items if item.document not in told and item.open == proposal.left]
    if len(rest) != 1:
        return proposal
    whole = propose(replace(payment, designated=(*told, rest[0].document)), items, owed_back, rules=rules)
    if whole.left or whole.confidence is not Confidence.CERTAIN:
        return proposal
    return replace(
        whole, confidence=Confidence.LIKELY, reason=f"{proposal.reason}, which is exactly {rest[0].document}"
    )


_BOOKED = """SELECT d.number, d.kind, d.posted_on, sum(l.amount), coalesce(a.number, ''), d.reference
  FROM ar.journal_line l JOIN ar.document d ON d.id = l.document_id LEFT JOIN ar.account a ON a.id = d.account_id
  WHERE d.posted_on BETWEEN %(first)s AND %(last)s AND d.currency = %(currency)s AND d.amount = %(size)s
    AND l.gl = (SELECT gl FROM ar.bank_account WHERE number = %(account)s AND currency = %(currency)s) AND l.currency = %(currency)s AND l.amount = %(minor)s
    AND NOT EXISTS (SELECT 1 FROM ar.bank_match m WHERE m.document_id = d.id AND m.undone_at IS NULL)
    AND (d.reference = ANY (%(words)s) OR d.number = ANY (%(words)s) OR d.id IN (SELECT x.id FROM ar.document x WHERE x.account_id = ANY (%(payers)s) AND x.doc_date BETWEEN %(first)s AND %(last)s))
  GROUP BY d.id, a.number ORDER BY abs(d.posted_on - %(day)s), d.id LIMIT 10"""


def booked_before(session: Session, row: EntryRow, days: int = 15) -> tuple[Booked, ...]:
    """Return documents of the same amount near the entry's day that no entry stands for yet: by reference, number or payer."""
    from artui.cash.statements.payers import numbers

    minor = money.to_minor(row.amount, row.currency)
    guesses = weigh(evidence.signs(session, replace(hint_of(row), amount=abs(row.amount)), row.booked_on))
    wanted: dict[str, Any] = {
        "first": row.booked_on - dt.timedelta(days), "last": row.booked_on + dt.timedelta(days), "day": row.booked_on, "currency": row.currency,
        "account": row.account, "minor": minor, "size": abs(minor),
        "words": list(numbers(row.text, row.reference, row.end_to_end, row.bank_reference)), "payers": [guess.party.id for guess in guesses[:_MOST_GUESSES]],
    }  # fmt: skip
    found = session.query(_BOOKED, wanted)
    told = set(wanted["words"])
    return tuple(
        Booked(number, kind, posted_on, money.from_minor(amount, row.currency), customer,
               "the same amount and reference" if {number, reference} & told else "the same amount and customer")
        for number, kind, posted_on, amount, customer, reference in found
    )  # fmt: skip


def accept(session: Session, key: str, row: EntryRow, candidate: Candidate) -> Decided:
    """Book what a candidate says: the receipt with its allocations, in one transaction with the entry's state."""
    return decide(session, key, row.id, decisions.booked(decisions.receipt(row, candidate)))


def link_known(session: Session, statement: int) -> int:
    """Let entries stand for documents booked before the bank showed them, where reference and amount leave no choice. Return how many."""
    return int(session.carry_out(lambda: session.query("SELECT api.link_known(%s)", (statement,)))[0][0])


def validate(session: Session, statement: int) -> str:
    """Say that a statement is whole; refused unless opening and entries make its closing balance."""
    return str(
        session.carry_out(lambda: session.query("SELECT api.validate_statement(%s)", (statement,)))[0][0]
    )


def decide(session: Session, key: str, ident: int, decision: Mapping[str, Any]) -> Decided:
    """Carry out one decision (one of `decisions`) under its key; sent again it answers "exists". Raises Refused when it was decided before."""
    key = str(uuid.UUID(key))

    def send() -> Decided:
        answer = session.query(
            "SELECT api.decide_entry(%s::uuid, %s, %s, %s)", (key, ident, Json(decision), session.today)
        )[0][0]
        return Decided(
            answer["status"], answer.get("document"), answer.get("state") or entry(session, ident).state
        )

    return session.carry_out(send)

