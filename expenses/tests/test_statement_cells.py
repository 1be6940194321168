"""Dates, amounts and titles in the notations of files."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses import money
from expenses.statements import Column, DateOrder
from expenses.statements.cells import CellError, category_named, check_day, currency_of, money_of, title_and_note
from expenses.statements.days import read_day
from expenses.statements.formulas import harmless, original
from expenses.statements.notation import decimal_votes, is_number, read_number

DAY = date(2026, 8, 5)
Y, D, M = DateOrder.YEAR_FIRST, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-08-05", Y),
        ("2026-08-05", D),
        ("2026-08-05T14:03:00+02:00", M),
        ("2026-08-05 00:00:00", D),
        ("2026/8/5", D),
        ("26-08-05", Y),
        ("20260805", D),
        ("20260805120000.000[-5:EST]", Y),
        ("05082026", D),
        ("08052026", M),
        ("05.08.2026", D),
        ("5.8.26", D),
        ("05. 08. 2026.", D),
        ("05/08/2026", D),
        ("08/05/2026", M),
        ("8/5/26 9:41 AM", M),
        ("05\u201308\u20132026", D),
        ("\u200e05/08/2026", D),
        ("٠٥/٠٨/٢٠٢٦", D),
        ("5 Aug 2026", M),
        ("05-Aug-26", D),
        ("Aug 5, 2026", D),
        ("August 5th, 2026", D),
        ("Wed, 5 August 2026", D),
        ("5. August 2026", D),
        ("5 août 2026", D),
        ("5 de agosto de 2026", D),
        ("5 agosto 2026", D),
        ("5 sierpnia 2026", D),
        ("5 августа 2026", D),
        ("5 באוגוסט 2026", D),
        ("5 augustus 2026", D),
    ],
)
def test_days(text, order):
    assert read_day(text, order) == DAY


@pytest.mark.parametrize(
    ("text", "order"),
    [
        *(("", D), ("Total", D), ("31/04/2026", D), ("08/25/2026", D), ("25/08/2026", M), ("5 Foo 2026", D)),
        *(("05/08/2026", Y), ("1/2", D), ("58.00", D), ("1.234.567", D), ("2026", Y), ("12345678", D), ("²/8/2026", D)),
    ],
)
def test_what_is_no_day(text, order):
    assert read_day(text, order) is None


@given(st.dates(date(1999, 1, 1), date(2031, 12, 31)), st.sampled_from("-/. "))
def test_any_day_in_any_order(day, separator):
    parts = {Y: (f"{day:%Y}", f"{day:%m}", f"{day:%d}"), D: (str(day.day), str(day.month), f"{day:%Y}")}
    parts[M] = parts[D][1], parts[D][0], parts[D][2]
    for order, texts in parts.items():
        assert read_day(separator.join(texts), order) == day


@given(st.text(max_size=30), st.sampled_from(DateOrder))
def test_any_text_is_a_day_or_none(text, order):
    assert read_day(text, order) is None or text.strip()


@pytest.mark.parametrize(
    ("text", "decimal", "amount", "currency"),
    [
        ("58", ".", "58", "EUR"),
        ("1,234.50", ".", "1234.5", "EUR"),
        ("1.234,50", ",", "1234.5", "EUR"),
        ("1.234", ",", "1234", "EUR"),
        ("1,234", ".", "1234", "EUR"),
        ("-7,35", ",", "-7.35", "EUR"),
        ("\u22127,35", ",", "-7.35", "EUR"),
        ("12,50-", ",", "-12.5", "EUR"),
        ("(12.50)", ".", "-12.5", "EUR"),
        ("1 234,50", ",", "1234.5", "EUR"),
        ("1\u202f234,50 €", ",", "1234.5", "EUR"),
        ("1'234.50", ".", "1234.5", "EUR"),
        ("£20.00", ".", "20", "GBP"),
        ("-$4.75", ".", "-4.75", "USD"),
        ("₪ 58.00", ".", "58", "ILS"),
        ("12,50 kr.", ",", "12.5", "SEK"),
        ("1.500 JPY", ",", "1500", "JPY"),
        (",50", ",", "0.5", "EUR"),
    ],
)
def test_amounts(text, decimal, amount, currency):
    default = "SEK" if "kr" in text else "EUR"
    assert money_of(text, default, decimal) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12,400원", "KRW", "12400"),
        ("- 1 240,00 тенге", "KZT", "-1240"),
        ("124,00 р.", "RUB", "124"),
        ("1.240,00 din.", "RSD", "1240"),
        ("12.40 درهم", "AED", "12.4"),
        ("12.40 ლარი", "GEL", "12.4"),
        ("124元", "TWD", "124"),
        ("1 240 FCFA", "XOF", "1240"),
        ("KSh 124.00", "KES", "124"),
        ("Tk -124.00", "BDT", "-124"),
        ("(P124.00)", "PHP", "-124"),
        ("U$S 12,40", "USD", "12.4"),
    ],
)
def test_amounts_with_words_of_their_countries(text, currency, amount):
    decimal = "," if ",00" in text or ",40" in text[-4:] else "."
    assert money_of(text, currency, decimal) == (Decimal(amount), currency)
    assert is_number(text)
    assert read_number(text, decimal) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "0.00", "n/a", "12.345", "1.2.3", "5 XYZ", "1e5", "9" * 13])
def test_what_is_no_amount(text):
    with pytest.raises(CellError) as caught:
        money_of(text, "EUR", ".")
    assert (caught.value.column, caught.value.text) == (Column.AMOUNT, text)
    assert str(caught.value)


@given(
    st.decimals("-999999999.99", "999999999.99", places=2).filter(bool),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ","), ("", ".")]),
)
def test_any_amount_in_any_notation(amount, separators):
    group, decimal = separators
    text = f"{amount:,.2f}".replace(",", "g").replace(".", decimal).replace("g", group)
    assert is_number(text)
    assert decimal_votes(text) == decimal
    assert money_of(text, "EUR", decimal) == (amount, "EUR")


@pytest.mark.parametrize(
    ("text", "code"), [("EUR", "EUR"), ("€", "EUR"), ('ש"ח', "ILS"), ("nis", "ILS"), ("$", "USD"), ("", "CHF")]
)
def test_currencies(text, code):
    assert currency_of(text, "CHF") == code


def test_an_unknown_currency():
    with pytest.raises(CellError, match="XYZ"):
        currency_of("XYZ", "EUR")


def test_days_that_expenses_cannot_have():
    for day in (date(1998, 12, 31), date(2999, 1, 1)):
        with pytest.raises(CellError, match="must be between"):
            check_day(day, "")


def test_titles():
    assert title_and_note(" Taxi \t home ", "") == ("Taxi home", "")
    assert title_and_note("Taxi\x00\x07home", "a\x00b\r\nc") == ("Taxi home", "a b\nc")
    assert title_and_note("", "Rent\nAugust") == ("Rent August", "")
    assert title_and_note("Rent", "Rent") == ("Rent", "Rent")
    for nothing in ("", "\u200b", " \x00"):
        with pytest.raises(CellError, match="title is missing"):
            title_and_note(nothing, "")


def test_a_long_title_stands_whole_in_the_note():
    long = "word " * 40
    title, note = title_and_note(long, "Paid by card")
    assert title == long[:120].strip()
    assert note == f"{long.strip()}\nPaid by card"


@given(st.text(max_size=300), st.text(max_size=2000))
def test_any_text_makes_a_title_that_the_form_would_take(title, note):
    try:
        made, rest = title_and_note(title, note)
    except CellError:
        return
    assert 0 < len(made) <= 120
    assert made == " ".join(made.split())
    assert len(rest) <= 1000


def test_categories_by_slug_and_by_name_in_any_language():
    named = {category_named(text) for text in ("food-drinks", "Food & Drinks", "אוכל ושתייה")}
    assert named == {"food-drinks"}
    assert category_named("OTHER ") == "other"
    assert category_named("Supermarkets") == category_named("") == ""


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a1."), max_size=8) | st.text(max_size=20))
def test_the_guard_against_formulas_comes_off_again(text):
    assert original(harmless(text)) == text


def test_every_known_currency_is_read_by_its_code():
    assert {currency_of(code, "EUR") for code in money.KNOWN} == money.KNOWN


@pytest.mark.parametrize(
    ("text", "currency"), [("L 1,240.00", "HNL"), ("-Q1,240.00", "GTQ"), ("1,240.00 Kz", "AOA"), ("Gs. 1,240", "PYG")]
)
def test_signs_that_a_currency_has_only_in_its_own_country(text, currency):
    assert abs(money_of(text, currency, ".")[0]) == 1240


def test_the_sign_of_another_country_is_no_sign():
    with pytest.raises(CellError):
        money_of("L 1,240.00", "GTQ", ".")
