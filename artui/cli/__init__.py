"""The command line: one thin module per group of commands. Nothing here draws or decides."""

from __future__ import annotations

import argparse
import os
import sys

from artui import __version__
from artui.cli import (
    approvals,
    check,
    completion,
    db,
    demo,
    doctor,
    import_,
    items,
    lookup,
    period,
    post,
    report,
    setting,
    show,
    staff,
    terms,
    version,
)
from artui.cli.common import add_global_options, complain
from artui.errors import ArtuiError

_GROUPS = (
    demo,
    lookup,
    show,
    items,
    post,
    import_,
    report,
    check,
    approvals,
    terms,
    period,
    setting,
    staff,
    db,
    doctor,
    completion,
    version,
)


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; also what completion and the manual are made from."""
    root = argparse.ArgumentParser(
        prog="artui",
        description="Accounts receivable and collections in the terminal. Without a command it opens the program.",
        epilog="artui doctor says where everything is. artui demo shows a sample company.",
    )
    root.add_argument("--version", action="version", version=f"artui {__version__}")
    add_global_options(root)
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    for group in _GROUPS:
        group.register(commands)
    return root


def run(words: list[str]) -> int:
    """Carry out one command line: 0 done, 1 refused or found wrong, 2 wrong usage or no terminal, 3 database unreachable."""
    try:
        arguments = parser().parse_args(words)
        if arguments.command is None:
            return demo.open_program(arguments)
        return int(arguments.run(arguments))
    except ArtuiError as error:
        complain(error)
        return error.exit_status
    except KeyboardInterrupt:
        print("artui: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
