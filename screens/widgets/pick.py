"""Pick as you type: the choices that fit stand below the form, Enter takes the marked one and moves on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from artui.errors import BadInput
from artui.text import counted, fold
from screens.layout import Column, table
from screens.safe import part
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.field import Field


@dataclass(frozen=True)
class Choice:
    """What can be picked: the code that is kept, and what it is in words."""

    code: str
    words: str = ""


Find = Callable[[str], Awaitable[Sequence[Choice]]]
"""Give the choices for what is typed; asks the books."""
SHOWN = 8
LEFT = 16
"""Lines of the screen the choices leave to what stands around them."""


class PickField(Field[Choice]):
    """A code out of a list, or out of the books.

    `choices` are all there are, or a function that finds them for what is typed. With `auto` two letters that can be
    only one code are taken at once and the cursor moves on.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("F4 shows the choices; type to narrow them, Enter takes the marked one.",)

    def __init__(
        self, name: str, label: str, choices: Sequence[Choice] | Find, *, room: int = 0, needed: bool = False, auto: bool = False, help: str = ""  # noqa: A002
    ) -> None:
        super().__init__(name, label, room=room, needed=needed, help=help)
        self.auto = auto
        self._find = choices if callable(choices) else None
        self._all: tuple[Choice, ...] = () if callable(choices) else tuple(choices)
        self._known: dict[str, Choice] = {}

    def know(self, choice: Choice) -> None:
        """Know a choice the books gave before: its code is read without asking them again."""
        self._known[fold(choice.code)] = choice

    def parse(self, text: str) -> Choice:
        """Take the choice whose code stands there, or the only one that fits."""
        known = self._known.get(fold(text))
        if known is not None:
            return known
        fits = self.fitting(text)
        exact = [choice for choice in fits if fold(choice.code) == fold(text)]
        if exact or len(fits) == 1:
            return (exact or fits)[0]
        raise BadInput(f"{text!r} fits {counted(len(fits), 'choice')}." if fits else f"{text!r} is none of the choices.", "F4 shows them.")

    def write(self, answer: Choice) -> str:
        """Write its code."""
        return answer.code

    def say_back(self, answer: Choice) -> str:
        """Say it in words."""
        return answer.words

    async def look(self, text: str) -> Sequence[Choice]:
        """Return the choices for what is typed, the best first, and remember them."""
        if self._find is not None:
            self._all = tuple(await self._find(text))
            return self._all
        return self.fitting(text)

    @property
    def eager(self) -> bool:
        """Tell whether a letter may move the cursor on, so that the next one has to wait for it."""
        return self.auto

    @property
    def from_books(self) -> bool:
        """Tell whether the books are asked."""
        return self._find is not None

    def fitting(self, text: str) -> list[Choice]:
        """Return the known choices that fit: by code, by how the words begin, by any part."""
        typed = fold(text.strip())
        ranked = [(_rank(choice, typed), place, choice) for place, choice in enumerate(self._all)]
        return [choice for rank, _, choice in sorted(ranked, key=lambda each: each[:2]) if rank is not None and rank < _NONE]

    def only(self, text: str) -> Choice | None:
        """Return the choice whose code is typed in full when no other code begins with it."""
        typed = fold(text.strip())
        begin = [choice for choice in self._all if fold(choice.code).startswith(typed)]
        return begin[0] if typed and len(begin) == 1 and fold(begin[0].code) == typed else None

    def take(self, choice: Choice) -> None:
        """Put a choice in."""
        self.know(choice)
        self.put(choice)

    def give(self, choice: Choice) -> None:
        """Put in what the screen was opened for: nothing that was typed."""
        self.know(choice)
        self.put(choice, as_first=True)


_NONE = 9


def _rank(choice: Choice, typed: str) -> int:
    code, words = fold(choice.code), fold(choice.words)
    if not typed or code == typed:
        return 0
    if code.startswith(typed):
        return 1
    if any(word.startswith(typed) for word in words.split()):
        return 2
    return 3 if typed in words else _NONE


class ChoiceList(Sheet):
    """The choices that fit, the best one marked; it takes no more lines than it needs."""

    DEFAULT_CSS = "ChoiceList { height: auto; max-height: 9; display: none; }"
    COLUMNS = (Column("", 6), Column("", 20, grows=1, most=100))

    def __init__(self) -> None:
        super().__init__(ident="choices")
        self.choices: tuple[Choice, ...] = ()

    @property
    def marked(self) -> Choice | None:
        """The choice with the mark."""
        return next((choice for choice in self.choices if choice.code == self.key), None) if self.display else None

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these choices, the first marked; none closes the list."""
        self.choices = tuple(choices)
        self.display = bool(choices)
        self.styles.height = min(len(self.choices), SHOWN, max(self.screen.size.height - LEFT, 3))
        self.show(self._lines, best=True)

    def _lines(self, width: int) -> Drawn:
        cells = [[part(choice.code, "strong"), part(choice.words)] for choice in self.choices]
        _, lines = table(self.COLUMNS, cells, width)
        return Drawn(rows=[Row(drawn, choice.code) for drawn, choice in zip(lines, self.choices, strict=True)])
