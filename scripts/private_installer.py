"""The ways to fill a private environment: uv, venv with its own pip, or the system's pip."""

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

from private_environment import ROOT, UNFINISHED, clean_environ, python_of, say


class Installer:
    """Fill one environment by the first way that works on this machine."""

    def __init__(self, env: str, extra: str, lock: int) -> None:
        self.env = env
        self.requirement = f".[{extra}]"
        self.lock = lock
        self.said = ""
        self.base = getattr(sys, "_base_executable", "") or sys.executable

    def install(self, anew: bool) -> None:
        """Install, or end with one sentence saying what is missing."""
        if anew or not self.can_top_up():
            self.make()
        elif not self.top_up():
            os.unlink(os.path.join(self.env, UNFINISHED))
            self.give_up()
        sources = [os.path.join(ROOT, package) for package in ("artui", "models", "screens")]
        libraries = glob.glob(os.path.join(glob.escape(self.env), "lib", "python3*", "site-packages"))
        self.does(python_of(self.env), "-m", "compileall", "-q", "-j", "2", *libraries, *sources)

    def make(self) -> None:
        """Make the environment by the first way that works."""
        ways: tuple[Callable[[], bool], ...] = (self.with_uv, self.with_venv, self.with_system_pip)
        if not any(way() for way in ways):
            sys.exit("ARTUI needs python3-venv (or uv): sudo apt install python3-venv, then run this again.")

    def can_top_up(self) -> bool:
        """Tell whether something can install into the environment as it is."""
        return shutil.which("uv") is not None or self.does(python_of(self.env), "-m", "pip", "--version")

    def top_up(self) -> bool:
        """Install into the environment as it is."""
        uv = shutil.which("uv")
        return bool(uv and self.uv_install(uv)) or self.pip_install(python_of(self.env), "-m", "pip")

    def with_uv(self) -> bool:
        """Use uv when it is on PATH and works here."""
        uv = shutil.which("uv")
        if not uv:
            return False
        self.empty()
        made = self.does(uv, "venv", "--quiet", "--allow-existing", "--python", self.base, self.env)
        if made and self.uv_install(uv):
            return True
        say(f"uv could not ({last_line(self.said)}); trying pip.")
        return False

    def with_venv(self) -> bool:
        """Use the standard venv with its own pip; end here when that is not what is missing."""
        self.empty()
        if not self.does(self.base, "-m", "venv", self.env):
            stripped_down = "ensurepip" in self.said or "No module named" in self.said
            return False if stripped_down else self.give_up()
        return self.pip_install(python_of(self.env), "-m", "pip") or self.give_up()

    def with_system_pip(self) -> bool:
        """Use the system's pip for an environment without one (Debian without python3-venv)."""
        if not self.does(self.base, "-m", "pip", "--version"):
            return False
        self.empty()
        if not self.does(self.base, "-m", "venv", "--without-pip", self.env):
            return False
        return self.pip_install(self.base, "-m", "pip", "--python", python_of(self.env)) or self.give_up()

    def uv_install(self, uv: str) -> bool:
        """Let uv install the checkout into the environment."""
        return self.does(
            uv, "pip", "install", "--quiet", "--python", python_of(self.env), "--editable", self.requirement
        )

    def pip_install(self, *pip: str) -> bool:
        """Let pip install the checkout into the environment."""
        return self.does(*pip, "install", "--quiet", "--no-input", "--editable", self.requirement)

    def give_up(self) -> NoReturn:
        """End with what the failed step said."""
        sys.exit(
            f"{self.said}\nARTUI's libraries could not be installed (the reason is above). "
            "Check the network, the proxy or the disk, then run this again."
        )

    def empty(self) -> None:
        """Remove all but the mark that says the environment is unfinished."""
        for entry in os.scandir(self.env):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.name != UNFINISHED:
                os.unlink(entry.path)

    def does(self, *command: str) -> bool:
        """Run a step quietly, keeping what it says for the case that no way works."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=clean_environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=(self.lock,),
            check=False,
        )
        self.said = done.stdout.strip()
        return done.returncode == 0


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return ([line.strip() for line in text.splitlines() if line.strip()] or ["no reason given"])[-1]
