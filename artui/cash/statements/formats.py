"""Which reader reads what: told by the content of the file, never by its name."""

from __future__ import annotations

from collections.abc import Callable

from artui.cash.statements import bai2, camt, mt, ofx
from artui.cash.statements.shapes import Reading
from artui.cash.statements.source import Source
from artui.errors import BadInput

READERS: dict[str, Callable[[Source], Reading]] = {
    "camt": camt.read, "mt940": mt.read, "mt942": mt.read, "ofx": ofx.read, "bai2": bai2.read,
}  # fmt: skip


def read(source: Source) -> Reading:
    """Yield the entries and statements of a file in one of the banks' formats. Raises BadInput for any other."""
    if source.format not in READERS:
        raise BadInput(
            f"{source.name} is in none of the banks' formats.",
            "CAMT, MT940, MT942, OFX, BAI2 and CSV can be read.",
        )
    return READERS[source.format](source)
