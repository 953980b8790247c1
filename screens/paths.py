"""The short paths of every area, for the line that goes anywhere."""

from __future__ import annotations

from screens.bank import go as bank
from screens.cash import go as cash
from screens.desk import go as desk
from screens.entry import go as entry
from screens.go import FastPath
from screens.people import go as people
from screens.records import go as records

FAST_PATHS: tuple[FastPath, ...] = (*cash.PATHS, *entry.PATHS, *records.PATHS, *people.PATHS, *desk.PATHS, *bank.PATHS)
"""An area adds its own here."""
