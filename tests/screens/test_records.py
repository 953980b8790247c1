"""Customers and vendors typed, changed by two, suspected, made one: on the real screens."""

from __future__ import annotations

import uuid
from typing import Any

from textual.events import Paste

from artui.drafts import drafts
from artui.people import records
from artui.people.card import card
from artui.people.entry import NewAccount, create
from artui.people.records import Change
from tests.books import Books
from tests.screens.pilot import compare, line_with, pressed, program, run, settled, text, typed, until

IBAN = "CZ6508000000192000145399"


def put(pilot: Any, **texts: str) -> None:
    """Type into fields in one go."""
    for name, value in texts.items():
        field = pilot.app.screen.form.field(name)
        field.value = value


def test_a_clerk_enters_a_new_customer_in_the_middle_of_a_call(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "Brno Bakery")
            await pressed(pilot, "f6")
            compare(pilot, "new_customer")
            await pressed(pilot, "enter", "enter", *"czk", "enter", "down", "down", *"czechi")
            assert "Czechia" in line_with(pilot, "▸")
            await pressed(pilot, "enter", "enter", *"CZ25123892", "enter", "enter", *"net30", "enter", *"pet", "enter")
            put(pilot, street="Veveří 7 / yard", city="Brno", phone="541 123 456", contact="Jana", note="pays on Fridays", iban="CZ6508000000192000145398")
            await pressed(pilot, "f10")
            assert "is not an IBAN" in text(pilot)
            compare(pilot, "new_customer_refused")
            put(pilot, iban=IBAN)
            await pressed(pilot, "f10")
            assert "F10 again keeps it." in text(pilot), "the tax id is doubted, not refused"
            await pressed(pilot, "f10")
            await until(pilot, lambda: text(pilot).startswith(" Customer 30006"))
            await settled(pilot)
            assert "Customer 30006 is saved." in text(pilot)
            await pressed(pilot, "f3")
            assert text(pilot).startswith(" Lookup"), "one step back is the lookup again"

    run(story)
    made = card(own_office.session("jana"), "customer", "30006")
    assert (made.name, made.terms, made.collector, made.country, made.note, made.currency) == ("Brno Bakery", "NET30", "petr", "CZ", "pays on Fridays", "CZK")
    assert own_office.query("SELECT lines FROM address a JOIN account USING (party_id) WHERE number = '30006'") == [("Veveří 7\nyard",)]
    assert drafts(own_office.session("jana")) == ()


def test_who_may_be_the_same_stands_beside_what_is_typed_and_holds_nothing_up(own_office: Books) -> None:
    create(own_office.session("jana"), str(uuid.uuid4()), NewAccount("customer", "1001", "Dvořák & synové", tax_id="CZ25123891", country="CZ", city="Praha", phone="+420 601 234 567", iban=IBAN))

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "dvorak synove")
            await pressed(pilot, "f6")
            await until(pilot, lambda: "May be the same" in text(pilot))
            assert "similar name" in line_with(pilot, "1001")
            put(pilot, tax_id="cz 25123891", phone="601 234 567", country="CZ", iban=IBAN)
            await until(pilot, lambda: "same bank account, same" in text(pilot))
            await settled(pilot)
            compare(pilot, "new_customer_suspected")
            await pressed(pilot, "ctrl+x")
            assert text(pilot).startswith(" Customer 1001")
            await pressed(pilot, "f3")
            assert "dvorak synove" in line_with(pilot, "Name"), "back to what was typed"
            await pressed(pilot, "f3", "f3")
        assert drafts(own_office.session("jana")) == (), "given up"

    run(story)


def test_the_second_of_two_editors_sees_both_sides_and_keeps_their_typing(own_office: Books) -> None:
    karla = own_office.session("karla")

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "e")
            compare(pilot, "edit_customer")
            put(pilot, note="calls on Mondays", legal_name="Reyes Farms Incorporated")
            party, *_ = records.file_of(karla, "customer", "10442")
            records.save(karla, str(uuid.uuid4()), [Change("party", {"note": "calls on Fridays", "tax_id": "PH-1"}, party.id, party.version)])
            await pressed(pilot, "f10")
            await until(pilot, lambda: "karla changed" in text(pilot))
            await settled(pilot)
            compare(pilot, "edit_conflict")
            assert "calls on Fridays" in text(pilot) and "calls on Mondays" in text(pilot)
            await pressed(pilot, "m", "t", "down", "enter", "f10")
            await until(pilot, lambda: "Saved: facts of customer 10442." in text(pilot))

    run(story)
    (now,) = own_office.query("SELECT note, legal_name, tax_id FROM party p JOIN account a ON a.party_id = p.id WHERE a.number = '10442'")
    assert now == ("calls on Mondays", "Reyes Farms Incorporated", "PH-1"), "theirs everywhere, but mine in the row chosen"


def test_people_numbers_and_addresses_are_changed_on_the_contacts(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office, "jana") as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "3")
            assert "12 Session Road" in text(pilot)
            await pressed(pilot, "n", "down", "enter", "f4", "down", "enter", *"0917 555 1234", "f10")
            await until(pilot, lambda: "Saved: new number" in text(pilot))
            await settled(pilot)
            assert "0917 555 1234" in text(pilot)
            await pressed(pilot, "down", "minus")
            await until(pilot, lambda: "does not reach them any more." in text(pilot))
            await settled(pilot)
            compare(pilot, "card_contacts_bad")
            await pressed(pilot, "minus")
            await until(pilot, lambda: "reaches them again." in text(pilot))
            await pressed(pilot, "up", "enter", "f9")
            put(pilot, title="card 4111 1111 1111 1111")
            await pressed(pilot, "f10")
            assert "payment card" in text(pilot)
            put(pilot, title="treasurer")
            await pressed(pilot, "f10")
            await until(pilot, lambda: "Ana Reyes  treasurer" in text(pilot))
        async with program(own_office, "audrey") as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "3", "n")
            assert "Customer records are kept by a clerk, supervisor, manager or controller." in text(pilot)

    run(story)
    assert own_office.query("SELECT type, value_key, contact_id IS NOT NULL FROM contact_point WHERE value = '0917 555 1234'") == [("mobile", "09175551234", True)]


def test_what_speaks_against_two_records_being_one_is_said_before(own_office: Books) -> None:
    own_office.query("UPDATE party SET tax_id = 'CZ1' WHERE name LIKE 'Baker%'")
    own_office.query("UPDATE party SET tax_id = 'PH2' WHERE name LIKE 'Reyes Farms%'")

    async def story() -> None:
        async with program(own_office, "marta") as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "U", *"10442", "enter")
            compare(pilot, "unite_doubt")
            await pressed(pilot, *"owner", "shift+tab", *"30001", "enter")
            assert "Their tax id" not in text(pilot) and "Reyes Trading goes into Baker & Daughters" in text(pilot).replace("\n   ", " ")

    run(story)


def test_the_group_tab_says_what_each_has_open(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "0")
            assert "EUR 880.50 +1" in line_with(pilot, "30001")

    run(story)


def test_two_records_of_one_party_are_made_one_and_taken_apart_again(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office, "jana") as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "U")
            assert "Records are made one and taken apart by a supervisor, manager or controller." in text(pilot)
        async with program(own_office, "marta") as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "U", *"quiet", "enter", *"same owner")
            compare(pilot, "unite")
            await pressed(pilot, "f10")
            await until(pilot, lambda: "30005 and 30004 are one party now; number 1 in the log." in text(pilot))
            await settled(pilot)
            await pressed(pilot, "0")
            await pressed(pilot, "f7", *"merges", "enter")
            assert "stands" in line_with(pilot, "Quiet Corner")
            assert own_office.query("SELECT count(DISTINCT party_id) FROM account WHERE number IN ('30004', '30005')") == [(1,)]
            await pressed(pilot, "u", "f10")
            await until(pilot, lambda: "are two again" in text(pilot))
            await settled(pilot)
            await pressed(pilot, "u")
            assert "It was taken apart by marta." in text(pilot)

    run(story)
    assert own_office.query("SELECT count(DISTINCT party_id) FROM account WHERE number IN ('30004', '30005')") == [(2,)]


def test_an_item_is_made_and_its_price_changed(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"item PEN-1", "enter", "enter", *"piece", "enter", *"Fountain pen", "enter", *"9.90", "f10")
            await until(pilot, lambda: "Saved: new item." in text(pilot))
            await pressed(pilot, "f7", *"item pen-1", "enter", "down", "down", "down", "ctrl+u", *"10.5", "f10")
            await until(pilot, lambda: "Saved: item PEN-1." in text(pilot))

    run(story)
    assert [tuple(map(str, row)) for row in own_office.query("SELECT number, description, unit, unit_price FROM item")] == [("PEN-1", "Fountain pen", "piece", "10.5")]


def test_what_was_left_is_listed_gone_on_with_or_thrown_away(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "e")
            put(pilot, note="calls on Mondays")
            await until(pilot, lambda: len(drafts(own_office.session("jana"))) == 1)
            await pressed(pilot, "f7", *"customer Late Ltd", "enter", "enter", *"L-1")
            await until(pilot, lambda: len(drafts(own_office.session("jana"))) == 2)
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter")
            assert "New customer Late Ltd" in line_with(pilot, "▸")
            await pressed(pilot, "x")
            assert "Once more throws it away" in text(pilot)
            await pressed(pilot, "x")
            await until(pilot, lambda: "Thrown away." in text(pilot))
            await settled(pilot)
            assert "Facts of customer 10442" in line_with(pilot, "▸")
            await pressed(pilot, "enter")
            assert "calls on Mondays" in line_with(pilot, "Note")
            await pressed(pilot, "f10")
            await until(pilot, lambda: "Saved: facts of customer 10442." in text(pilot))

    run(story)
    assert own_office.query("SELECT note FROM party p JOIN account a ON a.party_id = p.id WHERE a.number = '10442'") == [("calls on Mondays",)]
    assert drafts(own_office.session("jana")) == ()


def test_what_is_pasted_is_cleaned_whole_and_what_has_no_room_is_said(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, "f7", *"customer", "enter")
            pilot.app.post_message(Paste("Smith [/x] \x1b[31mLtd\x07\nsecond line\n"))
            await settled(pilot)
            assert line_with(pilot, "Name").split() == ["Name", "Smith", "[/x]", "Ltd"]
            assert "Only the first line went in, the line after it was left out." in text(pilot)
            assert "USD" in line_with(pilot, "Limit"), "what an amount would be in"
            pilot.app.screen.form.stand_in(pilot.app.screen.form.field("note"))  # type: ignore[attr-defined]
            pilot.app.post_message(Paste("pays late\nask for Ann\n"))
            await settled(pilot)
            assert "pays late / ask for Ann" in line_with(pilot, "Note")
            await pressed(pilot, "f3", "f3")

    run(story)
