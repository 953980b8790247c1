"""The customers whose stories are told: the same at every size and seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from artui.sample.goods import GOODS
from artui.sample.people import NULL, fill, phone_key, slug
from artui.sample.places import COUNTRIES, PER_CENT
from artui.sample.scale import FIRST_CUSTOMER, Scale

_BY_CODE = {country.code: country for country in COUNTRIES}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast. `parent` is the place of the head of the group among the cast; `person` for somebody who is no company."""

    place: int
    name: str
    country: str
    town: str
    currency: str
    terms: str
    contact: str
    title: str
    note: str = ""
    parent: int | None = None
    person: bool = False

    @property
    def number(self) -> str:
        """The account's number."""
        return str(FIRST_CUSTOMER + self.place)

    def price(self, good: int) -> int:
        """Return what a good costs this customer, in minor units."""
        return max(1, GOODS[good].cents * PER_CENT[self.currency] // 1000)


def _cast(text: str) -> tuple[Member, ...]:
    members = []
    for place, line in enumerate(text.strip().splitlines()):
        name, country, town, currency, terms, contact, title, parent, kind, note = (
            part.strip() for part in line.split("|")
        )
        members.append(
            Member(
                place,
                name,
                country,
                town,
                currency,
                terms,
                contact,
                title,
                note,
                int(parent) if parent else None,
                kind == "person",
            )
        )
    return tuple(members)


CAST = _cast("""
    Dvořák a syn, s.r.o.|CZ|Brno|CZK|NET14|Jiří Dvořák|Jednatel|||Pays on Fridays. Wants reminders in Czech.
    Muñoz Hermanos, S.L.|ES|Valencia|EUR|NET60|Begoña Muñoz|Contabilidad|||Insists on the delivery note with every invoice copy.
    Harbor Point Group, Inc.|US|Boston|USD|NET30|Denise Holloway|Group treasurer|||Pays for its houses with one cheque; remittance by e-mail the day before.
    Harbor Point Hotels Boston LLC|US|Boston|USD|NET30|Marcus Yates|Accounts payable|2||
    Harbor Point Catering LLC|US|Portland|USD|NET30|Irene Walsh|Accounts payable|2||
    Harbor Point Marina Inc.|US|Portland|USD|NET45|Samuel Quinn|Harbour master|2||
    Brightwater Builders LLC|US|Tulsa|USD|NET30|Aaron Sandoval|Owner|||Two cheques came back. Certified funds only from now on.
    Transport Łukasz Wiśniewski|PL|Łódź|PLN|NET14|Łukasz Wiśniewski|Właściciel||person|
    Nguyễn Furniture Co.|US|Sacramento|USD|NET30|Linh Nguyễn|Office manager|||
    Santos & Reyes Trading Corp.|PH|Makati|PHP|NET30|Corazon Santos|Treasurer|||Withholds 1 %; certificate 2307 follows with the payment.
    Yamamoto Seiki K.K.|JP|Nagoya|JPY|EOM|Tomoko Yamamoto|Keiri|||山本精機株式会社. Closes on the last day of the month.
    Gulf Pearl Marine Supplies W.L.L.|KW|Kuwait City|KWD|NET60|Khaled Marafie|Finance manager|||
    Müller & Söhne GmbH|DE|Köln|EUR|2-10-30|Heike Müller|Buchhaltung|||Takes the discount, sometimes late.
    Žilinská strojáreň, a.s.|SK|Žilina|EUR|3X30|Katarína Šoltésová|Ekonómka|||Thirds by agreement.
    O'Brien & Daughters Ltd|GB|Liverpool|GBP|NET30|Niamh O'Brien|Director|||
    Prairie Feed & Grain Co-op|US|Fargo|USD|NET30|Karen Lindqvist|Bookkeeper|||
    Copperfield Diner Inc.|US|Toledo|USD|NET14|Victor Petrov|Owner|||Chapter 7 filed in April. No calls; everything to counsel.
    Château Lambert SARL|FR|Bordeaux|EUR|NET45|Hélène Lambert|Comptable|||
    Lucía Fernández Muñoz|MX|Mérida|USD|NET30|Lucía Fernández Muñoz|Propietaria||person|Pays what she can on the first of the month.
    Zdeněk Dvořák - autodoprava|CZ|Zlín|EUR|NET14|Zdeněk Dvořák|Majitel||person|Not the same firm as Dvořák a syn.
""")  # fmt: skip


def rows(scale: Scale, load: str) -> list[str]:
    """Return the cast as rows for the staging table (people.PARTY_COLUMNS)."""
    return [_row(scale, load, member) for member in CAST]


def _row(scale: Scale, load: str, member: Member) -> str:
    rnd = Random(f"cast:{member.place}")
    country = _BY_CODE[member.country]
    town = next(town for town in country.towns if town.name == member.town)
    phone, mobile = fill(town.phone, rnd), fill(country.mobile, rnd)
    address = country.street.format(
        n=1 + int(rnd.random() * 90), s=country.streets[member.place % len(country.streets)]
    )
    limit = 25_000_00 * PER_CENT[member.currency] // 1000
    parent = str(FIRST_CUSTOMER + member.parent) if member.parent is not None else NULL
    email = f"{slug(member.contact).replace('-', '.')}@{slug(member.name)}.example.com"
    return (
        f"{load}\t{member.place + 1}\tcustomer\t{member.number}\t{member.name}\t{fill(country.tax_id, rnd)}\t{country.language}\t{country.code}\t{town.timezone}\t{parent}\t"
        f"{member.currency}\t{member.terms}\t{limit}\tpetr\t{scale.start.isoformat()}\t{address}\t{town.name}\t{town.region or NULL}\t{fill(town.postcode, rnd)}\t"
        f"{member.contact}\t{member.title}\tcollections\t{phone}\t{phone_key(phone)}\t{mobile}\t{phone_key(mobile)}\t{email}\n"
    )
