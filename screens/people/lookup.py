"""Who is calling: one box for everything, the best hit marked, its answer below the list."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Input

from artui.people.lookup import Hit, find
from artui.people.start import has_accounts
from screens.base import Page, bindings
from screens.commands import MOVES, Back, Clear, Command, Go, Help, Kind, Leave, Open, Reread, Who
from screens.live import Watch
from screens.people.card import CardPage
from screens.people.hits import FIRST_STEPS, INTRODUCTION, KINDS, answer, hit_list, words
from screens.safe import Line, line
from screens.sheet import Drawn, Sheet
from screens.widgets.field import Box

PAUSE = 0.05
"""Seconds without a keystroke before the books are asked."""
LIMIT = 50
ANSWER_LINES = 2


class Lookup(Page):
    """Find an account from whatever the caller gives."""

    DEFAULT_CSS = """
    Lookup #foot { height: 4; }
    """
    TYPING = True
    EXAMPLES = INTRODUCTION
    HOME_COMMANDS: ClassVar = (Help, Who, Leave, Clear, Reread, Go, Kind, Open, *MOVES[:4])
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Clear, Reread, Go, Kind, Open, *MOVES[:4])
    BINDINGS = bindings(OFFERED, typing=True)

    def __init__(self) -> None:
        super().__init__()
        self._kind = "all"
        self._hits: dict[Hashable, Hit] = {}
        self._found: str | None = None
        """The text the list answers."""
        self._more = False
        self._open_best = False
        self._empty = False
        self._pause: Timer | None = None

    @property
    def title_text(self) -> str:
        """Name the screen and where it looks."""
        return f"Lookup: {KINDS[self._kind]}" if self._kind != "all" else "Lookup"

    def content(self) -> ComposeResult:
        """Lay out the box and the list."""
        yield Box()
        yield Sheet(lambda width: words(INTRODUCTION), ident="body")

    @property
    def box(self) -> Box:
        """The field typed into."""
        return self.query_one(Box)

    def on_mount(self) -> None:
        """Put the cursor into the box and see whether there is anything to find."""
        self.box.focus()
        self.read(self._know, has_accounts)

    def start_over(self) -> None:
        """Take the cursor back to the box, its text ready to be typed over."""
        self.box.focus()
        self.box.select_all()

    # looking up

    @property
    def looking_up(self) -> bool:
        """Tell whether a look-up waits for its pause."""
        return self._pause is not None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look up shortly after the last keystroke; what was under way is called off."""
        event.stop()
        self._open_best = False
        self._look_up_in(PAUSE)

    @property
    def _behind(self) -> bool:
        """Tell whether the list does not answer what stands in the box."""
        return self.box.value.strip() != (self._found or "")

    def _look_up_in(self, seconds: float) -> None:
        self.workers.cancel_group(self, "read")
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(seconds, self._look_up) if seconds else None
        if not seconds:
            self._look_up()

    def _look_up(self) -> None:
        self._pause = None
        text = self.box.value.strip()
        if text:
            self.read(lambda hits: self._show(text, hits), find, text, LIMIT + 1, self._kind)
        else:
            self._show("", ())
            self.read(self._know, has_accounts)

    def _know(self, accounts: bool) -> None:
        self._empty = not accounts
        if not self.box.value.strip():
            self._show("", ())

    def _show(self, text: str, hits: tuple[Hit, ...]) -> None:
        same = text == self._found
        self._found, self._more = text, len(hits) > LIMIT
        self._hits = {hit.account_id: hit for hit in hits[:LIMIT]}
        self.body.show(self._draw, best=not same)
        self.refresh_foot()
        if self._open_best:
            self._open_best = False
            self.run_worker(self._open(), exit_on_error=False)

    def watches(self) -> Watch:
        """The accounts found."""
        return Watch(frozenset(hit.account_id for hit in self._hits.values()))

    def _draw(self, width: int) -> Drawn:
        if self._hits:
            return hit_list(tuple(self._hits.values()), width)
        if self._found:
            return words(("Nobody found.", "", *INTRODUCTION))
        return words(FIRST_STEPS if self._empty else INTRODUCTION)

    def panel_closed(self) -> None:
        """Take the cursor back into the box."""
        self.box.focus()

    # what stands below the list

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Answer for another row."""
        event.stop()
        self.refresh_foot()

    def about(self, width: int) -> list[Line]:
        """Return what one says about the row with the mark."""
        hit = self._hits.get(self.body.key)
        lines = answer(hit, width)[:ANSWER_LINES] if hit else []
        return [*lines, *[line()] * (ANSWER_LINES - len(lines))]

    def status(self) -> str:
        """Say how many were found."""
        if not self._found:
            return ""
        if not self._hits:
            return f"Nothing matches {self._found}." + (" Tab looks elsewhere." if self._kind != "all" else "")
        at, count = self.body.place
        return f"row {at} of {count}" + (", and more: type more of it" if self._more else "")

    # commands

    def why_not(self, command: type[Command]) -> str:
        """Opening needs a row, or something typed that is still being looked up."""
        if command is Open and not self._hits and not self._behind:
            return "There is nothing to open: type a name, a number, a phone …"
        return ""

    async def do_open(self) -> None:
        """Open the card of the row with the mark; of text not looked up yet, the best hit once it is known."""
        if self._behind:
            self._look_up_in(0)
            await self.arrival()
        if self._behind:
            self._open_best = True
        else:
            await self._open()

    async def _open(self) -> None:
        hit = self._hits.get(self.body.key)
        if hit is not None:
            await self.app.push_screen(CardPage(hit.kind, hit.number))

    def do_kind(self) -> None:
        """Look among customers, vendors or both, in turn."""
        kinds = list(KINDS)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._found = None
        self.refresh_title()
        self._look_up_in(0)

    def do_reread(self) -> None:
        """Look up the same text again."""
        self._look_up_in(0)

    async def do_clear(self) -> None:
        """Empty the box; an empty one leads one step back, but never out of the program."""
        if self.box.value:
            self.box.clear()
        elif Back in self.OFFERED:
            await self.do_back()
        else:
            self.say("F3 leaves the program.")


class Home(Lookup, inherit_bindings=False):
    """The lookup the program opens on."""

    OFFERED = Lookup.HOME_COMMANDS
    BINDINGS = bindings(OFFERED, typing=True)

    def do_leave(self) -> None:
        """Leave the program."""
        self.app.exit()
