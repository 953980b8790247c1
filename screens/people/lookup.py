"""Who is calling: one box for everything, the best hit marked, its answer below the list."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input

from artui.later import Later
from screens.base import Page
from screens.commands import MOVES, All, Back, Clear, Command, Go, Help, Kind, Leave, New, Open, Reread, Who
from screens.live import Watch
from screens.people.introduction import FIRST_STEPS, INTRODUCTION, words
from screens.safe import Line, line
from screens.sheet import Drawn, Sheet
from screens.widgets.box import Box

if TYPE_CHECKING:
    from artui.people import local_time, start
    from artui.people.card import Card
    from artui.people.lookup import Hit
    from artui.people.start import Found, Start
    from artui.session import Session
    from screens.people import hits
    from screens.people.trail import Trail
else:
    # what is asked and how answers look is loaded while the empty box can be read
    local_time, start, hits = Later("artui.people.local_time"), Later("artui.people.start"), Later("screens.people.hits")

PAUSE = 0.05
"""Seconds without a keystroke before the books are asked."""
REST = 0.15
"""Seconds the cursor stays on a row before its card is read for the preview."""
NOTHING_TO_OPEN = "There is nothing to open: type a name, a number, a phone …"
LIMIT = 50
PAYMENTS = frozenset({"cheque", "receipt"})
DOCUMENTS = PAYMENTS | {"document", "purchase", "po", "amount"}
"""What a hit was found by that the cursor stands on when the card is opened."""
WIDE = 132
"""Columns from which the card of the row with the mark stands beside the list."""


def at_the_start(session: Session) -> Start:
    """Return what stands there while the box is empty; called on the thread of the books, which loads what that takes."""
    return start.start(session)


class Lookup(Page):
    """Find an account from whatever the caller gives."""

    DEFAULT_CSS = """
    Lookup #foot { height: 4; }
    Lookup #middle { height: 1fr; }
    Lookup #preview { display: none; }
    Lookup.-wide #body { width: 76; }
    Lookup.-wide #preview { display: block; width: 1fr; padding: 0 0 0 2; }
    """
    TYPING = True
    EXAMPLES = INTRODUCTION
    HOME_COMMANDS: ClassVar = (Help, Who, Leave, Clear, Reread, New, Go, Kind, All, Open, *MOVES[:4])
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Clear, Reread, New, Go, Kind, All, Open, *MOVES[:4])

    def __init__(self) -> None:
        super().__init__()
        self._kind = "all"
        self._open_only = False
        self._hits: dict[Hashable, Hit] = {}
        self._found: str | None = None
        """The text the list answers."""
        self._elsewhere = False
        self._more = False
        self._start: Start | None = None
        self._pause: Timer | None = None
        self._rest: Timer | None = None
        self._trail: Trail | None = None
        self._card: Card | None = None
        """What the preview shows."""

    @property
    def title_text(self) -> str:
        """Name the screen and where it looks."""
        return f"Lookup: {self._where}" if self._where else "Lookup"

    @property
    def _where(self) -> str:
        chosen = [hits.KINDS[self._kind]] if self._kind != "all" else []
        return ", ".join([*chosen, *(["open only"] if self._open_only else [])])

    @property
    def typed(self) -> str:
        """What stands in the box: what a new record would begin with."""
        return self.box.value.strip()

    def content(self) -> ComposeResult:
        """Lay out the box, the list, and beside it on a wide terminal the card."""
        yield Box()
        with Horizontal(id="middle"):
            yield Sheet(lambda width: words(INTRODUCTION), ident="body")
            yield Sheet(ident="preview")

    @property
    def box(self) -> Box:
        """The field typed into."""
        return self.query_one(Box)

    def on_mount(self) -> None:
        """Put the cursor into the box and see whether there is anything to find."""
        self.box.focus()
        self.read(self._begin, at_the_start)

    def on_resize(self) -> None:
        """Show the card beside the list where there is room."""
        self.set_class(self.app.size.width >= WIDE, "-wide")
        if not self.has_class("-wide"):
            self._card = None
        elif self._hits:
            self._preview_soon()

    def on_screen_resume(self) -> None:
        """Come back to the row of the account looked at last; an empty box shows it among the recent ones."""
        trail, self._trail = self._trail, None
        if trail is not None and not self._found:
            self.read(self._begin, at_the_start)
        elif trail is not None:
            self.body.stand_on(trail.account)

    def start_over(self) -> None:
        """Take the cursor back to the box, its text ready to be typed over."""
        self.box.focus()
        self.box.select_all()

    # looking up

    @property
    def looking_up(self) -> bool:
        """Tell whether a look-up, or the preview, waits for its pause."""
        return self._pause is not None or self._rest is not None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look up shortly after the last keystroke; what was under way is called off."""
        event.stop()
        self._look_up_in(PAUSE)

    @property
    def _behind(self) -> bool:
        """Tell whether the list does not answer what stands in the box."""
        return self.typed != (self._found or "")

    def _look_up_in(self, seconds: float) -> None:
        self.workers.cancel_group(self, "read")
        self._forget_rest()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(seconds, self._look_up) if seconds else None
        if not seconds:
            self._look_up()

    def _look_up(self) -> None:
        self._pause = None
        text = self.typed
        if text and self._start is None:
            # typing called its reading off
            self.read(partial(self._show_both, text), start.first_look, text, LIMIT + 1, self._kind, self._open_only)
        elif text:
            self.read(lambda found: self._show(text, found), start.look, text, LIMIT + 1, self._kind, self._open_only)
        else:
            self._show("", start.Found(self._start.hits if self._start else ()))
            self.read(self._begin, at_the_start)

    def _begin(self, answer: Start) -> None:
        first, self._start = self._start is None, answer
        if not self.typed:
            self._show("", start.Found(answer.hits))
        if first:
            work: Callable[[], Awaitable[None]] = partial(asyncio.to_thread, _warm)
            self.run_worker(work, group="warm", description="warm", exit_on_error=False)

    def _show_both(self, text: str, answer: tuple[Start, Found]) -> None:
        self._begin(answer[0])
        self._show(text, answer[1])

    def _show(self, text: str, found: Found) -> None:
        same = text == self._found
        self._found, self._more, self._elsewhere = text, len(found.hits) > LIMIT, bool(found.elsewhere)
        self._hits = {hit.account_id: hit for hit in (found.hits or found.elsewhere)[:LIMIT]}
        self.body.show(self._draw, best=not same)
        if self._hits and self._said[0] == NOTHING_TO_OPEN:
            self.say("")
        self.refresh_foot()
        self._preview_soon()

    def watches(self) -> Watch:
        """The accounts found."""
        return Watch(frozenset(hit.account_id for hit in self._hits.values()))

    def _draw(self, width: int) -> Drawn:
        found = tuple(self._hits.values())
        if self._elsewhere:
            return hits.elsewhere_list(found, self._where, width)
        if self._found and found:
            return hits.hit_list(found, width)
        if self._found:
            return words(("Nobody found.", "", *INTRODUCTION))
        if self._start is not None and found:
            return hits.kept_list(self._start, width)
        return words(INTRODUCTION if self._start is None or self._start.accounts else FIRST_STEPS)

    def panel_closed(self) -> None:
        """Take the cursor back into the box."""
        self.box.focus()

    # what stands below the list, and beside it

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        """Answer for another row."""
        event.stop()
        if event.sheet is self.body:
            self.refresh_foot()
            self._preview_soon()

    def about(self, width: int) -> list[Line]:
        """Return what one says about the row with the mark."""
        hit, session, height = self._hits.get(self.body.key), self.program.session, self._answer_height
        lines = hits.answer(hit, session.clock.now(), self._start.call_hours, width)[:height] if hit and session and self._start else []
        return [*lines, *[line()] * (height - len(lines))]

    @property
    def _answer_height(self) -> int:
        """The lines the answers of these hits may take: the list does not jump when the cursor moves."""
        return 2 + (max((len(hit.balance) for hit in self._hits.values()), default=0) > 1)

    def status(self) -> str:
        """Say how many were found, and by what."""
        if not self._hits:
            return f"Nothing matches {self._found}." if self._found else self.program.standing
        at, count = self.body.place
        if not self._found:
            return self.program.standing
        hit = self._hits.get(self.body.key)
        by = hits.found_by(hit) if hit else ""
        return f"row {at} of {count}" + (", and more: type more of it" if self._more else "") + (f", found {by}" if by else "")

    def _forget_rest(self) -> None:
        self.workers.cancel_group(self, "preview")
        if self._rest is not None:
            self._rest.stop()
        self._rest = None

    def _preview_soon(self) -> None:
        self._forget_rest()
        if not self.has_class("-wide"):
            return
        hit = self._hits.get(self.body.key)
        if hit is None:
            self._card = None
            self.query_one("#preview", Sheet).show(lambda width: Drawn(), best=True)
        elif self._card is None or self._card.account_id != hit.account_id:
            self._rest = self.set_timer(REST, lambda: self._read_preview(hit))

    def _read_preview(self, hit: Hit) -> None:
        self._rest = None
        work: Callable[[], Awaitable[None]] = partial(self._preview, hit)
        self.run_worker(work, group="preview", description="preview", exclusive=True, exit_on_error=False)

    async def _preview(self, hit: Hit) -> None:
        # loaded behind the first screen, as the card is
        from artui.people.card import card
        from screens.people.preview import preview

        try:
            shown = self._card = await self.program.gateway.read(card, hit.kind, hit.number)
        except Exception as error:
            self.fail(error)
            return
        self.query_one("#preview", Sheet).show(lambda width: preview(shown, width), best=True)

    # commands

    def why_not(self, command: type[Command]) -> str:
        """Opening needs a row, or something typed that is still being looked up."""
        if command is Open and not self._hits and not self._behind:
            return NOTHING_TO_OPEN
        return self.may_not("vendor" if self._kind == "vendor" else "customer") if command is New else ""

    def not_yet(self, command: type[Command]) -> bool:
        """Opening and moving are about the answer to what stands in the box: until it is there, they and all after them wait."""
        if command in (Open, *MOVES) and self._behind and self.panel is None:
            if self._pause is not None or not self.reading:
                self._look_up_in(0)
            return True
        return super().not_yet(command)

    async def do_open(self) -> None:
        """Open the card of the row with the mark."""
        await self._open()

    async def _open(self) -> None:
        hit = self._hits.get(self.body.key)
        if hit is not None:
            self._forget_rest()
            # loaded behind the first screen: opening the program does not wait for it
            from screens.people.card import CardPage
            from screens.people.trail import Trail

            self._trail = Trail(tuple((each.kind, each.number, each.account_id) for each in self._hits.values()), hit.account_id)
            await self.app.push_screen(CardPage(hit.kind, hit.number, self._trail, hit.matched if hit.matched_on in DOCUMENTS else "", paid=hit.matched_on in PAYMENTS))

    async def do_new(self) -> None:
        """Begin a new customer, or among vendors a new vendor, with what was typed."""
        from screens.records.new_account import new_account

        await new_account(self, "vendor" if self._kind == "vendor" else "customer", self.typed)

    def do_kind(self) -> None:
        """Look among customers, vendors or both, in turn."""
        kinds = list(hits.KINDS)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._found = None
        self.refresh_title()
        self._look_up_in(0)

    def do_all(self) -> None:
        """Show only accounts with something open, or all."""
        self._open_only = not self._open_only
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
            self.say("F3 leaves ARTUI.")


BEHIND = ("screens.people.card", "screens.people.preview", "screens.paths", "screens.help")
"""What is loaded while the first screen is looked at."""


def _warm() -> None:
    """Load what the first answer and the first card would have to wait for."""
    local_time.warm()
    for module in BEHIND:
        import_module(module)
    # like what the first screen was made of, it stays
    gc.freeze()


class Home(Lookup, inherit_bindings=False):
    """The lookup the program opens on."""

    OFFERED = Lookup.HOME_COMMANDS

    def do_leave(self) -> None:
        """Leave the program; the first time asks, for F3 is also one step back."""
        taken = self.program.ahead.taken
        if self._asked == taken - 1:
            self.app.exit()
            return
        self._asked = taken
        self.say("F3 once more leaves ARTUI; any other key goes on.")
