"""Keep an entry as a draft while it is typed: on the server, on disk while that is away, never on the drawing thread."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from artui.drafts import Draft, Returned, Shelf, discard, save_draft, take_back
from artui.errors import ArtuiError, Unreachable
from artui.session import Session

if TYPE_CHECKING:
    from textual.timer import Timer

    from screens.base import Page

SOON = 0.25
"""Seconds after a change at which the draft is written."""
LONG = 0.5
"""Seconds without an answer after which it is written on disk, too."""


class Keeper:
    """Write the draft of one entry soon after each change; one write at a time, the newest state last."""

    def __init__(self, page: Page, draft: Callable[[str], Draft]) -> None:
        self.key = str(uuid.uuid4())
        """The key the entry will be sent with."""
        self.elsewhere = False
        """The entry went on at another terminal: this one writes no more."""
        self.sending = False
        """It is being posted: nothing is written after that."""
        self._page, self._draft = page, draft
        self._timer: Timer | None = None
        self._busy = self._again = self._kept = self._waiting = False

    @property
    def shelf(self) -> Shelf:
        """Where drafts lie while the server is away."""
        session = cast("Session", self._page.program.session)
        return Shelf(session.config, session.dsn)

    def go_on_with(self, key: str) -> None:
        """Go on with an entry that has been kept already."""
        self.next()
        self.key, self._kept = key, True

    def next(self) -> None:
        """Begin another entry, under another key."""
        self._stop()
        self.key, self._kept, self.elsewhere, self.sending = str(uuid.uuid4()), False, False, False

    def soon(self) -> None:
        """Note that something changed."""
        if self._timer is None and not self.elsewhere:
            self._timer = self._page.set_timer(SOON, self._now)

    def current(self) -> Draft:
        """Return the draft as it is now, about to be sent: no older one follows it."""
        self._stop()
        self.sending = True
        return self._draft(self.key)

    async def drop(self) -> None:
        """Throw the draft away."""
        self._stop()
        if self._kept and not self.elsewhere:
            self.shelf.remove(self.key)
            self._work(self._discard(self.key))

    async def _discard(self, key: str) -> None:
        try:
            await self._page.program.gateway.write(discard, key)
        except ArtuiError:
            return  # it is offered again, and can be thrown away then

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _now(self) -> None:
        self._timer = None
        if self._busy:
            self._again = True
        else:
            self._busy = True
            self._work(self._keep())

    def _work(self, job: Awaitable[None]) -> None:
        # of the program rather than of the screen, so that leaving the screen does not call it off
        self._page.app.run_worker(job, group="draft", description="draft", exit_on_error=False)

    async def _keep(self) -> None:
        try:
            self._again = True
            while self._again and self._page.unsaved and not (self.elsewhere or self.sending):
                self._again = False
                await self._write(self._draft(self.key))
        finally:
            self._busy = False

    async def _write(self, draft: Draft) -> None:
        writing = asyncio.ensure_future(self._page.program.gateway.write(save_draft, draft))
        done, _ = await asyncio.wait({writing}, timeout=LONG)
        try:
            if not done:
                await asyncio.to_thread(self.shelf.keep, draft)
            await writing
            self._kept = True
            if not done:
                self.shelf.remove(draft.key)
        except Unreachable:
            await asyncio.to_thread(self.shelf.keep, draft)
            self._kept = True
            if not self._waiting:
                self._waiting = True
                self._work(self._bring_back())
        except ArtuiError as error:
            self.elsewhere = error.code == "AR005"
            self._page.fail(error)

    async def _bring_back(self) -> None:
        """Take back to the server what was kept on disk, as soon as there is one."""
        try:
            returned: Returned = await self._page.program.gateway.read(take_back, self.shelf)
            self.elsewhere = any(draft.copy_of == self.key for draft in returned.beside)
        except ArtuiError as error:
            self._page.fail(error)
        finally:
            self._waiting = False
