"""Twelve writers for five seconds; scripts/faults/writers.py does the same for a minute."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "faults" / "writers.py"


def test_twelve_writers_overpay_nothing_lose_no_edit_and_see_no_error_of_others() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--seconds", "5", "--seed", "3"], capture_output=True, text=True, timeout=150)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert done.returncode == 0, (figures, done.stderr)
    assert figures["writers"] == 12 and figures["acts"]["enter"] > 10 and figures["refused_for_a_colleague"].get("AR005", 0) > 0
