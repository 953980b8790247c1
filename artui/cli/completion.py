"""`artui completion`: what the shell offers after Tab."""

from __future__ import annotations

import argparse
from typing import Any

from artui.cli.common import add_command, emit


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "completion", "print the completion script of a shell", formats=())
    parser.add_argument("shell", choices=("bash", "zsh"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the script; `eval "$(artui completion bash)"` uses it at once."""
    import shtab

    from artui.cli import parser

    emit(arguments, shtab.complete(parser(), shell=arguments.shell))
    return 0
