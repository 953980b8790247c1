"""BAI2, record by record: amounts in minor units, control totals checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from artui import money
from artui.cash.statements import words
from artui.cash.statements.shapes import Balance, Entry, Reading, Statement
from artui.cash.statements.source import Source
from artui.errors import BadInput

_KNOWN = frozenset(("01", "02", "03", "16", "49", "98", "99"))
_MOST_CONTINUED = 1000


def read(source: Source) -> Reading:
    """Yield entries and statements. Raises BadInput when the file is damaged or its totals do not hold."""
    found, group = 0, {"currency": "USD", "day": ""}
    account: _Account | None = None
    for kind, body, lines in _records(source):
        if kind == "02":
            cells = body.split(",")
            group = {
                "day": cells[3] if len(cells) > 3 else "",
                "currency": (cells[5] if len(cells) > 5 else "").strip() or "USD",
            }
        elif kind == "03":
            account = _Account.start(body, group)
            account.records += lines
        elif kind == "16" and account is not None:
            account.records += lines
            entry = account.entry(body)
            if entry is not None:
                yield entry
        elif kind == "49" and account is not None:
            found += 1
            yield account.finish(body)
            account = None
        elif kind in ("16", "49"):
            raise BadInput(f"{source.name} has an entry outside an account.", "Ask the bank for it again.")
    if account is not None or not found:
        raise BadInput(f"{source.name} ends before its account does.", "Ask the bank for it again.")


def _records(source: Source) -> Iterator[tuple[str, str, int]]:
    """Give each record's kind, its text with its continuations, and how many lines it took."""
    kind, held, count = "", "", 0
    with source.lines() as lines:
        for line in lines:
            if not line.strip():
                continue
            code, _, rest = line.partition(",")
            code = code.strip()
            if code == "88" and kind:
                count += 1
                if count > _MOST_CONTINUED:
                    raise BadInput(f"{source.name} has a record without end.", "It is refused as unsafe.")
                ended = held.rstrip().removesuffix("/")
                held = f"{ended} {rest}" if kind == "16" else f"{ended},{rest}" if kind == "03" else ended
                continue
            if kind:
                yield kind, held.rstrip().removesuffix("/"), count
            if code not in _KNOWN:
                raise BadInput(
                    f"{source.name} has a record {code[:4]!r} BAI2 does not know.",
                    "Ask the bank for it again.",
                )
            kind, held, count = code, rest, 1
    if kind:
        yield kind, held.rstrip().removesuffix("/"), count


@dataclass
class _Account:
    """An account while its records come by."""

    number: str
    currency: str
    on: date
    summary: dict[str, int] = field(default_factory=dict)
    control: int = 0
    records: int = 0

    @classmethod
    def start(cls, body: str, group: dict[str, str]) -> _Account:
        cells = [cell.strip() for cell in body.split(",")]
        currency = words.currency((cells[1] if len(cells) > 1 else "") or group["currency"], "03")
        account = cls(words.account(cells[0]), currency, words.short_day(group["day"], "02"))
        place = 2
        while place + 1 < len(cells):
            code, shown, funds = (
                cells[place],
                cells[place + 1],
                cells[place + 3] if place + 3 < len(cells) else "",
            )
            if code and shown:
                account.summary.setdefault(code, account.minor(shown))
                account.control += account.minor(shown)
            place += 4 + _more(funds, cells, place + 4)
        return account

    def minor(self, shown: str) -> int:
        try:
            return int(shown)
        except ValueError:
            raise BadInput(f"{shown[:20]!r} is not an amount of BAI2.", "The file is damaged.") from None

    def entry(self, body: str) -> Entry | None:
        cells = body.split(",")
        if len(cells) < 2 or not cells[0].strip().isdigit():
            raise BadInput("A transaction has no code or no amount.", "The file is damaged.")
        code, amount = int(cells[0]), self.minor(cells[1].strip() or "0")
        self.control += amount
        funds = cells[2].strip() if len(cells) > 2 else ""
        place = 3 + _more(funds, cells, 3)
        rest = [cell.strip() for cell in cells[place : place + 2]] + ["", ""]
        if code == 890 or not amount:  # a remark without money
            return None
        value_on = self.on
        if funds == "V" and len(cells) > 3 and cells[3].strip():
            value_on = words.short_day(cells[3].strip(), "16")
        credit = 100 <= code < 400 or 920 <= code < 960
        return Entry(
            self.on, value_on, money.from_minor(amount if credit else -amount, self.currency), self.currency,
            text=words.line(",".join(cells[place + 2 :])), bank_reference=words.line(rest[0]), end_to_end=words.line(rest[1]), code=cells[0].strip(),
        )  # fmt: skip

    def finish(self, body: str) -> Statement:
        cells = [cell.strip() for cell in body.split(",")]
        faults = []
        if cells and cells[0] and self.minor(cells[0]) != self.control:
            faults.append(
                f"The bank's control total of {self.number} is {int(cells[0])}; the records add up to {self.control}."
            )
        if len(cells) > 1 and cells[1].isdigit() and int(cells[1]) != self.records + 1:
            faults.append(
                f"The bank counts {int(cells[1])} records of {self.number}; the file has {self.records + 1}."
            )
        opening, closing = (self._balance(codes) for codes in (("010", "040"), ("015", "045")))
        return Statement(
            "bai2", self.number, self.currency, opening=opening, closing=closing, from_on=self.on, to_on=self.on, faults=tuple(faults)
        )  # fmt: skip

    def _balance(self, codes: tuple[str, str]) -> Balance | None:
        found = next((self.summary[code] for code in codes if code in self.summary), None)
        return (
            None if found is None else Balance(money.from_minor(found, self.currency), self.currency, self.on)
        )


def _more(funds: str, cells: list[str], place: int) -> int:
    """How many further cells the kind of availability takes: V a day and a time, S three amounts, D pairs of days and amounts."""
    if funds == "V":
        return 2
    if funds == "S":
        return 3
    if funds == "D" and place < len(cells) and cells[place].strip().isdigit():
        return 1 + 2 * int(cells[place])
    return 0
