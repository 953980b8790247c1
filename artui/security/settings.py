"""Settings: named values that hold from a day on. Nothing is forgotten: an older value still holds for its own days."""

from __future__ import annotations

from datetime import date
from typing import Any

from psycopg2.extras import Json

from artui.errors import BadInput
from artui.session import Session


def in_force(session: Session, day: date) -> list[dict[str, Any]]:
    """Return every setting as it holds on a day."""
    rows = session.query(
        "SELECT DISTINCT ON (name) name, value, valid_from, note FROM setting WHERE valid_from <= %s ORDER BY name, valid_from DESC",
        (day,),
    )
    return [
        {"name": name, "value": value, "valid_from": valid_from.isoformat(), "note": note}
        for name, value, valid_from, note in rows
    ]


def change(session: Session, name: str, value: object, valid_from: date) -> None:
    """Let a known setting have another value of the same kind from a day on. Raises BadInput or Refused."""
    session.need("setting")
    known = {row["name"]: row for row in in_force(session, date.max)}
    if name not in known:
        raise BadInput(f"There is no setting {name}.", f"There are: {', '.join(known)}.")
    before = known[name]["value"]
    if not _fits(name, before, value):
        raise BadInput(f"{name} cannot be {value!r}.", f"It is {before!r} now; give a value of the same kind{', not below 0' if type(before) in (int, float) else ''}.")
    with session.transaction():
        session.query(
            "INSERT INTO setting (name, valid_from, value, note) VALUES (%s, %s, %s, %s) ON CONFLICT (name, valid_from) DO UPDATE SET value = excluded.value",
            (name, valid_from, Json(value), known[name]["note"]),
        )


def _fits(name: str, before: object, value: object) -> bool:
    """Whether a value is of the kind of the one before it; a number is one that can be counted with: neither below 0 nor without end."""
    if name.endswith(".date"):
        return value is None or (isinstance(value, str) and _is_day(value))
    if isinstance(before, int | float) and not isinstance(before, bool):
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**12
    if isinstance(before, list) and isinstance(value, list):
        return len(value) == len(before) and all(isinstance(each, str) for each in value)
    return type(value) is type(before)


def _is_day(shown: str) -> bool:
    try:
        return len(shown) == 10 and 1900 <= date.fromisoformat(shown).year <= 2200
    except ValueError:
        return False
