"""Putting lines together: columns that give way in order, chunks that flow, two edges of one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from screens.safe import Line, Part, cut, cut_line, line, line_width, padded, part, shown, width_of

HOLD = "\0"
"""Stands for a space at which no line is broken."""
_HELD = re.compile(r"(?<!\S)(?:[A-Z]{3} \d{1,3}(?: \d{3})*(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|(?:F\d{1,2}|[^\W\d_]|[*=?&]) [a-z]+(?: it\b)?)")
MARGIN = "   "
"""Room for the cursor's mark before each row."""


class Column(NamedTuple):
    """A column of a table.

    `width` is its least width in cells. Without `grows` its content is never cut; with it, the content is cut to
    what is left, up to `most` cells. `rank` says which columns go first when there is no room: the highest; 0 stays.
    """

    title: str
    width: int
    right: bool = False
    rank: int = 0
    grows: int = 0
    most: int = 48


Cells = Sequence[Part]


def table(columns: Sequence[Column], rows: Sequence[Cells], width: int, least: list[int] | None = None) -> tuple[Line, list[Line]]:
    """Return the heading and the lines of a table for a screen `width` cells wide; every row has one part per column.

    `least` remembers how wide each column has been, so that rows drawn later line up with those drawn before.
    """
    needed = [_needed(column, [row[place] for row in rows]) for place, column in enumerate(columns)]
    if least is not None:
        needed = [max(pair) for pair in zip(needed, least or needed, strict=True)]
        least[:] = needed
    kept = _kept(columns, needed, width - len(MARGIN))
    widths = _grown(columns, kept, needed, width - len(MARGIN))
    heading = _row([part(columns[place].title, "heading") for place in kept], [columns[place] for place in kept], widths)
    return heading, [_row([row[place] for place in kept], [columns[place] for place in kept], widths) for row in rows]


def _needed(column: Column, cells: Sequence[Part]) -> int:
    least = max(column.width, width_of(shown(column.title)))
    return least if column.grows else max([least, *(width_of(cell.text) for cell in cells)])


def _kept(columns: Sequence[Column], needed: Sequence[int], room: int) -> list[int]:
    kept = list(range(len(columns)))
    while sum(needed[place] + 1 for place in kept) > room:
        last = max(kept, key=lambda place: columns[place].rank)
        if columns[last].rank == 0:
            break
        kept.remove(last)
    return kept


def _grown(columns: Sequence[Column], kept: Sequence[int], needed: Sequence[int], room: int) -> list[int]:
    """Share what is left among the columns that grow; where even the least is too much, they shrink."""
    widths = [needed[place] for place in kept]
    left = room - sum(width + 1 for width in widths)
    for index, place in enumerate(kept):
        weight = sum(columns[other].grows for other in kept[index:])
        if not columns[place].grows:
            continue
        share = left * columns[place].grows // weight
        grown = min(max(widths[index] + share, 1), max(columns[place].most, widths[index]))
        left -= grown - widths[index]
        widths[index] = grown
    return widths


def _row(cells: Cells, columns: Sequence[Column], widths: Sequence[int]) -> Line:
    pieces = [part(MARGIN)]
    for cell, column, width in zip(cells, columns, widths, strict=True):
        text = cut(cell.text, width) if column.grows else cell.text
        pieces.append(Part(padded(text, width, right=column.right), cell.look, cell.to))
        pieces.append(part(" "))
    return tuple(pieces[:-1])


def flow(chunks: Sequence[Line], width: int, *, between: str = " · ", margin: str = " ") -> list[Line]:
    """Lay chunks one after the other, beginning a new line where one does not fit; a chunk is never split."""
    lines: list[Line] = []
    for chunk in chunks:
        if lines and line_width(lines[-1]) + len(between) + line_width(chunk) <= width:
            lines[-1] = (*lines[-1], part(between), *chunk)
        else:
            lines.append((part(margin), *chunk))
    return [cut_line(laid, width) for laid in lines]


def edges(left: Line, right: Line, width: int) -> Line:
    """Lay one line with a left and a right edge; the left one gives way."""
    room = width - line_width(right) - 1
    kept = cut_line(left, room)
    return (*kept, part(" " * (width - line_width(kept) - line_width(right))), *right)


def words(text: object, width: int, *, margin: str = " ", look: str = "") -> list[Line]:
    """Break text into lines at its spaces; those within an amount (12 000.00) and behind a key (F10 posts, * takes it) stay."""
    held = _HELD.sub(lambda found: found[0].replace(" ", HOLD), " ".join(str(text).split()))
    return flow([line(part(word.replace(HOLD, " "), look)) for word in held.split(" ")] if held else [], width, between=" ", margin=margin)
