"""The embedded PostgreSQL: started on demand, shared by every session of its owner, left running."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn

from artui.config import Config
from artui.db import embedded_settings
from artui.db.embedded_account import Account, make_folders, server_account
from artui.db.embedded_binaries import copied_bin_dir, wheel_bin_dir
from artui.db.embedded_cluster import SUPERUSER, check_version, make_cluster, run_program
from artui.db.embedded_processes import LifeLine, claimed_postmaster, exclusive, serves
from artui.db.embedded_settings import PORT
from artui.errors import ArtuiError, Unreachable

_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_TURN_SECONDS = 120.0
_LAUNCHES = 5
_QUOTED_LOG_LINES = 12


@dataclass(frozen=True)
class ServerStatus:
    """What is known of the embedded server; `version` and `pid` are None while it does not run."""

    running: bool
    version: str | None
    pid: int | None
    data_directory: Path
    socket_directory: Path
    log_file: Path | None
    account: str


class EmbeddedServer:
    """Run one private cluster. It is running when a connection succeeds, whatever a pid file says."""

    superuser = SUPERUSER

    def __init__(self, config: Config) -> None:
        self._config = config
        self._cluster = config.cluster_dir
        self._life = LifeLine(config.server_dir / "alive")

    @property
    def administrators(self) -> tuple[str, ...]:
        """Return the OS users who may connect as any PostgreSQL role."""
        return embedded_settings.administrators(self._account)

    def bin_dir(self) -> Path:
        """Return the folder of pg_dump, pg_restore and psql, runnable by the owner."""
        return wheel_bin_dir()

    def dsn(self, user: str, database: str) -> str:
        """Return libpq's keyword string for one role and database of this server."""
        return str(make_dsn(host=str(self._config.socket_dir), port=PORT, user=user, dbname=database))

    def ensure_running(self) -> None:
        """Make the cluster if it is missing and start the server if it does not answer.

        Safe from many programs at once. Raises Unreachable with the end of the server's log.
        """
        if self._version() is not None:
            return
        with _told_as_unreachable():
            make_folders(self._config, self._account)
            with self._turn():
                self._start()

    def stop(self) -> bool:
        """End the server in an orderly way; tell whether there was one. Raises Unreachable if it stays."""
        with _told_as_unreachable():
            if not self._cluster.exists():
                return False
            with self._turn():
                if not self._alive():
                    return False
                self._interrupt()
                self._wait_until_gone()
                return True

    def died(self) -> bool:
        """Tell whether the server ended without being stopped: killed, crashed, or gone with the machine."""
        return claimed_postmaster(self._cluster) is not None and not self._alive()

    def status(self) -> ServerStatus:
        """Look at the server without changing anything."""
        version = self._version()
        claimed = claimed_postmaster(self._cluster) if version is not None else None
        return ServerStatus(
            running=version is not None,
            version=version,
            pid=claimed.pid if claimed else None,
            data_directory=self._cluster,
            socket_directory=self._config.socket_dir,
            log_file=self._log_file(),
            account=self._account.name,
        )

    @cached_property
    def _account(self) -> Account:
        return server_account(self._config)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with exclusive(self._config.server_dir / "lock", _TURN_SECONDS):
            yield

    def _version(self) -> str | None:
        """Return the version of the server that answers, or None."""
        try:
            with closing(psycopg2.connect(self.dsn(SUPERUSER, "postgres"), connect_timeout=5)) as connection:
                return str(connection.get_parameter_status("server_version"))
        except psycopg2.OperationalError as error:
            if "authentication failed" in str(error):
                raise Unreachable(
                    f"The embedded database refuses this account: {str(error).strip()}.",
                    f"It belongs to {', '.join(self.administrators)}.",
                ) from error
            return None

    def _alive(self) -> bool:
        """Tell whether any process still works on the cluster, even one started by hand."""
        claimed = claimed_postmaster(self._cluster)
        return self._life.held() or (claimed is not None and serves(claimed.pid, self._cluster))

    def _start(self) -> None:
        programs = self._programs()
        if not (self._cluster / "PG_VERSION").exists():
            make_cluster(programs, self._cluster, self._account)
        check_version(self._cluster)
        launches = 0
        interrupted = False
        for pause in _pauses(_START_SECONDS):
            if self._version() is not None:
                return
            if self._alive():
                if not interrupted and self._unreachable_for_ever():
                    self._interrupt()
                    interrupted = True
            elif launches < _LAUNCHES:
                if launches:
                    # It ended at once: it may have met the remains of a killed server, so give those time to go.
                    time.sleep(0.1 * 2**launches)
                self._launch(programs)
                launches += 1
            else:
                break
            time.sleep(pause)
        raise Unreachable("The embedded database does not start.", self._log_tail())

    def _unreachable_for_ever(self) -> bool:
        """Recognise a server that is up while its socket file was deleted or its folder moved."""
        claimed = claimed_postmaster(self._cluster)
        socket = self._config.socket_dir / f".s.PGSQL.{PORT}"
        return claimed is not None and claimed.ready and not socket.exists()

    def _interrupt(self) -> None:
        claimed = claimed_postmaster(self._cluster)
        if claimed is not None and serves(claimed.pid, self._cluster):
            os.kill(claimed.pid, signal.SIGINT)

    def _wait_until_gone(self) -> None:
        for pause in _pauses(_STOP_SECONDS):
            if not self._alive():
                return
            time.sleep(pause)
        raise Unreachable(
            f"The embedded database has not stopped within {_STOP_SECONDS:.0f} seconds.", self._log_tail()
        )

    def _launch(self, programs: Path) -> None:
        settings = embedded_settings.write_settings(self._config, self._account)
        with self._life.passed_on() as life:
            if life is None:
                return
            self._remove_stale_files()
            # pg_ctl detaches the server from this program's session, so it outlives a hang-up.
            command = [str(programs / "pg_ctl"), "start", "-W", "-s", "-D", str(self._cluster)]
            command += ["-l", str(self._first_log()), "-o", f"--config-file={shlex.quote(str(settings))}"]
            run_program(command, self._account, pass_fds=(life,))

    def _programs(self) -> Path:
        if self._account.is_separate:
            return copied_bin_dir(self._config.server_dir.parent)
        return wheel_bin_dir()

    def _remove_stale_files(self) -> None:
        """Remove what a killed server left: PostgreSQL would take any live process with its pid for a server."""
        socket = self._config.socket_dir / f".s.PGSQL.{PORT}"
        for stale in (self._cluster / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            stale.unlink(missing_ok=True)
        self._first_log().unlink(missing_ok=True)

    def _first_log(self) -> Path:
        """Where the server writes until its own log opens."""
        return self._config.server_log_dir / "start.log"

    def _log_file(self) -> Path | None:
        logs = [path for path in self._config.server_log_dir.glob("*.log") if path.stat().st_size]
        return max(logs, key=lambda path: path.stat().st_mtime, default=None)

    def _log_tail(self) -> str:
        log = self._log_file()
        if log is None:
            return f"There is no log in {self._config.server_log_dir}."
        lines = log.read_text(errors="replace").splitlines()[-_QUOTED_LOG_LINES:]
        return "\n".join((f"The end of {log}:", *lines))


def _pauses(seconds: float) -> Iterator[float]:
    """Yield growing pauses until `seconds` have passed."""
    deadline = time.monotonic() + seconds
    pause = 0.02
    while time.monotonic() < deadline:
        yield pause
        pause = min(pause * 1.5, 0.25)


@contextmanager
def _told_as_unreachable() -> Iterator[None]:
    try:
        yield
    except Unreachable:
        raise
    except ArtuiError as error:
        raise Unreachable(error.message, error.hint) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise Unreachable(
            f"The embedded database cannot be used: {where}{error.strerror}.",
            "Mend the permissions, name another place with ARTUI_HOME, or a server with ARTUI_DATABASE_URL.",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise Unreachable(
            f"{Path(error.cmd[0]).name} took longer than {error.timeout:.0f} seconds."
        ) from error
