"""Where the program keeps its things, and the few settings a person may write down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import platformdirs

from artui.errors import ArtuiError, BadInput
from artui.later import Later

if TYPE_CHECKING:
    import hashlib
    import tomllib
else:
    # only who has written down settings, or works as root, waits for them
    hashlib, tomllib = Later("hashlib"), Later("tomllib")

BOOKS = "artui"
SAMPLE = "artui_sample"
"""The databases of the embedded server: a company's books, and the sample company beside them."""
DEFAULT_CURRENCY = "USD"
_KNOWN_KEYS: Mapping[str, frozenset[str] | None] = {
    "database": frozenset({"url"}),
    "company": frozenset({"currency", "today"}),
    "screen": frozenset({"theme", "ascii", "stock_output", "clipboard"}),
    "keys": None,
}
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+-]+")
_LONGEST_SOCKET_DIR = 80
_ROOT_PLACES = (Path("/var/lib/artui"), Path("/var/tmp/artui-0"))


@dataclass(frozen=True)
class Config:
    """Hold every path and setting of one installation; nothing named here need exist yet.

    `home` is ARTUI_HOME or None; `server_dir` holds the cluster and everything about its server;
    `today` fixes the business date when it is set.
    """

    home: Path | None
    config_file: Path
    state_dir: Path
    log_file: Path
    drafts_dir: Path
    server_dir: Path
    cluster_dir: Path
    server_log_dir: Path
    socket_dir: Path
    database_url: str | None = None
    currency: str = DEFAULT_CURRENCY
    today: date | None = None
    screen: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration file and the ARTUI_ variables; create nothing.

    `environ` stands in for the process environment. Raises BadInput naming the file and the key.
    """
    env = os.environ if environ is None else environ
    named_home = env.get("ARTUI_HOME", "").strip()
    home = Path(named_home).expanduser().absolute() if named_home else None
    config_file = (home or Path(platformdirs.user_config_dir("artui"))) / "config.toml"
    state_dir = home / "state" if home else Path(platformdirs.user_state_dir("artui"))
    settings = _Settings(config_file, _read_toml(config_file))
    return Config(
        home=home,
        config_file=config_file,
        state_dir=state_dir,
        log_file=state_dir / "artui.log",
        drafts_dir=state_dir / "drafts",
        **_server_places(home, state_dir),
        database_url=env.get("ARTUI_DATABASE_URL", "").strip() or settings.text("database", "url"),
        currency=settings.currency(),
        today=settings.today(env.get("ARTUI_TODAY", "").strip()),
        screen=MappingProxyType(settings.section("screen")),
        keys=MappingProxyType(settings.section("keys")),
    )


def private_dir(path: Path) -> Path:
    """Make `path` and its missing parents for this account alone (0700) and return it.

    Raises ArtuiError when it cannot be made or belongs to someone else.
    """
    elsewhere = "Name another place with ARTUI_HOME=DIR."
    try:
        for folder in reversed((path, *path.parents)):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        owners = {path.lstat().st_uid, path.stat().st_uid}
        if owners != {os.geteuid()} or not path.is_dir():
            raise ArtuiError(f"{path} is not a folder of this account.", elsewhere)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise ArtuiError(f"{error.filename or path} cannot be used: {error.strerror}.", elsewhere) from error
    return path


def _user_home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise BadInput("This account has no home folder.", "Name a place with ARTUI_HOME=DIR.") from None


def _server_places(home: Path | None, state_dir: Path) -> dict[str, Path]:
    # Not platformdirs: its data folder on macOS has a space, which a socket path must not have.
    owner = home or _user_home() / ".local" / "share" / "artui"
    if os.geteuid() == 0:
        server_dir = _root_place(_short_name(owner))
        return _places(server_dir, server_dir / "log", server_dir / "run")
    socket_dir = home / "run" if home else _user_home() / ".local" / "state" / "artui" / "run"
    if not _PLAIN_PATH.fullmatch(str(socket_dir)) or len(str(socket_dir)) > _LONGEST_SOCKET_DIR:
        socket_dir = Path(f"/tmp/artui-{os.geteuid()}-{_short_name(owner)}")
    return _places(owner / "server", state_dir / "server", socket_dir)


def _places(server_dir: Path, log_dir: Path, socket_dir: Path) -> dict[str, Path]:
    return {
        "server_dir": server_dir,
        "cluster_dir": server_dir / "cluster",
        "server_log_dir": log_dir,
        "socket_dir": socket_dir,
    }


def _short_name(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:12]


def _root_place(name: str) -> Path:
    """Choose where root's server lives: it runs under an account that cannot enter root's own folders."""
    for place in _ROOT_PLACES:
        if (place / name).exists():
            return place / name
    usable = [place for place in _ROOT_PLACES if _account_could_enter(place)]
    return (usable or list(_ROOT_PLACES))[0] / name


def _account_could_enter(place: Path) -> bool:
    existing = [folder for folder in (place, *place.parents) if folder.exists()]
    return os.access(existing[0], os.W_OK) and all(folder.stat().st_mode & 0o001 for folder in existing)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Mend its permissions.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}.", "Mend or remove the file.") from error


class _Settings:
    """The configuration file's content, checked key by key."""

    def __init__(self, path: Path, content: Mapping[str, Any]) -> None:
        self.path, self.content = path, content
        for name, table in self.content.items():
            if name not in _KNOWN_KEYS:
                raise self._wrong(f"[{name}] is not known", f"Known are {_listing(_KNOWN_KEYS)}.")
            if not isinstance(table, dict):
                raise self._wrong(f"{name} must be a section", f"Write [{name}] on a line of its own.")
            known = _KNOWN_KEYS[name]
            for key in table:
                if known is not None and key not in known:
                    raise self._wrong(f"[{name}] {key} is not known", f"Known there: {_listing(known)}.")

    def section(self, name: str) -> dict[str, Any]:
        return dict(self.content.get(name, {}))

    def text(self, section: str, key: str) -> str | None:
        value = self.section(section).get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(f"[{section}] {key} must be text", 'Put it in "quotes".')
        return value or None

    def currency(self) -> str:
        value = self.text("company", "currency") or DEFAULT_CURRENCY
        if not re.fullmatch(r"[A-Z]{3}", value):
            raise self._wrong(f"[company] currency is {value!r}", "Write the three letters, such as EUR.")
        return value

    def today(self, from_environ: str) -> date | None:
        value = from_environ or self.section("company").get("today")
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            hint = "Write a date as YYYY-MM-DD."
            if from_environ:
                raise BadInput(f"ARTUI_TODAY is {value!r}.", hint) from None
            raise self._wrong(f"[company] today is {str(value)!r}", hint) from None

    def _wrong(self, what: str, hint: str) -> BadInput:
        return BadInput(f"{self.path}: {what}.", hint)


def _listing(names: Mapping[str, object] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
