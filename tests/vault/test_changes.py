"""Whoever listens learns of everything that was committed, from the rows themselves, and nothing from the message."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from artui.db.listen import CHANNEL, Listener, News
from artui.errors import Unreachable
from tests.books import Books


class Ear:
    """Somebody with a plain connection who listens and asks."""

    def __init__(self, books: Books, login: str = "petr") -> None:
        self.connection = books.raw(login)
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute(f"LISTEN {CHANNEL}")
        self.accounts: list[int] = []
        self.since = None
        self.ask()

    def ask(self) -> dict[str, Any]:
        self.cursor.execute("SELECT api.changes(%s::pg_snapshot, %s)", (self.since, self.accounts))
        answer = self.cursor.fetchone()[0]
        self.since = answer["now"]
        return answer

    def heard(self) -> list[str]:
        self.cursor.execute("SELECT 1")
        words = [notify.payload for notify in self.connection.notifies]
        self.connection.notifies.clear()
        return words


@pytest.fixture
def ear(books: Books) -> Iterator[Ear]:
    invoice(books, "A-1")
    invoice(books, "A-2", customer="C2")
    listening = Ear(books)
    listening.accounts = [number for (number,) in books.query("SELECT id FROM account WHERE number = 'C1'")]
    yield listening
    listening.connection.close()


def invoice(books: Books, number: str, customer: str = "C1", amount: str = "100.00") -> None:
    books.post("invoice", number=number, customer=customer, customer_name=customer, create_customer=True, date="2026-06-01", due="2026-06-30", amount=amount)


def test_a_posting_gives_an_empty_word_and_is_told_to_who_watches_its_account(books: Books, ear: Ear) -> None:
    books.post("receipt", number="R-17", customer="C1", date="2026-06-02", amount="91.75", method="cheque", allocate=[{"document": "A-1", "amount": "91.75"}])
    assert ear.heard() == [""]
    (change,) = ear.ask()["changes"]
    assert {key: change[key] for key in ("by", "what", "op", "accounts", "number", "amount", "currency")} == {
        "by": "olga", "what": "receipt", "op": "P", "accounts": ear.accounts, "number": "R-17", "amount": 9175, "currency": "USD",
    }  # fmt: skip
    assert ear.ask()["changes"] == [], "it is told once"


def test_what_touches_other_accounts_is_not_told_but_known_to_be_something(books: Books, ear: Ear) -> None:
    invoice(books, "A-3", customer="C2")
    answer = ear.ask()
    assert answer["any"] is True
    assert answer["changes"] == []


def test_edits_contacts_and_months_are_told_by_table_and_column_and_never_by_value(books: Books, ear: Ear) -> None:
    party = "(SELECT party_id FROM ar.account WHERE number = 'C1')"
    with closing(books.raw("jana")) as jana, jana, jana.cursor() as cursor:
        cursor.execute(f"UPDATE ar.party SET name = 'Secret name', note = 'Secret note' WHERE id = {party}")
        cursor.execute(f"INSERT INTO ar.contact_point (party_id, type, value, value_key) VALUES ({party}, 'phone', '555 0134', '5550134')")
        cursor.execute("INSERT INTO ar.activity (account_id, direction, channel, note) SELECT id, 'out', 'phone', 'Secret talk' FROM ar.account WHERE number = 'C1'")
    assert ear.heard() == [""], "one word for one transaction"
    answer = ear.ask()
    assert "Secret" not in json.dumps(answer)
    assert "0134" not in json.dumps(answer)
    told = {(change["what"], change["op"], change.get("kind"), tuple(change.get("columns") or ())) for change in answer["changes"]}
    assert told == {("party", "U", None, ("name", "note")), ("contact_point", "I", "phone", ()), ("activity", "I", "phone", ())}
    others = "(SELECT party_id FROM ar.account WHERE number = 'C2')"
    for whose, heard in ((party, 1), (others, 0)):
        books.query(f"INSERT INTO ar.party_bank (party_id, iban) VALUES ({whose}, 'DE89370400440532013000')")
        assert [(change["what"], len(change["accounts"])) for change in ear.ask()["changes"]] == [("party_bank", 1)] * heard
    books.query("INSERT INTO period (month, state) VALUES ('2020-01-01', 'closed')")
    assert [(change["what"], change["accounts"]) for change in ear.ask()["changes"]] == [("period", [])]


def test_a_load_is_one_word_and_one_line(books: Books, ear: Ear, tmp_path: Any) -> None:
    rows = "\n".join(f"L-{n},{'C1' if n % 10 == 0 else 'C2'},2026-06-01,2026-07-01,{n}.00,USD" for n in range(1, 301))
    (tmp_path / "invoices.csv").write_text("number,customer,date,due,amount,currency\n" + rows + "\n")
    books.artui("import", "invoices", str(tmp_path / "invoices.csv"))
    assert ear.heard() in ([""], ["", ""]), "the load, and what was noted of it"
    (change,) = [change for change in ear.ask()["changes"] if change["op"] == "P"]
    assert change["bulk"] is True
    assert change["accounts"] == ear.accounts
    assert change["number"] is None


def test_what_is_rolled_back_is_never_told(books: Books, ear: Ear) -> None:
    with closing(books.raw("jana")) as jana, jana.cursor() as cursor:
        cursor.execute("UPDATE ar.party SET note = 'x'")
        jana.rollback()
    assert ear.heard() == []
    assert ear.ask()["any"] is False


def test_a_late_commit_is_told_although_others_were_told_in_between(books: Books, ear: Ear) -> None:
    with closing(books.raw("jana")) as jana, jana.cursor() as cursor:
        cursor.execute("UPDATE ar.party SET note = 'slow' WHERE name = 'C1'")
        invoice(books, "A-4")
        answer = ear.ask()
        assert [change["number"] for change in answer["changes"]] == ["A-4"]
        assert int(answer["oldest"]) < int(answer["next"]), "it is known that somebody is under way"
        jana.commit()
    assert [change["what"] for change in ear.ask()["changes"]] == ["party"]


def test_too_much_to_list_is_said_to_be_too_much(books: Books, ear: Ear) -> None:
    books.query("INSERT INTO contact (party_id, name) SELECT party_id, 'P' || n FROM account, generate_series(1, 150) n")
    assert ear.ask()["more"] is True
    with pytest.raises(psycopg2.Error, match="so many accounts"):
        ear.cursor.execute("SELECT api.changes(%s::pg_snapshot, %s)", (ear.since, list(range(1001))))


def test_postings_do_not_wait_for_somebody_who_holds_the_turn(books: Books, ear: Ear) -> None:
    with closing(books.raw("petr")) as petr, petr.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(727, 3)")
        begun = time.monotonic()
        invoice(books, "A-5")
        assert time.monotonic() - begun < 5
        assert ear.heard() == []
        assert [change["number"] for change in ear.ask()["changes"]] == ["A-5"], "no word, yet nothing is lost to who asks"


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, half a minute at most."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.02)


def test_eight_who_commit_at_once_are_all_heard_of(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    # by the word they give: who asks by itself every few seconds would learn of it, too
    monkeypatch.setattr("artui.db.listen.HEARTBEAT", 60.0)
    for clerk in range(8):
        invoice(books, f"B-{clerk}", customer=f"K{clerk}")
    accounts = [number for (number,) in books.query("SELECT id FROM account")]
    news: list[News] = []

    async def story() -> None:
        listener = Listener(books.dsn("petr"), lambda: accounts, news.append, lambda _: None)
        task = asyncio.create_task(listener.run())
        await until(lambda: bool(news))      # it listens
        await asyncio.gather(*(asyncio.to_thread(_post_ten, books, clerk) for clerk in range(8)))
        wanted = {f"W-{clerk}-{n}" for clerk in range(8) for n in range(10)}
        await until(lambda: wanted <= {change.number for each in news for change in each.changes})
        task.cancel()

    asyncio.run(story())


def _post_ten(books: Books, clerk: int) -> None:
    with closing(books.raw("olga")) as connection, connection.cursor() as cursor:
        for n in range(10):
            body = {"kind": "invoice", "number": f"W-{clerk}-{n}", "customer": f"K{clerk}", "date": "2026-06-01", "due": "2026-06-30", "amount": 100, "currency": "USD"}
            cursor.execute("SELECT api.post(%s::uuid, %s, '2026-06-15')", (str(uuid.uuid4()), json.dumps(body)))
            connection.commit()


def test_a_flood_of_forged_words_is_asked_about_a_few_times_and_believed_never(books: Books) -> None:
    news: list[News] = []
    lost: list[Unreachable | None] = []
    asked: list[float] = []

    def watched() -> list[int]:
        asked.append(time.monotonic())
        return []

    async def story() -> None:
        listener = Listener(books.dsn("petr"), watched, news.append, lost.append)
        task = asyncio.create_task(listener.run())
        await until(lambda: bool(news))      # it listens
        await asyncio.to_thread(_forge, books)
        await asyncio.sleep(0.3)
        task.cancel()

    thread = threading.active_count()
    asyncio.run(story())
    assert threading.active_count() <= thread + 1
    assert news == [News(everything=True)], "only what it says when it begins"
    assert lost == [None]
    assert len(asked) <= 2 + (asked[-1] - asked[0]) / 0.1


def _forge(books: Books) -> None:
    with closing(books.raw("audrey")) as liar, liar.cursor() as cursor:
        liar.autocommit = True
        for n in range(300):
            cursor.execute(f"NOTIFY {CHANNEL}, '[{n}] \x1b]0;forged\x07 everything 1,2,3'")
