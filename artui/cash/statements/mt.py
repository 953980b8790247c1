"""MT940 and MT942 (SWIFT), one statement at a time, in the dialects banks write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from artui.cash.statements import words
from artui.cash.statements.shapes import Balance, Entry, Reading, Statement
from artui.cash.statements.source import Source
from artui.errors import BadInput

_TAG = re.compile(r":(\d\d[A-Z]?):(.*)", re.DOTALL)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d.,]+)")
_LINE = re.compile(r"(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?(\d[\d,.]*)([NFS][A-Z0-9]{3})?([^\n]*)")
_SUM = re.compile(r"(\d+)([A-Z]{3})([\d.,]+)")
_GERMAN = re.compile(r"\d{3}\?(?=\d\d)")
_SLASHED = re.compile(
    r"/(EREF|CNTP|REMI|NAME|IBAN|ORDP|BENM|MARF|CSID|RTRN|PREF|TRCD|PURP|ID|ISDT|KREF|ADDR)/"
)
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_MOST_LINES: Final = 1000
_END: Final = ("-", "-}")


def read(source: Source) -> Reading:
    """Yield entries and statements. Raises BadInput when the file is damaged or holds no statement."""
    statement = _Statement(source.format)
    found = 0
    with source.lines() as lines:
        for tag, value in _tags(lines):
            if statement.started and (tag == "end" or (tag == "20" and statement.beyond_heading)):
                yield from statement.finish()
                found += 1
                statement = _Statement(source.format)
            if tag != "end":
                yield from statement.add(tag, value)
    if statement.started:
        yield from statement.finish()
        found += 1
    if not found:
        raise BadInput(f"{source.name} holds no statement.", "Ask the bank for it again.")


def _tags(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Give each tag with its lines, and "end" where a statement ends."""
    tag, held = "", [""]
    for line in lines:
        starts = _TAG.match(line.partition("{4:")[2] if line.startswith("{1:") else line)
        ends = (
            line.rstrip() in _END
            or line.startswith("-}")
            or (line.startswith("-") and tag[:2] in ("62", "64", "65"))
        )
        if tag == "86" and line.startswith("-") and re.fullmatch(r"-X{2,}\s*", line):
            ends = True
        if starts or ends:
            if tag:
                yield tag, "\n".join(held)
            tag, held = (starts[1], [starts[2]]) if starts else ("", [""])
            if ends:
                yield "end", ""
        elif tag and len(held) < _MOST_LINES:
            held.append(line)
    if tag:
        yield tag, "\n".join(held)


@dataclass
class _Statement:
    """One statement while its tags come by."""

    format: str
    fields: dict[str, str] = field(default_factory=dict)
    opening: Balance | None = None
    closing: Balance | None = None
    entry: Entry | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"C": 0, "D": 0})
    sums: dict[str, Decimal] = field(default_factory=lambda: {"C": Decimal(0), "D": Decimal(0)})
    faults: list[str] = field(default_factory=list)
    first: date | None = None
    last: date | None = None

    @property
    def started(self) -> bool:
        return bool(self.fields or self.opening or self.closing or self.entry)

    @property
    def beyond_heading(self) -> bool:
        return bool({"25", "60", "61", "62", "28", "28C"} & self.fields.keys()) or self.opening is not None

    @property
    def currency(self) -> str:
        balance = self.opening or self.closing
        floor = re.match(r"[A-Z]{3}", self.fields.get("34F", ""))
        return balance.currency if balance else floor[0] if floor else ""

    def add(self, tag: str, value: str) -> Iterator[Entry]:
        if tag in ("60F", "60M"):
            self.opening = self.opening or _balance(value, tag)
        elif tag in ("62F", "62M"):
            yield from self._flush()
            self.closing = self.closing or _balance(value, tag)
            self.fields["62"] = tag
        elif tag == "61":
            yield from self._flush()
            self.entry = _entry(value, self.currency)
        elif tag == "86" and self.entry is not None:
            self.entry = _explain(self.entry, value)
            yield from self._flush()
        elif tag in ("90C", "90D"):
            yield from self._flush()
            self._check(tag[-1], value)
        else:
            yield from self._flush()
            self.fields.setdefault(tag, value.strip())

    def _flush(self) -> Iterator[Entry]:
        entry, self.entry = self.entry, None
        if entry is None:
            return
        side = "C" if entry.amount >= 0 else "D"
        self.counts[side] += 1
        self.sums[side] += abs(entry.amount)
        self.first = min(self.first or entry.booked_on, entry.booked_on)
        self.last = max(self.last or entry.booked_on, entry.booked_on)
        self.fields.setdefault("61", "seen")
        yield entry

    def _check(self, side: str, value: str) -> None:
        told = _SUM.match(value.strip())
        if told and (int(told[1]), words.amount(told[3], side)) != (self.counts[side], self.sums[side]):
            what = "credits" if side == "C" else "debits"
            self.faults.append(
                f"The bank counts {int(told[1])} {what} of {told[3]}; the file has {self.counts[side]} of {self.sums[side]}."
            )

    def finish(self) -> Iterator[Entry | Statement]:
        yield from self._flush()
        yield Statement(
            format=self.format, account=words.account(self.fields.get("25", self.fields.get("25P", "")).split("\n", 1)[0]), currency=self.currency,
            ident=words.line(self.fields.get("20", "")), number=words.line(self.fields.get("28C", self.fields.get("28", ""))),
            opening=self.opening, closing=self.closing,
            from_on=self.opening.on if self.opening else self.first, to_on=self.closing.on if self.closing else self.last,
            faults=tuple(self.faults),
        )  # fmt: skip


def _balance(value: str, tag: str) -> Balance:
    told = _BALANCE.match(value.strip())
    if not told:
        raise BadInput(f":{tag}: holds no balance.", "The file is damaged, or no statement.")
    amount = words.amount(told[4], tag)
    return Balance(
        -amount if told[1] == "D" else amount, words.currency(told[3], tag), words.short_day(told[2], tag)
    )


def _entry(value: str, currency: str) -> Entry:
    told = _LINE.match(value)
    if not told:
        raise BadInput(
            f":61: cannot be read: {words.line(value)[:40]!r}.", "The file is damaged, or no statement."
        )
    value_on = words.short_day(told[1], "61")
    booked_on = _near(value_on, told[2]) if told[2] else value_on
    amount = words.amount(told[5], "61")
    ours, _, theirs = told[7].partition("//")
    more = value.split("\n", 1)[1] if "\n" in value else ""
    return Entry(
        booked_on, value_on, amount if told[3] in ("C", "RD") else -amount, words.currency(currency, "61"),
        reversal=told[3].startswith("R"), text=words.line(more),
        end_to_end="" if ours.strip() in ("NONREF", "") else words.line(ours),
        bank_reference=words.line(theirs), code=(told[6] or "")[1:],
    )  # fmt: skip


def _near(value_on: date, month_day: str) -> date:
    """Read the booking day, which comes without its year: the one nearest to the value day."""
    days = [
        words.day(year, int(month_day[:2]), int(month_day[2:]), "61")
        for year in (value_on.year - 1, value_on.year, value_on.year + 1)
    ]
    return min(days, key=lambda day: abs(day - value_on))


def _explain(entry: Entry, value: str) -> Entry:
    """Read :86: in the German, the slashed and the plain manner."""
    if _GERMAN.match(value):
        told = _numbered(value)
        if "NAME" not in told and "text" not in told:
            return replace(entry, text=words.line(value))
    elif _SLASHED.search(value):
        told = _slashed(value)
    else:
        return replace(
            entry, text=words.line(f"{entry.text} {value}" if entry.text else value.replace("\n", " "))
        )
    return replace(
        entry, text=words.line(told.get("text", "")) or entry.text, name=words.line(told.get("NAME", "")),
        account=words.account(told["IBAN"]) if told.get("IBAN") else "",
        end_to_end=words.line(told.get("EREF", "")).replace("NOTPROVIDED", "") or entry.end_to_end,
        reference=words.line(told.get("reference", "")),
    )  # fmt: skip


def _numbered(value: str) -> dict[str, str]:
    """Read "?20text?21text?31account?32name": what is cut at a line's end belongs together."""
    parts = re.split(r"\?(\d\d)", value.replace("\n", ""))
    fields = dict(zip(parts[1::2], parts[2::2], strict=False))
    told: dict[str, str] = {}
    texts = "".join(
        fields.get(f"{number:02d}", "") if number < 30 else fields.get(f"{number}", "")
        for number in (*range(20, 30), *range(60, 64))
    )
    pieces = _SEPA.split(texts)
    for name, text in zip(pieces[1::2], pieces[2::2], strict=False):
        told[name] = text.strip()
    told["text"] = (told.get("SVWZ", "") or pieces[0]).strip() or fields.get("00", "")
    told["NAME"] = told.get("ABWA") or (fields.get("32", "") + fields.get("33", "")).strip()
    told["IBAN"] = told.get("IBAN") or fields.get("31", "").strip() or fields.get("38", "").strip()
    return told


def _slashed(value: str) -> dict[str, str]:
    """Read "/EREF/x//CNTP/iban/bic/name///REMI/USTD//text/" and its relatives."""
    pieces = _SLASHED.split(value.replace("\n", ""))
    told: dict[str, str] = {}
    for name, text in zip(pieces[1::2], pieces[2::2], strict=False):
        told.setdefault(name, text.strip("/"))
    parties = told.get("CNTP", "").split("/")
    if told.get("CNTP"):
        told.setdefault("IBAN", parties[0])
        told["NAME"] = told.get("NAME") or (parties[2] if len(parties) > 2 else "")
    shown = told.get("REMI", "")
    if shown.startswith("STRD/"):
        told["reference"] = shown.rsplit("/", 1)[-1]
    told["text"] = re.sub(r"^(USTD|STRD/[A-Z]+)/+", "", shown) or pieces[0]
    return told
