"""The promises of the command line to scripts: names, shapes, exit statuses, and nothing else on standard output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.books import Books


@pytest.fixture
def acme(books: Books) -> Books:
    books.post("invoice", number="INV-1", customer="0001001", customer_name="Acme [/x] Dvořák", create_customer=True, date="2026-03-01", due="2026-03-31", amount="1210.00", tax="210.00")
    books.post("receipt", number="R1", customer="0001001", date="2026-05-20", amount="200.00", reference="CHQ-9")
    return books


def answer(books: Books, *words: str, status: int = 0) -> dict[str, object]:
    return json.loads(books.artui(*words, "--format", "json", status=status).stdout)  # type: ignore[no-any-return]


def test_lookup_answers_what_is_owed(acme: Books) -> None:
    (hit,) = answer(acme, "lookup", "dvorak", "acme")["hits"]  # type: ignore[misc]
    assert hit == {
        "kind": "customer", "number": "0001001", "name": "Acme [/x] Dvořák", "city": "", "balance": {"USD": "1010.00"}, "past_due": {"USD": "1210.00"},
        "oldest_days": 76, "flags": [], "matched_on": "name",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "matched"), [("0001001", "number"), ("inv-1", "document"), ("CHQ-9", "cheque"), ("=1210", "amount"), ("=200.00", "amount"), ("dvrak", "similar name"), ("000100", "number")])
def test_lookup_recognises_what_was_given_by_its_shape(acme: Books, text: str, matched: str) -> None:
    (hit,) = answer(acme, "lookup", text)["hits"]  # type: ignore[misc]
    assert (hit["number"], hit["matched_on"]) == ("0001001", matched)


def test_items_and_show_as_of_a_past_day(acme: Books) -> None:
    (item,) = answer(acme, "items", "0001001", "--as-of", "2026-04-10")["items"]  # type: ignore[misc]
    assert (item["document"], item["days"], item["open"], item["promised"]) == ("INV-1", 10, "1210.00", "0.00")
    shown = answer(acme, "show", "0001001")
    assert shown["balance"] == {"USD": "1010.00"} and shown["unapplied"] == {"USD": "-200.00"}


def test_ageing_has_the_promised_shape_and_ties(acme: Books) -> None:
    report = answer(acme, "report", "aging", "--as-of", "2026-06-15")
    assert list(report) == ["report", "title", "as_of", "params", "columns", "rows", "totals", "counts", "ties_to_ledger", "run_id"]
    assert report["rows"] == [{
        "number": "0001001", "name": "Acme [/x] Dvořák", "currency": "USD", "not_due": "0.00", "1-30": "0.00", "31-60": "0.00", "61-90": "1210.00",
        "91-120": "0.00", "121+": "0.00", "unapplied": "-200.00", "total": "1010.00",
    }]  # fmt: skip
    assert report["counts"] == {"accounts": 1, "open_items": 2} and report["ties_to_ledger"] is True
    assert answer(acme, "report", "aging", "--as-of", "2026-06-15")["run_id"] == report["run_id"]
    early = answer(acme, "report", "aging", "--as-of", "2026-03-31")
    assert early["totals"] == {"USD": {"not_due": "1210.00", "1-30": "0.00", "31-60": "0.00", "61-90": "0.00", "91-120": "0.00", "121+": "0.00", "unapplied": "0.00", "total": "1210.00"}}


@pytest.mark.parametrize("fmt", ["table", "csv", "md", "html"])
def test_ageing_comes_out_in_every_format(acme: Books, fmt: str, tmp_path: Path) -> None:
    target = tmp_path / "ageing"
    acme.artui("report", "aging", "--format", fmt, "-o", str(target))
    written = target.read_text()
    assert "1210.00" in written or "1 210.00" in written
    assert "0001001" in written


def test_post_answers_each_document_and_exits_1_when_one_is_refused(acme: Books, tmp_path: Path) -> None:
    good = {"id": str(uuid.uuid4()), "kind": "receipt", "customer": "0001001", "date": "2026-06-01", "amount": "10.00", "allocate": [{"document": "INV-1", "amount": "10.00"}]}
    bad = {"id": str(uuid.uuid4()), "kind": "receipt", "customer": "nobody", "date": "2026-06-01", "amount": "10.00"}
    file = tmp_path / "docs.json"
    file.write_text(json.dumps([good, bad]))
    dry = json.loads(acme.artui("post", str(file), "--dry-run", status=1).stdout)
    assert [r["status"] for r in dry["results"]] == ["posted", "refused"]
    atomic = json.loads(acme.artui("post", str(file), "--atomic", status=1).stdout)
    assert [r["status"] for r in atomic["results"]] == ["refused", "refused"]
    done = json.loads(acme.artui("post", str(file), status=1).stdout)
    assert [(r["status"], r["code"]) for r in done["results"]] == [("posted", None), ("refused", "AR011")]
    again = json.loads(acme.artui("post", str(file), status=1).stdout)
    assert [r["status"] for r in again["results"]] == ["exists", "refused"]
    assert acme.query("SELECT count(*) FROM document WHERE kind = 'receipt'") == [(2,)]


def test_a_write_off_waits_and_only_somebody_else_approves_it(acme: Books, tmp_path: Path) -> None:
    file = tmp_path / "docs.json"
    file.write_text(json.dumps([{"id": str(uuid.uuid4()), "kind": "write_off", "document": "INV-1", "amount": "12.00", "reason": "rounding of a contract"}]))
    (waiting,) = json.loads(acme.artui("post", str(file), login="olga").stdout)["results"]
    assert waiting["status"] == "waiting"
    (listed,) = json.loads(acme.artui("approvals", "--format", "json").stdout)["approvals"]
    assert (listed["maker"], listed["action"], listed["amount"], listed["reason"]) == ("olga", "write_off", "12.00", "rounding of a contract")
    number = str(waiting["approval"])
    assert "Four eyes" in acme.artui("approvals", "approve", number, login="olga", status=1).stderr
    acme.artui("approvals", "approve", number, "--reason", "agreed", login="marta")
    assert answer(acme, "items", "0001001")["items"][0]["open"] == "1198.00"  # type: ignore[index]


def test_an_office_of_one_may_approve_with_a_reason_and_it_shows(acme: Books, tmp_path: Path) -> None:
    acme.artui("setting", "one_person_office", "true", login="jana", status=1)
    acme.artui("setting", "one_person_office", "yes", status=1)
    for value in ("-5", "NaN", "1e400", "true"):  # a limit nobody can be above, or below
        assert "small_difference.item cannot be" in acme.artui("setting", "small_difference.item", value, status=1).stderr
    acme.artui("setting", "one_person_office", "true")
    file = tmp_path / "docs.json"
    file.write_text(json.dumps([{"id": str(uuid.uuid4()), "kind": "write_off", "document": "INV-1", "amount": "12.00", "reason": "small"}]))
    acme.artui("post", str(file))
    acme.artui("approvals", "approve", "1", status=1)
    acme.artui("approvals", "approve", "1", "--reason", "nobody else here")
    findings = {row["name"]: row["findings"] for row in answer(acme, "check")["findings"]}  # type: ignore[union-attr, attr-defined]
    assert findings["approved_by_their_maker"] == 1


def test_check_is_quiet_when_the_books_tie_and_not_when_they_do_not(acme: Books) -> None:
    assert answer(acme, "check")["ok"] is True
    acme.query("ALTER TABLE open_item DISABLE TRIGGER USER; UPDATE open_item SET open = open - 1, first_on = posted_on, last_on = posted_on WHERE original > 0; ALTER TABLE open_item ENABLE TRIGGER USER")
    broken = acme.artui("check", "--format", "json", status=1)
    assert {check["name"] for check in json.loads(broken.stdout)["checks"] if not check["ok"]} >= {"open_amounts_equal_allocations"}


def test_rights_are_the_persons_own(acme: Books, tmp_path: Path) -> None:
    file = tmp_path / "docs.json"
    file.write_text(json.dumps([{"id": str(uuid.uuid4()), "kind": "receipt", "customer": "0001001", "date": "2026-06-01", "amount": "1.00"}]))
    refused = json.loads(acme.artui("post", str(file), login="petr", status=1).stdout)["results"][0]
    assert (refused["status"], refused["code"]) == ("refused", "42501")
    acme.artui("staff", "add", "eva", "--role", "clerk", login="jana", status=1)


def test_terms_print_their_schedule(books: Books) -> None:
    assert answer(books, "terms", "due", '[{"months": 2}, {"day": 15}, {"days": 30}]', "2026-01-10", "100")["schedule"] == [{"due": "2026-04-14", "amount": "100.00"}]
    assert [part["amount"] for part in answer(books, "terms", "due", "3X30", "2026-01-20", "100")["schedule"]] == ["33.33", "33.33", "33.34"]  # type: ignore[union-attr, attr-defined]


def test_a_closed_month_is_closed_for_the_command_line_too(acme: Books, tmp_path: Path) -> None:
    acme.artui("period", "close", "2026-03", login="karel")
    file = tmp_path / "docs.json"
    file.write_text(json.dumps([{"id": str(uuid.uuid4()), "kind": "receipt", "customer": "0001001", "date": "2026-03-05", "amount": "1.00"}]))
    assert json.loads(acme.artui("post", str(file), status=1).stdout)["results"][0]["code"] == "AR003"


@pytest.mark.parametrize(("words", "status"), [
    (["nonsense"], 2), (["report", "nothing"], 2), (["show", "nobody"], 1), (["items", "nobody"], 1), (["post", "/nonexistent.json"], 1), ([], 2),
    (["report", "aging", "--as-of", "31.31.2026"], 2), (["approvals", "approve", "99"], 1), (["approvals", "approve"], 2), (["terms", "due", "NOPE", "2026-01-01", "1"], 1),
])  # fmt: skip
def test_every_refusal_has_its_status_and_one_sentence(books: Books, words: list[str], status: int) -> None:
    done = books.artui(*words, status=status)
    assert done.stdout == "" and done.stderr.strip()


def test_an_unreachable_database_is_status_3(books: Books) -> None:
    environ = {**books.environ(), "ARTUI_DATABASE_URL": "host=127.0.0.1 port=1 dbname=none user=none"}
    done = subprocess.run([sys.executable, "-P", "-m", "artui", "lookup", "x"], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "") and "does not answer" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', "\ufeff[]", '[{"kind": "receipt"}]', "[" * 5000])
def test_a_file_that_is_not_a_list_of_documents_is_said_so(books: Books, tmp_path: Path, content: str) -> None:
    file = tmp_path / "docs.json"
    file.write_text(content)
    done = books.artui("post", str(file), status=None)
    assert done.returncode == (0 if content == "\ufeff[]" else 1)


def test_hostile_names_come_out_as_text(books: Books) -> None:
    books.query("INSERT INTO party (name) VALUES ('=cmd|x [@click=app.quit]x[/]')")
    books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', '+1', max(id), 'USD' FROM party")
    books.post("invoice", number="H1", customer="+1", date="2026-03-01", amount="1")
    csv = books.artui("report", "aging", "--format", "csv").stdout
    assert "'=cmd|x" in csv and "'+1" in csv
    assert "[@click=app.quit]x[/]" in books.artui("report", "aging").stdout


def test_the_command_line_starts_without_textual(books: Books) -> None:
    program = "import sys; from artui.cli import run; run(['report', 'aging', '--format', 'json']); sys.exit(any(m.split('.')[0] in ('textual', 'rich') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-P", "-c", program], env=books.environ(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_staff_come_and_go(books: Books) -> None:
    login = f"eva_{uuid.uuid4().hex[:8]}"
    try:
        added = answer(books, "staff", "add", login, "--name", "Eva Nová", "--role", "clerk")["staff"]
        assert added == [{"login": login, "name": "Eva Nová", "roles": ["clerk"], "disabled": False}]
        assert answer(books, "staff", "role", login, "collector", "credit")["staff"][0]["roles"] == ["collector", "credit"]  # type: ignore[index]
        books.artui("staff", "role", login, "auditor", "clerk", status=1)
        assert answer(books, "staff", "disable", login)["staff"][0]["disabled"] is True  # type: ignore[index]
        assert "The database does not let this user in." in books.artui("staff", "list", login=login, status=3).stderr
    finally:
        books.query(f"REVOKE ALL ON DATABASE {books.name} FROM {login}; DROP OWNED BY {login}; DROP ROLE {login}")


def test_doctor_says_where_everything_is(books: Books) -> None:
    report = answer(books, "doctor")
    assert all(check["ok"] for check in report["checks"])  # type: ignore[union-attr, attr-defined]
    assert report["role"]["login"] == "olga"  # type: ignore[index]
    assert report["paths"]["config_file"].endswith("config.toml")  # type: ignore[index]


def test_completion_and_version(books: Books) -> None:
    assert "_artui" in books.artui("completion", "bash").stdout or "artui" in books.artui("completion", "bash").stdout
    assert books.artui("--version").stdout == books.artui("version").stdout


def test_embedded_books_are_made_on_first_use_and_survive_backup_and_restore(tmp_path: Path) -> None:
    environ = {key: value for key, value in os.environ.items() if key != "ARTUI_DATABASE_URL"} | {"ARTUI_HOME": str(tmp_path / "a home"), "ARTUI_TODAY": "2026-06-15"}

    def artui(*words: str, status: int = 0) -> str:
        done = subprocess.run([sys.executable, "-P", "-m", "artui", *words], env=environ, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == status, done.stderr
        return done.stdout

    file = tmp_path / "docs.json"
    file.write_text(json.dumps([{"id": str(uuid.uuid4()), "kind": "invoice", "number": "I1", "customer": "1", "create_customer": True, "date": "2026-01-01", "amount": "5.00"}]))
    try:
        artui("db", "status", status=3)
        artui("post", str(file))
        before = artui("report", "aging", "--format", "json")
        artui("db", "backup", str(tmp_path / "books.dump"))
        assert (tmp_path / "books.dump").stat().st_mode & 0o077 == 0
        artui("db", "restore", str(tmp_path / "books.dump"), status=1)
        artui("db", "restore", str(tmp_path / "books.dump"), "--replace")
        assert artui("report", "aging", "--format", "json") == before
        artui("check")
        artui("db", "migrate")
        assert artui("db", "url").startswith("postgresql://")
        assert json.loads(artui("db", "status", "--format", "json"))["running"] is True
    finally:
        where = json.loads(artui("doctor", "--format", "json"))["paths"]
        artui("db", "stop")
        import shutil

        shutil.rmtree(where["server_dir"], ignore_errors=True)
        shutil.rmtree(where["socket_dir"], ignore_errors=True)
