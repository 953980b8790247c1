"""The time at the other end of the line, in a few words."""

from __future__ import annotations

from artui.people.local_time import There
from screens.safe import Line, line, part


def time_there(at: There) -> Line:
    """Draw the time there and whether to call: "20:00 there, call ok", "06:10 there, call from 8:00"."""
    first, last = f"{at.earliest:%H:%M}", f"{at.latest:%H:%M}"
    clock = f"{first} there" if at.certain else f"{first}-{last} there"
    if at.decent:
        return line(f"{clock}, call ok")
    day = f"{at.from_:%a} " if at.from_.date() != at.earliest.date() else ""
    return line(f"{clock}, ", part(f"call from {day}{at.from_:%H:%M}", "mark"))
