"""A server for the test run and the empty books cloned from its template."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from artui.config import Config, load_config
from artui.db import company
from artui.db.connect import open_database
from artui.db.embedded import EmbeddedServer
from artui.db.migrate import migrate
from artui.ledger import posting
from artui.session import Session, connect_session

TODAY = date(2026, 6, 15)
STAFF = {
    "jana": ("clerk",), "karla": ("clerk",), "petr": ("collector",), "cora": ("credit",), "marta": ("supervisor",), "viktor": ("manager",),
    "karel": ("controller",), "audrey": ("auditor",), "adam": ("admin",), "olga": ("clerk", "supervisor", "manager", "controller", "admin"),
}  # fmt: skip
TEMPLATE = "artui_test_template"


@dataclass
class Books:
    """One database with its staff; sessions opened here are closed with it."""

    server: Server
    name: str
    today: date = TODAY
    _open: dict[str, Session] = field(default_factory=dict)

    def dsn(self, login: str) -> str:
        """The address a person connects with."""
        return self.server.dsn(login, self.name)

    def session(self, login: str = "olga") -> Session:
        """The session of one person; the same one each time."""
        if login not in self._open:
            self._open[login] = connect_session(self.config(login), self.dsn(login))
        return self._open[login]

    def config(self, login: str = "olga") -> Config:
        """A configuration that leads to these books as `login`, on the fixed day."""
        return load_config(
            {
                **self.server.environ,
                "ARTUI_DATABASE_URL": self.dsn(login),
                "ARTUI_TODAY": self.today.isoformat(),
            }
        )

    def environ(self, login: str = "olga") -> dict[str, str]:
        """The environment for a command run as `login`."""
        return {
            **os.environ,
            **self.server.environ,
            "ARTUI_DATABASE_URL": self.dsn(login),
            "ARTUI_TODAY": self.today.isoformat(),
            "PGPASSWORD": self.server.password,
        }

    def artui(
        self, *arguments: str, login: str = "olga", cwd: Path | None = None, status: int | None = 0, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line as `login`; fail unless it ends with `status` (None: any)."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "artui", *arguments],
            env={**self.environ(login), **(more or {})},
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if status is not None:
            assert done.returncode == status, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def raw(self, login: str) -> Any:
        """A plain driver connection, as psql would have it."""
        return psycopg2.connect(self.dsn(login))

    def post(self, kind: str, login: str = "olga", **fields: Any) -> posting.Answer:
        """Post one document and return the answer; refusals raise."""
        return posting.post(self.session(login), {"id": str(uuid.uuid4()), "kind": kind, **fields})

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the books something, as their administrator."""
        with (
            closing(psycopg2.connect(self.server.dsn(self.server.superuser, self.name))) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SET search_path = ar, ext, pg_catalog")
            cursor.execute(statement, parameters or None)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    def seal(self, step: int = 100_000) -> None:
        """Seal all there is; rows wait while a transaction of any database of the server is older than they are."""
        unsealed = "SELECT count(*) FROM (SELECT 'audit', seq FROM audit UNION ALL SELECT 'posting', id FROM posting EXCEPT SELECT source, source_id FROM seal) x"
        deadline = time.monotonic() + 60
        while True:
            while self.query("SELECT api.seal(%s)", step)[0][0]:
                pass
            if self.query(unsealed) == [(0,)]:
                return
            assert time.monotonic() < deadline, "some rows are never sealed"
            time.sleep(0.05)

    def tie(self, day: date | None = None) -> None:
        """Fail unless every invariant holds."""
        found = [row for row in self.query("SELECT * FROM api.prove(%s)", day or date(2199, 1, 1)) if row[1]]
        assert not found, found

    def drop(self) -> None:
        """Close every session and remove the database."""
        for session in self._open.values():
            with contextlib.suppress(Exception):
                session.close()
        self.server.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


@dataclass
class Server:
    """A running PostgreSQL: where it listens and how one logs in."""

    superuser: str
    environ: dict[str, str]
    where: dict[str, Any]
    password: str = ""

    def dsn(self, login: str, database: str) -> str:
        """libpq keywords for one login and database."""
        extra = {"password": self.password} if self.password else {}
        return str(make_dsn(**self.where, **extra, user=login, dbname=database))

    def run(self, statement: sql.Composable | str) -> None:
        """Run a statement that cannot stand in a transaction."""
        with closing(psycopg2.connect(self.dsn(self.superuser, "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def books(self, name: str) -> Books:
        """Clone the template."""
        self.run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        )
        books = Books(self, name)
        # rights to connect do not travel with a template
        for login in STAFF:
            self.run(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(login)
                )
            )
        self.run(sql.SQL("ALTER DATABASE {} OWNER TO ar_owner").format(sql.Identifier(name)))
        self.run(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        return books

    def prepare(self) -> None:
        """Make the template once: migrated, with everybody on the staff list."""
        with (
            closing(psycopg2.connect(self.dsn(self.superuser, "postgres"))) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,))
            if cursor.fetchone():
                return
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE + "_new")))
        database = open_database(self.dsn(self.superuser, TEMPLATE + "_new"))
        database.connect()
        migrate(database)
        for login, roles in STAFF.items():
            database.execute_sql("SELECT api.add_staff(%s, %s, %s)", (login, login.capitalize(), list(roles)))
            if self.password:
                database.execute_sql(f"ALTER ROLE {login} PASSWORD %s", (self.password,))
        database.close()
        self.run(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(TEMPLATE + "_new"), sql.Identifier(TEMPLATE)
            )
        )


@contextmanager
def _shared_by_workers(root: Path) -> Iterator[bool]:
    """Let the first worker prepare and the last one clean up; yields whether this one is the last."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield True


@contextmanager
def embedded_server(root: Path) -> Iterator[Server]:
    """The program's own embedded server, in a home of the test run."""
    environ = {"ARTUI_HOME": str(root / "artui home"), "HOME": os.environ.get("HOME", "/")}
    config = load_config(environ)
    embedded = EmbeddedServer(config)
    counter = root / "workers"
    with _shared_by_workers(root):
        embedded.ensure_running()
        where = {
            key: value
            for key, value in psycopg2.extensions.parse_dsn(embedded.dsn("x", "y")).items()
            if key in ("host", "port")
        }
        server = Server(embedded.superuser, environ, where)
        server.prepare()
        counter.write_text(str(int(counter.read_text() or 0) + 1 if counter.exists() else 1))
    yield server
    with _shared_by_workers(root):
        left = int(counter.read_text()) - 1
        counter.write_text(str(left))
        if left == 0:
            _remove(embedded)


def _remove(embedded: EmbeddedServer) -> None:
    """Leave nothing behind: root's cluster does not live in the folder of the test run."""
    embedded.stop()
    for folder in (embedded._config.server_dir, embedded._config.socket_dir):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def tcp_server(root: Path) -> Iterator[Server]:
    """A second cluster from the same binaries, reached over TCP, every client a login with a SCRAM password."""
    secret, port_file, counter = root / "tcp.password", root / "tcp.port", root / "tcp.workers"
    environ = {"ARTUI_HOME": str(root / "artui home"), "HOME": os.environ.get("HOME", "/")}
    embedded = EmbeddedServer(load_config(environ))
    with _shared_by_workers(root):
        if not secret.exists():
            secret.write_text(secrets.token_hex(16))
            embedded.ensure_running()
            port_file.write_text(str(_free_port()))
            _open_to_tcp(embedded, int(port_file.read_text()), secret.read_text())
        server = Server(
            embedded.superuser,
            environ,
            {"host": "127.0.0.1", "port": int(port_file.read_text())},
            secret.read_text(),
        )
        server.prepare()
        counter.write_text(str(int(counter.read_text()) + 1 if counter.exists() else 1))
    yield server
    with _shared_by_workers(root):
        left = int(counter.read_text()) - 1
        counter.write_text(str(left))
        if left == 0:
            _remove(embedded)
            secret.unlink()     # a worker whose first need of it comes later makes it anew


def _free_port() -> int:
    """A port nobody listens on, below those that connections going out are given: none of them can take it before the server does."""
    while True:
        port = secrets.choice(range(20_000, 32_768))
        with closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _open_to_tcp(embedded: EmbeddedServer, port: int, password: str) -> None:
    """Give the cluster a TCP port and passwords: the shape of a shared server."""
    rules = embedded._config.server_dir / "tcp.conf"
    rules.write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    rules.chmod(0o644)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "hba_file": str(rules),
        "password_encryption": "scram-sha-256",
    }
    with closing(psycopg2.connect(embedded.dsn(embedded.superuser, "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE {embedded.superuser} PASSWORD %s", (password,))
            for name, value in settings.items():
                cursor.execute(
                    sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
                )
    embedded.stop()
    embedded._launch(embedded._programs())
    dsn = make_dsn(host="127.0.0.1", port=port, user=embedded.superuser, password=password, dbname="postgres")
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(dsn).close()
            return
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


__all__ = ["STAFF", "TODAY", "Books", "Server", "company", "embedded_server", "tcp_server"]
