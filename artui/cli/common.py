"""What the commands share: global options, the session they act in, and how answers come out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artui.errors import ArtuiError, BadInput
from artui.text import safe

if TYPE_CHECKING:
    from artui.config import Config
    from artui.session import Session

TABLE_FORMATS = ("table", "csv", "json", "md", "html")


def add_global_options(parser: argparse.ArgumentParser, *, top: bool = True) -> None:
    """Let `--as` and `--sample` stand before or after the command."""
    default = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--as",
        dest="as_user",
        metavar="USER",
        default=default,
        help="act as this member of staff, through their own rights",
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="use the sample company's books",
    )
    parser.add_argument(
        "--ascii",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="draw the screens with plain ASCII only",
    )


def add_command(
    commands: Any, name: str, summary: str, *, formats: Sequence[str] = TABLE_FORMATS
) -> argparse.ArgumentParser:
    """Add a command with the options every command has."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=summary[:1].upper() + summary[1:] + "."
    )
    add_global_options(parser, top=False)
    if formats:
        parser.add_argument("--format", choices=formats, default=formats[0], help="how the answer comes out")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the answer to FILE")
    return parser


def a_date(shown: str) -> date:
    """Read a date option: ISO, or words such as `t`, `-1m`, `eom-1`."""
    from artui.clock import SystemClock, parse_date

    try:
        return parse_date(shown, SystemClock().today())
    except ArtuiError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def config_of(arguments: argparse.Namespace) -> Config:
    """Return the configuration."""
    from artui.config import load_config

    return load_config()


@contextmanager
def session(arguments: argparse.Namespace) -> Iterator[Session]:
    """Open the session the command acts in and close it afterwards."""
    from artui.session import open_session

    config, database = config_of(arguments), database_of(arguments)
    opened = open_session(config, as_user=arguments.as_user, database=database)
    try:
        yield opened
    finally:
        opened.close()


def database_of(arguments: argparse.Namespace) -> str:
    """Return which of the embedded books is meant: the company's own, or the sample company's.

    A person who works only at the sample company is looked for there.
    """
    from artui.config import BOOKS, SAMPLE

    if arguments.sample:
        return SAMPLE
    config = config_of(arguments)
    if arguments.as_user and not config.database_url:
        from artui.db import company

        if company.works_at_sample(config, arguments.as_user):
            say("(sample company)")
            return SAMPLE
    return BOOKS


def emit(arguments: argparse.Namespace, answer: str) -> None:
    """Write the answer, and only the answer, to standard output or the file of `-o`."""
    if getattr(arguments, "output", None):
        try:
            arguments.output.write_text(answer if answer.endswith("\n") else answer + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(
                f"{arguments.output} cannot be written: {error.strerror}.", "Name another file with -o."
            ) from None
        return
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    stream.write(answer if answer.endswith("\n") else answer + "\n")
    stream.flush()


def emit_json(arguments: argparse.Namespace, answer: Mapping[str, Any]) -> None:
    """Write one JSON object."""
    import json

    emit(arguments, json.dumps(answer, ensure_ascii=False, indent=2))


def emit_table(
    arguments: argparse.Namespace, rows: Sequence[Mapping[str, str]], columns: Sequence[tuple[str, str]]
) -> None:
    """Write rows of ready-formatted text; `columns` are (name, "left" or "right")."""
    from artui.tables import Column, render

    if not rows and arguments.format == "table":
        say("There is nothing to show.")
        return
    shown = [Column(name, name.replace("_", " "), align) for name, align in columns]  # type: ignore[arg-type]
    emit(
        arguments,
        render(
            [{name: str(row.get(name, "")) for name, _ in columns} for row in rows], shown, arguments.format
        ),
    )


def say(text: str) -> None:
    """Tell a person something on standard error."""
    print(safe(text), file=sys.stderr)


def complain(error: ArtuiError) -> None:
    """Say in one sentence what is wrong and what to do."""
    print(f"artui: {safe(error.message)}" + (f" {safe(error.hint)}" if error.hint else ""), file=sys.stderr)
