"""Everything an entry of the bank may be, as choices to pick from: each in words, with its reason, how sure it is, and the decision it would take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from psycopg2.extras import Json

from artui import money
from artui.cash.payable import Confidence
from artui.cash.statements import decisions
from artui.cash.statements.decisions import Decision
from artui.cash.statements.evidence import Hint
from artui.cash.statements.matching import (
    RANK,
    Booked,
    Candidate,
    booked_before,
    candidates_for,
    hint_of,
    hints_of,
)
from artui.cash.statements.payers import numbers
from artui.cash.statements.reading import EntryRow, entry
from artui.clock import spoken
from artui.ledger.corrections import Effects, effects_from, nsf_fee
from artui.session import Session

_RETURN_DAYS: Final = 60
SURE: Final = (Confidence.CERTAIN, Confidence.LIKELY)
"""What may be taken without choosing."""


@dataclass(frozen=True)
class Choice:
    """One thing an entry may be. `number` and `name` are the customer's, or a document's and its customer; `sure` ones may be taken without choosing."""

    number: str
    name: str
    what: str
    reason: str
    confidence: Confidence
    decision: Decision

    @property
    def who(self) -> str:
        """Name it."""
        return f"{self.number} {self.name}".strip()

    @property
    def sure(self) -> bool:
        """Tell whether it is certain or likely."""
        return self.confidence in SURE


@dataclass(frozen=True)
class Known:
    """An entry as it stands in the books now, and what it may be, the surest first."""

    row: EntryRow
    choices: tuple[Choice, ...]

    @property
    def certain(self) -> Choice | None:
        """The choice that may be booked together with others like it: one customer pays exactly what is open, nothing was booked before."""
        first = self.choices[0] if self.choices else None
        fits = first is not None and first.confidence is Confidence.CERTAIN and self.row.state == "open" and not self.row.parts and "documents" in first.decision
        return first if fits else None


def choices(session: Session, ident: int) -> Known:
    """Return what an entry may be: of an open one every choice, of a parked one whose it may be. Raises Refused when there is no such entry."""
    row = entry(session, ident)
    if row.state == "parked":
        return Known(row, _whose(session, row))
    if row.state != "open":
        return Known(row, ())
    found = [_link(each) for each in booked_before(session, row)]
    found += _returns(session, row) if row.amount < 0 else _received(session, row)
    return Known(row, tuple(found))


def effects(session: Session, ident: int, decision: Decision) -> Effects:
    """Carry a decision out and take it back: the same path as `matching.decide`, nothing is kept. Raises what that would raise."""
    with session.transaction():
        return effects_from(session, session.query("SELECT api.entry_effects(%s, %s, %s)", (ident, Json(decision), session.today))[0][0])


def _link(booked: Booked) -> Choice:
    sure = Confidence.LIKELY if "reference" in booked.reason else Confidence.OFFERED
    return Choice(booked.document, booked.customer, f"in the books: {booked.kind.replace('_', ' ')} of {spoken(booked.posted_on)}", booked.reason, sure, decisions.linked([booked.document]))


def _received(session: Session, row: EntryRow) -> list[Choice]:
    hints = hints_of(row)
    if len(hints) > 1:
        return [_split(session, row, hints)]
    return [_customer(each, decisions.booked(decisions.receipt(row, each))) for each in candidates_for(session, hints[0])]


def _whose(session: Session, row: EntryRow) -> tuple[Choice, ...]:
    hint = replace(hint_of(row), amount=still_unidentified(session, row))
    return tuple(_customer(each, decisions.identified(row, each)) for each in candidates_for(session, hint) if each.fee == 0)


def _customer(candidate: Candidate, decision: Decision) -> Choice:
    return Choice(candidate.party.number, candidate.party.name, in_words(candidate), candidate.reason, candidate.confidence, decision)


def in_words(candidate: Candidate) -> str:
    """Say what a customer's payment would pay: "INV-1, INV-2, on account 3.00"."""
    told = [line.document for line in candidate.proposal.lines]
    currency = candidate.currency
    if len(told) > 4:
        told = [*told[:3], f"{len(told) - 3} more"]
    if candidate.proposal.left:
        told.append(f"on account {money.spoken(candidate.proposal.left, currency)}")
    if candidate.fee:
        told.append(f"banks kept {money.spoken(candidate.fee, currency)}")
    return ", ".join(told)


def _split(session: Session, row: EntryRow, hints: tuple[Hint, ...]) -> Choice:
    """One receipt for each payment of a collective entry; those nobody is known for wait together as one unidentified receipt."""
    documents: list[Mapping[str, Any]] = []
    who: dict[str, None] = {}
    weakest, unknown = Confidence.CERTAIN, Decimal(0)
    for hint in hints:
        best = next(iter(candidates_for(session, hint)), None)
        if best is None or best.confidence not in SURE:
            unknown, weakest = unknown + hint.amount, Confidence.LIKELY
            continue
        own = replace(row, name=hint.name, text=hint.text, reference=hint.reference, end_to_end=hint.end_to_end)
        documents += decisions.receipt(own, best)
        who[best.party.number] = None
        weakest = max(weakest, best.confidence, key=RANK.index)
    if unknown:
        documents.append(decisions.unidentified(row, unknown))
    left = f", {money.spoken(unknown, row.currency)} parked" if unknown else ""
    return Choice(", ".join(who) or "unidentified", "", f"{len(hints)} payments of {len(who)} customers{left}", "the bank booked several payments at once; each is looked at by itself", weakest, decisions.booked(documents))


_UNIDENTIFIED = """SELECT d.amount - coalesce((SELECT sum(x.amount) FROM ar.document x WHERE x.of_id = d.id AND x.kind = 'identify' AND NOT ar.is_reversed(x.id)), 0)
  FROM ar.bank_match m JOIN ar.document d ON d.id = m.document_id WHERE m.entry_id = %s AND m.undone_at IS NULL AND d.event = 'receipt_unidentified' ORDER BY d.id LIMIT 1"""


def still_unidentified(session: Session, row: EntryRow) -> Decimal:
    """Return how much of a parked entry nobody has been found for yet."""
    found = session.query(_UNIDENTIFIED, (row.id,))
    return money.from_minor(int(found[0][0]), row.currency) if found else row.amount


_RETURNED = """SELECT d.number, a.number, p.name, d.posted_on, coalesce(d.reference = ANY (%(words)s) OR d.number = ANY (%(words)s), false) AS told,
    EXISTS (SELECT 1 FROM ar.bank_match m JOIN ar.bank_entry e ON e.id = m.entry_id WHERE m.document_id = d.id AND m.undone_at IS NULL
      AND ((%(payer)s <> '' AND e.account = %(payer)s) OR (%(name)s <> '' AND ar.fold(e.name) = ar.fold(%(name)s)))) AS same
  FROM ar.document d JOIN ar.account a ON a.id = d.account_id JOIN ar.party p ON p.id = a.party_id
  WHERE d.posted_on BETWEEN %(first)s AND %(day)s AND d.kind = 'receipt' AND d.amount = %(minor)s AND d.currency = %(currency)s AND NOT ar.is_reversed(d.id)
  ORDER BY 5 DESC, 6 DESC, d.posted_on DESC, d.id DESC LIMIT 20"""


def _returns(session: Session, row: EntryRow) -> list[Choice]:
    """Receipts that money which went out may be the return of: the same amount, and the same reference, account or name."""
    wanted = {
        "words": list(numbers(row.text, row.reference, row.end_to_end, row.bank_reference)), "payer": row.payer_account, "name": row.name,
        "first": row.booked_on - dt.timedelta(_RETURN_DAYS), "day": row.booked_on, "minor": money.to_minor(-row.amount, row.currency), "currency": row.currency,
    }  # fmt: skip
    found = []
    for number, account, name, posted_on, told, same in session.query(_RETURNED, wanted):
        if not (told or same):
            continue
        sure = Confidence.LIKELY if told or row.reversal else Confidence.OFFERED
        reason = f"the same amount and {'reference' if told else 'payer'} as the payment of {spoken(posted_on)}"
        fee = nsf_fee(session, number, row.booked_on)
        asked = f", fee {money.spoken(fee, row.currency)}" if fee else ""
        found.append(Choice(account, name, f"{number} is returned{asked}", reason, sure, decisions.returned(row, number, fee=fee)))
    return found
