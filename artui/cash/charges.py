"""Late interest and fixed sums: proposed from the ledger, posted as open items of their own, waived by those who may.

Nothing is stored until it is posted or waived: a proposal is worked out again from the dated allocations each time, so
interest on an invoice that was paid late is still proposed after it was paid. Days once charged or waived are never
proposed again; reversing a charge frees its days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from psycopg2.extras import Json

from artui import money, text
from artui.cash.charge_rules import DatedProfile, profile_on, profiles_by_code
from artui.cash.interest import Segment, segments, total
from artui.errors import ArtuiError
from artui.ledger.posting import Answer
from artui.session import Session

What = Literal["interest", "fixed_sum"]
_CLOSED_DAYS: Final = 1100
"""How long ago an item may have been paid late and still be proposed when every account is asked for."""


@dataclass(frozen=True)
class Charge:
    """A proposal: interest of an item for some days, or the fixed sum of its invoice; `words` say how it was worked out."""

    account: str
    name: str
    document: str
    item: int
    due: dt.date
    what: What
    first: dt.date
    last: dt.date
    amount: Decimal
    currency: str
    profile: str
    words: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Unworked:
    """An item nothing could be proposed for, and why."""

    account: str
    document: str
    reason: str


@dataclass(frozen=True)
class Charges:
    """What can be charged up to a day, and what could not be worked out."""

    as_of: dt.date
    proposed: tuple[Charge, ...]
    unworked: tuple[Unworked, ...]


_ITEMS = """
SELECT a.number, p.name, coalesce(nullif(a.interest_profile, ''), nullif(setting_on('charges.profile', %(day)s) #>> '{}', '')) AS profile,
  d.number, i.id, i.due_on, i.original, i.disputed, i.currency,
  (SELECT json_agg(json_build_array(least(x.effective_on, c.doc_date), x.live)) FROM (
     SELECT l.effective_on, l.credit_item_id, l.amount + coalesce((SELECT sum(r.amount) FROM allocation r WHERE r.reverses_id = l.id), 0) AS live
     FROM allocation l WHERE l.debit_item_id = i.id AND l.amount > 0) x
   JOIN open_item o ON o.id = x.credit_item_id JOIN document c ON c.id = o.document_id WHERE x.live > 0),
  (SELECT max(s.last_on) FROM charge_span s WHERE s.item_id = i.id AND s.what = 'interest' AND stands(s)),
  EXISTS (SELECT 1 FROM charge_span s JOIN open_item o ON o.id = s.item_id WHERE o.document_id = i.document_id AND s.what = 'fixed_sum' AND stands(s))
FROM open_item i JOIN document d ON d.id = i.document_id JOIN account a ON a.id = i.account_id JOIN party p ON p.id = a.party_id
WHERE NOT i.is_vendor AND i.original > 0 AND i.due_on < %(day)s AND d.kind IN ('invoice', 'opening') AND NOT is_reversed(d.id)
  AND (i.open <> 0 OR (i.last_on > i.due_on AND (%(account)s::text IS NOT NULL OR i.last_on > %(day)s::date - %(closed)s)))
  AND (%(account)s::text IS NULL OR (a.kind = 'customer' AND a.number = %(account)s))
  AND coalesce(nullif(a.interest_profile, ''), nullif(setting_on('charges.profile', %(day)s) #>> '{}', '')) IS NOT NULL
ORDER BY a.number, i.due_on, i.id"""


def proposals(session: Session, *, account: str | None = None, as_of: dt.date | None = None) -> Charges:
    """Work out what can be charged up to a day (default and at most today), for one account or for all.

    Money counts from the day it was received, also where it was allocated later. What is disputed now bears no interest
    unless the profile says so. An amount below the profile's least waits until it is more.
    """
    day = min(as_of or session.today, session.today)
    known = profiles_by_code(session)
    proposed: list[Charge] = []
    unworked: list[Unworked] = []
    summed: set[tuple[str, str]] = set()
    for row in session.query(_ITEMS, {"day": day, "account": account, "closed": _CLOSED_DAYS}):
        number, document = row[0], row[3]
        try:
            for charge in _of_item(row, known, day):
                if charge.what == "interest" or (number, document) not in summed:
                    proposed.append(charge)
                if charge.what == "fixed_sum":
                    summed.add((number, document))  # once an invoice, however many instalments are late
        except ArtuiError as error:
            unworked.append(Unworked(number, document, str(error)))
    return Charges(day, tuple(proposed), tuple(unworked))


def _of_item(
    row: tuple[Any, ...], known: Mapping[str, Sequence[DatedProfile]], day: dt.date
) -> list[Charge]:
    (
        number,
        name,
        code,
        document,
        item,
        due,
        original,
        disputed,
        currency,
        paid,
        charged,
        has_sum,
    ) = row
    profile = profile_on(known, code, due + dt.timedelta(1))
    if (day - due).days <= profile.grace_days:
        return []
    owed = money.from_minor(original, currency)
    if not profile.with_disputed:
        owed -= money.from_minor(disputed, currency)
    payments = [(dt.date.fromisoformat(on), money.from_minor(minor, currency)) for on, minor in paid or []]
    late = segments(due, owed, payments, due + dt.timedelta(1), day, profile)
    begin = charged + dt.timedelta(1) if charged else due + dt.timedelta(1)
    parts = late if not charged else segments(due, owed, payments, begin, day, profile)
    found = []
    common = (number, name, document, item, due)
    amount = total(parts, currency)
    if amount > 0 and amount >= profile.least:
        found.append(Charge(*common, "interest", parts[0].first, parts[-1].last, amount, currency, code, _in_words(document, parts), parts))  # fmt: skip
    if late and profile.fixed_sum and not has_sum and currency == profile.fixed_currency:
        words = f"{document}: fixed sum for the costs of recovery"
        found.append(Charge(*common, "fixed_sum", due + dt.timedelta(1), due + dt.timedelta(1), profile.fixed_sum, currency, code, words))  # fmt: skip
    return found


def _in_words(document: str, parts: Sequence[Segment]) -> str:
    told = [f"{part.days} d at {part.percent:f} % on {money.spoken(part.principal)}" for part in parts]
    shown = ", ".join(told[:4]) + (f" and {len(told) - 4} more" if len(told) > 4 else "")
    return f"{document}: {shown}"


def post_charge(session: Session, key: str, charge: Charge) -> Answer:
    """Post a proposal as an open item of its own, due today, linked to its invoice.

    Raises Refused AR009 when one of its days was charged or waived meanwhile, by whom and for which days.
    """
    return _send(session, "charge", key, _asked(charge) | {"memo": text.clean(charge.words)[:500]})


def waive(session: Session, key: str, charge: Charge, reason: str) -> Answer:
    """Give up a proposal for good: its days are not proposed again. Needs the right and a limit that reaches."""
    return _send(session, "waive_charge", key, _asked(charge) | {"reason": text.clean(reason)})


def waive_posted(session: Session, key: str, document: str, reason: str) -> Answer:
    """Give up a charge that was posted: it is reversed, what paid it is unapplied again, its days are not proposed again."""
    return _send(session, "waive_charge", key, {"document": document, "reason": text.clean(reason)})


def _asked(charge: Charge) -> dict[str, Any]:
    return {
        "item": charge.item, "what": charge.what, "first": charge.first.isoformat(), "last": charge.last.isoformat(),
        "amount": money.to_minor(charge.amount, charge.currency),
    }  # fmt: skip


def _send(session: Session, act: str, key: str, body: Mapping[str, Any]) -> Answer:
    asked = (key, Json(body), session.today)
    call = (
        "SELECT api.charge(%s::uuid, %s, %s)"
        if act == "charge"
        else "SELECT api.waive_charge(%s::uuid, %s, %s)"
    )

    def send() -> Answer:
        answer = session.query(call, asked)[0][0]
        return Answer(key, act, answer["status"], document=answer.get("document"))

    return session.carry_out(send)
