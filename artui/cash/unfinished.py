"""A payment as far as it was entered: what its draft keeps, taken up again, and the one step that posts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from artui.cash.batch import add_to_batch
from artui.cash.entry import Receipt
from artui.cash.payable import ZERO, CreditUse
from artui.cash.worksheet import Mark, Worksheet
from artui.drafts import Draft, Shelf, drafts, settle, take_back
from artui.ledger.posting import Answer
from artui.session import Session

KIND = "payment"


@dataclass(frozen=True)
class Unfinished:
    """What stands in the fields as text, and what was marked by hand: by item key, as it was then."""

    fields: Mapping[str, str]
    account: str = ""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    uses: tuple[CreditUse, ...] = ()
    on_account: bool = False
    by_hand: bool = False
    group: bool = False
    batch: str = ""

    def body(self) -> dict[str, Any]:
        """Give it as plain JSON for a draft."""
        return {
            "fields": dict(self.fields), "account": self.account, "on_account": self.on_account, "by_hand": self.by_hand, "group": self.group, "batch": self.batch,
            "marks": [[key, str(mark.cash), str(mark.discount), str(mark.difference), str(mark.dispute), mark.reason] for key, mark in self.marks.items()],
            "uses": [[use.credit, use.credit_document, use.item, use.document, str(use.amount)] for use in self.uses],
        }  # fmt: skip

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Unfinished:
        """Read it from the body of a draft."""
        return cls(
            {str(name): str(text) for name, text in body.get("fields", {}).items()}, str(body.get("account", "")),
            {int(key): Mark(Decimal(cash), Decimal(discount), Decimal(small), Decimal(short), reason) for key, cash, discount, small, short, reason in body.get("marks", ())},
            tuple(CreditUse(int(credit), of, int(item), on, Decimal(part)) for credit, of, item, on, part in body.get("uses", ())),
            bool(body.get("on_account")), bool(body.get("by_hand")), bool(body.get("group")), str(body.get("batch", "")),
        )  # fmt: skip


@dataclass(frozen=True)
class Begun:
    """What is known when an entry is opened: a draft to go on with at once, one that waits, what was posted though nobody heard."""

    draft: Draft | None = None
    waiting: Draft | None = None
    done: tuple[Answer, ...] = ()


def begin(session: Session, terminal: str, *, account: str = "", batch: str = "", key: str = "", beside: frozenset[str] = frozenset()) -> Begun:
    """Return what was begun and not posted: of this terminal (or of that key) to go on with, otherwise the newest as one that waits.

    With an account only a draft of that account is gone on with; the keys `beside` are being typed on other screens. What was posted meanwhile
    is settled and told.
    """
    returned = take_back(session, Shelf(session.config, session.dsn))
    done, found = list(returned.done), []
    for draft in drafts(session):
        if draft.kind == KIND and draft.key not in beside and (draft.body.get("batch", "") == batch or draft.key == key):
            answer = settle(session, draft.key)
            if answer is None:
                found.append(draft)
            else:
                done.append(answer)
    mine = [draft for draft in found if draft.key == key] or [
        draft for draft in found if not key and draft.terminal == terminal and account in ("", draft.body.get("account", ""))
    ]
    rest = [draft for draft in found if draft not in mine]
    return Begun(mine[0] if mine else None, rest[0] if rest and not mine else None, tuple(done))


def put_back(sheet: Worksheet, marks: Mapping[int, Mark], uses: Iterable[CreditUse]) -> tuple[Worksheet, tuple[str, ...]]:
    """Lay marks made before on a sheet read anew, as far as they still fit; also name the documents of those that do not."""
    items = {item.key: item for item in sheet.items}
    left_of = {credit.key: credit.open for credit in sheet.credits}
    kept_uses, used, dropped = [], dict.fromkeys(items, ZERO), []
    for use in uses:
        if use.item in items and used[use.item] + use.amount <= items[use.item].open and use.amount <= left_of.get(use.credit, ZERO):
            kept_uses.append(use)
            used[use.item] += use.amount
            left_of[use.credit] -= use.amount
        else:
            dropped.append(use.document)
    kept, left = {}, sheet.amount
    for key, mark in marks.items():
        item = items.get(key)
        if item is not None and mark.cash <= left and mark.closed + mark.dispute + used[key] <= item.open:
            kept[key] = mark
            left -= mark.cash
        else:
            dropped.append(item.document if item else "an item that is closed now")
    return replace(sheet, marks=kept, uses=tuple(kept_uses)), tuple(dropped)


def into_batch(session: Session, receipt: Receipt, batch: str) -> Answer:
    """Enter a receipt into a batch; its draft is done then."""
    add_to_batch(session, batch, receipt)
    settle(session, receipt.key)
    return Answer(receipt.key, "receipt", "entered")


def named(documents: Sequence[str]) -> str:
    """Name documents in a sentence, at most three."""
    return ", ".join(documents[:3]) + (f" and {len(documents) - 3} more" if len(documents) > 3 else "")
