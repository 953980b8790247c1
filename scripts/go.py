"""Start or test ARTUI from a bare checkout, in a private environment made on first use.

python3 scripts/go.py demo [...]   open a sample company
python3 scripts/go.py run [...]    the program itself: run ARGS is `artui ARGS`
python3 scripts/go.py test [...]   the whole test suite (--shared-server: against a server over TCP)
python3 scripts/go.py check [...]  style, types and layers, then the suite (--no-tests: without it)
"""

import os
import sys

if sys.hexversion < 0x030B0000:
    sys.exit(
        f"ARTUI needs Python 3.11 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}. "
        f"Run it with a newer one, for example: python3.11 {' '.join(sys.argv)}"
    )

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from private_environment import ROOT, clean_environ, environment, python_of

STATIC_CHECKS = {
    "style": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy", "--strict", "artui", "models", "screens", "scripts"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command as main; main(['--no-logo'])"],
}


def main(arguments: list[str]) -> int:
    """Do one of the commands; all but `check` become the program they start."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "demo":
        return become(environment("test"), ["-P", "-m", "artui", "demo", *rest])
    if command == "run":
        return become(environment("test"), ["-P", "-m", "artui", *rest])
    if command == "test":
        env = environment("test")
        os.chdir(ROOT)
        return become(env, test_arguments(rest))
    if command == "check":
        return check(environment("dev"), rest)
    print(__doc__, file=sys.stdout if command in ("-h", "--help", "help") else sys.stderr)
    return 0 if command in ("-h", "--help", "help") else 2


def become(env: str, arguments: list[str]) -> int:
    """Replace this process by the environment's Python, so that signals and the terminal reach it directly."""
    sys.stdout.flush()
    os.execve(python_of(env), [python_of(env), *arguments], clean_environ())


def test_arguments(rest: list[str]) -> list[str]:
    """Return what runs the suite on two to four processes; later arguments overrule."""
    if "--shared-server" in rest:
        rest = [argument for argument in rest if argument != "--shared-server"]
        os.environ["ARTUI_TEST_SERVER"] = "tcp"
    workers = max(2, min(4, os.cpu_count() or 2))
    return ["-m", "pytest", "-n", str(workers), "--dist", "loadfile", *rest]


def check(env: str, rest: list[str]) -> int:
    """Run every static check, then the suite; return 1 when any of them failed."""
    checks = dict(STATIC_CHECKS)
    if "--no-tests" not in rest:
        checks["tests"] = test_arguments(rest)
    failed = [name for name, arguments in checks.items() if not succeeds([python_of(env), *arguments])]
    if failed:
        print("Failed:", ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def succeeds(command: list[str]) -> bool:
    """Run a check from the checkout, its output shown."""
    import subprocess

    return subprocess.run(command, cwd=ROOT, env=clean_environ(), check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
