"""OFX 1.x (SGML, tags left open) and 2.x (XML): one tokenizer reads both, tag by tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Final

from artui.cash.statements import words
from artui.cash.statements.shapes import Balance, Entry, Reading, Statement
from artui.cash.statements.source import Source
from artui.errors import BadInput

_BLOCK: Final = 1 << 15
_LONGEST: Final = 1 << 16
_DEEPEST: Final = 64
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]*)\s*/?>([^<]*)")
_FORBIDDEN = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_STATEMENTS: Final = ("STMTRS", "CCSTMTRS")


def read(source: Source) -> Reading:
    """Yield entries and statements. Raises BadInput when the file is damaged or holds no statement."""
    found = 0
    account: dict[str, str] = {}
    current: dict[str, str] | None = None
    within = ""
    for closing, tag, text in _tokens(source):
        if not closing and tag in _STATEMENTS:
            account, within = {}, ""
        elif not closing and tag == "STMTTRN":
            current = {}
        elif not closing and tag in ("LEDGERBAL", "AVAILBAL", "BANKACCTTO", "CCACCTTO"):
            within = tag
        elif closing and tag == within:
            within = ""
        elif closing and tag == "STMTTRN" and current is not None:
            yield _entry(current, account)
            current = None
        elif closing and tag in _STATEMENTS:
            found += 1
            yield _statement(account)
        elif not closing and text:
            target = account if current is None else current
            target.setdefault(f"{within}.{tag}" if within else tag, text)
            if current is not None and tag == "CURSYM":
                current["CURSYM"] = text
    if not found:
        raise BadInput(f"{source.name} holds no statement.", "Ask the bank for it again.")


def _tokens(source: Source) -> Iterator[tuple[bool, str, str]]:
    """Give each tag with the text behind it. A tag never closed is closed by what follows; only aggregates are looked for."""
    depth = 0
    held = ""
    with source.open() as file:
        while block := file.read(_BLOCK):
            held += _decoded(block)
            last = held.rfind("<")
            if last < 0:
                if len(held) > _LONGEST:
                    raise _damaged(source)
                continue
            ready, held = held[:last], held[last:]
            if len(held) > _LONGEST:
                raise _damaged(source)
            for token in _split(ready, source):
                depth = _depth(token, depth, source)
                yield token
    for token in _split(held, source):
        depth = _depth(token, depth, source)
        yield token


def _split(text: str, source: Source) -> Iterator[tuple[bool, str, str]]:
    if _FORBIDDEN.search(text):
        raise BadInput(
            f"{source.name} declares a document type, which no statement needs.", "It is refused as unsafe."
        )
    for closing, tag, value in _TAG.findall(text):
        if len(value) > _LONGEST:
            raise _damaged(source)
        yield bool(closing), tag.upper(), unescape(value).strip()


def _depth(token: tuple[bool, str, str], depth: int, source: Source) -> int:
    closing, _, text = token
    if not text:  # in SGML a tag without text opens an aggregate; one with text may stay open
        depth += -1 if closing else 1
        if depth > _DEEPEST:
            raise _damaged(source)
    return max(depth, 0)


def _damaged(source: Source) -> BadInput:
    return BadInput(
        f"{source.name} is not what a bank writes as OFX.", "It is damaged, or refused as unsafe."
    )


def _decoded(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("cp1252", errors="replace")


def _day(fields: dict[str, str], name: str) -> date | None:
    return words.long_day(fields[name], name) if fields.get(name) else None


def _amount(value: str, where: str) -> Decimal:
    return words.amount(value.replace(" ", ""), where)


def _entry(fields: dict[str, str], account: dict[str, str]) -> Entry:
    booked_on = _day(fields, "DTPOSTED")
    if booked_on is None or "TRNAMT" not in fields:
        raise BadInput("A transaction has no day or no amount.", "The file is damaged.")
    name, memo = fields.get("NAME", ""), fields.get("MEMO", "")
    cheque = fields.get("CHECKNUM", "")
    return Entry(
        booked_on, _day(fields, "DTAVAIL"), _amount(fields["TRNAMT"], "TRNAMT"),
        words.currency(fields.get("CURSYM") or account.get("CURDEF", ""), "CURDEF"),
        name=words.line(name), text=words.line(memo if name in memo else f"{name} {memo}"),
        account=words.account(fields.get("BANKACCTTO.ACCTID", "")),
        reference="", end_to_end=words.line(fields.get("REFNUM") or ("" if cheque == "0" else cheque)),
        bank_reference=words.line(fields.get("FITID", "")), code=words.line(fields.get("TRNTYPE", "")),
    )  # fmt: skip


def _statement(account: dict[str, str]) -> Statement:
    currency = words.currency(account.get("CURDEF", ""), "CURDEF")
    closing = None
    if account.get("LEDGERBAL.BALAMT"):
        closing = Balance(
            _amount(account["LEDGERBAL.BALAMT"], "BALAMT"), currency, _day(account, "LEDGERBAL.DTASOF")
        )
    return Statement(
        format="ofx", account=words.account(account.get("ACCTID", "")), currency=currency, ident=words.line(account.get("TRNUID", "")),
        closing=closing, from_on=_day(account, "DTSTART"), to_on=_day(account, "DTEND"),
    )  # fmt: skip
