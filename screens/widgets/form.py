"""A form: fields below each other or side by side, Enter to the next, F9 as before, F10 done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from screens.base import Page
from screens.commands import (
    FILLING,
    Again,
    Back,
    Choices,
    Close,
    Command,
    Go,
    Help,
    PickDown,
    PickUp,
    Take,
    Who,
)
from screens.panel import Panel
from screens.safe import shown, width_of
from screens.widgets.field import Field
from screens.widgets.pick import Choice, ChoiceList, PickField

PAUSE = 0.05
"""Seconds without a keystroke before the books are asked for choices."""


class Form(Widget):
    """Lay fields out; each row is one field or several side by side. Labels of a column line up."""

    DEFAULT_CSS = """
    Form { height: auto; width: 100%; }
    Form Horizontal { height: 1; width: 100%; }
    """

    def __init__(self, *rows: Field[Any] | Sequence[Field[Any]], previous: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._rows: list[list[Field[Any]]] = [[row] if isinstance(row, Field) else list(row) for row in rows]
        self.fields: tuple[Field[Any], ...] = tuple(each for row in self._rows for each in row)
        self.previous: dict[str, str] = dict(previous or {})
        """What stood in each field of the record before, as text; F9 takes it."""
        self._by_word = {each.word: each for each in self.fields}

    def compose(self) -> ComposeResult:
        """Lay the rows out, the choices below them."""
        widest = max(width_of(shown(row[0].label)) for row in self._rows) + 3
        for row in self._rows:
            for place, each in enumerate(row):
                each.label_room(widest if place == 0 else width_of(shown(each.label)) + 3)
            if len(row) == 1:
                yield row[0]
            else:
                with Horizontal():
                    yield from row
        yield ChoiceList()

    # what was typed

    def field(self, name: str) -> Field[Any]:
        """Return the field of that name."""
        return self._by_word[name]

    def answers(self) -> dict[str, Any]:
        """Return what was read, by field name; None for an empty field."""
        return {each.word: each.answer for each in self.fields}

    def texts(self) -> dict[str, str]:
        """Return what stands in each field: what a draft keeps."""
        return {each.word: each.value for each in self.fields}

    def picked(self) -> dict[str, list[str]]:
        """Return the code and words of what was picked, by field name: a draft keeps them beside the texts."""
        return {each.word: [each.answer.code, each.answer.words] for each in self.fields if isinstance(each, PickField) and each.answer is not None}

    def refill(self, texts: Mapping[str, str], picked: Mapping[str, Sequence[str]] | None = None) -> None:
        """Put texts back as if they had been typed; what was picked is picked again without asking the books."""
        for name, text in texts.items():
            each = self._by_word.get(name)
            if each is None or each.value == text:
                continue
            if isinstance(each, PickField) and name in (picked or {}):
                code, words = (picked or {})[name]
                each.know(Choice(code, words))
            each.fill(str(text))

    @property
    def changed(self) -> bool:
        """Tell whether any field holds something else than at first."""
        return any(each.changed for each in self.fields)

    def first_trouble(self) -> tuple[Field[Any], str] | None:
        """Read every field and return the first that cannot be read or is missing, and why."""
        for each in self.fields:
            trouble = each.leave() or each.missing()
            if trouble and not each.disabled:
                return each, trouble
        return None

    def needed(self) -> list[str]:
        """Return the labels of the fields that are needed and empty."""
        return [each.label for each in self.fields if each.needed and not each.disabled and not each.value.strip()]

    def next_record(self) -> None:
        """Empty every field for the next record; F9 brings back what was typed into this one."""
        self.previous = {**self.previous, **{word: text for word, text in self.texts().items() if text}}
        for each in self.fields:
            each.fill("", as_first=True)
        self.begin()

    # where the cursor is

    @property
    def here(self) -> Field[Any] | None:
        """The field with the cursor."""
        # what was looked up for a form may come when it is closed
        focused = self.screen.focused if self.is_attached else None
        return focused if isinstance(focused, Field) and focused in self.fields else None

    def begin(self) -> None:
        """Put the cursor into the first field that can be typed into."""
        self.stand_in(next(each for each in self.fields if not each.disabled))

    def stand_in(self, field: Field[Any]) -> None:
        """Put the cursor into a field."""
        # at once: the next key typed ahead already belongs to it
        self.screen.set_focus(field, scroll_visible=False)

    def move(self, by: int) -> bool:
        """Go to the next field, or the one before; tell whether there was one."""
        open_ones = [each for each in self.fields if not each.disabled]
        here = self.here
        place = open_ones.index(here) + by if here in open_ones else 0
        if not 0 <= place < len(open_ones):
            return False
        self.stand_in(open_ones[place])
        return True

    # choices

    @property
    def list(self) -> ChoiceList:
        """The choices below the fields."""
        return self.query_one(ChoiceList)

    @property
    def choosing(self) -> bool:
        """Tell whether choices are open."""
        return bool(self.list.display) if self.is_mounted else False


class Filling:
    """What a page or a panel with a form does with the keys of FILLING.

    The subclass has a `form`, yields it in its content, and carries out `finish(answers)` on F10.
    """

    form: Form
    DOES: ClassVar[str] = "F10 saves it"
    LAST_IS_DONE: ClassVar[bool] = False
    """Whether Enter on the last field is F10, too."""

    @property
    def _on(self) -> Page:
        raise NotImplementedError

    @property
    def unsaved(self) -> bool:
        """Tell whether something was typed."""
        return self.form.changed

    async def finish(self, answers: dict[str, Any]) -> None:
        """Do what the form is for."""
        raise NotImplementedError

    def incomplete(self, answers: dict[str, Any]) -> tuple[str, str] | None:
        """Return the name of a field and a sentence when the answers do not go together."""
        return None

    def filling(self) -> tuple[type[Command], ...]:
        """Return what the form offers now: with choices open, picking comes first."""
        return (Take, PickUp, PickDown, Close) if self.form.choosing else ()

    def why_not(self, command: type[Command]) -> str:
        """Say why a command is of no use in this field."""
        here = self.form.here if self.form.is_mounted else None
        if command is Choices and not isinstance(here, PickField):
            return "This field has no list of choices; F1 shows what can be typed."
        if command is Again and (here is None or not self.form.previous.get(here.word)):
            return "Nothing was typed here before."
        return ""

    def examples(self) -> tuple[str, ...]:
        """Return help for the field with the cursor."""
        here = self.form.here
        return (here.about, "", *here.examples()) if here is not None else ()

    async def do_nextfield(self) -> None:
        """Read the field and go on; a sentence says what cannot be read, and the text stays."""
        here = self.form.here
        trouble = here.leave() if here is not None else ""
        if trouble:
            self._on.say(trouble, "wrong")
        if not self.form.move(1) and self.LAST_IS_DONE:
            await self.do_done()

    def do_previousfield(self) -> None:
        """Go to the field before."""
        here = self.form.here
        if here is not None and (trouble := here.leave()):
            self._on.say(trouble, "wrong")
        self.form.move(-1)

    async def do_again(self) -> None:
        """Take what was typed into this field last time, and go on."""
        here = self.form.here
        if here is not None:
            here.fill(self.form.previous[here.word])
            await self.do_nextfield()

    async def do_done(self) -> None:
        """Read everything; the first trouble takes the cursor, otherwise it is done."""
        found = self.form.first_trouble()
        if found is None:
            answers = self.form.answers()
            apart = self.incomplete(answers)
            if apart is None:
                await self.finish(answers)
                return
            found = self.form.field(apart[0]), apart[1]
        self.form.stand_in(found[0])
        self._on.say(found[1], "wrong")

    def done_words(self) -> str:
        """Say what F10 does: "F10 saves it"; nothing while something needed is missing."""
        return "" if self.form.needed() else self.DOES

    # choices

    def choices_changed(self) -> None:
        """Make room for the choices, or take it back."""

    async def do_choices(self) -> None:
        """Show all choices of this field, or those for what was typed into it."""
        here = self.form.here
        if isinstance(here, PickField):
            await self._offer(here, here.value if here.from_books else "")

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the choices to what is typed."""
        event.stop()
        here = self.form.here
        if isinstance(here, PickField) and here is event.input and here.unread:
            if here.from_books:
                self._on.look_up(partial(self._narrow, here), PAUSE)
            else:
                await self._narrow(here)

    async def _narrow(self, field: PickField) -> None:
        only = field.only(field.value) if field.auto and not field.from_books else None
        if only is not None:
            field.take(only)
            self._close_choices()
            await self.do_nextfield()
            return
        await self._offer(field, field.value)

    async def _offer(self, field: PickField, text: str) -> None:
        choices = await field.look(text)
        if self.form.here is field:
            self.form.list.offer(choices)
            self.choices_changed()
            self._on.rebind()
            self._on.refresh_foot()

    def _close_choices(self) -> None:
        self.form.list.offer(())
        self.choices_changed()
        self._on.rebind()
        self._on.refresh_foot()

    async def do_take(self) -> None:
        """Take the marked choice and go on."""
        here, marked = self.form.here, self.form.list.marked
        if isinstance(here, PickField) and marked is not None:
            here.take(marked)
        self._close_choices()
        await self.do_nextfield()

    def do_pickup(self) -> None:
        """Mark the choice above."""
        self.form.list.move(-1)

    def do_pickdown(self) -> None:
        """Mark the choice below."""
        self.form.list.move(1)


class FormPanel(Filling, Panel):
    """A panel with a form."""

    DEFAULT_CSS = "FormPanel { height: auto; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, Close)

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form

    def compose(self) -> ComposeResult:
        """Lay out the form."""
        yield self.form

    def on_mount(self) -> None:
        """Put the cursor into the first field."""
        self.form.begin()

    @property
    def _on(self) -> Page:
        return self.page

    @property
    def offered(self) -> tuple[type[Command], ...]:
        """With choices open picking comes first."""
        return (*self.filling(), *(command for command in self.OFFERED if command not in self.filling()))

    async def do_close(self) -> None:
        """Close the choices, or the panel; what is unsaved asks once."""
        if self.form.choosing:
            self._close_choices()
        else:
            await super().do_close()


class FormPage(Filling, Page, inherit_bindings=False):
    """A screen that is a form."""

    TYPING = True
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *FILLING)

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form

    def content(self) -> ComposeResult:
        """Lay out the form."""
        yield self.form

    def on_mount(self) -> None:
        """Put the cursor into the first field, unless the page has put it somewhere."""
        if self.form.here is None:
            self.form.begin()

    @property
    def _on(self) -> Page:
        return self

    @property
    def offered(self) -> tuple[type[Command], ...]:
        """With choices open picking comes first."""
        if self.panel is not None:
            return super().offered
        return (*self.filling(), *(command for command in super().offered if command not in self.filling()))

    async def do_close(self) -> None:
        """Close the choices."""
        self._close_choices()

    def panel_closed(self) -> None:
        """Take the cursor back."""
        self.form.begin()
