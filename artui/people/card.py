"""The account card: everything a caller may ask about, in one round trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from artui import money
from artui.errors import Refused
from artui.ledger.items import Item, item_from_row
from artui.people.local_time import HOURS
from artui.session import Session

ITEMS_SHOWN = 200


@dataclass(frozen=True)
class Balance:
    """What is owed in one currency, aged by due date; `unapplied` is negative; the columns add up to `total`."""

    currency: str
    not_due: Decimal
    late: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
    """1-30, 31-60, 61-90, 91-120 and 121+ days."""
    unapplied: Decimal
    total: Decimal
    disputed: Decimal

    @property
    def past_due(self) -> Decimal:
        """Everything late, credits not set off."""
        return sum(self.late, Decimal(0))


class Point(NamedTuple):
    """A number or an address somebody is reached at."""

    type: str
    value: str
    key: str
    """A number's digits with the country's code, an address in small letters."""
    timezone: str
    bad: bool
    """It does not reach them any more."""


@dataclass(frozen=True)
class Person:
    """Somebody at the account, and how they are reached."""

    name: str
    title: str
    purpose: str
    points: tuple[Point, ...]

    @property
    def reached_at(self) -> tuple[tuple[str, str], ...]:
        """The (type, value) pairs of the points."""
        return tuple((point.type, point.value) for point in self.points)

    @property
    def phone(self) -> Point | None:
        """The first number that still reaches them."""
        return next((point for point in self.points if point.type in ("phone", "mobile") and not point.bad), None)


@dataclass(frozen=True)
class Contacted:
    """One entry of the contact log."""

    happened_at: datetime
    by: str
    direction: str
    channel: str
    outcome: str
    note: str


@dataclass(frozen=True)
class Member:
    """Another account of the same group."""

    kind: str
    number: str
    name: str
    account_id: int
    open: tuple[tuple[str, Decimal, Decimal], ...] = ()
    """What is open today in each currency, and what of it is past due."""


class Bought(NamedTuple):
    """What a vendor invoiced in a year and a currency, credits taken off, reversed documents left out."""

    year: int
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Card:
    """One customer or vendor as of a day."""

    account_id: int
    kind: str
    number: str
    name: str
    as_of: date
    currency: str
    terms: str
    status: str
    hold: str
    """The reason of the hold, or nothing."""
    collector: str
    tax_id: str
    country: str
    timezone: str
    note: str
    address: str
    city: str
    credit_limit: Decimal | None
    balances: tuple[Balance, ...]
    oldest_days: int | None
    people: tuple[Person, ...]
    items: tuple[Item, ...]
    items_count: int
    """How many are open; `items` holds the first of them, oldest due first."""
    contacts: tuple[Contacted, ...]
    last_paid: tuple[date, Decimal, str, str] | None
    """Day, amount, currency and reference of the last receipt."""
    last_paid_id: int | None
    """The document of that receipt."""
    oldest: tuple[str, int] | None
    """Number and id of the document that is late longest."""
    group: tuple[Member, ...]
    """The other accounts of the same group."""
    together: bool
    """The balances and items are those of all accounts of this kind in the group."""
    covers: tuple[int, ...]
    """The ids of the accounts the balances and items are of."""
    call_hours: tuple[str, str]
    """Between which times, there, a call is decent."""
    bought: tuple[Bought, ...]
    """Of a vendor, the newest year first; of a customer nothing."""

    @property
    def speaker(self) -> Person | None:
        """Whom to ask for: the first person with a number, those for collections before others."""
        return next((person for person in self.people if person.phone), self.people[0] if self.people else None)


def card(session: Session, kind: str, number: str, as_of: date | None = None, *, together: bool = False) -> Card:
    """Return the card of an account; `together` with the balances and items of its whole group.

    Raises Refused when there is none of that number.
    """
    day = as_of or session.today
    rows = session.prepared("account_card", CARD, kind, number, day, ITEMS_SHOWN, together)
    if not rows:
        raise Refused(
            f"There is no {kind} numbered {number}.",
            "artui lookup finds accounts by anything you know of them.",
            code="AR011",
        )
    return _card(rows[0][0], day, together)


def find_account(session: Session, number: str, kind: str | None = None) -> tuple[str, str]:
    """Return (kind, number) of the account a person means by a number: a customer before a vendor, exact case before any."""
    rows = session.query(
        "SELECT kind, number FROM account WHERE lower(number) = lower(%s) AND kind = coalesce(%s, kind) ORDER BY number <> %s, kind LIMIT 1",
        (number, kind, number),
    )
    if not rows:
        raise Refused(
            f"There is no account numbered {number}.",
            "artui lookup finds accounts by anything you know of them.",
            code="AR011",
        )
    return str(rows[0][0]), str(rows[0][1])


CARD = """
WITH me AS (SELECT a.*, p.name AS party_name, p.tax_id, p.country, p.timezone, p.note, coalesce(p.parent_id, p.id) AS head
            FROM ar.account a JOIN ar.party p ON p.id = a.party_id WHERE a.kind = $1 AND a.number = $2),
covered AS MATERIALIZED (
  SELECT id, number FROM me UNION
  SELECT a.id, a.number FROM me JOIN ar.party p ON p.id = me.head OR p.parent_id = me.head JOIN ar.account a ON a.party_id = p.id AND a.kind = me.kind WHERE $5::boolean),
open AS MATERIALIZED (
  SELECT i.*, m.number AS of_account, v.amount AS now_open FROM covered m JOIN ar.open_item i ON i.account_id = m.id
    CROSS JOIN LATERAL (SELECT CASE WHEN i.posted_on > $3::date THEN 0 WHEN i.first_on IS NULL OR i.first_on > $3::date THEN i.original::bigint WHEN i.last_on <= $3::date THEN i.open::bigint ELSE ar.open_on(i, $3::date) END AS amount) v
  WHERE (i.open <> 0 OR i.last_on > $3::date) AND v.amount <> 0)
SELECT jsonb_build_object(
  'id', me.id, 'kind', me.kind, 'number', me.number, 'name', me.party_name, 'currency', me.currency, 'terms', coalesce(me.terms, ''), 'status', me.status,
  'hold', CASE WHEN me.hold THEN coalesce(me.hold_reason, 'on hold') ELSE '' END, 'collector', coalesce(me.collector, ''), 'tax_id', coalesce(me.tax_id, ''),
  'country', coalesce(me.country, ''), 'timezone', coalesce(me.timezone, ''), 'note', coalesce(me.note, ''), 'credit_limit', me.credit_limit,
  'address', (SELECT jsonb_build_array(concat_ws(', ', nullif(lines, ''), nullif(concat_ws(' ', postcode, city), ''), region, country), city) FROM ar.address WHERE party_id = me.party_id ORDER BY type, id LIMIT 1),
  'balances', (SELECT jsonb_agg(jsonb_build_array(currency, not_due, d30, d60, d90, d120, d121, unapplied, total, disputed) ORDER BY currency) FROM (
     SELECT currency, coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND due_on >= $3::date), 0) AS not_due,
       coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND $3::date - due_on BETWEEN 1 AND 30), 0) AS d30, coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND $3::date - due_on BETWEEN 31 AND 60), 0) AS d60,
       coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND $3::date - due_on BETWEEN 61 AND 90), 0) AS d90, coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND $3::date - due_on BETWEEN 91 AND 120), 0) AS d120,
       coalesce(sum(now_open) FILTER (WHERE now_open > 0 AND $3::date - due_on > 120), 0) AS d121, coalesce(sum(now_open) FILTER (WHERE now_open < 0), 0) AS unapplied,
       sum(now_open) AS total, sum(disputed) AS disputed FROM open GROUP BY currency) b),
  'oldest', (SELECT $3::date - min(due_on) FROM open WHERE now_open > 0),
  'oldest_document', (SELECT jsonb_build_array(d.number, d.id) FROM open o JOIN ar.document d ON d.id = o.document_id WHERE o.now_open > 0 AND o.due_on < $3::date ORDER BY o.due_on, o.document_id LIMIT 1),
  'items', (SELECT jsonb_agg(r ORDER BY due_on, document_id, seq) FROM (SELECT o.due_on, o.document_id, o.seq, jsonb_build_array(d.number, d.kind, o.doc_date, o.due_on, o.original, o.now_open, o.disputed, o.currency, coalesce(d.po, ''), d.id, o.seq, o.of_account) AS r
            FROM open o JOIN ar.document d ON d.id = o.document_id ORDER BY o.due_on, o.document_id, o.seq LIMIT $4::int) x),
  'items_count', (SELECT count(*) FROM open),
  'people', (SELECT jsonb_agg(jsonb_build_array(c.name, coalesce(c.title, ''), c.purpose, (SELECT jsonb_agg(jsonb_build_array(p.type, p.value, p.value_key, coalesce(p.timezone, ''), p.bad) ORDER BY p.preferred DESC, p.id) FROM ar.contact_point p WHERE p.party_id = me.party_id AND p.contact_id = c.id)) ORDER BY c.purpose <> 'collections', c.id)
             FROM ar.contact c WHERE c.party_id = me.party_id),
  'points', (SELECT jsonb_agg(jsonb_build_array(p.type, p.value, p.value_key, coalesce(p.timezone, ''), p.bad) ORDER BY p.preferred DESC, p.id) FROM ar.contact_point p WHERE p.party_id = me.party_id AND p.contact_id IS NULL),
  'contacts', (SELECT jsonb_agg(jsonb_build_array(happened_at, by_login, direction, channel, outcome, note) ORDER BY happened_at DESC) FROM (SELECT * FROM ar.activity WHERE account_id = me.id ORDER BY happened_at DESC LIMIT 20) x),
  'last_paid', (SELECT jsonb_build_array(d.doc_date, d.amount, d.currency, coalesce(d.reference, d.number), d.id) FROM ar.document d WHERE d.id = (SELECT l.id FROM covered m CROSS JOIN LATERAL (SELECT x.id, x.doc_date FROM ar.document x WHERE x.account_id = m.id AND x.kind IN ('receipt', 'vendor_payment') AND x.doc_date <= $3::date
     ORDER BY x.doc_date DESC, x.id DESC LIMIT 1) l ORDER BY l.doc_date DESC, l.id DESC LIMIT 1)),
  'group', (SELECT jsonb_agg(jsonb_build_array(a.kind, a.number, p.name, a.id,
     (SELECT jsonb_agg(jsonb_build_array(x.currency, x.open, x.late) ORDER BY x.currency) FROM (SELECT i.currency, sum(i.open) AS open, coalesce(sum(i.open) FILTER (WHERE i.open > 0 AND i.due_on < $3::date), 0) AS late
        FROM ar.open_item i WHERE i.account_id = a.id AND i.open <> 0 GROUP BY 1) x)) ORDER BY a.number) FROM ar.party p JOIN ar.account a ON a.party_id = p.id WHERE (p.id = me.head OR p.parent_id = me.head) AND a.id <> me.id),
  'bought', CASE WHEN me.kind = 'vendor' THEN (SELECT jsonb_agg(jsonb_build_array(year, currency, amount) ORDER BY year DESC, currency) FROM (
     SELECT extract(year FROM d.doc_date)::int AS year, d.currency, sum(CASE d.kind WHEN 'credit_note' THEN -d.amount ELSE d.amount END) AS amount FROM covered m JOIN ar.document d ON d.account_id = m.id
     WHERE d.kind IN ('purchase', 'credit_note') AND d.doc_date <= $3::date AND NOT ar.is_reversed(d.id) GROUP BY 1, 2) b) END,
  'covers', (SELECT jsonb_agg(id) FROM covered), 'hours', ar.setting_on('call.hours', $3::date))
FROM me"""


def _card(row: Mapping[str, Any], day: date, together: bool) -> Card:
    address = row["address"] or ("", "")
    people = [Person(name, title, purpose, _points(points)) for name, title, purpose, points in row["people"] or ()]
    if row["points"]:
        people.append(Person("", "", "office", _points(row["points"])))
    paid, limit, currency = row["last_paid"], row["credit_limit"], row["currency"]
    return Card(
        account_id=row["id"],
        kind=row["kind"],
        number=row["number"],
        name=row["name"],
        as_of=day,
        currency=currency,
        terms=row["terms"],
        status=row["status"],
        hold=row["hold"],
        collector=row["collector"],
        tax_id=row["tax_id"],
        country=row["country"],
        timezone=row["timezone"],
        note=row["note"],
        address=address[0],
        city=address[1],
        credit_limit=None if limit is None else money.from_minor(limit, currency),
        balances=tuple([_balance(balance) for balance in row["balances"] or ()]),
        oldest_days=row["oldest"],
        people=tuple(people),
        items=tuple([item_from_row(item, day) for item in row["items"] or ()]),
        items_count=row["items_count"],
        contacts=tuple([Contacted(datetime.fromisoformat(entry[0]), *entry[1:]) for entry in row["contacts"] or ()]),
        last_paid=None if paid is None else (date.fromisoformat(paid[0]), money.from_minor(paid[1], paid[2]), paid[2], paid[3]),
        last_paid_id=None if paid is None else paid[4],
        oldest=None if row["oldest_document"] is None else (row["oldest_document"][0], row["oldest_document"][1]),
        group=tuple([_member(*member) for member in row["group"] or ()]),
        together=together,
        covers=tuple(row["covers"]),
        call_hours=tuple(row["hours"] or HOURS),
        bought=tuple([Bought(year, code, money.from_minor(amount, code)) for year, code, amount in row["bought"] or ()]),
    )


def _member(kind: str, number: str, name: str, account_id: int, sums: list[list[Any]] | None) -> Member:
    return Member(kind, number, name, account_id, tuple([(code, money.from_minor(int(whole), code), money.from_minor(int(late), code)) for code, whole, late in sums or ()]))


def _points(points: list[list[Any]] | None) -> tuple[Point, ...]:
    return tuple([Point(*point) for point in points or ()])


def _balance(row: list[Any]) -> Balance:
    code, *minors = row
    nothing = money.from_minor(0, code)
    not_due, d30, d60, d90, d120, d121, unapplied, total, disputed = [money.from_minor(minor, code) if minor else nothing for minor in minors]
    return Balance(code, not_due, (d30, d60, d90, d120, d121), unapplied, total, disputed)
