"""What nobody foresaw: written down under a reference number, told in one sentence."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime

from artui.config import Config, private_dir
from artui.errors import ArtuiError


def unforeseen(error: BaseException, config: Config) -> str:
    """Write an error to the log under a new reference number and return the sentence to show."""
    reference = os.urandom(3).hex().upper()
    try:
        private_dir(config.log_file.parent)
        log = os.open(config.log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(log, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {reference}\n")
            file.writelines(traceback.format_exception(error))
    except (OSError, ArtuiError):
        return f"Something unforeseen happened (reference {reference}); the log {config.log_file} could not be written."
    return f"Something unforeseen happened (reference {reference}). Tell it to who looks after the program: {config.log_file}."
