"""Every screen of the program and what it offers: what the key sheet, doctor and the tests go through."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import screens
from screens.base import Page
from screens.commands import Command
from screens.panel import Panel

BASES = frozenset({"CardCursor", "CardRecords", "Correcting", "DatedPage", "EditPage", "EffectsPanel", "Suspecting", "FormPage", "FormPanel", "LinesPage", "ListPage", "WholePage"})


def every() -> dict[str, type[Page] | type[Panel]]:
    """Return every screen and panel that can be opened, by class name, in the order of their modules and names: whatever was imported first."""
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    found = [each for base in (Page, Panel) for each in _below(base) if each.__name__ not in BASES]
    return {each.__name__: each for each in sorted(found, key=lambda each: (each.__module__, each.__name__)) if each.__module__.startswith("screens.")}


def offers() -> dict[str, tuple[type[Command], ...]]:
    """Return what each screen offers, by its name in words."""
    return {in_words(name): each.OFFERED for name, each in every().items()}


def in_words(name: str) -> str:
    """Name a screen: "card" for CardPage."""
    bare = name.removesuffix("Page").removesuffix("Panel")
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in bare).strip()


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from _below(each)
