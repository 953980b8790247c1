"""`artui version`."""

from __future__ import annotations

import argparse
from typing import Any

from artui import __version__
from artui.cli.common import add_command, emit


def register(commands: Any) -> None:
    """Add the command."""
    add_command(commands, "version", "print the version", formats=()).set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the version."""
    emit(arguments, f"artui {__version__}")
    return 0
