"""Which column is what, and how the file writes figures and days."""

from __future__ import annotations

from pathlib import Path

import pytest

from artui.errors import BadInput
from artui.io.importers import fields
from artui.io.importers.columns import match
from artui.io.importers.evidence import date_order, decimal_mark
from artui.io.importers.kinds import _PLANS
from artui.io.importers.reading import open_table
from tests.imports.files import write


def test_no_two_fields_of_a_kind_are_guessed_from_the_same_column() -> None:
    for plan in _PLANS.values():
        for field, synonyms in plan.fields.items():
            found = match([synonyms.split()[0]], {}, plan.fields, "x").used()
            assert len(found) == 1, (field, found)
            assert all(name == name.lower() and name.isascii() for name in synonyms.split())


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            ["Invoice #", "Customer ID", "Customer", "Invoice Date", "Due-Date", "TOTAL"],
            ["number", "customer", "customer_name", "date", "due", "amount"],
        ),
        (
            [
                "číslo faktury",
                "Číslo zákazníka",
                "Datum vystavení",
                "Datum splatnosti",
                "Částka celkem",
                "DPH",
            ],
            ["number", "customer", "date", "due", "amount", "tax"],
        ),
        (
            ["Rechnungsnummer", "Kunden-Nr.", "Rechnungsdatum", "Fällig am", "Betrag", "Währung"],
            ["number", "customer", "date", "due", "amount", "currency"],
        ),
        (
            ["Número de factura", "Cliente", "Fecha", "Vencimiento", "Importe", "Moneda"],
            ["number", "customer", "date", "due", "amount", "currency"],
        ),
    ],
)
def test_columns_are_found_by_their_names_in_a_few_languages(names: list[str], found: list[str]) -> None:
    assert list(match(names, {}, fields.INVOICES, "invoices").used().items()) == sorted(
        zip(found, names, strict=True), key=lambda pair: list(fields.INVOICES).index(pair[0])
    )


def test_what_is_told_wins_and_the_rest_is_named_as_unused() -> None:
    found = match(
        ["number", "id", "total", "Amount", "x"],
        {"number": "ID", "amount": "total"},
        fields.INVOICES,
        "invoices",
    )
    assert (found.used(), found.ignored) == ({"number": "id", "amount": "total"}, ("number", "Amount", "x"))


def test_a_name_that_stands_there_twice_is_not_guessed() -> None:
    assert match(["amount", "Amount"], {}, fields.INVOICES, "invoices").used() == {}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"colour": "a"}, "no field 'colour' in invoices. Fields: number, customer"),
        ({"number": "z"}, "no column 'z'. Columns: a, b, B "),
        ({"number": "b "}, "more than one column"),
    ],
)
def test_an_unknown_field_or_column_is_refused_naming_those_there_are(
    told: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadInput) as caught:
        match(["a", "b", "B "], told, fields.INVOICES, "invoices")
    assert sentence.strip() in str(caught.value)


def _order(tmp_path: Path, *days: str) -> str | None:
    found = open_table(write(tmp_path / "f.csv", "n,date\n" + "".join(f"1,{day}\n" for day in days)))
    return date_order(found, match(found.columns, {}, fields.INVOICES, "x"), ("date", "due"), None)


def test_the_order_of_days_is_taken_from_all_of_the_column(tmp_path: Path) -> None:
    late = ["1/2/2013"] * 3000
    assert _order(tmp_path, *late, "13/2/2013") == "dmy"
    assert _order(tmp_path, *late, "2/13/2013") == "mdy"
    assert _order(tmp_path, "2013-02-01", "20130201") is None
    assert _order(tmp_path, "13/2/2013", "1/2/2013") == "dmy"
    assert _order(tmp_path, "1.2.99", "31.1.99") == "dmy"
    with pytest.raises(BadInput, match="--date-order"):
        _order(tmp_path, *late)
    with pytest.raises(BadInput, match="more than one order"):
        _order(tmp_path, "13/2/2013", "2/13/2013")


def _mark(tmp_path: Path, *amounts: str) -> str | None:
    found = open_table(
        write(tmp_path / "f.csv", "n;amount\n" + "".join(f"1;{amount}\n" for amount in amounts))
    )
    return decimal_mark(found, match(found.columns, {}, fields.INVOICES, "x"), ("amount",), None)


def test_the_decimal_mark_is_taken_from_all_of_the_column(tmp_path: Path) -> None:
    late = ["1.234"] * 3000
    assert _mark(tmp_path, *late, "12,50") == ","
    assert _mark(tmp_path, *late, "12.50") == "."
    assert _mark(tmp_path, "1.234.567") == ","
    assert _mark(tmp_path, "1 234,50", "12") == ","
    assert _mark(tmp_path, "100", "12") is None
    with pytest.raises(BadInput, match="--decimal"):
        _mark(tmp_path, *late)
    with pytest.raises(BadInput, match="in two ways"):
        _mark(tmp_path, "1,5", "1.5")
