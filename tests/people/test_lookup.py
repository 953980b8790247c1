"""Whatever a caller gives leads to the account: names however spelt, numbers however written, documents, amounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from artui.people.lookup import find, known
from tests.books import Books

PHONE = "+44 20 7946 0958"
NAMES = (
    "Dvořák Stavby s.r.o.", "Reyes Farms Inc.", "O'Brien & Sons", "J.K. Rowling Books", "Jones/Smith", "AT&T", "100% Juice", "Under_score", "back\\slash",
    "Wolfeschlegelsteinhausenbergerdorff", "Łódź Metal", "e.e. cummings", "Straße 7", "محمد", "김철수", "山田商事", "Acme [Prague]",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(module_books: Books) -> Books:
    """One invoice for each name, a phone, a tax number, an address of mail, a vendor."""
    for place, name in enumerate(NAMES):
        module_books.post(
            "invoice", number=f"INV-{place:03}", customer=f"C{place:03}", customer_name=name, create_customer=True, date="2026-04-01", due="2026-05-01", amount=f"{100 + place}.25",
            po=f"PO-{place}", currency="USD",
        )  # fmt: skip
    module_books.post("receipt", number="R-1", customer="C001", date="2026-05-02", amount="101.25", method="cheque", reference="004417", allocate=[{"document": "INV-001"}])
    party = "(SELECT party_id FROM account WHERE number = 'C000')"
    module_books.query(f"INSERT INTO contact (party_id, name, purpose) VALUES ({party}, 'Šárka Růžičková', 'collections')")
    module_books.query(f"INSERT INTO contact_point (party_id, type, value, value_key) VALUES ({party}, 'phone', '{PHONE}', '442079460958')")
    module_books.query(f"INSERT INTO contact_point (party_id, type, value, value_key) VALUES ({party}, 'mobile', '8 912 345-67-89', '79123456789')")
    module_books.query(f"INSERT INTO contact_point (party_id, type, value, value_key) VALUES ({party}, 'email', 'Ana@Example.com', 'ana@example.com')")
    module_books.query(f"UPDATE party SET tax_id = 'CZ 1234 5678', country = 'CZ' WHERE id = {party}")
    module_books.query("INSERT INTO party (name) VALUES ('Reyes Paper Mill')")
    module_books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'vendor', 'V1', id, 'USD' FROM party WHERE name = 'Reyes Paper Mill'")
    return module_books


def names(books: Books, text: str, kind: str = "all", *, open_only: bool = False) -> list[str]:
    return [hit.name for hit in find(books.session("audrey"), text, kind=kind, open_only=open_only)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dvorak", NAMES[0]), ("stavby dvor", NAMES[0]), ("dvorak sro", NAMES[0]), ("s.r.o. dvorak", NAMES[0]), ("farm rey", NAMES[1]), ("obrien", NAMES[2]), ("o brien", NAMES[2]), ("brien o'", NAMES[2]),
        ("j k rowling", NAMES[3]), ("jk rowling", NAMES[3]), ("smith jones", NAMES[4]), ("smith", NAMES[4]), ("at&t", NAMES[5]), ("100%", NAMES[6]), ("0% j", NAMES[6]), ("r_sc", NAMES[7]), ("k\\s", NAMES[8]),
        ("wolfe", NAMES[9]), ("lodz", NAMES[10]), ("LODZ METAL", NAMES[10]), ("e e cummings", NAMES[11]), ("strasse", NAMES[12]), ("محم", NAMES[13]), ("김", NAMES[14]), ("山田", NAMES[15]), ("[prague", NAMES[16]),
        ("ruzickova", NAMES[0]), ("sarka r", NAMES[0]),
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_words_in_any_order(people: Books, text: str, name: str) -> None:
    assert names(people, text)[:1] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [("dvrak", NAMES[0]), ("dovrak", NAMES[0]), ("dvorjak stavby", NAMES[0]), ("stavbi dvorak", NAMES[0]), ("reyse farms", NAMES[1]), ("frams reyes", NAMES[1]), ("rowlling", NAMES[3]),
     ("wolfeschegel", NAMES[9]), ("cumings", NAMES[11]), ("ruzickva", NAMES[0]), ("dvorak xyzzy", NAMES[0]), ("rayes fram", NAMES[1])],
)  # fmt: skip
def test_a_misspelt_name_is_found_after_all_else_gave_nothing(people: Books, text: str, name: str) -> None:
    hits = find(people.session("audrey"), text)
    assert hits[0].name == name
    assert hits[0].matched_on == "similar name"


def test_nothing_is_invented_for_what_nobody_is_called(people: Books) -> None:
    assert names(people, "qqqqqq") == []
    assert names(people, "zz") == []


@pytest.mark.parametrize(
    "text",
    ["+44 20 7946 0958", "+442079460958", "0044 20 7946 0958", "011 44 20 7946 0958", "+44 (0)20 7946 0958", "020 7946 0958", "(020) 7946-0958", "020.7946.0958", "020/79460958",
     "2079460958", "7946 0958", "60958", "tel. 020 7946 0958", "\u2009020\u00a07946\u20110958", "020 7946 0958 ext. 12", "０２０ ７９４６ ０９５８", "+44-20-7946-0958 x7"],
)  # fmt: skip
def test_a_phone_number_is_found_in_every_way_of_writing_it(people: Books, text: str) -> None:
    hits = find(people.session("audrey"), text)
    assert [(hit.name, hit.matched_on, hit.matched) for hit in hits[:1]] == [(NAMES[0], "phone", PHONE)]


def test_a_number_is_found_without_what_is_dialled_before_it(people: Books) -> None:
    assert names(people, "8 912 345 67 89") == names(people, "+7 (912) 345-67-89") == [NAMES[0]]


@pytest.mark.parametrize(
    ("text", "name", "on"),
    [("C004", NAMES[4], "number"), ("c00", NAMES[0], "number"), ("INV-003", NAMES[3], "document"), ("inv-003", NAMES[3], "document"), ("#INV-003", NAMES[3], "document"), ("inv-00", NAMES[0], "document"),
     ("po-5", NAMES[5], "po"), ("PO-5", NAMES[5], "po"), ("004417", NAMES[1], "cheque"), ("#004417", NAMES[1], "cheque"), ("R-1", NAMES[1], "receipt"), ("=104.25", NAMES[4], "amount"), ("=104,25", NAMES[4], "amount"),
     ("cz12345678", NAMES[0], "tax_id"), ("CZ 1234 5678", NAMES[0], "tax_id"), ("ana@", NAMES[0], "email"), ("ANA@example.com", NAMES[0], "email")],
)  # fmt: skip
def test_numbers_amounts_and_addresses_lead_to_the_account(people: Books, text: str, name: str, on: str) -> None:
    hit = find(people.session("audrey"), text)[0]
    assert (hit.name, hit.matched_on) == (name, on)


def test_customers_vendors_and_those_who_owe_can_be_told_apart(people: Books) -> None:
    assert names(people, "reyes") == ["Reyes Farms Inc.", "Reyes Paper Mill"]
    assert names(people, "reyes", "vendor") == ["Reyes Paper Mill"]
    assert names(people, "reyes", "customer") == ["Reyes Farms Inc."]
    assert names(people, "reyes", open_only=True) == [], "the one has paid, the other never sent a bill"
    assert names(people, "dvorak", "vendor") == []


def test_the_answer_to_the_caller_comes_with_the_hit(people: Books) -> None:
    owing, paid = find(people.session("audrey"), "dvorak")[0], find(people.session("audrey"), "farms")[0]
    assert (str(owing.balance["USD"]), str(owing.past_due["USD"]), owing.oldest_days, owing.oldest_document) == ("100.25", "100.25", 45, "INV-000")
    assert owing.contact is not None
    assert (owing.contact.phone, owing.contact.country) == ("442079460958", "CZ")
    assert paid.balance == {}
    assert paid.last_paid is not None
    assert (str(paid.last_paid.amount), paid.last_paid.reference) == ("101.25", "004417")


def test_known_accounts_come_in_the_order_asked_for(people: Books) -> None:
    session = people.session("audrey")
    some = [find(session, number)[0].account_id for number in ("C004", "C001")]
    assert [hit.number for hit in known(session, [*some, 10**9])] == ["C004", "C001"]


def test_every_name_of_the_reference_list_is_found_by_its_query(books: Books, shared: Path) -> None:
    listed = json.loads((shared / "cases" / "hostile" / "names_search_some.json").read_text(encoding="utf-8"))["names"]
    for place, entry in enumerate(listed):
        books.query("INSERT INTO party (name) VALUES (%s)", entry["name"])
        books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', %s, max(id), 'USD' FROM party", f"N{place}")
    missed = [entry for entry in listed if entry["name"] not in names(books, entry["query"])]
    assert missed == []
