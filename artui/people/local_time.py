"""What time it is where somebody is called, and whether a call there is decent now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

HOURS = ("08:00", "21:00")
"""Between which times a call is decent where the books hold no setting."""
_UNKNOWN = "Etc/Unknown"


@dataclass(frozen=True)
class There:
    """The time at the other end: the earliest and the latest it may be where the zone is not known for certain."""

    earliest: dt.datetime
    latest: dt.datetime
    decent: bool
    """A call is decent whichever of the times is right."""
    from_: dt.datetime
    """When a call is decent again, in the westernmost of the zones; now when it is."""

    @property
    def certain(self) -> bool:
        """Tell whether there is only one time it may be."""
        return self.earliest.utcoffset() == self.latest.utcoffset()


def there(now: dt.datetime, hours: tuple[str, str], *, timezone: str = "", phone: str = "", country: str = "") -> There | None:
    """Tell the time of a noted zone, else of a phone number's area, else of a country; None when nothing is known.

    `phone` is digits with the country's code. Where a number and a country disagree, both must be decent (12 CFR
    1006.6(b)(1), the rule for consumers, is a good habit with companies too).
    """
    names = _zones(timezone, phone, country)
    if not names:
        return None
    from zoneinfo import ZoneInfo

    times = sorted((now.astimezone(ZoneInfo(name)) for name in names), key=lambda time: time.utcoffset() or dt.timedelta())
    opens, closes = (dt.time.fromisoformat(hour) for hour in hours)
    decent = all(opens <= time.time() < closes for time in times)
    return There(times[0], times[-1], decent, now if decent else _next_decent(times, opens, closes))


def _next_decent(times: list[dt.datetime], opens: dt.time, closes: dt.time) -> dt.datetime:
    """Give the first quarter of an hour at which every one of the places may be called, as the westernmost clock shows it."""
    step = dt.timedelta(minutes=15)
    start = times[0].replace(minute=0, second=0, microsecond=0)
    for quarter in range(1, 4 * 48):
        moment = (start.astimezone(dt.UTC) + quarter * step).astimezone(start.tzinfo)
        if moment > times[0] and all(opens <= moment.astimezone(time.tzinfo).time() < closes for time in times):
            return moment
    return times[0]


@lru_cache(maxsize=2048)
def _zones(timezone: str, phone: str, country: str) -> tuple[str, ...]:
    if timezone and _exists(timezone):
        return (timezone,)
    of_phone, of_country = set(_of_phone(phone)), set(_of_country(country))
    return tuple(sorted((of_phone & of_country) or (of_phone | of_country)))


def _exists(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _of_phone(phone: str) -> tuple[str, ...]:
    if not phone:
        return ()
    import phonenumbers
    from phonenumbers import timezone

    try:
        names = timezone.time_zones_for_number(phonenumbers.parse("+" + phone))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(name for name in names if name != _UNKNOWN and _exists(name))


def _of_country(country: str) -> tuple[str, ...]:
    if not country:
        return ()
    from babel.core import get_global

    return tuple(name for name in get_global("territory_zones").get(country, ()) if not name.startswith("Etc/") and _exists(name))


def warm() -> None:
    """Load what the first answer would have to wait for."""
    _zones("", "12025550123", "US")
