"""The embedded server's configuration: memory to fit the machine, no network, who may connect as whom."""

from __future__ import annotations

import os
from pathlib import Path

from artui.config import Config
from artui.db.embedded_account import Account
from artui.db.embedded_cluster import SUPERUSER

PORT = 5432
_MEGABYTE = 1024 * 1024
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def write_settings(config: Config, account: Account) -> Path:
    """Write the settings and the connection rules beside the cluster; return the settings file.

    They stand outside the cluster, belong to its owner and are rewritten at every start: a new release or a
    moved folder takes effect by restarting. ALTER SYSTEM still overrules single settings.
    """
    rules = config.server_dir / "connections.conf"
    names = config.server_dir / "names.conf"
    settings = config.server_dir / "server.conf"
    _write(rules, "local all all peer map=artui\n")
    _write(names, _name_map(account))
    values = {
        "data_directory": config.cluster_dir,
        "hba_file": rules,
        "ident_file": names,
        "unix_socket_directories": config.socket_dir,
        "log_directory": config.server_log_dir,
        **_memory(),
        **_FIXED,
    }
    _write(settings, "".join(f"{name} = {_quoted(value)}\n" for name, value in values.items()))
    return settings


def administrators(account: Account) -> tuple[str, ...]:
    """Return the OS users who may connect as any PostgreSQL role."""
    return (account.owner,)


_FIXED: dict[str, object] = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 200,
    # logind's RemoveIPC deletes an ordinary user's shared memory at logout; the server stays on after it.
    "dynamic_shared_memory_type": "mmap",
    "min_dynamic_shared_memory": "16MB",
    "wal_compression": "on",
    "random_page_cost": 1.1,
    "jit": "off",
    "max_logical_replication_workers": 0,
    "idle_session_timeout": 0,
    "timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    "cluster_name": "artui",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": 0,
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_lock_waits": "on",
    # Statements and details carry names and amounts of customers: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
}


def _name_map(account: Account) -> str:
    lines = [f'artui "{name}" all' for name in administrators(account)]
    if account.is_separate:
        lines.append(f'artui "{account.name}" {SUPERUSER}')
    return "\n".join(lines) + "\n"


def _memory() -> dict[str, object]:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    usable = min(machine, _container_limit() or machine) // _MEGABYTE
    return {
        "shared_buffers": f"{max(16, min(256, usable // 8))}MB",
        "effective_cache_size": f"{max(64, usable // 2)}MB",
        "work_mem": f"{max(4, min(16, usable // 256))}MB",
        "maintenance_work_mem": f"{max(16, min(128, usable // 16))}MB",
    }


def _container_limit() -> int | None:
    try:
        return int(_CONTAINER_LIMIT.read_text())
    except (OSError, ValueError):
        return None


def _quoted(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{text}'"


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8", errors="surrogateescape")
    # The server's own account must read them; they hold no secret and lie in a guarded folder.
    fresh.chmod(0o644)
    fresh.replace(path)
