"""Taking a sample's many rows into the books by sets: COPY into the staging tables, then the vault's own loading functions."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from multiprocessing import get_context
from random import Random
from typing import Any

import peewee

from artui.db.connect import in_words, open_database
from artui.errors import ArtuiError
from artui.sample import cast, people, trade, vendors
from artui.sample.goods import GOODS
from artui.sample.scale import DEMO_DATE, Scale

Progress = Callable[[str, int, int], None]
_CHUNK = 10
"""Blocks loaded under one posting: about 65,000 documents."""
_WORKERS_FROM = 20_000
"""Customers from which it pays to load from several processes."""
_SESSION = ("SET synchronous_commit = off", "SET work_mem = '64MB'")


def connect(dsn: str) -> peewee.PostgresqlDatabase:
    """Open a connection made for loading: it waits for no disk, a broken load is simply made again."""
    database = open_database(dsn, application="artui sample")
    database.connect()
    for statement in _SESSION:
        database.execute_sql(statement)
    return database


def load_items(database: peewee.PostgresqlDatabase, scale: Scale) -> None:
    """Load what is sold and bought."""
    load = scale.key("items")
    rows = [
        f"{load}\t{row}\t{good.number}\t{good.description}\t{good.unit}\t{trade.plain(good.cents, 'USD')}\tUSD\n"
        for row, good in enumerate(GOODS, 1)
    ]
    with in_words(), database.atomic():
        _copy(
            database, "item", ("load", "row", "number", "description", "unit", "unit_price", "currency"), rows
        )
        _call(database, "api.load_items(%s::uuid, %s)", load)


def load_vendors(database: peewee.PostgresqlDatabase, scale: Scale) -> None:
    """Load the vendors and what was bought from them."""
    parties, purchases = scale.key("vendors"), scale.key("purchases")
    calendar = trade.Calendar(scale)
    rnd = Random(scale.source("vendors"))
    traders, rows = vendors.parties(scale, parties, rnd)
    staged = vendors.purchases(scale, calendar, traders, purchases, rnd)
    with in_words(), database.atomic():
        _copy(database, "party", people.PARTY_COLUMNS, rows)
        _call(database, "api.load_parties(%s::uuid, 'vendor', %s)", parties)
        _copy(database, "document", vendors.PURCHASE_COLUMNS, staged.documents)
        _copy(database, "line", trade.LINE_COLUMNS, staged.lines)
        _call(database, "api.load_documents(%s::uuid, 'purchase', %s)", purchases)


def load_cast(database: peewee.PostgresqlDatabase, scale: Scale) -> None:
    """Load the customers whose stories are told."""
    load = scale.key("cast")
    with in_words(), database.atomic():
        _copy(database, "party", people.PARTY_COLUMNS, cast.rows(scale, load))
        _call(database, "api.load_parties(%s::uuid, 'customer', %s)", load)


def load_crowd(dsn: str, scale: Scale, progress: Progress) -> None:
    """Load every customer without a story and their documents, from two processes when there are many."""
    chunks = list(range(0, scale.blocks, _CHUNK))
    if scale.customers < _WORKERS_FROM or (os.cpu_count() or 1) < 2:
        with closing(connect(dsn)) as database:
            for done, first in enumerate(chunks, 1):
                _load_chunk(database, scale, first)
                progress("customers and documents", done, len(chunks))
        return
    with ProcessPoolExecutor(2, get_context("spawn"), _start_worker, (dsn, scale)) as pool:
        tasks = [pool.submit(_work, first) for first in chunks]
        try:
            for done, task in enumerate(as_completed(tasks), 1):
                task.result()
                progress("customers and documents", done, len(chunks))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


_at_work: list[tuple[peewee.PostgresqlDatabase, Scale]] = []
"""What a worker process keeps from its start on."""


def _start_worker(dsn: str, scale: Scale) -> None:
    _at_work.append((connect(dsn), scale))


def _work(first: int) -> None:
    database, scale = _at_work[0]
    _load_chunk(database, scale, first)


def _load_chunk(database: peewee.PostgresqlDatabase, scale: Scale, first: int) -> None:
    parties, contacts, documents = (scale.key(what, first) for what in ("parties", "contacts", "documents"))
    calendar = _calendar(scale)
    party_rows: list[str] = []
    contact_rows: list[str] = []
    staged = trade.Staged()
    for block in range(first, min(first + _CHUNK, scale.blocks)):
        rnd = Random(scale.source("block", block))
        traders = _people(scale, block, parties, contacts, party_rows, contact_rows, rnd)
        trade.stage(trade.trade(scale, calendar, traders, rnd), calendar, documents, block, staged)
    with in_words(), database.atomic():
        _copy(database, "party", people.PARTY_COLUMNS, party_rows)
        _call(database, "api.load_parties(%s::uuid, 'customer', %s)", parties)
        if contact_rows:
            _copy(database, "contact", people.CONTACT_COLUMNS, contact_rows)
            _call(database, "api.load_contacts(%s::uuid, %s)", contacts)
        _copy(database, "document", trade.DOCUMENT_COLUMNS, staged.documents)
        _copy(database, "line", trade.LINE_COLUMNS, staged.lines)
        _copy(database, "instalment", trade.INSTALMENT_COLUMNS, staged.instalments)
        _copy(database, "allocation", trade.ALLOCATION_COLUMNS, staged.allocations)
        _call(database, "api.load_documents(%s::uuid, 'invoice', %s)", documents)


def _people(
    scale: Scale,
    block: int,
    parties: str,
    contacts: str,
    party_rows: list[str],
    contact_rows: list[str],
    rnd: Random,
) -> list[people.Trader]:
    traders: list[people.Trader] = []
    opened = scale.start.isoformat()
    for number in scale.block(block):
        who, country = people.trader(number, rnd, abroad=1.0 if scale.detailed else 0.3)
        # now and then a customer belongs to the one before it
        parent = traders[-1].number if traders and rnd.random() < 0.02 else None
        party_rows.append(
            people.party(parties, len(party_rows) + 1, "customer", who, country, parent, opened, rnd)
        )
        if scale.detailed and rnd.random() < 0.4:
            contact_rows.append(people.second_contact(contacts, len(contact_rows) + 1, who, country, rnd))
        traders.append(who)
    return traders


_calendars: dict[Scale, trade.Calendar] = {}


def _calendar(scale: Scale) -> trade.Calendar:
    if scale not in _calendars:
        _calendars[scale] = trade.Calendar(scale)
    return _calendars[scale]


def _copy(
    database: peewee.PostgresqlDatabase, table: str, columns: Sequence[str], rows: Iterable[str]
) -> None:
    text = "".join(rows)
    if text:
        with closing(database.cursor()) as cursor:
            cursor.copy_expert(
                f"COPY stage.{table} ({', '.join(columns)}) FROM STDIN", io.BytesIO(text.encode()), 1 << 18
            )


def _call(database: peewee.PostgresqlDatabase, function: str, load: str) -> dict[str, Any]:
    answer: dict[str, Any] = database.execute_sql(f"SELECT {function}", (load, DEMO_DATE)).fetchone()[0]
    if answer.get("rejected"):
        first = answer["errors"][0]
        raise ArtuiError(
            f"The sample company was refused: {first['message']} ({first['value']})",
            "This is a fault of the program; please report it.",
        )
    return answer
