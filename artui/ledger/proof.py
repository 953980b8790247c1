"""Proving that the books tie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from artui.session import Session


@dataclass(frozen=True)
class Check:
    """One invariant: how many rows break it, and one example."""

    name: str
    findings: int
    example: str

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
        Check(name, findings, example or "")
        for name, findings, example in session.query("SELECT * FROM api.prove(%s)", (day,))
    ]
    if session.query("SELECT has_function_privilege('api.verify_chain()', 'EXECUTE')")[0][0]:
        broken = session.query("SELECT bad_position, source, source_id, why FROM api.verify_chain()")
        example = f"{broken[0][1] or 'chain'} {broken[0][2] or ''} {broken[0][3]}".strip() if broken else ""
        checks.append(Check("audit_chain_unbroken", len(broken), example))
    return tuple(checks)
