"""What late interest rests on: published reference rates, and the profiles that use them. Each holds from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from artui.cash.charge_rules import (
    DatedProfile,
    PublishedRate,
    assign_profile,
    dated_profiles,
    let_everybody_have,
    profile_of_everybody,
    reference_rates,
    set_profile,
    set_reference_rate,
)
from artui.cash.interest import Profile
from artui.cash.payable import ZERO
from artui.entry import percent
from artui.errors import BadInput
from artui.session import Session
from screens.commands import (
    LISTING,
    SIDEWAYS,
    Assign,
    Back,
    Clear,
    Command,
    Everybody,
    Go,
    Help,
    New,
    Open,
    Reread,
    Who,
)
from screens.layout import Column, flow
from screens.records.picks import said_yes, yes_field
from screens.safe import NOTHING, Line, Part, amount, day, line, part, plain_day
from screens.widgets.act import ActPanel, Seen
from screens.widgets.field import DateField, ReadField, TextField
from screens.widgets.form import Form
from screens.widgets.rows import Tuples
from screens.widgets.seen import SeenPanel
from screens.widgets.whole import WholePage

RATES = (Column("Rate", 8, grows=1, most=40), Column("From", 9), Column("Percent", 8, right=True), Column("Published", 20, grows=3, most=80))
PROFILES = (
    Column("Profile", 8, grows=1, most=20), Column("From", 9), Column("Rate", 14, grows=1, most=30), Column("Floats", 6), Column("Year", 4, right=True), Column("Cur", 3),
    Column("Fixed sum", 9, right=True), Column("Grace", 5, right=True), Column("For", 4), Column("Name", 12, rank=1, grows=3, most=70),
)  # fmt: skip
ALWAYS = date(1900, 1, 1)
"""Since when a profile holds for which no day was given."""


def number(text: str) -> int:
    """Read a whole number of days. Raises BadInput."""
    if not text.strip().isdecimal():
        raise BadInput(f"{text!r} is not a number of days.", "Type digits.")
    return int(text)


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}" if figure else "0"


class RatesPage(WholePage[PublishedRate], inherit_bindings=False):
    """The reference rates, the newest of each first."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, Open, *LISTING, *SIDEWAYS)

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Reference rates"

    def job(self, session: Session) -> Sequence[PublishedRate]:
        """Read them."""
        return reference_rates(session)

    def laid_out(self, rows: Sequence[PublishedRate]) -> Tuples[PublishedRate]:
        """Draw one."""

        def cells(row: PublishedRate) -> Sequence[Part]:
            return [part(row.name), Part(day(row.valid_from)), part(_plain(row.percent), "strong"), part(row.source)]

        return Tuples(rows, RATES, lambda row: (row.name, row.valid_from), cells, {0: lambda row: row.name, 1: lambda row: row.valid_from, 2: lambda row: row.percent})

    def empty(self) -> str:
        """Say how to begin."""
        return "No reference rate has been entered. F6 enters one, with where it was published."

    def why_not(self, command: type[Command]) -> str:
        """Entering needs the right."""
        return self.may_not("charge_rules") if command is New else super().why_not(command)

    async def do_new(self) -> None:
        """Ask for a rate from a day on."""
        await self._ask(self.rows.row.name if self.rows.row else "", None)

    async def open_row(self, row: PublishedRate) -> None:
        """Correct one."""
        if refused := self.may_not("charge_rules"):
            self.say(refused)
            return
        await self._ask(row.name, row)

    async def _ask(self, name: str, known: PublishedRate | None) -> None:
        form = Form(
            [TextField("name", "Rate", needed=True, room=30, longest=40), DateField("since", "From", lambda: self.today, needed=True, room=20)],
            ReadField("percent", "Percent a year", percent, _plain, needed=True, room=30, examples=("2.15", "-0.5")),
            TextField("source", "Published", needed=True, longest=200, help="Where and when: the gazette, the bank's page, the contract."),
        )
        panel = ActPanel("Correct a reference rate" if known else "A reference rate from a day on", form, partial(self._set, Seen(known)), asks="F10 keeps it; what was charged before stays.")
        await self.open_panel(panel)
        given = {"name": name} if known is None else {"name": known.name, "since": known.valid_from.isoformat(), "percent": _plain(known.percent), "source": known.source}
        for word, text in given.items():
            form.field(word).fill(text, as_first=True)

    async def _set(self, seen: Seen[PublishedRate], answers: Mapping[str, Any]) -> str:
        await seen.keep(self.program.gateway.write(set_reference_rate, answers["name"], answers["since"], answers["percent"], answers["source"], seen.row))
        return f"{answers['name']} is {_plain(answers['percent'])} % from {plain_day(answers['since'])}."


@dataclass(frozen=True)
class Listed:
    """A profile as listed; `everybody`: it holds for customers without one of their own."""

    dated: DatedProfile
    everybody: bool


def listed(session: Session) -> tuple[Listed, ...]:
    """Read the profiles and which of them holds for everybody."""
    code = profile_of_everybody(session)
    return tuple(Listed(each, each.profile.code == code) for each in dated_profiles(session))


class ProfilesPage(WholePage[Listed], inherit_bindings=False):
    """The interest profiles."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, New, Go, Open, Everybody, Assign, *LISTING, *SIDEWAYS)

    @property
    def title_text(self) -> str:
        """Name the screen."""
        return "Interest profiles"

    def job(self, session: Session) -> Sequence[Listed]:
        """Read them."""
        return listed(session)

    def laid_out(self, rows: Sequence[Listed]) -> Tuples[Listed]:
        """Draw one."""

        def cells(row: Listed) -> Sequence[Part]:
            rule = row.dated.profile
            return [
                part(rule.code), Part(day(row.dated.valid_from)) if row.dated.valid_from > ALWAYS else part("always"), part(rate_in_words(rule)), part("yes" if rule.floats else "no"), part(rule.year_days), part(rule.fixed_currency),
                Part(amount(rule.fixed_sum, rule.fixed_currency)) if rule.fixed_sum else Part(NOTHING), part(f"{rule.grace_days} d"), part("all" if row.everybody else ""), part(rule.name),
            ]  # fmt: skip

        return Tuples(rows, PROFILES, key_of, cells, {0: lambda row: row.dated.profile.code, 1: lambda row: row.dated.valid_from})

    def about(self, width: int) -> list[Line]:
        """Say what the profile under the cursor is, whole."""
        row = self.rows.row if self.is_mounted else None
        if row is None:
            return []
        rule = row.dated.profile
        told = [line(rule.name), line(f"nothing below {_plain(rule.least)}"), line("also on what is disputed" if rule.with_disputed else "not on what is disputed")]
        return flow([*told, line(row.dated.source)], width)[:3]

    def why_not(self, command: type[Command]) -> str:
        """Each needs its right."""
        rights = {New: "charge_rules", Everybody: "setting", Assign: "interest_profile"}
        if command in rights:
            return self.may_not(rights[command]) or ("Put the cursor on a profile." if command is not New and self.rows.row is None else "")
        return super().why_not(command)

    async def do_new(self) -> None:
        """Ask for a profile."""
        await self._ask(None)

    async def open_row(self, row: Listed) -> None:
        """Correct one, or let it change from another day on."""
        if refused := self.may_not("charge_rules"):
            self.say(refused)
            return
        await self._ask(row.dated)

    async def _ask(self, known: DatedProfile | None) -> None:
        form = Form(
            [TextField("code", "Profile", needed=True, room=30, longest=20), DateField("since", "From", lambda: self.today, needed=True, room=20)],
            TextField("name", "Name", needed=True, longest=120),
            [ReadField("margin", "Percent", percent, _plain, needed=True, room=30, help="A year; on top of the reference rate if there is one."), TextField("reference", "above rate", room=24, help="The name of a reference rate; empty: the percentage is all.")],
            [yes_field("floats", "Floats", needed=True, room=30, help="yes: follows the reference rate; no: keeps that of the first day."), ReadField("year", "days a year", number, str, needed=True, room=24)],
            [ReadField("sum", "Fixed sum", percent, _plain, room=30, help="Once an invoice, in this currency only."), TextField("currency", "currency", room=20, longest=3)],
            [ReadField("grace", "Grace days", number, str, room=30), ReadField("least", "least to charge", percent, _plain, room=20)],
            [yes_field("disputed", "On disputed", room=30)],
            TextField("source", "Rests on", longest=200, help="The law or the contract."),
        )  # fmt: skip
        await self.open_panel(ActPanel("Correct a profile, or let it change from a day on" if known else "An interest profile", form, partial(self._set, Seen(known)), asks="F10 keeps it; what was charged before stays."))
        for word, text in _texts(known).items():
            form.field(word).fill(text, as_first=True)

    async def _set(self, seen: Seen[DatedProfile], answers: Mapping[str, Any]) -> str:
        currency = (answers["currency"] or "").upper()
        if answers["sum"] and not currency:
            raise BadInput("A fixed sum needs its currency.", "Type it beside the sum: EUR.")
        rule = Profile(
            answers["code"], answers["name"], answers["margin"], answers["reference"] or "", answers["year"], said_yes(answers["floats"]), answers["sum"] or ZERO, currency,
            answers["grace"] or 0, answers["least"] or ZERO, said_yes(answers["disputed"]),
        )  # fmt: skip
        await seen.keep(self.program.gateway.write(set_profile, DatedProfile(answers["since"], rule, answers["source"] or ""), seen.row))
        return f"{rule.code} is {rate_in_words(rule)} from {plain_day(answers['since'])}."

    async def do_everybody(self) -> None:
        """Ask whether it shall hold for everybody, or no longer."""
        row = self.rows.row
        assert row is not None
        code = row.dated.profile.code

        async def act(answers: Mapping[str, Any]) -> str:
            await self.program.gateway.write(let_everybody_have, "" if row.everybody else code)
            return "No profile holds for customers without one of their own." if row.everybody else f"{code} holds for every customer without a profile of their own."

        title = f"{code} for no customer but those it was given to" if row.everybody else f"{code} for every customer without a profile of their own"
        await self.open_panel(SeenPanel(title, act=act, asks="F10 sets it from today."))

    async def do_assign(self) -> None:
        """Ask for a customer."""
        row = self.rows.row
        assert row is not None
        code = row.dated.profile.code

        async def act(answers: Mapping[str, Any]) -> str:
            own = answers["own"] is None or said_yes(answers["own"])
            await self.program.gateway.write(assign_profile, answers["customer"], code if own else None)
            return f"{answers['customer']} has {code}." if own else f"{answers['customer']} has what every customer has."

        form = Form(TextField("customer", "Customer", needed=True, room=40, help="The account number."), yes_field("own", "Give it", room=40, help="no: the customer has again what every customer has."))
        await self.open_panel(ActPanel(f"{code} for one customer", form, act, asks="F10 sets it."))


def key_of(row: Listed) -> tuple[Any, ...]:
    """Know a profile by its code and day."""
    return row.dated.profile.code, row.dated.valid_from


def rate_in_words(rule: Profile) -> str:
    """Write a rate: "ECB + 8 %", "12 %"."""
    return f"{rule.reference} + {_plain(rule.margin)} %" if rule.reference else f"{_plain(rule.margin)} %"


def _texts(known: DatedProfile | None) -> dict[str, str]:
    if known is None:
        return {"floats": "yes", "year": "365", "grace": "0", "least": "0", "disputed": "no"}
    rule = known.profile
    return {
        "code": rule.code, "since": known.valid_from.isoformat(), "name": rule.name, "margin": _plain(rule.margin), "reference": rule.reference, "floats": "yes" if rule.floats else "no",
        "year": str(rule.year_days), "sum": _plain(rule.fixed_sum) if rule.fixed_sum else "", "currency": rule.fixed_currency, "grace": str(rule.grace_days), "least": _plain(rule.least),
        "disputed": "yes" if rule.with_disputed else "no", "source": known.source,
    }  # fmt: skip
