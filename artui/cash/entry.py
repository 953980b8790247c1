"""Payment entry: what a clerk reads of an account, and the receipt they post, alone or in a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from psycopg2.extras import Json

from artui import money, text
from artui.cash.exchange import Received, plain
from artui.cash.payable import (
    ZERO,
    Credit,
    Earlier,
    Expected,
    Nature,
    Payable,
    Payment,
    Proposal,
    Rules,
)
from artui.cash.proposal import propose
from artui.cash.rules import SETTINGS, rules_of
from artui.cash.worksheet import Worksheet
from artui.clock import spoken
from artui.errors import BadInput, Refused
from artui.ledger.posting import Answer
from artui.ledger.terms import discount_of
from artui.session import Session

MOST_ITEMS = 10_000
_EARLIER_DAYS = 120
_NATURES: Mapping[str, Nature] = {
    "interest": "interest",
    "nsf_fee": "cost",
    "late_fee": "cost",
    "fixed_sum": "cost",
}


@dataclass(frozen=True, slots=True)
class Kin:
    """The other accounts of a group: how many, how many of their items are open in the currency of the payment, and over how much.

    `together`: they were read with the account.
    """

    accounts: int = 0
    items: int = 0
    open: Decimal = ZERO
    together: bool = False


@dataclass(frozen=True)
class PayingAccount:
    """Everything one payment of an account can touch, as of this moment; amounts in `currency`.

    `items` are open debits, oldest due first, each less what open batches already hold for it; `credits` open credits;
    `others` counts open items in other currencies, `elsewhere` names these; `own` is the account's currency.
    `more` says that the limit cut the list (read on with `after`).
    """

    number: str
    name: str
    currency: str
    status: str
    hold: bool
    items: tuple[Payable, ...]
    credits: tuple[Credit, ...]
    earlier: tuple[Earlier, ...]
    small: Decimal
    others: int
    more: bool
    named: str = ""
    rules: Rules = field(default_factory=Rules)
    own: str = ""
    elsewhere: frozenset[str] = frozenset()
    expected: tuple[Expected, ...] = ()
    """What the customer has announced: post-dated cheques that wait for their day."""
    group: Kin = field(default_factory=Kin)
    base_rate: Decimal | None = None
    """What one unit of `currency` is worth in the company's on the day of the payment, where that is known."""

    @property
    def open(self) -> Decimal:
        """What is owed, credits not taken off."""
        return sum((item.open for item in self.items), ZERO)

    def sheet(self, amount: Decimal) -> Worksheet:
        """Lay a payment beside the items."""
        return Worksheet(amount, self.currency, self.items, self.credits, self.small, self.rules)

    def propose(self, payment: Payment, *, expected: Sequence[Expected] | None = None, statement_on: dt.date | None = None) -> Proposal:
        """Propose what a payment in the account's currency is for, by the company's rules."""
        return propose(
            payment, self.items, self.credits, earlier=self.earlier, expected=self.expected if expected is None else expected, statement_on=statement_on, rules=self.rules,
        )  # fmt: skip


_ACCOUNT = """
WITH found AS (
  SELECT a.id, '' AS named FROM account a WHERE a.kind = 'customer' AND a.number = %(who)s
  UNION ALL
  SELECT d.account_id, d.number FROM document d JOIN account a ON a.id = d.account_id AND a.kind = 'customer'
    WHERE d.number IN (%(who)s, upper(%(who)s)) AND d.kind IN ('invoice', 'opening', 'charge', 'credit_note', 'receipt')
  UNION ALL
  SELECT a.id, '' FROM account a WHERE a.kind = 'customer' AND lower(a.number) = lower(%(who)s)
  LIMIT 1),
me AS (SELECT a.*, f.named, coalesce(%(currency)s, a.currency::text) AS wanted FROM found f JOIN account a ON a.id = f.id),
kin AS MATERIALIZED (  -- the accounts of the group, by index whatever the number of parties
  SELECT o.id, o.number FROM me JOIN party p ON p.id = me.party_id
    CROSS JOIN LATERAL (SELECT coalesce(p.parent_id, p.id) AS id UNION SELECT q.id FROM party q WHERE q.parent_id = coalesce(p.parent_id, p.id)) m
    JOIN account o ON o.party_id = m.id AND o.kind = 'customer' WHERE o.id <> me.id),
payers AS (SELECT id FROM me UNION SELECT id FROM kin WHERE %(group)s),
waiting AS MATERIALIZED (  -- entered in a batch that is not posted yet
  SELECT r.document, b.number, r.entered_by FROM me JOIN batch b ON b.state IN ('open', 'balanced') JOIN batch_receipt r ON r.batch_id = b.id
    WHERE r.document ->> 'customer' IN (SELECT number FROM account WHERE id IN (SELECT id FROM payers))),
cheques AS MATERIALIZED (  -- taken and not paid in yet
  SELECT q.* FROM me JOIN postdated_cheque q ON q.account_id IN (SELECT id FROM payers) AND q.state = 'held' AND q.currency = me.wanted),
held AS MATERIALIZED (
  SELECT (x ->> 'item')::bigint AS item, sum((x ->> 'amount')::bigint + coalesce((x ->> 'discount')::bigint, 0) + coalesce((x ->> 'difference')::bigint, 0))::bigint AS amount
    FROM waiting w, jsonb_array_elements(coalesce(w.document -> 'apply', '[]')) x GROUP BY 1)
SELECT me.number, p.name, me.wanted::text, me.currency::text, me.status, me.hold, me.named,
  (SELECT json_agg(x.row) FROM (SELECT json_build_array(i.id, d.number, d.kind, d.event, i.seq, i.doc_date, i.due_on, i.original, i.open - coalesce(h.amount, 0), i.disputed, d.po,
       coalesce(t.rule, CASE WHEN jsonb_typeof(d.terms) <> 'string' THEN d.terms END)::text, CASE WHEN %(group)s THEN c.number ELSE '' END, i.base) AS row
     FROM open_item i JOIN document d ON d.id = i.document_id JOIN account c ON c.id = i.account_id LEFT JOIN terms t ON jsonb_typeof(d.terms) = 'string' AND t.code = d.terms #>> '{}' LEFT JOIN held h ON h.item = i.id
     WHERE i.account_id IN (SELECT id FROM payers) AND i.open > 0 AND i.currency = me.wanted AND (%(due)s::date IS NULL OR (i.due_on, i.id) > (%(due)s::date, %(after)s::bigint))
     ORDER BY i.due_on, i.id LIMIT %(limit)s + 1) x),
  (SELECT json_agg(x.row) FROM (SELECT json_build_array(i.id, d.number, d.kind, i.doc_date, -i.open, -i.original, -i.base) AS row FROM open_item i JOIN document d ON d.id = i.document_id
     WHERE i.account_id IN (SELECT id FROM payers) AND i.open < 0 AND i.currency = me.wanted ORDER BY i.doc_date, i.id LIMIT 500) x),
  (SELECT json_agg(x.row) FROM (SELECT json_build_array(d.number, d.amount, d.doc_date, coalesce(d.reference, ''), o.posted_by,
       came.amount, came.currency) AS row
     FROM document d JOIN posting o ON o.id = d.posting_id LEFT JOIN LATERAL (SELECT l.amount, l.currency FROM journal_line l
       WHERE d.event = 'receipt_exchange' AND l.document_id = d.id AND l.currency <> d.currency AND l.amount > 0 ORDER BY l.line LIMIT 1) came ON true
     WHERE d.account_id IN (SELECT id FROM payers) AND d.kind = 'receipt' AND d.doc_date BETWEEN %(day)s::date - %(days)s AND %(day)s::date + %(days)s AND d.currency = me.wanted AND NOT is_reversed(d.id)
     UNION ALL SELECT json_build_array(w.number, (w.document ->> 'amount')::bigint, w.document ->> 'date', coalesce(w.document ->> 'reference', ''), w.entered_by,
       (w.document -> 'received' ->> 'amount')::bigint, w.document -> 'received' ->> 'currency') FROM waiting w WHERE w.document ->> 'currency' = me.wanted
     UNION ALL SELECT json_build_array('the post-dated cheque ' || q.cheque, q.amount, o.business_date, q.cheque, q.taken_by, NULL, NULL) FROM cheques q JOIN posting o ON o.id = q.posting_id) x),
  (SELECT json_object_agg(x.currency, x.n) FROM (SELECT i.currency, count(*) AS n FROM open_item i WHERE i.account_id IN (SELECT id FROM payers) AND i.open <> 0 AND i.currency <> me.wanted GROUP BY 1) x),
  in_currency((setting_on('small_difference.item', %(day)s) #>> '{}')::numeric, me.wanted, %(day)s),
  (SELECT jsonb_object_agg(n, setting_on(n, %(day)s) #>> '{}') FROM unnest(%(rules)s) n),
  (SELECT e.rate FROM exchange_rate e WHERE e.currency = me.wanted AND e.valid_from <= %(day)s ORDER BY e.valid_from DESC LIMIT 1),
  (SELECT json_agg(json_build_array(q.cheque, q.deposit_on, q.amount, (SELECT json_agg(x ->> 'document') FROM jsonb_array_elements(CASE jsonb_typeof(q.allocate) WHEN 'array' THEN q.allocate ELSE '[]' END) x)) ORDER BY q.deposit_on, q.id) FROM cheques q),
  (SELECT json_build_array((SELECT count(*) FROM kin), count(*), coalesce(sum(i.open), 0)) FROM open_item i WHERE i.account_id IN (SELECT id FROM kin) AND i.open > 0 AND i.currency = me.wanted)
FROM me JOIN party p ON p.id = me.party_id"""


def paying_account(
    session: Session,
    who: str,
    *,
    received_on: dt.date | None = None,
    currency: str | None = None,
    group: bool = False,
    after: Payable | None = None,
    limit: int = MOST_ITEMS,
) -> PayingAccount:
    """Read what a payment of `who` (an account's number, or one of its documents') can be set against. One round trip.

    `received_on` (default today) decides which discounts are earned; `group` adds the accounts of the same group.
    Raises Refused when neither an account nor a document has that number.
    """
    day = received_on or session.today
    rows = session.query(
        _ACCOUNT,
        {
            "who": who.strip(), "currency": currency, "group": group, "day": day, "days": _EARLIER_DAYS, "rules": list(SETTINGS), "limit": limit,
            "due": after.due if after else None, "after": after.key if after else None,
        },
    )  # fmt: skip
    if not rows:
        raise Refused(
            f"No customer and no document is numbered {text.safe(who)}.",
            "F2 finds an account by name.",
            code="AR011",
        )
    number, name, code, own, status, hold, named, items, owed_back, earlier, others, small, settings, base_rate, promised, (kin, kin_items, kin_open) = rows[0]
    listed = items or []
    payables = tuple(item for item in (_payable(row, day, code) for row in listed[:limit]) if item.open > 0)
    return PayingAccount(
        number=number,
        name=name,
        currency=code,
        status=status,
        hold=hold,
        items=payables,
        credits=tuple(
            Credit(key, document, _day(dated), money.from_minor(minor, code), kind, money.from_minor(original, code), base)
            for key, document, kind, dated, minor, original, base in owed_back or []
        ),
        earlier=tuple(
            Earlier(document, money.from_minor(minor, code), _day(dated), instrument, by, money.from_minor(came, came_in) if came else None, came_in or "")
            for document, minor, dated, instrument, by, came, came_in in earlier or []
        ),
        small=money.from_minor(int(small or 0), code),
        others=sum((others or {}).values()),
        more=len(listed) > limit,
        named=named,
        rules=rules_of(settings),
        own=own,
        base_rate=base_rate,
        group=Kin(kin, kin_items, money.from_minor(int(kin_open), code), group),
        expected=tuple(_expected(row, payables, code) for row in promised or []),
        elsewhere=frozenset(others or {}),
    )


def _expected(row: list[Any], items: Sequence[Payable], code: str) -> Expected:
    cheque, deposit_on, minor, documents = row
    meant = tuple(item.key for item in items if item.document in (documents or ()))
    return Expected(f"the post-dated cheque {cheque} of {spoken(_day(deposit_on))}", money.from_minor(minor, code), meant)


def _payable(row: list[Any], day: dt.date, code: str) -> Payable:
    key, document, kind, event, seq, dated, due, original, open_, disputed, po, terms, account, base = row
    left, issued = money.from_minor(open_, code), _day(dated)
    discount, until = discount_of(terms if kind == "invoice" else None, issued, day, left, code)
    return Payable(
        key, document, issued, _day(due), left, discount, until, _NATURES.get(event, "principal"), money.from_minor(disputed, code),
        kind, seq, po or "", money.from_minor(original, code), account, base,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _day(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


@dataclass(frozen=True, slots=True)
class Applied:
    """What one item gets of a receipt; `seen` is what was open of it when the clerk chose, and is checked again."""

    item: int
    seen: Decimal
    cash: Decimal
    discount: Decimal = ZERO
    difference: Decimal = ZERO
    dispute: Decimal = ZERO
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UsedCredit:
    """An older credit set against an item, both as they were seen."""

    credit: int
    credit_seen: Decimal
    item: int
    item_seen: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """A receipt to post: its key is made before it is sent the first time and kept with the draft.

    `account` empty is money of an unknown payer. What is not applied must be named as `on_account`.
    """

    key: str
    account: str
    amount: Decimal
    currency: str
    received_on: dt.date
    method: str = "cheque"
    instrument: str = ""
    payer: str = ""
    applied: tuple[Applied, ...] = ()
    used: tuple[UsedCredit, ...] = ()
    on_account: Decimal = ZERO
    received: Received | None = None
    """What came, where that was another currency than `amount` is in."""


def receipt_of(
    sheet: Worksheet,
    *,
    key: str,
    account: str,
    received_on: dt.date,
    method: str = "cheque",
    instrument: str = "",
    payer: str = "",
    received: Received | None = None,
) -> Receipt:
    """Turn an apply grid into the receipt to post. Raises BadInput while something remains that nobody has named."""
    if not sheet.ready:
        raise BadInput(f"{sheet.why_not()}.", "Nothing was posted.")
    marked = [
        Applied(item.key, item.open, mark.cash, mark.discount, mark.difference, mark.dispute, mark.reason)
        for item in sheet.items
        if (mark := sheet.marks.get(item.key)) is not None
    ]
    return Receipt(
        key, account, sheet.amount, sheet.currency, received_on, method, instrument, payer,
        tuple(marked), used_credits(sheet), sheet.remaining, received,
    )  # fmt: skip


def used_credits(sheet: Worksheet) -> tuple[UsedCredit, ...]:
    """Return the older credits a grid sets against items, everything as it was seen."""
    items = {item.key: item.open for item in sheet.items}
    opens = {credit.key: credit.open for credit in sheet.credits}
    return tuple(
        UsedCredit(use.credit, opens[use.credit], use.item, items[use.item], use.amount) for use in sheet.uses
    )


def post_receipt(session: Session, receipt: Receipt) -> Answer:
    """Post a receipt with everything that hangs on it (discounts, differences, disputes, credits) in one transaction.

    Raises Refused: AR005 when a colleague has paid an item meanwhile (who, with what, when), AR004, AR012 above the
    limit for small differences, AR003 in a closed month. Nothing is posted then. The same receipt again answers "exists".
    """
    return _send(session, receipt.key, "receipt", as_document(receipt))


def apply_credits(
    session: Session, key: str, used: tuple[UsedCredit, ...], currency: str, on: dt.date | None = None
) -> Answer:
    """Set credits that are already in the books (unapplied receipts, credit notes) against items, in one posting."""
    if not used:
        raise BadInput("There is nothing to apply.", "Choose a credit and an item.")
    body: dict[str, Any] = {"kind": "allocation", "use": [_use(one, currency) for one in used]}
    if on is not None:
        body["date"] = on.isoformat()
    return _send(session, key, "allocation", body)


def _send(session: Session, key: str, kind: str, body: Mapping[str, Any]) -> Answer:
    asked = (key, Json(body), session.today)

    def send() -> Answer:
        answer = session.query("SELECT api.post(%s::uuid, %s, %s)", asked)[0][0]
        return Answer(key, kind, answer["status"], document=answer["document"])

    return session.carry_out(send)


def as_document(receipt: Receipt) -> dict[str, Any]:
    """Give a receipt as the vault takes it, amounts in minor units. Raises BadInput for an amount it cannot have."""
    code = receipt.currency
    body: dict[str, Any] = {
        "kind": "receipt",
        "date": receipt.received_on.isoformat(),
        "currency": code,
        "amount": _positive(receipt.amount, code),
        "apply": [_applied(one, code) for one in receipt.applied],
        "on_account": money.to_minor(receipt.on_account, code),
    }
    if not receipt.applied and not receipt.account:
        del body["apply"], body["on_account"]
    if receipt.received is not None:
        body |= _received(receipt.received)
    if receipt.used:
        body["use"] = [_use(one, code) for one in receipt.used]
    words = {
        "customer": receipt.account,
        "method": receipt.method,
        "reference": receipt.instrument,
        "memo": receipt.payer,
    }
    body.update({name: text.clean(word) for name, word in words.items() if word})
    return body


def _received(came: Received) -> dict[str, Any]:
    told: dict[str, Any] = {"currency": came.currency, "amount": _positive(came.amount, came.currency)}
    if came.rate is not None:
        told["rate"] = plain(came.rate)
    return {"received": told} | ({"rate": plain(came.account_rate)} if came.account_rate is not None else {})


def _positive(amount: Decimal, code: str) -> int:
    minor = money.to_minor(amount, code)
    if minor <= 0:
        raise BadInput(f"{money.spoken(amount, code)} is not a receipt.", "Enter an amount above nothing.")
    return minor


def _applied(one: Applied, code: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "item": one.item,
        "open": money.to_minor(one.seen, code),
        "amount": money.to_minor(one.cash, code),
    }
    for name in ("discount", "difference", "dispute"):
        amount = getattr(one, name)
        if amount:
            row[name] = money.to_minor(amount, code)
    if one.dispute:
        row["reason"] = text.clean(one.reason or "unknown")
    return row


def _use(one: UsedCredit, code: str) -> dict[str, Any]:
    return {
        "from": one.credit, "from_open": money.to_minor(one.credit_seen, code), "to": one.item,
        "to_open": money.to_minor(one.item_seen, code), "amount": money.to_minor(one.amount, code),
    }  # fmt: skip
