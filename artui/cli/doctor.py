"""`artui doctor`: every path, the server, the person, and what is wrong."""

from __future__ import annotations

import argparse
import locale
import os
import platform
import shutil
import sys
from typing import Any

from artui import __version__
from artui.cli.common import add_command, config_of, database_of, emit, emit_json
from artui.config import Config
from artui.errors import ArtuiError


def register(commands: Any) -> None:
    """Add the command."""
    add_command(
        commands, "doctor", "say where everything is and whether it works", formats=("table", "json")
    ).set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look at everything, change nothing but a server that is started on demand; exit 1 when something is wrong."""
    config = config_of(arguments)
    answer: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "program": sys.argv[0],
        "paths": {
            name: str(getattr(config, name))
            for name in (
                "config_file",
                "state_dir",
                "log_file",
                "drafts_dir",
                "server_dir",
                "cluster_dir",
                "socket_dir",
            )
        },
        "home": str(config.home) if config.home else None,
        "terminal": _terminal(),
        "advice": _advice(),
    }
    answer["checks"] = _checks(arguments, answer)
    if arguments.format == "json":
        emit_json(arguments, answer)
    else:
        emit(arguments, _as_text(answer))
    return 0 if all(check["ok"] for check in answer["checks"]) else 1


def _terminal() -> dict[str, Any]:
    size = shutil.get_terminal_size()
    return {
        "term": os.environ.get("TERM"),
        "encoding": locale.getpreferredencoding(False),
        "columns": size.columns,
        "rows": size.lines,
        "ssh": "SSH_CONNECTION" in os.environ,
    }


def _advice() -> list[str]:
    advice = []
    if "utf" not in locale.getpreferredencoding(False).lower():
        advice.append(
            "The terminal is not in UTF-8: set LANG=C.UTF-8, and in PuTTY Window > Translation > UTF-8."
        )
    if os.environ.get("TERM") in (None, "", "dumb"):
        advice.append("TERM is not set: in PuTTY Connection > Data > Terminal-type string, xterm-256color.")
    advice.append(
        "F5 to F12 need PuTTY's Terminal > Keyboard > Function keys at ESC[n~, Linux or Xterm R6, not VT100+ or SCO; every F-key has a Ctrl twin."
    )
    return advice


def _checks(arguments: argparse.Namespace, answer: dict[str, Any]) -> list[dict[str, Any]]:
    from artui.db.status import status

    checks: list[dict[str, Any]] = []

    def check(name: str, ok: bool, detail: str) -> None:
        checks.append({"name": name, "ok": ok, "detail": detail})

    for wrong in _wrong_keys(config_of(arguments)):
        check("keys", False, wrong)
    try:
        from artui.session import open_session

        config, database = config_of(arguments), database_of(arguments)
        opened = open_session(config, as_user=arguments.as_user, database=database)
    except ArtuiError as error:
        answer["database"] = status(config_of(arguments), "artui")
        check("database answers", False, str(error))
        return checks
    try:
        answer["database"] = status(config, database)
        answer["role"] = {
            "login": opened.actor.login,
            "name": opened.actor.name,
            "roles": list(opened.actor.roles),
        }
        answer["company"] = {
            "name": opened.company,
            "currency": opened.currency,
            "today": opened.today.isoformat(),
        }
        check("database answers", True, f"PostgreSQL {answer['database']['version']}")
        check(
            "database is of this version",
            bool(answer["database"]["migrated"]),
            "artui db migrate brings it up to date",
        )
        superuser = opened.query("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")[0][0]
        check("works with a person's own rights", not superuser, f"connected as {opened.actor.login}")
        free = _free_share(answer["database"].get("data_directory"))
        if free is not None:
            check("disk has room", free >= 0.15, f"{free:.0%} free")
    finally:
        opened.close()
    return checks


def _wrong_keys(config: Config) -> list[str]:
    """Hold [keys] against what every screen offers; without it there is nothing to hold, and no screen is loaded."""
    if not config.keys:
        return []
    from screens.catalog import offers
    from screens.keymap import complaints

    return complaints(config.keys, offers())


def _free_share(folder: str | None) -> float | None:
    try:
        usage = shutil.disk_usage(folder or "/nonexistent")
    except OSError:
        return None
    return usage.free / usage.total


def _as_text(answer: dict[str, Any]) -> str:
    lines = [f"artui {answer['version']}, Python {answer['python']}"]
    lines += [f"  {name.replace('_', ' '):<18}{path}" for name, path in answer["paths"].items()]
    for part in ("database", "role", "company"):
        if part in answer:
            lines.append(part)
            lines += [
                f"  {name.replace('_', ' '):<18}{' '.join(value) if isinstance(value, list) else value}"
                for name, value in answer[part].items()
                if value is not None
            ]
    lines += ["checks"] + [
        f"  {'ok   ' if check['ok'] else 'WRONG'} {check['name']}: {check['detail']}"
        for check in answer["checks"]
    ]
    lines += ["advice"] + [f"  {line}" for line in answer["advice"]]
    return "\n".join(lines)
