"""A file of statements into the books: staged as it is read, each statement taken by one call of the vault, all in one transaction."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from psycopg2.extras import Json

from artui import money
from artui.cash.statements import words
from artui.cash.statements.shapes import Balance, Entry, Part, Reading, Statement, ties
from artui.cash.statements.source import Source
from artui.db.connect import in_words
from artui.errors import ArtuiError, BadInput
from artui.session import Session
from artui.text import mask_cards

_CHUNK: Final = 2_000
_COLUMNS: Final = "load, place, row, booked_on, value_on, amount, reversal, name, account, text, reference, end_to_end, bank_reference, code, parts"
_MOST_FAULTS: Final = 4_000


@dataclass(frozen=True)
class Taken:
    """What became of one statement: `net` is credits less debits, `ties` None when the bank gave only one balance.

    `new` and `known` count its entries; `statement` is its number in the books, None where it was not kept.
    """

    account: str
    currency: str
    opening: Balance | None
    closing: Balance | None
    entries: int
    net: Decimal
    ties: bool | None
    new: int = 0
    known: int = 0
    pending: int = 0
    statement: int | None = None
    faults: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the statement in the shape promised to scripts."""
        return {
            "account": self.account, "currency": self.currency, "opening": _plain(self.opening), "closing": _plain(self.closing),
            "entries": self.entries, "net": money.plain(self.net, self.currency) if self.currency else str(self.net),
            "ties": self.ties, "new": self.new, "known": self.known, "pending": self.pending, "statement": self.statement,
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of a file: its statements, and sentences about what was not kept or does not agree."""

    file: str
    format: str
    statements: tuple[Taken, ...]
    errors: tuple[str, ...]
    dry_run: bool

    def as_json(self) -> dict[str, Any]:
        """Return the outcome in the shape promised to scripts."""
        return {
            "file": self.file, "format": self.format, "statements": [each.as_json() for each in self.statements],
            "errors": list(self.errors), "dry_run": self.dry_run,
        }  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where statements come from: the name and format they go by, and the fingerprint by which the same ones are known again."""

    name: str
    format: str
    fingerprint: str


def origin_of(source: Source) -> Origin:
    """Give the origin of a file."""
    with source.path.open("rb") as file:
        return Origin(str(source.path), source.format, hashlib.file_digest(file, "sha256").hexdigest())


class _Undo(Exception):
    """Roll back what was tried."""


def keep(
    session: Session,
    origin: Origin,
    reading: Reading,
    *,
    account: str | None = None,
    currency: str | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Take every statement of a file into the books; what other statements showed before is recognised, not kept twice.

    `account` and `currency` are used where the file names none. A damaged file is not kept at all; a statement the
    books refuse leaves the others alone. `dry_run` keeps nothing. Raises Refused without the right, Stopped when stopped.
    """
    session.need("bank_statement")
    keeper = _Keeper(session, origin, account or "", currency or "")
    formats: set[str] = set()
    try:
        with session.transaction():
            for each in reading:
                if isinstance(each, Statement):
                    formats.add(each.format)
                    keeper.finish(each)
                else:
                    keeper.add(each)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    except ArtuiError as error:
        if error.code in ("stopped", "unreachable", "42501"):
            raise
        return Outcome(origin.name, origin.format, (), (str(error),), dry_run)
    shown = formats.pop() if len(formats) == 1 else origin.format
    return Outcome(origin.name, shown, tuple(keeper.taken), tuple(keeper.errors), dry_run)


class _Keeper:
    def __init__(self, session: Session, origin: Origin, account: str, currency: str) -> None:
        self._session, self._origin = session, origin
        self._account, self._currency = account, currency
        self._load = str(uuid.uuid4())
        self._place = 1
        self._rows: list[str] = []
        self._count = 0
        self._net = Decimal(0)
        self._foreign: set[str] = set()
        self._today = session.today
        self.taken: list[Taken] = []
        self.errors: list[str] = []

    def add(self, entry: Entry) -> None:
        if not entry.amount:
            return  # a remark without money
        self._count += 1
        self._net += entry.amount
        self._foreign.add(entry.currency)
        self._rows.append(self._line(entry))
        if len(self._rows) >= _CHUNK:
            self._send()

    def _line(self, entry: Entry) -> str:
        minor = money.to_minor(entry.amount, entry.currency)
        parts = json.dumps([_part(part, entry.currency) for part in entry.parts]) if entry.parts else None
        cells: Sequence[Any] = (
            self._load, self._place, self._count, entry.booked_on.isoformat(), entry.value_on.isoformat() if entry.value_on else None,
            minor, entry.reversal, mask_cards(entry.name), entry.account, mask_cards(entry.text), entry.reference, entry.end_to_end, entry.bank_reference, entry.code, parts,
        )  # fmt: skip
        return "\t".join("\\N" if cell is None else str(cell).replace("\\", "\\\\") for cell in cells)

    def _send(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            with in_words():
                cursor = self._session.db.connection().cursor()
                cursor.copy_expert(
                    f"COPY stage.bank_entry ({_COLUMNS}) FROM STDIN", io.StringIO("\n".join(rows))
                )

    def finish(self, statement: Statement) -> None:
        """Hand the statement over to the vault and say what became of it."""
        account, currency = statement.account or self._account, statement.currency or self._currency
        count, net, foreign = self._count, self._net, self._foreign - {currency}
        agrees = ties(statement, net) if not foreign else False
        answer: dict[str, Any] = {}
        try:
            self._send()
            with self._session.transaction():
                self._may_be_kept(account, currency, foreign)
                head = self._head(statement, account, currency)
                answer = self._session.query("SELECT api.take_statement(%s::uuid, %s, %s, %s)", (self._load, self._place, Json(head), self._today))[0][0]  # fmt: skip
        except ArtuiError as error:
            if error.code in ("stopped", "unreachable", "42501"):
                raise
            self.errors.append(f"Statement {self._place}: {error}")
        self.errors += [f"Statement {self._place}: {fault}" for fault in statement.faults]
        self.taken.append(
            Taken(account, currency, statement.opening, statement.closing, count, net, agrees, answer.get("new", 0), answer.get("known", 0),
                  statement.pending, answer.get("statement"), statement.faults)
        )  # fmt: skip
        self._place += 1
        self._count, self._net, self._foreign = 0, Decimal(0), set()

    def _may_be_kept(self, account: str, currency: str, foreign: set[str]) -> None:
        if not account or not currency:
            missing = "its account" if not account else "its currency"
            raise BadInput(f"It does not name {missing}, so it is not kept.", f"Say it with --{'account' if not account else 'currency'}.")  # fmt: skip
        if foreign:
            raise BadInput(f"It has entries in {', '.join(sorted(foreign))} on an account in {currency}.", "It is not kept; ask the bank.")  # fmt: skip

    def _head(self, statement: Statement, account: str, currency: str) -> dict[str, Any]:
        opening, closing = statement.opening, statement.closing
        mixed = any(balance is not None and balance.currency != currency for balance in (opening, closing))
        return {
            "account": account, "currency": currency, "format": statement.format, "ident": statement.ident, "number": statement.number,
            "file": words.line(self._origin.name.rsplit("/", 1)[-1])[:200], "file_hash": self._origin.fingerprint, "pending": statement.pending, "mixed": mixed,
            "faults": " ".join(statement.faults)[:_MOST_FAULTS],
            "opening": money.to_minor(opening.amount, opening.currency) if opening else None,
            "closing": money.to_minor(closing.amount, closing.currency) if closing else None,
            "opening_on": _iso(opening.on if opening else None), "closing_on": _iso(closing.on if closing else None),
            "from_on": _iso(statement.from_on), "to_on": _iso(statement.to_on),
        }  # fmt: skip


def _part(part: Part, currency: str) -> dict[str, Any]:
    amount = None if part.amount is None else money.to_minor(part.amount, currency)
    return {
        "amount": amount, "name": mask_cards(part.name), "account": part.account, "text": mask_cards(part.text), "reference": part.reference, "end_to_end": part.end_to_end,
    }  # fmt: skip


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _plain(balance: Balance | None) -> str | None:
    return None if balance is None else money.plain(balance.amount, balance.currency)
