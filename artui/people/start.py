"""What the lookup shows before anybody has typed: whether there are accounts at all, those pinned and those looked at last."""

from __future__ import annotations

from dataclasses import dataclass

from artui.people.local_time import HOURS
from artui.people.lookup import Hit, find, known
from artui.people.recents import Kept, kept
from artui.session import Session


@dataclass(frozen=True)
class Start:
    """The books as they stand, the person's own accounts, and the hours in which a call is decent."""

    accounts: bool
    kept: Kept
    hits: tuple[Hit, ...]
    """The pinned accounts first, then the recent ones."""
    call_hours: tuple[str, str] = HOURS


@dataclass(frozen=True)
class Found:
    """The hits for a text; where the choice of kind left nothing, what there is without it."""

    hits: tuple[Hit, ...]
    elsewhere: tuple[Hit, ...] = ()


def start(session: Session) -> Start:
    """Return what stands on the screen while the box is empty."""
    any_there, hours = session.query("SELECT EXISTS (SELECT FROM account), setting_on('call.hours', %s)", (session.today,))[0]
    mine = kept(session)
    return Start(any_there, mine, known(session, mine.all), tuple(hours or HOURS))


def first_look(session: Session, text: str, limit: int, kind: str, open_only: bool) -> tuple[Start, Found]:
    """Return both for somebody who typed before the start was there."""
    return start(session), look(session, text, limit, kind, open_only)


def look(session: Session, text: str, limit: int, kind: str, open_only: bool) -> Found:
    """Find accounts; when the kind chosen has none, say who else it could be."""
    hits = find(session, text, limit, kind, open_only=open_only)
    chosen = kind != "all" or open_only
    return Found(hits, find(session, text, limit) if chosen and not hits else ())
