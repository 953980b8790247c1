"""A file into the books, chunk by chunk: one thread reads and checks, the other has the server book."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from artui import money
from artui.errors import ArtuiError, Refused
from artui.io.importers import kinds
from artui.io.importers.ahead import Ahead
from artui.io.importers.chunk import Chunk, Kind
from artui.io.importers.loading import Loader, findings
from artui.io.importers.outcome import MOST_FINDINGS, Finding, Options, Outcome, Progress
from artui.io.importers.reading import Table, open_table
from artui.io.importers.rejects import Rejects
from artui.session import Session
from artui.text import safe


class _Undo(Exception):
    """Take back what a dry run did."""


def import_file(
    session: Session,
    kind: str,
    path: Path,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Import a file of one kind and say what came of every row; good rows are kept, the others written beside the file.

    Each chunk is a transaction of its own. `cancelled` is asked between chunks: what is booked by then stays, and
    importing the file again goes on from there. A dry run takes the same way and keeps nothing.
    Raises BadInput when the file or the options cannot be understood, Refused without the right to; nothing is booked then.
    """
    options = options or Options()
    session.need(kinds.action(kind))
    table = open_table(path, options.encoding)
    with ExitStack() as stack:
        reader = kinds.reader(session, kind, table, options, stack)
        outcome = Outcome(
            kind,
            str(path),
            options.dry_run,
            columns=reader.columns.used(),
            ignored=list(reader.columns.ignored),
        )
        if table.guessed:
            outcome.notes.append(
                f"{safe(path.name)} is not in UTF-8 and was read as cp1252; if letters are wrong, name its encoding with --encoding."
            )
        run = _Run(session, reader, table, outcome, progress or _quiet, cancelled or _never)
        if options.dry_run:
            try:
                with session.transaction():
                    run.through()
                    raise _Undo
            except _Undo:
                pass
        else:
            run.through()
        outcome.rounding = {code: f"{added:f}" for code, added in sorted(reader.rounding().items()) if added}
    return outcome


def _quiet(_: Progress) -> None:
    return


def _never() -> bool:
    return False


class _Run:
    """One import under way."""

    def __init__(
        self,
        session: Session,
        kind: Kind,
        table: Table,
        outcome: Outcome,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._session = session
        self._kind = kind
        self._table = table
        self._outcome = outcome
        self._progress = progress
        self._cancelled = cancelled
        self._started = time.monotonic()
        self._totals: dict[str, int] = {}
        self._loader = Loader(session, kind, dry_run=outcome.dry_run)

    def through(self) -> None:
        """Read, check and book all of the file, or as much as goes."""
        outcome = self._outcome
        with (
            Rejects(self._table, wanted=not outcome.dry_run) as rejects,
            Ahead(self._kind, self._table) as reading,
        ):
            try:
                for chunk in reading.chunks(self._cancelled):
                    self._book(chunk, rejects)
                if self._cancelled():
                    raise Refused("The import was stopped.", code="stopped")
                last = self._kind.last()
                if last is not None:
                    self._finish(last)
            except ArtuiError as error:
                if outcome.dry_run or not outcome.rows:
                    raise
                outcome.stopped = error
            for finding in self._kind.rest():
                self._warn(finding)
            written = rejects.finish()
            outcome.rejected_file = str(written) if written else None
            if rejects.problem:
                outcome.notes.append(rejects.problem)
        outcome.totals = {
            code: money.plain(money.from_minor(minor, code), code)
            for code, minor in sorted(self._totals.items())
        }

    def _book(self, chunk: Chunk, rejects: Rejects) -> None:
        self._kind.complete(self._session, chunk)
        answer = self._loader.load(chunk) if any(chunk.rows.values()) else {}
        self._kind.after(self._session, chunk, answer)
        outcome = self._outcome
        outcome.rows += len(chunk.records)
        outcome.created += answer.get("created", 0)
        outcome.unchanged += answer.get("unchanged", 0)
        outcome.updated += answer.get("updated", 0)
        for code, minor in answer.get("totals", {}).items():
            self._totals[code] = self._totals.get(code, 0) + int(minor)
        errors = sorted(
            [*chunk.errors, *findings(self._kind, chunk, answer.get("errors", ()))],
            key=lambda finding: finding.row,
        )
        outcome.rejected += len(errors)
        outcome.errors += errors[: max(0, MOST_FINDINGS - len(outcome.errors))]
        refused = set()
        for error in errors:
            refused.add(error.row)
            rejects.write(chunk.records[error.row][:-1], error.message)
        name = self._kind.columns.name
        said = [replace(warning, column=name(warning.column)) for warning in chunk.warnings]
        for warning in sorted(
            [*said, *findings(self._kind, chunk, answer.get("warnings", ()))], key=lambda finding: finding.row
        ):
            if warning.row not in refused:
                self._warn(warning)
        self._progress(
            Progress(
                outcome.rows,
                outcome.rejected,
                chunk.bytes_read,
                self._table.size,
                time.monotonic() - self._started,
            )
        )

    def _finish(self, chunk: Chunk) -> None:
        self._kind.after(self._session, chunk, self._loader.load(chunk))

    def _warn(self, finding: Finding) -> None:
        self._outcome.warning_count += 1
        if len(self._outcome.warnings) < MOST_FINDINGS:
            self._outcome.warnings.append(finding)
