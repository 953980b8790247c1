"""The accounts one person looked at last, and those they pinned: kept in their own state folder, per company."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg2.extensions import parse_dsn

from artui.config import private_dir
from artui.errors import ArtuiError
from artui.session import Session

RECENT = 12
PINNED = 9
"""How many of each are kept."""


@dataclass(frozen=True)
class Kept:
    """Account ids: pinned in the order they were pinned, recent the latest first; a pinned one is not among the recent."""

    pinned: tuple[int, ...] = ()
    recent: tuple[int, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        """The pinned, then the recent."""
        return self.pinned + self.recent


def kept(session: Session) -> Kept:
    """Return what the person's file holds; nothing when there is none or it cannot be read."""
    try:
        told = json.loads(_file(session).read_text(encoding="utf-8"))
        return Kept(_ids(told["pinned"])[:PINNED], _ids(told["recent"])[:RECENT])
    except (OSError, ValueError, KeyError, TypeError):
        return Kept()


def opened(session: Session, account: int) -> Kept:
    """Remember that an account was looked at."""
    before = kept(session)
    if account in (*before.pinned, *before.recent[:1]):
        return before
    return _keep(session, replace(before, recent=(account, *(each for each in before.recent if each != account))[:RECENT]))


def pin(session: Session, account: int) -> Kept:
    """Pin an account, or take the pin off; the oldest pin makes room for a new one."""
    before = kept(session)
    if account in before.pinned:
        after = Kept(tuple(each for each in before.pinned if each != account), (account, *before.recent)[:RECENT])
    else:
        after = Kept((*before.pinned, account)[-PINNED:], tuple(each for each in before.recent if each != account))
    return _keep(session, after)


def _keep(session: Session, now: Kept) -> Kept:
    """Write the file whole or not at all; one that cannot be written costs a convenience, not the work."""
    file = _file(session)
    with contextlib.suppress(OSError, ArtuiError):
        private_dir(file.parent)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"pinned": now.pinned, "recent": now.recent}, stream)
        fresh.replace(file)
    return now


def _file(session: Session) -> Path:
    where = parse_dsn(session.dsn)
    company = "\n".join([session.actor.login, *(str(where.get(name, "")) for name in ("host", "port", "dbname"))])
    return session.config.state_dir / "recent" / f"{hashlib.sha256(company.encode()).hexdigest()[:16]}.json"


def _ids(told: object) -> tuple[int, ...]:
    return tuple(each for each in told if type(each) is int) if isinstance(told, list) else ()
