"""Every format gives the facts its file is known for, and what is no statement is refused before it costs anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from artui import money
from artui.cash.statements import formats
from artui.cash.statements.shapes import Entry, Statement, ties
from artui.cash.statements.source import Stopped, open_source
from artui.errors import BadInput

Read = list[tuple[Statement, list[Entry]]]


def read(path: Path) -> Read:
    """Each statement with its entries."""
    found: Read = []
    entries: list[Entry] = []
    for each in formats.read(open_source(path)):
        if isinstance(each, Statement):
            found.append((each, entries))
            entries = []
        else:
            entries.append(each)
    assert not entries
    return found


def cases(shared: Path) -> Iterator[dict[str, Any]]:
    folder = shared / "cases" / "bank"
    for case in json.loads((folder / "bank_cases.json").read_text())["cases"]:
        yield case | {"path": folder / case["file"]}


def money_in(entries: list[Entry]) -> Decimal:
    return sum((entry.amount for entry in entries if entry.amount > 0), Decimal(0))


def money_out(entries: list[Entry]) -> Decimal:
    return -sum((entry.amount for entry in entries if entry.amount < 0), Decimal(0))


def test_every_mt940_and_camt_file_gives_its_facts(shared: Path) -> None:
    seen = 0
    for case in cases(shared):
        if case["format"] not in ("mt940", "camt"):
            continue
        seen += 1
        if not case["facts"]["statements"]:
            with pytest.raises(BadInput, match="holds no statement"):
                read(case["path"])
            continue
        found = read(case["path"])
        assert len(found) == case["facts"]["statements"], case["id"]
        assert sum(len(entries) for _, entries in found) == case["facts"]["entries"], case["id"]
        for (statement, entries), fact in zip(found, case["facts"]["per_statement"], strict=True):
            assert (len(entries), money_in(entries), money_out(entries)) == (
                fact["entries"],
                Decimal(fact["credits"]),
                Decimal(fact["debits"]),
            ), case["id"]
            assert money_in(entries) - money_out(entries) == Decimal(fact["net"])
            assert statement.account == fact.get("account", "")
            for name, balance in (("opening", statement.opening), ("closing", statement.closing)):
                if name in fact:
                    assert balance is not None
                    assert (balance.amount, str(balance.on)) == (Decimal(fact[name]), fact[f"{name}_date"]), (
                        case["id"],
                        name,
                    )
            if case["format"] == "mt940":
                assert statement.currency == fact["currency"]
                assert (statement.closing is None) == ("closing" not in fact)
            else:
                told = {code: (amount, currency, day) for code, amount, currency, day in fact["balances"]}
                assert statement.opening is not None and statement.closing is not None
                for code, balance in (("OPBD", statement.opening), ("CLBD", statement.closing)):
                    assert (balance.amount, balance.currency, str(balance.on)) == (
                        Decimal(told[code][0]),
                        *told[code][1:],
                    )
                assert statement.ident == fact["id"]
                assert [entry.amount for entry in entries] == [
                    Decimal(amount) for amount in fact["entry_amounts"]
                ]
                assert [str(entry.booked_on) for entry in entries] == case["peer"]["golden json"]["dates"]
            assert ties(statement, money_in(entries) - money_out(entries)) == fact.get("balances_tie")
    assert seen == 8


def test_every_ofx_file_gives_its_facts(shared: Path) -> None:
    for case in (each for each in cases(shared) if each["format"] == "ofx"):
        fact = case["facts"]
        [(statement, entries)] = read(case["path"])
        assert [f"{entry.amount}" for entry in entries] == fact["raw_amounts"]
        assert sum((entry.amount for entry in entries), Decimal(0)) == Decimal(fact["sum"])
        assert len({entry.bank_reference for entry in entries}) == fact["fitids"]
        assert ([statement.account], statement.currency) == (fact["accounts"], fact["currency"])
        assert statement.closing is not None and statement.closing.amount == Decimal(fact["ledger_balance"])
        assert (f"{statement.from_on:%Y%m%d}", f"{statement.to_on:%Y%m%d}") == (
            fact["start"][:8],
            fact["end"][:8],
        )
        assert ties(statement, Decimal(fact["sum"])) is None, "no opening balance: nothing is claimed"


def test_the_bai2_file_gives_its_facts_and_its_control_totals_hold(shared: Path) -> None:
    [case] = [each for each in cases(shared) if each["format"] == "bai2"]
    found = read(case["path"])
    assert len(found) == case["facts"]["accounts"]
    for (statement, entries), fact in zip(found, case["facts"]["per_account"], strict=True):
        assert (statement.account, statement.currency, len(entries)) == (
            fact["account"],
            fact["currency"],
            fact["details"],
        )
        assert money.to_minor(money_in(entries), statement.currency) == fact["credits"]
        assert money.to_minor(money_out(entries), statement.currency) == fact["debits"]
        assert statement.faults == ()


def test_a_changed_bai2_amount_is_said(shared: Path, tmp_path: Path) -> None:
    [case] = [each for each in cases(shared) if each["format"] == "bai2"]
    changed = tmp_path / "changed.txt"
    changed.write_text(
        case["path"].read_text().replace("16,409,000000000000500", "16,409,000000000000600", 1)
    )
    (statement, _), _ = read(changed)
    assert "control total" in statement.faults[0]


CAMT = """<?xml version="1.0"?><{prefix}Document xmlns{colon}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><{prefix}BkToCstmrStmt>
<{prefix}Stmt><{prefix}Id>S1</{prefix}Id><{prefix}Acct><{prefix}Id><{prefix}IBAN>DE02120300000000202051</{prefix}IBAN></{prefix}Id><{prefix}Ccy>EUR</{prefix}Ccy></{prefix}Acct>
<{prefix}Ntry><{prefix}Amt Ccy="EUR">10.00</{prefix}Amt><{prefix}CdtDbtInd>DBIT</{prefix}CdtDbtInd><{prefix}RvslInd>true</{prefix}RvslInd>
<{prefix}Sts>{status}</{prefix}Sts><{prefix}BookgDt><{prefix}DtTm>2026-05-04T23:30:00-05:00</{prefix}DtTm></{prefix}BookgDt>
<{prefix}NtryDtls><{prefix}TxDtls><{prefix}RltdPties><{prefix}Cdtr>{name}</{prefix}Cdtr></{prefix}RltdPties></{prefix}TxDtls></{prefix}NtryDtls></{prefix}Ntry>
</{prefix}Stmt></{prefix}BkToCstmrStmt></{prefix}Document>"""


@pytest.mark.parametrize(("version", "prefix"), [("02", ""), ("08", ""), ("13", "n1:")])
def test_camt_is_read_in_every_version_and_a_reversed_credit_subtracts(
    tmp_path: Path, version: str, prefix: str
) -> None:
    new = version != "02"
    name = (
        f"<{prefix}Pty><{prefix}Nm>Ford</{prefix}Nm></{prefix}Pty>"
        if new
        else f"<{prefix}Nm>Ford</{prefix}Nm>"
    )
    status = f"<{prefix}Cd>BOOK</{prefix}Cd>" if new else "BOOK"
    path = tmp_path / "s.xml"
    path.write_text(
        CAMT.format(version=version, prefix=prefix, colon=":n1" if prefix else "", name=name, status=status)
    )
    [(statement, [entry])] = read(path)
    assert (statement.account, statement.format) == ("DE02120300000000202051", "camt.053")
    assert (entry.amount, entry.reversal, str(entry.booked_on)) == (Decimal("-10.00"), True, "2026-05-04")


def test_what_is_only_announced_is_not_booked(tmp_path: Path) -> None:
    path = tmp_path / "s.xml"
    path.write_text(CAMT.format(version="02", prefix="", colon="", name="", status="PDNG"))
    [(statement, entries)] = read(path)
    assert (entries, statement.pending) == ([], 1)


def test_mt940_reversals_subtract_and_a_year_turns(tmp_path: Path) -> None:
    path = tmp_path / "s.sta"
    path.write_text(":20:X\n:25:1/2\n:28C:1\n:60F:C251231EUR100,\n:61:2512310102RC40,NTRFNONREF//B1\n:86:166?00X?20SVWZ+Invoice 4711 an?21d more?32Ford?33 Ltd?31DE02120300000000202051\n"
                    ":61:260102RD15,5NTRFNONREF\n:61:260102CR1,NTRFNONREF\n:86:/EREF/E-9//CNTP/NL91ABNA0417164300/ABNANL2A/Dent///REMI/USTD//for 12/\n:62F:C260102EUR76,5\n-\n")  # fmt: skip
    [(statement, entries)] = read(path)
    assert [entry.amount for entry in entries] == [Decimal("-40"), Decimal("15.5"), Decimal("1")]
    assert [entry.reversal for entry in entries] == [True, True, False]
    assert (str(entries[0].booked_on), entries[0].bank_reference, entries[0].text, entries[0].name) == (
        "2026-01-02",
        "B1",
        "Invoice 4711 and more",
        "Ford Ltd",
    )
    assert (entries[2].end_to_end, entries[2].account, entries[2].name, entries[2].text) == (
        "E-9",
        "NL91ABNA0417164300",
        "Dent",
        "for 12",
    )
    assert ties(statement, sum((entry.amount for entry in entries), Decimal(0))) is True


def test_ofx_as_xml_and_as_a_credit_card(tmp_path: Path) -> None:
    path = tmp_path / "s.ofx"
    path.write_text('<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="202"?><OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR</CURDEF>'
                    "<CCACCTFROM><ACCTID>99</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260504</DTPOSTED><TRNAMT>1,50</TRNAMT>"
                    "<FITID>1</FITID><NAME>Ford &amp; Co &lt;x&gt;</NAME><BANKACCTTO><ACCTID>7</ACCTID></BANKACCTTO></STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>")  # fmt: skip
    [(statement, [entry])] = read(path)
    assert (statement.account, entry.amount, entry.name, entry.account) == (
        "99",
        Decimal("1.50"),
        "Ford & Co <x>",
        "7",
    )


BOMBS = {
    "document type": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><Document xmlns="camt.053.001.02"><BkToCstmrStmt><Stmt>&a;</Stmt></BkToCstmrStmt></Document>',
    "external": '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><Document xmlns="camt.053.001.02"><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>',
    "deep": '<Document xmlns="camt.053.001.02"><BkToCstmrStmt><Stmt>' + "<a>" * 70 + "</a>" * 70 + "</Stmt></BkToCstmrStmt></Document>",
    "long": '<Document xmlns="camt.053.001.02"><BkToCstmrStmt><Stmt><Id>' + "x" * 70_000 + "</Id></Stmt></BkToCstmrStmt></Document>",
    "torn": '<Document xmlns="camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1',
    "ofx entity": "<?OFX OFXHEADER=\"200\"?><!DOCTYPE OFX [<!ENTITY a 'b'>]><OFX><STMTRS></STMTRS></OFX>",
    "ofx deep": "<OFX>" * 80 + "<STMTRS>",
    "other xml": "<html><body/></html>",
    "endless line": ":20:X\n:86:" + "y" * 100_000,
    "bai2 torn": "01,a,b,260504,0900,1,80,1,2/\n02,a,b,1,260504,,EUR,/\n03,1,EUR,010,x,,/\n",
    "empty": "  \n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_no_bank_writes_is_refused_in_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad"
    path.write_text(BOMBS[name])
    with pytest.raises(BadInput):
        read(path)


def test_reading_reports_progress_and_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "s.sta"
    path.write_text(":20:X\n:25:1\n:60F:C260101EUR0,\n" + ":61:260102C1,NTRFNONREF\n:86:a payment\n" * 20_000)
    told: list[tuple[int, int]] = []
    source = open_source(
        path, watch=lambda done, size: told.append((done, size)), stopped=lambda: len(told) > 3
    )
    with pytest.raises(Stopped):
        list(formats.read(source))
    assert told == sorted(told) and 0 < told[-1][0] < told[-1][1] == path.stat().st_size


LARGE = """
import re, sys
from pathlib import Path
from artui.cash.statements import formats
from artui.cash.statements.source import open_source
count = sum(1 for _ in formats.read(open_source(Path(sys.argv[1]))))
print(count, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory used is read from /proc")
def test_memory_does_not_grow_with_the_statement(tmp_path: Path) -> None:
    entry = (
        '<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt><AcctSvcrRef>{0}</AcctSvcrRef><NtryDtls><TxDtls>'
        "<Refs><EndToEndId>E{0}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Payer {0}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>Invoice {0}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
    path = tmp_path / "large.xml"
    with path.open("w") as file:
        file.write(
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>X</IBAN></Id><Ccy>EUR</Ccy></Acct>'
        )
        written = 0
        while written * len(entry) < 8_000_000:
            file.write("".join(entry.format(number) for number in range(written, written + 1000)))
            written += 1000
        file.write("</Stmt></BkToCstmrStmt></Document>")
    assert path.stat().st_size > 8_000_000
    count, memory = map(
        int,
        subprocess.run(
            [sys.executable, "-c", LARGE, str(path)], capture_output=True, text=True, check=True
        ).stdout.split(),
    )
    assert count == written + 1
    assert memory < 60, f"{memory} MB; scripts/bench/statements.py measures 42 MB against the promised 150"
