"""Reading in a file of the bank: its path completed as one types, what a CSV file leaves open, F10."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

from artui.cash.statements.keeping import Outcome
from artui.cash.statements.source import open_source
from artui.db.gateway import Tell
from artui.errors import ArtuiError, BadInput
from artui.io.importers import bank, profile
from artui.io.importers.outcome import Options
from artui.session import Session
from artui.text import counted, safe
from screens.progress import Progress
from screens.safe import moment
from screens.widgets.field import ReadField, TextField
from screens.widgets.form import Form, FormPanel
from screens.widgets.pick import Choice, PickField

MOST = 50
ORDERS = (Choice("dmy", "day first: 31.12.2026"), Choice("mdy", "month first: 12/31/2026"), Choice("ymd", "year first: 2026-12-31"))
MARKS = (Choice(",", "1.234,56"), Choice(".", "1,234.56"))
FORMATS = {"camt": "CAMT", "mt940": "MT940", "mt942": "MT942", "ofx": "OFX", "bai2": "BAI2", "csv": "CSV"}


class PathField(PickField):
    """The path of a file, completed from what is there; says which format it is in when it is left."""

    EXAMPLES: ClassVar[tuple[str, ...]] = ("~/Downloads/    F4 shows what is in a folder, the newest first; type to narrow it.", "/srv/bank/2026-05.xml")

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label, _complete, needed=True, help="The file the bank has sent: CAMT.052, 053, 054, MT940, MT942, OFX, BAI2 or CSV.")

    def parse(self, text: str) -> Choice:
        """Look at the file and say what it is."""
        path = Path(text).expanduser()
        if path.is_dir():
            raise BadInput(f"{text} is a folder.", "Choose a file in it; F4 shows them.")
        source = open_source(path)
        return Choice(text, f"{FORMATS[source.format]}, {_size(source.size)}")

    def take(self, choice: Choice) -> None:
        """Put a path in."""
        self.fill(choice.code)


async def _complete(text: str) -> Sequence[Choice]:
    folder, _, begun = text.rpartition("/")
    prefix = f"{folder}/" if "/" in text else ""
    found = []
    try:
        with os.scandir(Path(prefix or ".").expanduser()) as there:
            for each in there:
                if each.name.lower().startswith(begun.lower()) and (not each.name.startswith(".") or begun.startswith(".")):
                    status = each.stat()
                    dated = str(moment(datetime.fromtimestamp(status.st_mtime, UTC))).strip()
                    choice = Choice(f"{prefix}{each.name}/", "folder") if each.is_dir() else Choice(f"{prefix}{each.name}", f"{_size(status.st_size)}, {dated}")
                    found.append((-status.st_mtime, choice))
    except OSError:
        return ()
    return [choice for _, choice in sorted(found, key=lambda each: (each[0], each[1].code))[:MOST]]


def _size(count: int) -> str:
    return f"{count} bytes" if count < 10_000 else f"{count // 1000} kB" if count < 10_000_000 else f"{count // 1_000_000} MB"


def pairs(text: str) -> Mapping[str, str]:
    """Read "date=Buchungstag, amount=Betrag". Raises BadInput."""
    found: dict[str, str] = {}
    for each in text.split(","):
        field, equals, column = (word.strip() for word in each.partition("="))
        if not (field and equals and column):
            raise BadInput(f"{each.strip()!r} does not say which column holds which field.", "Write date=Booked, amount=Value.")
        if field not in bank.FIELDS:
            raise BadInput(f"There is no field {field!r}.", f"There are: {', '.join(bank.FIELDS)}.")
        found[field] = column
    return found


def read_in(session: Session, tell: Tell, path: Path, options: Options, account: str, saved: str, save_as: str) -> tuple[Outcome, int]:
    """Take the file in; CSV as `options` or a saved way say, kept under `save_as` once it could be read."""
    if saved:
        options = profile.saved(session, saved, bank.KIND, options)
    outcome, linked = bank.take(session, path, options, account, watch=lambda done, size: tell(done // 1000, size // 1000))
    if save_as and outcome.statements:
        profile.save(session, save_as, bank.KIND, options)
    return outcome, linked


class ReadInPanel(FormPanel):
    """The file, and for CSV how it is to be read."""

    def __init__(self) -> None:
        async def ways(text: str) -> Sequence[Choice]:
            return [Choice(name) for name in await self.page.program.gateway.read(profile.names, bank.KIND)]

        account = TextField("account", "Account", room=44, help="Our account, where the file names none.")
        currency = TextField("currency", "Currency", room=26, help="Its currency, where the file names none: EUR.")
        way = PickField("way", "CSV saved", ways, room=44, help="A saved way of reading CSV files of this bank.")
        save = TextField("save", "save as", room=30, help="Keep how this CSV file is read under this name.")
        columns = ReadField("columns", "columns", pairs, lambda found: ", ".join(f"{field}={column}" for field, column in found.items()),
                            examples=("date=Booked, amount=Value", "date=Buchungstag, credit=Haben, debit=Soll"), help="Which column holds which field, where its heading does not say so.")  # fmt: skip
        order = PickField("order", "days", ORDERS, room=44, help="How the CSV file writes days.")
        mark = PickField("mark", "decimals", MARKS, room=30, help="The decimal mark of the CSV file.")
        super().__init__(Form(PathField("file", "File"), [account, currency], [way, save], columns, [order, mark]))

    def status(self) -> str:
        """Say what F10 does."""
        return "F10 reads it in. The lower fields are for files that leave it open."

    async def do_take(self) -> None:
        """Take a choice; a folder is opened."""
        here, marked = self.form.here, self.form.list.marked
        if isinstance(here, PathField) and marked is not None and marked.code.endswith("/"):
            here.value = safe(marked.code)
            here.cursor_position = len(here.value)
            await self._offer(here, here.value)
            return
        await super().do_take()

    async def finish(self, answers: dict[str, Any]) -> None:
        """Read it in beside the screen; a refusal leaves what was typed."""
        page = self.page
        options = Options(
            columns=answers["columns"] or {}, currency=(answers["currency"] or "").upper() or None,
            date_order=cast("Any", answers["order"].code) if answers["order"] else None, decimal=answers["mark"].code if answers["mark"] else None,
        )  # fmt: skip
        path, account = Path(answers["file"].code).expanduser(), answers["account"] or ""
        way, save = answers["way"].code if answers["way"] else "", answers["save"] or ""

        async def work(progress: Progress) -> str:
            outcome, linked = await page.long(progress, read_in, path, options, account, way, save)
            if outcome.errors and not any(each.statement for each in outcome.statements):
                raise _Unread(outcome.errors[0])
            await page.close_panel()
            page.do_reread()
            await page.arrival()
            page.do_first()
            return told(outcome, linked)

        page.long_work("Reading in, kB", work)


class _Unread(ArtuiError):
    """Nothing of a file was kept."""


def told(outcome: Outcome, linked: int) -> str:
    """Say what became of a file."""
    kept = [each for each in outcome.statements if each.statement is not None]
    new, known = sum(each.new for each in kept), sum(each.known for each in kept)
    loose = sum(each.ties is not True for each in kept)
    first = f"{counted(len(kept), 'statement')} of {FORMATS.get(outcome.format, outcome.format.upper())}"
    words = [f"Nothing new: {first} with entries that were all there." if not new and known else f"{first}: {new} new entr{'y' if new == 1 else 'ies'}, {known} known."]
    if linked:
        words.append(f"{linked} stand{'s' if linked == 1 else ''} for documents booked before.")
    if loose:
        words.append(f"{'It does' if len(kept) == 1 else f'{loose} do'} not tie." if any(each.ties is False for each in kept) else "A balance is missing: nothing says that it is whole.")
    return " ".join([*words, *outcome.errors[:1]])
