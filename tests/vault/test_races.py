"""Several clerks at the same thing at the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2.extras import Json

from artui.ledger import posting
from tests.books import Books


@pytest.fixture
def acme(books: Books) -> Books:
    books.post("invoice", number="INV-1", customer="1001", customer_name="Acme", create_customer=True, date="2026-03-01", amount="100")
    books.post("invoice", number="INV-2", customer="1001", date="2026-03-01", amount="100")
    books.post("receipt", number="R1", customer="1001", date="2026-03-02", amount="100")
    books.post("receipt", number="R2", customer="1001", date="2026-03-02", amount="100")
    return books


def at_once(books: Books, logins: list[str], work: Callable[[Any, int], object]) -> Counter[str]:
    """Run `work(cursor, number)` for everybody behind one barrier, each committing; count the SQLSTATEs ("" is done)."""
    barrier = threading.Barrier(len(logins))
    outcomes: list[str] = []

    def run(login: str, number: int) -> None:
        with closing(books.raw(login)) as connection, connection.cursor() as cursor:
            barrier.wait()
            try:
                work(cursor, number)
                connection.commit()
                outcomes.append("")
            except psycopg2.Error as error:
                outcomes.append(str(error.pgcode))

    threads = [threading.Thread(target=run, args=(login, number)) for number, login in enumerate(logins)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def send(cursor: Any, key: str | None = None, **document: Any) -> str:
    """Post a document in minor units as it is."""
    cursor.execute("SELECT api.post(coalesce(%s::uuid, gen_random_uuid()), %s, '2026-06-15')", (key, Json(document)))
    return str(cursor.fetchone()[0]["status"])


def moves(*pairs: tuple[str, str, int]) -> dict[str, Any]:
    return {"kind": "allocation", "date": "2026-06-01", "moves": [{"from": one, "to": other, "amount": amount} for one, other, amount in pairs]}


def test_eight_clerks_allocate_the_same_receipt_and_never_more_than_it_has(acme: Books) -> None:
    outcomes = at_once(acme, ["jana", "karla"] * 4, lambda cursor, _: send(cursor, **moves(("R1", "INV-1", 3000))))
    assert outcomes == {"": 3, "AR004": 5}
    assert acme.query("SELECT i.open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number IN ('R1', 'INV-1') ORDER BY 1") == [(-1000,), (1000,)]
    acme.tie()


def test_clerks_who_name_the_same_documents_in_another_order_never_wait_in_a_circle(acme: Books) -> None:
    def work(cursor: Any, number: int) -> None:
        pairs = [("R1", "INV-1", 100), ("R2", "INV-2", 100)]
        for _ in range(5):
            send(cursor, **moves(*(pairs if number % 2 else pairs[::-1])))
            cursor.connection.commit()

    assert at_once(acme, ["jana", "karla"] * 3, work) == {"": 6}
    acme.tie()


def test_of_two_refunds_of_one_credit_only_one_is_paid(acme: Books) -> None:
    asked = [acme.post("refund", login="jana", document="R1", amount="100", reason=str(n)).approval for n in range(2)]
    outcomes = at_once(acme, ["viktor", "karel"], lambda cursor, n: cursor.execute("SELECT api.decide(%s, true, '', '2026-06-15')", (asked[n],)))
    assert outcomes == {"": 1, "AR004": 1}
    assert acme.query("SELECT count(*) FROM document WHERE kind = 'refund'") == [(1,)]
    acme.tie()


def test_one_approval_is_decided_once(acme: Books) -> None:
    asked = acme.post("write_off", login="jana", document="INV-1", amount="50", reason="gone").approval
    outcomes = at_once(acme, ["viktor", "karel", "marta"], lambda cursor, n: cursor.execute("SELECT api.decide(%s, true, '', '2026-06-15')", (asked,)))
    assert outcomes == {"": 1, "AR009": 2}
    acme.tie()


def test_the_same_key_from_two_connections_is_posted_once(acme: Books) -> None:
    said: list[str] = []
    receipt = {"kind": "receipt", "customer": "1001", "date": "2026-06-01", "amount": 5}
    outcomes = at_once(acme, ["jana"] * 4, lambda cursor, _: said.append(send(cursor, "11111111-1111-4111-8111-111111111111", **receipt)))
    assert outcomes == {"": 4}
    assert Counter(said) == {"posted": 1, "exists": 3}
    assert acme.query("SELECT count(*) FROM document WHERE amount = 5") == [(1,)]


@pytest.mark.parametrize(("setup", "document"), [
    ({"kind": "bank_charge", "number": "X", "date": "2026-03-01", "amount": "100"}, {"kind": "reversal", "document": "X"}),
    ({"kind": "receipt", "number": "X", "date": "2026-03-01", "amount": "100"}, {"kind": "identify", "document": "X", "customer": "1001", "amount": 6000, "date": "2026-06-01"}),
    ({"kind": "receipt", "number": "X", "date": "2026-03-01", "amount": "100", "customer": "1001", "deposit": True}, {"kind": "deposit_applied", "document": "X", "amount": 6000, "date": "2026-06-01"}),
])  # fmt: skip
def test_what_has_no_open_item_is_still_used_only_once(acme: Books, setup: dict[str, Any], document: dict[str, Any]) -> None:
    acme.post(setup.pop("kind"), **setup)
    outcomes = at_once(acme, ["jana", "karla"] * 3, lambda cursor, _: send(cursor, **document))
    assert outcomes[""] == 1
    assert sum(outcomes.values()) - 1 == outcomes["AR004"] + outcomes["AR009"]
    acme.tie()


def test_small_differences_at_once_stay_within_the_day(acme: Books) -> None:
    outcomes = at_once(acme, ["jana"] * 12, lambda cursor, _: send(cursor, kind="small_difference", document="INV-1", amount=500, currency="USD"))
    assert outcomes == {"": 10, "AR012": 2}
    acme.tie()


def test_a_month_is_not_closed_under_somebody_who_is_posting_into_it(acme: Books) -> None:
    with closing(acme.raw("jana")) as posting_clerk, posting_clerk.cursor() as cursor, closing(acme.raw("karel")) as controller, controller.cursor() as closer:
        send(cursor, kind="receipt", customer="1001", date="2026-03-31", amount=5)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        closer.execute("SELECT pg_backend_pid()")
        (pid,) = closer.fetchone()
        closing_done: list[str] = []

        def close() -> None:
            closer.execute("SELECT api.set_period('2026-03-01', 'closed', '')")
            controller.commit()
            closing_done.append("closed")

        thread = threading.Thread(target=close)
        thread.start()
        while not acme.query("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", pid):
            assert not closing_done
        posting_clerk.commit()
        thread.join()
        assert closing_done == ["closed"]
        with pytest.raises(psycopg2.Error) as refused:
            send(cursor, kind="receipt", customer="1001", date="2026-03-31", amount=5)
        assert refused.value.pgcode == "AR003"


def test_the_second_of_two_clerks_editing_a_customer_changes_nothing(acme: Books) -> None:
    (version,) = acme.query("SELECT row_version FROM party")[0]
    changed: list[int] = []

    def work(cursor: Any, number: int) -> None:
        cursor.execute("UPDATE ar.party SET note = %s WHERE row_version = %s", (str(number), version))
        changed.append(cursor.rowcount)

    assert at_once(acme, ["jana", "karla"], work) == {"": 2}
    assert sorted(changed) == [0, 1]
    assert acme.query("SELECT row_version FROM party") == [(version + 1,)]


def test_a_credit_put_back_and_one_given_at_once_do_not_both_fit(acme: Books) -> None:
    acme.post("credit_note", number="C", login="jana", customer="1001", date="2026-06-01", amount="60")
    back = acme.post("reversal", login="jana", document="C", reason="error").document
    said: list[str] = []
    asked = [{"kind": "reversal", "document": back, "reason": "error"}, {"kind": "credit_note", "customer": "1001", "date": "2026-06-01", "amount": 6000}]
    assert at_once(acme, ["jana"] * 2, lambda cursor, n: said.append(send(cursor, **asked[n]))) == {"": 2}
    assert Counter(said) == {"posted": 1, "waiting": 1}
    acme.tie()


def test_a_group_is_not_made_of_a_snapshot_of_the_past(acme: Books) -> None:
    acme.query("INSERT INTO party (name) VALUES ('One'), ('Two'), ('Three')")
    under = "UPDATE ar.party SET parent_id = (SELECT id FROM ar.party WHERE name = %s) WHERE name = %s"
    with closing(acme.raw("jana")) as jana, jana.cursor() as early, closing(acme.raw("karla")) as karla, karla.cursor() as late:
        early.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        early.execute("SELECT count(*) FROM ar.party")
        late.execute(under, ("Two", "One"))
        karla.commit()
        with pytest.raises(psycopg2.Error) as refusal:
            early.execute(under, ("Three", "Two"))
    assert refusal.value.pgcode == "25001"
    assert acme.query("SELECT count(*) FROM party WHERE parent_id IS NOT NULL") == [(1,)]


def test_two_who_put_each_others_party_under_their_own_make_one_group(acme: Books) -> None:
    acme.query("INSERT INTO party (name) VALUES ('One'), ('Two')")

    def work(cursor: Any, number: int) -> None:
        pair = ("One", "Two")[:: 1 - 2 * number]
        cursor.execute("UPDATE ar.party SET parent_id = (SELECT id FROM ar.party WHERE name = %s) WHERE name = %s", pair)

    outcomes = at_once(acme, ["jana", "karla"], work)
    assert outcomes in ({"": 1, "AR010": 1}, {"": 1, "40P01": 1}), outcomes
    assert acme.query("SELECT count(*) FROM party WHERE parent_id IS NOT NULL") == [(1,)]


def test_a_posting_asked_again_while_it_waits_is_the_same_posting(acme: Books) -> None:
    key = "22222222-2222-4222-8222-222222222222"
    document = {"id": key, "kind": "write_off", "document": "INV-1", "amount": "1", "reason": "x"}
    first, again = (posting.post(acme.session("jana"), document) for _ in range(2))
    assert (first.status, again.status, again.approval) == ("waiting", "waiting", first.approval)


@pytest.mark.parametrize("kind", ["identify", "credit_note"])
def test_doing_anew_and_putting_back_at_once_give_it_once(acme: Books, kind: str) -> None:
    acme.post("receipt", number="WHO", date="2026-03-02", amount="100")
    anew = {"kind": kind, "customer": "1001", "date": "2026-06-10", "amount": 10000, "allocate": [], **({"document": "WHO"} if kind == "identify" else {"of": "INV-1"})}
    backs = []
    for _ in range(4):
        first = acme.session("karel").query("SELECT api.post(gen_random_uuid(), %s, '2026-06-15')", (Json(anew),))[0][0]["document"]
        backs.append(acme.post("reversal", document=first, reason="error").document)

    def work(cursor: Any, number: int) -> None:
        send(cursor, **(anew if number % 2 else {"kind": "reversal", "document": backs[number // 2], "date": "2026-06-10", "reason": "error"}))

    assert at_once(acme, ["karel"] * 8, work) == {"": 1, "AR004": 7}
    acme.tie()


def test_a_batch_is_posted_once_and_takes_nothing_more_whoever_is_at_it(acme: Books) -> None:
    jana = acme.session("jana")
    batch = jana.query("SELECT api.open_batch('bank', '2026-06-10', 'USD', 300, 3)")[0][0]
    entry = {"kind": "receipt", "customer": "1001", "date": "2026-06-10", "amount": 100}
    for _ in range(3):
        jana.query("SELECT api.add_to_batch(%s, gen_random_uuid(), %s)", (batch, Json(entry)))

    def work(cursor: Any, number: int) -> None:
        statement = ("SELECT api.post_batch(%s, '2026-06-15')", "SELECT api.add_to_batch(%s, gen_random_uuid(), '" + Json(entry).dumps(entry) + "')")[number % 2]
        cursor.execute(statement, (batch,))

    outcomes = at_once(acme, ["jana", "karla"] * 4, work)
    posted = acme.query("SELECT state, (SELECT count(*) FROM document d WHERE d.batch_id = b.id), (SELECT count(*) FROM batch_receipt r WHERE r.batch_id = b.id) FROM batch b")
    assert posted == [("posted", 3, 3)] or (posted[0][:2] == ("open", 0) and outcomes["AR013"]), (posted, outcomes)
    assert set(outcomes) <= {"", "AR010", "AR013"}
    acme.tie()
