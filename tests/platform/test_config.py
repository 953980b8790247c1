"""The configuration: where things lie, what may be written down, and what is said about mistakes."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from artui.config import Config, load_config, private_dir
from artui.errors import ArtuiError, BadInput

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root keeps its server elsewhere")


def load(home: Path, text: str | None = None, **environ: str) -> Config:
    if text is not None:
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(text, encoding="utf-8")
    return load_config({"ARTUI_HOME": str(home), **environ})


def test_without_a_file_everything_has_a_default_and_nothing_is_created(tmp_path: Path) -> None:
    home = tmp_path / "home"
    config = load(home)
    assert (config.currency, config.today, config.database_url, dict(config.screen)) == ("USD", None, None, {})
    assert config.config_file == home / "config.toml"
    assert not home.exists()


def test_home_moves_everything_of_the_program_into_one_folder(tmp_path: Path) -> None:
    config = load(tmp_path / "home")
    for path in (config.config_file, config.state_dir, config.log_file, config.drafts_dir):
        assert path.is_relative_to(tmp_path / "home")


def test_a_relative_home_does_not_move_with_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config({"ARTUI_HOME": "here"}).state_dir == tmp_path / "here" / "state"


def test_settings_are_read_and_the_environment_overrules_them(tmp_path: Path) -> None:
    text = """
[database]
url = "postgresql://books@db.example/ar"
[company]
currency = "EUR"
today = 2026-03-31
[screen]
clipboard = true
[keys]
who = "f2"
"""
    config = load(tmp_path / "home", text)
    assert config.database_url == "postgresql://books@db.example/ar"
    assert (config.currency, config.today) == ("EUR", date(2026, 3, 31))
    assert config.screen["clipboard"] is True
    assert config.keys == {"who": "f2"}
    overruled = load(tmp_path / "home", ARTUI_DATABASE_URL="postgresql://else/ar", ARTUI_TODAY="2026-04-01")
    assert (overruled.database_url, overruled.today) == ("postgresql://else/ar", date(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[company\n", "not valid TOML"),
        ("[compny]\n", "[compny] is not known"),
        ("company = 3\n", "company must be a section"),
        ("[company]\ncurency = 'EUR'\n", "[company] curency is not known"),
        ("[company]\ncurrency = 'euro'\n", "[company] currency is 'euro'"),
        ("[company]\ncurrency = 5\n", "[company] currency must be text"),
        ("[company]\ntoday = '31.3.2026'\n", "[company] today is '31.3.2026'"),
        ("[company]\ntoday = 2026\n", "[company] today is '2026'"),
        ("[company]\ntoday = 2026-03-31T08:00:00\n", "[company] today is"),
        ("[database]\nurl = 5\n", "[database] url must be text"),
    ],
)
def test_a_mistake_is_answered_with_the_file_and_the_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        load(tmp_path / "home", text)
    assert said in str(refusal.value)
    assert str(tmp_path / "home" / "config.toml") in str(refusal.value)


def test_a_file_that_is_not_text_is_answered_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe[company]")
    with pytest.raises(BadInput, match="config.toml is not valid TOML"):
        load(tmp_path)


def test_a_wrong_date_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="ARTUI_TODAY is 'tomorrow'"):
        load(tmp_path, ARTUI_TODAY="tomorrow")


@pytest.mark.parametrize("home", ["plain", "with a space", "x" * 120, "quote'd,comma"])
def test_the_socket_path_is_short_and_plain_whatever_the_home_is_called(tmp_path: Path, home: str) -> None:
    socket = str(load(tmp_path / home).socket_dir / ".s.PGSQL.5432")
    assert len(socket) < 100
    assert not set(socket) & set(" ',@")


def test_two_homes_never_share_a_server_and_two_spellings_of_one_do(tmp_path: Path) -> None:
    one, other = load(tmp_path / "a b"), load(tmp_path / "c d")
    assert {one.cluster_dir, one.socket_dir}.isdisjoint({other.cluster_dir, other.socket_dir})
    assert load(tmp_path / "c d" / ".." / "a b").socket_dir == one.socket_dir


@as_root
def test_root_keeps_its_server_outside_its_home(tmp_path: Path) -> None:
    config = load(tmp_path / "home")
    for path in (config.cluster_dir, config.socket_dir, config.server_log_dir):
        assert not path.is_relative_to(tmp_path)


@as_user
def test_the_default_cluster_lies_under_a_path_without_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/clerk")
    assert str(load_config({}).cluster_dir) == "/home/clerk/.local/share/artui/server/cluster"


def test_a_private_folder_shuts_everyone_else_out(tmp_path: Path) -> None:
    (tmp_path / "lax").mkdir(mode=0o755)
    assert private_dir(tmp_path / "lax").stat().st_mode & 0o777 == 0o700
    deep = private_dir(tmp_path / "new" / "deep")
    assert {folder.stat().st_mode & 0o777 for folder in (deep, deep.parent)} == {0o700}


def test_a_private_folder_in_the_place_of_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ArtuiError, match="ARTUI_HOME"):
            private_dir(path)


@as_root
def test_a_folder_someone_else_laid_in_our_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trap").mkdir()
    os.chown(tmp_path / "trap", 65534, 65534)
    (tmp_path / "link").symlink_to(tmp_path)
    os.chown(tmp_path / "link", 65534, 65534, follow_symlinks=False)
    for name in ("trap", "link"):
        with pytest.raises(ArtuiError, match="not a folder of this account"):
            private_dir(tmp_path / name)
