"""Opening a connection as one person: the database of the configuration, the session's settings, errors in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import peewee
import psycopg2
from psycopg2 import extensions

from artui.errors import ArtuiError, BadInput, Refused, Unreachable
from artui.rights import refusal
from models.base import proxy

CONNECTION_LOST = "The connection to the database was lost."

_OPTIONS = "-c search_path=ar,ext,pg_catalog -c timezone=UTC -c client_min_messages=warning -c pg_trgm.word_similarity_threshold=0.4"
LOST_LINE: Mapping[str, str] = {"keepalives_idle": "10", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "20000"}
"""How a network that has silently forgotten a connection is noticed within 20 seconds; without meaning on a socket of this machine."""
_CODES: Mapping[str, type[ArtuiError]] = {
    "42501": Refused,
    "22P02": BadInput,
    "22007": BadInput,
    "22008": BadInput,
    "22003": BadInput,
    "23514": BadInput,
}


def open_database(
    dsn: str, *, application: str = "artui", password: str | None = None
) -> peewee.PostgresqlDatabase:
    """Return a database for `dsn` (libpq keywords or URL) that connects on `connect()`, never by itself.

    Raises Unreachable on `connect()` when no server answers or it refuses the login.
    """
    parameters: dict[str, Any] = dict(extensions.parse_dsn(dsn))
    name = parameters.pop("dbname", None) or "artui"
    # what the address says of the session comes after ours, so it wins
    parameters["options"] = f"{_OPTIONS} {parameters.get('options', '')}".strip()
    parameters.setdefault("connect_timeout", "10")
    for setting, value in LOST_LINE.items():
        parameters.setdefault(setting, value)
    parameters["application_name"] = application
    if password is not None:
        parameters["password"] = password
    return _Database(name, autoconnect=False, **parameters)


class _Database(peewee.PostgresqlDatabase):
    def _connect(self) -> Any:
        try:
            return super()._connect()  # type: ignore[misc]  # missing from the stubs
        except (psycopg2.OperationalError, peewee.OperationalError) as error:
            raise unreachable(error) from error


def as_url(dsn: str) -> str:
    """Return libpq keywords as a postgresql:// URL."""
    parameters = dict(extensions.parse_dsn(dsn))
    user, database = quote(parameters.pop("user", ""), safe=""), quote(parameters.pop("dbname", ""), safe="")
    return f"postgresql://{user}@/{database}?{urlencode(parameters)}"


def unreachable(error: BaseException) -> Unreachable:
    """Say why the database cannot be reached, in one sentence."""
    reason = " ".join(str(error).split()).removeprefix("connection to server ")
    if "role" in reason and "does not exist" in reason:
        return Unreachable(
            "The database does not know this user.",
            f"An administrator adds people with: artui staff add. ({reason})",
        )
    if any(words in reason for words in ("is not permitted to log in", "authentication failed", "permission denied for database")):
        return Unreachable("The database does not let this user in.", f"An administrator sees who may: artui staff list. ({reason})")
    return Unreachable(
        "The database does not answer.", f"Check that the server runs: artui db status. ({reason})"
    )


def bind(database: peewee.Database) -> None:
    """Let every model use `database`."""
    proxy.initialize(database)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the server refuses into an ArtuiError with its sentence, hint and code."""
    try:
        yield
    except (psycopg2.Error, peewee.DatabaseError, peewee.InterfaceError) as error:
        raise explain(error) from error


def server_error(error: BaseException) -> psycopg2.Error | None:
    """Return the driver's own error behind a peewee one, or None."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, psycopg2.Error):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def pgcode(error: BaseException | None) -> str:
    """Return the SQLSTATE the server gave, or nothing."""
    cause = server_error(error) if error is not None else None
    return (cause.pgcode or "") if cause is not None else ""


def is_lost(error: BaseException) -> bool:
    """Tell whether the connection is gone, so that nobody knows if the last statement was carried out."""
    cause = server_error(error)
    if isinstance(error, peewee.InterfaceError) or isinstance(cause, psycopg2.InterfaceError):
        return True
    return isinstance(cause, psycopg2.OperationalError) and cause.pgcode in (None, "57P01", "57P02", "57P03")


def explain(error: BaseException) -> ArtuiError:
    """Translate a database error; errors nobody foresaw keep the server's own words."""
    if is_lost(error):
        return Unreachable(
            CONNECTION_LOST, "What was acknowledged is safe. Try again; nothing is posted twice."
        )
    cause = server_error(error)
    if cause is None:
        return ArtuiError(str(error), code="database")
    code = cause.pgcode or "database"
    message = (cause.diag.message_primary or str(cause)).strip()
    sentence = message[:1].upper() + message[1:] + ("" if message.endswith((".", "?", "!")) else ".")
    hint = (cause.diag.message_hint or "").strip()
    if code == "23505":
        return Refused(
            "This is already in the books under the same number.", hint or "Use another number.", code="AR009"
        )
    if code == "42501" and cause.diag.constraint_name:
        return Refused(refusal(cause.diag.constraint_name, (cause.diag.message_detail or "").replace(",", " ").split()), code=code)
    if code == "42501" and not hint:
        hint = "Ask somebody with the right to do it."
    if code in ("40P01", "40001", "55P03"):
        return Refused("Somebody else is changing the same account at this moment.", "Try again.", code=code)
    kind = _CODES.get(code, Refused if code.startswith("AR") else ArtuiError)
    return kind(sentence, hint, code=code)
