"""The server is killed under load: what was acknowledged is there once, and nothing else is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "faults" / "crash.py"


def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_under_load() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--rounds", "3", "--seed", "7"], capture_output=True, text=True, timeout=150)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert done.returncode == 0, (figures, done.stderr)
    assert figures["acknowledged"] > 20
    assert (figures["lost"], figures["duplicated"], figures["unasked"], figures["altered"]) == (0, 0, 0, 0)
