"""Measure the program on a large sample company and hold each figure against its limit.

    python scripts/bench/run.py [--home DIR] [lookup card ageing posting keys start matching statements]

Prepare the company first: ARTUI_HOME=DIR artui demo --no-ui --customers 1000000. The absolute figures depend on the
machine and on what else it does; the ratios hardly do. The import is measured by scripts/bench/import_.py.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

from bench.measure import HEADINGS, Measure  # noqa: E402

BENCHES = ("lookup", "card", "ageing", "posting", "notify", "keys", "list", "start", "matching", "statements")


def main(arguments: Sequence[str]) -> int:
    """Run the benches named; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", help="the ARTUI_HOME of the sample company")
    parser.add_argument(
        "names", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; all when none is named"
    )
    named = parser.parse_args(arguments)
    if named.home:
        os.environ["ARTUI_HOME"] = named.home
    unknown = set(named.names) - set(BENCHES)
    if unknown:
        parser.error(f"there is no bench {sorted(unknown)[0]}; there are {', '.join(BENCHES)}")
    from artui.config import load_config

    missed = False
    for name in named.names or BENCHES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measures: list[Measure] = importlib.import_module(f"bench.{name}").measures(load_config())
        print(table([HEADINGS, *(measure.cells() for measure in measures)]), flush=True)
        missed = missed or any(measure.verdict == "MISSED" for measure in measures)
    return 1 if missed else 0


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
