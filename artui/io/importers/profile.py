"""Saved ways of reading a kind of file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from psycopg2.extras import Json

from artui.errors import Refused
from artui.io.importers.outcome import Options
from artui.session import Session
from artui.text import clean, safe

_SAVED = ("rounding", "currency", "date_order", "decimal", "encoding")


def names(session: Session, kind: str) -> tuple[str, ...]:
    """Return the names of the profiles for a kind of file."""
    return tuple(row[0] for row in session.query("SELECT name FROM ar.import_profile WHERE kind = %s ORDER BY name", (kind,)))


def saved(session: Session, name: str, kind: str, options: Options) -> Options:
    """Give the options of a profile with what `options` says on top. Raises Refused when there is none of that kind."""
    rows = session.query("SELECT kind, options FROM ar.import_profile WHERE name = %s", (clean(name),))
    if not rows or rows[0][0] != kind:
        there = names(session, kind)
        shown = (
            f"There are: {', '.join(safe(each) for each in there)}."
            if there
            else "Save one with --save-profile NAME."
        )
        raise Refused(f"There is no profile {safe(name)} for {kind}.", shown, code="AR011")
    kept: dict[str, Any] = rows[0][1]
    blank = Options()
    chosen = {
        field: kept[field]
        for field in _SAVED
        if field in kept and getattr(options, field) == getattr(blank, field)
    }
    return replace(
        options,
        columns={**kept.get("columns", {}), **options.columns},
        line_columns={**kept.get("line_columns", {}), **options.line_columns},
        **chosen,
    )


def save(session: Session, name: str, kind: str, options: Options) -> None:
    """Keep the options under a name, in place of what was kept there. Raises Refused without the right to."""
    session.need("import_profile")
    blank = Options()
    kept: dict[str, Any] = {
        field: getattr(options, field) for field in _SAVED if getattr(options, field) != getattr(blank, field)
    }
    kept |= {"columns": dict(options.columns), "line_columns": dict(options.line_columns)}
    with session.transaction():
        session.query(
            "INSERT INTO ar.import_profile (name, kind, options) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, options = excluded.options",
            (clean(name), kind, Json(kept)),
        )
