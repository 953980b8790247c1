"""The one thread of a session that touches its connection: reads that can be called off, writes that cannot."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar

import peewee
from psycopg2.errorcodes import QUERY_CANCELED

from artui.db.connect import server_error
from artui.errors import ArtuiError, Unreachable

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
CANCEL_AGAIN = 0.02
LAST_READ = 1.0
LAST_WRITE = 10.0
"""Seconds: between attempts to reach the server, between cancel requests, and how long closing waits for what is under way."""


class Connected(Protocol):
    """What a gateway holds: something with a connection that can be closed."""

    @property
    def db(self) -> peewee.PostgresqlDatabase:
        """The database, open on the gateway's thread only."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


S = TypeVar("S", bound=Connected)
T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class _Job(Generic[T]):
    serial: int
    kind: Literal["open", "read", "write"]
    run: Callable[[], T]
    future: Future[T]


class Gateway(Generic[S]):
    """Run jobs, one after the other, on the thread that holds a session.

    `opening` makes the session, `reopening` makes a new one from a session whose server went away;
    `lost` is told the error when the server goes and None when it is back, on the event loop's thread.
    """

    def __init__(
        self, opening: Callable[[], S], reopening: Callable[[S], S], lost: Callable[[Unreachable | None], None] = lambda _: None
    ) -> None:
        self.lost = lost
        self._opening, self._reopening = opening, reopening
        self._session: S | None = None
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._cancels: SimpleQueue[int | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._serial = 0
        self._running: _Job[Any] | None = None
        self._idle = threading.Event()
        self._connection: Any = None
        self._called_off: set[int] = set()
        self._closed = False
        self._return: asyncio.Task[None] | None = None
        self._threads = [threading.Thread(target=work, name=name, daemon=True) for work, name in ((self._work, "books"), (self._cancel_late, "cancel"))]
        self._first: Future[S] = Future()

    @property
    def session(self) -> S:
        """The session, once opened."""
        if self._session is None:
            raise RuntimeError("the gateway is not open")
        return self._session

    def start(self) -> None:
        """Begin to open the session; `opened` waits for it."""
        for thread in self._threads:
            thread.start()
        self._first = self._submit("open", self._open)

    async def opened(self) -> S:
        """Return the session as soon as it is there; raises what opening it raised."""
        return await asyncio.wrap_future(self._first)

    async def read(self, job: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, ...)`; cancelling the caller cancels it on the server, a lost server is waited for."""
        while True:
            future = self._submit("read", lambda: job(self.session, *args, **kwargs))
            try:
                return await asyncio.wrap_future(future)
            except Unreachable as error:
                await self._wait_for_return(error)
            except asyncio.CancelledError:
                self._call_off(future)
                raise

    async def write(self, job: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, ...)`, carried through even when the caller is cancelled.

        Raises Unreachable when the server went away: whether it was carried out must be asked by its key.
        """
        future = self._submit("write", lambda: job(self.session, *args, **kwargs))
        return await asyncio.shield(asyncio.wrap_future(future))

    async def reconnect(self, error: Unreachable) -> None:
        """Open the session again, trying at once and then after 0.2 to 2 s, until the server answers or refuses."""
        self.lost(error)
        pause = FIRST_PAUSE
        try:
            while True:
                try:
                    await asyncio.wrap_future(self._submit("open", self._reopen))
                    return
                except Unreachable as still:
                    self.lost(still)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self.lost(None)

    def close(self) -> None:
        """End the session: a read under way is cancelled, a write is waited for."""
        self._closed = True
        running = self._running
        if running is not None and running.kind == "read":
            self._cancels.put(running.serial)
        self._jobs.put(None)
        if self._threads[0].is_alive():
            self._threads[0].join(LAST_WRITE if running is not None and running.kind == "write" else LAST_READ)
        self._cancels.put(None)

    def _submit(self, kind: Literal["open", "read", "write"], run: Callable[[], T]) -> Future[T]:
        self._serial += 1
        job = _Job(self._serial, kind, run, Future[T]())
        self._jobs.put(job)
        return job.future

    async def _wait_for_return(self, error: Unreachable) -> None:
        if self._return is None or self._return.done():
            self._return = asyncio.get_running_loop().create_task(self.reconnect(error))
        await asyncio.shield(self._return)

    def _call_off(self, future: Future[Any]) -> None:
        """Cancel on the server what nobody waits for any more; only if it runs at this moment."""
        running = self._running
        if running is not None and running.future is future:
            self._cancels.put(running.serial)

    def _cancel_late(self) -> None:
        # A cancel request is a connection of its own: on a slow line it must not hold up the screen.
        while (serial := self._cancels.get()) is not None:
            # One sent before the statement reached the server is lost: ask until the job has ended.
            while self._cancel(serial) and not self._idle.wait(CANCEL_AGAIN):
                pass

    def _cancel(self, serial: int) -> bool:
        """Ask the server to stop a job; tell whether it was still running."""
        with self._lock:
            running = self._running
            if running is None or running.serial != serial or self._connection is None:
                return False
            self._called_off.add(serial)
            with contextlib.suppress(Exception):
                self._connection.cancel()
            return True

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._closed and job.kind == "read":
                job.future.cancel()
            self._run(job)
        self._shut()

    def _run(self, job: _Job[Any]) -> None:
        with self._lock:
            self._running = job
            self._idle.clear()
        try:
            if not job.future.set_running_or_notify_cancel():
                return
            answer = self._answer(job)
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(answer)
        finally:
            self._ended(job)

    def _answer(self, job: _Job[T]) -> T:
        try:
            return job.run()
        except Exception as error:
            # A cancel meant for the job before may arrive late; nobody asked for this one to stop.
            if not _was_cancelled(error) or job.serial in self._called_off:
                raise
            return job.run()

    def _ended(self, job: _Job[Any]) -> None:
        with self._lock:
            self._running = None
            self._called_off.discard(job.serial)
            self._idle.set()

    def _open(self) -> S:
        return self._hold(self._opening())

    def _reopen(self) -> S:
        self._connection = None
        with contextlib.suppress(Exception):
            self.session.close()
        return self._hold(self._reopening(self.session))

    def _hold(self, session: S) -> S:
        self._session = session
        self._connection = session.db.connection()
        return session

    def _shut(self) -> None:
        with self._lock:
            self._connection = None
        if self._session is not None:
            with contextlib.suppress(Exception):
                self._session.close()


def _was_cancelled(error: Exception) -> bool:
    cause = server_error(error)
    return (isinstance(error, ArtuiError) and error.code == QUERY_CANCELED) or (cause is not None and cause.pgcode == QUERY_CANCELED)
