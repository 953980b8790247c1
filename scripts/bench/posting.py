"""Receipts over three invoices: through payment entry against the bare call of the vault, and eight people at once.

What it posts stays in the sample company: a cent for each of three invoices of some customers, many times over.
"""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from psycopg2.extras import Json

from artui.cash.entry import Applied, Receipt, as_document, post_receipt
from artui.config import SAMPLE, Config
from artui.db.company import server
from artui.session import Session, connect_session, open_session
from bench.measure import Measure

CENT = Decimal("0.01")
CLIENTS = 8
SECONDS = 6.0
_DEBTORS = """SELECT a.number, (array_agg(i.id ORDER BY i.open DESC))[1:3] FROM ar.open_item i JOIN ar.account a ON a.id = i.account_id JOIN ar.document d ON d.id = i.document_id
  WHERE i.open > 1000 AND NOT i.is_vendor AND i.currency = 'USD' AND a.currency = 'USD' AND i.seq = 1 AND d.kind = 'invoice'
  GROUP BY a.number HAVING count(*) >= 3 LIMIT %s"""


def measures(config: Config) -> list[Measure]:
    """Return receipts a second through the program over the bare call's, and of eight clients over one."""
    with closing(open_session(config, database=SAMPLE)) as session:
        debtors = session.query(_DEBTORS, (CLIENTS * 100,))
        through, bare = _one_client(session, debtors)
        dsn = server(config).dsn(session.actor.login, SAMPLE)
    shares = [debtors[place::CLIENTS] for place in range(CLIENTS)]
    with ProcessPoolExecutor(CLIENTS, get_context("spawn")) as pool:
        outcomes = list(pool.map(_client, [dsn] * CLIENTS, shares))
    rate = sum(outcome[0] for outcome in outcomes)
    errors = sum(outcome[1] for outcome in outcomes)
    return [
        Measure("receipt over 3 invoices, 1 client / bare call", through, bare, "per s", 0.85, at_least=True),
        Measure(
            f"receipt over 3 invoices, {CLIENTS} clients / 1",
            rate,
            through,
            "per s",
            1.3,
            at_least=True,
            note=f"{errors} errors",
        ),
    ]


def _one_client(session: Session, debtors: list[tuple[Any, ...]]) -> tuple[float, float]:
    connection = session.db.connection()
    spent = {"through": 0.0, "bare": 0.0}
    rounds = 0
    until = time.monotonic() + 2 * SECONDS
    while time.monotonic() < until:
        for customer, items in debtors[:200]:
            receipt = _receipt(customer, items)
            start = time.perf_counter()
            post_receipt(session, receipt)
            spent["through"] += time.perf_counter() - start
            receipt = _receipt(customer, items)
            body = Json(as_document(receipt))
            start = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT api.post(%s::uuid, %s, %s)", (receipt.key, body, session.today))
                cursor.fetchall()
                cursor.execute("COMMIT")
            spent["bare"] += time.perf_counter() - start
            rounds += 1
    return rounds / spent["through"], rounds / spent["bare"]


def _receipt(customer: str, items: list[int]) -> Receipt:
    applied = tuple(Applied(item, CENT, CENT) for item in items)
    return Receipt(
        str(uuid.uuid4()), customer, 3 * CENT, "USD", date(2026, 6, 15), "ach", applied=applied
    )


def _client(dsn: str, debtors: list[tuple[Any, ...]]) -> tuple[float, int]:
    from artui.config import load_config

    done = errors = 0
    with closing(connect_session(load_config(), dsn)) as session:
        start = time.monotonic()
        while time.monotonic() - start < SECONDS:
            for customer, items in debtors:
                try:
                    post_receipt(session, _receipt(customer, items))
                    done += 1
                except Exception as error:
                    errors += 1
                    print(error)
        return done / (time.monotonic() - start), errors
