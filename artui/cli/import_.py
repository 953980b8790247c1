"""`artui import`: files of other systems into the books."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artui.cli.common import add_command, emit, emit_json, say, session
from artui.errors import BadInput
from artui.text import safe

if TYPE_CHECKING:
    from artui.io.importers.outcome import Finding, Options, Outcome, Progress

_KINDS = ("customers", "vendors", "items", "invoices", "receipts", "purchases", "contacts")
_SHOWN = 20
_PAUSE = 0.25


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(
        commands, "import", "take a file of another system into the books", formats=("table", "json")
    )
    parser.add_argument("kind", choices=_KINDS, help="what the file holds")
    parser.add_argument("file", type=Path, help="CSV, its first line naming the columns")
    parser.add_argument("--lines", type=Path, metavar="FILE", help="the lines of invoices or purchases")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column holds a field; others are found by name",
    )
    parser.add_argument(
        "--map-line", action="append", default=[], metavar="FIELD=COLUMN", help="the same for the line file"
    )
    parser.add_argument(
        "--round", choices=("order", "line"), default=None, help="round the lines' total, or each line"
    )
    parser.add_argument("--currency", metavar="CUR", help="the currency where the file names none")
    parser.add_argument("--date-order", choices=("mdy", "dmy", "ymd"), help="how the file writes days")
    parser.add_argument("--decimal", choices=(".", ","), help="the file's decimal mark")
    parser.add_argument(
        "--encoding", metavar="E", help="the file's encoding; UTF-8 and marked UTF-16 are recognised"
    )
    parser.add_argument("--profile", metavar="NAME", help="read it as saved under this name")
    parser.add_argument("--save-profile", metavar="NAME", help="save how it is read")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import the file; exit 1 when rows were rejected or it ended early."""
    from artui.io.importers import import_file, profile

    options = _options(arguments)
    with session(arguments) as opened, _stopping() as stopped:
        if arguments.profile:
            options = profile.saved(opened, arguments.profile, arguments.kind, options)
        if arguments.save_profile:
            opened.need("import_profile")
        outcome = import_file(opened, arguments.kind, arguments.file, options, _meter(), stopped)
        if arguments.save_profile:
            profile.save(opened, arguments.save_profile, arguments.kind, options)
        if outcome.created and not outcome.dry_run and outcome.stopped is None:
            opened.query("SELECT api.seal()")
    if arguments.format == "json":
        emit_json(arguments, outcome.as_json())
    else:
        emit(arguments, summary(outcome))
    return _status(outcome)


def _options(arguments: argparse.Namespace) -> Options:
    from artui.io.importers.outcome import Options

    if arguments.map_line and not arguments.lines:
        raise BadInput("--map-line is about the line file, and there is none.", "Name it with --lines FILE.")
    return Options(
        columns=_pairs(arguments.map, "--map"),
        line_columns=_pairs(arguments.map_line, "--map-line"),
        lines=arguments.lines,
        rounding=arguments.round or "order",
        currency=arguments.currency,
        date_order=arguments.date_order,
        decimal=arguments.decimal,
        encoding=arguments.encoding,
        dry_run=arguments.dry_run,
    )


def _pairs(told: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in told:
        field, equals, column = each.partition("=")
        if not equals or not field or not column:
            raise BadInput(
                f"{option} {safe(each)} names no field and column.", f"Write {option} FIELD=COLUMN."
            )
        pairs[field.strip()] = column.strip()
    return pairs


def _status(outcome: Outcome) -> int:
    if outcome.stopped is not None:
        kept = f"{outcome.created} rows are booked" if outcome.created else "Nothing more was booked"
        print(
            f"artui: {safe(outcome.stopped.message)} {kept}; importing the file again goes on from there.",
            file=sys.stderr,
        )
        return 130 if outcome.stopped.code == "stopped" else outcome.stopped.exit_status
    if outcome.rejected:
        where = f"; they are in {safe(outcome.rejected_file)}" if outcome.rejected_file else ""
        print(f"artui: {outcome.rejected} of {outcome.rows} rows were rejected{where}.", file=sys.stderr)
        return 1
    return 0


def summary(outcome: Outcome) -> str:
    """Give a person's view of an outcome: the counts, what was read as what, and the first findings."""
    used = ", ".join(
        f"{field} from {column}" if field != column else field for field, column in outcome.columns.items()
    )
    rows = [
        f"{safe(outcome.file)}: {outcome.rows} rows{' (dry run, nothing was kept)' if outcome.dry_run else ''}",
        f"created {outcome.created}   unchanged {outcome.unchanged}   updated {outcome.updated}   rejected {outcome.rejected}",
    ]
    rows += [f"total {amount} {code}" for code, amount in outcome.totals.items()]
    rows += [f"rounding added {amount} {code}" for code, amount in outcome.rounding.items()]
    rows.append(f"read: {safe(used)}")
    if outcome.ignored:
        rows.append(f"not used: {safe(', '.join(outcome.ignored))}")
    rows += [safe(note) for note in outcome.notes]
    rows += _listed("rejected", outcome.errors, outcome.rejected) + _listed(
        "kept, but look at", outcome.warnings, outcome.warning_count
    )
    return "\n".join(rows)


def _listed(title: str, findings: list[Finding], count: int) -> list[str]:
    rows = [
        f"{title}: line {each.row}{f', {safe(each.column)}' if each.column else ''}: {safe(each.message)}"
        for each in findings[:_SHOWN]
    ]
    return rows + ([f"{title}: {count - len(rows)} more"] if count > len(rows) else [])


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C end the import after the chunk that is being booked; a second one ends it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        say("Stopping when the rows being booked are done; once more stops at once.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _meter() -> Callable[[Progress], None] | None:
    """Show how far it is on the last line of a terminal, at most four times a second."""
    if not sys.stderr.isatty():
        return None
    shown = [0.0]

    def show(progress: Progress) -> None:
        done = progress.bytes_read >= progress.bytes_all
        if not done and time.monotonic() - shown[0] < _PAUSE:
            return
        shown[0] = time.monotonic()
        percent = 100 * progress.bytes_read // max(1, progress.bytes_all)
        rate = int(progress.rows / progress.seconds) if progress.seconds > 0 else 0
        sys.stderr.write(
            f"\r{percent:3d} %  {progress.rows} rows  {rate} rows/s  {progress.rejected} rejected"
            + ("\n" if done else "")
        )
        sys.stderr.flush()

    return show
