"""The program in a real terminal, from the first byte to the last."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

from tests.books import Books
from tests.screens.terminal import terminal
from tests.screens.test_hostile import CONTROL, add, open_the_gates

CONTROL_SEQUENCE = re.compile(rb"\x1b\[([0-9;:<=>?]*)[ -/]*([@-~])")
LEFT = b"\x1b[?1049l"


def test_somebody_looks_up_an_account_and_leaves(office: Books) -> None:
    with terminal(office) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("farm rey")
        screen.shows("▸ 10442 Reyes Farms Inc.")
        screen.press("enter")
        screen.shows("PAST DUE 10 400.00")
        screen.press("ctrl+q", "ctrl+c")
        screen.shows("Ctrl+C does not leave")
        screen.press("f3")
        screen.shows("▸ 10442")
        screen.press("f3")
        screen.shows("F3 once more leaves ARTUI; any other key goes on.")
        screen.press("ctrl+u", "f3")
        screen.shows("F3 once more leaves ARTUI; any other key goes on.")
        screen.press("f3")
        screen.ends(0)
        assert LEFT in screen.output, "the shell's own screen is back"
        assert b"\x1b[?25h" in screen.output, "and so is its cursor"
        assert b"Traceback" not in screen.output


def test_a_hostile_name_sends_nothing_to_the_terminal_but_text(books: Books) -> None:
    open_the_gates(books)
    add(books, "C1", "Evil" + "".join(CONTROL.values()))
    with terminal(books) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("evil")
        screen.shows("▸ C1")
        screen.press("enter")
        screen.shows("Customer C1")
        screen.press("3")
        screen.shows("Contact log")
        screen.press("1", "enter")
        screen.shows("Invoice INV-C1")
        screen.press("j")
        screen.shows("Journal of invoice")
        screen.press("f3", "f3", "f3", "f3", "f3")
        screen.ends(0)
        text = screen.output.decode("utf-8")
        for what in ("\x1b]2;", "\x1b]52;", "\x1b[c", "\x1b[2J\x1b[H\x1b", "\x9b", "\x9d", "\x7f", "\u202e", "\u2066", "\u200b", "\ufeff"):
            assert what not in text, what
        assert "PWNED" in text, "what can be read is still there to be read"


def test_without_colours_nothing_is_coloured_and_everything_is_there(office: Books) -> None:
    with terminal(office, NO_COLOR="1") as screen:
        screen.shows("Type what the caller gives:")
        screen.press("10442")
        screen.shows("▸ 10442")
        screen.press("enter")
        screen.shows("D 1 500.00")
        screen.press("f3", "f3", "f3")
        screen.ends(0)
        for parameters, final in CONTROL_SEQUENCE.findall(screen.output):
            if final == b"m":
                assert not [code for code in parameters.split(b";") if code and (30 <= int(code) <= 38 or 40 <= int(code) <= 48 or int(code) >= 90)], parameters


def test_a_dropped_line_ends_the_program_and_its_connections(office: Books) -> None:
    connections = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'jana'"
    with terminal(office) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("10442")
        screen.shows("▸ 10442")
        # one that reads and writes, one that listens; what looks around once after signing in has a third for a moment
        screen.until(lambda: office.query(connections) == [(2,)])
        screen.hang_up()
        screen.until(lambda: screen.process.poll() is not None)
        screen.until(lambda: office.query(connections) == [(0,)])


def test_being_told_to_stop_leaves_the_terminal_as_it_was(office: Books) -> None:
    with terminal(office) as screen:
        screen.shows("Type what the caller gives:")
        screen.process.send_signal(signal.SIGTERM)
        screen.ends(0)
        assert LEFT in screen.output


def test_somebody_who_is_not_let_in_reads_one_sentence(office: Books) -> None:
    office.query("SELECT api.add_staff('ghost', 'Ghost', ARRAY['clerk'])")
    if office.server.password:
        office.query(f"ALTER ROLE ghost PASSWORD '{office.server.password}'")
    office.query("SELECT api.disable_staff('ghost')")
    with terminal(office, "ghost") as screen:
        screen.until(lambda: screen.process.poll() is not None)
        screen.ends(screen.process.returncode)
        assert screen.process.returncode in (1, 3)
        assert b"artui: " in screen.output
        assert b"Traceback" not in screen.output


def test_a_fault_of_the_program_itself_leaves_a_sentence_and_a_sane_terminal(office: Books) -> None:
    broken = "import screens.sheet as s; s.Sheet.seen = lambda self, y: 1 / 0; from artui.config import load_config; from screens.app import run; import sys; sys.exit(run(load_config()))"
    with terminal(office, command=[sys.executable, "-P", "-c", broken]) as screen:
        screen.ends(1)
        assert LEFT in screen.output
        assert b"Something unforeseen happened (reference " in screen.output.split(LEFT)[-1]
        assert b"Traceback" not in screen.output


def test_the_environment_cannot_choose_the_driver_and_no_key_stops_the_program(office: Books) -> None:
    with terminal(office, TEXTUAL_DRIVER="no.such.module:Driver", TEXTUAL_ALLOW_SIGNALS="1") as screen:
        screen.shows("Type what the caller gives:")
        screen.press("\x1a", "\x1c", "10442")
        screen.shows("▸ 10442")
        screen.press("f3", "f3")
        screen.ends(0)


def test_opening_loads_no_screen_but_the_first_and_nothing_of_the_books() -> None:
    later = ("peewee", "psycopg2", "artui.session", "artui.people.start", "screens.people.hits", "screens.people.card", "screens.ledger.correction", "artui.ledger.sign_in", "screens.cash.payment", "screens.bank.statements", "screens.records.editing", "screens.desk.cases")
    asked = f"import sys, screens.app; print([name for name in {later!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-P", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n", "each would be paid for at every login before anything is seen: import it where somebody goes there, or name it with `Later`"
