"""Fields: one row each with its label, read when they are left, what was typed always kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from artui import entry
from artui.clock import Order
from artui.errors import BadInput
from artui.text import clean, safe
from screens.safe import amount, cut, line_width, padded, part, plain_day, shown, weekday_name, width_of
from screens.theme import looks_of
from screens.widgets.box import Typed

T = TypeVar("T")


NARROW = 80
"""Columns of the terminal a field's `room` is meant for; on another one it has its share of that."""


class Field(Typed, Generic[T]):
    """A label and what is typed beside it; a subclass knows how it is read and written.

    `answer` is what was read; None for an empty field or one that could not be read.
    """

    DEFAULT_CSS = """
    Field.-textual-compact { width: 1fr; }
    """
    EXAMPLES: ClassVar[tuple[str, ...]] = ()
    """What can be typed, for the help."""

    def __init__(self, name: str, label: str, *, room: int = 0, needed: bool = False, longest: int = 200, help: str = "") -> None:  # noqa: A002
        super().__init__(f"field-{name}", longest, select=True)
        self.word, self.label, self.needed = name, label, needed
        self.about = help or label
        self.answer: T | None = None
        self.empty = ""
        """What an empty field says: the currency an amount would be in."""
        self.trouble = ""
        """Why what stands in the field cannot be read."""
        self._first = ""
        self._read: str | None = None
        self._label_width = 0
        if room:
            self.styles.width = f"{room * 100 / NARROW}%"

    # what a subclass knows

    def parse(self, text: str) -> T:
        """Read what was typed; raises BadInput."""
        raise NotImplementedError

    def write(self, answer: T) -> str:
        """Write an answer the way it can be read again."""
        return str(answer)

    def say_back(self, answer: T) -> str:
        """Say more about an answer than its text: the day of the week, the name of a code."""
        return ""

    # what the form uses

    def label_room(self, width: int) -> None:
        """Take so many cells for the label."""
        self._label_width = width
        self.styles.padding = (0, 1, 0, width)

    def fill(self, text: str, *, as_first: bool = False) -> None:
        """Put text in as if it had been typed and left; `as_first` makes it what an unchanged field holds, to be typed over."""
        self.value = safe(text)
        self.leave()
        self.cursor_position = len(self.value)
        if as_first:
            self._first = self.value
            if self.is_attached and self.screen.focused is self:
                # as the library does where the cursor comes to a field that is filled already
                self.select_all()

    def put(self, answer: T, *, as_first: bool = False) -> None:
        """Put an answer in."""
        self.fill(self.write(answer), as_first=as_first)

    @property
    def changed(self) -> bool:
        """Tell whether it holds something else than at first."""
        return self.value.strip() != self._first.strip()

    @property
    def unread(self) -> bool:
        """Tell whether something was typed that has not been read yet."""
        return self.value.strip() != (self._read or "")

    def leave(self) -> str:
        """Read what stands there, write it in full, and return why it cannot be read, if so; the text stays."""
        text = self.value.strip()
        if text != self._read:
            self._read, self.answer, self.trouble = text, None, ""
            if text:
                self._understand(text)
            self.refresh()
        return self.trouble

    def missing(self) -> str:
        """Say that it is needed and empty."""
        return f"{self.label} is needed." if self.needed and not self.value.strip() else ""

    def _understand(self, text: str) -> None:
        try:
            self.answer = self.parse(text)
        except BadInput as refusal:
            self.trouble = f"{self.label}: {refusal}"
            return
        self.value = safe(self.write(self.answer))
        self._read = self.value.strip()

    # drawing and typing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the label into the padding, and what is said back behind the text: no widget more."""
        strips = super().render_lines(crop)
        if crop.x == 0 and crop.y == 0 and crop.width >= self._label_width and strips:
            room = max(self._label_width - 1, 0)
            look = looks_of(self)["wrong" if self.trouble else "strong" if self.has_focus else ""]
            label = Strip([Segment(padded(cut(shown(f" {self.label}"), room), room) + ("!" if self.trouble else " "), look)])
            strips[0] = self._with_answer(Strip.join([label, strips[0].crop(self._label_width)]))
        return strips

    def _with_answer(self, strip: Strip) -> Strip:
        said = "" if self.has_focus else self.say_back(self.answer) if self.answer is not None else "" if self.value else self.empty
        at = self._label_width + width_of(shown(self.value)) + 2
        if not said or at + 3 > strip.cell_length:
            return strip
        told = part(said, "off")
        words = cut(told.text, strip.cell_length - at)
        end = at + line_width((part(words),))
        return Strip.join([strip.crop(0, at), Strip([Segment(words, looks_of(self)["off"])]), strip.crop(end)])

    def examples(self) -> tuple[str, ...]:
        """Return lines for the help: what can be typed here, and what it would mean now."""
        return self.EXAMPLES


class TextField(Field[str]):
    """Words: cleaned of what cannot be seen."""

    def parse(self, text: str) -> str:
        """Clean it."""
        return clean(text)


class MoneyField(Field[Decimal]):
    """An amount in one currency: 1234.5, 12k, 1.5*800, 12.50 CR."""

    def __init__(
        self, name: str, label: str, currency: str, *, room: int = 0, needed: bool = False, decimal: str | None = None, help: str = ""  # noqa: A002
    ) -> None:
        super().__init__(name, label, room=room, needed=needed, longest=60, help=help)
        self.currency, self._decimal = currency, decimal

    def in_currency(self, currency: str) -> None:
        """Take another currency; what stands there is read again in it, unless it is still being typed."""
        if currency != self.currency:
            self.currency, self._read = currency, None
            if not self.has_focus:
                self.leave()

    def parse(self, text: str) -> Decimal:
        """Read an amount."""
        return entry.amount(text, self.currency, decimal=self._decimal)

    def write(self, answer: Decimal) -> str:
        """Write it in full."""
        return amount(answer, self.currency)

    def say_back(self, answer: Decimal) -> str:
        """Name the currency."""
        return self.currency

    def examples(self) -> tuple[str, ...]:
        """Show what some keys would mean."""
        return _meant(("12.5", "12k", "1.5*800", "12.50 CR"), self.parse, self.write)


class CameField(MoneyField):
    """An amount in the currency it came in: 100 in the one expected, EUR 100, 100 eur, €100."""

    said = ""
    """The currency that was typed with it: it stays in the text, whatever currency is expected later."""

    @property
    def named(self) -> str:
        """The currency that was typed, where it is another than the one expected."""
        return self.said if self.said != self.currency else ""

    @property
    def code(self) -> str:
        """The currency of what stands there."""
        return self.said or self.currency

    def parse(self, text: str) -> Decimal:
        """Read the amount and its currency."""
        self.said = ""
        self.said, figure = entry.foreign(text)
        return entry.amount(figure, self.code, decimal=self._decimal)

    def write(self, answer: Decimal) -> str:
        """Write it in full, with its currency where that was typed."""
        return f"{self.said} {amount(answer, self.said)}" if self.said else super().write(answer)

    def say_back(self, answer: Decimal) -> str:
        """Name the currency, unless it stands there."""
        return "" if self.said else self.currency

    def leave(self) -> str:
        """Read it; nothing names no currency."""
        if not self.value.strip():
            self.said = ""
        return super().leave()

    def examples(self) -> tuple[str, ...]:
        """Show what some keys would mean."""
        said = self.said
        lines = _meant(("12.5", "12k", "1.5*800", "EUR 100", "100 eur"), self.parse, self.write)
        self.said = said
        return lines


class DateField(Field[date]):
    """A day: t, +7, -3, eom, bom, a weekday, 27, 27.11, 2026-11-27."""

    def __init__(
        self, name: str, label: str, today: Callable[[], date], *, room: int = 0, needed: bool = False, past: bool = False,
        order: Order | None = None, help: str = "",  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(name, label, room=room, needed=needed, longest=40, help=help)
        if room:
            self.styles.min_width = room    # half a day is another day
        self._today, self._past, self._order = today, past, order

    def parse(self, text: str) -> date:
        """Read a day, seen from the day of the books."""
        return entry.day(text, self._today(), order=self._order, past=self._past)

    def write(self, answer: date) -> str:
        """Write it without doubt."""
        return plain_day(answer)

    def say_back(self, answer: date) -> str:
        """Say which day of the week."""
        return weekday_name(answer)

    def examples(self) -> tuple[str, ...]:
        """Show what some keys would mean today."""
        return _meant(("t", "+7", "f", "eom", "bom", "27", "27.11"), self.parse, lambda day: f"{weekday_name(day)} {plain_day(day)}")


class ReadField(Field[T]):
    """A field read and written by two functions: numbers of terms, phones, codes."""

    def __init__(
        self, name: str, label: str, read: Callable[[str], T], write: Callable[[T], str] = str, *, room: int = 0, needed: bool = False,
        examples: tuple[str, ...] = (), longest: int = 200, help: str = "",  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(name, label, room=room, needed=needed, longest=longest, help=help)
        self._reader, self._writer, self._told = read, write, examples

    def parse(self, text: str) -> T:
        """Read it."""
        return self._reader(text)

    def write(self, answer: T) -> str:
        """Write it."""
        return self._writer(answer)

    def examples(self) -> tuple[str, ...]:
        """Show what can be typed."""
        return self._told


def _meant(texts: tuple[str, ...], read: Callable[[str], T], write: Callable[[T], str]) -> tuple[str, ...]:
    lines = []
    for text in texts:
        try:
            lines.append(f"{text:12} {write(read(text))}")
        except BadInput as refusal:
            lines.append(f"{text:12} {refusal}")
    return tuple(lines)
