"""Keys changed by the person, said back when they cannot be used, and the sheet to print."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.catalog import offers
from screens.commands import Back, Go, Who
from screens.keymap import Keymap, complaints, keymap_of
from screens.keysheet import sheet
from tests.books import Books
from tests.screens.pilot import line_with, pressed, program, run, text, typed

DOCS = Path(__file__).parents[2] / "docs"


def test_the_key_sheet_is_true() -> None:
    assert (DOCS / "keys.md").read_text(encoding="utf-8") == sheet(), "python scripts/keysheet.py writes it anew"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"whom": "f2"}, "[keys] whom is no command. Did you mean who?"),
        ({"who": 2}, '[keys] who must be keys in quotes, such as "f2,ctrl+f".'),
        ({"who": ""}, '[keys] who must be keys in quotes, such as "f2,ctrl+f".'),
        ({"who": "f12"}, "[keys] who: F12 does not arrive on every terminal; choose another key."),
        ({"who": "ctrl+s"}, "[keys] who: Ctrl+S does not arrive on every terminal; choose another key."),
        ({"who": "alt+w"}, "[keys] who: Alt+W does not arrive the same on every terminal; choose a letter, F1 to F10 or Ctrl and a letter."),
        ({"who": "ctrl+f3"}, "[keys] who: Ctrl+F3 does not arrive the same on every terminal; choose a letter, F1 to F10 or Ctrl and a letter."),
        ({"who": "winkey"}, "[keys] who: winkey is no key."),
        ({"who": "f3"}, "F3 means both who and back on: "),
    ],
)
def test_what_cannot_be_used_is_said(written: dict[str, object], said: str) -> None:
    found = complaints(written, offers())
    assert any(said in one for one in found), found


def test_a_good_keymap_has_nothing_to_complain_about_and_the_keys_it_was_born_with_neither() -> None:
    assert complaints({"who": "f2,ctrl+f", "go": "f7, ctrl+p, :", "search": "/"}, offers()) == []
    assert complaints({}, offers()) == []


def test_a_changed_command_has_its_new_keys_only_and_letters_are_left_to_fields() -> None:
    keymap = keymap_of({"who": "f8,w,?", "back": "b", "nobody": "x"})
    assert keymap.keys(Who, typing=False) == ("f8", "w", "question_mark")
    assert keymap.keys(Who, typing=True) == ("f8",)
    assert keymap.keys(Back, typing=False) == ("b",)
    assert keymap.keys(Back, typing=True) == Back.keys, "a command is never out of reach"
    assert keymap.keys(Go, typing=False) == Keymap().keys(Go, typing=False)


def test_the_program_follows_the_keymap_and_the_key_line_says_so(office: Books) -> None:
    async def story() -> None:
        async with program(office, keys={"who": "f9,w", "back": "f3,b"}) as pilot:
            await typed(pilot, "10442")
            assert "F9 Who" in line_with(pilot, "F1 Help")
            await pressed(pilot, "enter", "q")
            assert "Customer 10442" in text(pilot), "q no longer goes back"
            await pressed(pilot, "b")
            assert "Lookup" in text(pilot)

    run(story)


def test_doctor_says_what_is_wrong_with_the_keys(office: Books, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\nwho = "f12"\nbakc = "b"\n', encoding="utf-8")
    answer = office.artui("doctor", login="jana", status=1, more={"ARTUI_HOME": str(tmp_path)})
    assert "WRONG keys: [keys] who: F12 does not arrive on every terminal" in answer.stdout
    assert "Did you mean back?" in answer.stdout
