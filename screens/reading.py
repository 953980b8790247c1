"""A screen that asks the books beside the drawing: who is at work, reads and look-ups that a newer one calls off."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from artui.db.gateway import Tell
from artui.errors import Refused
from screens.ahead import PATIENCE, Break
from screens.lean import Lean
from screens.live import Live, Watch
from screens.program import Program
from screens.progress import Progress

if TYPE_CHECKING:
    from artui.session import Session

T = TypeVar("T")
P = ParamSpec("P")
SLOW = 0.25
"""Seconds after which a read that is under way is mentioned."""
READING = "Reading …"


class Reading(Lean, inherit_bindings=False):
    """What every screen does with the books; what it shows and says is told in `Page`."""

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, str] = ("", "")
        self._said_before: tuple[str, str] = ("", "")
        """What was said before a slow read was mentioned: it is said again."""
        self._looking = 0
        self._reads = 0
        self.live = Live(self)
        self._arrived = asyncio.Event()
        self._arrived.set()

    @property
    def program(self) -> Program:
        """The program this screen runs in."""
        return cast("Program", self.app)

    @property
    def today(self) -> date:
        """The business date; a screen that asks for it is opened after the books are."""
        return cast("Session", self.program.session).today

    @property
    def own_currency(self) -> str:
        """The company's currency; nothing while the books are being opened."""
        return self.program.session.currency if self.program.session is not None else ""

    def may_not(self, *rights: str) -> str:
        """Say that the person has none of these rights and who has the first; nothing when they have one, or before the books are open."""
        actor = self.program.session.actor if self.program.session is not None else None
        return "" if actor is None or actor.may & set(rights) else actor.may_not(rights[0])

    def need(self, *rights: str) -> None:
        """Raise Refused when the person has none of these rights."""
        if refused := self.may_not(*rights):
            raise Refused(refused)

    # what a page says and does

    def say(self, text: str, look: str = "") -> None:
        """Show one sentence on the status line."""
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        """Show an error as one sentence."""
        raise NotImplementedError

    def refresh_foot(self) -> None:
        """Draw the lines at the bottom again."""
        raise NotImplementedError

    def breaks(self, key: str, waited: float) -> Break:
        """Tell which key ends a wait."""
        raise NotImplementedError

    def _go_on(self) -> None:
        """Let the keys go on that waited for this screen."""
        if self.program.ahead.waits_for(self):
            self.app.call_later(self.program.ahead.go_on)

    # what it reads

    def begin_with(self, how: Callable[[], Awaitable[None]]) -> None:
        """Do what the screen was opened for, beside it: what was left unfinished."""
        work: Callable[[], Awaitable[None]] = partial(self._begin_with, how)
        self.run_worker(work, group="left", description="left", exit_on_error=False)

    async def _begin_with(self, how: Callable[[], Awaitable[None]]) -> None:
        try:
            await how()
        except Exception as error:
            self.fail(error)

    def look_up(self, job: Callable[[], Awaitable[None]], pause: float = 0) -> None:
        """Find choices for what is typed, after a pause; a newer look-up calls this one off, Enter waits for it."""
        self._looking += 1
        work: Callable[[], Awaitable[None]] = partial(self._choices, self._looking, job, pause)
        self.run_worker(work, group="look", description="look", exclusive=True, exit_on_error=False)

    async def _choices(self, serial: int, job: Callable[[], Awaitable[None]], pause: float) -> None:
        try:
            if pause:
                await asyncio.sleep(pause)
            await job()
        except Exception as error:
            self.fail(error)
        finally:
            if serial == self._looking:
                self._looking = 0
                self._go_on()

    @property
    def gone(self) -> bool:
        """Tell whether the screen was left: what still arrives for it has nowhere to go."""
        return not self.display

    @property
    def reading(self) -> bool:
        """Tell whether an answer is on its way."""
        return not self._arrived.is_set()

    def read(self, show: Callable[[T], None], job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask the books and show the answer; a newer read of this screen calls this one off."""
        self._reads += 1
        self._arrived.clear()

        def ask() -> Awaitable[T]:
            return self.program.gateway.read(job, *args, **kwargs)

        async def again() -> None:
            show(await ask())

        self.live.reading(again)
        work: Callable[[], Awaitable[None]] = partial(self._read, self._reads, show, ask)
        self.run_worker(work, group="read", description="read", exclusive=True, exit_on_error=False)

    async def arrival(self, seconds: float = PATIENCE) -> None:
        """Wait a moment for the read under way, if there is one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    async def _read(self, serial: int, show: Callable[[T], None], ask: Callable[[], Awaitable[T]]) -> None:
        slow = asyncio.get_running_loop().call_later(SLOW, self._say_slow)
        try:
            answer = await ask()
            if self._said[0] == READING:
                self.say(*self._said_before)
            if not self.gone:
                show(answer)
        except Exception as error:
            self.fail(error)
            if self.program.ahead.waits_for(self):
                self.program.ahead.forget()
        finally:
            slow.cancel()
            if serial == self._reads:
                self._arrived.set()
                self._go_on()
                self.live.catch_up()

    def _say_slow(self) -> None:
        if self._said[0] != READING:
            self._said_before = self._said
        self.say(READING)
        self.program.ask_server()

    def watches(self) -> Watch:
        """Return what is shown: when others change it, the last read of this screen is made again, unseen but for what differs."""
        return Watch()

    def on_screen_resume(self) -> None:
        """Catch up with what changed while another screen was on top."""
        self.live.catch_up()

    async def long(self, progress: Progress, job: Callable[Concatenate[Session, Tell, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `job(session, tell, ...)` for a `long_work`, run on a connection of its own: look-ups go on beside it.

        `tell(done, of)` moves the progress. Stopping the work stops the statement on the server and raises Refused.
        """
        running = asyncio.ensure_future(self.program.gateway.long(job, progress.at, *args, **kwargs))
        progress.when_stopped = running.cancel
        try:
            return await running
        except asyncio.CancelledError:
            running.cancel()
            if progress.stopped:
                raise Refused("Stopped.") from None
            raise
