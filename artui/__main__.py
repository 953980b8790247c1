"""The program's door: checks that its own packages were found, then hands over to the command line."""

from __future__ import annotations

import sys
from pathlib import Path


def _foreign_package() -> str | None:
    """Name the first of our top-level packages that another distribution or the working directory shadows."""
    import importlib.util

    home = Path(__file__).resolve().parent.parent
    for name in ("models", "screens"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != home:
            return name
    return None


def main() -> int:
    """Run the command line and return its exit status."""
    foreign = _foreign_package()
    if foreign:
        print(
            f'artui: another package called "{foreign}" stands in the way of its own. Install artui into an environment of its own.',
            file=sys.stderr,
        )
        return 1
    from artui.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
