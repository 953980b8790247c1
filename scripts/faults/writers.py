"""Twelve people at the same few accounts for a minute: nobody over-pays, spends twice, loses an edit or sees an error they did not cause.

Each writer is a process of its own that does what clerks do: reads an account, enters a receipt over several items with
discounts, differences and credits, applies what is unapplied, takes allocations back, lets cheques bounce, sends the same
receipt again, corrects a note. Refusals that name what a colleague did (AR004, AR005) are part of the work; anything
else is not. Afterwards the books are held against what the writers were told.

    python scripts/faults/writers.py [--seconds 60] [--writers 12] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg2

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS.parent))

from artui.cash import entry  # noqa: E402
from artui.cash.worksheet import Worksheet  # noqa: E402
from artui.config import BOOKS, Config, load_config  # noqa: E402
from artui.db import company  # noqa: E402
from artui.db.connect import pgcode  # noqa: E402
from artui.db.embedded import EmbeddedServer  # noqa: E402
from artui.errors import ArtuiError, Refused  # noqa: E402
from artui.ledger import posting  # noqa: E402
from artui.session import Session, connect_session  # noqa: E402

TODAY = date(2026, 6, 15)
ACCOUNTS = tuple(f"W{number}" for number in range(4))
EXPECTED = ("AR004", "AR005", "AR009", "AR010", "AR012")
"""What a colleague's work does to ours, said in words that name it; everything else is an error nobody caused."""


@dataclass
class Told:
    """What one writer was told: receipts by key, edits made, refusals by code, and errors nobody can explain."""

    receipts: dict[str, tuple[str, int]] = field(default_factory=dict)
    edits: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Writer:
    """One clerk at work."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance, self.told = session, random.Random(seed), Told()
        self.acts = (self.enter, self.enter, self.enter, self.apply, self.take_back, self.bounce, self.edit, self.bill)

    def work(self, until: float) -> Told:
        """Act until the time is over; count how each act ended."""
        while time.monotonic() < until:
            act = self.chance.choice(self.acts)
            start = time.monotonic()
            try:
                act(self.chance.choice(ACCOUNTS))
                self.told.acts[act.__name__] += 1
            except ArtuiError as error:
                if error.code in EXPECTED and pgcode(error.__cause__) != "23505":
                    self.told.refused[error.code] += 1
                else:
                    self.told.unexplained.append(f"{act.__name__}: {error.code} {error}")
            except Exception as error:
                self.told.unexplained.append(f"{act.__name__}: {error!r}")
            self.told.slowest = max(self.told.slowest, time.monotonic() - start)
        return self.told

    def enter(self, account: str) -> None:
        """Enter a receipt as the account was read, sometimes twice, as after a lost answer."""
        read = entry.paying_account(self.session, account)
        amount = Decimal(self.chance.randrange(100, 30000)) / 100
        sheet = self.mark(read.sheet(amount))
        receipt = entry.receipt_of(sheet, key=str(uuid.uuid4()), account=account, received_on=TODAY, instrument=str(self.chance.randrange(10**6)))
        answer = entry.post_receipt(self.session, receipt)
        self.told.receipts[receipt.key] = (str(answer.document), int(amount * 100))
        if self.chance.random() < 0.2:
            again = entry.post_receipt(self.session, receipt)
            if (again.status, again.document) != ("exists", answer.document):
                self.told.unexplained.append(f"enter: sent again, answered {again}")

    def mark(self, sheet: Worksheet) -> Worksheet:
        """Mark some rows in some way; the rest stays on account."""
        rows = self.chance.sample(sheet.items, min(len(sheet.items), 3))
        for row in rows:
            option = self.chance.choice((sheet.full, sheet.part, sheet.adjust, sheet.discount, sheet.short, sheet.use_credit))
            try:
                sheet = option(row.key)
            except Refused:
                continue
        return sheet.leave_on_account()

    def apply(self, account: str) -> None:
        """Set an old credit against an item."""
        read = entry.paying_account(self.session, account)
        if read.credits and read.items:
            credit, item = self.chance.choice(read.credits), self.chance.choice(read.items)
            use = entry.UsedCredit(credit.key, credit.open, item.key, item.open, min(credit.open, item.open))
            entry.apply_credits(self.session, str(uuid.uuid4()), (use,), "USD")

    def take_back(self, account: str) -> None:
        """Un-allocate what a receipt has paid."""
        rows = self.session.query(
            """SELECT c.number, d.number, l.amount FROM allocation l JOIN open_item x ON x.id = l.debit_item_id JOIN document d ON d.id = x.document_id
                 JOIN open_item y ON y.id = l.credit_item_id JOIN document c ON c.id = y.document_id JOIN account a ON a.id = x.account_id
               WHERE a.number = %s AND l.kind = 'payment' AND l.amount > 0 ORDER BY l.id DESC LIMIT 20""", (account,))  # fmt: skip
        if rows:
            receipt, bill, minor = self.chance.choice(rows)
            move = {"from": receipt, "to": bill, "amount": f"{Decimal(minor) / 100}"}
            posting.post(self.session, {"id": str(uuid.uuid4()), "kind": "unallocation", "moves": [move]})

    def bounce(self, account: str) -> None:
        """Let one's own last cheque bounce."""
        if self.told.receipts and self.chance.random() < 0.5:
            number = self.chance.choice(list(self.told.receipts.values())[-5:])[0]
            posting.post(self.session, {"id": str(uuid.uuid4()), "kind": "reversal", "document": number, "reason": "nsf", "date": TODAY.isoformat()})

    def bill(self, account: str) -> None:
        """Post another invoice, its number drawn by the books."""
        amount = f"{self.chance.randrange(500, 20000) / 100:.2f}"
        posting.post(self.session, {"id": str(uuid.uuid4()), "kind": "invoice", "customer": account, "date": "2026-06-10", "amount": amount, "terms": "2-10-30"})

    def edit(self, account: str) -> None:
        """Add a stroke to the customer's note, as it was read; a colleague's stroke in between makes this one start again."""
        for _ in range(200):
            with self.session.transaction():
                party, note, version = self.session.query(
                    "SELECT p.id, coalesce(p.note, ''), p.row_version FROM party p JOIN account a ON a.party_id = p.id WHERE a.number = %s", (account,))[0]  # fmt: skip
                done = self.session.query("UPDATE party SET note = %s WHERE id = %s AND row_version = %s RETURNING id", (f"{int(note or 0) + 1}", party, version))
            if done:
                self.told.edits += 1
                return
        self.told.unexplained.append("edit: two hundred times somebody else was faster")


def write(dsn: str, home: str, seed: int, seconds: float) -> Told:
    """Be one writer, in a process of its own."""
    config = load_config({"ARTUI_HOME": home, "HOME": home, "ARTUI_TODAY": TODAY.isoformat(), "ARTUI_DATABASE_URL": dsn})
    with closing(connect_session(config, dsn)) as session:
        return Writer(session, seed).work(time.monotonic() + seconds)


_OVERPAID = """SELECT d.number FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id
  LEFT JOIN LATERAL (SELECT sum(amount) AS used FROM ar.allocation WHERE i.id IN (debit_item_id, credit_item_id)) a ON true
  WHERE coalesce(a.used, 0) NOT BETWEEN 0 AND abs(i.original)"""
_POSTED = """SELECT p.key::text, count(d.id), min(d.number), min(d.amount) FROM ar.posting p LEFT JOIN ar.document d ON d.posting_id = p.id AND d.kind = 'receipt'
  WHERE p.kind = 'receipt' GROUP BY p.key"""


def judge(query: Any, told: list[Told]) -> dict[str, Any]:
    """Hold the books against what the writers were told."""
    receipts = {key: receipt for one in told for key, receipt in one.receipts.items()}
    rows = query(_POSTED)
    there = {key: (number, int(amount or 0)) for key, _, number, amount in rows}
    notes = sum(int(note or 0) for (note,) in query("SELECT note FROM ar.party"))
    figures: dict[str, Any] = {
        "acts": sum((one.acts for one in told), Counter[str]()),
        "refused_for_a_colleague": sum((one.refused for one in told), Counter[str]()),
        "slowest_act_seconds": round(max(one.slowest for one in told), 2),
        "unexplained": [line for one in told for line in one.unexplained],
        "overpaid_or_spent_twice": [number for (number,) in query(_OVERPAID)],
        "lost": len(receipts.keys() - there.keys()),
        "unasked": len(there.keys() - receipts.keys()),
        "duplicated": sum(count > 1 for _, count, *_ in rows),
        "altered": sum(there[key] != receipt for key, receipt in receipts.items() if key in there),
        "lost_edits": sum(one.edits for one in told) - notes,
        "findings": [list(row) for row in query("SELECT name, findings, example FROM api.prove('2199-01-01') WHERE findings > 0")],
    }
    wrong = ("unexplained", "overpaid_or_spent_twice", "lost", "unasked", "duplicated", "altered", "lost_edits", "findings")
    figures["passed"] = bool(receipts) and not any(figures[name] for name in wrong)
    return figures


def run(dsns: list[str], home: str, query: Any, *, seconds: float, seed: int = 1) -> dict[str, Any]:
    """Let one writer loose on each address and return the figures; the accounts W0 to W3 must be there."""
    with ProcessPoolExecutor(len(dsns), get_context("spawn")) as pool:
        told = list(pool.map(write, dsns, [home] * len(dsns), [seed * 1000 + n for n in range(len(dsns))], [seconds] * len(dsns)))
    return judge(query, told) | {"writers": len(dsns), "seconds": seconds, "seed": seed}


def furnish(session: Session) -> None:
    """Make the four accounts everybody writes to."""
    for account in ACCOUNTS:
        for number in range(15):
            posting.post(session, {"id": str(uuid.uuid4()), "kind": "invoice", "number": f"{account}-{number}", "customer": account, "customer_name": account,
                                   "create_customer": True, "date": "2026-06-08", "amount": f"{20 + 13 * number}.50", "terms": "2-10-30"})  # fmt: skip


def laboratory(writers: int, seconds: float, seed: int) -> dict[str, Any]:
    """Run against a server of its own in a temporary folder."""
    home = Path(tempfile.mkdtemp(prefix="artui-writers-", dir="/tmp"))
    config: Config = load_config({"ARTUI_HOME": str(home / "home"), "HOME": str(home), "ARTUI_TODAY": TODAY.isoformat()})
    server = EmbeddedServer(config)
    try:
        company.prepare(config, BOOKS, "writers_owner")

        def query(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
            with closing(psycopg2.connect(server.dsn(server.superuser, BOOKS))) as connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters or None)
                rows = list(cursor.fetchall())
                connection.commit()
                return rows

        for number in range(writers):
            query("SELECT api.add_staff(%s, %s, ARRAY['clerk'])", f"writer{number}", f"Clerk {number}")
        dsns = [server.dsn(f"writer{number}", BOOKS) for number in range(writers)]
        with closing(connect_session(replace(config, database_url=dsns[0]), dsns[0])) as session:
            furnish(session)
        return run(dsns, str(home / "home"), query, seconds=seconds, seed=seed)
    finally:
        server.stop()
        for folder in (home, config.server_dir, config.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures = laboratory(arguments.writers, arguments.seconds, arguments.seed)
    print(json.dumps(figures, indent=2, default=str))
    return 0 if figures["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
