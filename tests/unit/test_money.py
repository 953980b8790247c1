"""Amounts keep every digit, and what cannot be read with certainty is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui import money
from artui.errors import BadInput
from artui.money import (
    MAX_MINOR,
    display,
    from_minor,
    parse_amount,
    plain,
    round_half_up,
    spoken,
    to_minor,
)

CURRENCIES = st.sampled_from(["USD", "EUR", "CZK", "JPY", "KWD", "CLF"])
MINOR = st.integers(-MAX_MINOR, MAX_MINOR)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(money, "_known", {})
    yield


@pytest.mark.parametrize(
    ("currency", "places"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("RSD", 2), ("IQD", 3), ("ZZZ", 2)]
)
def test_a_currency_has_its_iso_decimals(currency: str, places: int) -> None:
    assert money.digits(currency) == places


def test_the_database_decides_about_decimals_once_it_was_asked(forgetful: None) -> None:
    money.know({"XTS": 4})
    assert money.digits("XTS") == 4
    assert money.is_currency("XTS")


def test_asking_for_decimals_does_not_make_a_code_a_currency() -> None:
    money.digits("ZZZ")
    assert not money.is_currency("ZZZ")
    assert money.is_currency("PHP")


@pytest.mark.parametrize("code", ["", "usd", "US", "DOLLAR", "ÚSD"])
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    with pytest.raises(BadInput):
        money.digits(code)


@given(MINOR, CURRENCIES)
def test_minor_units_survive_the_round_trip(minor: int, currency: str) -> None:
    amount = from_minor(minor, currency)
    assert to_minor(amount, currency) == minor
    assert -int(amount.as_tuple().exponent) == money.digits(currency)
    assert Decimal(plain(amount, currency)) == amount


@given(MINOR, CURRENCIES)
def test_a_displayed_amount_can_be_read_back(minor: int, currency: str) -> None:
    amount = from_minor(minor, currency)
    assert parse_amount(display(amount, currency), decimal=".").amount == amount
    assert parse_amount(plain(amount, currency), decimal=".").amount == amount


@given(MINOR, CURRENCIES)
def test_a_comma_country_reads_the_same_amount(minor: int, currency: str) -> None:
    text = display(from_minor(minor, currency), currency).replace(" ", "\u00a0").replace(".", ",")
    assert parse_amount(text, decimal=",").amount == from_minor(minor, currency)


@given(st.text(max_size=30), st.sampled_from([None, ".", ","]))
def test_any_text_is_read_or_refused_in_words(text: str, decimal: str | None) -> None:
    try:
        amount = parse_amount(text, decimal=decimal).amount
    except BadInput as refusal:
        assert refusal.message and refusal.hint
        assert refusal.message.isprintable()
    else:
        assert amount.is_finite() and len(amount.as_tuple().digits) <= 30


@given(st.text(alphabet="0123456789.,'() -+$CRD€", max_size=12))
def test_inference_never_contradicts_the_named_mark(text: str) -> None:
    readings = set()
    for decimal in (".", ","):
        try:
            readings.add(parse_amount(text, decimal=decimal).amount)
        except BadInput:
            continue
    try:
        inferred = parse_amount(text).amount
    except BadInput:
        return
    assert readings == {inferred}


@given(st.decimals(-(10**12), 10**12, places=6), CURRENCIES)
def test_rounding_moves_by_at_most_half_a_minor_unit(amount: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-money.digits(currency))
    rounded = round_half_up(amount, currency)
    assert abs(rounded - amount) <= unit / 2
    assert round_half_up(-amount, currency) == -rounded


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("2.665", "EUR", "2.67"), ("-2.665", "EUR", "-2.67"), ("0.5", "JPY", "1"), ("-0.001", "USD", "0.00")],
)
def test_halves_are_rounded_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount), currency)) == rounded


def test_the_surrounding_decimal_context_changes_nothing() -> None:
    with localcontext(prec=3):
        assert from_minor(123456789, "USD") == Decimal("1234567.89")
        assert to_minor(Decimal("1234567.89"), "USD") == 123456789
        assert parse_amount("-1 234 567,89").amount == Decimal("-1234567.89")
        assert str(round_half_up(Decimal("1234567.885"), "USD")) == "1234567.89"
        assert display(Decimal("-1234567.89"), "USD") == "-1 234 567.89"


@pytest.mark.parametrize("amount", ["1.005", "10000000000000.00", "1e999999", "-1e15", "NaN", "Infinity"])
def test_what_does_not_fit_the_books_exactly_is_refused(amount: str) -> None:
    with pytest.raises(BadInput):
        to_minor(Decimal(amount), "USD")


def test_a_float_is_never_an_amount() -> None:
    with pytest.raises(BadInput):
        to_minor(1.5, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("48200", "USD", "48 200.00"),
        ("-1234567.8", "USD", "-1 234 567.80"),
        ("1E+3", "JPY", "1 000"),
        ("-0.00", "USD", "0.00"),
        ("0.0049", "USD", "0.0049"),
        ("5", "KWD", "5.000"),
    ],
)
def test_people_see_grouped_digits_and_never_fewer_than_there_are(
    amount: str, currency: str, shown: str
) -> None:
    assert display(Decimal(amount), currency) == shown


def test_a_sentence_names_the_currency() -> None:
    assert spoken(Decimal(48200), "USD") == "USD 48 200.00"
    assert spoken(Decimal("48200.5")) == "48 200.5"


def test_json_gets_the_exact_digits_or_nothing() -> None:
    assert plain(Decimal("5725.06"), "USD") == "5725.06"
    assert plain(Decimal("-0"), "USD") == "0.00"
    with pytest.raises(BadInput, match="decimals"):
        plain(Decimal("0.001"), "USD")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567", "1234567"),
        ("1234.567", "1234.567"),
        ("0.125", "0.125"),
        (".5", "0.5"),
        ("1 234", "1234"),
        ("1\u202f234,567", "1234.567"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("−5", "-5"),
        ("5.00-", "-5.00"),
        ("(5.00)", "-5.00"),
        ("12.50 CR", "-12.50"),
        ("12.50 Dr", "12.50"),
        ("1 234,- Kč", "1234"),
        ("-0.00", "0"),
        ("007", "7"),
        ("\t5 \n", "5"),
    ],
)
def test_amounts_as_people_and_banks_write_them_are_read(text: str, amount: str) -> None:
    parsed = parse_amount(text).amount
    assert parsed == Decimal(amount)
    assert not (parsed == 0 and parsed.is_signed())


@pytest.mark.parametrize(
    ("text", "currency", "symbol"),
    [
        ("$1,234.56", None, "$"),
        ("US$ 5", "USD", "US$"),
        ("$5.00 CAD", "CAD", "$"),
        ("-€5.00", "EUR", "€"),
        ("₱ 1,234.56", "PHP", "₱"),
        ("1 234,56 zł", "PLN", "zł"),
        ("(£5.00)", "GBP", "£"),
        ("¥500", None, "¥"),
        ("USD      5.00 CR", "USD", ""),
    ],
)
def test_a_currency_is_named_only_when_the_text_is_certain(
    text: str, currency: str | None, symbol: str
) -> None:
    parsed = parse_amount(text)
    assert (parsed.currency, parsed.symbol) == (currency, symbol)


def test_a_dollar_sign_fits_dollars_and_nothing_else() -> None:
    dollars = parse_amount("$5.00")
    assert dollars.fits("USD") and dollars.fits("CAD") and not dollars.fits("EUR")
    assert parse_amount("5.00").fits("EUR")
    assert not parse_amount("5.00 CZK").fits("EUR")


@pytest.mark.parametrize("text", ["1,234", "1.234", "-12.345", "$1,234", "1 2", "12,34.56", "1,2,3", "5."])
def test_an_ambiguous_amount_asks_for_the_decimal_mark(text: str) -> None:
    with pytest.raises(BadInput, match="--decimal"):
        parse_amount(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "--5", "5--", "-5-", "(-5)", "(5", "5)", "-5 CR", "5½", "1e5", "0x10", "NaN", "inf", "1_000"]
    + [
        "１２",
        "١٢٣",
        "USD",
        "NOT 5",
        "not a number",
        "$5.00 EUR",
        "€5 $",
        "5 5.5.5",
        "5\n6",
        "\u200e5",
        "1;5",
    ]
    + ["9999999999999999", "1" * 100_000, "1 " * 40],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_amount(text)
    assert len(str(refusal.value)) < 200


def test_a_named_mark_settles_the_reading_and_demands_threes() -> None:
    assert parse_amount("1,234", decimal=".").amount == 1234
    assert parse_amount("1,234", decimal=",").amount == Decimal("1.234")
    assert parse_amount("100,", decimal=",").amount == 100
    for text, decimal in (("1234.56", ","), ("1234,56", "."), ("12,34.56", "."), ("0,125", ".")):
        with pytest.raises(BadInput, match="threes"):
            parse_amount(text, decimal=decimal)
    with pytest.raises(BadInput, match="decimal mark"):
        parse_amount("5", decimal=";")


def test_lenient_grouping_reads_odd_groups_but_no_lost_decimals() -> None:
    assert parse_amount("12,34.56", decimal=".", lenient_grouping=True).amount == Decimal("1234.56")
    assert parse_amount("1,23,456", decimal=".", lenient_grouping=True).amount == 123456
    with pytest.raises(BadInput):
        parse_amount("12,5", decimal=".", lenient_grouping=True)


STYLES = {"comma-dot": ".", "ofx": ".", "cs-CZ": ",", "en-PH": ".", "accounting": "."}


def test_amounts_from_the_wild_are_read_as_intended(shared: Path) -> None:
    cases = json.loads((shared / "cases/hostile/amounts_some.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        wanted, decimal = case.get("value"), STYLES.get(case["style"])
        if wanted is None:
            with pytest.raises(BadInput):
                parse_amount(case["text"], decimal=decimal, lenient_grouping=True)
        else:
            parsed = parse_amount(case["text"], decimal=decimal, lenient_grouping=True)
            assert parsed.amount == Decimal(wanted), case["text"]
