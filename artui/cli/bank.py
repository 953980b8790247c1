"""`artui bank`: statements in, what waits to be matched, and the bank against the ledger."""

from __future__ import annotations

import argparse
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artui.cli.common import (
    TABLE_FORMATS,
    a_date,
    add_command,
    add_global_options,
    emit,
    emit_json,
    emit_table,
    say,
    session,
)
from artui.errors import ArtuiError

if TYPE_CHECKING:
    from artui.cash.statements.keeping import Outcome
    from artui.cash.statements.matching import Candidates
    from artui.cash.statements.reading import EntryRow
    from artui.session import Session

_PAGE = 200


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "bank", "bank statements: import, match, list, reconcile", formats=())
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    importing = _action(actions, "import", "take a statement of the bank into the books", ("table", "json"))
    importing.add_argument(
        "file", type=Path, help="CAMT.052/053/054, MT940/942, OFX, BAI2 or CSV; told by its content"
    )
    importing.add_argument("--account", metavar="NUMBER", help="our account, where the file names none")
    importing.add_argument("--currency", metavar="CUR", help="its currency, where the file names none")
    importing.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="CSV: which column holds a field"
    )
    importing.add_argument("--date-order", choices=("mdy", "dmy", "ymd"), help="CSV: how it writes days")
    importing.add_argument("--decimal", choices=(".", ","), help="CSV: its decimal mark")
    importing.add_argument("--encoding", metavar="E", help="CSV: its encoding")
    importing.add_argument("--profile", metavar="NAME", help="CSV: read it as saved under this name")
    importing.add_argument("--save-profile", metavar="NAME", help="CSV: save how it is read")
    importing.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing")
    matching = _action(actions, "match", "what waits to be matched, with what is proposed")
    matching.add_argument("--statement", type=int, metavar="N", help="of this statement only")
    matching.add_argument("--certain", action="store_true", help="book those proposals that are certain")
    matching.add_argument("--limit", type=int, default=_PAGE, metavar="N")
    listing = _action(actions, "list", "the statements that have been read, or the entries of one")
    listing.add_argument("--statement", type=int, metavar="N", help="the entries of this statement")
    listing.add_argument("--limit", type=int, default=_PAGE, metavar="N")
    checking = _action(actions, "validate", "say that a statement is whole", ())
    checking.add_argument("statement", type=int, metavar="N")
    holding = _action(actions, "reconcile", "our bank accounts against the ledger")
    holding.add_argument("--as-of", type=a_date, metavar="D", help="on this day")
    parser.set_defaults(run=run)


def _action(
    actions: Any, name: str, summary: str, formats: tuple[str, ...] = TABLE_FORMATS
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=summary[:1].upper() + summary[1:] + "."
    )
    add_global_options(parser, top=False)
    if formats:
        parser.add_argument("--format", choices=formats, default=formats[0], help="how the answer comes out")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the answer to FILE")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action."""
    with session(arguments) as opened:
        return _ACTIONS[arguments.action](opened, arguments)


def _import(opened: Session, arguments: argparse.Namespace) -> int:
    from artui.cash.statements.keeping import Outcome
    from artui.cli.import_ import _meter, _pairs, _stopping
    from artui.io.importers import bank, profile
    from artui.io.importers.outcome import Options, Progress

    options = Options(
        columns=_pairs(arguments.map, "--map"), currency=arguments.currency, date_order=arguments.date_order,
        decimal=arguments.decimal, encoding=arguments.encoding,
    )  # fmt: skip
    if arguments.profile:
        options = profile.saved(opened, arguments.profile, bank.KIND, options)
    meter = _meter()
    watch = (
        None
        if meter is None
        else lambda done, size: meter(
            Progress(bytes_read=done, bytes_all=size, rows=0, rejected=0, seconds=0)
        )
    )
    with _stopping() as stopped:
        try:
            outcome, linked = bank.take(opened, arguments.file, options, arguments.account or "", watch=watch, stopped=stopped, dry_run=arguments.dry_run)
        except ArtuiError as error:
            if error.code != "bad_input":
                raise
            outcome, linked = Outcome(str(arguments.file), "", (), (str(error),), arguments.dry_run), 0
    if arguments.save_profile:
        profile.save(opened, arguments.save_profile, bank.KIND, options)
    if arguments.format == "json":
        emit_json(arguments, outcome.as_json() | {"linked": linked})
    else:
        emit(arguments, summary(outcome, linked))
    for each in outcome.errors:
        say(f"artui: {each}")
    return 1 if outcome.errors else 0


def summary(outcome: Outcome, linked: int) -> str:
    """Give a person's view of what was read."""
    from artui import money
    from artui.text import safe

    rows = [
        f"{safe(outcome.file)}: {outcome.format or 'not read'}{' (dry run, nothing was kept)' if outcome.dry_run else ''}"
    ]
    for each in outcome.statements:
        net = money.spoken(each.net, each.currency) if each.currency else str(each.net)
        tie = {True: "ties", False: "DOES NOT TIE", None: "not proved: a balance is missing"}[each.ties]
        number = "" if each.statement is None else f"#{each.statement}  "
        rows.append(
            f"{number}{safe(each.account) or '(no account)'}  {each.entries} entries, net {net}: {tie}; {each.new} new, {each.known} known"
        )
        if each.pending:
            rows.append(f"  {each.pending} announced entries were left out")
    if linked:
        rows.append(f"{linked} entries stand for documents already in the books")
    return "\n".join(rows)


def _match(opened: Session, arguments: argparse.Namespace) -> int:
    from artui import money
    from artui.cash.payable import Confidence
    from artui.cash.statements import matching, reading

    rows, refused = [], 0
    for row in reading.entries(opened, statement=arguments.statement, state="open", limit=arguments.limit):
        found = matching.candidates(opened, row.id)
        state = "open"
        best = found.best
        if (
            arguments.certain
            and best is not None
            and best.confidence is Confidence.CERTAIN
            and not found.booked
            and not row.parts
        ):
            try:
                state = matching.accept(opened, str(uuid.uuid4()), row, best).state
            except ArtuiError as error:
                refused += 1
                say(f"artui: entry {row.id}: {error}")
        rows.append({
            "entry": str(row.id), "account": row.account, "date": row.booked_on.isoformat(), "amount": money.plain(row.amount, row.currency),
            "currency": row.currency, "name": row.name, "text": row.text, "state": state, **_proposed(found),
        })  # fmt: skip
    columns = (
        "entry",
        "date",
        "amount",
        "currency",
        "name",
        "state",
        "confidence",
        "customer",
        "documents",
        "reason",
    )
    if arguments.format == "json":
        emit_json(arguments, {"entries": rows})
    else:
        emit_table(
            arguments, rows, [(name, "right" if name in ("entry", "amount") else "left") for name in columns]
        )
    return 1 if refused else 0


def _proposed(found: Candidates) -> dict[str, str]:
    if found.booked:
        first = found.booked[0]
        return {
            "confidence": "likely",
            "customer": first.customer,
            "documents": first.document,
            "reason": f"booked already: {first.reason}",
        }
    if found.best is None:
        return {"confidence": "nothing", "customer": "", "documents": "", "reason": ""}
    best = found.best
    documents = ", ".join(line.document for line in best.proposal.lines)
    return {
        "confidence": best.confidence.value,
        "customer": best.party.number,
        "documents": documents,
        "reason": best.reason,
    }


def _list(opened: Session, arguments: argparse.Namespace) -> int:
    from artui import money
    from artui.cash.statements import reading

    if arguments.statement:
        rows = [
            _shown(row)
            for row in reading.entries(opened, statement=arguments.statement, limit=arguments.limit)
        ]
        names = ("entry", "date", "amount", "currency", "name", "text", "state", "documents")
        return _give(arguments, "entries", rows, names)
    statements = [
        {
            "statement": str(each.id), "account": each.account, "format": each.format, "from": str(each.from_on or ""), "to": str(each.to_on or ""),
            "opening": "" if each.opening is None else money.plain(each.opening, each.currency),
            "closing": "" if each.closing is None else money.plain(each.closing, each.currency),
            "currency": each.currency, "entries": str(each.entries), "known": str(each.known), "open": str(each.open), "state": each.words,
        }
        for each in reading.statements(opened, limit=arguments.limit)
    ]  # fmt: skip
    for finding in reading.findings(opened):
        say(f"statement {finding.statement} of {finding.account}: {finding.message}")
    columns = (
        "statement", "account", "format", "from", "to", "opening", "closing", "currency", "entries", "known", "open", "state",
    )  # fmt: skip
    return _give(arguments, "statements", statements, columns)


def _shown(row: EntryRow) -> dict[str, str]:
    from artui import money

    return {
        "entry": str(row.id), "date": row.booked_on.isoformat(), "amount": money.plain(row.amount, row.currency), "currency": row.currency,
        "name": row.name, "text": row.text, "state": row.state, "documents": ", ".join(row.documents),
    }  # fmt: skip


def _give(
    arguments: argparse.Namespace, what: str, rows: list[dict[str, str]], names: tuple[str, ...]
) -> int:
    right = (
        "statement",
        "entry",
        "amount",
        "opening",
        "closing",
        "entries",
        "known",
        "open",
        "bank",
        "ledger",
        "unbooked",
        "uncleared",
        "before",
        "off",
    )
    if arguments.format == "json":
        emit_json(arguments, {what: rows})
    else:
        emit_table(arguments, rows, [(name, "right" if name in right else "left") for name in names])
    return 0


def _validate(opened: Session, arguments: argparse.Namespace) -> int:
    from artui.cash.statements.matching import validate

    validate(opened, arguments.statement)
    say(f"Statement {arguments.statement} is validated.")
    return 0


def _reconcile(opened: Session, arguments: argparse.Namespace) -> int:
    from artui import money
    from artui.cash.statements import reading
    from artui.cash.statements.reconciling import reconcile

    rows, off = [], False
    for account in reading.accounts(opened):
        held = reconcile(opened, account.id, arguments.as_of, limit=0)
        off = off or not held.ties
        amounts = {
            name: getattr(held, name) for name in ("bank", "ledger", "before", "unbooked", "uncleared", "off")
        }
        rows.append({
            "account": held.account, "currency": held.currency, "as_of": held.as_of.isoformat(), "through": str(held.through or ""),
            **{name: "" if value is None else money.plain(value, held.currency) for name, value in amounts.items()},
        })  # fmt: skip
    _give(
        arguments,
        "accounts",
        rows,
        (
            "account",
            "currency",
            "as_of",
            "through",
            "bank",
            "ledger",
            "before",
            "unbooked",
            "uncleared",
            "off",
        ),
    )
    if off:
        print(
            "artui: a bank account does not agree with the ledger: look at the column off.", file=sys.stderr
        )
    return 1 if off else 0


_ACTIONS = {"import": _import, "match": _match, "list": _list, "validate": _validate, "reconcile": _reconcile}
