"""Who sent it: what an entry says, weighed against what is known of customers. Pure, with its reasons and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from artui.cash.payable import Confidence

_SPLIT = re.compile(r"[\s,;:()\[\]]+")
_EDGES = ".,-/#+*'\""
_RF = re.compile(r"RF(\d\d)([A-Z0-9]{1,21})")
_SYMBOL = re.compile(r"(?:^|[^A-Z])/?(?:VS|KS|SS)[:\s]?0*(\d{3,10})(?!\d)")
_PREFIX = re.compile(r"^([A-Z]{1,5})[-/.:]?(\d{3,})$")
_MOST_WORDS: Final = 80
_MOST_NUMBERS: Final = 400
_ALIKE: Final = 0.6
_ALMOST: Final = 0.85


@dataclass(frozen=True, slots=True)
class Party:
    """A customer account, and the group it belongs to (its own party without one)."""

    id: int
    number: str
    name: str
    group: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that points at a customer. `strength` is between 0 and 1 where there are degrees of likeness."""

    kind: str
    party: Party
    words: str
    strength: float = 1.0


@dataclass
class Guess:
    """A customer the money may be from: the reasons in words and how sure they make it."""

    party: Party
    points: float = 0
    kinds: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    confidence: Confidence = Confidence.OFFERED

    @property
    def reason(self) -> str:
        """The reasons in one sentence."""
        return ", ".join(self.words)


POINTS: Final = {
    "document": 60.0,
    "account": 50.0,
    "name": 45.0,
    "customer": 40.0,
    "like": 25.0,
    "amount": 12.0,
    "order": 30.0,
}
"""What each kind of sign weighs. `like` is multiplied by its strength."""
_STRONG: Final = frozenset(("document", "account", "name", "customer"))


def numbers(*texts: str) -> tuple[str, ...]:
    """Give every string in the texts that may be the number of a document or customer, as typed and as it may have been written.

    Structured references lose their wrapping: RF and its check digits (ISO 11649), VS, KS and SS (Czech and Slovak symbols).
    """
    found: dict[str, None] = {}
    for text in texts:
        shown = text.upper()
        compact = re.sub(r"\s", "", shown)
        if (rf := _RF.fullmatch(compact)) and _checks(compact):
            found |= dict.fromkeys((rf[2], rf[2].lstrip("0")))
        for symbol in _SYMBOL.findall(shown):
            found[symbol] = None
        words = [word.strip(_EDGES) for word in _SPLIT.split(shown)][:_MOST_WORDS]
        words = [word for word in words if word]
        for place, word in enumerate(words):
            found |= dict.fromkeys(_variants(word))
            for length in (2, 3):
                joined = words[place : place + length]
                if len(joined) == length and any(sign.isdigit() for sign in joined[-1]):
                    found |= dict.fromkeys(("".join(joined), "-".join(joined)))
    return tuple(each for each in found if len(each) >= 3 and any(sign.isdigit() for sign in each))[
        :_MOST_NUMBERS
    ]


def _variants(word: str) -> Iterable[str]:
    yield word
    bare = re.sub(r"[^A-Z0-9]", "", word)
    yield bare
    if bare.isdigit():
        yield bare.lstrip("0")
    if (rf := _RF.fullmatch(bare)) and _checks(bare):
        yield rf[2]
        yield rf[2].lstrip("0")
    if prefix := _PREFIX.match(word):
        yield prefix[2]
        yield prefix[2].lstrip("0")
        yield f"{prefix[1]}-{prefix[2]}"
    for piece in re.split(r"[/+&#]", word):
        yield piece.strip(_EDGES)


def _checks(reference: str) -> bool:
    """Tell whether the check digits of an ISO 11649 reference hold."""
    moved = reference[4:] + reference[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def weigh(signs: Sequence[Sign]) -> tuple[Guess, ...]:
    """Bring signs together by customer, the likeliest first.

    CERTAIN takes two strong signs of different kinds that point at one group, and none that points elsewhere. A group's
    house that is named stands behind whoever of the group paid.
    """
    guesses: dict[int, Guess] = {}
    for sign in signs:
        guess = guesses.setdefault(sign.party.id, Guess(sign.party))
        if sign.kind not in guess.kinds:
            guess.points += POINTS[sign.kind] * sign.strength
        guess.kinds.add(sign.kind)
        if sign.words not in guess.words:
            guess.words.append(sign.words)
    for guess in guesses.values():
        guess.confidence = _confidence(guess, guesses.values())
    order = {Confidence.CERTAIN: 0, Confidence.LIKELY: 1, Confidence.OFFERED: 2}
    ranked = sorted(
        guesses.values(),
        key=lambda each: (
            order[each.confidence],
            -_group_points(each, guesses.values()),
            -each.points,
            each.party.number,
        ),
    )
    return tuple(_asked_if_equal(ranked))


def _confidence(guess: Guess, others: Iterable[Guess]) -> Confidence:
    others = list(others)
    own = {
        kind
        for each in others
        if each.party.group == guess.party.group
        for kind in each.kinds
        if kind in _STRONG
    }
    elsewhere = {
        kind
        for each in others
        if each.party.group != guess.party.group
        for kind in each.kinds
        if kind in _STRONG
    }
    if not guess.kinds & _STRONG:
        return Confidence.LIKELY if guess.points >= POINTS["like"] * _ALMOST else Confidence.OFFERED
    if len(own) >= 2 and not elsewhere:
        return Confidence.CERTAIN
    return Confidence.LIKELY


def _group_points(guess: Guess, others: Iterable[Guess]) -> float:
    kinds: dict[str, float] = {}
    for each in others:
        if each.party.group == guess.party.group:
            for kind in each.kinds:
                kinds[kind] = max(kinds.get(kind, 0), POINTS[kind])
    return sum(kinds.values())


def _asked_if_equal(ranked: list[Guess]) -> list[Guess]:
    """Two of different groups with the same weight are a question, not an answer."""
    if len(ranked) > 1:
        first, second = ranked[0], ranked[1]
        if (
            first.party.group != second.party.group
            and first.points == second.points
            and first.confidence is not Confidence.CERTAIN
        ):
            first.confidence = second.confidence = Confidence.ASK
    return ranked
