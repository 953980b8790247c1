"""The one thread of a session that touches its connection: reads that can be called off, writes that cannot."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar

from artui.errors import ArtuiError, Refused, Unreachable
from artui.later import Later

if TYPE_CHECKING:
    import peewee

    from artui.db import cancel, connect
else:
    # the driver is loaded on the thread of the books: the first screen is painted before
    cancel, connect = Later("artui.db.cancel"), Later("artui.db.connect")

QUERY_CANCELED = "57014"
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 1.0
CANCEL_AGAIN = 0.02
CANCEL_PATIENCE = 1.0
LAST_READ = 1.0
LAST_WRITE = 10.0
"""Seconds: between attempts to reach the server, between cancel requests and for one to be taken, and how long closing waits for what is under way."""


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
Tell = Callable[[int, int], None]
"""What a long job calls now and then: how much is done, of how much (0: not known). Raises Refused once nobody wants it any more."""
_END_FORMER = """SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = ANY (%s) AND usename = session_user
  AND application_name = current_setting('application_name') AND datname = current_database() AND pid <> pg_backend_pid()"""


class _Job(Generic[T]):
    def __init__(self, serial: int, kind: Literal["open", "read", "write"], run: Callable[[], T]) -> None:
        self.serial, self.kind, self.run = serial, kind, run
        self.future = Future[T]()
        self.begun: float | None = None
        """When it came to its turn, by the monotonic clock."""


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
        self._canceller: cancel.Cancel | None = None
        self._quiet = threading.Event()
        self._quiet.set()
        self._called_off: set[int] = set()
        self._closed = False
        self._backends: set[int] = set()
        self._return: asyncio.Task[None] | None = None
        self._hurried = asyncio.Event()
        self._long: Gateway[S] | None = None
        self._long_turn = asyncio.Lock()
        self._threads = [threading.Thread(target=work, name=name, daemon=True) for work, name in ((self._work, "books"), (self._cancel_late, "cancel"))]
        self._first = self._submit("open", self._open)

    @property
    def session(self) -> S:
        """The session, once opened."""
        if self._session is None:
            raise RuntimeError("the gateway is not open")
        return self._session

    def start(self) -> None:
        """Begin to open the session, before anything asked for until now; `opened` waits for it. Once begun it is not begun again."""
        for thread in self._threads:
            if thread.ident is None:
                thread.start()

    async def opened(self) -> S:
        """Return the session as soon as it is there; raises what opening it raised."""
        return await asyncio.wrap_future(self._first)

    async def read(self, job: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, ...)`; cancelling the caller cancels it on the server, a lost server is waited for."""
        while True:
            await self._returned()
            future = self._submit("read", lambda: job(self.session, *args, **kwargs))
            try:
                return await asyncio.wrap_future(future)
            except Unreachable as error:
                self._begin_return(error)
            except asyncio.CancelledError:
                self._call_off(future)
                raise

    async def write(self, job: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, ...)`, carried through even when the caller is cancelled.

        Raises Unreachable when the server went away: whether it was carried out is asked by its key, with `read`. By the time
        that is answered nothing of the lost connection can still be carried out: the server has ended it.
        """
        future = self._submit("write", lambda: job(self.session, *args, **kwargs))
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except Unreachable as error:
            self._begin_return(error)       # it is sent again by hand, perhaps with no read between
            raise

    async def long(self, job: Callable[Concatenate[S, Tell, P], T], told: Tell, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, tell, ...)`, run on a connection of its own that exists only meanwhile; one at a time.

        For reports, exports and imports: the clerk's reads go on beside it. `told` hears on the event loop what the job tells.
        Cancelling the caller cancels the statement on the server and stops the job where it next tells. Not repeated when the
        server goes away: raises Unreachable.
        """
        loop, unwanted = asyncio.get_running_loop(), threading.Event()

        def tell(done: int, of: int) -> None:
            if unwanted.is_set():
                raise Refused("This was called off.")
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                loop.call_soon_threadsafe(told, done, of)

        async with self._long_turn:
            lane = self._long = Gateway(lambda: self._reopening(self.session), self._reopening)
            lane.start()
            try:
                await lane.opened()
                future = lane._submit("read", lambda: job(lane.session, tell, *args, **kwargs))
                try:
                    return await asyncio.wrap_future(future)
                except asyncio.CancelledError:
                    unwanted.set()
                    lane._call_off(future)
                    raise
            finally:
                self._long = None
                lane._end()

    def cut(self, before: float) -> None:
        """Give up the connection if what runs on it began before that instant: the network has forgotten it, the server may not have.

        A read is then run again on a new connection, a write raises Unreachable.
        """
        for lane in (self, self._long):
            running, connection = (lane._running, lane._connection) if lane else (None, None)
            if running is not None and connection is not None and running.begun is not None and running.begun < before:
                with contextlib.suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)

    async def reconnect(self, error: Unreachable) -> None:
        """Open the session again, trying at once and then after 0.2 to 1 s, until the server answers or refuses."""
        self.lost(error)
        pause = FIRST_PAUSE
        try:
            while True:
                try:
                    await asyncio.wrap_future(self._submit("open", self._reopen))
                    return
                except Unreachable as still:
                    self.lost(still)
                self._hurried.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._hurried.wait()
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self.lost(None)

    def hurry(self) -> None:
        """Try at once, if the server is away: it was seen elsewhere."""
        self._hurried.set()

    def close(self) -> None:
        """End the session: a read under way is cancelled, a write is waited for."""
        for lane in (self._long, self):
            if lane is not None:
                running = lane._end()
                if lane._threads[0].is_alive():
                    lane._threads[0].join(LAST_WRITE if running is not None and running.kind == "write" else LAST_READ)

    def _end(self) -> _Job[Any] | None:
        """Take no more jobs, cancel a read under way, and return what runs."""
        self._closed = True
        running = self._running
        if running is not None and running.kind == "read":
            self._cancels.put(running.serial)
        self._jobs.put(None)
        return running

    def _submit(self, kind: Literal["open", "read", "write"], run: Callable[[], T]) -> Future[T]:
        self._serial += 1
        job = _Job(self._serial, kind, run)
        self._jobs.put(job)
        return job.future

    @property
    def returning(self) -> bool:
        """Tell whether the connection is being made again."""
        return self._return is not None and not self._return.done()

    def _begin_return(self, error: Unreachable) -> None:
        if not self.returning:
            self._return = asyncio.get_running_loop().create_task(self.reconnect(error))
            # a refusal nobody waits for, after a write, is met again by whoever asks next
            self._return.add_done_callback(lambda ended: None if ended.cancelled() else ended.exception())

    async def _returned(self) -> None:
        # what is asked on the lost connection could be answered before the server has ended what that was still doing
        if self._return is not None and self.returning:
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
            running, canceller = self._running, self._canceller
            if running is None or running.serial != serial or canceller is None:
                return False
            self._called_off.add(serial)
            self._quiet.clear()
        sending = threading.Thread(target=self._send, args=(canceller,), name="cancelling", daemon=True)
        sending.start()
        sending.join(CANCEL_PATIENCE)
        return True

    def _send(self, canceller: cancel.Cancel) -> None:
        try:
            canceller.send()
        finally:
            self._quiet.set()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._closed and job.kind == "read":
                job.future.cancel()
            self._run(job)
        self._shut()
        self._cancels.put(None)

    def _run(self, job: _Job[Any]) -> None:
        with self._lock:
            job.begun = time.monotonic()
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
            if job.kind == "write" and self._session is not None:
                self._know(self._session)  # a write may have made its connection again by itself
        # a cancel still on its way is let arrive, so that it does not hit the next job; not for ever, as the server may hang
        self._quiet.wait(CANCEL_PATIENCE)

    def _open(self) -> S:
        try:
            return self._hold(self._opening())
        except BaseException:
            self._closed = True     # what was asked meanwhile is called off: who waits for the opening says why
            raise

    def _reopen(self) -> S:
        self._connection = self._canceller = None
        with contextlib.suppress(Exception):
            self.session.close()
        session = self._reopening(self.session)
        self._end_former(session)
        return self._hold(session)

    def _end_former(self, session: S) -> None:
        """Have the server end what it may still be doing for connections that were lost, and wait for it."""
        try:
            session.db.execute_sql(_END_FORMER, (list(self._backends),)).fetchall()
        except Exception as error:
            session.close()
            raise connect.explain(error) from error
        self._backends.clear()

    def _hold(self, session: S) -> S:
        self._session = session
        self._know(session)
        return session

    def _know(self, session: S) -> None:
        with contextlib.suppress(Exception):
            self._connection = session.db.connection()
            self._canceller = cancel.Cancel(self._connection)
            self._backends.add(self._connection.info.backend_pid)

    def _shut(self) -> None:
        with self._lock:
            self._connection = self._canceller = None
        if self._session is not None:
            with contextlib.suppress(Exception):
                self._session.close()


def _was_cancelled(error: Exception) -> bool:
    cause = connect.server_error(error)
    return (isinstance(error, ArtuiError) and error.code == QUERY_CANCELED) or (cause is not None and cause.pgcode == QUERY_CANCELED)
