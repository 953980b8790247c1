"""Refusals say in words what somebody may not do, and who may."""

from __future__ import annotations

from artui.rights import WHAT, refusal
from tests.books import Books


def test_every_right_has_words_and_names_who_may(books: Books) -> None:
    for action, roles in books.query("SELECT action, array_agg(role) FROM permission GROUP BY action"):
        assert action in WHAT, f"say what {action} lets one do"
        assert refusal(action, roles).startswith(WHAT[action])
    assert books.session("jana").actor.may_not("charge_rules") == "Charge rules are set by a manager or controller."
    assert books.session("jana").actor.may_not("invoice") == ""
    assert refusal("setting", ()) == "Settings are changed by nobody: no role has been given this right."
