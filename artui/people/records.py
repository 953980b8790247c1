"""Records people keep: read with the version they have, changed under a key, refused when somebody was quicker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg2.extras import Json

from artui.errors import ArtuiError, Refused
from artui.session import Session

FIELDS: Mapping[str, tuple[str, ...]] = {
    "party": ("kind", "name", "legal_name", "tax_id", "registration_no", "language", "country", "timezone", "parent_id", "note"),
    "account": ("terms", "collector", "status", "credit_limit", "hold", "hold_reason"),
    "contact": ("name", "title", "purpose"),
    "contact_point": ("contact_id", "type", "value", "value_key", "preferred", "bad", "timezone"),
    "address": ("type", "lines", "city", "region", "postcode", "country"),
    "party_bank": ("iban", "bic", "holder"),
    "item": ("number", "description", "unit", "unit_price", "currency", "tax_code"),
    "terms": ("name", "rule"),
}
"""What of each record can be changed; the vault has the same list and the rights."""


REMOVED = "removed"
"""The field of `Theirs` when the record itself is gone."""


@dataclass(frozen=True)
class Record:
    """One row as it was read: its table, key, version and values (amounts in minor units, as the table has them)."""

    table: str
    id: str
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What to make of a record: a new one without `id`, else those `values` on top of `version`; `ref` names a new one for later changes."""

    table: str
    values: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    version: int | None = None
    ref: str | None = None
    delete: bool = False


@dataclass(frozen=True)
class Saved:
    """The records a key made or changed, with their versions now."""

    status: str
    records: tuple[tuple[str, str, int], ...]
    """(table, id, version)."""


@dataclass(frozen=True)
class Theirs:
    """One field somebody changed since it was read: what it was, what it is now, who and when."""

    table: str
    id: str
    field: str
    was: Any
    now: Any
    who: str
    at: datetime


class Conflict(Refused):
    """Somebody changed the record first. `theirs` says what, `records` is how it stands; nothing typed is lost."""

    def __init__(self, error: ArtuiError, theirs: tuple[Theirs, ...], records: tuple[Record, ...]) -> None:
        super().__init__(_sentence(error, theirs), error.hint, code="AR005")
        self.theirs = theirs
        self.records = records


def _sentence(error: ArtuiError, theirs: tuple[Theirs, ...]) -> str:
    if not theirs:
        return error.message
    last = theirs[-1]
    when = f"at {last.at:%H:%M} UTC on {last.at:%Y-%m-%d}"
    if last.field == REMOVED:
        return f"{last.who} removed this {last.table.replace('_', ' ')} {when}."
    names = sorted({row.field.replace("_", " ") for row in theirs})
    return f"{last.who} changed the {_listed(names)} of this {last.table.replace('_', ' ')} {when}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def record(session: Session, table: str, ident: str) -> Record:
    """Return a record for editing. Raises Refused when there is none."""
    key = "code" if table == "terms" else "id"
    columns = ", ".join(FIELDS[table])
    rows = session.query(f"SELECT {key}::text, row_version, {columns} FROM ar.{table} WHERE {key}::text = %s", (ident,))
    if not rows:
        raise Refused(f"There is no such {table.replace('_', ' ')} any more.", "Read the list again.", code="AR011")
    return Record(table, rows[0][0], rows[0][1], dict(zip(FIELDS[table], rows[0][2:], strict=True)))


def item_by_number(session: Session, number: str) -> Record | None:
    """Return the item of that number for editing, its price as text; None when there is none."""
    rows = session.query("SELECT id::text, row_version, to_jsonb(i) FROM ar.item i WHERE lower(number) = lower(%s)", (number.strip(),))
    if not rows:
        return None
    values = {name: rows[0][2].get(name) for name in FIELDS["item"]}
    price = values["unit_price"]
    return Record("item", rows[0][0], rows[0][1], values | {"unit_price": None if price is None else str(price)})


def file_of(session: Session, kind: str, number: str) -> tuple[Record, ...]:
    """Return everything that is kept of an account by hand, for editing: its party, account, people, how they are reached, addresses, banks.

    Raises Refused when there is no such account.
    """
    rows = session.query(_FILE, {"kind": kind, "number": number})
    if not rows:
        raise Refused(f"There is no {kind} numbered {number}.", "artui lookup finds accounts by anything you know of them.", code="AR011")
    return tuple(Record(table, str(row["id"]), row["row_version"], {name: row.get(name) for name in FIELDS[table]}) for table, row in rows)


_FILE = """WITH a AS (SELECT * FROM account WHERE kind = %(kind)s AND number = %(number)s)
SELECT 'party', to_jsonb(p) FROM a JOIN party p ON p.id = a.party_id UNION ALL SELECT 'account', to_jsonb(a) FROM a
UNION ALL (SELECT 'contact', to_jsonb(c) FROM a JOIN contact c USING (party_id) ORDER BY c.id)
UNION ALL (SELECT 'contact_point', to_jsonb(c) FROM a JOIN contact_point c USING (party_id) ORDER BY c.id)
UNION ALL (SELECT 'address', to_jsonb(c) FROM a JOIN address c USING (party_id) ORDER BY c.id)
UNION ALL (SELECT 'party_bank', to_jsonb(c) FROM a JOIN party_bank c USING (party_id) ORDER BY c.id)"""


def save(session: Session, key: str, changes: Sequence[Change]) -> Saved:
    """Carry changes of records out, all or none, once for the key. Raises Conflict when a record was changed since its version was read."""
    body = [
        {name: value for name, value in vars(change).items() if value not in (None, False)} | {"values": dict(change.values)}
        for change in changes
    ]

    def send() -> Any:
        return session.query("SELECT api.save_records(%s::uuid, %s, %s)", (key, Json(body), session.today))[0][0]

    try:
        answer = session.carry_out(send)
    except Refused as error:
        if error.code != "AR005":
            raise
        raise _conflict(session, error, changes) from error
    return Saved(answer["status"], tuple((row["table"], row["id"], row["version"]) for row in answer["records"]))


def _conflict(session: Session, error: Refused, changes: Sequence[Change]) -> Conflict:
    theirs: list[Theirs] = []
    now: list[Record] = []
    for change in changes:
        if change.id is None or change.version is None:
            continue
        found = changes_since(session, change.table, change.id, change.version)
        if found:
            theirs += found
            try:
                now.append(record(session, change.table, change.id))
            except Refused:
                continue    # it was deleted: `theirs` says so
    return Conflict(error, tuple(theirs), tuple(now))


def changes_since(session: Session, table: str, ident: str, version: int) -> tuple[Theirs, ...]:
    """Return what others made of a record since `version`, field by field, in the order it happened."""
    theirs = []
    for who, at, before, after in session.query("SELECT * FROM api.changes_since(%s, %s, %s)", (table, ident, version)):
        if after is None:
            theirs.append(Theirs(table, ident, REMOVED, before, None, who, at))
        else:
            theirs += [Theirs(table, ident, name, before.get(name), after.get(name), who, at) for name in FIELDS[table] if before.get(name) != after.get(name)]
    return tuple(theirs)


def next_number(session: Session, kind: str) -> str:
    """Propose the next free number for a new account: one above the highest that is all digits."""
    rows = session.query("SELECT coalesce(max(number::numeric), 1000)::text FROM account WHERE kind = %s AND number ~ '^[0-9]{1,9}$'", (kind,))
    return str(int(rows[0][0]) + 1)
