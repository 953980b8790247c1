"""Colours and attributes as the terminal is told them, and the shortest way from one look to the next."""

from __future__ import annotations

from functools import cached_property, lru_cache

from rich.color import Color, ColorSystem
from rich.style import Style

_ON = (("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("underline2", "4"), ("blink", "5"), ("blink2", "5"),
       ("reverse", "7"), ("conceal", "8"), ("strike", "9"))  # fmt: skip
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
_STEPS = (0, 95, 135, 175, 215, 255)
_NUMBERED: dict[tuple[int, int, int], int] = {
    **{(8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey): 232 + grey for grey in range(24)},
    **{(red, green, blue): 16 + 36 * r + 6 * g + b for r, red in enumerate(_STEPS) for g, green in enumerate(_STEPS) for b, blue in enumerate(_STEPS)},
}
"""Colours that are also one of the 256: told by their number they take half the bytes."""
_SEEN_ON_BLANKS = frozenset("4579")


class Look:
    """How a cell is drawn: parameters of colours and attributes. Two that are equal are the same object."""

    def __init__(self, ink: tuple[str, ...], ground: tuple[str, ...], attributes: frozenset[str]) -> None:
        self.ink, self.ground, self.attributes = ink, ground, attributes

    @property
    def codes(self) -> str:
        """Every parameter it takes on a terminal that was just reset."""
        return ";".join((*sorted(self.attributes), *self.ink, *self.ground))

    @property
    def erasable(self) -> bool:
        """Tell whether erasing draws the same blanks as writing them: nothing of it but the ground would be seen."""
        return not self.attributes & _SEEN_ON_BLANKS

    @cached_property
    def on_blanks(self) -> Look:
        """The look that blanks of this one show: weight and ink are not seen on them."""
        return look((), self.ground, frozenset()) if self.erasable else self


@lru_cache(maxsize=4096)
def look(ink: tuple[str, ...], ground: tuple[str, ...], attributes: frozenset[str]) -> Look:
    """Return the one look of these parameters."""
    return Look(ink, ground, attributes)


PLAIN = look((), (), frozenset())


def look_of(style: Style | None, system: ColorSystem | None) -> Look:
    """Translate a style for a terminal of that many colours; links and what a click would do are left out."""
    if style is None:
        return PLAIN
    attributes = frozenset(code for name, code in _ON if getattr(style, name))
    return look(_colour(style.color, system, ink=True), _colour(style.bgcolor, system, ink=False), attributes)


def _colour(colour: Color | None, system: ColorSystem | None, *, ink: bool) -> tuple[str, ...]:
    if colour is None or system is None or colour.is_default:
        return ()
    told = colour.downgrade(system)
    exact = told.triplet
    number = _NUMBERED.get((exact.red, exact.green, exact.blue)) if exact is not None else None
    if number is not None:
        return ("38" if ink else "48", "5", str(number))
    return told.get_ansi_codes(foreground=ink)


@lru_cache(maxsize=4096)
def change(before: Look | None, after: Look) -> str:
    """Return the shortest sequence that turns one look into another; before is None when it is not known."""
    whole = f"\x1b[0;{after.codes}m" if after.codes else "\x1b[m"
    if before is None:
        return whole
    if before is after:
        return ""
    part = f"\x1b[{';'.join(_difference(before, after))}m"
    return part if len(part) < len(whole) else whole


def _difference(before: Look, after: Look) -> list[str]:
    off = sorted({_OFF[code] for code in before.attributes - after.attributes})
    # one code switches bold and dim off together
    kept = frozenset("12") if "22" in off else frozenset()
    on = sorted(after.attributes - (before.attributes - kept))
    ink = [] if before.ink == after.ink else [*(after.ink or ("39",))]
    ground = [] if before.ground == after.ground else [*(after.ground or ("49",))]
    return [*off, *on, *ink, *ground]
