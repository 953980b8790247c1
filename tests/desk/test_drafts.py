"""Drafts: kept as one types, one's own alone, never posted twice, and there again after the server was away."""

from __future__ import annotations

import stat
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from artui import drafts
from artui.drafts import Draft, Shelf
from artui.errors import ArtuiError
from artui.ledger import posting
from tests.books import Books

CARD = "4111 1111 1111 1111"


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    module_books.post("invoice", number="A", customer="1", customer_name="Acme", create_customer=True, date="2026-03-01", amount="500")
    return module_books


def receipt(**fields: object) -> dict[str, object]:
    return {"kind": "receipt", "customer": "1", "date": "2026-06-01", "amount": "100.00", **fields}


def test_a_draft_is_found_as_it_was_and_each_save_is_one_row(desk: Books) -> None:
    jana = desk.session("jana")
    first = drafts.save_draft(jana, Draft("receipt", {"amount": "12k"}, "Acme"))
    second = drafts.save_draft(jana, replace(first, body={"amount": "12k", "customer": "1"}))
    (found,) = drafts.drafts(jana)
    assert (first.version, second.version) == (1, 2)
    assert (found.key, found.body, found.subject, found.version) == (first.key, {"amount": "12k", "customer": "1"}, "Acme", 2)
    assert drafts.discard(jana, first.key)
    assert drafts.drafts(jana) == ()


def test_what_is_posted_is_no_draft_any_more_and_is_never_repeated(desk: Books) -> None:
    jana = desk.session("jana")
    draft = drafts.save_draft(jana, Draft("receipt", receipt()))
    answer = posting.post(jana, {"id": draft.key, **draft.body})
    assert drafts.drafts(jana) == ()
    with pytest.raises(ArtuiError, match="posted already") as late:     # a save that was under way when the post went through
        drafts.save_draft(jana, draft)
    settled = drafts.settle(jana, draft.key)
    assert (late.value.code, settled and settled.document) == ("AR009", answer.document)
    assert drafts.settle(jana, str(uuid.uuid4())) is None


def test_two_terminals_of_one_person_do_not_overwrite_each_other(desk: Books) -> None:
    jana = desk.session("jana")
    here = drafts.save_draft(jana, Draft("receipt", {"amount": "1"}, terminal="a"))
    there = drafts.save_draft(jana, replace(here, terminal="b", body={"amount": "2"}))
    with pytest.raises(ArtuiError, match="goes on at b") as refused:
        drafts.save_draft(jana, replace(here, body={"amount": "3"}))
    assert refused.value.code == "AR005"
    assert drafts.take_over(jana, here).body == {"amount": "2"}
    drafts.discard(jana, there.key)


def test_nobody_reads_anothers_drafts_and_a_manager_knows_that_they_are_there(desk: Books) -> None:
    mine = drafts.save_draft(desk.session("karla"), Draft("invoice", {"customer": "1"}, "secret"))
    assert [drafts.drafts(desk.session(login)) for login in ("jana", "olga", "audrey")] == [(), (), ()]
    assert [(row.owner, row.kind) for row in drafts.drafts_of_all(desk.session("viktor"))] == [("karla", "invoice")]
    with pytest.raises(ArtuiError, match="What others have typed is read by a manager or controller"):
        drafts.drafts_of_all(desk.session("marta"))
    with pytest.raises(ArtuiError, match="somebody else's"):
        drafts.save_draft(desk.session("jana"), mine)
    assert not drafts.discard(desk.session("jana"), mine.key)


def test_a_card_number_is_masked_before_a_draft_is_kept(desk: Books, tmp_path: Path) -> None:
    jana = desk.session("jana")
    shelf = Shelf(replace(desk.config("jana"), drafts_dir=tmp_path / "drafts"), jana.dsn)
    draft = Draft("receipt", {"memo": f"card {CARD} 12/27", "reference": "9001234567890123"}, f"by {CARD}")
    drafts.save_draft(jana, draft)
    (found,) = drafts.drafts(jana)
    assert (found.body["memo"], found.subject) == ("card 411111******1111 12/27", "by 411111******1111")
    assert CARD not in shelf.keep(draft).read_text()
    drafts.discard(jana, draft.key)
    digits = CARD.replace(" ", "")
    numbered = drafts.save_draft(jana, Draft("document", {"texts": {"number": digits, "bank": f"by {CARD}"}}, "invoice"))  # a number of theirs is no free text
    assert drafts.drafts(jana)[0].body["texts"] == {"number": digits, "bank": "by 411111******1111"}
    drafts.discard(jana, numbered.key)


def test_drafts_kept_while_the_server_was_away_come_back(desk: Books, tmp_path: Path) -> None:
    jana = desk.session("jana")
    shelf = Shelf(replace(desk.config("jana"), drafts_dir=tmp_path / "drafts"), jana.dsn)
    fresh, sent, moved = Draft("receipt", {"amount": "1"}), Draft("receipt", receipt(amount="7")), Draft("receipt", {"amount": "2"}, terminal="a")
    posting.post(jana, {"id": sent.key, **sent.body})
    moved = drafts.save_draft(jana, moved)
    drafts.save_draft(jana, replace(moved, terminal="b", body={"amount": "3"}))
    for draft in (fresh, sent, moved):
        path = shelf.keep(draft)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(shelf.folder.stat().st_mode)) == (0o600, 0o700)
    (shelf.folder / "broken.json").write_text('{"kind": ')
    returned = drafts.take_back(jana, shelf)
    assert [draft.key for draft in returned.saved] == [fresh.key]
    assert [answer.id for answer in returned.done] == [sent.key]
    assert [(draft.copy_of, draft.body) for draft in returned.beside] == [(moved.key, {"amount": "2"})]
    assert shelf.kept() == ()
    assert len(drafts.drafts(jana)) == 3
    assert drafts.take_back(jana, shelf) == drafts.Returned()
