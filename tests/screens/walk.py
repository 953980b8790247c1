"""How to get to every screen and panel: one line each, keys from the empty lookup box of a small office whose names keep their first two words."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import screens
from screens.base import Page
from screens.panel import Panel

LOOK = ""
"""Look at what is shown so far."""
CHANGED = "changed"
"""Somebody else changes the record that is shown."""
CARD = ("reyes farms", "enter")
INVOICE = (*CARD, "enter")
WALK: dict[str, tuple[str, ...]] = {
    "Home": ("reyes farms", LOOK, "down", "down", "tab", "down"),
    "Lookup": (*CARD, "f2", "reyes farms"),
    "HelpPage": (*CARD, "f1"),
    "CardPage": (*CARD, "2", LOOK, "3", LOOK, "8", LOOK, "9", LOOK, "0", LOOK, "g", LOOK, "g", "1", "i"),
    "CardPage of a vendor": ("northern paper", "enter", "2", LOOK, "3", LOOK, "8"),
    "DocumentPage": INVOICE,
    "JournalPage": (*INVOICE, "j"),
    "FigurePage": (*CARD, "up", "enter"),
    "SoldPage": (*CARD, "8", "enter"),
    "GoPanel": (*CARD, "f7", "a"),
    "AskLine": (*CARD, "/", "zzz", "enter", LOOK, "&", "q"),
    "CorrectionPanel": (*CARD, "w", "in", "x", "enter"),
    "ApprovalsPage": ("f7", "approvals", "enter"),
    "RequestPanel": ("f7", "approvals", "enter", "enter"),
    "DeskPage": ("f7", "desk", "enter"),
    "CasesPage": ("f7", "desk", "enter", "enter"),
    "PeriodsPage": ("f7", "periods", "enter"),
    "MonthPage": ("f7", "periods", "enter", "enter"),
    "ChargesPage": ("f7", "charges", "enter"),
    "RatesPage": ("f7", "rates", "enter"),
    "ExchangePage": ("f7", "exchange", "enter"),
    "ProfilesPage": ("f7", "profiles", "enter"),
    "ActPanel": ("f7", "profiles", "enter", "enter"),
    "PaymentPage": ("f7", "c", "enter", "reyes farms", "enter", "100", "enter"),
    "PaymentFields": ("f7", "c", "enter", "reyes farms"),
    "BatchesPage": ("f7", "b", "enter"),
    "BatchPage": ("f7", "b", "enter", "enter"),
    "ControlPanel": ("f7", "b", "enter", "enter", "c"),
    "BatchPaymentPage": ("f7", "b", "enter", "enter", "f6"),
    "StatementsPage": ("f7", "bank", "enter"),
    "MatchPage": ("f7", "bank", "enter", "enter", LOOK, "down", "down"),
    "SeenPanel": ("f7", "bank", "enter", "enter", "enter"),
    "AskPanel": ("f7", "bank", "enter", "enter", "w", "baker", "enter"),
    "ReadInPanel": ("f7", "bank", "enter", "r"),
    "NewAccountPage": ("Smith [/nope] Ltd", "f6", "enter", "enter", "[/", "enter"),
    "AccountPage": (*CARD, "e"),
    "ConflictPanel": (*CARD, "e", CHANGED, "[b]x[/c]", "f10"),
    "WhatPanel": (*CARD, "3", "n"),
    "PartPage": (*CARD, "3", "n", "enter"),
    "DocumentEntry": (*CARD, "n", "[b]", "enter"),
    "DraftsPage": ("f7", "customer", "enter", "[@click=app.exit]go[/]", LOOK, LOOK, "f7", "drafts", "enter"),
    "AccountsPage": ("f7", "bank reconcile", "enter"),
    "DifferencesPage": ("f7", "bank reconcile", "enter", "enter"),
    "MergesPage": ("f7", "merges", "enter"),
    "ChequesPage": ("f7", "cheques", "enter"),
    "PaperEntry": ("f7", "cheque", "enter", "reyes farms", "enter", "[/x]", "enter"),
    "ItemPage": ("f7", "item", "enter", "[/x]", "enter"),
    "OptionPanel": ("f7", "c", "enter", "reyes farms", "enter", "5", "enter", "9", "enter", "p", "enter"),
    "CreditPanel": ("f7", "c", "enter", "quiet corner", "enter", "enter", "enter", "c", "enter"),
    "UnitePanel": (*CARD, "U", "baker", "enter", "[/x]", "enter"),
}
ALSO_SHOWN = {"Lookup", "PaymentPage", "ActPanel", "SeenPanel"}
"""What others are built on, and is shown as it is, too."""


def everything_shown() -> Iterator[str]:
    """Name every class of a screen or panel in the program that a person can see."""
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    waiting: list[type] = [Page, Panel]
    while waiting:
        each = waiting.pop()
        built_on = [one for one in each.__subclasses__() if one.__module__.startswith("screens.")]
        waiting += built_on
        if not built_on or each.__name__ in ALSO_SHOWN:
            yield each.__name__
