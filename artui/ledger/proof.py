"""Proving that the books tie, and finding what deserves a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from artui.session import Session


@dataclass(frozen=True)
class Check:
    """One invariant or discrepancy: how many rows break it, and one example. `ties` says whether the books depend on it."""

    name: str
    findings: int
    example: str
    ties: bool

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return self.findings == 0

    def as_json(self) -> dict[str, Any]:
        """Return the check as scripts read it."""
        return {"name": self.name, "findings": self.findings, "example": self.example, "ok": self.ok}


def prove(session: Session, day: date) -> tuple[Check, ...]:
    """Check every invariant of the books from the rows themselves, the hash chain included where the actor may read it."""
    session.query("SELECT api.seal(100000)")
    checks = [
        Check(name, findings, example or "", True)
        for name, findings, example in session.query("SELECT * FROM api.prove(%s)", (day,))
    ]
    if session.query("SELECT has_function_privilege('api.verify_chain()', 'EXECUTE')")[0][0]:
        broken = session.query("SELECT bad_position, source, source_id, why FROM api.verify_chain()")
        example = f"{broken[0][1] or 'chain'} {broken[0][2] or ''} {broken[0][3]}".strip() if broken else ""
        checks.append(Check("audit_chain_unbroken", len(broken), example, True))
    return tuple(checks)


def discrepancies(session: Session, day: date) -> tuple[Check, ...]:
    """Count what is allowed and still deserves a look; the list grows with the tables it speaks of."""
    found = []
    for name, statement in _LOOKS:
        count, example = session.query(statement, {"day": day})[0]
        found.append(Check(name, count, example, False))
    return tuple(found)


_LOOKS = (
    (
        "unidentified_receipts",
        """SELECT count(*), coalesce(min(number), '') FROM document d WHERE event = 'receipt_unidentified' AND posted_on <= %(day)s AND NOT is_reversed(d.id)
           AND amount > coalesce((SELECT sum(amount) FROM document x WHERE x.of_id = d.id AND x.kind = 'identify' AND NOT is_reversed(x.id)), 0)""",
    ),
    (
        "unapplied_cash_over_5_days",
        """SELECT count(*), coalesce(min(d.number), '') FROM open_item i JOIN document d ON d.id = i.document_id
           WHERE i.open < 0 AND NOT i.is_vendor AND d.kind IN ('receipt', 'identify') AND i.posted_on < %(day)s::date - 5""",
    ),
    (
        "accounts_in_credit",
        """SELECT count(*), coalesce(min(number), '') FROM (SELECT a.number FROM open_item i JOIN account a ON a.id = i.account_id
           WHERE i.open <> 0 AND NOT i.is_vendor AND i.posted_on <= %(day)s GROUP BY a.number, i.currency HAVING sum(i.open) < 0) c""",
    ),
    (
        "due_before_document_date",
        "SELECT count(*), coalesce(min(d.number), '') FROM open_item i JOIN document d ON d.id = i.document_id WHERE i.open <> 0 AND i.due_on < i.doc_date AND i.posted_on <= %(day)s",
    ),
    (
        "batches_open_over_1_day",
        "SELECT count(*), coalesce(min(number), '') FROM batch WHERE state IN ('open', 'balanced') AND deposit_date < %(day)s::date - 1",
    ),
    (
        "duplicate_receipts",
        """SELECT count(*), coalesce(min(number), '') FROM (SELECT min(number) AS number FROM document WHERE kind = 'receipt' AND reference IS NOT NULL AND posted_on BETWEEN %(day)s::date - 90 AND %(day)s
           GROUP BY account_id, method, reference, amount HAVING count(*) > 1) x""",
    ),
    (
        "approvals_waiting",
        "SELECT count(*), coalesce(min(id)::text, '') FROM approval WHERE state = 'requested'",
    ),
    (
        "approved_by_their_maker",
        "SELECT count(*), coalesce(min(id)::text, '') FROM approval WHERE one_person",
    ),
)
