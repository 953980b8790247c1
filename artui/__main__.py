"""The command line's door."""

from __future__ import annotations

import sys

from artui import __version__


def main() -> int:
    """Print the version when asked for it; return the exit status."""
    if sys.argv[1:] == ["--version"]:
        print(f"artui {__version__}")
        return 0
    print("artui: only --version is offered.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
