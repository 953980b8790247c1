"""What is being typed, kept as it is typed under the key it will be sent with: found again after whatever ended the program.

A form takes `Drafting`; any other screen holds a `Keeping` and calls `typed` after each change.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from artui.drafts import (
    Draft,
    Shelf,
    discard,
    drafts,
    save_draft,
    settle,
    take_back,
    take_over,
)
from artui.errors import ArtuiError, Refused, Unreachable
from artui.ledger.posting import Answer
from artui.session import Session
from screens.widgets.act import carried
from screens.widgets.form import Filling, Form

if TYPE_CHECKING:
    from screens.base import Page

T = TypeVar("T")
P = ParamSpec("P")
KEEP = 0.25
"""Seconds after a change at which it is kept, whatever is typed meanwhile."""
PATIENCE = 0.1
"""Seconds the server has for it before it is laid on the disk as well: together less than half a second."""
FAREWELL = 1.0
"""Seconds the last letters have when the program is told to end."""
USED = "AR002"
"""The code of what is sent under a key that something else went under."""
LEFT = "As you left it: it was not sent."


@dataclass(frozen=True)
class Unfinished:
    """An entry left before it was sent, or what became of it when only its answer was lost; neither when there is nothing."""

    draft: Draft | None = None
    done: Answer | None = None


def unfinished(session: Session, kind: str, about: str = "", beside: frozenset[str] = frozenset()) -> Unfinished:
    """Return the latest entry of a kind about something (`body["about"]`) that was left, taken over to this terminal.

    Those with a key `beside` are being typed on other screens of this program.
    """
    take_back(session, Shelf(session.config, session.dsn))
    for draft in drafts(session):
        if draft.key not in beside and (draft.kind, draft.body.get("about", "")) == (kind, about):
            return go_on_with(session, draft)
    return Unfinished()


def being_typed(page: Page) -> frozenset[str]:
    """Return the keys of the entries that stand on the screens of this program, and on their panels."""
    owners = [owner for screen in page.app.screen_stack for owner in (screen, getattr(screen, "panel", None))]
    return frozenset(keeping.key for owner in owners if (keeping := getattr(owner, "keeping", None)) is not None)


async def find_left(page: Page, kind: str, about: str) -> Unfinished:
    """Return what `unfinished` does, leaving alone what is being typed."""
    return await page.program.gateway.read(unfinished, kind, about, being_typed(page))


def go_on_with(session: Session, draft: Draft) -> Unfinished:
    """Return a draft as it is on the server now, taken over to this terminal, or what became of it. Raises Refused when it is gone."""
    answer = settle(session, draft.key)
    if answer is not None:
        return Unfinished(done=answer)
    return Unfinished(take_over(session, draft))


def lost_and_found(answer: Answer) -> str:
    """Say what became of an entry whose answer was lost."""
    return f"This was saved before, and its answer was lost{f': {answer.document}' if answer.document else ''}."


def _sent(session: Session, draft: Draft, tried: Mapping[str, Any] | None, job: Callable[[Session], T]) -> T:
    """Do it; the draft with the key is on the server before. `tried` is the body that was sent before and not answered."""
    try:
        save_draft(session, draft)
    except ArtuiError as error:
        if error.code != "AR009":
            raise
        # it arrived the first time: the same again is answered by its key, something else must not go under it
        if tried is not None and tried != draft.body:
            raise Refused("The key was used for something else.", code=USED) from error
    return job(session)


class Keeping:
    """Keep one entry of a screen. `what` returns its subject in words and its body: plain JSON, with `about` when it is about one thing."""

    def __init__(self, owner: Widget, kind: str, what: Callable[[], tuple[str, Mapping[str, Any]]], draft: Draft | None = None) -> None:
        self._owner, self._kind, self._what = owner, kind, what
        self._draft = draft or Draft(kind, {})
        self._kept: Mapping[str, Any] | None = draft.body if draft is not None else None
        self._timer: Timer | None = None
        self._latest = self._draft
        self._tried: Mapping[str, Any] | None = None
        """What was sent last, while it is not known what became of it."""
        self._turn = asyncio.Lock()
        self._over = False
        """Nothing is written any more: it was sent, given up, or goes on at another terminal."""

    @property
    def key(self) -> str:
        """The key it will be sent under."""
        return self._draft.key

    @property
    def _page(self) -> Page:
        return cast("Page", self._owner.screen)

    @property
    def _shelf(self) -> Shelf:
        session = cast("Session", self._page.program.session)
        return Shelf(session.config, session.dsn)

    def now(self) -> Draft:
        """Return the draft as it stands on the screen."""
        subject, body = self._what()
        return replace(self._draft, subject=subject, body=dict(body))

    def typed(self) -> None:
        """Keep it soon; call it after every change."""
        if self._timer is None and not self._over:
            self._timer = self._owner.set_timer(KEEP, self._keep_soon)

    def _keep_soon(self) -> None:
        self._timer = None
        self._latest = draft = self.now()
        if not self._over and draft.body != self._kept:
            work: Callable[[], Awaitable[None]] = partial(self._keep, draft)
            self._page.run_worker(work, group="draft", description="draft", exit_on_error=False)

    async def _keep(self, draft: Draft) -> None:
        gateway, shelf = self._page.program.gateway, self._shelf
        writing = asyncio.ensure_future(gateway.write(save_draft, draft))
        try:
            try:
                saved = await asyncio.wait_for(asyncio.shield(writing), PATIENCE)
            except TimeoutError:
                await self._lay_down()
                saved = await writing
            self._saved(saved)
            if draft is self._latest:
                await asyncio.to_thread(shelf.remove, draft.key)
        except Unreachable:
            await self._lay_down()
            returned = await gateway.read(take_back, shelf)      # waits until the server is there again
            for saved in returned.saved:
                self._saved(saved)
            if not self._over and self._latest.key == self.key and self._latest.body != self._kept:
                await self._keep(self._latest)      # what was typed while the older state was on its way went with it
        except ArtuiError as error:
            self._elsewhere(error)
            if error.code != "AR009":      # sent meanwhile: no draft any more
                self._page.fail(error)

    async def _lay_down(self) -> None:
        """Lay the newest state on the disk, whichever write found the server slow; never an older one over it."""
        async with self._turn:
            if not self._over:
                await asyncio.to_thread(self._shelf.keep, self._latest)

    def _elsewhere(self, error: ArtuiError) -> None:
        """Leave the draft alone once it went on at another terminal: that one writes it, posts it or gives it up."""
        if error.code == "AR005":
            self._over = True

    def _saved(self, saved: Draft) -> None:
        if saved.key != self.key:
            return      # the answer of an entry that is over
        self._kept = saved.body
        self._draft = replace(self._draft, version=saved.version)

    async def flush(self) -> None:
        """Keep at once what waits to be kept: the program is told to end."""
        if self._stop() and not self._over:
            self._latest = self.now()
            with contextlib.suppress(ArtuiError, TimeoutError):
                await asyncio.wait_for(self._keep(self._latest), FAREWELL)

    def _stop(self) -> bool:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
        return timer is not None

    async def send(
        self, job: Callable[Concatenate[Session, P], T], ask: Callable[[Session, str], Any], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `job(session, ...)`, which sends the entry under `key`; a lost answer is asked for with `ask(session, key)`.

        Raises what the job raises, then the entry is still a draft; Unreachable when it never arrived. What was changed
        after it had arrived, its answer lost, is refused once: from then on it is another entry, under a key of its own.
        """
        self._stop()
        gateway, tried, self._latest = self._page.program.gateway, self._tried, self.now()
        self._tried = self._latest.body
        writing = gateway.write(_sent, self._latest, tried, lambda session: job(session, *args, **kwargs))
        sending = asyncio.ensure_future(carried(writing, partial(gateway.read, ask, self.key)))
        answered, _ = await asyncio.wait({sending}, timeout=PATIENCE)
        if not answered and self._latest.body != self._kept:
            await self._lay_down()      # what was typed just before may be nowhere yet
        try:
            answer = await sending
        except Refused as refusal:
            if refusal.code == USED:
                raise await self._went_before() from refusal
            raise
        self._over = True
        async with self._turn:
            await asyncio.to_thread(self._shelf.remove, self.key)
        return answer

    async def _went_before(self) -> Refused:
        """Begin another entry with what stands here, and say that what stood here before was done."""
        before = await self._page.program.gateway.read(settle, self.key)
        await asyncio.to_thread(self._shelf.remove, self.key)
        self.start_over()
        self.typed()
        what = f"{before.document} was posted" if before is not None and before.document else "It was saved"
        return Refused(f"{what} as it stood here before; only the answer was lost.", "What you changed since is another entry: F10 sends it as well.", code=USED)

    async def give_up(self, unsaved: bool) -> bool:
        """Throw it away after asking once, unless nothing was typed; tell whether to leave."""
        if not self._page.may_leave():
            return False
        if unsaved or self._kept is not None:
            await self.discard()
        return True

    async def discard(self) -> None:
        """Throw it away: it was given up."""
        self._stop()
        if self._over:
            return
        self._over = True
        key, gateway = self.key, self._page.program.gateway
        async with self._turn:
            await asyncio.to_thread(self._shelf.remove, key)
        try:
            await gateway.write(discard, key)
        except Unreachable:
            # a read waits for the server; thrown away twice is thrown away
            self._page.app.run_worker(gateway.read(discard, key), group="draft", description="draft", exit_on_error=False)

    def start_over(self) -> None:
        """Begin the next entry, under a key of its own."""
        self._stop()
        self._draft, self._kept, self._over = Draft(self._kind, {}), None, False
        self._latest, self._tried = self._draft, None


class Drafting(Filling):
    """A form whose texts are kept as they are typed: put it before FormPage or FormPanel and call `keep` from __init__."""

    KIND: ClassVar[str]
    """The kind of its drafts."""
    keeping: Keeping
    concerns: str = ""
    """What it is about, when only an entry about the same goes on with it: a number."""

    def keep(self, form: Form, draft: Draft | None = None, about: str = "") -> None:
        """Begin to keep the form, going on with a draft that was left."""
        self.concerns = about
        self._left = draft
        self.keeping = Keeping(cast("Widget", self), self.KIND, lambda: (self.draft_subject(), self.draft_body()), draft)

    def draft_subject(self) -> str:
        """Return what the list of drafts calls it."""
        return self.concerns

    def draft_body(self) -> dict[str, Any]:
        """Return what is kept: the texts of the fields, and what else the screen needs to go on."""
        return {"about": self.concerns, "texts": self.form.texts(), "picked": self.form.picked()}

    def restore(self, body: Mapping[str, Any]) -> None:
        """Put what was kept back into the fields."""
        self.form.refill(body.get("texts", {}), body.get("picked", {}))

    def on_mount(self) -> None:
        """Show what was left, as it was."""
        if self._left is not None:
            self.restore(self._left.body)
            self._on.say(LEFT)

    async def give_up(self) -> bool:
        """Give up what is typed, asked once; it is no draft any more. Tell whether to leave."""
        return await self.keeping.give_up(self.unsaved)

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        if self.form.changed:
            self.keeping.typed()

    async def on_unmount(self) -> None:
        """Keep the last letters when the program is told to end."""
        await self.keeping.flush()
