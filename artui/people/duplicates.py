"""Two records of one party: suspected while the second is typed, made one with a log, and taken apart again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from artui import text
from artui.errors import Refused
from artui.people.phones import value_key
from artui.session import Session

MOST = 8


@dataclass(frozen=True)
class Suspect:
    """A party that may be the one being typed: why, and how alike (100 means the same tax id, IBAN, e-mail or telephone)."""

    party_id: int
    name: str
    city: str
    accounts: tuple[tuple[str, str], ...]
    """(kind, number) of its accounts."""
    why: str
    alike: int


@dataclass(frozen=True)
class Merged:
    """One entry of the log of merges."""

    number: int
    source: str
    target: str
    reason: str
    by: str
    at: datetime
    undone_by: str


def suspects(
    session: Session, *, name: str = "", tax_id: str = "", phones: tuple[str, ...] = (), emails: tuple[str, ...] = (), iban: str = "", country: str = "", but: int | None = None
) -> tuple[Suspect, ...]:
    """Return the parties that may be the one being typed, surest first; `but` is the party being edited. One round trip."""
    keys = [key for phone in phones if len(key := value_key(phone, country or None)) >= 6]
    rows = session.query(_SUSPECTS, {
        "name": text.clean(name) if len(name.strip()) >= 3 else None, "tax": re.sub(r"[^0-9A-Z]", "", tax_id.upper()) or None, "phones": keys,
        "emails": [text.clean(email).lower() for email in emails if email.strip()], "iban": re.sub(r"[^0-9A-Z]", "", iban.upper()) or None, "but": but, "most": MOST,
    })  # fmt: skip
    return tuple(Suspect(row[0], row[1], row[2], tuple((kind, number) for kind, number in row[3] or ()), row[4], row[5]) for row in rows)


_SUSPECTS = """
WITH found AS (
  SELECT id AS party_id, 'same tax id' AS why, 100 AS alike FROM party WHERE %(tax)s::text IS NOT NULL AND tax_id IS NOT NULL AND upper(regexp_replace(tax_id, '[^0-9A-Za-z]+', '', 'g')) = %(tax)s
  UNION ALL SELECT party_id, 'same bank account', 100 FROM party_bank WHERE iban_key = %(iban)s
  UNION ALL SELECT party_id, 'same e-mail', 100 FROM contact_point WHERE type = 'email' AND value_key = ANY (%(emails)s)
  UNION ALL SELECT party_id, 'same telephone', 100 FROM contact_point WHERE type IN ('phone', 'mobile', 'fax') AND reverse(value_key) = ANY (SELECT reverse(k) FROM unnest(%(phones)s::text[]) k)
  UNION ALL (SELECT id, CASE WHEN name_key = fold(%(name)s) THEN 'same name' ELSE 'similar name' END, round(100 * ext.similarity(name_key, fold(%(name)s)))::int FROM party
             WHERE %(name)s::text IS NOT NULL AND name_key OPERATOR(ext.%%) fold(%(name)s) AND ext.similarity(name_key, fold(%(name)s)) >= 0.55 ORDER BY 3 DESC, id LIMIT %(most)s)),
best AS (SELECT DISTINCT ON (party_id) party_id, string_agg(why, ', ') OVER (PARTITION BY party_id) AS why, max(alike) OVER (PARTITION BY party_id) AS alike
         FROM (SELECT party_id, why, max(alike) AS alike FROM found WHERE party_id IS DISTINCT FROM %(but)s GROUP BY 1, 2) f)
SELECT p.id, p.name, coalesce((SELECT city FROM address d WHERE d.party_id = p.id ORDER BY d.type, d.id LIMIT 1), ''),
  (SELECT jsonb_agg(jsonb_build_array(a.kind, a.number) ORDER BY a.number) FROM account a WHERE a.party_id = p.id), b.why, b.alike
FROM best b JOIN party p ON p.id = b.party_id WHERE p.merged_into IS NULL ORDER BY b.alike DESC, p.name, p.id LIMIT %(most)s"""


def merge(session: Session, key: str, source: int, target: int, reason: str) -> int:
    """Make the party `source` one with `target`: its accounts keep their numbers and what is posted stays. Return the number in the log.

    Raises Refused for a company and its own subsidiary, or without the right.
    """

    def send() -> Any:
        return session.query("SELECT api.merge_parties(%s::uuid, %s, %s, %s, %s)", (key, source, target, text.clean(reason), session.today))[0][0]

    return int(session.carry_out(send))


def party_of(session: Session, kind: str, number: str) -> tuple[int, str]:
    """Return the party behind an account and its name. Raises Refused when there is no such account."""
    rows = session.query("SELECT p.id, p.name FROM account a JOIN party p ON p.id = a.party_id WHERE a.kind = %s AND a.number = %s", (kind, number))
    if not rows:
        raise Refused(f"There is no {kind} numbered {number}.", "artui lookup finds accounts by anything you know of them.", code="AR011")
    return int(rows[0][0]), str(rows[0][1])


def merge_accounts(session: Session, key: str, source: tuple[str, str], target: tuple[str, str], reason: str) -> int:
    """Make the party of one account (kind, number) one with that of another, once for the key; return the number in the log. Raises what `merge` raises."""
    if session.query("SELECT api.posted(%s::uuid)", (key,))[0][0]:
        return int(session.query("SELECT m.id FROM merge m JOIN posting p ON p.id = m.posting_id WHERE p.key = %s::uuid", (key,))[0][0])
    return merge(session, key, party_of(session, *source)[0], party_of(session, *target)[0], reason)


def undo_merge(session: Session, key: str, number: int) -> None:
    """Take a merge back: what it moved returns. Raises Refused when it does not stand any more."""
    session.carry_out(lambda: session.query("SELECT api.undo_merge(%s::uuid, %s, %s)", (key, number, session.today)))


def merges(session: Session, limit: int = 100) -> tuple[Merged, ...]:
    """Return the log of merges, the latest first."""
    rows = session.query(
        """SELECT m.id, a.name, b.name, m.reason, m.merged_by, m.merged_at, coalesce(m.undone_by::text, '') FROM merge m JOIN party a ON a.id = m.from_id JOIN party b ON b.id = m.into_id
           ORDER BY m.id DESC LIMIT %s""",
        (limit,),
    )
    return tuple(Merged(*row) for row in rows)
