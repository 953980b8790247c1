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
from artui.cash.statements import evidence
from artui.cash.statements.evidence import Hint
from artui.cash.statements.payers import Guess, Party, weigh
from artui.cash.statements.reading import EntryRow, entry
from artui.errors import BadInput
from artui.session import Session

_MOST_GUESSES: Final = 5
_RANK: Final = (Confidence.CERTAIN, Confidence.LIKELY, Confidence.ASK, Confidence.OFFERED, Confidence.NOTHING)
FEE_MOST: Final = Decimal(50)
"""Units of a currency that banks on the way may have kept of a payment; more is a short payment."""


@dataclass(frozen=True)
class Candidate:
    """A customer the money may be from and what it would pay. `confidence` is the weaker of who and what; `fee` was kept by banks on the way."""

    party: Party
    confidence: Confidence
    reason: str
    proposal: Proposal
    fee: Decimal = Decimal(0)

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
    found = [_candidate(session, hint, guess, day, rules or Rules()) for guess in guesses[:_MOST_GUESSES]]
    return tuple(sorted(found, key=lambda each: (_RANK.index(each.confidence) > 1, 0)))


def _candidate(session: Session, hint: Hint, guess: Guess, day: dt.date, rules: Rules) -> Candidate:
    accounts = evidence.group_of(session, guess.party)
    items, owed_back = evidence.open_on(session, accounts, hint.currency, day, hint.on)
    own = tuple(item for item in items if item.account == guess.party.number)
    told = named(hint.words, [item.document for item in items]).documents
    only = {item.document for item in own}
    if len(accounts) > 1 and own and all(document in only for document in told):
        items = own  # nothing of another house is named: it pays its own
    payment = Payment(hint.amount, hint.currency, hint.on, hint.end_to_end, hint.words)
    proposal, fee = propose(payment, items, owed_back, rules=rules), Decimal(0)
    if proposal.confidence is not Confidence.CERTAIN and told:
        wanted = sum((item.open for item in items if item.document in told), Decimal(0))
        if 0 < wanted - hint.amount <= FEE_MOST:
            fee = wanted - hint.amount
            whole = propose(replace(payment, amount=wanted, designated=told), items, owed_back, rules=rules)
            shown = money.spoken(fee, hint.currency)
            proposal = replace(
                whole, confidence=Confidence.LIKELY, reason=f"{whole.reason}; banks on the way kept {shown}"
            )
    if told and proposal.left > 0 and proposal.confidence is Confidence.LIKELY:
        proposal = _completed(payment, proposal, told, items, owed_back, rules)
    sure = max(guess.confidence, proposal.confidence, key=_RANK.index)
    return Candidate(guess.party, sure, f"{guess.reason}; {proposal.reason}", proposal, fee)


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


def receipt(row: EntryRow, candidate: Candidate) -> list[dict[str, Any]]:
    """Give the documents that carry out a candidate: the receipt with its allocations, what banks kept, older credits set against the rest."""
    currency = row.currency
    allocate = [
        {"document": line.document, "amount": _minor(line.apply, currency), **({"discount": _minor(line.discount, currency)} if line.discount else {})}
        for line in candidate.proposal.lines
    ]  # fmt: skip
    documents: list[dict[str, Any]] = [
        {
            "kind": "receipt",
            "customer": candidate.party.number,
            "amount": _minor(candidate.amount, currency),
            "allocate": allocate,
            **_traits(row),
        }
    ]
    if candidate.fee:
        documents.append(charge(row, candidate.fee))
    if candidate.proposal.uses:
        moves = [
            {"from": use.credit_document, "to": use.document, "amount": _minor(use.amount, currency)}
            for use in candidate.proposal.uses
        ]
        documents.append({"kind": "allocation", "moves": moves})
    return documents


def charge(row: EntryRow, amount: Decimal) -> dict[str, Any]:
    """Give the document of what the bank took."""
    return {
        "kind": "bank_charge",
        "amount": _minor(amount, row.currency),
        "memo": row.text or row.name,
        "reference": _reference(row),
    }


def unidentified(row: EntryRow) -> dict[str, Any]:
    """Give the document of money nobody knows the sender of."""
    return {"kind": "receipt", "amount": _minor(row.amount, row.currency), **_traits(row)}


def accept(session: Session, key: str, row: EntryRow, candidate: Candidate) -> Decided:
    """Book what a candidate says: the receipt with its allocations, in one transaction with the entry's state."""
    return book(session, key, row.id, receipt(row, candidate))


def split(session: Session, key: str, row: EntryRow, candidates: Sequence[Candidate]) -> Decided:
    """Book an entry as several receipts, one per candidate (each of its own part). Refused unless they add up to the entry."""
    return book(session, key, row.id, [document for each in candidates for document in receipt(row, each)])


def park(session: Session, key: str, row: EntryRow) -> Decided:
    """Book it as an unidentified receipt, to be identified later."""
    return book(session, key, row.id, [unidentified(row)])


def book_charge(session: Session, key: str, row: EntryRow) -> Decided:
    """Book a debit as bank charges."""
    return book(session, key, row.id, [charge(row, -row.amount)])


def book_interest(session: Session, key: str, row: EntryRow) -> Decided:
    """Book a credit as interest of the bank."""
    return book(
        session,
        key,
        row.id,
        [{"kind": "bank_interest", "amount": _minor(row.amount, row.currency), "memo": row.text}],
    )


def book_transfer(session: Session, key: str, row: EntryRow) -> Decided:
    """Book one side of a transfer between own accounts; the other side is booked when its bank shows it."""
    side = "in" if row.amount > 0 else "out"
    return book(
        session,
        key,
        row.id,
        [
            {
                "kind": "bank_transfer",
                "reason": side,
                "amount": _minor(abs(row.amount), row.currency),
                "memo": row.text,
            }
        ],
    )


def book_return(
    session: Session,
    key: str,
    row: EntryRow,
    document: str,
    *,
    reason: str = "nsf",
    fee: Decimal = Decimal(0),
) -> Decided:
    """Book a returned payment: the receipt is reversed, what it paid is open again, the fee is charged to the customer."""
    fields: dict[str, Any] = {"kind": "reversal", "document": document, "reason": reason}
    if fee:
        fields["fee"] = _minor(fee, row.currency)
    return book(session, key, row.id, [fields])


def book(session: Session, key: str, ident: int, documents: Sequence[Mapping[str, Any]]) -> Decided:
    """Book documents (vault's words, minor units) and let the entry stand for them. Refused unless they move exactly its amount."""
    return _decide(session, key, ident, {"documents": list(documents)})


def link(session: Session, key: str, ident: int, documents: Sequence[str]) -> Decided:
    """Let the entry stand for documents that are in the books already."""
    if not documents:
        raise BadInput("No document is named.", "Name at least one.")
    return _decide(session, key, ident, {"link": list(documents)})


def identify(session: Session, key: str, row: EntryRow, candidate: Candidate) -> Decided:
    """Say whose a parked entry was after all, and set it against what that customer owes."""
    [first, *_] = receipt(row, candidate)
    fields = {name: first[name] for name in ("customer", "amount", "allocate")}
    return _decide(session, key, row.id, {"identify": fields})


def ignore(session: Session, key: str, ident: int, reason: str) -> Decided:
    """Leave an entry out of these books, under a reason the reconciliation keeps showing."""
    return _decide(session, key, ident, {"ignore": reason})


def reopen(session: Session, key: str, ident: int, reason: str) -> Decided:
    """Undo a decision. What it has booked stays in the books until it is reversed there."""
    return _decide(session, key, ident, {"reopen": reason})


def link_known(session: Session, statement: int) -> int:
    """Let entries stand for documents booked before the bank showed them, where reference and amount leave no choice. Return how many."""
    return int(session.carry_out(lambda: session.query("SELECT api.link_known(%s)", (statement,)))[0][0])


def validate(session: Session, statement: int) -> str:
    """Say that a statement is whole; refused unless opening and entries make its closing balance."""
    return str(
        session.carry_out(lambda: session.query("SELECT api.validate_statement(%s)", (statement,)))[0][0]
    )


def _decide(session: Session, key: str, ident: int, decision: Mapping[str, Any]) -> Decided:
    """Carry out one decision under its key; sent again it answers "exists"."""
    key = str(uuid.UUID(key))

    def send() -> Decided:
        answer = session.query(
            "SELECT api.decide_entry(%s::uuid, %s, %s, %s)", (key, ident, Json(decision), session.today)
        )[0][0]
        return Decided(
            answer["status"], answer.get("document"), answer.get("state") or entry(session, ident).state
        )

    return session.carry_out(send)


def _traits(row: EntryRow) -> dict[str, Any]:
    fields = {
        "method": "transfer",
        "reference": _reference(row),
        "memo": " ".join(filter(None, (row.name, row.text)))[:500],
    }
    return {name: value for name, value in fields.items() if value}


def _reference(row: EntryRow) -> str:
    return row.end_to_end or row.bank_reference or row.reference


def _minor(amount: Decimal, currency: str) -> int:
    return money.to_minor(amount, currency)
