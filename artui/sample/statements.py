"""What the sample company's banks sent: a statement a month for the books as they are, and the last days' payments nobody has booked yet.

Payers write as payers do: most name their invoices, some mistype a digit, some give their customer number, a structured
reference or nothing at all, some pay through another company, and banks on the way keep a fee.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from artui import money, text
from artui.cash.statements import matching
from artui.cash.statements.keeping import Origin, keep
from artui.cash.statements.shapes import Balance, Entry, Reading, Statement
from artui.sample.scale import DEMO_DATE, Scale
from artui.session import Session

_MONTHS: Final = 4
"""How many months of statements there are."""
_WAITING: Final = 24
"""Payments of the last days that wait to be matched."""
_MOVED = """SELECT l.currency, d.id, d.posted_on, l.amount, d.kind, d.number, coalesce(d.reference, ''), coalesce(a.number, ''), coalesce(p.name, ''), coalesce(p.country, ''),
  ARRAY(SELECT t.number::text FROM ar.open_item c JOIN ar.allocation x ON x.credit_item_id = c.id AND x.posting_id = d.posting_id AND x.amount > 0
        JOIN ar.open_item o ON o.id = x.debit_item_id JOIN ar.document t ON t.id = o.document_id WHERE c.document_id = d.id GROUP BY t.number, o.due_on ORDER BY o.due_on, t.number)
  FROM ar.journal_line l JOIN ar.document d ON d.id = l.document_id LEFT JOIN ar.account a ON a.id = d.account_id LEFT JOIN ar.party p ON p.id = a.party_id
  WHERE l.gl = '1000' AND d.posted_on BETWEEN %s AND %s ORDER BY l.currency, d.posted_on, d.id"""
_BEFORE = "SELECT currency, sum(amount) FROM ar.ledger_day WHERE gl = '1000' AND posted_on < %s GROUP BY 1"
_OWED = """SELECT i.currency, a.number, p.name, coalesce(p.country, ''), d.number, i.open FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id
  JOIN ar.account a ON a.id = i.account_id JOIN ar.party p ON p.id = a.party_id
  WHERE i.open > 0 AND NOT i.is_vendor AND d.kind = 'invoice' AND i.disputed = 0 AND i.due_on BETWEEN %s AND %s ORDER BY a.number, i.due_on, d.number"""


@dataclass(frozen=True)
class Paid:
    """A movement of money as the payer sees it; `amount` in minor units, positive when it comes in."""

    on: date
    amount: int
    currency: str
    customer: str = ""
    name: str = ""
    country: str = ""
    documents: tuple[str, ...] = ()
    reference: str = ""
    kind: str = "receipt"


def arrive(session: Session, scale: Scale, progress: Callable[[str, int, int], None]) -> None:
    """Let the banks' statements arrive: those of the last months, linked to the books, and the one that waits."""
    if not scale.detailed:
        return
    start = (DEMO_DATE.replace(day=1) - timedelta(31 * (_MONTHS - 1))).replace(day=1)
    opening: dict[str, int] = dict(session.query(_BEFORE, (start,)))
    moved = _moved(session, start)
    for done, (currency, paid) in enumerate(sorted(moved.items())):
        balance = opening.get(currency, 0)
        for number, month in enumerate(_by_month(paid), 1):
            rnd = Random(scale.source("statement", currency, number))
            entries = [written(each, rnd) for each in month]
            kept = keep(session, _origin(currency, number), read(currency, number, entries, balance))
            balance += sum(each.amount for each in month)
            for statement in kept.statements:
                if statement.statement is not None:
                    matching.link_known(session, statement.statement)
                    matching.validate(session, statement.statement)
        progress("bank statements", done + 1, len(moved))
        if currency == session.currency:
            fresh = _waiting(session, scale, currency)
            keep(session, _origin(currency, 99), read(currency, 99, fresh, balance))


def iban(country: str, seed: str) -> str:
    """Make an account number of a country with the check digits of ISO 13616 (its bank and number are nobody's)."""
    digits = str(int(hashlib.sha256(seed.encode()).hexdigest(), 16))[:18]
    place = country if len(country) == 2 else "DE"
    moved = "".join(str(int(sign, 36)) for sign in digits + place + "00")
    return f"{place}{98 - int(moved) % 97:02d}{digits}"


def read(currency: str, number: int, entries: Sequence[Entry], opening: int) -> Reading:
    """Give a statement as a reader would."""
    yield from entries
    closing = money.from_minor(opening, currency) + sum((entry.amount for entry in entries), Decimal(0))
    first, last = entries[0].booked_on, entries[-1].booked_on
    yield Statement(
        "camt.053", iban("US", f"own {currency}"), currency, ident=f"{currency}-{number}", number=str(number),
        opening=Balance(money.from_minor(opening, currency), currency, first), closing=Balance(closing, currency, last), from_on=first, to_on=last,
    )  # fmt: skip


def written(paid: Paid, rnd: Random) -> Entry:
    """Give a movement as the bank shows it, in the payer's words."""
    amount = money.from_minor(paid.amount, paid.currency)
    plain = Entry(paid.on, paid.on, amount, paid.currency, end_to_end=paid.reference, code="PMNT")
    if paid.kind != "receipt" or not paid.customer:
        return replace(plain, name=_shown(paid.name), text=_other(paid))
    words, structured = _remittance(paid, rnd)
    name = _payer(paid.name, rnd)
    account = iban(paid.country, f"payer {paid.customer}") if rnd.random() < 0.85 else ""
    return replace(plain, name=name, account=account, text=words, reference=structured)


def _remittance(paid: Paid, rnd: Random) -> tuple[str, str]:
    """Say what a payer writes: the text, and the structured reference where the form had a field for one."""
    named = list(paid.documents)
    chance = rnd.random()
    if not named or chance < 0.09:
        return rnd.choice(("payment", "thank you", "invoice", "on account", "as agreed", "")), ""
    if chance < 0.15:
        return f"customer no. {paid.customer}", ""
    if chance < 0.22 and len(named) == 1:
        return "", _creditor_reference(named[0])
    if chance < 0.27 and len(named) == 1:
        return f"/VS{named[0].rjust(10, '0')}/KS0308", ""
    if chance < 0.32:
        named[-1] = _mistyped(named[-1], rnd)
    elif chance < 0.35 and len(named) > 1:
        named = named[:-1]  # one of them was forgotten
    word = rnd.choice(("Invoice", "INV", "inv.", "Re", "Rechnung", "faktura", "bill no."))
    joint = rnd.choice((", ", " ", "/", " + ", " and "))
    return (
        f"{word} {joint.join(named)}{rnd.choice(('', ' thanks', ' less bank fees', f' of {paid.on:%d.%m.%Y}'))}"[
            :140
        ],
        "",
    )


def _mistyped(number: str, rnd: Random) -> str:
    place = rnd.randrange(len(number) - 1)
    if rnd.random() < 0.5:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return (
        number[:place]
        + str((int(number[place]) + 1) % 10 if number[place].isdigit() else 7)
        + number[place + 1 :]
    )


def _creditor_reference(number: str) -> str:
    moved = "".join(str(int(sign, 36)) for sign in number.upper() + "RF00")
    return f"RF{98 - int(moved) % 97:02d}{number}"


def _payer(name: str, rnd: Random) -> str:
    chance = rnd.random()
    if chance < 0.62:
        return _shown(name)
    if chance < 0.80:
        return text.fold(name).upper()[:35]
    if chance < 0.88:
        return " ".join(_shown(name).split()[:2])
    return "" if chance < 0.94 else "PAYMENT SERVICES LTD"


def _shown(name: str) -> str:
    return name.replace(",", "")[:70]


def _other(paid: Paid) -> str:
    return {
        "bank_charge": "account fees",
        "vendor_payment": "payment",
        "reversal": "returned payment",
        "refund": "refund",
    }.get(paid.kind, "")


def _moved(session: Session, start: date) -> dict[str, list[Paid]]:
    found: dict[str, list[Paid]] = defaultdict(list)
    for currency, _, on, amount, kind, number, reference, customer, name, country, documents in session.query(
        _MOVED, (start, DEMO_DATE)
    ):
        found[currency].append(
            Paid(
                on,
                int(amount),
                currency,
                customer,
                name,
                country,
                tuple(documents),
                reference or number,
                kind,
            )
        )
    return found


def _by_month(paid: Iterable[Paid]) -> Iterator[list[Paid]]:
    months: dict[date, list[Paid]] = defaultdict(list)
    for each in paid:
        months[each.on.replace(day=1)].append(each)
    for month in sorted(months):
        yield months[month]


def _waiting(session: Session, scale: Scale, currency: str) -> list[Entry]:
    """Let customers pay what is due about now, each all of it, once; nobody has booked that yet."""
    owed: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in session.query(_OWED, (DEMO_DATE - timedelta(25), DEMO_DATE + timedelta(5))):
        if row[0] == currency:
            owed[row[1]].append(row)
    rnd = Random(scale.source("waiting"))
    chosen = sorted(rnd.sample(sorted(owed), min(_WAITING, len(owed))))
    entries = []
    for number, customer in enumerate(chosen):
        rows = owed[customer]
        paid = Paid(
            DEMO_DATE,
            sum(int(row[5]) for row in rows),
            currency,
            customer,
            rows[0][2],
            rows[0][3],
            tuple(dict.fromkeys(row[4] for row in rows)),
            f"TX99{number:05d}",
        )
        entries.append(written(paid, rnd))
    entries.append(Entry(DEMO_DATE, DEMO_DATE, Decimal("-18.00"), currency, text="account fees", code="FEES"))
    return entries


def _origin(currency: str, number: int) -> Origin:
    name = f"camt053-{currency}-{number:02d}.xml"
    return Origin(name, "camt", hashlib.sha256(name.encode()).hexdigest())
