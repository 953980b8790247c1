"""Files as they come: separators, quotes, line ends, encodings, and those that are none."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from artui.errors import BadInput
from artui.io.importers.reading import LONGEST_CELL, Unreadable, open_table
from tests.imports.files import write


def _read(path: Path, encoding: str | None = None) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    found = open_table(path, encoding)
    return found.columns, list(found.records())


def test_every_shape_of_the_format_is_read_as_it_is_meant(shared: Path) -> None:
    folder = shared / "cases" / "hostile" / "csv_spectrum"
    for path in sorted((folder / "csvs").glob("*.csv")):
        columns, records = _read(path)
        wanted = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        found = [dict(zip(columns, cells, strict=True)) for _, cells in records]
        # whether a line end within quotes is written with a carriage return is the file's business
        assert json.dumps(found).replace("\\r", "") == json.dumps(wanted).replace("\\r", ""), path.name


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_most_columns(tmp_path: Path, separator: str) -> None:
    path = write(
        tmp_path / "f.csv", separator.join(['"a, b;c"', "d", "e"]) + "\n" + separator.join("123") + "\n"
    )
    assert _read(path) == (("a, b;c", "d", "e"), [(2, ["1", "2", "3"])])


def test_a_spreadsheet_may_say_its_separator(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "sep=;\r\na,b;c\r\n1,5;2\r\n")
    assert _read(path) == (("a,b", "c"), [(3, ["1,5", "2"])])


def test_rows_are_counted_by_the_line_they_start_on(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", 'a,b\r\n1,"x\r\ny"\r\n\r\n,\r\n2,z\r\n')
    assert _read(path)[1] == [(2, ["1", "x\r\ny"]), (6, ["2", "z"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_line_ends(tmp_path: Path, end: str) -> None:
    path = write(tmp_path / "f.csv", end.join(["a,b", "1,2", "3,4"]))
    assert _read(path)[1] == [(2, ["1", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marked_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    path = write(tmp_path / "f.csv", mark + "číslo,b\n1,Dvořák\n".encode(encoding))
    assert _read(path) == (("číslo", "b"), [(2, ["1", "Dvořák"])])


def test_without_a_mark_it_is_utf_8_or_a_guess_that_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "a,b\n1,Müller\n".encode("cp1252"))
    found = open_table(path)
    assert found.guessed and next(found.records())[1] == ["1", "Müller"]
    assert _read(write(tmp_path / "g.csv", "a,b\n1,Dvořák\n".encode("cp1250")), "cp1250")[1] == [
        (2, ["1", "Dvořák"])
    ]


@pytest.mark.parametrize(
    ("content", "encoding", "told"),
    [
        (b"", None, "is empty"),
        (b"\n\n", None, "is empty"),
        (b"\xef\xbb\xbf", None, "is empty"),
        (b"a,b\n1,\x81\n", None, "--encoding"),
        (b"a,b\n1,\xff\n", "utf-8", "is not in utf-8"),
        (b"a,b\n", "klingon", "no encoding 'klingon'"),
        (b"a,b\n", "hex", "no encoding 'hex'"),
        (b'"never closed, a\n1,2\n', None, "no readable first line"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, encoding: str | None, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        open_table(write(tmp_path / "f.csv", content), encoding)


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.csv", Path("/dev/null")):
        with pytest.raises(BadInput):
            open_table(path)


def test_a_quote_that_is_never_closed_swallows_no_rows_in_silence(tmp_path: Path) -> None:
    records = open_table(write(tmp_path / "f.csv", 'a,b\n1,2\n3,"x\n5,6\n7,8\n')).records()
    assert next(records) == (2, ["1", "2"])
    with pytest.raises(Unreadable, match="never closed") as caught:
        next(records)
    assert caught.value.line == 3


def test_a_cell_has_a_limit(tmp_path: Path) -> None:
    records = open_table(
        write(tmp_path / "f.csv", "a,b\n1,2\n3," + "x" * (LONGEST_CELL + 1) + "\n")
    ).records()
    assert next(records) == (2, ["1", "2"])
    with pytest.raises(Unreadable, match="cannot be read from here"):
        next(records)
