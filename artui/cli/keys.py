"""`artui keys`: what each key of this terminal arrives as, and the setting to change."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from artui.cli.common import add_command, config_of, emit
from artui.errors import WrongUsage


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(commands, "keys", "show what each key arrives as, and which setting of the terminal to change", formats=())
    command.add_argument("--sheet", action="store_true", help="print the keys of every screen, as changed by [keys], instead")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell of every key pressed; needs a terminal and no books."""
    if arguments.sheet:
        from screens.keymap import keymap_of
        from screens.keysheet import sheet

        emit(arguments, sheet(keymap_of(config_of(arguments).keys)))
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("The keys can be watched only on a terminal.", "Log in with one: ssh -t HOST artui keys.")
    from screens.terminal_keys import watch

    return watch(arguments.ascii)
