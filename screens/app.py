"""The program: one session, a stack of screens, and a terminal left as it was found."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from textual.binding import Binding
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Paste
from textual.screen import Screen

from artui.config import BOOKS, Config
from artui.db.gateway import Gateway, Tell
from artui.errors import ArtuiError, Unreachable
from artui.later import Later
from artui.text import counted, safe
from screens.ahead import Ahead, Break, Typed
from screens.base import Page
from screens.faults import unforeseen
from screens.keymap import keymap_of
from screens.people.lookup import Home, Lookup
from screens.port.display import Ported, port
from screens.port.fitting import misfit
from screens.safe import shown
from screens.theme import CONTRAST, THEMES, Appearance, appearance

if TYPE_CHECKING:
    from artui import session as sessions
    from artui.db import listen
    from artui.session import Session
else:
    # the gateway's thread loads them, once the first screen is painted
    sessions, listen = Later("artui.session"), Later("artui.db.listen")

GARBAGE = 10_000
"""How many objects may be new before it is looked which of them nobody needs any more: about a megabyte."""
LOOK_AFTER = 1.5
"""Seconds after opening at which it is looked whether something waits."""


def look_around(session: Session, tell: Tell) -> tuple[int, int]:
    """Count discrepancies and requests."""
    # some seconds later: opening the program does not wait for it
    from artui.ledger.sign_in import standing

    return standing(session)


def reopened(session: Session) -> Session:
    """Return a new session in place of one that was lost."""
    return sessions.reopen_session(session)


def in_words(discrepancies: int, requests: int) -> str:
    """Say what deserves a look: "3 discrepancies: F7 desk. 2 requests wait for you: F7 approvals."."""
    told = [f"{discrepancies:,} discrepanc{'y' if discrepancies == 1 else 'ies'}: F7 desk.".replace(",", " ")] if discrepancies else []
    told += [f"{counted(requests, 'request waits', 'requests wait')} for you: F7 approvals."] if requests else []
    return " ".join(told)


def run(config: Config, as_user: str | None = None, database: str = BOOKS, *, ascii_only: bool = False) -> int:
    """Open the program on the books and return its exit status: 0, or 1 after a fault nobody foresaw.

    Raises BadInput for a theme there is not, and what opening the session raises: Unreachable, or Refused for somebody
    not on the staff list.
    """
    # it would give Ctrl+Z back its meaning, and with it the shell
    os.environ.pop("TEXTUAL_ALLOW_SIGNALS", None)
    program = ArtuiApp(config, as_user, database, appearance(config.screen, os.environ, ascii_only=ascii_only))
    try:
        program.run(mouse=False)
    finally:
        program.gateway.close()
    if program.not_opened is not None:
        raise program.not_opened
    if program.last_words:
        print(f"artui: {shown(program.last_words)}", file=sys.stderr)
    return 1 if program.last_words else 0


class ArtuiApp(Ported[None], inherit_bindings=False):
    """The program in one terminal."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS = [Binding("ctrl+c", "explain_leaving", show=False, system=True)]

    def __init__(self, config: Config, as_user: str | None = None, database: str = BOOKS, look: Appearance | None = None) -> None:
        # a driver named in the environment would be code of somebody else's choice
        look = look or Appearance()
        stock = look.stock_output or misfit()
        super().__init__(driver_class=LinuxDriver if stock else port(look.ascii_only), ansi_color=True)
        if stock:
            self.filter_lines(look.ascii_only)
        self.looks = CONTRAST if self.no_color else THEMES[look.theme].looks
        look.dress(self)
        self.animation_level = "none"
        self.config = config
        self.keymap = keymap_of(config.keys)
        self.ahead = Ahead(self._carry_out)
        # what is typed before the first screen is there waits for it
        self.ahead.wait(self)
        self.session: Session | None = None
        self.offline = ""
        self.not_opened: Exception | None = None
        self.last_words = ""
        self.gateway: Gateway[Session] = Gateway(
            lambda: sessions.open_session(config, as_user=as_user, database=database),
            reopened,
            self._books_lost,
        )
        self._listener: listen.Listener | None = None
        self._listening: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._away: dict[str, Unreachable] = {}
        self.standing = ""
        self.look_after: float | None = LOOK_AFTER

    async def on_event(self, event: Event) -> None:
        """Let keys and pastes that come ahead wait their turn."""
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            if isinstance(self.screen, Page):
                self.screen.live.seen()
            await self.ahead.take(event)
        else:
            await super().on_event(event)

    async def on_ready(self) -> None:
        """Carry out what was typed before the first screen was there."""
        # what is loaded by now stays: looking through it for garbage would cost a card opened now and then a third of its time
        gc.freeze()
        # a screen that was left is garbage as a whole: it is found as well after some screens as during each
        gc.set_threshold(GARBAGE)
        gc.enable()
        self.gateway.start()
        await self.ahead.go_on()

    def breaks(self, key: str, waited: float) -> Break:
        """Let every key wait for the first screen."""
        return ""

    async def _carry_out(self, key: Typed) -> None:
        await super().on_event(key)
        if isinstance(self.screen, Page):
            await self.screen.delivered()

    def get_default_screen(self) -> Screen[Any]:
        """Start on the lookup box: no blank screen is painted before it."""
        return Home()

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """Return which screens shine through the one on top: none; what lies below is left alone until it is seen again."""
        return []

    async def on_mount(self) -> None:
        """Leave in good order when the line drops, and wait for the books."""
        if isinstance(self._driver, LinuxDriver):
            # the port listens to these from its first byte on
            for name in (signal.SIGHUP, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(name, self.exit)
        self.run_worker(self._open(), description="open", exit_on_error=False)

    async def _open(self) -> None:
        try:
            self.session = await self.gateway.opened()
        except Exception as error:
            self._give_up(error)
            return
        for screen in self._pages():
            screen.refresh_title()
        self._listener = listen.Listener(self.session.dsn, self._watched, self._hear, self._line_lost, self.gateway.cut)
        self._listening = asyncio.create_task(self._listener.run(), name="listening")
        self._listening.add_done_callback(self._listening_ended)

        if self.look_after is not None:
            self.set_timer(self.look_after, self._look_around)

    def _look_around(self) -> None:
        work: Callable[[], Awaitable[None]] = self._tell_standing
        self.run_worker(work, group="standing", description="standing", exit_on_error=False)

    async def _tell_standing(self) -> None:
        """Say once, on the empty lookup box, what deserves a look; asked on a connection of its own, so that no key waits for it."""
        with contextlib.suppress(ArtuiError):
            self.standing = in_words(*await self.gateway.long(look_around, lambda done, of: None))
            for page in self._pages():
                # nowhere else: between a letter and its answer the key line would say for a moment that Enter opens something
                if self.standing and page.status() == self.standing:
                    page.refresh_foot()

    async def on_unmount(self) -> None:
        """Stop listening."""
        for task in (self._listening, self._probe):
            if task is not None:
                task.cancel()

    def _listening_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            unforeseen(error, self.config)

    def _give_up(self, error: Exception) -> None:
        self.ahead.forget()
        if isinstance(error, ArtuiError):
            self.not_opened = error
        else:
            self.last_words = unforeseen(error, self.config)
        self.exit(return_code=1)

    def _pages(self) -> list[Page]:
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    # whether the server is there

    def _books_lost(self, error: Unreachable | None) -> None:
        if error is None:
            self.session = self.gateway.session
            self.ask_server()
        self._lost("books", error)

    def _line_lost(self, error: Unreachable | None) -> None:
        if error is None:
            self.gateway.hurry()
        elif "line" not in self._away:
            # nobody may be asking anything: the connection is made again all the same, and an embedded server that died is started
            self._probe = asyncio.create_task(self._reach())
        self._lost("line", error)

    async def _reach(self) -> None:
        with contextlib.suppress(ArtuiError):
            await self.gateway.read(sessions.Session.query, "SELECT 1")

    def _lost(self, which: str, error: Unreachable | None) -> None:
        """Say so while either connection is away."""
        if error is None:
            self._away.pop(which, None)
        else:
            self._away[which] = error
        first = next(iter(self._away.values()), None)
        offline = f"{first.message} Trying again; what you typed stays." if first else ""
        if offline != self.offline:
            self.offline = offline
            for page in self._pages():
                page.refresh_foot()

    def ask_server(self) -> None:
        """Find out whether the server is there, because something takes long."""
        if self._listener is not None:
            self._listener.ask()

    # what others change

    def _watched(self) -> frozenset[int]:
        return frozenset().union(*(page.watches().accounts for page in self._pages()))

    def _hear(self, news: listen.News) -> None:
        own = self.session.actor.login if self.session is not None else ""
        for page in self._pages():
            page.live.hear(news, own)

    # between screens

    async def who(self) -> None:
        """Go to the lookup box. From a card of a caller who interrupted, back to that caller's lookup: the stack stays short."""
        lookups = [screen for screen in self.screen_stack if isinstance(screen, Lookup)]
        if len(lookups) < 2 and not isinstance(self.screen, Lookup):
            await self.push_screen(Lookup())
            return
        while not isinstance(self.screen, Lookup):
            await self.pop_screen()
        self.screen.start_over()

    async def look_up(self, text: str) -> None:
        """Go to the lookup box with a text typed into it."""
        await self.who()
        if isinstance(self.screen, Lookup):
            self.screen.box.value = safe(text)
            self.screen.box.cursor_position = len(text)

    async def go(self, page: Page) -> None:
        """Open the line that goes anywhere."""
        # like help loaded behind the first screen
        from screens.go import GoPanel
        from screens.paths import FAST_PATHS

        await page.open_panel(GoPanel(FAST_PATHS))

    def copy(self, text: str) -> bool:
        """Hand text to the terminal's clipboard where the configuration allows it."""
        self.copy_to_clipboard(text)
        return self._may_copy

    @property
    def _may_copy(self) -> bool:
        return self.config.screen.get("clipboard") is True

    def copy_to_clipboard(self, text: str) -> None:
        """Keep text for Ctrl+V; the terminal's own clipboard gets it where the configuration allows it, whoever asks."""
        if self._may_copy:
            super().copy_to_clipboard(text)
        else:
            self._clipboard = text

    async def help(self, page: Page) -> None:
        """Show what can be done on a screen."""
        from screens.help import HelpPage

        await self.push_screen(HelpPage(page))

    def action_explain_leaving(self) -> None:
        """Say which key leaves, to whoever presses Ctrl+C."""
        if isinstance(self.screen, Page):
            self.screen.say("Ctrl+C does not leave: F3 goes one step back, on the first screen out.")

    # what a login that ends in this program must not offer

    def action_suspend_process(self) -> None:
        """Do nothing: the shell is not ours to give."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Do nothing: it would write on the server's disk."""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Do nothing: the browser would open on the server."""

    def deliver_text(self, path_or_file: str | Path | IO[str], **options: Any) -> str | None:
        """Do nothing: it would write on the server's disk."""
        return None

    def deliver_binary(self, path_or_file: str | Path | IO[bytes], **options: Any) -> str | None:
        """Do nothing: it would write on the server's disk."""
        return None

    def deliver_screenshot(self, filename: str | None = None, path: str | None = None, time_format: str | None = None) -> str | None:
        """Do nothing: it would write on the server's disk."""
        return None

    def _handle_exception(self, error: Exception) -> None:
        """Write down what nobody foresaw and leave with a sentence, the terminal restored."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.last_words = self.last_words or unforeseen(error, self.config)
        self._return_code: Literal[1] = 1
        self._close_messages_no_wait()
