"""What others have done, as one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from artui.db.listen import Change
from artui.text import counted
from screens.safe import amount

_ACTS = {
    "allocation": "set amounts against each other", "unallocation": "undid an allocation", "dispute": "recorded a dispute", "open_item": "recorded a dispute",
    "phone": "a phone call", "letter": "a letter", "note": "a note", "email": "an e-mail", "fax": "a fax", "visit": "a visit",
}  # fmt: skip
_THINGS = {
    "contact": "a contact", "contact_point": "a way to reach somebody", "phone": "a phone", "mobile": "a mobile phone", "fax": "a fax number", "email": "an e-mail address",
    "web": "a web address", "address": "an address", "account": "the account", "party": "the company",
}  # fmt: skip
_COLUMNS = {
    "name": "the name", "legal_name": "the legal name", "tax_id": "the tax number", "registration_no": "the registration number", "parent_id": "the group",
    "note": "the note", "language": "the language", "country": "the country", "timezone": "the time zone", "terms": "the terms", "collector": "the collector",
    "status": "the status", "credit_limit": "the credit limit", "hold": "the hold", "hold_reason": "the hold",
}  # fmt: skip
_VERBS = {"I": "added", "U": "changed", "D": "removed"}


def in_words(changes: Sequence[Change]) -> str:
    """Say who did what and when, the latest first in words and the others counted: "petr posted receipt R-17, PHP 9 175.00, at 14:05."."""
    latest = max(changes, key=lambda change: change.at)
    more = len(changes) - 1
    others = f", and {counted(more, 'more change')}" if more else ""
    return f"{latest.by} {_act(latest)}, at {latest.at.astimezone():%H:%M}{others}."


def _act(change: Change) -> str:
    if change.op == "P":
        return _posted(change)
    if change.what == "activity":
        return f"recorded {_ACTS.get(change.kind, 'a contact')}"
    if change.what == "open_item":
        return _ACTS["open_item"]
    columns = list(dict.fromkeys(_COLUMNS[column] for column in change.columns if column in _COLUMNS))
    if change.what in ("account", "party") and columns:
        thing = columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} and {columns[-1]}"
    else:
        thing = _THINGS.get(change.kind) or _THINGS.get(change.what, change.what.replace("_", " "))
        thing = re.sub(r"^an? ", "the ", thing) if change.op == "U" else thing
    return f"{_VERBS.get(change.op, 'changed')} {thing}"


def _posted(change: Change) -> str:
    kind = change.what.replace("_", " ")
    if change.bulk:
        things = kind.removeprefix("load ")
        return f"loaded {things}{'' if things.endswith('s') else 's'}"
    if not change.number:
        return _ACTS.get(change.what, f"posted {kind}")
    worth = f", {change.currency} {amount(change.amount, change.currency)}" if change.amount else ""
    return f"posted {kind} {change.number}{worth}"
