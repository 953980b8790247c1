"""Where the books are and whether they answer; looks, never starts anything."""

from __future__ import annotations

from typing import Any

import psycopg2
from psycopg2.extensions import parse_dsn

from artui.config import Config
from artui.db.connect import open_database
from artui.db.embedded import EmbeddedServer
from artui.db.migrate import applied_fingerprint, fingerprint
from artui.errors import ArtuiError


def status(config: Config, name: str) -> dict[str, Any]:
    """Return what is known of the database: fixed keys, None where unknown."""
    if config.database_url:
        where = {key: value for key, value in parse_dsn(config.database_url).items() if key != "password"}
        return {
            "kind": "shared", "running": False, "version": None, "database": where.get("dbname"), "host": where.get("host"), "port": where.get("port"),
            "user": where.get("user"), **_ask(config.database_url),
        }  # fmt: skip
    server = EmbeddedServer(config)
    seen = server.status()
    answer = {
        "kind": "embedded", "running": seen.running, "version": seen.version, "database": name, "pid": seen.pid, "account": seen.account,
        "data_directory": str(seen.data_directory), "socket_directory": str(seen.socket_directory), "log_file": str(seen.log_file) if seen.log_file else None,
    }  # fmt: skip
    return {
        **answer,
        **(_ask(server.dsn(server.superuser, name)) if seen.running else {"migrated": None}),
        "running": seen.running,
    }


def _ask(dsn: str) -> dict[str, Any]:
    database = open_database(dsn)
    try:
        database.connect()
        version = database.execute_sql("SHOW server_version").fetchone()[0]
        return {
            "running": True,
            "version": version,
            "migrated": applied_fingerprint(database) == fingerprint(),
        }
    except (ArtuiError, psycopg2.Error):
        return {"migrated": None}
    finally:
        if not database.is_closed():
            database.close()
