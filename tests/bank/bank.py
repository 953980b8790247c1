"""A bank for the tests: a tape of movements, and statements cut from it in the formats banks send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from artui.cash.statements.keeping import Outcome, keep, origin_of
from artui.cash.statements.source import open_source
from artui.io.importers import bank as csv_too
from artui.io.importers.outcome import Options
from artui.session import Session

IBAN = "DE02120300000000202051"


@dataclass(frozen=True)
class Move:
    """A movement: positive is money in."""

    on: dt.date
    amount: Decimal
    name: str = ""
    text: str = ""
    account: str = ""
    end_to_end: str = ""
    reference: str = ""


@dataclass
class Tape:
    """What a bank account went through, in order."""

    moves: Sequence[Move]
    currency: str = "USD"
    opening: Decimal = Decimal(0)
    account: str = IBAN
    numbers: dict[tuple[int, int], str] = field(default_factory=dict)

    def balance(self, place: int) -> Decimal:
        """The balance before the movement of that place."""
        return self.opening + sum((move.amount for move in self.moves[:place]), Decimal(0))

    def camt(
        self,
        first: int,
        last: int,
        *,
        number: str = "",
        references: bool = False,
        closing: Decimal | None = None,
    ) -> str:
        """A CAMT.053 of the movements from one place up to another."""
        part = self.moves[first:last]
        start = part[0].on if part else dt.date(2026, 5, 1)
        end = part[-1].on if part else start
        told = f"<ElctrncSeqNb>{number}</ElctrncSeqNb>" if number else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>'
            f"<Stmt><Id>{first}-{last}-{number}</Id>{told}<Acct><Id><IBAN>{self.account}</IBAN></Id><Ccy>{self.currency}</Ccy></Acct>"
            + self._balance("OPBD", self.balance(first), start)
            + self._balance("CLBD", self.balance(last) if closing is None else closing, end)
            + "".join(
                self._entry(move, f"B{first + place}" if references else "")
                for place, move in enumerate(part)
            )
            + "</Stmt></BkToCstmrStmt></Document>"
        )

    def _balance(self, code: str, amount: Decimal, on: dt.date) -> str:
        side = "DBIT" if amount < 0 else "CRDT"
        return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{self.currency}">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>'

    def _entry(self, move: Move, bank_reference: str) -> str:
        side, party = ("DBIT", "Cdtr") if move.amount < 0 else ("CRDT", "Dbtr")
        reference = f"<AcctSvcrRef>{bank_reference}</AcctSvcrRef>" if bank_reference else ""
        account = f"<{party}Acct><Id><IBAN>{move.account}</IBAN></Id></{party}Acct>" if move.account else ""
        structured = (
            f"<Strd><CdtrRefInf><Ref>{move.reference}</Ref></CdtrRefInf></Strd>" if move.reference else ""
        )
        return (
            f'<Ntry><Amt Ccy="{self.currency}">{abs(move.amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{move.on}</Dt></BookgDt>{reference}'
            f"<NtryDtls><TxDtls><Refs><EndToEndId>{move.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs><CdtDbtInd>{side}</CdtDbtInd>"
            f"<RltdPties><{party}><Nm>{escape(move.name)}</Nm></{party}>{account}</RltdPties>"
            f"<RmtInf><Ustrd>{escape(move.text)}</Ustrd>{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"
        )

    def mt940(self, first: int, last: int, *, number: str = "") -> str:
        """The same as an MT940."""
        part = self.moves[first:last]
        start, end = part[0].on, part[-1].on
        lines = [
            ":20:X",
            f":25:{self.account}",
            *([f":28C:{number}"] if number else []),
            f":60F:{self._told(self.balance(first), start)}",
        ]
        for move in part:
            amount = f"{abs(move.amount)}".replace(".", ",")
            lines += [
                f":61:{move.on:%y%m%d}{'C' if move.amount > 0 else 'D'}{amount}NTRF{move.end_to_end or 'NONREF'}",
                f":86:{move.text} {move.name}",
            ]
        return "\n".join([*lines, f":62F:{self._told(self.balance(last), end)}", "-", ""])

    def _told(self, amount: Decimal, on: dt.date) -> str:
        return f"{'D' if amount < 0 else 'C'}{on:%y%m%d}{self.currency}{abs(amount)}".replace(".", ",")


def take(
    session: Session,
    folder: Path,
    text: str,
    *,
    name: str = "statement",
    dry_run: bool = False,
    **options: str,
) -> Outcome:
    """Import a statement as the command does."""
    path = folder / name
    path.write_text(text)
    source = open_source(path)
    account = options.pop("account", "")
    return keep(
        session,
        origin_of(source),
        csv_too.read(source, Options(**options), account),
        account=account,
        currency=options.get("currency"),
        dry_run=dry_run,
    )  # type: ignore[arg-type]
