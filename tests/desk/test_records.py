"""Customers, vendors and what hangs on them: entered, changed by two people, suspected, merged; and documents typed by hand."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from artui import text
from artui.errors import ArtuiError, BadInput
from artui.ledger import entries, posting
from artui.ledger.entries import Entry, Line
from artui.people import duplicates, entry, records
from artui.people.card import card
from artui.people.entry import NewAccount
from artui.people.records import Change, Conflict
from tests.books import Books

CARDS = ["4111111111111111", "call 5500-0000-0000-0004", "3782 822463 10005 exp 12/27", "6011.0009.9013.9424", "VISA4012888888881881", "+4111111111111111"]
HARMLESS = ["+420 601 234 567 890", "DE89 3704 0044 0532 0130 00", "BE68539007547034", "order 1234567890123452", "4111111111111112", "2026-06-15 2026-06-16 2026-06-17", "pays 100200, 100201, 100202"]


def key() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    entry.create(module_books.session("jana"), key(), NewAccount(
        "customer", "1001", "Dvořák & synové", tax_id="CZ25123891", country="CZ", currency="CZK", terms="NET30", street="Dlouhá 1\n2nd floor", city="Praha", phone="+420 601 234 567",
        email="Ucto@Dvorak.cz", contact="Eva", contact_phone="601 234 568", iban="CZ6508000000192000145399", note="calls\non Fridays"))  # fmt: skip
    entry.create(module_books.session("jana"), key(), NewAccount("vendor", "V8", "Ink Works"))
    return module_books


def test_a_customer_is_made_at_once_with_everything_typed(desk: Books) -> None:
    found = card(desk.session("jana"), "customer", "1001")
    assert (found.name, found.currency, found.terms, found.city, found.note) == ("Dvořák & synové", "CZK", "NET30", "Praha", "calls\non Fridays")
    assert [(person.name, person.reached_at) for person in found.people] == [("Eva", (("phone", "601 234 568"),)), ("", (("phone", "+420 601 234 567"), ("email", "Ucto@Dvorak.cz")))]
    assert desk.query("SELECT value_key FROM contact_point WHERE type <> 'web' ORDER BY id") == [("420601234567",), ("ucto@dvorak.cz",), ("420601234568",)]


def test_sent_twice_a_record_is_made_once(desk: Books) -> None:
    jana, one = desk.session("jana"), key()
    vendor = NewAccount("vendor", "V7", "Paper Mill")
    first, again = entry.create(jana, one, vendor), entry.create(jana, one, vendor)
    assert (first.status, again.status, first.records) == ("posted", "exists", again.records)
    with pytest.raises(ArtuiError, match="already a vendor numbered V7"):
        entry.create(jana, key(), vendor)
    with pytest.raises(ArtuiError, match="already used"):
        records.save(jana, one, [Change("item", {"number": "X", "description": "x"})])


def test_what_is_wrong_is_said_field_by_field(desk: Books) -> None:
    wrong = NewAccount("customer", "", " ", country="Czech", tax_id="CZ1", timezone="Prague", currency="ZZZ", terms="NET99", phone="12", email="eva", iban="CZ6508000000192000145398",
                       note=f"card {CARDS[0]}", parent="77", collector="nobody")  # fmt: skip
    found = [fault.field for fault in entry.faults(desk.session("jana"), wrong)]
    assert found == ["number", "name", "note", "country", "timezone", "currency", "phone", "email", "iban", "terms", "parent", "collector"]
    (doubt,) = entry.faults(desk.session("jana"), NewAccount("customer", "9", "X", country="CZ", tax_id="CZ25123892"))
    assert (doubt.field, doubt.doubt) == ("tax_id", True)


def test_the_second_to_save_sees_who_changed_what_and_keeps_their_typing(desk: Books) -> None:
    jana, karla = desk.session("jana"), desk.session("karla")
    (mine, *_), (theirs, *_) = records.file_of(jana, "customer", "1001"), records.file_of(karla, "customer", "1001")
    records.save(karla, key(), [Change("party", {"legal_name": "Dvořák a synové s.r.o."}, theirs.id, theirs.version)])
    typed = [Change("party", {"note": "calls on Mondays"}, mine.id, mine.version), Change("item", {"number": "INK", "description": "ink"})]
    with pytest.raises(Conflict, match=r"karla changed the legal name of this party at \d\d:\d\d") as refused:
        records.save(jana, key(), typed)
    assert [(row.field, row.was, row.now, row.who) for row in refused.value.theirs] == [("legal_name", None, "Dvořák a synové s.r.o.", "karla")]
    (now,) = refused.value.records
    assert desk.query("SELECT count(*) FROM item WHERE number = 'INK'") == [(0,)]      # all or nothing
    saved = records.save(jana, key(), [Change("party", {"note": "calls on Mondays"}, now.id, now.version), typed[1]])
    assert saved.records[0] == ("party", mine.id, mine.version + 2)
    assert records.record(jana, "party", mine.id).values["legal_name"] == "Dvořák a synové s.r.o."


def test_parts_are_added_changed_and_taken_away(desk: Books) -> None:
    jana = desk.session("jana")
    party, *parts = records.file_of(jana, "customer", "1001")
    (phone, *_) = [part for part in parts if part.table == "contact_point"]
    records.save(jana, key(), [Change("contact_point", id=phone.id, version=phone.version, delete=True), entry.point("mobile", "777 123 456", "CZ", party=int(party.id))])
    assert [part.values["value_key"] for part in records.file_of(jana, "customer", "1001") if part.table == "contact_point"][-1] == "420777123456"
    with pytest.raises(ArtuiError, match="jana removed this contact point"):
        records.save(jana, key(), [Change("contact_point", {"bad": True}, phone.id, phone.version)])
    terms = records.record(desk.session("marta"), "terms", "NET14")
    records.save(desk.session("marta"), key(), [Change("terms", {"name": "14 days"}, "NET14", terms.version)])
    with pytest.raises(Conflict) as refused:
        records.save(desk.session("viktor"), key(), [Change("terms", {"name": "Two weeks"}, "NET14", terms.version)])
    assert refused.value.theirs[0].now == "14 days"


def test_a_duplicate_is_suspected_while_it_is_typed(desk: Books) -> None:
    jana = desk.session("jana")
    for typed in ({"name": "dvorak synove"}, {"tax_id": "cz 25123891"}, {"phones": ("601 234 568",), "country": "CZ"}, {"emails": ("ucto@dvorak.CZ",)}, {"iban": "cz65 0800 0000 1920 0014 5399"}):
        (found,) = duplicates.suspects(jana, **typed)  # type: ignore[arg-type]
        assert (found.name, found.accounts, found.city) == ("Dvořák & synové", (("customer", "1001"),), "Praha")
    assert duplicates.suspects(jana, name="dvorak synove", but=found.party_id) == ()
    assert duplicates.suspects(jana, name="Nobody Ltd", tax_id="CZ00000000") == ()


def test_two_records_of_one_party_are_made_one_and_taken_apart_again(desk: Books) -> None:
    marta = desk.session("marta")
    entry.create(marta, key(), NewAccount("customer", "1002", "Dvorak", currency="CZK", phone="+420 601 000 000"))
    desk.post("invoice", number="D-1", customer="1002", date="2026-03-01", amount="100")
    desk.post("receipt", number="D-2", customer="1001", date="2026-03-02", amount="40")
    ids = dict(desk.query("SELECT number, party_id FROM account WHERE kind = 'customer'"))
    posted = "SELECT md5(string_agg(d::text, '' ORDER BY id)) FROM document d"
    before = desk.query(posted)
    number = duplicates.merge(marta, key(), ids["1002"], ids["1001"], "same VAT number")
    assert (card(marta, "customer", "1002").name, desk.query(posted)) == ("Dvořák & synové", before)
    desk.post("allocation", moves=[{"from": "D-2", "to": "D-1", "amount": "40"}])      # one party now: its credit pays its debt
    (log, *_) = duplicates.merges(marta)
    assert (log.source, log.target, log.by, log.undone_by) == ("Dvorak", "Dvořák & synové", "marta", "")
    duplicates.undo_merge(marta, key(), number)
    found = card(marta, "customer", "1002")
    assert (found.name, [person.reached_at for person in found.people]) == ("Dvorak", [(("phone", "+420 601 000 000"),)])
    with pytest.raises(ArtuiError, match="no merge"):
        duplicates.undo_merge(marta, key(), number)
    desk.tie()


@pytest.mark.parametrize("shown", CARDS)
def test_card_numbers_are_refused_in_free_text_by_the_program_and_by_the_vault(desk: Books, shown: str) -> None:
    assert text.card_number(shown)
    assert not text.card_number(text.mask_cards(shown))
    assert desk.query("SELECT holds_card_number(%s)", shown) == [(True,)]
    with pytest.raises(ArtuiError, match="payment card"):
        desk.post("invoice", customer="1001", date="2026-03-01", amount="1", memo=shown)


def test_telephones_ibans_and_numbers_of_documents_are_no_cards(desk: Books) -> None:
    assert [shown for shown in HARMLESS if text.card_number(shown)] == []
    assert desk.query("SELECT v FROM unnest(%s) v WHERE holds_card_number(v)", HARMLESS) == []
    desk.post("receipt", customer="1001", date="2026-03-01", amount="1", method="wire", reference=CARDS[0])     # a bank's reference may be any number
    with pytest.raises(ArtuiError, match="payment card"):
        desk.post("receipt", customer="1001", date="2026-03-01", amount="1", method="card", reference=CARDS[0])


def test_an_invoice_is_typed_with_lines_and_items(desk: Books) -> None:
    jana, one = desk.session("jana"), key()
    records.save(jana, key(), [Change("item", {"number": "PEN", "description": "Pen", "unit_price": "9.90"})])
    typed = Entry("invoice", "1001", date(2026, 6, 1), lines=(Line(Decimal(10), Decimal("9.90"), item="PEN"), Line(amount=Decimal("1.00"), description="freight")), tax=Decimal("21"), po="PO-7")
    assert entries.faults(jana, typed) == ()
    done = entries.enter(jana, one, typed)
    assert entries.enter(jana, one, typed).document == done.document
    assert desk.query("SELECT amount, tax, due_on, po FROM document WHERE number = %s", done.document) == [(12100, 2100, date(2026, 7, 1), "PO-7")]
    bought = entries.enter(jana, key(), Entry("purchase", "V8", date(2026, 6, 1), number="F-1", lines=(Line(Decimal(3), Decimal("0.333")),)))
    assert desk.query("SELECT amount FROM document WHERE number = %s AND kind = 'purchase'", bought.document) == [(100,)]
    entries.enter(jana, key(), Entry("opening", "1001", date(2025, 12, 31), number="O-1", amount=Decimal("-50")))
    desk.tie()


def test_what_is_wrong_with_a_document_is_said_field_by_field(desk: Books) -> None:
    jana = desk.session("jana")
    desk.session("karel").query("SELECT api.set_period('2026-01-01', 'closed', '')")
    wrong = Entry("invoice", "77", date(2026, 1, 5), amount=Decimal(10), tax=Decimal(1), due=date(2026, 1, 1), terms="NET99", memo=CARDS[0],
                  lines=(Line(item="NONE", unit_price=Decimal(3)), Line(discount_percent=Decimal(101))))  # fmt: skip
    assert [fault.field for fault in entries.faults(jana, wrong)] == ["account", "date", "due", "terms", "amount", "lines 1: item", "lines 2: unit_price", "lines 2: discount_percent", "memo"]
    with pytest.raises(BadInput, match="Account: There is no customer numbered 77"):
        entries.enter(jana, key(), wrong)
    assert [fault.field for fault in entries.faults(jana, Entry("purchase", "V8", date(2026, 6, 1)))] == ["number", "amount"]
    assert posting.posted(jana, key()) is None
