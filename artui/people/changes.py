"""Who changed what of an account: its own row, the party's, the people, addresses and bank accounts; as far as the reader may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from artui.session import Session

PAGE = 200
_NOT_TOLD = {"id", "party_id", "row_version", "load_id", "name_key", "contact_id", "value_key", "iban_key"}
_TABLES = {"party": "name and facts", "account": "account", "contact": "person", "contact_point": "number or address", "address": "postal address", "party_bank": "bank account"}
_OPS = {"I": "added", "U": "changed", "D": "removed"}


class Change(NamedTuple):
    """One field of one row, before and after; an added row tells what it was added with."""

    at: dt.datetime
    who: str
    what: str
    """Of what: the account, a person, a number ..."""
    done: str
    """added, changed or removed."""
    field: str
    before: str
    after: str


def may_read_all(session: Session) -> bool:
    """Tell whether the reader sees everybody's changes rather than only their own."""
    return "read_audit" in session.actor.may


def changes(session: Session, account: int, *, limit: int = PAGE) -> tuple[Change, ...]:
    """Return the latest changes to an account and its party, newest first; only the reader's own without the right to read the audit."""
    source = "audit" if may_read_all(session) else "own_audit"
    rows = session.query(
        f"""SELECT u.at, u.who, u.table_name, u.op, u.before, u.after FROM {source} u
            WHERE u.table_name IN ('party', 'account', 'contact', 'contact_point', 'address', 'party_bank')
              AND (coalesce(u.after, u.before) ->> CASE u.table_name WHEN 'party' THEN 'id' ELSE 'party_id' END)::bigint = (SELECT party_id FROM account WHERE id = %s)
              AND (u.table_name <> 'account' OR (coalesce(u.after, u.before) ->> 'id')::bigint = %s)
            ORDER BY u.seq DESC LIMIT %s""",
        (account, account, limit),
    )
    return tuple(change for row in rows for change in _told(*row))


def _told(at: dt.datetime, who: str, table: str, op: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    old, new = before or {}, after or {}
    fields = [name for name in (new or old) if name not in _NOT_TOLD and old.get(name) != new.get(name)]
    return [Change(at, who, _TABLES[table], _OPS[op], name.replace("_", " "), _written(old.get(name)), _written(new.get(name))) for name in fields]


def _written(value: Any) -> str:
    if value is None or value is False:
        return "" if value is None else "no"
    return "yes" if value is True else str(value)
