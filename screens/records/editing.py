"""Change records: what was read with its version, what is typed, and what somebody else made of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from artui.drafts import Draft
from artui.ledger.posting import posted
from artui.people.records import Change, Conflict, Record, save
from screens.commands import Command
from screens.drafting import Drafting
from screens.progress import Progress
from screens.records.conflict import ConflictPanel, Contested
from screens.widgets.field import Field
from screens.widgets.form import Form, FormPage


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Bound:
    """A field of a form bound to a column of a record: `stored` makes the value of an answer, `typed` the answer of a value."""

    field: Field[Any]
    table: str
    column: str
    stored: Callable[[Any], Any] = _as_it_is
    typed: Callable[[Any], Any] = _as_it_is
    empty: Any = None
    """What is stored for an empty field."""

    def value(self) -> Any:
        """Return what would be stored for what stands in the field."""
        self.field.leave()
        return self.empty if self.field.answer in (None, "") else self.stored(self.field.answer)

    def show(self, value: Any, *, as_first: bool = False) -> None:
        """Put a stored value into the field."""
        answer = self._answer(value)
        if answer is None:
            self.field.fill("", as_first=as_first)
            return
        know = getattr(self.field, "know", None)
        if know is not None:
            know(answer)
        self.field.put(answer, as_first=as_first)

    def _answer(self, value: Any) -> Any:
        return None if value is None or value is False or value == "" else self.typed(value)

    def written(self, value: Any) -> str:
        """Write a stored value for the eye."""
        answer = self._answer(value)
        return "" if answer is None else self.field.write(answer)


@dataclass
class Sheet:
    """What is edited: a title, rows of bound fields, the records they were read from (none of a table: a new one), and what a new one also needs."""

    title: str
    about: str
    rows: Sequence[Bound | Sequence[Bound]]
    records: Mapping[str, Record]
    more: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)
    """What a new record begins with, by field, as it is stored."""
    made: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda table, values: values
    """Adds to the values of a table what follows from them: the key of a telephone."""

    def bound(self) -> list[Bound]:
        """Return the bound fields in order."""
        return [each for row in self.rows for each in ([row] if isinstance(row, Bound) else row)]

    def form(self) -> Form:
        """Return the form."""
        return Form(*(row.field if isinstance(row, Bound) else [each.field for each in row] for row in self.rows))


class EditPage(Drafting, FormPage, inherit_bindings=False):
    """Change records; what somebody else changed first is shown beside it, and nothing typed is lost."""

    KIND = "edit"
    OFFERED: ClassVar[tuple[type[Command], ...]] = FormPage.OFFERED

    def __init__(self, sheet: Sheet, done: Callable[[str], None], draft: Draft | None = None) -> None:
        super().__init__(sheet.form())
        self.sheet, self._done = sheet, done
        self._base = dict(sheet.records)
        if draft is not None:
            self._base = {table: Record(**row) for table, row in draft.body["base"].items()}
        self.keep(self.form, draft, sheet.about)

    @property
    def title_text(self) -> str:
        """Say what is changed."""
        return self.sheet.title

    def on_mount(self) -> None:
        """Put in what the books hold."""
        for bound in self.sheet.bound():
            record = self._base.get(bound.table)
            bound.show(record.values.get(bound.column) if record else self.sheet.first.get(bound.field.word), as_first=True)

    def draft_subject(self) -> str:
        """Name it in the list of drafts."""
        return self.sheet.title

    def draft_body(self) -> dict[str, Any]:
        """Keep the versions that were read, too."""
        return {**super().draft_body(), "base": {table: asdict(record) for table, record in self._base.items()}}

    def changes(self) -> list[Change]:
        """Return what is different from what was read."""
        found: dict[str, dict[str, Any]] = {}
        for bound in self.sheet.bound():
            record, value = self._base.get(bound.table), bound.value()
            if record is None:
                found.setdefault(bound.table, {}).update({} if value is None else {bound.column: value})
            elif bound.field.changed and value != record.values.get(bound.column):
                found.setdefault(bound.table, {})[bound.column] = value
        made = []
        for table, values in found.items():
            record = self._base.get(table)
            values = self.sheet.made(table, values)
            made.append(Change(table, values, record.id, record.version) if record else Change(table, {**self.sheet.more, **values}))
        return made

    async def refused(self) -> bool:
        """Say what is wrong with what is typed; tell whether anything is."""
        return False

    async def finish(self, answers: dict[str, Any]) -> None:
        """Save what is different."""
        changes = self.changes()
        if not changes:
            await self.keeping.discard()
            self._leave("Nothing was changed.")
            return

        async def work(progress: Progress) -> str:
            if await self.refused():
                return ""
            try:
                await self.keeping.send(save, posted, self.keeping.key, changes)
            except Conflict as conflict:
                self.app.call_later(self._side_by_side, conflict)
                return ""
            self.app.call_later(self._leave, f"Saved: {self.sheet.title[:1].lower()}{self.sheet.title[1:]}.")
            return ""

        self.long_work("Saving", work)

    def _leave(self, told: str) -> None:
        self.dismiss()
        self._done(told)

    # what somebody else changed meanwhile

    async def _side_by_side(self, conflict: Conflict) -> None:
        now = {record.table: record for record in conflict.records}
        contested = []
        for bound in self.sheet.bound():
            told = [each for each in conflict.theirs if (each.table, each.field) == (bound.table, bound.column)]
            base, theirs = self._base.get(bound.table), now.get(bound.table)
            if not told or base is None or theirs is None:
                continue
            was, current, mine = base.values.get(bound.column), theirs.values.get(bound.column), bound.value()
            contested.append(Contested(bound.field.word, bound.field.label, bound.written(was), bound.written(current), bound.written(mine), told[-1].who, told[-1].at, touched=mine != was))
        if not now:
            self.say(f"{conflict} What you typed stays here; it cannot be saved any more.", "wrong")
            return
        await self.open_panel(ConflictPanel(str(conflict), contested, lambda chosen: self._choose(now, chosen)))

    async def _choose(self, now: Mapping[str, Record], theirs: frozenset[str]) -> None:
        """Go on from the records as they are now, taking theirs in the named fields, and save again."""
        await self.close_panel()
        self._base.update(now)
        for bound in self.sheet.bound():
            if bound.field.word in theirs:
                bound.show(now[bound.table].values.get(bound.column))
        await self.do_done()
