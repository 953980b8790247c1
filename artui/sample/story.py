"""What happened to the customers of the cast, told as the documents people posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from artui.sample import notes, payments, troubles
from artui.sample.acts import Script
from artui.sample.scale import DEMO_DATE, Scale
from artui.session import Session

_LAST_CLOSED = DEMO_DATE.replace(year=DEMO_DATE.year - 1, month=12, day=1)
_CHAPTERS = (
    troubles.dvorak, troubles.munoz, payments.harbor_point, troubles.brightwater, payments.poland, payments.nguyen, payments.santos,
    payments.far_away, payments.mueller, troubles.zilina, payments.obrien, payments.prairie, troubles.copperfield, payments.lambert,
    troubles.lucia, payments.bank,
)  # fmt: skip


def tell(people: Mapping[str, Session], scale: Scale, progress: Callable[[str, int, int], None]) -> None:
    """Let everybody post their part, leave their notes, and close the old months."""
    script = Script()
    for chapter in _CHAPTERS:
        chapter(script)
    progress("stories", 0, len(script.acts))
    script.play(people, scale)
    notes.mark(people, scale)
    notes.write(people, scale)
    _close_months(people["viktor"], scale)
    progress("stories", len(script.acts), len(script.acts))


def _close_months(manager: Session, scale: Scale) -> None:
    with manager.transaction():
        manager.query(
            "SELECT api.set_period(m::date, 'closed', '') FROM generate_series(date_trunc('month', %s::date), %s::date, interval '1 month') m",
            (scale.start, _LAST_CLOSED),
        )
