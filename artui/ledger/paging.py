"""Reading a long list a page at a time from any row on: by keys, never by counting what was passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from artui.text import literally

PAGE = 100


@dataclass(frozen=True)
class Page:
    """Which rows of an ordered list are wanted: at most `limit`, from one end or beside a row that is known.

    `edge` is the row's sort value and its tie-breaking keys; `way` says whether it is included (at), those after it are
    wanted or those before it. `last` asks for the end of the list. `by` names the sort, nothing is the list's own order.
    """

    limit: int = PAGE
    by: str = ""
    falling: bool = False
    edge: tuple[Any, ...] | None = None
    way: Literal["at", "after", "before"] = "after"
    last: bool = False
    search: str = ""
    """Only rows that hold every one of these words."""

    @property
    def backwards(self) -> bool:
        """Tell whether the rows come in the opposite order and are to be turned round."""
        return self.last or (self.edge is not None and self.way == "before")


def keyset(page: Page, sort: str, keys: str, texts: str) -> tuple[str, str, dict[str, Any]]:
    """Return what follows WHERE, what follows ORDER BY, and the parameters of both.

    `sort` and `keys` are expressions of our own (keys: comma separated, unique together), `texts` the expression searched.
    """
    rising = page.falling == page.backwards
    conditions, values = ["true"], {f"word{place}": f"%{literally(word)}%" for place, word in enumerate(page.search.split())}
    conditions += [f"ext.unaccent({texts}) ILIKE ext.unaccent(%({name})s)" for name in values]
    if page.edge is not None:
        sign = (">" if rising else "<") + ("=" if page.way == "at" else "")
        marks = ", ".join(f"%(edge{place})s" for place in range(len(page.edge)))
        conditions.append(f"({sort}, {keys}) {sign} ({marks})")
        values.update({f"edge{place}": value for place, value in enumerate(page.edge)})
    turn = "ASC" if rising else "DESC"
    order = ", ".join(f"{each.strip()} {turn}" for each in (sort, *keys.split(",")))
    return " AND ".join(conditions), f"{order} LIMIT {int(page.limit)}", values
