"""One box for everything: who is calling, from whatever they give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from artui import money, text
from artui.errors import BadInput
from artui.session import Session

_PHONE = re.compile(r"[+(]?[\d ()./+-]{5,}")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Hit:
    """One account found: what it is, what it owes per currency, and what the text matched."""

    account_id: int
    kind: str
    number: str
    name: str
    city: str
    balance: Mapping[str, Decimal]
    past_due: Mapping[str, Decimal]
    oldest_days: int | None
    """Days the oldest open debit is past due; negative or None when nothing is."""
    flags: tuple[str, ...]
    matched_on: str

    def as_json(self) -> dict[str, Any]:
        """Return the hit in the shape promised to scripts."""
        return {
            "kind": self.kind,
            "number": self.number,
            "name": self.name,
            "city": self.city,
            "balance": {code: money.plain(amount, code) for code, amount in self.balance.items()},
            "past_due": {code: money.plain(amount, code) for code, amount in self.past_due.items()},
            "oldest_days": self.oldest_days,
            "flags": list(self.flags),
            "matched_on": self.matched_on,
        }


def find(session: Session, query: str, limit: int = 20, kind: str = "all") -> tuple[Hit, ...]:
    """Return the accounts `query` means, best first: exact before prefix before word before misspelt.

    Understands account numbers, names in any order without accents, phones in any shape, invoice, PO and cheque
    numbers, `=amount` of an open item, tax ids and e-mails. `kind` is customer, vendor or all. One round trip.
    """
    wanted = text.clean(query)
    if not wanted or limit < 1:
        return ()
    rungs, values = _rungs(wanted)
    values.update(limit=limit, kind=kind, day=session.today)
    return tuple(_hit(row) for row in session.query(_statement(rungs), values))


def _rungs(wanted: str) -> tuple[list[str], dict[str, Any]]:
    """Choose the ways of matching that the shape of the text allows, best first."""
    values: dict[str, Any] = {"q": wanted}
    if wanted.startswith("="):
        values["amounts"] = _minor_amounts(wanted[1:])
        return [_AMOUNT], values
    folded = text.fold(wanted)
    bare = wanted.removeprefix("#").strip()
    values.update(
        lower=wanted.lower(), upper=re.sub(r"\s", "", wanted).upper(), bare=bare, bare_like=_like(bare) + "%", upper_bare=bare.upper(),
        lower_like=_like(wanted.lower()) + "%", name_like=_like(folded) + "%", inside=f"%{_like(folded)}%", folded=folded,
    )  # fmt: skip
    rungs = [_NUMBER, _DOCUMENT, _TAX]
    if "@" in wanted:
        rungs.append(_EMAIL)
    digits = re.sub(r"\D", "", wanted)
    if _PHONE.fullmatch(wanted) and len(digits) >= 5:
        significant = digits.removeprefix("00").lstrip("0") or digits
        values["tail"] = significant[::-1] + "%"
        rungs.append(_PHONES)
    rungs.append(_NUMBER_PREFIX)
    if len(bare) >= 3:
        rungs.append(_DOCUMENT_PREFIX)
    rungs.append(_NAME_PREFIX)
    words = _WORD.findall(folded)
    if words:
        values["words"] = " & ".join(f"'{word}':*" for word in words)
        rungs += [_WORDS, _PEOPLE]
    if len(folded) >= 3:
        rungs.append(_INSIDE)
        if not digits:
            rungs.append(_MISSPELT)
    return rungs, values


def _like(pattern: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", pattern)


def _minor_amounts(shown: str) -> list[int]:
    try:
        amount = abs(
            money.parse_amount(
                shown, decimal="." if "." in shown or "," not in shown else ",", lenient_grouping=True
            ).amount
        )
    except BadInput:
        return []
    scaled = {amount.scaleb(places) for places in (0, 2, 3)}
    return [
        sign * int(value)
        for value in scaled
        for sign in (1, -1)
        if value == value.to_integral_value() and 0 < value <= money.MAX_MINOR
    ]


# Each way of matching gives (account id, order within the way, what was matched). "simple" ways are indexed and bounded.
_NUMBER = "SELECT id, number::text, 'number' FROM account WHERE lower(number) = %(lower)s"
_DOCUMENT = """SELECT account_id, number::text, CASE kind WHEN 'receipt' THEN 'receipt' WHEN 'purchase' THEN 'purchase' ELSE 'document' END
  FROM document WHERE number IN (%(bare)s, %(upper_bare)s) AND account_id IS NOT NULL LIMIT %(limit)s)
  UNION ALL (SELECT account_id, number::text, 'po' FROM document WHERE po = %(bare)s LIMIT %(limit)s)
  UNION ALL (SELECT account_id, number::text, 'cheque' FROM document WHERE reference = %(bare)s AND account_id IS NOT NULL LIMIT %(limit)s"""
_TAX = "SELECT a.id, a.number::text, 'tax_id' FROM party p JOIN account a ON a.party_id = p.id WHERE upper(p.tax_id) IN (%(upper)s, upper(%(q)s))"
_EMAIL = """SELECT a.id, a.number::text, 'email' FROM contact_point c JOIN account a ON a.party_id = c.party_id
  WHERE c.type = 'email' AND c.value_key LIKE %(lower_like)s ORDER BY c.value_key LIMIT %(limit)s"""
_PHONES = """SELECT a.id, a.number::text, 'phone' FROM contact_point c JOIN account a ON a.party_id = c.party_id
  WHERE c.type IN ('phone', 'mobile', 'fax') AND reverse(c.value_key) LIKE %(tail)s ORDER BY length(c.value_key) LIMIT %(limit)s"""
_NUMBER_PREFIX = "SELECT id, number::text, 'number' FROM account WHERE lower(number) LIKE %(lower_like)s ORDER BY lower(number) LIMIT %(limit)s"
_DOCUMENT_PREFIX = "SELECT account_id, number::text, 'document' FROM document WHERE number LIKE %(bare_like)s AND kind <> 'purchase' AND account_id IS NOT NULL ORDER BY number USING ~<~ LIMIT %(limit)s"
_NAME_PREFIX = """SELECT a.id, p.name_key, 'name' FROM party p JOIN account a ON a.party_id = p.id
  WHERE p.name_key LIKE %(name_like)s AND (%(kind)s = 'all' OR a.kind = %(kind)s) ORDER BY p.name_key USING ~<~ LIMIT %(limit)s"""
_WORDS = """SELECT a.id, p.name_key, 'name' FROM party p JOIN account a ON a.party_id = p.id
  WHERE to_tsvector('simple', p.name_key) @@ %(words)s::tsquery AND (%(kind)s = 'all' OR a.kind = %(kind)s) LIMIT %(limit)s"""
_PEOPLE = """SELECT a.id, c.name::text, 'contact' FROM contact c JOIN account a ON a.party_id = c.party_id
  WHERE to_tsvector('simple', fold(c.name)) @@ %(words)s::tsquery AND (%(kind)s = 'all' OR a.kind = %(kind)s) LIMIT %(limit)s"""
_AMOUNT = """SELECT i.account_id, d.number::text, 'amount' FROM open_item i JOIN document d ON d.id = i.document_id JOIN currency c ON c.code = i.currency
  WHERE i.open <> 0 AND i.original = ANY (%(amounts)s) ORDER BY i.due_on LIMIT %(limit)s"""
# Wider ways, each tried only when the ones before gave nothing.
_INSIDE = """SELECT a.id, p.name_key, 'name' FROM party p JOIN account a ON a.party_id = p.id
  WHERE NOT EXISTS (SELECT 1 FROM {before}) AND p.name_key LIKE %(inside)s LIMIT %(limit)s"""
_MISSPELT = """SELECT a.id, lpad((1000 * (1 - word_similarity(%(folded)s, p.name_key)))::int::text, 4, '0'), 'similar name' FROM party p JOIN account a ON a.party_id = p.id
  WHERE NOT EXISTS (SELECT 1 FROM {before}) AND %(folded)s <%% p.name_key ORDER BY 2 LIMIT %(limit)s"""


def _statement(rungs: list[str]) -> str:
    names: list[str] = []
    steps = []
    first = [rung for rung in rungs if rung not in (_INSIDE, _MISSPELT)]
    union = " UNION ALL ".join(
        f"(SELECT id, {rank} AS rank, place, matched FROM (({rung})) AS r(id, place, matched))"
        for rank, rung in enumerate(first, 1)
    )
    steps.append(f"near AS MATERIALIZED ({union})")
    names.append("near")
    for name, rung in (("inside", _INSIDE), ("misspelt", _MISSPELT)):
        if rung in rungs:
            before = " UNION ALL SELECT 1 FROM ".join(names)
            steps.append(
                f"{name} AS MATERIALIZED (SELECT id, {len(rungs) + len(names)} AS rank, place, matched FROM ({rung.format(before=before)}) AS r(id, place, matched))"
            )
            names.append(name)
    everything = " UNION ALL ".join(f"SELECT * FROM {name}" for name in names)
    return f"WITH {', '.join(steps)}, hit AS MATERIALIZED (SELECT DISTINCT ON (id) id, rank, place, matched FROM ({everything}) e ORDER BY id, rank, place){_ANSWER}"


_ANSWER = """
, best AS MATERIALIZED (
  SELECT a.id, a.kind, a.number, p.name, p.id AS party_id, a.hold, a.status, h.rank, h.place, h.matched
  FROM hit h JOIN account a ON a.id = h.id JOIN party p ON p.id = a.party_id
  WHERE %(kind)s = 'all' OR a.kind = %(kind)s ORDER BY h.rank, h.place, a.kind, a.number LIMIT %(limit)s)
SELECT b.id, b.kind, b.number, b.name, coalesce((SELECT city FROM address WHERE party_id = b.party_id ORDER BY type, id LIMIT 1), ''),
  o.owed, o.oldest, coalesce(o.disputed, false), b.hold, b.status, b.matched
FROM best b LEFT JOIN LATERAL (
  SELECT jsonb_object_agg(currency, jsonb_build_array(total, late)) AS owed, %(day)s - min(oldest) AS oldest, bool_or(disputed) AS disputed FROM (
    SELECT i.currency::text, sum(v.open) AS total, coalesce(sum(v.open) FILTER (WHERE i.due_on < %(day)s AND v.open > 0), 0) AS late,
      min(i.due_on) FILTER (WHERE v.open > 0) AS oldest, bool_or(i.disputed > 0) AS disputed
    FROM open_item i CROSS JOIN LATERAL (SELECT CASE WHEN i.posted_on > %(day)s THEN 0 WHEN i.last_on > %(day)s THEN open_on(i, %(day)s) ELSE i.open::bigint END AS open) v
    WHERE i.account_id = b.id AND i.open <> 0 GROUP BY 1) c) o ON true
ORDER BY b.rank, b.place, b.kind, b.number"""


def _hit(row: tuple[Any, ...]) -> Hit:
    account_id, kind, number, name, city, owed, oldest, disputed, hold, status, matched = row
    owed = owed or {}
    flags = [flag for flag, on in (("hold", hold), ("dispute", disputed), (status, status != "active")) if on]
    return Hit(
        account_id,
        kind,
        number,
        name,
        city,
        {code: money.from_minor(amounts[0], code) for code, amounts in sorted(owed.items())},
        {code: money.from_minor(amounts[1], code) for code, amounts in sorted(owed.items())},
        oldest,
        tuple(flags),
        matched,
    )
