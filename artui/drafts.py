"""Drafts: what is being typed, kept as it is typed, with the key it will be sent under.

On the server they belong to their owner alone; while the server is away they lie in a private folder and are taken back later.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg2 import extensions
from psycopg2.extras import Json

from artui import text
from artui.config import Config, private_dir
from artui.errors import ArtuiError
from artui.ledger.posting import Answer, answer_from
from artui.session import Session

_FREE_TEXT = ("memo", "note", "reason", "description", "comment", "text", "subject", "name", "title", "street", "contact", "bank", "city")


def this_terminal() -> str:
    """Name the terminal a person sits at, for telling two of their own apart."""
    tty = ""
    for number in (0, 1, 2):
        with contextlib.suppress(OSError):
            tty = os.ttyname(number).removeprefix("/dev/")
            break
    return text.clean(f"{socket.gethostname()} {tty or os.getpid()}")


@dataclass(frozen=True)
class Draft:
    """An entry not sent yet. `version` is the one last read or written, None before the first save; `body` is plain JSON."""

    kind: str
    body: Mapping[str, Any]
    subject: str = ""
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    terminal: str = field(default_factory=this_terminal)
    version: int | None = None
    copy_of: str | None = None
    """The key of the entry this one is another version of: two terminals went on with it."""
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Elsewhere:
    """That a colleague has a draft, and since when."""

    owner: str
    kind: str
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Returned:
    """What became of the drafts that were kept while the server was away: saved, posted meanwhile, kept beside a newer one."""

    saved: tuple[Draft, ...] = ()
    done: tuple[Answer, ...] = ()
    beside: tuple[Draft, ...] = ()


def save_draft(session: Session, draft: Draft) -> Draft:
    """Keep a draft on the server (one row, one statement) and return it with its new version.

    Raises Refused: AR005 when the entry went on at another terminal, AR009 when it has been posted already.
    """
    kept = masked(draft)
    rows = session.prepared(
        "save_draft", "SELECT api.save_draft($1::uuid, $2, $3, $4::jsonb, $5, $6::int, $7::uuid)",
        kept.key, kept.kind, text.clean(kept.subject)[:500], Json(dict(kept.body)), kept.terminal, kept.version, kept.copy_of,
    )  # fmt: skip
    return replace(draft, version=int(rows[0][0]))


def drafts(session: Session) -> tuple[Draft, ...]:
    """Return one's own drafts, the latest first."""
    rows = session.query(
        "SELECT kind, body, subject, key::text, terminal, row_version, copy_of::text, updated_at FROM draft WHERE owner = session_user ORDER BY updated_at DESC, key"
    )
    return tuple(Draft(*row) for row in rows)


def drafts_of_all(session: Session) -> tuple[Elsewhere, ...]:
    """Return whose drafts there are, oldest first, without what is in them. Raises Refused without the right to know."""
    return tuple(Elsewhere(*row) for row in session.query("SELECT owner, kind, started_at, updated_at FROM api.drafts_of_all()"))


def discard(session: Session, key: str) -> bool:
    """Throw one's own draft away; False when there is none."""
    return bool(session.query("SELECT api.discard_draft(%s::uuid)", (key,))[0][0])


def take_over(session: Session, draft: Draft) -> Draft:
    """Go on at this terminal with a draft as it is on the server now. Raises Refused when it is gone."""
    rows = session.query("SELECT body, subject, row_version FROM draft WHERE key = %s::uuid", (draft.key,))
    if not rows:
        raise ArtuiError("This entry is not waiting any more.", "It was posted or discarded at another terminal.", code="AR011")
    return save_draft(session, replace(draft, body=rows[0][0], subject=rows[0][1], version=rows[0][2], terminal=this_terminal()))


def settle(session: Session, key: str) -> Answer | None:
    """Ask by key what became of an entry whose answer was lost: an Answer ends its draft, None means it never arrived."""
    answer = session.query("SELECT api.settle_draft(%s::uuid)", (key,))[0][0]
    return None if answer is None else answer_from(key, "", answer)


def masked(draft: Draft) -> Draft:
    """Return a draft whose free texts hold no card number: what is kept has the middle digits masked."""
    return replace(draft, subject=_without_cards(draft.subject), body=_masked(draft.body, ""))


def _masked(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _masked(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_masked(part, name) for part in value]
    return _without_cards(value) if isinstance(value, str) and any(word in name for word in _FREE_TEXT) else value


def _without_cards(shown: str) -> str:
    return text.mask_cards(shown)


class Shelf:
    """The private folder where one person's drafts of one company lie while its server is away."""

    def __init__(self, config: Config, dsn: str) -> None:
        named = extensions.parse_dsn(dsn)
        books = "\0".join(str(named.get(part, "")) for part in ("host", "port", "dbname", "user"))
        self.folder = config.drafts_dir / hashlib.sha256(books.encode()).hexdigest()[:16]

    def keep(self, draft: Draft) -> Path:
        """Write a draft so that it survives the machine: 0600, in place of the one before, on disk when this returns."""
        private_dir(self.folder)
        path, fresh = self._path(draft.key), self.folder / f".{uuid.uuid4().hex}"
        kept = masked(draft)
        row = {
            "kind": kept.kind, "body": kept.body, "subject": kept.subject, "key": kept.key, "terminal": kept.terminal, "version": kept.version,
            "copy_of": kept.copy_of, "updated_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(row, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            self._sync_folder()
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise ArtuiError(f"The draft cannot be kept in {self.folder}: {error.strerror}.", "Free some space; what you typed is still on the screen.") from error
        return path

    def kept(self) -> tuple[Draft, ...]:
        """Return the drafts lying here, oldest first; a file that is no draft is left where it is."""
        found = []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                row = json.loads(path.read_text(encoding="utf-8"))
                row["updated_at"] = datetime.fromisoformat(row["updated_at"])
                found.append(Draft(**row))
        return tuple(sorted(found, key=lambda draft: str(draft.updated_at)))

    def remove(self, key: str) -> None:
        """Forget a draft that is kept elsewhere, posted or discarded."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{uuid.UUID(key)}.json"

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def take_back(session: Session, shelf: Shelf) -> Returned:
    """Bring the drafts of a shelf to the server once it is back.

    What was posted meanwhile is done and never repeated; what went on at another terminal is kept beside it under a key of its own.
    """
    saved, done, beside = [], [], []
    for draft in shelf.kept():
        answer = settle(session, draft.key)
        if answer is not None:
            done.append(answer)
        else:
            try:
                saved.append(save_draft(session, draft))
            except ArtuiError as error:
                if error.code != "AR005":
                    raise
                other = str(uuid.uuid5(uuid.UUID(draft.key), draft.terminal))
                beside.append(save_draft(session, replace(draft, key=other, version=None, copy_of=draft.key)))
        shelf.remove(draft.key)
    return Returned(tuple(saved), tuple(done), tuple(beside))
