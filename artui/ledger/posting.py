"""Posting documents: from the words of the command line to one call of the vault."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg2.extras import Json

from artui import money
from artui.errors import ArtuiError, BadInput
from artui.ledger.terms import parse_terms, schedule
from artui.session import Session

KINDS = (
    "invoice", "credit_note", "receipt", "allocation", "unallocation", "reversal", "write_off", "refund", "charge", "transfer",
    "small_difference", "recovery", "opening", "purchase", "vendor_payment", "withholding", "netting", "identify", "deposit_applied",
    "bank_charge", "allowance", "exchange_close", "dispute",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What became of one document: `status` is posted, exists, waiting or refused; `approval` is the number that waits."""

    id: str
    kind: str
    status: str
    code: str | None = None
    message: str | None = None
    document: str | None = None
    approval: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the answer in the shape promised to scripts."""
        row: dict[str, Any] = {
            "id": self.id, "kind": self.kind, "status": self.status, "code": self.code, "message": self.message, "document": self.document,
        }  # fmt: skip
        if self.approval is not None:
            row["approval"] = self.approval
        return row


def key_for(run: str, *body: object) -> str:
    """Return the key something is sent under: within a run (a UUID) the same for the same body, another for a changed one."""
    return str(uuid.uuid5(uuid.UUID(run), json.dumps(body, sort_keys=True, default=str)))


def post(session: Session, document: Mapping[str, Any]) -> Answer:
    """Post one document in a transaction of its own and say what became of it.

    `document` has the fields of `artui post` (amounts as strings, Decimals or ints in units of the currency, dates ISO).
    Raises BadInput when it cannot be understood and Refused when the books do not allow it; nothing is changed then.
    """
    key = _key(document)

    def send() -> Answer:
        body = to_vault(session, document)
        answer = session.query("SELECT api.post(%s::uuid, %s, %s)", (key, Json(body), session.today))[0][0]
        return answer_from(key, body["kind"], answer)

    return session.carry_out(send)


def post_all(
    session: Session, documents: Sequence[Mapping[str, Any]], *, atomic: bool = False, dry_run: bool = False
) -> list[Answer]:
    """Post documents in order, each refused one leaving the others alone; with `atomic` all or nothing; `dry_run` keeps nothing."""
    answers: list[Answer] = []
    if not (atomic or dry_run):
        return [_attempt(session, document) for document in documents]
    try:
        with session.transaction():
            answers = [_attempt(session, document) for document in documents]
            if dry_run or any(answer.status == "refused" for answer in answers):
                raise _Undo
            session.query("SET CONSTRAINTS ALL IMMEDIATE")
    except _Undo:
        if atomic and not dry_run:
            answers = [_undone(answer) for answer in answers]
    return answers


class _Undo(Exception):
    """Roll back what was tried."""


def _undone(answer: Answer) -> Answer:
    if answer.status == "refused":
        return answer
    return Answer(
        answer.id,
        answer.kind,
        "refused",
        "atomic",
        "Nothing was posted because another document of the list was refused.",
    )


def _attempt(session: Session, document: Mapping[str, Any]) -> Answer:
    try:
        return post(session, document)
    except ArtuiError as error:
        if error.code == "unreachable":
            raise
        kind = document.get("kind") if isinstance(document, Mapping) else None
        ident = document.get("id") if isinstance(document, Mapping) else None
        return Answer(str(ident), str(kind), "refused", error.code, str(error))


def decide(session: Session, approval: int, *, approve: bool, reason: str = "") -> Answer:
    """Approve or reject what waits under number `approval`. Raises Refused for one's own request or above one's limit."""
    with session.transaction():
        answer = session.query(
            "SELECT api.decide(%s, %s, %s, %s)", (approval, approve, reason, session.today)
        )[0][0]
        action = session.query("SELECT action FROM ar.approval WHERE id = %s", (approval,))[0][0]
    return answer_from(str(approval), action, answer)


def posted(session: Session, key: str) -> Answer | None:
    """Say what became of a document sent under `key`, or None if it never arrived: asked after a lost connection."""
    answer = session.query("SELECT api.posted(%s::uuid)", (key,))[0][0]
    return None if answer is None else answer_from(key, "", answer)


def answer_from(key: str, kind: str, answer: Mapping[str, Any]) -> Answer:
    """Read what the vault said of one document."""
    message = None
    if answer["status"] == "waiting":
        message = f"Approval {answer['approval']} waits for a second person."
    elif answer["status"] == "refused":
        message = "A second person rejected it."
    return Answer(key, kind, answer["status"], None, message, answer.get("document"), answer.get("approval"))


def _key(document: Mapping[str, Any]) -> str:
    if not isinstance(document, Mapping):
        raise BadInput("A document is a JSON object.", 'For example {"id": "...", "kind": "receipt", ...}.')
    try:
        return str(uuid.UUID(str(document.get("id"))))
    except ValueError:
        raise BadInput(
            f'"id" is not a UUID: {document.get("id")!r}.',
            "Make one for each document and keep it: it prevents posting twice.",
        ) from None


def to_vault(session: Session, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document as the vault takes it: amounts in minor units, due dates worked out, text cleaned."""
    from artui.ledger.documents import Reader

    return Reader(session, document).read()


def due_instalments(
    session: Session, rule: object, day: date, amount: Decimal, currency: str
) -> list[dict[str, Any]]:
    """Work out the instalments of an amount under terms (a code of the books, or a rule)."""
    if isinstance(rule, str) and not rule.lstrip().startswith(("[", "{")):
        rows = session.query("SELECT rule FROM ar.terms WHERE code = %s", (rule,))
        if not rows:
            raise BadInput(f"There are no terms {rule}.", "artui terms list shows them.")
        rule = rows[0][0]
    return [
        {"due": part.due.isoformat(), "amount": money.to_minor(part.amount, currency)}
        for part in schedule(parse_terms(rule), day, amount, currency)  # type: ignore[arg-type]
    ]
