"""What making two records one would move, and in what the two differ: seen before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from artui import money
from artui.errors import Refused
from artui.session import Session
from artui.text import counted


@dataclass(frozen=True)
class Moving:
    """What goes from one party to another; `differs` are facts that speak against their being one: what it is, theirs, ours."""

    source: str
    target: str
    accounts: tuple[str, ...]
    open: tuple[tuple[str, Decimal], ...]
    """What is open on these accounts, by currency."""
    people: int
    numbers: int
    addresses: int
    banks: int
    subsidiaries: int
    differs: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> str:
        """Say what moves: "account 10172, 2 people, 3 numbers and 1 address"."""
        told = [*self._told()]
        return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else "".join(told)

    def _told(self) -> Iterator[str]:
        shown = ", ".join(self.accounts[:4])
        more = len(self.accounts) - 4
        if self.accounts:
            yield f"account{'s' if len(self.accounts) > 1 else ''} {shown}{f' and {more} more' if more > 0 else ''}"
        for number, one, many in (
            (self.people, "person", "people"), (self.numbers, "number or e-mail", "numbers and e-mails"), (self.addresses, "address", "addresses"),
            (self.banks, "bank account", ""), (self.subsidiaries, "subsidiary", "subsidiaries"),
        ):  # fmt: skip
            if number:
                yield counted(number, one, many)


_MOVING = """
WITH named AS (SELECT (SELECT party_id FROM account WHERE kind = %(kind)s AND number = %(other)s) AS a, (SELECT party_id FROM account WHERE kind = %(kind)s AND number = %(number)s) AS b)
SELECT a.id = b.id, a.name, b.name, (SELECT jsonb_agg(number ORDER BY number) FROM account WHERE party_id = a.id),
  (SELECT jsonb_agg(jsonb_build_array(currency, total) ORDER BY currency) FROM (
     SELECT i.currency, sum(i.open) AS total FROM account o JOIN open_item i ON i.account_id = o.id WHERE o.party_id = a.id AND i.open <> 0 GROUP BY 1) x),
  (SELECT count(*) FROM contact WHERE party_id = a.id), (SELECT count(*) FROM contact_point WHERE party_id = a.id), (SELECT count(*) FROM address WHERE party_id = a.id),
  (SELECT count(*) FROM party_bank WHERE party_id = a.id), (SELECT count(*) FROM party WHERE parent_id = a.id),
  ARRAY[a.tax_id, a.registration_no, a.country, g.name]::text[], ARRAY[b.tax_id, b.registration_no, b.country, h.name]::text[]
FROM named JOIN party a ON a.id = named.a JOIN party b ON b.id = named.b LEFT JOIN party g ON g.id = a.parent_id LEFT JOIN party h ON h.id = b.parent_id"""
_FACTS = ("tax id", "registration number", "country", "group")


def moving(session: Session, kind: str, other: str, number: str) -> Moving:
    """Say what making the party of the account `other` one with that of `number` would move. One round trip.

    Raises Refused when there is no such account, or both are of one party already.
    """
    rows = session.query(_MOVING, {"kind": kind, "other": other, "number": number})
    if not rows:
        raise Refused(f"There is no {kind} numbered {other}.", "F2 looks for it.", code="AR011")
    same, source, target, accounts, totals, people, numbers, addresses, banks, subsidiaries, theirs, ours = rows[0]
    if same:
        raise Refused(f"{other} and {number} are accounts of one party already.", "There is nothing to do.", code="AR010")
    differs = tuple((fact, one, two) for fact, one, two in zip(_FACTS, theirs, ours, strict=True) if one and two and one != two)
    return Moving(
        source, target, tuple(accounts or ()), tuple((code, money.from_minor(int(minor), code)) for code, minor in totals or ()),
        people, numbers, addresses, banks, subsidiaries, differs,
    )  # fmt: skip
