"""Preparing the sample company: once, beside a company's own books, or in an empty shared database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import psycopg2
from psycopg2 import sql

from artui.config import SAMPLE, Config
from artui.db import company
from artui.db.connect import in_words
from artui.errors import Refused, Unreachable
from artui.sample import bulk, staff, statements, story
from artui.sample.scale import CAST, DEMO_DATE, Scale
from artui.session import Session, open_session

_EDITION = 3
"""Counts up when the same size and seed begin to mean another company."""


def create(
    config: Config,
    *,
    customers: int = 300,
    seed: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Prepare the sample company of that size and seed, unless it is there already.

    On the embedded server it has a database of its own, made anew when size or seed differ. With a configured
    server the database must be empty. `progress` is told a stage, what is done and of how much. At every size there are
    the customers whose stories are told. Raises Refused, or Unreachable when no server answers.
    """
    scale = Scale(max(customers, CAST), seed)
    config = replace(config, today=DEMO_DATE)  # whatever day is set for the company's own books
    if existing(config) == (scale.customers, seed):
        return
    _make_room(config)
    _build(config, scale, progress or _silent)


def exists(config: Config, *, customers: int = 300, seed: int = 1) -> bool:
    """Tell whether the sample company of that size and seed is there, whole."""
    return existing(config) == (max(customers, CAST), seed)


def existing(config: Config) -> tuple[int, int] | None:
    """Return the size and seed of the sample company that is there, or None."""
    if not config.database_url and not _has_database(config):
        return None
    try:
        with closing(open_session(config, database=SAMPLE)) as session:
            rows = session.query("SELECT value FROM ar.setting WHERE name = %s", (staff.MARKER,))
    except Refused:
        if config.database_url:
            raise
        return None
    if not rows or rows[0][0].get("edition") != _EDITION:
        return None
    return int(rows[0][0]["customers"]), int(rows[0][0]["seed"])


def _build(config: Config, scale: Scale, progress: Callable[[str, int, int], None]) -> None:
    with closing(open_session(config, database=SAMPLE)) as owner:
        with owner.transaction():
            staff.found(owner, scale)
        with closing(bulk.connect(owner.dsn)) as database:
            bulk.load_items(database, scale)
            bulk.load_cast(database, scale)
            bulk.load_vendors(database, scale)
        bulk.load_crowd(owner.dsn, scale, progress)
        with _at_work(config) as people:
            story.tell(people, scale, progress)
            statements.arrive(people["jana"], scale, progress)
        progress("tidying", 0, 1)
        _vacuum(config)
        staff.put(
            owner, staff.MARKER, {"customers": scale.customers, "seed": scale.seed, "edition": _EDITION}
        )
        progress("tidying", 1, 1)


@contextmanager
def _at_work(config: Config) -> Iterator[dict[str, Session]]:
    """Open everybody's own session: what one does is done as that person."""
    people: dict[str, Session] = {}
    try:
        for login in staff.STAFF:
            try:
                people[login] = open_session(config, as_user=login, database=SAMPLE)
            except Unreachable as error:
                raise Refused(
                    f"The sample company's {login} cannot log in: {error.message}",
                    "On a shared server let jana, petr, marta and viktor log in, then try again.",
                ) from error
            people[login].query("SET synchronous_commit = off")
        yield people
    finally:
        for session in people.values():
            session.close()


def _make_room(config: Config) -> None:
    if config.database_url:
        with closing(open_session(config)) as session:
            if session.query(
                "SELECT EXISTS (SELECT 1 FROM ar.account) OR EXISTS (SELECT 1 FROM ar.document)"
            )[0][0]:
                raise Refused(
                    "This database already holds a company's books.",
                    "The sample company needs an empty database, or none configured: then it has its own.",
                )
        return
    with _maintenance(config) as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(SAMPLE))
        )


def _has_database(config: Config) -> bool:
    with _maintenance(config) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (SAMPLE,))
        return cursor.fetchone() is not None


@contextmanager
def _maintenance(config: Config, database: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
    embedded = company.server(config)
    with in_words(), closing(psycopg2.connect(embedded.dsn(embedded.superuser, database))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def _vacuum(config: Config) -> None:
    """Let index-only scans see what was loaded; on a shared server its autovacuum does this in its own time."""
    if not config.database_url:
        with _maintenance(config, SAMPLE) as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _silent(stage: str, done: int, total: int) -> None:
    """Say nothing."""
