"""Tables of ready-made text for the command line: drawn, Markdown, HTML and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from artui.errors import WrongUsage
from artui.text import safe, spreadsheet_safe

Align = Literal["left", "right", "center"]
Format = Literal["table", "csv", "md", "html"]
Row = Mapping[str, str] | Sequence[str]

_STYLES: Final = {"table": "simple", "md": "pipe", "html": "html"}
_FIGURE: Final = re.compile(r"[-+]?[0-9][0-9 .,]*%?").fullmatch


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the rows and in CSV, its title for people; figures are aligned right."""

    name: str
    title: str = ""
    align: Align = "left"


def render(rows: Sequence[Row], columns: Sequence[Column], fmt: str) -> str:
    """Give the table as text ending in a newline; fmt is table, csv, md or html, else WrongUsage.

    Rows are mappings by column name, or texts in column order. Every cell is a str already: a number
    would be formatted by guesswork, so it is a TypeError.
    """
    cells = [_cells(row, columns) for row in rows]
    if fmt == "csv":
        return _as_csv(cells, columns)
    if fmt not in _STYLES:
        raise WrongUsage(f"There is no table format {fmt!r}.", "Use table, csv, md or html.")
    escape: Callable[[str], str] = _markdown if fmt == "md" else str
    titles = [escape(safe(column.title or column.name)) for column in columns]
    body = [[escape(cell) for cell in row] for row in cells]
    return _tabulated(body, titles, columns, _STYLES[fmt]) + "\n"


def _cells(row: Row, columns: Sequence[Column]) -> list[str]:
    values = [row[column.name] for column in columns] if isinstance(row, Mapping) else list(row)
    if len(values) != len(columns) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"a row needs {len(columns)} texts, not {values!r}")
    return [safe(value) for value in values]


def _as_csv(cells: list[list[str]], columns: Sequence[Column]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([spreadsheet_safe(safe(column.name)) for column in columns])
    for row in cells:
        writer.writerow([_for_spreadsheet(cell, column) for cell, column in zip(row, columns, strict=True)])
    return out.getvalue()


def _for_spreadsheet(cell: str, column: Column) -> str:
    figure = column.align == "right" and _FIGURE(cell)
    return cell if figure else spreadsheet_safe(cell)


def _markdown(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _tabulated(body: list[list[str]], titles: list[str], columns: Sequence[Column], style: str) -> str:
    from tabulate import tabulate

    aligns = [column.align for column in columns] if body else None
    return str(tabulate(body, headers=titles, tablefmt=style, disable_numparse=True, colalign=aligns))
