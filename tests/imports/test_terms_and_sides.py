"""Due dates from terms, openings, credits, purchases, parties and contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from artui.errors import Refused
from artui.people.phones import value_key
from tests.books import Books
from tests.imports.files import command, counts, table, take, write


def test_without_a_due_date_the_terms_of_the_row_then_of_the_account_count(
    books: Books, tmp_path: Path
) -> None:
    take(
        books,
        "customers",
        table(
            tmp_path / "c.csv",
            "number,name,terms",
            [("C1", "One", "NET14"), ("C2", "Two", "net 30"), ("C3", "Three", "3x30"), ("C4", "Four", "")],
        ),
    )
    rows = [("A1", "C1", "2026-05-01", "", ""), ("A2", "C2", "2026-05-01", "", ""), ("A3", "C3", "2026-05-01", "", ""), ("A4", "C4", "2026-05-01", "", ""), ("A5", "C9", "2026-05-01", "", ""),
            ("A6", "C1", "2026-05-01", "", "EOM"), ("A7", "C1", "2026-05-01", "2026-06-30", "EOM"), ("A8", "C1", "2026-05-01", "", '[{"months": 2}]'), ("A9", "C1", "2026-05-01", "", "someday")]  # fmt: skip
    outcome = take(
        books,
        "invoices",
        table(
            tmp_path / "i.csv", "number,customer,date,due,terms,amount", [(*row, "100.00") for row in rows]
        ),
    )
    assert counts(outcome) == (8, 0, 0, 1)
    assert (outcome.errors[0].row, outcome.errors[0].column) == (10, "terms")
    found: dict[str, list[tuple[str, int]]] = {}
    for number, due, amount in books.query(
        "SELECT d.number, i.due_on::text, i.original::int FROM document d JOIN open_item i ON i.document_id = d.id ORDER BY 1, i.seq"
    ):
        found.setdefault(number, []).append((due, amount))
    assert found == {
        "A1": [("2026-05-15", 10000)], "A2": [("2026-05-31", 10000)], "A3": [("2026-05-31", 3333), ("2026-06-30", 3333), ("2026-07-30", 3334)], "A4": [("2026-05-01", 10000)],
        "A5": [("2026-05-01", 10000)], "A6": [("2026-05-31", 10000)], "A7": [("2026-06-30", 10000)], "A8": [("2026-07-01", 10000)],
    }  # fmt: skip
    assert books.query("SELECT terms FROM document WHERE number = 'A1'") == [([{"days": 14}],)]
    books.tie()


def test_instalments_that_are_settled_are_settled_each(books: Books, tmp_path: Path) -> None:
    path = table(
        tmp_path / "i.csv",
        "number,customer,date,terms,amount,settled,disputed",
        [
            ("A1", "C1", "2026-03-01", "3X30", "100.00", "2026-05-05", "yes"),
            ("A2", "C1", "2026-03-01", "3X30", "0.00", "", "no"),
        ],
    )
    assert counts(take(books, "invoices", path)) == (2, 0, 0, 0)
    assert books.query("SELECT count(*), sum(open)::int FROM open_item WHERE original > 0") == [(3, 0)]
    books.tie()


def test_an_open_item_is_loaded_for_what_is_left_of_it(books: Books, tmp_path: Path) -> None:
    rows = [
        ("A1", "C1", "2026-05-01", "100.00", "40.00", "invoice"),
        ("A2", "C1", "2026-05-01", "100.00", "140.00", "invoice"),
        ("A3", "C1", "2026-05-01", "30.00", "30.00", "credit note"),
    ]
    outcome = take(
        books, "invoices", table(tmp_path / "i.csv", "number,customer,date,amount,open_amount,kind", rows)
    )
    assert (counts(outcome), outcome.totals) == ((2, 0, 0, 1), {"USD": "10.00"})
    assert books.query("SELECT sum(total)::int, sum(unapplied)::int FROM api.ageing('2026-06-01')") == [
        (1000, -3000)
    ]
    assert books.query("SELECT amount::int FROM api.ledger_balance('4000', '2026-06-01')") == []
    books.tie()


def test_purchases_belong_to_their_vendor_whose_numbers_are_its_own(books: Books, tmp_path: Path) -> None:
    rows = [("1", "V1", "Paper Ltd", "2026-05-01", "2026-05-31", "121.00", "21.00", ""), ("1", "V2", "Ink Ltd", "2026-05-01", "2026-05-31", "50.00", "", "2026-05-20"), ("2", "V1", "", "2026-05-01", "", "50.00", "", "2026-05-20"),
            ("2", "V2", "", "2026-05-01", "", "50.00", "", "2026-05-20"), ("2", "V2", "", "2026-05-01", "", "51.00", "", "")]  # fmt: skip
    path = table(tmp_path / "p.csv", "number,vendor,vendor_name,date,due,amount,tax,settled", rows)
    outcome = take(books, "purchases", path)
    assert (counts(outcome), outcome.totals) == ((4, 0, 0, 1), {"USD": "271.00"})
    assert counts(take(books, "purchases", path)) == (0, 4, 0, 1)
    assert books.query(
        "SELECT a.number, sum(i.open)::int FROM open_item i JOIN account a ON a.id = i.account_id WHERE a.kind = 'vendor' GROUP BY 1 ORDER BY 1"
    ) == [("V1", -12100), ("V2", 0)]
    books.tie()


def test_a_customers_file_read_again_changes_only_what_it_says_otherwise(
    books: Books, tmp_path: Path
) -> None:
    header = (
        "number,name,country,language,timezone,phone,e-mail,parent,terms,collector,note,city,credit_limit"
    )
    rows = [("00C1", "Über AG", "Germany", "German", "Europe/Berlin", "030 901820", "A@b.de", "00C2", "30 days", "Petr", "a\nb", "Berlin", "500"),
            ("00C2", "Head", "UK", "en-GB", "Mars/Base", "none", "", "00C9", "", "Nobody", "", "", "")]  # fmt: skip
    path = table(tmp_path / "c.csv", header, rows)
    first = take(books, "customers", path)
    assert counts(first) == (2, 0, 0, 0)
    assert {(warning.row, warning.column) for warning in first.warnings} == {
        (2, "credit_limit"),
        (4, "timezone"),
        (4, "phone"),
        (4, "collector"),
        (4, "parent"),
    }
    assert counts(take(books, "customers", path)) == (0, 2, 0, 0)
    found = books.query(
        "SELECT p.country, p.language, p.timezone, p.note, u.name, a.terms, a.collector, a.credit_limit, c.value_key FROM account a JOIN party p ON p.id = a.party_id"
        " JOIN party u ON u.id = p.parent_id JOIN contact_point c ON c.party_id = p.id AND c.type = 'phone' WHERE a.number = '00C1'"
    )
    assert found == [("DE", "de", "Europe/Berlin", "a\nb", "Head", "NET30", "petr", None, "4930901820")]
    changed = table(
        tmp_path / "d.csv",
        "number,name,city",
        [("00C1", "Über SE", "Köln"), ("00C2", "", ""), ("00C3", "", "")],
    )
    outcome = take(books, "customers", changed)
    assert (counts(outcome), outcome.errors[0].column) == ((0, 1, 1, 1), "name")
    assert books.query("SELECT name FROM party ORDER BY 1") == [("Head",), ("Über SE",)]
    assert books.query("SELECT city FROM address") == [("Köln",)]
    assert counts(take(books, "customers", path, login="viktor"))[2] == 1
    assert books.query("SELECT credit_limit::int FROM account WHERE number = '00C1'") == [(50000,)]


def test_a_parent_may_stand_further_down_than_its_children(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artui.io.importers.ahead.CHUNK", 3)
    path = table(
        tmp_path / "c.csv",
        "number,name,parent",
        [(f"C{place}", f"Name {place}", f"C{place + 5}" if place < 5 else "") for place in range(10)],
    )
    outcome = take(books, "customers", path)
    assert (counts(outcome), outcome.warnings) == ((10, 0, 0, 0), [])
    assert books.query("SELECT count(*) FROM party WHERE parent_id IS NOT NULL") == [(5,)]


def test_a_group_of_a_file_has_one_head(books: Books, tmp_path: Path) -> None:
    path = table(tmp_path / "c.csv", "number,name,parent", [("C1", "Part of a part", "C2"), ("C2", "Part", "C3"), ("C3", "Head", ""), ("C4", "Round", "C5"), ("C5", "And round", "C4")])
    for _ in range(2):
        outcome = take(books, "customers", path)
        assert [(warning.row, warning.column, warning.value) for warning in outcome.warnings] == [(2, "parent", "C2"), (5, "parent", "C5"), (6, "parent", "C4")]
    assert "one head and its parts" in outcome.warnings[0].message
    assert books.query("SELECT p.name, u.name FROM party p JOIN party u ON u.id = p.parent_id") == [("Part", "Head")]


def test_items_and_people_arrive_once(books: Books, tmp_path: Path) -> None:
    take(books, "customers", table(tmp_path / "c.csv", "number,name,country", [("C1", "One", "CZ")]))
    items = table(
        tmp_path / "i.csv",
        "item no,description,unit,price",
        [("007", "Bolt", "pc", "0.125"), ("008", "Nut", "pc", ""), ("007", "Bolt again", "", "")],
    )
    assert counts(take(books, "items", items)) == (2, 0, 0, 1)
    assert counts(take(books, "items", items)) == (0, 2, 0, 1)
    people = table(
        tmp_path / "p.csv",
        "account,name,title,purpose,phone,mobile,email",
        [
            ("C1", "Eva", "Boss", "ap", "224 123 456", "", "Eva@x.cz"),
            ("C1", "Jan", "", "?", "", "", ""),
            ("C2", "Nobody", "", "", "", "", ""),
        ],
    )
    outcome = take(books, "contacts", people)
    assert (counts(outcome), outcome.errors[0].value) == ((2, 0, 0, 1), "C2")
    assert books.query("SELECT type, value_key FROM contact_point ORDER BY 1") == [
        ("email", "eva@x.cz"),
        ("phone", "420224123456"),
    ]
    assert counts(take(books, "contacts", people)) == (0, 2, 0, 1)


def test_lines_that_cannot_be_read_reject_their_document_and_strays_are_told(
    books: Books, tmp_path: Path
) -> None:
    invoices = table(
        tmp_path / "i.csv",
        "number,customer,date,amount",
        [
            ("A1", "C1", "2026-05-01", ""),
            ("A2", "C1", "2026-05-01", ""),
            ("A3", "C1", "2026-05-01", ""),
            ("A4", "C1", "2026-05-01", "9.00"),
        ],
    )
    lines = table(
        tmp_path / "l.csv", "number,item,qty,price,discount percent",
        [("A1", "X", "2", "10.00", "50"), ("A2", "X", "two", "10.00", ""), ("A1", "Y", "1", "0.005", ""), ("A9", "Z", "1", "1", ""), ("A4", "X", "1", "8.00", "")],
    )  # fmt: skip
    outcome = take(books, "invoices", invoices, lines=lines)
    assert (counts(outcome), outcome.totals) == ((2, 0, 0, 2), {"USD": "19.01"})
    assert [(error.row, error.column, error.value) for error in outcome.errors] == [
        (3, "qty", "two"),
        (4, "amount", ""),
    ]
    assert "Line 3 of l.csv" in outcome.errors[0].message
    assert [(warning.row, warning.column) for warning in outcome.warnings] == [(5, "amount"), (5, "number")]
    assert books.query(
        "SELECT l.line, l.amount::int, l.discount FROM document_line l JOIN document d ON d.id = l.document_id WHERE d.number = 'A1' ORDER BY 1"
    ) == [(1, 1000, 1 / 2), (2, 1, 0)]


def test_a_way_of_reading_can_be_saved_and_used_again(books: Books, tmp_path: Path) -> None:
    path = write(tmp_path / "i.csv", "Beleg;Wer;Wann;Wieviel\nA1;C1;01.02.2026;1.234,50\n")
    told = (
        "invoices",
        str(path),
        "--map",
        "number=Beleg",
        "--map",
        "customer=Wer",
        "--map",
        "date=Wann",
        "--map",
        "amount=Wieviel",
        "--date-order",
        "dmy",
        "--decimal",
        ",",
    )
    assert command(books, *told, "--dry-run", "--save-profile", "buchhaltung")["created"] == 1
    answer = command(books, "invoices", str(path), "--profile", "buchhaltung")
    assert (answer["created"], answer["totals"]) == (1, {"USD": "1234.50"})
    assert (
        "There are: buchhaltung."
        in books.artui("import", "invoices", str(path), "--profile", "nope", login="jana", status=1).stderr
    )
    assert (
        "no profile buchhaltung for receipts"
        in books.artui(
            "import", "receipts", str(path), "--profile", "buchhaltung", login="jana", status=1
        ).stderr
    )


@pytest.mark.parametrize(
    "kind", ["customers", "vendors", "items", "invoices", "receipts", "purchases", "contacts"]
)
@pytest.mark.parametrize("login", ["petr", "audrey", "cora", "adam"])
def test_only_those_with_the_right_import(module_books: Books, tmp_path: Path, kind: str, login: str) -> None:
    with pytest.raises(Refused):
        take(module_books, kind, write(tmp_path / "f.csv", "number\n1\n"), login=login)


@pytest.mark.parametrize(
    ("shown", "country", "key"),
    [
        ("+49 30 901820", None, "4930901820"), ("+49 (0)30 901820", None, "4930901820"), ("030-0074321", "DE", "49300074321"), ("(171) 555-2222", "GB", "441715552222"),
        ("00420 224 123 456", "DE", "420224123456"), ("(604) 555-3392 x12", "CA", "16045553392"), ("0800-12", None, "080012"), ("none", "US", ""), ("", "US", ""), ("1-800-FLOWERS", "US", "18003569377"),
    ],
)  # fmt: skip
def test_a_phone_is_found_by_its_digits_with_the_country(shown: str, country: str | None, key: str) -> None:
    assert value_key(shown, country) == key
