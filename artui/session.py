"""Who acts, on which day, on which database: the first argument of everything."""

from __future__ import annotations

import contextlib
import getpass
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import peewee
from psycopg2 import extensions

from artui import money
from artui.clock import Clock, FixedClock, SystemClock
from artui.config import BOOKS, Config
from artui.db import company
from artui.db.connect import bind, in_words, open_database, pgcode
from artui.db.embedded import EmbeddedServer
from artui.db.migrate import applied_fingerprint, fingerprint
from artui.errors import ArtuiError, Refused, Unreachable
from artui.rights import refusal

T = TypeVar("T")
_PASSING = ("40P01", "40001", "55P03")
"""Deadlock, serialization failure, lock timeout: what another clerk's work does to ours for a moment."""
_TAKEN = "23505"
"""A number drawn while somebody else was posting it: the next attempt draws another one, or says whose it is."""


@dataclass(frozen=True)
class Actor:
    """A member of staff: login, full name, roles, and the actions the books allow them."""

    login: str
    name: str
    roles: tuple[str, ...]
    may: frozenset[str]
    rights: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Which roles have each right."""

    def may_not(self, right: str) -> str:
        """Say what they may not do and who may; nothing when they may."""
        return "" if right in self.may else refusal(right, self.rights.get(right, ()))


@dataclass(frozen=True)
class Session:
    """One person at work: the actor, the clock, the configuration and their own connection."""

    actor: Actor
    clock: Clock
    config: Config
    db: peewee.PostgresqlDatabase
    currency: str
    company: str
    dsn: str = field(repr=False)
    _prepared: set[tuple[int, str]] = field(default_factory=set, repr=False, compare=False)

    @property
    def today(self) -> date:
        """The business date."""
        return self.clock.today()

    def need(self, action: str) -> None:
        """Raise Refused unless the actor may do `action`; the vault checks again."""
        if action not in self.actor.may:
            raise Refused(self.actor.may_not(action), code="42501")

    def query(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; database errors arrive as ArtuiError."""
        with in_words():
            cursor = self.db.execute_sql(sql, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def prepared(self, name: str, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement the server plans once per connection; `statement` names its parameters $1, $2 ..."""
        with in_words():
            # the driver's own cursor: what peewee adds is a tenth of what a card takes
            connection = self.db.connection()
            cursor = connection.cursor()
            known = (connection.get_backend_pid(), name)
            if known not in self._prepared:
                cursor.execute(f"PREPARE {name} AS {statement}")
                self._prepared.add(known)
            marks = ", ".join(["%s"] * len(parameters))
            cursor.execute(f"EXECUTE {name}({marks})", parameters)
            return list(cursor.fetchall())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as one transaction (nested: a savepoint); refusals at commit arrive as ArtuiError."""
        bind(self.db)
        with in_words(), self.db.atomic():
            yield

    def carry_out(self, unit: Callable[[], T]) -> T:
        """Run a unit of work that carries its own key as one transaction, again after a deadlock or a lost connection.

        Safe because the vault answers a key it knows instead of posting twice. Inside another transaction it runs once.
        Raises Unreachable when the server stays away; whether the unit was carried out is then asked by its key.
        """
        nested = self.db.in_transaction()
        for pause in (0.05, 0.2, 0.5, 1.0, 2.0, 2.0, 2.0, None):
            try:
                with self.transaction():
                    return unit()
            except ArtuiError as error:
                lost = isinstance(error, Unreachable)
                passing = error.code in _PASSING or pgcode(error.__cause__) == _TAKEN
                if nested or pause is None or not (lost or passing):
                    raise
                time.sleep(pause * random.uniform(0.5, 1))
                if lost:
                    self._reconnect()
        raise AssertionError("the last attempt returns or raises")

    def _reconnect(self) -> None:
        self.db.close()
        with contextlib.suppress(Unreachable):
            if not self.config.database_url:
                company.server(self.config)
            self.db.connect()

    def close(self) -> None:
        """Give the connection back."""
        if not self.db.is_closed():
            self.db.close()


def reopen_session(session: Session) -> Session:
    """Return a new session of the same person after the server went away; an embedded server that died is started again.

    One that was stopped stays stopped. Raises Unreachable while nobody answers, Refused when the person is no longer let in.
    """
    config = session.config
    if not config.database_url and EmbeddedServer(config).died():
        company.server(config)
    return connect_session(config, session.dsn, shared=True)


def own_login() -> str:
    """Return the operating-system user as a database login: lower case, safe characters."""
    return re.sub(r"[^a-z0-9_.-]", "_", getpass.getuser().lower()) or "owner"


def open_session(
    config: Config, *, as_user: str | None = None, database: str = BOOKS, application: str = "artui"
) -> Session:
    """Connect as `as_user` (default: the operating-system user) and return a session.

    The embedded database is started, created and migrated when it needs to be. `as_user` is a login, or a
    role held by one person only. Raises Unreachable, or Refused when the person is not on the staff list.
    """
    if config.database_url:
        return connect_session(
            config, _shared_dsn(config.database_url, as_user), application=application, shared=True
        )
    server = company.server(config)
    login = as_user or own_login()
    for attempt in ("fast", "prepared"):
        if attempt == "prepared":
            company.prepare(config, database, own_login())
            login = company.login_for(config, database, login)
        try:
            return connect_session(config, server.dsn(login, database), application=application)
        except company.NotReady:
            pass
        except Unreachable:
            if attempt == "prepared":
                raise
    raise Unreachable("The embedded database could not be prepared.", "See artui doctor.")


def _shared_dsn(url: str, as_user: str | None) -> str:
    if as_user is None:
        return url
    parameters: dict[str, Any] = dict(extensions.parse_dsn(url))
    parameters.pop("password", None)  # it is somebody else's; libpq looks in the password file
    return str(extensions.make_dsn(**{**parameters, "user": as_user}))


def connect_session(config: Config, dsn: str, *, application: str = "artui", shared: bool = False) -> Session:
    """Open a session on `dsn`; on a `shared` server a version that differs is refused, elsewhere it raises company.NotReady."""
    database = open_database(dsn, application=application)
    database.connect()
    try:
        with in_words():
            if applied_fingerprint(database) != fingerprint():
                if not shared:
                    raise company.NotReady
                raise Refused(
                    "The database and this program are of different versions.",
                    "An administrator brings them together with: artui db migrate",
                    code="version",
                )
            clock: Clock = FixedClock(config.today) if config.today else SystemClock()
            hello = database.execute_sql("SELECT api.hello(%s)", (clock.today(),)).fetchone()[0]
            if hello["demo_date"] and not config.today:
                clock = FixedClock(date.fromisoformat(hello["demo_date"]))
        if hello["name"] is None and not hello["may"]:
            raise Refused(
                f"{hello['login']} is not on the staff list.",
                "An administrator adds people with: artui staff add",
                code="42501",
            )
        with in_words():
            rights = database.execute_sql("SELECT action, array_agg(role) FROM ar.permission GROUP BY action").fetchall()
    except BaseException:
        database.close()
        raise
    money.know(hello["digits"])
    actor = Actor(
        hello["login"], hello["name"] or hello["login"], tuple(hello["roles"]), frozenset(hello["may"]), {action: tuple(roles) for action, roles in rights}
    )
    return Session(actor, clock, config, database, hello["currency"], hello["company"], dsn)
