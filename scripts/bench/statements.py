"""How much memory and time a bank statement of 42 MB takes: read alone, and taken into the books of the sample company (a dry run).

python scripts/bench/run.py --home DIR statements
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from artui.config import Config
from bench.measure import Measure

SIZE = 42_000_000
_ENTRY = (
    '<Ntry><Amt Ccy="CHF">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt><ValDt><Dt>2026-05-04</Dt></ValDt>'
    "<AcctSvcrRef>{0}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>"
    "<Refs><EndToEndId>E{0}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Payer {0}</Nm><PstlAdr><Ctry>CH</Ctry><AdrLine>Bahnhofstrasse {0}</AdrLine></PstlAdr></Dbtr>"
    "<DbtrAcct><Id><IBAN>CH9300762011623852957</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Invoice {0}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>'
    "<Acct><Id><IBAN>CH5604835012345678009</IBAN></Id><Ccy>CHF</Ccy></Acct>"
)
_MEASURED = """
import re, sys, time
from pathlib import Path
from artui.cash.statements import formats
from artui.cash.statements.source import open_source
source, start = open_source(Path(sys.argv[1])), time.perf_counter()
if sys.argv[2] == "read":
    count = sum(1 for _ in formats.read(source)) - 1
else:
    from artui.cash.statements.keeping import keep, origin_of
    from artui.config import SAMPLE, load_config
    from artui.session import open_session
    session = open_session(load_config(), as_user="jana", database=SAMPLE)
    outcome = keep(session, origin_of(source), formats.read(source), dry_run=True)
    assert not outcome.errors, outcome.errors
    count = outcome.statements[0].new
print(count, time.perf_counter() - start, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def measures(config: Config) -> list[Measure]:
    """Measure with the sample company under the configured home."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.xml"
        entries = _write(path)
        for what, shown in (("read", "read"), ("keep", "taken into the books")):
            done = subprocess.run(
                [sys.executable, "-P", "-c", _MEASURED, str(path), what],
                capture_output=True,
                text=True,
                check=True,
            )
            count, seconds, memory = done.stdout.split()
            if int(count) != entries:
                raise SystemExit(f"{count} entries were {shown}, not {entries}")
            note = f"{entries} entries in {float(seconds):.1f} s"
            found.append(Measure(f"memory of a 42 MB CAMT {shown}", float(memory), 150, "MB", 1, note=note))
    return found


def _write(path: Path) -> int:
    count = written = 0
    with path.open("w") as file:
        file.write(_HEAD)
        while written < SIZE:
            written += file.write(_ENTRY.format(count))
            count += 1
        file.write("</Stmt></BkToCstmrStmt></Document>")
    return count
