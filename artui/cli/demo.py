"""`artui demo` and opening the program."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import Any

from artui.cli.common import add_command, config_of, database_of, say
from artui.errors import WrongUsage


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "demo", "make a sample company once and open it", formats=())
    parser.add_argument("--no-ui", action="store_true", help="only make it")
    parser.add_argument(
        "--customers", type=int, default=300, metavar="N", help="how many customers (default 300)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="another seed, another company (default 1)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the sample company of these figures unless it is there, then open it."""
    from artui.sample import company

    if arguments.customers < 1:
        raise WrongUsage("A sample company has at least one customer.", "Give --customers a positive number.")
    if not arguments.no_ui:
        _need_terminal()
    company.create(
        config_of(arguments),
        customers=arguments.customers,
        seed=arguments.seed,
        progress=_progress if sys.stderr.isatty() else None,
    )
    if arguments.no_ui:
        say("The sample company is ready. Look at it with: artui --sample")
        return 0
    arguments.sample = True
    return open_program(arguments)


def _progress(step: str, done: int, total: int) -> None:
    end = "\n" if done >= total else ""
    print(f"\r\033[K{step} {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("The program needs a terminal.", "From scripts use its commands: artui --help.")


def open_program(arguments: argparse.Namespace) -> int:
    """Open the screens on the configured books, or on the sample company's."""
    _need_terminal()
    config, database = config_of(arguments), database_of(arguments)
    # looking for garbage in what is only being loaded takes a tenth of the start; on again when the first screen is there
    gc.disable()
    from screens.app import run as run_app

    return run_app(config, as_user=arguments.as_user, database=database, ascii_only=arguments.ascii)
