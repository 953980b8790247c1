"""`artui report`."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import a_date, add_command, emit, emit_json, emit_table, session
from artui.errors import WrongUsage


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "report", "print a report")
    parser.add_argument("name", nargs="?", help="the report; --list names them")
    parser.add_argument("--list", action="store_true", help="list the reports")
    parser.add_argument("--as-of", type=a_date, metavar="D", help="as things stood at the end of that day")
    parser.add_argument(
        "--basis", choices=("due", "document"), help="age from the due date or the document date"
    )
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter; repeat for several",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run one report as of a day (default: today)."""
    from artui.reports import aging
    from artui.reports.report import check_name, known

    if arguments.list:
        if arguments.format == "json":
            emit_json(
                arguments, {"reports": [{"name": name, "title": title} for name, title in known().items()]}
            )
        else:
            emit_table(
                arguments,
                [{"name": name, "title": title} for name, title in known().items()],
                [("name", "left"), ("title", "left")],
            )
        return 0
    if not arguments.name:
        raise WrongUsage("Which report?", "artui report --list names them.")
    check_name(arguments.name)
    given = _params(arguments.param)
    basis = arguments.basis or given.pop("basis", "due")
    if given:
        raise WrongUsage(
            f"The report {arguments.name} has no parameter {next(iter(given))}.", "It has: basis."
        )
    with session(arguments) as opened:
        report = aging.run(opened, aging.Params(arguments.as_of or opened.today, basis))
    if arguments.format == "json":
        emit_json(arguments, report.as_json())
    else:
        emit(arguments, report.as_text(arguments.format))
    return 0


def _params(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    wrong = [name for name, mark, _ in pairs if not mark]
    if wrong:
        raise WrongUsage(f"--param {wrong[0]} has no value.", "Write --param NAME=VALUE.")
    return {name: value for name, _, value in pairs}
