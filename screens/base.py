"""What every screen shares: title line, status and key line, commands, and reads that never block the drawing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from artui.config import Config
from artui.db.gateway import Gateway
from artui.errors import ArtuiError
from artui.session import Session
from screens.commands import Back, Command, Help, Reread, Who, shown_key
from screens.faults import unforeseen
from screens.layout import edges, flow, words
from screens.safe import Line, cut_line, line, line_width, part, weekday
from screens.sheet import Drawn, Sheet

T = TypeVar("T")
P = ParamSpec("P")
SLOW = 0.25
"""Seconds after which a read that is under way is mentioned."""
PATIENCE = 1.0
"""Seconds a key typed ahead waits for what it is about."""
GLANCE = 0.1
"""Seconds a new screen waits for its content before it is painted without."""
READING = "Reading …"
LONGEST_STATUS = 4
"""Lines a sentence may take; the list above gives way."""


class Program(Protocol):
    """What a screen needs of the program it runs in."""

    config: Config
    gateway: Gateway[Session]
    session: Session | None
    offline: str

    async def who(self) -> None:
        """Go to the lookup box; one step back leads here again."""
        ...

    async def help(self, page: Page) -> None:
        """Show what can be done on a screen."""
        ...


def bindings(commands: Iterable[type[Command]], *, typing: bool = False) -> list[BindingType]:
    """Return the bindings of commands; where something is typed into, letters are left to the field.

    They come before the field's own, so that keys typed ahead are carried out one after the other, each on the
    screen the one before led to.
    """
    return [
        Binding(",".join(command.all_keys(typing)), f"command('{command.word()}')", id=command.word(), show=False, priority=True)
        for command in commands
        if command.all_keys(typing)
    ]


class Page(Screen[None], inherit_bindings=False):
    """A screen: one title line, its own content, a status line, one key line made from its commands.

    For each command a subclass has a method `do_<word>`; `why_not` says why one is of no use at the moment.
    """

    DEFAULT_CSS = """
    Page { overflow: hidden; }
    #title { height: 1; }
    #foot { height: 2; }
    """
    ALLOW_SELECT = False
    TYPING: ClassVar[bool] = False
    EXAMPLES: ClassVar[tuple[str, ...]] = ()
    """Lines the help adds: what can be typed here."""
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread)

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, str] = ("", "")
        self._reads = 0
        self._arrived = asyncio.Event()
        self._arrived.set()

    @property
    def program(self) -> Program:
        """The program this screen runs in."""
        return cast("Program", self.app)

    @property
    def title_text(self) -> str:
        """The words at the left of the title line."""
        return ""

    def compose(self) -> ComposeResult:
        """Lay out title, content and foot."""
        yield Sheet(self._draw_title, ident="title")
        yield from self.content()
        yield Sheet(self._draw_foot, ident="foot")

    def content(self) -> ComposeResult:
        """Yield what stands between title and foot."""
        yield Sheet(ident="body")

    @property
    def body(self) -> Sheet:
        """The sheet the cursor is on."""
        return self.query_one("#body", Sheet)

    # what it says

    def say(self, text: str, look: str = "") -> None:
        """Show one sentence on the status line."""
        self._said = (text, look)
        self.refresh_foot()

    def fail(self, error: Exception) -> None:
        """Show an error as one sentence; one that nobody foresaw is logged and gets a reference number."""
        sentence = str(error) if isinstance(error, ArtuiError) else unforeseen(error, self.program.config)
        self.say(sentence, "wrong")

    def refresh_title(self) -> None:
        """Draw the title line again."""
        if self.is_mounted:
            self.query_one("#title", Sheet).redraw()

    def refresh_foot(self) -> None:
        """Draw the lines at the bottom again."""
        if self.is_mounted:
            foot = self.query_one("#foot", Sheet)
            foot.styles.height = len(self._foot(self.size.width))
            foot.redraw()

    def about(self, width: int) -> list[Line]:
        """Return lines between the content and the status line."""
        return []

    def status(self) -> str:
        """Return what the status line says when there is nothing else to say."""
        return ""

    def _draw_title(self, width: int) -> Drawn:
        session = self.program.session
        left, right = line(f" {self.title_text}"), line()
        if session is not None:
            who = part(f"  {session.actor.login}  {weekday(session.today)} ")
            room = max(width - line_width((*left, who)) - 2, 12)
            right = (*cut_line(line(session.company), room), who)
        return Drawn(head=[tuple(part(piece.text, "title") for piece in edges(left, right, width))])

    def _draw_foot(self, width: int) -> Drawn:
        return Drawn(head=self._foot(width))

    def _foot(self, width: int) -> list[Line]:
        said, look = self._said
        if self.program.offline:
            said, look = self.program.offline, "wrong"
        status = words(said or self.status(), width, look=look) or [line()]
        return [*self.about(width), *status[:LONGEST_STATUS], self._key_line(width)]

    def _key_line(self, width: int) -> Line:
        chunks = []
        for command in self.OFFERED:
            keys = command.all_keys(self.TYPING)
            if command.footer and keys:
                off = bool(self.why_not(command))
                chunks.append(line(part(shown_key(keys[0]), "off" if off else "key"), part(f" {command.footer}", "off" if off else "")))
        return flow(chunks, width, between="  ")[0]

    # what it does

    def why_not(self, command: type[Command]) -> str:
        """Say why a command is of no use at the moment; nothing when it is."""
        return ""

    async def action_command(self, word: str) -> None:
        """Carry out the command of that name, or say why not."""
        command = next(command for command in self.OFFERED if command.word() == word)
        try:
            if self.why_not(command):
                await self.arrival()
            reason = self.why_not(command)
            if reason:
                self.say(reason)
                return
            if self._said[0]:
                self.say("")
            done = getattr(self, f"do_{word}")()
            if asyncio.iscoroutine(done):
                await done
        except Exception as error:
            self.fail(error)

    def read(self, show: Callable[[T], None], job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask the books and show the answer; a newer read of this screen calls this one off."""
        self._reads += 1
        self._arrived.clear()

        def ask() -> Awaitable[T]:
            return self.program.gateway.read(job, *args, **kwargs)

        work: Callable[[], Awaitable[None]] = partial(self._read, self._reads, show, ask)
        self.run_worker(work, group="read", description="read", exclusive=True, exit_on_error=False)

    async def arrival(self, seconds: float = PATIENCE) -> None:
        """Wait a moment for the read under way, if there is one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    async def _read(self, serial: int, show: Callable[[T], None], ask: Callable[[], Awaitable[T]]) -> None:
        slow = self.set_timer(SLOW, lambda: self.say(READING))
        try:
            answer = await ask()
            if self._said[0] == READING:
                self.say("")
            show(answer)
        except Exception as error:
            self.fail(error)
        finally:
            slow.stop()
            if serial == self._reads:
                self._arrived.set()

    async def do_help(self) -> None:
        """Show what can be done here."""
        await self.program.help(self)

    async def do_who(self) -> None:
        """Go to the lookup box."""
        await self.program.who()

    async def do_back(self) -> None:
        """Go one step back."""
        self.dismiss()

    def do_up(self) -> None:
        """Move one row up."""
        self.body.move(-1)

    def do_down(self) -> None:
        """Move one row down."""
        self.body.move(1)

    def do_pageup(self) -> None:
        """Move one page up."""
        self.body.page(-1)

    def do_pagedown(self) -> None:
        """Move one page down."""
        self.body.page(1)

    def do_first(self) -> None:
        """Go to the first row."""
        self.body.move(-(10**9))

    def do_last(self) -> None:
        """Go to the last row."""
        self.body.move(10**9)
