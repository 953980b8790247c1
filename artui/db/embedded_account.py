"""Which operating-system account the embedded server runs under, and the folders it is given."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artui.config import Config, private_dir
from artui.errors import Unreachable

_UNPRIVILEGED = ("postgres", "_postgres", "nobody")
_FIRST_HUMAN_UID = 1000

# The caller's PG*, LD_* and locale variables must not reach a server that outlives the caller.
_CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """The account of the server, and the OS user (`owner`) who starts it and administers it."""

    name: str
    uid: int
    gid: int
    owner: str

    @property
    def is_separate(self) -> bool:
        """Tell whether the server runs under another account than its owner (the owner is root)."""
        return self.uid != os.geteuid()

    def process_options(self) -> dict[str, Any]:
        """Return what subprocess needs so that a program of the server runs as this account, and as it only."""
        options: dict[str, Any] = {"cwd": "/", "env": _CLEAN_ENVIRONMENT, "umask": 0o077}
        if self.is_separate:
            options.update(user=self.uid, group=self.gid, extra_groups=[])
        return options

    def give(self, folder: Path) -> Path:
        """Make `folder` for this account alone (0700) and return it; its parent must exist."""
        if not self.is_separate:
            return private_dir(folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        return folder


def server_account(config: Config) -> Account:
    """Return the account of this configuration's server. Raises Unreachable when there is none to use."""
    owner = _entry(os.geteuid())
    if owner.pw_uid != 0:
        return Account(owner.pw_name, owner.pw_uid, owner.pw_gid, owner.pw_name)
    cluster = config.cluster_dir
    entry = _entry(cluster.stat().st_uid) if cluster.exists() else _unprivileged()
    if entry.pw_uid == 0:
        raise Unreachable(
            f"{cluster} belongs to root, under which PostgreSQL will not run.",
            f"Give it back to its account: chown -R {_unprivileged().pw_name} {cluster}",
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, owner.pw_name)


def make_folders(config: Config, account: Account) -> None:
    """Make the server's, log and socket folders with the owners and modes they need."""
    if account.is_separate:
        _root_folder(config.server_dir.parent)
        _root_folder(config.server_dir)
    else:
        private_dir(config.server_dir)
    account.give(config.server_log_dir)
    account.give(config.socket_dir)


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Unreachable(
            f"The account with number {uid} has no name, so PostgreSQL will not run under it.",
            "Give it an entry in /etc/passwd, or name a server with ARTUI_DATABASE_URL.",
        ) from None


def _unprivileged() -> pwd.struct_passwd:
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        # A person may be called postgres: system accounts have low numbers.
        if name == "nobody" or 0 < entry.pw_uid < _FIRST_HUMAN_UID:
            return entry
    raise Unreachable(
        "Root cannot run PostgreSQL, and there is no account 'postgres' or 'nobody' to run it.",
        "Run this as an ordinary user, or name a server with ARTUI_DATABASE_URL.",
    )


def _root_folder(folder: Path) -> None:
    """Make a folder that only root changes and everyone may pass through."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != 0 or folder.is_symlink():
        raise Unreachable(f"{folder} does not belong to root.", "Remove it, then try again.")
    if found.st_mode & 0o777 != 0o755:
        folder.chmod(0o755)
