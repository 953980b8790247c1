"""Modules that are needed only after the first screen: named at the top like any other, loaded when something of them is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stand for a module until something of it is asked for.

    Below `if TYPE_CHECKING` the same name is imported as usual, so that nothing is lost of what the checkers know.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
