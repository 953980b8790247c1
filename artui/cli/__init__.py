"""The command line: one thin module per group of commands. Nothing here draws or decides."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from artui import __version__
from artui.cli.common import add_global_options, complain
from artui.errors import ArtuiError

_MODULES = {"import": "import_"}
"""Where a command lives when its module cannot have its name."""
_COMMANDS = (
    "demo",
    "lookup",
    "show",
    "items",
    "post",
    "import",
    "bank",
    "report",
    "check",
    "approvals",
    "terms",
    "period",
    "setting",
    "staff",
    "db",
    "doctor",
    "keys",
    "completion",
    "version",
)


def parser(words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the command line: whole, or of it what `words` need, because every command costs start-up time."""
    root = argparse.ArgumentParser(
        prog="artui",
        description="Accounts receivable and collections in the terminal. Without a command it opens the program.",
        epilog="artui doctor says where everything is. artui demo shows a sample company.",
    )
    root.add_argument("--version", action="version", version=f"artui {__version__}")
    add_global_options(root)
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    for name in _COMMANDS if words is None else _needed(words):
        import_module(f"artui.cli.{_MODULES.get(name, name)}").register(commands)
    return root


def _needed(words: Sequence[str]) -> Sequence[str]:
    rest = iter(words)
    for word in rest:
        if word == "--as":
            next(rest, None)
        elif word in _COMMANDS:
            return (word,)
        elif not word.startswith("-") or word in ("-h", "--help"):
            return _COMMANDS
    return ()


def run(words: list[str]) -> int:
    """Carry out one command line: 0 done, 1 refused or found wrong, 2 wrong usage or no terminal, 3 database unreachable."""
    try:
        arguments = parser(words).parse_args(words)
        if arguments.command is None:
            from artui.cli.demo import open_program

            return open_program(arguments)
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
