"""Cheques dated ahead, and certificates for tax a customer withheld: papers that wait for their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg2.extras import Json

from artui import money, text
from artui.errors import BadInput, Refused
from artui.ledger import items
from artui.ledger.posting import Answer, answer_from, post, posted
from artui.session import Session


@dataclass(frozen=True)
class Cheque:
    """A post-dated cheque: state is held, deposited or handed_back."""

    number: int
    account: str
    name: str
    cheque: str
    bank: str
    amount: Decimal
    currency: str
    deposit_on: dt.date
    state: str
    taken_by: str
    note: str


@dataclass(frozen=True)
class Certificate:
    """Tax a customer withheld; `received_on` is None while its certificate is pending."""

    document: str
    account: str
    name: str
    date: dt.date
    amount: Decimal
    currency: str
    number: str
    received_on: dt.date | None


def take(
    session: Session, key: str, *, customer: str, cheque: str, amount: Decimal, currency: str, deposit_on: dt.date, bank: str = "", note: str = "",
    allocate: Sequence[tuple[str, Decimal]] = (),
) -> int:  # fmt: skip
    """Take a post-dated cheque in, with the documents it is meant to pay; return its number. Raises Refused when it is here already."""
    body = {
        "customer": customer, "cheque": text.clean(cheque), "amount": money.to_minor(amount, currency), "currency": currency, "deposit_on": deposit_on.isoformat(),
        "bank": text.clean(bank), "note": text.clean(note), "allocate": [{"document": number, "amount": money.to_minor(part, currency)} for number, part in allocate],
    }  # fmt: skip

    def send() -> Any:
        return session.query("SELECT api.take_cheque(%s::uuid, %s, %s)", (key, Json(body), session.today))[0][0]

    return int(session.carry_out(send))


def every(session: Session, *, settled: bool) -> tuple[Cheque, ...]:
    """Return every cheque that is held, by its day; with `settled` those paid in or handed back, too."""
    return _cheques(session, "q.state = 'held' OR %s", settled)


def meant_for(session: Session, customer: str, documents: Sequence[str], amount: Decimal, currency: str) -> tuple[tuple[str, Decimal], ...]:
    """Share an amount among documents of a customer in the order named, each up to what is open. Raises BadInput for one that has nothing open."""
    found = session.query(
        """SELECT d.number, sum(i.open)::bigint FROM open_item i JOIN document d ON d.id = i.document_id JOIN account a ON a.id = i.account_id
           WHERE a.kind = 'customer' AND a.number = %s AND d.number = ANY (%s) AND i.open > 0 AND i.currency = %s GROUP BY 1""",
        (customer, list(documents), currency),
    )
    still, left, shares = dict(found), money.to_minor(amount, currency), []
    for number in documents:
        if number not in still:
            raise BadInput(f"{customer} has nothing open on {number} in {currency}.", "Name documents that are open, or leave it empty.")
        share = min(left, still[number])
        left -= share
        if share:
            shares.append((number, money.from_minor(share, currency)))
    return tuple(shares)


def currency_of(session: Session, customer: str) -> str:
    """Return the currency a customer's account is kept in. Raises Refused when there is none of that number."""
    found = items.currency_of(session, "customer", customer)
    if not found:
        raise Refused(f"There is no customer numbered {customer}.", "F4 looks up by anything you know of them.", code="AR011")
    return found


def withhold(
    session: Session, key: str, *, customer: str, amount: Decimal, day: dt.date, documents: Sequence[str] = (), certificate: str = "", memo: str = ""
) -> Answer:
    """Post tax a customer withheld, set against the documents it was withheld from; with its certificate when that is there. Once for the key."""
    currency = currency_of(session, customer)
    shares = meant_for(session, customer, documents, amount, currency) if posted(session, key) is None else ()
    body: dict[str, Any] = {"id": key, "kind": "withholding", "customer": customer, "date": day.isoformat(), "currency": currency, "amount": money.plain(amount, currency), "memo": text.clean(memo) or None}
    if shares:
        body["allocate"] = [{"document": number, "amount": money.plain(part, currency)} for number, part in shares]
    answer = posted(session, key) or post(session, {name: value for name, value in body.items() if value is not None})
    if certificate and answer.document:
        receive_certificate(session, answer.document, certificate, max(day, session.today))
    return answer


def of_account(session: Session, customer: str) -> tuple[Cheque, ...]:
    """Return every post-dated cheque of a customer."""
    return _cheques(session, "a.kind = 'customer' AND a.number = %s", customer)


def _cheques(session: Session, where: str, value: object) -> tuple[Cheque, ...]:
    rows = session.query(
        f"""SELECT q.id, a.number, p.name, q.cheque, q.bank, q.amount, q.currency, q.deposit_on, q.state, q.taken_by, q.note FROM postdated_cheque q
            JOIN account a ON a.id = q.account_id JOIN party p ON p.id = a.party_id WHERE {where} ORDER BY q.deposit_on, q.id""",
        (value,),
    )
    return tuple(Cheque(*(*row[:5], money.from_minor(row[5], row[6]), *row[6:])) for row in rows)


def deposit(session: Session, key: str, number: int, *, allocate: bool = True) -> Answer:
    """Pay a cheque in: it becomes a receipt dated today, set against what it was meant for (with `allocate` False it stays on account).

    Raises Refused before its day, when it is gone, or when what it was meant for is not open any more.
    """

    def send() -> Any:
        return session.query("SELECT api.deposit_cheque(%s::uuid, %s, %s, %s)", (key, number, allocate, session.today))[0][0]

    return answer_from(key, "receipt", session.carry_out(send))


def hand_back(session: Session, number: int, note: str = "") -> None:
    """Give a cheque back to its drawer. Raises Refused when it is not held any more."""
    with session.transaction():
        session.query("SELECT api.hand_back_cheque(%s, %s)", (number, text.clean(note)))


def certificates(session: Session, *, pending: bool = True) -> tuple[Certificate, ...]:
    """Return tax withheld by customers that stands, oldest first: without its certificate, or with it."""
    rows = session.query(
        """SELECT d.number, a.number, p.name, d.doc_date, d.amount, d.currency, coalesce(c.number::text, ''), c.received_on FROM document d JOIN account a ON a.id = d.account_id JOIN party p ON p.id = a.party_id
           LEFT JOIN certificate c ON c.document_id = d.id WHERE d.kind = 'withholding' AND NOT is_reversed(d.id) AND (c.document_id IS NULL) = %s ORDER BY d.doc_date, d.id""",
        (pending,),
    )
    return tuple(Certificate(*(*row[:4], money.from_minor(row[4], row[5]), *row[5:])) for row in rows)


def receive_certificate(session: Session, document: str, number: str, day: dt.date | None = None) -> None:
    """Note that the certificate of a withholding has come; sent again it corrects the number. Raises Refused when none belongs to it."""
    with session.transaction():
        session.query("SELECT api.receive_certificate(%s, %s, %s)", (document, text.clean(number), day or session.today))
