"""No text goes round the door: the source of every screen is read, not trusted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import screens

FOLDER = Path(screens.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
DRAWS_TEXT = {"painted.py", "widgets/box.py", "widgets/field.py", "safe.py"}
"""Where text becomes a picture; `port/` takes pictures only."""
ALLOWED = {
    "textual.app": {"ComposeResult", "App"}, "textual.widgets": {"Input"}, "textual.message": {"Message"}, "textual.widget": {"Widget"}, "textual.screen": {"Screen"},
    "textual.containers": {"Horizontal", "Vertical"}, "textual.timer": {"Timer"}, "textual.messages": {"Layout", "Update"}, "textual.worker": {"Worker"}, "textual.events": None, "textual.geometry": None, "textual.dom": {"DOMNode"}, "textual.theme": {"Theme"},
    "textual.binding": None, "textual.strip": {"Strip"}, "textual.driver": None, "textual.drivers.linux_driver": None, "textual._xterm_parser": None, "textual._compositor": None,
    "textual": {"constants", "events"}, "textual.filter": {"LineFilter"}, "textual.color": {"Color"},
    "rich.segment": {"Segment"}, "rich.style": {"Style"}, "rich.console": {"RenderableType"}, "rich.color": None, "rich.cells": None,
}  # fmt: skip
SAYS = {"border_title", "border_subtitle", "tooltip", "placeholder", "sub_title", "label", "renderable"}
"""What a widget shows when it is set."""


def faults(tree: ast.AST, name: str) -> list[str]:
    """Every place where a plain str could reach the screen."""
    found: list[str] = []
    for node in ast.walk(tree):
        if name.startswith("port/") and isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("textual", "rich"):
            allowed = ALLOWED.get(node.module, set())
            found += [f"imports {alias.name} of {node.module}" for alias in node.names if allowed is not None and alias.name not in allowed]
        elif isinstance(node, ast.Import):
            found += [f"imports {alias.name}" for alias in node.names if alias.name.split(".")[0] in ("textual", "rich")]
        elif isinstance(node, ast.Call):
            found += _call(node, name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            found += _assignment(node)
    return found


def _call(node: ast.Call, name: str) -> list[str]:
    called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if called == "Shown" and name != "safe.py":
        return ["makes Shown"]
    if called == "cast" and node.args and "Shown" in ast.unparse(node.args[0]):
        return ["casts to Shown"]
    if called == "Part" and name != "safe.py" and node.args and _plain(node.args[0]):
        return ["makes a Part of a plain text"]
    if called in ("Segment", "Strip") and name not in DRAWS_TEXT and not name.startswith("port/"):
        return [f"makes a {called}"]
    if called in ("notify", "update", "write_line", "set_label") and called != "update":
        return [f"calls {called}"]
    said = {keyword.arg for keyword in node.keywords} & {"placeholder", "tooltip", "markup"}
    return [f"passes {', '.join(sorted(said))}"] if said else []


def _assignment(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    found = []
    for target in targets:
        if isinstance(target, ast.Attribute) and target.attr in SAYS and not (isinstance(target.value, ast.Name) and target.value.id == "self" and target.attr == "label"):
            found.append(f"sets {target.attr}")
        if isinstance(target, ast.Attribute) and target.attr == "value" and not (isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "safe"):
            found.append("sets the value of a field without safe()")
    return found


def _plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.JoinedStr, ast.BinOp)) or (isinstance(node, ast.Constant) and isinstance(node.value, str)) or (isinstance(node, ast.Call) and ast.unparse(node.func) == "str")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_plain_text_reaches_a_widget(module: Path) -> None:
    assert not faults(ast.parse(module.read_text(encoding="utf-8")), module.relative_to(FOLDER).as_posix())


@pytest.mark.parametrize(
    "wrong",
    [
        "from textual.widgets import Static", "import rich", "from rich.text import Text", "Shown(name)", "cast('Shown', name)", "Part(f'{name}')", "Part('a' + name)", "Part(str(name))",
        "Segment(name)", "Strip([Segment(name)])", "self.notify(name)", "box.value = name", "box.value = name.strip()", "self.tooltip = name", "x.border_title = name", "Input(placeholder=name)",
    ],
)  # fmt: skip
def test_what_goes_round_the_door_is_seen(wrong: str) -> None:
    assert faults(ast.parse(wrong), "people/card.py")
