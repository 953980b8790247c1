"""The program on a line where every answer of the books takes 0.4 s."""

from __future__ import annotations

import sys
import time
from typing import Any

from artui.config import load_config
from artui.db.gateway import Gateway
from screens.app import run

_answer = Gateway._answer


def slowly(self: Gateway[Any], job: Any) -> Any:
    """Answer a read late."""
    if job.kind == "read":
        time.sleep(0.4)
    return _answer(self, job)


if __name__ == "__main__":
    Gateway._answer = slowly  # type: ignore[method-assign]
    sys.exit(run(load_config()))
