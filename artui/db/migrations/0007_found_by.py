"""Indexes: changes of bank accounts with the account's, receipts by amount."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Run the frozen SQL beside this file as the owner of the books."""
    cursor = db.cursor()
    cursor.execute("SET LOCAL ROLE ar_owner")
    cursor.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    cursor.execute("RESET ROLE")
