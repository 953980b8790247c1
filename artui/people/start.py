"""What the books hold before anybody has looked anything up."""

from __future__ import annotations

from artui.session import Session


def has_accounts(session: Session) -> bool:
    """Tell whether there is any customer or vendor yet."""
    return bool(session.query("SELECT EXISTS (SELECT FROM ar.account)")[0][0])
