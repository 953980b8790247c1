"""`artui check`: do the books tie."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from artui.cli.common import a_date, add_command, emit_json, emit_table, session


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "check", "prove the books and list discrepancies")
    parser.add_argument(
        "--as-of",
        type=a_date,
        metavar="D",
        help="compare sub-ledger and control account at the end of that day",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run every check; exit 0 when the books tie, whatever else deserves a look."""
    from artui.ledger.proof import discrepancies, prove

    with session(arguments) as opened:
        day = arguments.as_of or opened.today
        checks, findings = prove(opened, day), discrepancies(opened, day)
    ok = all(check.ok for check in checks)
    if arguments.format == "json":
        emit_json(
            arguments,
            {
                "as_of": day.isoformat(),
                "ok": ok,
                "checks": [c.as_json() for c in checks],
                "findings": [c.as_json() for c in findings],
            },
        )
    else:
        rows = [
            {
                "check": c.name.replace("_", " "),
                "found": str(c.findings),
                "example": c.example,
                "verdict": "ok" if c.ok else ("BROKEN" if c.ties else "look"),
            }
            for c in (*checks, *findings)
        ]
        emit_table(
            arguments, rows, [("check", "left"), ("found", "right"), ("example", "left"), ("verdict", "left")]
        )
    if not ok:
        broken = [check.name.replace("_", " ") for check in checks if not check.ok]
        print(
            f"artui: the books do not tie: {', '.join(broken)}. Post nothing more and call whoever keeps the database.",
            file=sys.stderr,
        )
    return 0 if ok else 1
