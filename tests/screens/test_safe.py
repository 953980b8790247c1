"""The door between the books and the screen: nothing else may make text for it."""

from __future__ import annotations

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import screens
from screens.layout import Column, edges, flow, table
from screens.safe import Part, amount, cut, day, line, line_width, padded, part, plain_text, shown

FOLDER = Path(screens.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
READS_MARKUP = {"Static", "Label", "Button", "DataTable", "OptionList", "Tree", "Content", "Markdown", "RichLog", "Log", "Text", "notify", "from_markup", "Digits"}


def names_used(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            found.add(function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else "")
    return found


def modules_imported(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_screen_passes_text_round_the_door(module: Path) -> None:
    used = names_used(module)
    assert not used & READS_MARKUP
    if module.name != "safe.py":
        assert "Shown" not in used, "only safe.py makes text that may be painted"
    if module.name not in ("painted.py", "box.py", "field.py") and module.parent.name != "port":
        assert not used & {"Segment", "Strip"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_screen_talks_to_the_database_itself(module: Path) -> None:
    assert not modules_imported(module) & {"peewee", "psycopg2", "models"}
    assert not names_used(module) & {"query", "execute_sql", "transaction", "prepared"}


def test_commands_are_known_without_loading_the_screens() -> None:
    for module in (FOLDER / "commands").glob("*.py"):
        assert modules_imported(module) <= {"__future__", "typing", "collections", "screens"}
        assert not re.findall(r"from screens\.(?!commands\b)", module.read_text(encoding="utf-8"))


def test_amounts_are_written_in_full_and_days_without_doubt() -> None:
    assert amount(Decimal("-48200.00"), "PHP") == "-48 200.00"
    assert amount(Decimal(125000), "JPY") == "125 000"
    assert day(date(2026, 9, 1)) == " 1 Sep 26"


def test_text_is_cut_and_filled_by_cells_not_letters() -> None:
    assert cut(shown("株式会社山田"), 5) == "株式…"
    assert cut(shown("株式会社山田"), 6) == "株式 …"
    assert padded(shown("株式"), 6) == "株式  "
    assert padded(shown("株式"), 6, right=True) == "  株式"


def test_a_table_gives_way_in_order_and_never_cuts_an_amount() -> None:
    columns = (Column("Name", 6, grows=1), Column("Place", 8, rank=2), Column("PO", 8, rank=1), Column("Open", 6, right=True))
    row = [part("Wolfeschlegelsteinhausenbergerdorff"), part("Brno"), part("4500"), Part(amount(Decimal("999999999999.99"), "USD"))]
    for width, titles in ((60, ["Name", "Place", "PO", "Open"]), (43, ["Name", "PO", "Open"]), (34, ["Name", "Open"]), (20, ["…", "Open"])):
        heading, lines = table(columns, [row], width)
        assert plain_text(heading).split() == titles
        assert "999 999 999 999.99" in plain_text(lines[0])
        assert width < 30 or line_width(lines[0]) <= width


def test_chunks_flow_to_the_next_line_whole() -> None:
    laid = flow([line("aaaa"), line("bbbb"), line("cccc")], 13)
    assert [plain_text(one) for one in laid] == [" aaaa · bbbb", " cccc"]


def test_the_left_edge_gives_way_to_the_right_one() -> None:
    laid = edges(line("a long name that does not fit"), line("HOLD "), 20)
    assert plain_text(laid) == "a long name t… HOLD "
    assert line_width(laid) == 20
