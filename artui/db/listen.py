"""Hearing that others have changed the books, and that the server is there: one connection of its own, on the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg2
from psycopg2 import extensions

from artui import money
from artui.db.connect import LOST_LINE, unreachable
from artui.errors import Unreachable

CHANNEL = "artui_changed"
MOST_WATCHED = 1000
ANSWER = 2.0
"""Seconds the server may take to accept a connection or to answer the short question asked on it."""
HEARTBEAT = 5.0
GATHER = 0.1
"""Seconds: between questions when nothing is heard; and the least between two, however often the word is given."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 1.0
_COMING_OR_GOING = ("starting up", "shutting down", "recovery mode", "not yet accepting")


@dataclass(frozen=True)
class Change:
    """One thing somebody did: `what` is a kind of document or a table; `op` P posted, I added, U changed, D removed."""

    by: str
    at: datetime
    what: str
    op: str
    accounts: frozenset[int]
    """Those of the watched ones it touches; none where it belongs to no account."""
    columns: tuple[str, ...] = ()
    kind: str = ""
    number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    bulk: bool = False


@dataclass(frozen=True)
class News:
    """What was committed since the last time; with `everything` nobody can say what, so all that is shown is old."""

    changes: tuple[Change, ...] = ()
    everything: bool = False


class Listener:
    """Tell what others commit, and whether the server answers, for as long as `run` runs.

    `watched` gives the accounts on the screens; `told` hears news; `lost` is told the error when the server goes and None
    when it is back; `reached` is told, a moment after the server had fallen silent and was reached anew, when that was by the
    event loop's clock: what has been waiting since before waits in vain. All are called on the event loop. What arrives is only ever read from the books, never from the message.
    """

    def __init__(
        self,
        dsn: str,
        watched: Callable[[], Iterable[int]],
        told: Callable[[News], None],
        lost: Callable[[Unreachable | None], None],
        reached: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._dsn, self._watched, self._told, self._lost, self._reached = dsn, watched, told, lost, reached
        self._line: Line | None = None
        self._hurried = asyncio.Event()
        self._snapshot = ""

    def ask(self) -> None:
        """Ask at once, or try at once: something takes long, or the server was seen elsewhere."""
        self._hurried.set()
        if self._line is not None:
            self._line.wake()

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the connection is lost."""
        pause, silent, loop = FIRST_PAUSE, False, asyncio.get_running_loop()
        while True:
            try:
                line = await Line.open(self._dsn)
            except (psycopg2.Error, TimeoutError) as error:
                silent = silent or isinstance(error, TimeoutError)
                self._tell_loss(error)
                await self._rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause, self._line = FIRST_PAUSE, line
            try:
                async with asyncio.timeout(ANSWER):
                    await line.ask(f"LISTEN {CHANNEL}")
                    await self._take_stock(line)
                self._lost(None)
                if silent:
                    loop.call_later(ANSWER, self._reached, loop.time())
                    silent = False
                self._told(News(everything=True))
                await self._follow(line)
            except TimeoutError:
                silent = True
            except psycopg2.Error:
                pass
            finally:
                self._line = None
                line.close()

    async def _rest(self, seconds: float) -> None:
        self._hurried.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurried.wait()

    def _tell_loss(self, error: BaseException) -> None:
        """A server that answers but takes no more of us leaves the program without news, not without its books."""
        words = str(error)
        if isinstance(error, TimeoutError):
            self._lost(Unreachable("The database does not answer."))
        elif "FATAL" not in words or any(state in words for state in _COMING_OR_GOING):
            self._lost(unreachable(error))

    async def _take_stock(self, line: Line) -> Mapping[str, Any]:
        watched = list(self._watched())
        answer: Mapping[str, Any] = (await line.ask("SELECT api.changes(%s::pg_snapshot, %s::bigint[])", (self._snapshot or None, watched[:MOST_WATCHED])))[0][0]
        self._snapshot = str(answer["now"])
        return answer

    async def _follow(self, line: Line) -> None:
        """Ask whenever the word is given, and until everybody has ended who was under way when it was."""
        under_way, pause = 0, HEARTBEAT
        while True:
            heard = await line.heard(pause)
            async with asyncio.timeout(ANSWER):
                answer = await self._take_stock(line)
            if heard:
                under_way, pause = int(answer["next"]), GATHER
            if answer["any"]:
                self._told(News(tuple(_change(row) for row in answer["changes"]), everything=bool(answer["more"])))
            pause = min(2 * pause, HEARTBEAT) if int(answer["oldest"]) < under_way else HEARTBEAT
            await asyncio.sleep(GATHER)


class Line:
    """A connection that never blocks: what it waits for, it waits for on the event loop."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._waiting: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, dsn: str) -> Line:
        """Connect. Raises TimeoutError when nobody answers in time, psycopg2.Error when it is refused."""
        parameters: dict[str, Any] = {**extensions.parse_dsn(dsn), "application_name": "artui listening"}
        async with asyncio.timeout(ANSWER):
            # finding the server's address may block, so it does that elsewhere
            line = cls(await _aside(lambda: psycopg2.connect(**{**LOST_LINE, **parameters}, async_=1)))
            try:
                await line._ready()
            except BaseException:
                line.close()
                raise
        return line

    async def ask(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        cursor = self._connection.cursor()
        cursor.execute(statement, parameters or None)
        await self._ready()
        return list(cursor.fetchall()) if cursor.description else []

    async def heard(self, seconds: float) -> bool:
        """Wait for the word, `wake` or the end of the time; tell whether the word was given."""
        if not self._connection.notifies:
            loop, number = asyncio.get_running_loop(), self._connection.fileno()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, self.wake)
            loop.add_reader(number, self.wake)
            try:
                await self._waiting
            finally:
                timer.cancel()
                loop.remove_reader(number)
            self._connection.poll()
        given = bool(self._connection.notifies)
        self._connection.notifies.clear()
        return given

    def wake(self) -> None:
        """Wait no longer."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def close(self) -> None:
        """Give the connection back."""
        with contextlib.suppress(psycopg2.Error):
            self._connection.close()

    async def _ready(self) -> None:
        while (state := self._connection.poll()) != extensions.POLL_OK:
            await _until(self._connection, writing=state == extensions.POLL_WRITE)


async def _until(connection: Any, *, writing: bool) -> None:
    """Wait until something can be read from a connection, or written to it."""
    loop, number = asyncio.get_running_loop(), connection.fileno()
    ready: asyncio.Future[None] = loop.create_future()
    add, remove = (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)

    def go_on() -> None:
        if not ready.done():
            ready.set_result(None)

    add(number, go_on)
    try:
        await ready
    finally:
        remove(number)


async def _aside(act: Callable[[], Any]) -> Any:
    """Return what `act` returns, run where nobody waits for it when the program ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def finish(answer: Any, error: BaseException | None) -> None:
        if future.done():
            with contextlib.suppress(Exception):
                answer.close()
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(answer)

    def run() -> None:
        answer = error = None
        try:
            answer = act()
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(finish, answer, error)

    threading.Thread(target=run, name="connect", daemon=True).start()
    return await future


def _change(row: Mapping[str, Any]) -> Change:
    currency = str(row.get("currency") or "")
    return Change(
        by=str(row["by"]),
        at=datetime.fromisoformat(row["at"]),
        what=str(row["what"]),
        op=str(row["op"]),
        accounts=frozenset(row["accounts"] or ()),
        columns=tuple(row.get("columns") or ()),
        kind=str(row.get("kind") or ""),
        number=str(row.get("number") or ""),
        amount=money.from_minor(row["amount"], currency) if currency else None,
        currency=currency,
        bulk=bool(row.get("bulk")),
    )
