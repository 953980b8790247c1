"""What telling the other programs costs a posting: the ways there are, one client and eight, on this disk and on a slow one.

Four ways: silent (nobody is told), notify (every posting in its own transaction), turn (what ships: at most one at a time
gives the word), after (the session tells once it has its answer, by a transaction of its own that waits for no disk). The
slow disk is a server that waits five milliseconds before each write of its log.
What it posts stays in the sample company; the triggers are left as they were.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg2

import artui.db
from artui.cash.entry import post_receipt
from artui.config import SAMPLE, Config, load_config
from artui.db.company import administrator, server
from artui.session import connect_session, open_session
from bench.measure import Measure, median, percentile
from bench.posting import _DEBTORS, _receipt

CLIENTS, LISTENERS, SECONDS, ROUNDS = 8, 8, 2.5, 3
WAYS = ("silent", "notify", "after", "turn")
_TABLES = ("posting", "audit", "activity")
_SQL = (Path(artui.db.__file__).parent / "sql" / "45_changes.sql").read_text(encoding="utf-8")
_PLAIN = """CREATE OR REPLACE FUNCTION ar.wake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN PERFORM pg_notify('artui_changed', ''); RETURN NULL; END $$"""


def measures(config: Config) -> list[Measure]:
    """Return postings a second of each way over the silent one's, and how long a word takes to arrive."""
    with closing(open_session(config, database=SAMPLE)) as session:
        debtors = session.query(_DEBTORS, (CLIENTS * 100,))
        dsn = server(config).dsn(session.actor.login, SAMPLE)
    rates: dict[tuple[str, int, str], list[float]] = {}
    with ProcessPoolExecutor(CLIENTS, get_context("spawn")) as pool, _listening(dsn), _restored(config) as admin:
        list(pool.map(_client, [dsn] * CLIENTS, [debtors[:1]] * CLIENTS, [0.1] * CLIENTS, [False] * CLIENTS))
        for _ in range(ROUNDS):
            for disk in ("this disk", "5 ms disk"):
                _slow(admin, disk != "this disk")
                for clients in (1, CLIENTS):
                    for way in WAYS:
                        _choose(admin, way)
                        shares = [debtors[place::CLIENTS] for place in range(clients)]
                        done = pool.map(_client, [dsn] * clients, shares, [SECONDS] * clients, [way == "after"] * clients)
                        rates.setdefault((disk, clients, way), []).append(sum(done))
            _slow(admin, False)
    lines = []
    for (disk, clients, way), seen in rates.items():
        silent = median(rates[disk, clients, "silent"])
        if way != "silent":
            goal = 0.9 if way == "turn" else None
            lines.append(Measure(f"{way}, {clients} clients, {disk} / silent", median(seen), silent, "per s", goal, at_least=True))
    arrivals = _arrivals(dsn, debtors)
    lines.append(Measure("a word arrives after the answer, p50 / p99", median(arrivals), percentile(arrivals, 0.99), "ms"))
    return lines


def _client(dsn: str, debtors: list[tuple[Any, ...]], seconds: float, tell: bool) -> float:
    done = 0
    with closing(connect_session(load_config(), dsn)) as session:
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            for customer, invoices in debtors:
                post_receipt(session, _receipt(customer, invoices))
                done += 1
                if tell:
                    with session.transaction():
                        session.query("SET LOCAL synchronous_commit = off")
                        session.query("SELECT pg_notify('artui_changed', '')")
                if time.monotonic() - start >= seconds:
                    break
        return done / (time.monotonic() - start)


@contextmanager
def _listening(dsn: str) -> Iterator[None]:
    """Programs that listen, as many as clerks."""
    ending = threading.Event()
    with ExitStack() as stack:
        heard = [_listener(stack, dsn) for _ in range(LISTENERS)]

        def listen() -> None:
            while not ending.is_set():
                for connection in select.select(heard, [], [], 0.2)[0]:
                    connection.poll()
                    connection.notifies.clear()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()


def _listener(stack: ExitStack, dsn: str) -> Any:
    connection = stack.enter_context(closing(psycopg2.connect(dsn)))
    connection.autocommit = True
    connection.cursor().execute("LISTEN artui_changed")
    return connection


def _arrivals(dsn: str, debtors: list[tuple[Any, ...]]) -> list[float]:
    took = []
    with closing(connect_session(load_config(), dsn)) as session, ExitStack() as stack:
        listener = _listener(stack, dsn)
        for customer, invoices in debtors[:100]:
            post_receipt(session, _receipt(customer, invoices))
            answered = time.perf_counter()
            while not listener.notifies:
                select.select([listener], [], [], 1)
                listener.poll()
            took.append((time.perf_counter() - answered) * 1000)
            listener.notifies.clear()
    return took


@contextmanager
def _restored(config: Config) -> Iterator[Any]:
    admin = administrator(config, SAMPLE)
    try:
        yield admin
    finally:
        _slow(admin, False)
        with admin.atomic():
            admin.execute_sql("SET LOCAL ROLE ar_owner")
            admin.cursor().execute(_SQL)
        admin.close()


def _choose(admin: Any, way: str) -> None:
    with admin.atomic():
        admin.execute_sql("SET LOCAL ROLE ar_owner")
        admin.cursor().execute(_SQL)
        if way == "notify":
            admin.cursor().execute(_PLAIN)
        if way in ("silent", "after"):
            for table in _TABLES:
                admin.execute_sql(f"ALTER TABLE ar.{table} DISABLE TRIGGER d_wake")


def _slow(admin: Any, slow: bool) -> None:
    for name, value in (("commit_delay", 5000 if slow else 0), ("commit_siblings", 0 if slow else 5)):
        admin.execute_sql(f"ALTER SYSTEM SET {name} = {value}" if slow else f"ALTER SYSTEM RESET {name}")
    admin.execute_sql("SELECT pg_reload_conf()")
    time.sleep(0.2)
