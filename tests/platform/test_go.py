"""scripts/go.py in a checkout of its own, with a stand-in for uv that installs nothing."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPTS = ("go.py", "private_environment.py", "private_installer.py")
FAKE_PYTHON = """\
#!/bin/sh
echo "in $PWD"
echo "server $ARTUI_TEST_SERVER"
for argument; do echo "[$argument]"; done
exit 7
"""
FAKE_UV = """\
#!/bin/sh
echo "$1" >> "$FAKE_UV_LOG"
for env; do :; done
if [ "$1" = venv ]; then
  mkdir -p "$env/bin"
  cp "$FAKE_PYTHON" "$env/bin/python"
fi
if [ "$1" = pip ] && [ -n "$FAKE_UV_PIP" ]; then
  eval "$FAKE_UV_PIP"
fi
"""


@dataclass
class Bench:
    """A checkout under a path with a space, where uv is ours."""

    root: Path
    environ: dict[str, str]

    @property
    def env(self) -> Path:
        return self.root / ".venv"

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.root / "scripts" / "go.py"), *arguments],
            env={**self.environ, **environ},
            cwd=self.root.parent,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )

    def go(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, **environ)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def uv_calls(self) -> list[str]:
        log = Path(self.environ["FAKE_UV_LOG"])
        return log.read_text().split() if log.exists() else []


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    root = tmp_path / "a check out"
    (root / "scripts").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(CHECKOUT / "scripts" / name, root / "scripts")
    (root / "pyproject.toml").write_text("[project]\nname = 'artui'\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"uv": FAKE_UV, "fake-python": FAKE_PYTHON}.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    environ = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "FAKE_UV_LOG": str(tmp_path / "uv.log"),
        "FAKE_PYTHON": str(tools / "fake-python"),
    }
    return Bench(root, environ)


def test_run_hands_over_arguments_folder_and_exit_status(bench: Bench) -> None:
    done = bench.go("run", "show", "a b", "--format", "json")
    arguments = ["[-P]", "[-m]", "[artui]", "[show]", "[a b]", "[--format]", "[json]"]
    assert done.stdout.splitlines() == [f"in {bench.root.parent}", "server ", *arguments]
    assert done.returncode == 7


def test_the_second_run_installs_nothing_and_says_nothing(bench: Bench) -> None:
    assert "Preparing" in bench.go("run").stderr
    assert bench.go("demo", "--no-ui").stderr == ""
    assert bench.uv_calls() == ["venv", "pip"]


def test_a_changed_project_file_tops_the_environment_up(bench: Bench) -> None:
    bench.go("run")
    (bench.env / "kept").write_text("")
    (bench.root / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    bench.go("run")
    assert bench.uv_calls() == ["venv", "pip", "pip"]
    assert (bench.env / "kept").exists()


def test_the_developers_tools_are_added_once_and_stay(bench: Bench) -> None:
    bench.go("run")
    bench.go("check", "--no-tests")
    assert bench.go("run").stderr == ""
    (bench.root / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    bench.go("run")
    assert bench.go("check", "--no-tests").stderr.count("Preparing") == 0
    assert bench.uv_calls() == ["venv", "pip", "pip", "pip"]


def test_an_environment_killed_half_way_is_made_anew(bench: Bench) -> None:
    killed = bench.go("run", FAKE_UV_PIP=f'touch "{bench.env}/half"; kill -9 $PPID')
    assert killed.returncode == -9 and (bench.env / "half").exists()
    assert bench.go("run").returncode == 7
    assert bench.uv_calls() == ["venv", "pip", "venv", "pip"]
    assert not (bench.env / "half").exists()


def test_of_two_at_once_one_installs_and_the_other_waits(bench: Bench, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    first = bench.start("run", FAKE_UV_PIP=f'read line < "{gate}"')
    assert first.stderr is not None and "Preparing" in first.stderr.readline()
    second = bench.start("run")
    assert second.stderr is not None and "waiting" in second.stderr.readline()
    gate.write_text("go\n")
    for process in (first, second):
        process.communicate(timeout=60)
        assert process.returncode == 7
    assert bench.uv_calls() == ["venv", "pip"]


def test_a_copied_checkout_does_not_use_the_originals_environment(bench: Bench) -> None:
    bench.go("run")
    copy = Bench(bench.root.with_name("copy"), bench.environ)
    shutil.copytree(bench.root, copy.root)
    assert "Preparing" in copy.go("run").stderr


def test_the_suite_runs_on_several_processes_from_the_checkout(bench: Bench) -> None:
    lines = bench.go("test", "-k", "money", "--shared-server").stdout.splitlines()
    assert lines[:2] == [f"in {bench.root}", "server tcp"]
    assert lines[2:5] == ["[-m]", "[pytest]", "[-n]"] and lines[-2:] == ["[-k]", "[money]"]
    assert int(lines[5].strip("[]")) in (2, 3, 4)


def test_check_goes_through_every_tool_and_fails_when_one_does(bench: Bench) -> None:
    done = bench.go("check", "--no-tests")
    assert done.returncode == 1
    for name in ("[ruff]", "[mypy]", "[from importlinter"):
        assert name in done.stdout
    assert "[pytest]" not in done.stdout and "Failed: style, types, layers" in done.stderr


def test_a_word_it_does_not_know_is_answered_with_what_it_knows(bench: Bench) -> None:
    done = bench.go("start")
    assert done.returncode == 2 and "go.py demo" in done.stderr and not bench.env.exists()


def test_an_old_python_can_read_it_well_enough_to_say_so() -> None:
    source = (CHECKOUT / "scripts" / "go.py").read_text()
    ast.parse(source, feature_version=(3, 7))
    assert source.index("sys.hexversion") < source.index("from private_environment")


@dataclass
class Steps:
    """The installer's commands, each answered as the machine pretended to be would answer."""

    installer: Any
    works: Callable[[str], bool]
    run: list[str]

    def __call__(self, *command: str) -> bool:
        words = [Path(command[0]).name, *(word for word in command[1:] if not word.startswith("/"))]
        self.run.append(" ".join(words))
        self.installer.said = "ensurepip is not available" if "venv" in words else "no route to the index"
        return self.works(self.run[-1])


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Steps]:
    """Return a way to make an installer on a machine where only some commands work."""
    monkeypatch.syspath_prepend(str(CHECKOUT / "scripts"))
    module: ModuleType = __import__("private_installer")

    def machine(works: Callable[[str], bool], uv: bool = False) -> Steps:
        monkeypatch.setattr(module.shutil, "which", lambda _: "/usr/bin/uv" if uv else None)
        (tmp_path / "env").mkdir()
        installer = module.Installer(str(tmp_path / "env"), "test", lock=-1)
        installer.base = "/usr/bin/python3"
        steps = Steps(installer, works, [])
        monkeypatch.setattr(installer, "does", steps)
        return steps

    return machine


def test_when_uv_fails_venv_and_pip_do_it(
    pretend: Callable[..., Steps], capsys: pytest.CaptureFixture[str]
) -> None:
    steps = pretend(lambda command: not command.startswith("uv pip"), uv=True)
    steps.installer.install(anew=True)
    assert "uv could not (no route to the index)" in capsys.readouterr().err
    assert "python -m pip install --quiet --no-input --editable .[test]" in steps.run
    assert "compileall" in steps.run[-1]


def test_without_ensurepip_the_systems_pip_does_it(pretend: Callable[..., Steps]) -> None:
    steps = pretend(lambda command: command != "python3 -m venv")
    steps.installer.install(anew=True)
    assert "python3 -m venv --without-pip" in steps.run
    assert "python3 -m pip --python install --quiet --no-input --editable .[test]" in steps.run


def test_a_bare_machine_gets_one_clear_sentence(pretend: Callable[..., Steps]) -> None:
    steps = pretend(lambda command: False)
    with pytest.raises(SystemExit) as end:
        steps.installer.install(anew=True)
    assert end.value.code == (
        "ARTUI needs python3-venv (or uv): sudo apt install python3-venv, then run this again."
    )


def test_without_a_network_it_says_what_pip_said_and_tries_no_other_way(
    pretend: Callable[..., Steps],
) -> None:
    steps = pretend(lambda command: " install " not in command)
    with pytest.raises(SystemExit, match="no route to the index\n.*Check the network"):
        steps.installer.install(anew=True)
    assert len(steps.run) == 2


def test_a_failed_top_up_leaves_the_environment_for_the_next_try(
    pretend: Callable[..., Steps], tmp_path: Path
) -> None:
    steps = pretend(lambda command: " install " not in command)
    (tmp_path / "env" / "artui-unfinished").write_text("")
    (tmp_path / "env" / "kept").write_text("")
    with pytest.raises(SystemExit):
        steps.installer.install(anew=False)
    assert [path.name for path in (tmp_path / "env").iterdir()] == ["kept"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_read_only_checkout_keeps_its_environment_in_the_users_cache(bench: Bench) -> None:
    bench.root.chmod(0o555)
    try:
        assert bench.go("run").returncode == 7
        assert bench.go("run").stderr == ""
    finally:
        bench.root.chmod(0o755)
    assert not bench.env.exists()
    assert list(Path(bench.environ["HOME"]).glob(".cache/artui/env-*/venv/bin/python"))


@pytest.mark.skipif(not os.environ.get("ARTUI_SLOW"), reason="builds a whole environment: ARTUI_SLOW=1")
def test_a_bare_checkout_answers_with_the_programs_version(tmp_path: Path) -> None:
    checkout = tmp_path / "a path with spaces" / "artui"
    shutil.copytree(
        CHECKOUT, checkout, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache")
    )
    command = [sys.executable, str(checkout / "scripts" / "go.py"), "run", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.stdout.startswith("artui "), done.stderr
