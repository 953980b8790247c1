"""How fast a file of invoices is imported, and how that compares to the server's own limit.

The limit is the time the same final rows take when their owner copies them with plain INSERT ... SELECT into the same
tables of another database: indexes in place, triggers and foreign keys off, everything in one transaction. `--keys` leaves
the foreign keys on, as nobody who writes into these tables can do without. Either way the limit does less than any import
has to: its texts were checked when they were laid ready, and the days, words, posting and audit rows stay out of it.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from artui.config import Config, load_config
from artui.db import company
from artui.io.importers import import_file
from artui.session import open_session, own_login

TABLES = ("party", "account", "document", "open_item", "journal_line")
COMPANIES = ("bench_import", "bench_limit")


def write_file(path: Path, rows: int, customers: int, *, settled: bool) -> None:
    """Write invoices of as many customers, all different, dated over two years."""
    draw = random.Random(7)
    first = date(2024, 1, 1)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            "number,customer,customer_name,date,due,amount,currency,po"
            + (",settled" if settled else "")
            + "\n"
        )
        for row in range(rows):
            day = first + timedelta(row * 700 // rows)
            customer = draw.randrange(customers)
            paid = f",{day + timedelta(draw.randrange(1, 60))}" if settled else ""
            stream.write(
                f"INV-{row:07},C{customer:06},Customer {customer} Ltd,{day},{day + timedelta(30)},{draw.randrange(100, 900_000) / 100:.2f},USD,PO-{row}{paid}\n"
            )


def fresh(config: Config) -> None:
    """Make both companies anew."""
    embedded = company.server(config)
    for name in COMPANIES:
        with closing(psycopg2.connect(embedded.dsn(embedded.superuser, "postgres"))) as connection:
            connection.autocommit = True
            connection.cursor().execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        company.prepare(config, name, own_login())


def imported(config: Config, path: Path) -> tuple[float, float, Any]:
    """Import the file; return the seconds, those of the processor the server took, and the outcome."""
    with closing(open_session(config, database=COMPANIES[0])) as session:
        server = session.query("SELECT pg_backend_pid()")[0][0]
        start, before = time.perf_counter(), busy(server)
        outcome = import_file(session, "invoices", path)
        return time.perf_counter() - start, busy(server) - before, outcome


def busy(process: int) -> float:
    """Return the seconds of the processor a process has taken: on a machine with other work they vary less than the clock."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def limit(config: Config, *, keys: bool) -> tuple[float, float, dict[str, float]]:
    """Copy what the import made into the empty company; return the seconds, the processor's, and those by table. `keys`: with foreign keys."""
    embedded = company.server(config)
    source = psycopg2.connect(embedded.dsn(embedded.superuser, COMPANIES[0]))
    target = psycopg2.connect(embedded.dsn(embedded.superuser, COMPANIES[1]))
    target.autocommit = True
    with closing(source), closing(target), source.cursor() as there, target.cursor() as here:
        for table in TABLES:
            here.execute(f"ALTER TABLE ar.{table} DISABLE TRIGGER {'USER' if keys else 'ALL'}")
        columns = {}
        for table in TABLES:
            there.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped", (f"ar.{table}",),
            )  # fmt: skip
            columns[table] = there.fetchone()[0]  # type: ignore[index]
            with tempfile.TemporaryFile() as rows:
                there.copy_expert(f"COPY (SELECT {columns[table]} FROM ar.{table}) TO STDOUT", rows)
                rows.seek(0)
                here.execute(
                    f"CREATE UNLOGGED TABLE public.copy_of_{table} AS SELECT {columns[table]} FROM ar.{table} LIMIT 0"
                )
                here.copy_expert(f"COPY public.copy_of_{table} FROM STDIN", rows)
            here.execute(f"ANALYZE public.copy_of_{table}")
        here.execute("CHECKPOINT")
        parts = {}
        start, before = time.perf_counter(), busy(target.info.backend_pid)
        here.execute("BEGIN")
        for table in TABLES:
            begun = time.perf_counter()
            here.execute(
                f"INSERT INTO ar.{table} ({columns[table]}) OVERRIDING SYSTEM VALUE SELECT * FROM public.copy_of_{table}"
            )
            parts[table] = time.perf_counter() - begun
        here.execute("COMMIT")
        return time.perf_counter() - start, busy(target.info.backend_pid) - before, parts


def main() -> None:
    """Print rows a second, the server's limit, their ratio and the memory of the importing process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--settled", action="store_true", help="every invoice comes with the day it was paid")
    parser.add_argument("--keys", action="store_true", help="the limit looks at foreign keys, too")
    parser.add_argument("--runs", type=int, default=3)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = load_config({"ARTUI_HOME": f"{folder}/home", **os.environ})
        path = Path(folder) / "invoices.csv"
        write_file(path, words.rows, words.customers, settled=words.settled)
        try:
            for _ in range(words.runs):
                one_run(config, path, words.rows, keys=words.keys)
        finally:
            embedded = company.server(config)
            for name in COMPANIES:
                with closing(psycopg2.connect(embedded.dsn(embedded.superuser, "postgres"))) as connection:
                    connection.autocommit = True
                    connection.cursor().execute(
                        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                    )
            if not os.environ.get("ARTUI_HOME"):
                embedded.stop()


def one_run(config: Config, path: Path, rows: int, *, keys: bool) -> None:
    """Import into empty books, copy into others, print."""
    fresh(config)
    seconds, worked, outcome = imported(config, path)
    assert outcome.created == rows, outcome.as_json()
    most, least, parts = limit(config, keys=keys)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = io.StringIO()
    shown.write(
        f"import {rows / seconds:8.0f} rows/s ({seconds:.2f} s)   limit {rows / most:8.0f} rows/s ({most:.2f} s: "
    )
    shown.write(", ".join(f"{table} {part:.2f}" for table, part in parts.items()))
    shown.write(f")   ratio {most / seconds:.2f} (goal 0.50), of the server's processor {least / worked:.2f}   peak memory {memory:.0f} MB")
    print(shown.getvalue(), flush=True)


if __name__ == "__main__":
    main()
