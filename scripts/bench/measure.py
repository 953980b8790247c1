"""What every benchmark speaks: a measured value, the limit it is held against, their ratio and the goal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One line of the table: `value` and `limit` in `unit`; the ratio is to be at most (or at least) `goal`, where there is one."""

    name: str
    value: float
    limit: float
    unit: str
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return value over limit."""
        return self.value / self.limit if self.limit else float("inf")

    @property
    def verdict(self) -> str:
        """Return ok, MISSED, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        reached = self.ratio >= self.goal if self.at_least else self.ratio <= self.goal
        return "ok" if reached else "MISSED"

    def cells(self) -> tuple[str, ...]:
        """Return the line as text."""
        sign = ">=" if self.at_least else "<="
        goal = "" if self.goal is None else f"{sign} {self.goal:g}"
        return (
            self.name,
            f"{self.value:.3f}",
            f"{self.limit:.3f}" if self.limit else "",
            self.unit,
            f"{self.ratio:.2f}" if self.limit else "",
            goal,
            self.verdict,
            self.note,
        )


HEADINGS = ("measure", "value", "limit", "unit", "ratio", "goal", "", "")


def milliseconds(act: Callable[..., object], *arguments: object) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    act(*arguments)
    return (time.perf_counter() - start) * 1000


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Iterable[float]) -> float:
    """Return the middle value."""
    return percentile(values, 0.5)
