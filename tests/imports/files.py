"""Files for the tests to import."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from artui.io.importers import Options, Outcome, import_file
from tests.books import Books


def write(path: Path, text: str | bytes) -> Path:
    """Write a file just so."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def table(path: Path, header: str, rows: Sequence[Sequence[object]]) -> Path:
    """Write a CSV file with `header` as comma-separated names."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def take(books: Books, kind: str, path: Path, login: str = "jana", **options: Any) -> Outcome:
    """Import a file as a member of staff."""
    return import_file(books.session(login), kind, path, Options(**options))


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Give created, unchanged, updated, rejected."""
    return outcome.created, outcome.unchanged, outcome.updated, outcome.rejected


def command(books: Books, *words: str, login: str = "jana", status: int = 0) -> dict[str, Any]:
    """Run `artui import` and return its JSON."""
    answer: dict[str, Any] = json.loads(
        books.artui("import", *words, "--format", "json", login=login, status=status).stdout
    )
    return answer
