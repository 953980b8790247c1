"""The wheel: complete, usable from anywhere, and never mistaken for somebody else's packages of the same names."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.books import Books

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, books: Books, cwd: Path, *words: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program from the wheel, without the checkout on the path."""
    paths = [str(path) for path in (first, installed, sysconfig.get_paths()["purelib"]) if path]
    program = f"import sys; sys.path[:0] = {paths!r}; sys.argv = ['artui', *{list(words)!r}]; from artui.__main__ import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-I", "-S", "-c", program], cwd=cwd, env=books.environ(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_it_works_from_another_folder(installed: Path, module_books: Books, tmp_path: Path) -> None:
    assert (installed / "artui/db/migrations/0001_books.sql").exists()
    done = run(installed, module_books, tmp_path, "doctor", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert '"ok": false' not in done.stdout


@pytest.mark.parametrize("name", ["models", "screens"])
def test_a_foreign_package_of_the_same_name_is_refused_in_words(installed: Path, module_books: Books, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("raise SystemExit('the wrong package was imported')")
    done = run(installed, module_books, tmp_path, "--version", first=tmp_path)
    assert done.returncode == 1
    assert f'another package called "{name}"' in done.stderr and "wrong package" not in done.stderr
