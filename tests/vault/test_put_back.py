"""What leans on a document, or was done anew since, keeps it from being put back or taken away: nothing is given twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from artui.errors import ArtuiError
from artui.ledger import posting
from tests.books import Books


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    for number, customer in (("BIG", "1001"), ("OTHER", "1002"), ("WAIVED", "1001"), ("LOST", "1001"), ("NOTED", "1001")):
        module_books.post("invoice", number=number, customer=customer, customer_name=customer, create_customer=True, date="2026-03-01", amount="1000")
    for number in ("OTHER", "LOST"):
        asked = module_books.post("write_off", document=number, reason="gone", login="jana")
        posting.decide(module_books.session("karel"), int(asked.approval or 0), approve=True)
    return module_books


def reverse(books: Books, number: str) -> str:
    return str(books.post("reversal", document=number, reason="error").document)


def refused(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ArtuiError) as refusal:
        act(*arguments)
    return str(refusal.value.code)


def charge(books: Books, what: str, document: str) -> str:
    item = books.query("SELECT i.id FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = %s", document)[0][0]
    statement = "SELECT api.charge(gen_random_uuid(), jsonb_build_object('item', %s, 'what', %s, 'first', '2026-03-02', 'last', '2026-03-02', 'amount', 1000), '2026-06-15')"
    return str(books.session("jana").query(statement, (item, what))[0][0]["document"])


@pytest.mark.parametrize(
    ("what", "code"),
    [("credit_note", "AR004"), ("identify", "AR004"), ("deposit_applied", "AR004"), ("recovery", "AR004"), ("interest", "AR009"), ("fixed_sum", "AR009")],
)
def test_what_was_done_anew_is_not_put_back_as_well(office: Books, what: str, code: str) -> None:
    taken = {"identify": {}, "deposit_applied": {"customer": "1001", "deposit": True}}.get(what)
    money = "" if taken is None else str(office.post("receipt", date="2026-03-02", amount="1000", **taken).document)
    fields = {"credit_note": {"customer": "1001", "of": "BIG", "allocate": []}, "identify": {"document": money, "customer": "1002"}, "deposit_applied": {"document": money},
              "recovery": {"document": "OTHER"}}.get(what)  # fmt: skip

    def do() -> str:
        return charge(office, what, "BIG") if fields is None else str(office.post(what, date="2026-06-10", amount="1000", **fields).document)

    back = reverse(office, do())
    again = do()
    assert refused(reverse, office, back) == code
    reverse(office, again)
    reverse(office, back)  # and nothing was done since: it comes back
    office.tie()


def test_what_was_waived_is_not_charged_after_all(office: Books) -> None:
    number = charge(office, "interest", "WAIVED")
    office.session("karel").query("SELECT api.waive_charge(gen_random_uuid(), jsonb_build_object('document', %s, 'reason', 'goodwill'), '2026-06-15')", (number,))
    back = office.query("SELECT r.number FROM document r JOIN document d ON d.id = r.reverses_id WHERE d.number = %s", number)[0][0]
    assert refused(reverse, office, back) == "AR009"


def test_a_write_off_stays_while_it_is_recovered(office: Books) -> None:
    written_off = office.query("SELECT w.number FROM document w JOIN document d ON d.id = w.of_id WHERE w.kind = 'write_off' AND d.number = 'LOST'")[0][0]
    recovered = str(office.post("recovery", document="LOST", date="2026-06-15", amount="1000").document)
    assert refused(reverse, office, written_off) == "AR004"
    reverse(office, recovered)
    reverse(office, written_off)


def test_an_invoice_stays_while_something_has_given_it_away(office: Books) -> None:
    note = str(office.post("credit_note", customer="1001", of="NOTED", date="2026-03-05", amount="1000").document)
    assert refused(reverse, office, "NOTED") == refused(reverse, office, "OTHER") == "AR010"
    reverse(office, note)
    reverse(office, "NOTED")
    office.tie()
