"""The rows that were not taken, in a file of the same shape beside the first, so that they can be corrected and imported again."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from artui.io.importers.reading import Table
from artui.text import safe

REASON: Final = "reason"


class Rejects:
    """Write rejected rows to a new file that takes its place only at the end; links there are replaced, never followed."""

    def __init__(self, table: Table, *, wanted: bool) -> None:
        self._table = table
        self._wanted = wanted
        self._file: IO[str] | None = None
        self.path = table.path.with_name(table.path.name + ".rejected.csv")
        self.problem = ""
        self._repeated = bool(table.columns) and table.columns[-1].lower() == REASON

    def __enter__(self) -> Rejects:
        return self

    def write(self, cells: Sequence[str], reason: str) -> None:
        """Add a row with the reason in one more column; in a file of rejected rows in place of the earlier reason."""
        if not self._wanted or self.problem:
            return
        width = len(self._table.columns) - self._repeated
        kept = list(cells) if len(cells) > width + self._repeated else list(cells[:width])
        try:
            if self._file is None:
                self._open()
            self._row([*kept, *[""] * (width - len(kept)), reason])
        except (OSError, UnicodeError) as error:
            self._fail(error)

    def _open(self) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name[:80]}.", dir=self.path.parent)
        # utf-16 with its mark, utf-8 as it came; what the encoding cannot hold is written as an escape rather than lost
        self._file = os.fdopen(
            handle, "w", encoding=self._table.encoding, errors="backslashreplace", newline=""
        )
        self._temporary = name
        names = self._table.columns[:-1] if self._repeated else self._table.columns
        self._row([*names, REASON])

    def _row(self, cells: Sequence[str]) -> None:
        assert self._file is not None
        csv.writer(self._file, delimiter=self._table.separator, lineterminator="\r\n").writerow(cells)

    def _fail(self, error: Exception) -> None:
        why = getattr(error, "strerror", None) or str(error)
        self.problem = f"The rejected rows could not be written beside the file, into {safe(str(self.path.parent))}: {why}. Their reasons are listed here only."
        self._drop()

    def _drop(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                os.unlink(self._temporary)
            self._file = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file in its place; when the import failed as a whole leave everything beside it as it was."""
        if error is None:
            self.finish()
        else:
            self._drop()

    def finish(self) -> Path | None:
        """Put the file in its place and return it; without rejected rows remove what an earlier import left."""
        if not self._wanted:
            return None
        if self._file is None:
            if not self.problem:
                with suppress(OSError):
                    self.path.unlink()
            return None
        try:
            self._file.close()
            os.replace(self._temporary, self.path)
        except OSError as error:
            self._fail(error)
            return None
        self._file = None
        self._wanted = False
        return self.path
