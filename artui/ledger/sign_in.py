"""What a person is told once after signing in: how much deserves a look, how much waits for them."""

from __future__ import annotations

from artui.ledger.discrepancies import discrepancies
from artui.security.approvals import waiting
from artui.session import Session


def standing(session: Session) -> tuple[int, int]:
    """Return how many discrepancies small indexes show, and how many requests of others one may decide."""
    found = sum(each.findings for each in discrepancies(session, quick=True) if each.name != "approvals_waiting")
    me = session.actor.login
    return found, sum(each.mine and each.maker != me for each in waiting(session)) if "approve" in session.actor.may else 0
