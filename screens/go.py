"""Go: one line that takes a word of a command or a short path, from anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from artui.errors import ArtuiError
from artui.text import fold
from screens.commands import (
    MOVES,
    SIDEWAYS,
    Back,
    Close,
    Command,
    Go,
    Help,
    Leave,
    PickDown,
    PickUp,
    Reread,
    Take,
    Who,
    keys_in_words,
)
from screens.layout import Column, table
from screens.panel import Panel
from screens.safe import Part, part
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.box import Box

if TYPE_CHECKING:
    from screens.base import Page

EVERYWHERE = frozenset({Help, Who, Back, Leave, Reread})
"""What one finds without looking here; it comes last."""
LEFT_OUT = frozenset({Go, Close, Take, PickUp, PickDown, *MOVES, *SIDEWAYS})
SHOWN, SHOWN_FIRST = 8, 5
"""Rows of the list, and before anything is typed: what leads anywhere stands below it then."""


@dataclass(frozen=True)
class Way:
    """Somewhere to go: what leads there, where it leads, and how."""

    path: str
    words: str
    off: str
    """Why it does not go there now; nothing when it does."""
    go: Callable[[], Awaitable[None]]


class FastPath:
    """A short path of one area: an account number, `q` for the queue, `r 90` for a report.

    `ways` gives what the text can mean; a path that needs nothing else is there at once, anything asked of the books
    is asked in the `go` of the way. Areas list theirs in `screens/paths.py`.
    """

    known: Sequence[str] = ()
    """What is typed for it; after what says nothing of itself, what it leads to: "c (a payment)"."""

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return what the text can mean on this screen; the surest first."""
        raise NotImplementedError


Opener = Callable[["Page", str], Awaitable[None]]
"""Opens a screen from another one, with what was typed after its word."""


class WordPath(FastPath):
    """Words that open screens, or how they begin: `cheques`; what follows the word is handed on: `invoice 10442`."""

    def __init__(self, words: Mapping[str, tuple[str, Opener]]) -> None:
        self._words = words
        self.known = tuple(words)

    def ways(self, page: Page, text: str) -> Sequence[Way]:
        """Return the screens whose word begins so; of a word typed in full that one alone."""
        word, _, rest = text.partition(" ")
        word = word.lower()
        fits = {name: how for name, how in self._words.items() if name.startswith(word)}
        exact = {word: fits[word]} if word in fits and rest.strip() else dict(sorted(fits.items(), key=lambda each: each[0] != word))
        return [Way(f"{name} {rest.strip()}".strip(), told, "", partial(opener, page, rest.strip())) for name, (told, opener) in exact.items()]


class GoPanel(Panel):
    """The line and what fits below it: fast paths first, then commands of this screen with their keys."""

    DEFAULT_CSS = """
    GoPanel { height: auto; }
    GoPanel Sheet { height: 1; }
    """
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Take, PickUp, PickDown, Close)
    COLUMNS = (Column("", 14), Column("", 20, grows=1, most=100), Column("", 12, rank=1))

    def __init__(self, paths: Sequence[FastPath] = ()) -> None:
        super().__init__()
        self._paths = paths
        self._text = ""
        self._ways: list[tuple[Way, str]] = []

    def compose(self) -> ComposeResult:
        """Lay out the line and the list."""
        yield Box(" : ", ident="go")
        yield Sheet(self._draw, ident="ways")

    def on_mount(self) -> None:
        """Put the cursor into the line."""
        self.screen.set_focus(self.query_one(Box), scroll_visible=False)
        self._fit("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow to what is typed."""
        event.stop()
        self._fit(event.value)

    def _fit(self, text: str) -> None:
        self._text = text = text.strip()
        found = [(way, "") for path in self._paths for way in path.ways(self.page, text)] if text else []
        self._ways = [*found, *self._commands(text)]
        # first the lines below it: the list takes what they leave
        self.page.refresh_foot()
        self.take_room()
        self.query_one("#ways", Sheet).show(self._draw, best=True)

    def take_room(self) -> None:
        """Show as many ways as fit above the lines below."""
        most = SHOWN if self._text else SHOWN_FIRST
        self.query_one("#ways", Sheet).styles.height = max(min(len(self._ways), most, self.rows_left - 1), 1)

    def _commands(self, text: str) -> list[tuple[Way, str]]:
        typed = fold(text).split()
        ranked = []
        for place, command in enumerate(self.page.OFFERED):
            said = fold(f"{command.footer} {command.word()} {command.help()}")
            if command in LEFT_OUT or not all(word in said for word in typed):
                continue
            near = typed and (command.word().startswith(typed[0]) or fold(command.footer).startswith(typed[0]))
            ranked.append((0 if near else 2 if command in EVERYWHERE else 1, place, command))
        return [(self._way(command), self._keys(command)) for _, _, command in sorted(ranked, key=lambda each: each[:2])]

    def _way(self, command: type[Command]) -> Way:
        page = self.page

        async def go() -> None:
            await page.carry_out(command)

        first = command.help().partition(". ")[0].partition("\n")[0].removesuffix(".")
        return Way(command.footer or command.__name__, first, self.page.why_not(command), go)

    def _keys(self, command: type[Command]) -> str:
        return keys_in_words(self.page.program.keymap.keys(command, self.page.TYPING)[:2])

    def _draw(self, width: int) -> Drawn:
        cells: list[list[Part]] = []
        for way, keys in self._ways:
            look = "off" if way.off else ""
            cells.append([part(way.path, "off" if way.off else "strong"), part(way.off or way.words, look), part(keys, "off" if way.off else "key")])
        _, lines = table(self.COLUMNS, cells, width)
        return Drawn(rows=[Row(drawn, place + 1) for place, drawn in enumerate(lines)])

    def status(self) -> str:
        """Say what the line takes, until something is typed that fits."""
        if self._ways and self._text:
            return ""
        known = ", ".join(word for path in self._paths for word in path.known)
        return f"{'Nothing fits. ' if self._text else ''}From anywhere: {known}."

    def why_not(self, command: type[Command]) -> str:
        """Taking needs something that fits."""
        return "Nothing fits what is typed." if command in (Take, PickUp, PickDown) and not self._ways else ""

    async def do_take(self) -> None:
        """Close the line and go there."""
        key = self.query_one("#ways", Sheet).key
        way = self._ways[(key if isinstance(key, int) else 1) - 1][0]
        if way.off:
            self.page.say(way.off)
            return
        page = self.page
        await page.close_panel()
        try:
            await way.go()
        except ArtuiError as refusal:
            page.fail(refusal)

    def do_pickup(self) -> None:
        """Mark the way above."""
        self.query_one("#ways", Sheet).move(-1)

    def do_pickdown(self) -> None:
        """Mark the way below."""
        self.query_one("#ways", Sheet).move(1)
