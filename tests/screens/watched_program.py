"""The program, writing down which screens and panels it shows."""

from __future__ import annotations

import os
import sys

from artui.config import load_config
from screens.app import run
from screens.base import Page
from screens.panel import Panel


def _shown(self: Page | Panel) -> None:
    with open(os.environ["SHOWN"], "a", encoding="utf-8") as file:
        file.write(f"{type(self).__name__}\n")


if __name__ == "__main__":
    for each in (Page, Panel):
        assert "on_mount" not in vars(each), "it would be replaced"
        each.on_mount = _shown  # type: ignore[union-attr]
    sys.exit(run(load_config()))
