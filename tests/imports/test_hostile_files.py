"""Files that are wrong in part: the good rows are kept, every other one has its reason."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artui.errors import ArtuiError, BadInput
from artui.io.importers import KINDS, Options, import_file
from artui.text import clean, unclean
from tests.books import Books
from tests.imports.files import command, counts, table, take, write

_INVOICE = "number,customer,customer_name,date,due,amount"


def test_names_arrive_clean_whatever_they_carry(books: Books, shared: Path, tmp_path: Path) -> None:
    hostile = shared / "cases" / "hostile"
    names = [
        row["text"]
        for row in json.loads((hostile / "terminal_some.json").read_text(encoding="utf-8"))["strings"]
    ]
    names += [
        row["name"]
        for row in json.loads((hostile / "names_search_some.json").read_text(encoding="utf-8"))["names"]
    ]
    names += json.loads((hostile / "blns_every_third.json").read_text(encoding="utf-8"))
    rows = [
        (f"C{place:04}", name)
        for place, name in enumerate(names)
        if clean(name) and len(clean(name)) <= 500 and "\r" not in name
    ]
    path = tmp_path / "names.csv"
    with path.open("w", newline="", encoding="utf-8", errors="ignore") as stream:
        csv.writer(stream).writerows([("number", "name"), *rows])
    outcome = take(books, "customers", path)
    assert (outcome.created, outcome.errors) == (len(rows), [])
    kept = dict(books.query("SELECT a.number, p.name FROM account a JOIN party p ON p.id = a.party_id"))
    assert [name for name in kept.values() if unclean(name)] == []
    assert all(kept[number] == clean(name.encode("utf-8", "ignore").decode()) for number, name in rows)


def test_the_number_is_the_identity_and_never_the_name(books: Books, tmp_path: Path) -> None:
    spellings = [
        "Acme",
        "ACME",
        "Acme Inc",
        "Acme, Inc.",
        "acme inc",
        "A.C.M.E.",
        "Acme Incorporated",
        "Acme  Inc",
        "Acmé",
        "ACME INC.",
        "Acme (old)",
    ]
    rows = [
        (f"I{place}", "0042", name, "2026-05-01", "2026-05-31", "10.00")
        for place, name in enumerate(spellings)
    ]
    rows += [("J1", "42", "Acme", "2026-05-01", "2026-05-31", "10.00")]
    assert counts(take(books, "invoices", table(tmp_path / "i.csv", _INVOICE, rows))) == (12, 0, 0, 0)
    found = books.query(
        "SELECT a.number, p.name, count(d.id) FROM account a JOIN party p ON p.id = a.party_id JOIN document d ON d.account_id = a.id GROUP BY 1, 2 ORDER BY 1"
    )
    assert found == [("0042", "Acme", 11), ("42", "Acme", 1)]


def test_each_row_that_cannot_be_taken_has_its_reason_and_goes_beside_the_file(
    books: Books, tmp_path: Path
) -> None:
    books.query("INSERT INTO period (month, state) VALUES ('2026-03-01', 'closed')")
    path = write(
        tmp_path / "i.csv",
        "Nr;Customer;Date;Due;Amount;Currency;kind;comment\r\n"
        "A1;C1;2026-05-01;2026-04-01;100.00;USD;;due before its date\r\n"
        "A2;C1;2026-03-05;2026-04-01;100.00;USD;;closed month\r\n"
        "A1;C1;2026-05-01;2026-06-01;100.00;USD;;again\r\n"
        "A3;;2026-05-01;2026-06-01;100.00;USD;;nobody\r\n"
        ";C1;2026-05-01;2026-06-01;100.00;USD;;no number\r\n"
        "A4;C1;2026-05-41;2026-06-01;100.00;USD;;no such day\r\n"
        "A5;C1;2026-05-01;2026-06-01;a lot;USD;;no amount\r\n"
        "A6;C1;2026-05-01;2026-06-01;-5;USD;;negative\r\n"
        "A7;C1;2026-05-01;2026-06-01;5;XYZ;;no currency\r\n"
        'A8;C1;2026-05-01;2026-06-01;5;USD;joke;"no, kind; ""really"""\r\n'
        "A9;C1;2026-05-01;2026-06-01;5;USD;;too;many\r\n"
        "B1;C1;2026-05-01;2026-06-01;1234567890123456;USD;;too much\r\n"
        "B2;C1;2026-05-01;2026-06-01;5\r\n"
        "B3;0000611365;2026-05-01;;5;EUR;credit note;a credit\r\n",
    )
    answer = command(books, "invoices", str(path), status=1)
    assert (answer["rows"], answer["created"], answer["rejected"]) == (14, 3, 11)
    assert answer["totals"] == {"EUR": "-5.00", "USD": "105.00"}
    assert [(error["row"], error["column"]) for error in answer["errors"]] == [
        (3, "Date"), (4, "Nr"), (5, "Customer"), (6, "Nr"), (7, "Date"), (8, "Amount"), (9, "Amount"), (10, "Currency"), (11, "kind"), (12, ""), (13, "Amount"),
    ]  # fmt: skip
    assert answer["errors"][4]["value"] == "2026-05-41"
    assert [(warning["row"], warning["column"], warning["value"]) for warning in answer["warnings"]] == [
        (2, "Due", "2026-04-01")
    ]
    assert books.query("SELECT due_on FROM document WHERE number = 'A1'")[0][0].isoformat() == "2026-04-01"
    books.tie()

    rejected = Path(answer["rejected_file"])
    assert rejected == tmp_path / "i.csv.rejected.csv"
    rows = list(csv.reader(rejected.open(newline="", encoding="utf-8"), delimiter=";"))
    assert rows[0] == ["Nr", "Customer", "Date", "Due", "Amount", "Currency", "kind", "comment", "reason"]
    assert [row[-1] for row in rows[1:]] == [error["message"] for error in answer["errors"]]
    assert rows[9][:8] == ["A8", "C1", "2026-05-01", "2026-06-01", "5", "USD", "joke", 'no, kind; "really"']

    # corrected, the rejected rows are imported in their turn, and what is right by then is gone from beside the file
    text = rejected.read_text(encoding="utf-8").replace("2026-05-41", "2026-05-04").replace("joke", "invoice")
    again = command(books, "invoices", str(write(tmp_path / "again.csv", text.encode())), status=1)
    assert (again["created"], again["unchanged"]) == (2, 1)
    assert (
        Path(again["rejected_file"]).read_text(encoding="utf-8").splitlines()[0].endswith(";comment;reason")
    )


def test_a_second_import_without_faults_takes_the_old_file_of_rejects_away(
    books: Books, tmp_path: Path
) -> None:
    path = table(tmp_path / "i.csv", _INVOICE, [("A1", "C1", "", "bad", "", "1")])
    assert take(books, "invoices", path).rejected_file == str(tmp_path / "i.csv.rejected.csv")
    assert stat.S_IMODE((tmp_path / "i.csv.rejected.csv").stat().st_mode) == 0o600
    table(path, _INVOICE, [("A1", "C1", "", "2026-05-01", "", "1")])
    assert take(books, "invoices", path).rejected_file is None
    assert [each.name for each in tmp_path.iterdir()] == ["i.csv"]


def test_a_link_in_the_place_of_the_rejects_is_not_followed(books: Books, tmp_path: Path) -> None:
    precious = write(tmp_path / "precious", "mine")
    (tmp_path / "i.csv.rejected.csv").symlink_to(precious)
    take(books, "invoices", table(tmp_path / "i.csv", _INVOICE, [("A1", "C1", "", "bad", "", "1")]))
    assert precious.read_text() == "mine"
    assert not (tmp_path / "i.csv.rejected.csv").is_symlink()


def test_a_dry_run_says_the_same_and_keeps_nothing(books: Books, tmp_path: Path) -> None:
    rows = [(f"A{place}", f"C{place % 7}", "", "2026-05-01", "2026-05-31", "1.10") for place in range(50)] + [
        ("A1", "C1", "", "2026-05-01", "", "9")
    ]
    path = table(tmp_path / "i.csv", _INVOICE, rows)
    tried = take(books, "invoices", path, dry_run=True)
    assert (
        books.query("SELECT count(*) FROM document")[0][0]
        == books.query("SELECT count(*) FROM account")[0][0]
        == 0
    )
    assert [each.name for each in tmp_path.iterdir()] == ["i.csv"]
    done = take(books, "invoices", path)
    assert (counts(tried), tried.totals, tried.errors) == (counts(done), done.totals, done.errors)
    assert tried.as_json()["dry_run"] is True


def test_a_header_alone_is_a_file_of_nothing(books: Books, tmp_path: Path) -> None:
    answer = command(books, "invoices", str(write(tmp_path / "i.csv", _INVOICE + "\n")))
    assert (answer["rows"], answer["created"], answer["totals"]) == (0, 0, {})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,2\n", "need the column number, which was not found among: a, b"),
        ("number,customer,date\nA,B,2026-01-01\n", "need the column amount"),
        (_INVOICE + "\nA,B,,1/2/2026,,5\n", "--date-order"),
        (_INVOICE + '\nA,B,,2026-01-01,,"1,234"\n', "--decimal"),
    ],
)
def test_a_file_that_leaves_a_question_is_refused_with_the_option_that_answers_it(
    books: Books, tmp_path: Path, content: str, told: str
) -> None:
    done = books.artui(
        "import",
        "invoices",
        str(write(tmp_path / "i.csv", content)),
        "--format",
        "json",
        login="jana",
        status=1,
    )
    assert told in done.stderr and done.stdout == ""


def test_more_decimals_than_the_currency_has_are_rounded_and_told(books: Books, tmp_path: Path) -> None:
    path = table(
        tmp_path / "i.csv",
        "number,customer,date,amount,currency",
        [
            ("A", "C", "2026-05-01", "1.005", "USD"),
            ("B", "D", "2026-05-01", "10.5", "JPY"),
            ("E", "F", "2026-05-01", "1.2345", "KWD"),
        ],
    )
    outcome = take(books, "invoices", path, decimal=".")
    assert outcome.totals == {"JPY": "11", "KWD": "1.235", "USD": "1.01"}
    assert outcome.rounding == {"JPY": "0.5", "KWD": "0.0005", "USD": "0.005"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), kind=st.sampled_from(KINDS))
def test_no_file_of_any_bytes_does_more_than_be_refused(
    module_books: Books, tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "f.csv"
    path.write_bytes(content)
    try:
        import_file(module_books.session("jana"), kind, path, Options(dry_run=True))
    except ArtuiError as error:
        assert str(error)


_CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "A1",
            "C1",
            "2026-05-01",
            "1/2/2026",
            "12.50",
            "1.234,50",
            "-3",
            "USD",
            "yes",
            "0.2",
            "9" * 20,
            "\x00",
            "\\N",
            "\\.",
            "'",
            '"',
            "=1+1",
            "\u202e",
        ]
    ),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(_CELLS, max_size=9), max_size=8), kind=st.sampled_from(KINDS))
def test_no_cells_under_the_right_header_do_more_than_be_rejected(
    module_books: Books, tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], kind: str
) -> None:
    header = {
        "invoices": "number,customer,date,due,amount,currency,kind,settled,disputed",
        "purchases": "number,vendor,date,due,amount,tax,currency,settled,terms",
        "receipts": "number,customer,date,amount,currency,method,reference,invoice,x",
        "customers": "number,name,country,phone,email,terms,credit_limit,note,parent",
        "vendors": "number,name,language,fax,web,timezone,opened_on,address,city",
        "items": "number,description,unit,unit_price,currency,tax_code,x,y,z",
        "contacts": "account,name,title,purpose,phone,mobile,email,type,value",
    }[kind]
    path = tmp_path_factory.mktemp("cells") / "f.csv"
    with path.open("w", newline="", encoding="utf-8", errors="surrogatepass") as stream:
        csv.writer(stream).writerows([header.split(","), *rows])
    try:
        outcome = import_file(
            module_books.session("jana"), kind, path, Options(dry_run=True, date_order="dmy", decimal=".")
        )
    except BadInput:
        return
    assert outcome.rows == outcome.created + outcome.unchanged + outcome.updated + outcome.rejected
