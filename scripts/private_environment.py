"""The private environment of a checkout: found when it is ready, made or renewed when it is not."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMP = "artui-stamp"
UNFINISHED = "artui-unfinished"


def environment(extra: str) -> str:
    """Return the folder of an environment with the libraries of `extra`, made or renewed if need be."""
    places = [os.path.join(ROOT, ".venv"), cache_place()]
    for env in places:
        if is_ready(env, extra):
            return env
    for env in places:
        if can_write(env):
            prepare(env, extra)
            return env
    sys.exit(f"ARTUI needs a place for its libraries; neither {places[0]} nor {places[1]} can be written to.")


def cache_place() -> str:
    """Return where the environment of a read-only checkout lives."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "artui", "env-" + hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12], "venv")


def can_write(env: str) -> bool:
    """Tell whether `env` can be changed, or made with its missing parents."""
    while not os.path.exists(env):
        env = os.path.dirname(env)
    return os.access(env, os.W_OK | os.X_OK)


def python_of(env: str) -> str:
    """Return the environment's interpreter."""
    return os.path.join(env, "bin", "python")


def is_ready(env: str, extra: str) -> bool:
    """Tell whether `env` was finished for this checkout, its pyproject.toml, this Python and `extra`."""
    stamped = read(os.path.join(env, STAMP)).split()
    return stamped in ([*stamp_of(env), extra], [*stamp_of(env), "dev"]) and os.access(
        python_of(env), os.X_OK
    )


def stamp_of(env: str) -> list[str]:
    """Return the Python version, and the hash of what was to be installed and where."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        content = file.read()
    identity = b"\0".join((content, os.fsencode(ROOT), os.fsencode(env)))
    return [f"{sys.version_info[0]}.{sys.version_info[1]}", hashlib.sha256(identity).hexdigest()]


def prepare(env: str, extra: str) -> None:
    """Make or renew the environment, one process at a time; a half-made one is made anew."""
    os.makedirs(os.path.dirname(env), exist_ok=True)
    with sole_builder(os.path.dirname(env)) as lock:
        stamp = os.path.join(env, STAMP)
        if is_ready(env, extra):
            return
        if read(stamp).split()[-1:] == ["dev"]:
            extra = "dev"
        say(f"Preparing ARTUI's libraries in {env} (once, up to a minute) ...")
        anew = must_be_made_anew(env)
        os.makedirs(env, exist_ok=True)
        write(os.path.join(env, UNFINISHED), "")
        if os.path.exists(stamp):
            os.unlink(stamp)
        from private_installer import Installer

        Installer(env, extra, lock).install(anew)
        write(stamp, "\n".join([*stamp_of(env), extra, ""]))
        os.unlink(os.path.join(env, UNFINISHED))


def must_be_made_anew(env: str) -> bool:
    """Tell a killed build, a vanished or another Python from an environment that only needs topping up."""
    stamped = read(os.path.join(env, STAMP)).split()
    other_python = bool(stamped) and stamped[0] != stamp_of(env)[0]
    half_made = os.path.exists(os.path.join(env, UNFINISHED))
    return half_made or other_python or not os.access(python_of(env), os.X_OK)


@contextmanager
def sole_builder(folder: str) -> Iterator[int]:
    """Hold the lock on `folder`, yielding its descriptor: what installs inherits it, should we be killed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process prepares the environment; waiting for it ...")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            say(f"{folder} cannot be locked (a network folder?): let no second one start now.")
        yield descriptor
    finally:
        os.close(descriptor)


def clean_environ() -> dict[str, str]:
    """Return the caller's variables without those that would reach into a private environment."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def read(path: str) -> str:
    """Return a file's text, empty when there is none to read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path: str, text: str) -> None:
    """Write a file so that it is there wholly or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


def say(text: str) -> None:
    """Tell the person waiting; stdout is the program's."""
    print(text, file=sys.stderr, flush=True)
