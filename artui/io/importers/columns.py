"""Which column of a file holds which field: as told, or by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from artui.errors import BadInput
from artui.text import fold, safe

_NOT_WORD = re.compile(r"[\W_]+")
Synonyms = Mapping[str, str]
"""Field to the names its column may have, in order, separated by spaces; a name is written without spaces or accents."""


@dataclass(frozen=True)
class Columns:
    """Field to place in the row; -1 for a field the file does not have. `ignored` are columns nobody asked for."""

    places: Mapping[str, int]
    names: tuple[str, ...]
    ignored: tuple[str, ...]

    def place(self, field: str) -> int:
        """Give the place of a field, -1 without one."""
        return self.places.get(field, -1)

    def name(self, field: str) -> str:
        """Give the name of a field's column, the field's own without one."""
        place = self.places.get(field, -1)
        return self.names[place] if place >= 0 else field

    def used(self) -> dict[str, str]:
        """Give field to column name, for those that were found."""
        return {field: self.names[place] for field, place in self.places.items() if place >= 0}


def match(names: Sequence[str], told: Mapping[str, str], fields: Synonyms, what: str) -> Columns:
    """Find the column of each field. `told` wins; a name that stands there twice is never guessed.

    Raises BadInput naming what is possible when `told` names an unknown field or column.
    """
    places: dict[str, int] = {}
    for field, column in told.items():
        if field not in fields:
            raise BadInput(f"There is no field {safe(field)!r} in {what}.", f"Fields: {', '.join(fields)}.")
        places[field] = _place(names, column)
    keys = [_key(name) for name in names]
    count = Counter(keys)
    free = {key: place for place, key in enumerate(keys) if count[key] == 1 and place not in places.values()}
    for field, synonyms in fields.items():
        if field in places:
            continue
        found = next((name for name in synonyms.split() if name in free), None)
        if found is not None:
            places[field] = free.pop(found)
    ignored = tuple(name for place, name in enumerate(names) if name and place not in places.values())
    return Columns(places, tuple(names), ignored)


def need(columns: Columns, wanted: Iterable[str], what: str) -> None:
    """Raise BadInput unless every wanted field has its column."""
    missing = [field for field in wanted if columns.place(field) < 0]
    if missing:
        shown = ", ".join(safe(name) for name in columns.names if name) or "none"
        raise BadInput(
            f"{what[:1].upper() + what[1:]} need the column {missing[0]}, which was not found among: {shown}.",
            f"Say which it is with --map {missing[0]}=COLUMN; the first line of the file names the columns.",
        )


def _place(names: Sequence[str], column: str) -> int:
    found = [place for place, name in enumerate(names) if name == column] or [
        place for place, name in enumerate(names) if _key(name) == _key(column)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(
            f"The file has more than one column {safe(column)!r}.", "Give them different names first."
        )
    shown = ", ".join(safe(name) for name in names if name)
    raise BadInput(f"The file has no column {safe(column)!r}.", f"Columns: {shown}.")


def _key(name: str) -> str:
    spelt = name.replace("#", "no").replace("№", "no").replace("%", "percent")
    return _NOT_WORD.sub("", fold(spelt))
