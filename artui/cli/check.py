"""`artui check`: do the books tie."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from artui import money
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
    from artui.ledger.discrepancies import discrepancies
    from artui.ledger.proof import prove

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
            {"check": c.name.replace("_", " "), "found": str(c.findings), "days": "", "amount": "", "owner": "", "example": c.example, "verdict": "ok" if c.ok else "BROKEN"}
            for c in checks
        ] + [
            {
                "check": c.name.replace("_", " "), "found": str(c.findings), "days": "" if c.oldest_days is None else str(c.oldest_days),
                "amount": ", ".join(money.spoken(amount, code) for code, amount in sorted(c.amounts.items())), "owner": c.owner,
                "example": c.example, "verdict": "ok" if c.ok else f"look: {c.fix}",
            }
            for c in findings
        ]  # fmt: skip
        sides = {"found": "right", "days": "right", "amount": "right"}
        emit_table(arguments, rows, [(name, sides.get(name, "left")) for name in rows[0]])
    if not ok:
        broken = [check.name.replace("_", " ") for check in checks if not check.ok]
        print(
            f"artui: the books do not tie: {', '.join(broken)}. Post nothing more and call whoever keeps the database.",
            file=sys.stderr,
        )
    return 0 if ok else 1
