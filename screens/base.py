"""What every screen shares: title line, status and key line, commands, and reads that never block the drawing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.widgets import Input

from artui.errors import ArtuiError
from screens.ahead import PATIENCE, Break
from screens.commands import (
    Again,
    Back,
    Clear,
    Close,
    Command,
    Done,
    Go,
    Help,
    Leave,
    NextField,
    PickDown,
    PickUp,
    Reread,
    Stop,
    Take,
    Who,
)
from screens.faults import unforeseen
from screens.key_line import Keyed, bound, key_line, reached
from screens.layout import edges, words
from screens.panel import Panel
from screens.progress import Progress
from screens.reading import Reading
from screens.safe import Line, cut_line, line, line_width, part, weekday
from screens.sheet import Drawn, Sheet

GLANCE = 0.1
"""Seconds a new screen waits for its content before it is painted without."""
ANSWERED = frozenset({Take, PickUp, PickDown, NextField, Done, Again})
"""What waits while choices are looked up."""
BEFORE_THE_BOOKS = frozenset({Help, Leave, Go, Close, Clear, PickUp, PickDown, Reread, Stop})
"""What can be done before the session is there; every other command counts on it."""
EVERYWHERE = frozenset({Help, Who, Go})
"""What a panel leaves to its screen."""
LONGEST_STATUS = 4
"""Lines a sentence may take; the list above gives way."""


class Page(Reading, inherit_bindings=False):
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
    DOES: ClassVar[str] = "F10 saves it"
    """What F10 does where there is one, in words."""
    EXAMPLES: ClassVar[tuple[str, ...]] = ()
    """Lines the help adds: what can be typed here."""
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Reread)

    def __init__(self) -> None:
        super().__init__()
        self._asked = -1
        """Which key asked about unsaved work."""
        self._panel: Panel | None = None
        self._job: Progress | None = None

    @property
    def columns(self) -> int:
        """How many columns the screen has; before it is laid out, those of the terminal."""
        return self.size.width or self.app.size.width

    @property
    def title_text(self) -> str:
        """The words at the left of the title line."""
        return ""

    def compose(self) -> ComposeResult:
        """Lay out title, content and foot."""
        self.rebind()
        yield Sheet(self._draw_title, ident="title")
        yield from self.content()
        yield Sheet(self._draw_foot, ident="foot")

    def on_screen_resume(self) -> None:
        """Draw the foot before the screen is laid out for the first time: it may be taller than two lines."""
        if self._opening:
            self.refresh_foot()

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

    def on_resize(self) -> None:
        """Words take more or fewer lines at another size, and the panel has more or less room beside them."""
        if not self._opening:
            self.refresh_foot()
            if self._panel is not None:
                self._panel.take_room()

    def refresh_foot(self) -> None:
        """Draw the lines at the bottom again."""
        if self.is_mounted:
            self.query_one("#foot", Sheet).show_whole(self._draw_foot, self.columns)

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
        if self._job is not None:
            said, look = self._job.words(), ""
        if self.program.offline:
            said, look = self.program.offline, "wrong"
        status = words(said or self.live.news or (self._panel.status() if self._panel else "") or self.status(), width, look=look) or [line()]
        return [*self.about(width), *status[:LONGEST_STATUS], self._key_line(width)]

    def _key_line(self, width: int) -> Line:
        return key_line(tuple(Keyed(command, keys[0], bool(self.reason(command))) for command, keys in self._reached().items() if command.footer and keys), width)

    # what it offers

    @property
    def panel(self) -> Panel | None:
        """The panel that is open."""
        return self._panel

    def examples(self) -> tuple[str, ...]:
        """Return lines for the help: what can be typed here."""
        return self.EXAMPLES

    @property
    def typing(self) -> bool:
        """Tell whether letters go into a field."""
        return self._panel.TYPING if self._panel else self.TYPING

    @property
    def offered(self) -> tuple[type[Command], ...]:
        """What can be done now: of a panel first, then what is the same everywhere; of two on one key the first has it."""
        if self._job is not None:
            return (Stop,)
        if self._panel is None:
            return self.OFFERED
        return (*self._panel.offered, *(command for command in self.OFFERED if command in EVERYWHERE))

    def keys(self, command: type[Command]) -> tuple[str, ...]:
        """Return the keys that reach a command here."""
        return self._reached().get(command, ())

    def _reached(self) -> Mapping[type[Command], tuple[str, ...]]:
        """Return the keys of every command offered that no command before it has."""
        return reached(self.offered, self.typing, self.program.keymap)

    def rebind(self) -> None:
        """Let the keys follow what is offered."""
        more = self.more_bindings()
        known = bound(self.offered, self.typing, self.program.keymap)
        self._bindings = BindingsMap.merge([known, BindingsMap(more)]) if more else known.copy()

    def more_bindings(self) -> list[BindingType]:
        """Return bindings of keys that are no commands: options typed before rows."""
        return []

    def _doer(self, command: type[Command]) -> Page | Panel:
        return self._panel if self._panel is not None and command in self._panel.offered else self

    def why_not(self, command: type[Command]) -> str:
        """Say why a command is of no use at the moment; nothing when it is."""
        return ""

    def reason(self, command: type[Command]) -> str:
        """Say why a command is of no use at the moment, whoever offers it."""
        return self._doer(command).why_not(command)

    # what it does

    def not_yet(self, command: type[Command]) -> bool:
        """Tell whether a command has to wait for what is being read; the keys typed after it wait, too."""
        if self.program.session is None:
            return command not in BEFORE_THE_BOOKS
        if self._looking:
            return command in ANSWERED
        return self.reading and bool(self.reason(command))

    def breaks(self, key: str, waited: float) -> Break:
        """Let Esc stop a long work at once, and one step back or a new caller end a long wait."""
        if self._job is not None:
            return "keeps" if key in self.keys(Stop) else ""
        leaving = {each for command in (Back, Leave, Who) for each in self.keys(command)}
        return "drops" if waited > PATIENCE and key in leaving else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave letters to a field that has the cursor."""
        if action == "letter" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    async def action_letter(self, word: str) -> None:
        """Carry out the command of that name, reached by a letter."""
        await self.action_command(word)

    async def action_command(self, word: str) -> None:
        """Carry out the command of that name after the letters typed before it, or say why not."""
        await self._letters()
        command = next((command for command in self.offered if command.word() == word), None)
        if command is not None:
            await self.carry_out(command)

    async def carry_out(self, command: type[Command]) -> None:
        """Carry out a command, or say why not; while what it is about is being read, it waits."""
        try:
            if self.not_yet(command):
                await self.arrival(GLANCE)
            if self.not_yet(command):
                self.program.ahead.hold(self)
                return
            reason = self.reason(command)
            if reason:
                self.say(reason)
                return
            if self._said[0]:
                self.say("")
            if command is Reread:
                self.program.redraw()
            done = getattr(self._doer(command), f"do_{command.word()}")()
            if asyncio.iscoroutine(done):
                await done
        except Exception as error:
            self.fail(error)

    async def delivered(self) -> None:
        """Wait for a letter to take effect where it may move the cursor on."""
        if getattr(self.focused, "eager", False):
            await self._letters()

    async def _letters(self) -> None:
        """Wait for the letters typed before to reach their field, and for what follows from them."""
        field = self.focused
        if not isinstance(field, Input):
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for node in (field, *field.ancestors_with_self):
                    passed = asyncio.Event()
                    if node is self.app or not node.call_later(passed.set):
                        break
                    await passed.wait()

    # unsaved work, panels, long work

    @property
    def unsaved(self) -> bool:
        """Tell whether leaving would lose something typed."""
        return False

    def done_words(self) -> str:
        """Say what F10 does: "F10 posts it"; nothing while it does nothing."""
        return self.DOES if Done in self.OFFERED and not self.why_not(Done) else ""

    def may_leave(self) -> bool:
        """Tell whether to leave; with unsaved work the first time asks, the second leaves."""
        taken = self.program.ahead.taken
        if self._asked == taken - 1 or not (self._panel.unsaved if self._panel else self.unsaved):
            return True
        self._asked = taken
        done = (self._panel or self).done_words()
        self.say(f"This is not {'posted' if 'post' in done else 'saved'}. Once more leaves it; {f'{done}; ' if done else ''}any other key goes on.", "wrong")
        return False

    async def give_up(self) -> bool:
        """Give up what is unsaved, asked once; tell whether to leave."""
        return self.may_leave()

    async def open_panel(self, panel: Panel) -> None:
        """Open a panel under the content, in place of one that is open."""
        if self._panel is not None:
            await self._panel.remove()
        self._panel = panel
        self.rebind()
        await self.mount(panel, before="#foot")
        for sheet in panel.walk_children(Sheet):
            # the next key typed ahead may ask at once where the cursor stands
            sheet.lay_out(self.size.width)
        self.refresh_foot()

    def do_reread(self) -> None:
        """Read again what is shown; a screen that only asks shows nothing of the books."""

    async def close_panel(self) -> None:
        """Close the panel; keys and cursor are the screen's again."""
        panel, self._panel = self._panel, None
        self.rebind()
        if panel is not None:
            await panel.remove()
            self.panel_closed()
        self.refresh_foot()

    def panel_closed(self) -> None:
        """Take the cursor back after a panel."""

    def long_work(self, what: str, job: Callable[[Progress], Awaitable[str]]) -> None:
        """Do something long beside the screen; it says how far it is and returns the sentence to end with.

        Keys typed meanwhile wait, Esc stops it.
        """
        self._job = Progress(what, self.refresh_foot)
        self.rebind()
        self.program.ahead.wait(self)
        self.refresh_foot()
        work: Callable[[], Awaitable[None]] = partial(self._long_work, self._job, job)
        self.run_worker(work, group="work", description="work", exit_on_error=False)

    async def _long_work(self, progress: Progress, job: Callable[[Progress], Awaitable[str]]) -> None:
        ended = ""
        try:
            ended = await job(progress)
        except Exception as error:
            self.fail(error)
        finally:
            self._job = None
            self.rebind()
            if ended:
                self.say(ended)
            self.refresh_foot()
            self._go_on()

    def do_stop(self) -> None:
        """Stop the long work after the step it is at."""
        if self._job is not None:
            self._job.stop()

    async def do_help(self) -> None:
        """Show what can be done here."""
        await self.program.help(self)

    async def do_who(self) -> None:
        """Go to the lookup box."""
        await self.program.who()

    async def do_go(self) -> None:
        """Open the line that goes anywhere."""
        await self.program.go(self)

    async def do_back(self) -> None:
        """Go one step back; unsaved work asks once."""
        if await self.give_up():
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
        self.body.first()

    def do_last(self) -> None:
        """Go to the last row."""
        self.body.last()

    def do_left(self) -> None:
        """Go to the figure to the left."""
        self.body.sideways(-1)

    def do_right(self) -> None:
        """Go to the figure to the right."""
        self.body.sideways(1)

    def do_copy(self) -> None:
        """Copy the figure with the mark, or the row, and show it."""
        self.tell_copied(self.body.text())

    def tell_copied(self, text: str) -> None:
        """Hand text to the terminal where that is allowed, and show it in any case."""
        if not text:
            self.say("There is nothing to copy here.")
            return
        self.say(f"{'Copied' if self.program.copy(text) else 'Select it with the mouse'}: {text}")
