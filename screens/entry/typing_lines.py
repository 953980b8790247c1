"""A form whose last fields are one line of a document: typed one after the other, changed by its number, taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artui.errors import BadInput
from screens.drafting import Drafting
from screens.entry import lines
from screens.entry.fields import ItemField, number_field, price
from screens.widgets.field import Field, ReadField, TextField
from screens.widgets.form import FormPage
from screens.widgets.pick import Choice


class LinesPage(Drafting, FormPage, inherit_bindings=False):
    """The fields of a line, and what Enter, PgUp and PgDn do in them; `_typed` are the lines that stand below."""

    lined = True
    """Whether the document has lines."""
    _typed: list[dict[str, str]]
    _item: ItemField

    @property
    def code(self) -> str:
        """The currency of the document, as far as it is known."""
        raise NotImplementedError

    async def currency(self) -> str:
        """Return the currency of the document; asked for while it is not known yet."""
        raise NotImplementedError

    def work_out_soon(self) -> None:
        """Work out soon what it comes to."""
        raise NotImplementedError

    def show_lines(self) -> None:
        """Draw the lines anew."""
        raise NotImplementedError

    def _line_rows(self) -> list[list[Field[Any]]]:
        place: ReadField[int] = ReadField("line", "Line", _place, room=15, longest=5, examples=("2    changes line 2", "-2   takes line 2 out"), help="The number of a line to change it; with a minus to take it out.")
        return [
            [place, self._item, TextField("description", "What", help="What it is, as it is printed.")],
            [number_field("quantity", "Quantity", what="quantity", room=28, help="Empty: one."),
             number_field("unit_price", "Price", what="price", write=lambda value: price(value, self.code), room=26, help="Of one, before tax."),
             number_field("discount_percent", "% off", what="discount", help="Percent off the price.")],
        ]  # fmt: skip

    # what is typed

    def draft_body(self) -> dict[str, Any]:
        """Keep the lines, too."""
        return {**super().draft_body(), "lines": [dict(each) for each in self._typed]}

    def restore(self, body: Mapping[str, Any]) -> None:
        """Put the lines back, too."""
        super().restore(body)
        self._typed = [dict(each) for each in body.get("lines", ())]
        self.show_lines()

    @property
    def unsaved(self) -> bool:
        """Tell whether something was typed."""
        return bool(self._typed) or super().unsaved

    def _line(self) -> dict[str, str]:
        texts = self.form.texts()
        return {name: texts[name].strip() for name in lines.FIELDS if texts.get(name, "").strip()}

    # from field to field

    async def do_nextfield(self) -> None:
        """Go on; an item brings what it is and its price, so its quantity comes next; the last field of a line begins the next one."""
        here = self.form.here
        if here is not None and here.word == "line" and self._turn_to_line(here.value):
            return
        if here is self._item and not here.leave() and here.answer is not None and await self._fill_from(here.answer.code):
            self.form.stand_in(self.form.field("quantity"))
            return
        if here is not None and here.word == "discount_percent" and not lines.empty(self._line()) and not here.leave() and self._keep_line():
            self.form.stand_in(self._item)
            return
        await super().do_nextfield()

    def do_pagedown(self) -> None:
        """Go to the lines."""
        if self.lined:
            self._read_here()
            self.form.stand_in(self._item)

    def do_pageup(self) -> None:
        """Go to the head."""
        self._read_here()
        self.form.begin()

    def _read_here(self) -> None:
        """Read the field the cursor leaves, and say what cannot be read."""
        here = self.form.here
        trouble = here.leave() if here is not None else ""
        if trouble:
            self.say(trouble, "wrong")
        if self.form.choosing:
            self._close_choices()

    async def _fill_from(self, code: str) -> bool:
        """Fill in what an item is and, where it is priced in the currency of the document, its price; tell whether it is known."""
        good = self._item.goods.get(code)
        if good is None:
            return False
        if not self.form.field("description").value.strip():
            self.form.field("description").fill(good.description)
        if good.price is None or self.form.field("unit_price").value.strip():
            return True
        currency, own = await self.currency(), self.own_currency
        if (good.currency or own) == currency:
            self.form.field("unit_price").fill(price(good.price, currency))
        else:
            self.say(f"{good.number} is priced in {good.currency or own}, this is in {currency}: give its price.")
        return True

    # from line to line

    def _place(self) -> int:
        """Where the line being typed goes, from 1."""
        answer = self.form.field("line").answer if self.lined else None
        return answer if isinstance(answer, int) and 1 <= answer <= len(self._typed) else len(self._typed) + 1

    def _keep_line(self) -> bool:
        """Take the line into the list; False while a field of it cannot be read."""
        for name in lines.FIELDS:
            trouble = self.form.field(name).leave()
            if trouble:
                self.form.stand_in(self.form.field(name))
                self.say(trouble, "wrong")
                return False
        typed, place = self._line(), self._place()
        self._typed[place - 1 : place] = [typed]
        self.form.previous.update(typed)
        self._next_line()
        self.work_out_soon()
        return True

    def _next_line(self) -> None:
        if not self.lined:
            return
        for name in lines.FIELDS:
            self.form.field(name).fill("", as_first=True)
        self.form.field("line").fill(str(len(self._typed) + 1), as_first=True)

    def _turn_to_line(self, text: str) -> bool:
        """Take a line back into the fields, or out; tell whether that was asked for."""
        field = self.form.field("line")
        if field.leave() or not isinstance(field.answer, int) or not field.changed or not 1 <= abs(field.answer) <= len(self._typed):
            return False
        place = abs(field.answer)
        if field.answer < 0:
            del self._typed[place - 1]
            self._next_line()
            self.work_out_soon()
            return True
        for name in lines.FIELDS:
            text = self._typed[place - 1].get(name, "")
            if name == "item" and text:
                self._item.know(Choice(text))
            self.form.field(name).fill(text)
        self.form.stand_in(self._item)
        return True


def _place(text: str) -> int:
    value = text.strip()
    if not value.removeprefix("-").isdigit():
        raise BadInput(f"{value!r} is not the number of a line.", "Type 2 to change line 2, -2 to take it out.")
    return int(value)
