"""Programs and the server are killed while payments are typed on the real screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "faults" / "desk.py"


def test_whatever_is_killed_the_screen_told_the_truth_and_what_was_typed_is_there_again() -> None:
    # the suite shares its machine: what half a second is there is measured by the campaign alone on one
    done = subprocess.run([sys.executable, SCRIPT, "--rounds", "4", "--clerks", "2", "--seed", "5", "--kept", "3"], capture_output=True, text=True, timeout=280)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert done.returncode == 0, (figures, done.stderr)
