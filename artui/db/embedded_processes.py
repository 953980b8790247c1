"""Who holds the locks, and whether a process is the server of a given cluster."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from artui.errors import Unreachable

_STATUS_LINE = 8


@contextmanager
def exclusive(lock: Path, seconds: float) -> Iterator[None]:
    """Hold `lock` alone. Raises Unreachable when another program keeps it longer than `seconds`."""
    deadline = time.monotonic() + seconds
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise Unreachable(
                    f"Another program has been busy with the database for {seconds:.0f} seconds.",
                    f"It holds {lock}: wait for it or end it, then try again.",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


class LifeLine:
    """A lock every process of one server inherits.

    The kernel frees it when the last of them is gone, however it went: no pid can be mistaken for it,
    zombies do not hold it, and it is seen across containers that share the folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def held(self) -> bool:
        """Tell whether any process of the server is alive."""
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    @contextmanager
    def passed_on(self) -> Iterator[int | None]:
        """Yield a locked descriptor for a server about to start, or None when one is alive."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield descriptor if _try_lock(descriptor, fcntl.LOCK_EX) else None
        finally:
            os.close(descriptor)


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid claims; `ready` once the server accepts connections."""

    pid: int
    ready: bool


def claimed_postmaster(cluster_dir: Path) -> Postmaster | None:
    """Read the cluster's postmaster.pid, which may be stale, half-written or missing."""
    try:
        lines = (cluster_dir / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    ready = len(lines) >= _STATUS_LINE and lines[_STATUS_LINE - 1].strip() == "ready"
    return Postmaster(pid, ready) if pid > 1 else None


def serves(pid: int, cluster_dir: Path) -> bool:
    """Tell whether process `pid` is a live postmaster of `cluster_dir`, not a stranger with a reused pid."""
    command = _command_line(pid)
    if "postgres" not in command:
        return False
    return f"postgres -D {cluster_dir} " in f"{command} " or _works_in(pid, cluster_dir)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def _command_line(pid: int) -> str:
    """Return the arguments joined by spaces: empty for a zombie or a process that is gone."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        except OSError:
            return ""
    listing = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout.strip()


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
