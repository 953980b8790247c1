"""A table shows exactly the text it was given, whatever that text holds."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import pytest
from wcwidth import wcswidth

from artui.errors import WrongUsage
from artui.tables import Column, render

COLUMNS = (Column("number", "No."), Column("name", "Name"), Column("total", "Total", "right"))


def test_figures_and_codes_are_never_reformatted() -> None:
    rows = [["00123", "1e5", "1 234.50"], ["7", "1,234.50", "1234567.50"], ["x", "0x10", "1.10"]]
    for fmt in ("table", "md", "html", "csv"):
        shown = render(rows, COLUMNS, fmt)
        assert all(cell in shown for row in rows for cell in row)


def test_a_drawn_table_aligns_figures_right_and_wide_names_by_cells() -> None:
    shown = render([["1", "Dvořák", "5.00"], ["2", "김철수", "-1 200.00"]], COLUMNS, "table").splitlines()
    assert len({wcswidth(line) for line in shown}) == 1
    assert shown[2].endswith("      5.00") and shown[3].endswith(" -1 200.00")


def test_rows_may_be_mappings_by_column_name() -> None:
    row = {"total": "5.00", "name": "ACME", "number": "1", "more": "unused"}
    assert render([row], COLUMNS, "table") == render([["1", "ACME", "5.00"]], COLUMNS, "table")


@pytest.mark.parametrize("fmt", ["table", "md", "html", "csv"])
def test_control_characters_are_shown_not_sent(fmt: str) -> None:
    shown = render([["1\x1b[2J", "two\nlines", "\x9b5"]], COLUMNS, fmt)
    assert not set(shown) & set("\x1b\x9b")
    assert "two␊lines" in shown


def test_markdown_cells_cannot_end_early_or_hold_html() -> None:
    shown = render([["1", "a|b\\|<script>", "5.00"]], COLUMNS, "md")
    assert "a\\|b\\\\\\|&lt;script>" in shown
    assert "----:|" in shown


def test_html_cells_are_text() -> None:
    shown = render([["1", "<script>&", "5.00"]], COLUMNS, "html")
    assert "&lt;script&gt;&amp;" in shown and "<script>" not in shown


def test_csv_reads_back_and_holds_no_formula() -> None:
    rows = [["00123", 'He said "no", twice', "-5.00"], ["=1+1", "-5", "=HYPERLINK(1)"]]
    text = render(rows, COLUMNS, "csv")
    assert text.count("\r\n") == 3
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["number", "name", "total"],
        ["00123", 'He said "no", twice', "-5.00"],
        ["'=1+1", "'-5", "'=HYPERLINK(1)"],
    ]


@pytest.mark.parametrize("fmt", ["table", "md", "html", "csv"])
def test_an_empty_table_still_names_its_columns(fmt: str) -> None:
    shown = render([], COLUMNS, fmt)
    assert "number" in shown if fmt == "csv" else "No." in shown


def test_a_column_without_a_title_shows_its_name() -> None:
    assert render([["5"]], [Column("days", align="right")], "table").startswith("  days")


def test_an_unknown_format_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="json"):
        render([], COLUMNS, "json")


def test_numbers_and_missing_cells_are_programming_errors() -> None:
    with pytest.raises(TypeError):
        render([["1", "ACME", 5]], COLUMNS, "table")  # type: ignore[list-item]
    with pytest.raises(TypeError):
        render([["1", "ACME"]], COLUMNS, "table")


def test_tables_cost_nothing_until_one_is_drawn() -> None:
    program = (
        "import sys, artui.tables, artui.money, artui.text; print({'tabulate', 'babel'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
