"""Amounts typed into the title, and currencies without exchange rates."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses import money
from expenses.forms.entry import EditForm, ExpenseForm

TYPED = {"amount": "", "currency": "ILS", "spent_on": "2026-08-20"}


@pytest.mark.parametrize(
    ("typed", "title", "amount", "currency"),
    [
        ("Taxi home 58", "Taxi home", "58.00", "ILS"),
        ("Netflix 12.99 USD", "Netflix", "12.99", "USD"),
        ("Netflix 12,99usd", "Netflix", "12.99", "USD"),
        ("Coffee ₪18", "Coffee", "18.00", "ILS"),
        ("Coffee ₪ 18", "Coffee", "18.00", "ILS"),
        ("Lunch: EUR 9", "Lunch", "9.00", "EUR"),
        ("58 ILS taxi", "taxi", "58.00", "ILS"),
        ("$5 coffee", "coffee", "5.00", "USD"),
        ("Taxi - 58", "Taxi", "58.00", "ILS"),
        ("Refund -20", "Refund", "-20.00", "ILS"),
        ("Route 66", "Route", "66.00", "ILS"),
        ("מונית 58", "מונית", "58.00", "ILS"),
        ("تاكسي ٥٨", "تاكسي", "58.00", "ILS"),
        ("Lessons to try 80", "Lessons to try", "80.00", "ILS"),
        ("Bus line 5 7.50", "Bus line 5", "7.50", "ILS"),
    ],
)
def test_taken_from_the_title(typed, title, amount, currency):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    assert form.is_valid(), form.errors
    new = form.new_expense()
    assert (new.title, new.amount, new.currency) == (title, Decimal(amount), currency)
    assert form.from_title


@pytest.mark.parametrize(
    "typed", ["7 eleven", "Taxi", "58", "58 ILS", "7 all stars", "iPhone15", "Tip 10%", "Flat 12 350", "9 ILS tea 12"]
)
def test_not_taken(typed):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    assert not form.is_valid()
    assert list(form.errors) == ["amount"]
    assert form["title"].value() == typed


def test_what_is_wrong_with_the_number_is_said():
    form = ExpenseForm({**TYPED, "title": "Tea 1.239"}, home_currency="ILS")
    assert "1.24" in str(form.errors["amount"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("lunch 100 XYZ", "XYZ"),
        ("Hotel 1,250.50 QQQ.", "QQQ"),
        ("100 XYZ lunch", "XYZ"),
        ("מלון 100 XYZ", "XYZ"),
        ("dinner 80 UAH", "UAH"),
        ("dinner 80 uah", "UAH"),
        ("dinner 80uah", "UAH"),
        ("DINNER 80 UAH", "UAH"),
        ("dinner UAH 80", "UAH"),
        ("80 vnd coffee", "VND"),
        ("UAH 80 dinner", "UAH"),
    ],
)
def test_an_unknown_currency_is_named(typed, code):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    [error] = form.errors["amount"]
    assert error == f"FinBrain has no exchange rates for {code}. Enter the amount here and choose a different currency."
    assert form["title"].value() == typed
    assert ExpenseForm({**TYPED, "title": typed, "amount": "100"}, home_currency="ILS").is_valid()


def test_an_unknown_currency_in_the_amount_is_named_too():
    form = ExpenseForm({**TYPED, "title": "lunch", "amount": "100 XYZ"}, home_currency="ILS")
    assert "no exchange rates for XYZ. Enter the amount here" in str(form.errors["amount"])


@pytest.mark.parametrize(
    "typed",
    [
        *("Taxi 58 ABC-street", "bus 12 the", "Bus 12 The", "BUS 12 THE", "pizza 1 all", "coffee 2 cup", "tea 3 Top"),
        *("lunch 100 XY", "lunch 100 WXYZ", "meeting 12:30 UTC", "Canon 200EOS", "Route 66 to", "XYZ", "lunch XYZ"),
    ],
)
def test_other_words_beside_a_number_are_no_currency(typed):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    assert form.errors["amount"] == ["Enter an amount."]


@pytest.mark.parametrize("title", ["lunch KFC", "PIZZA TOP", "BMW service", "Bus XYZ"])
def test_capitals_before_the_number_belong_to_the_title(title):
    form = ExpenseForm({**TYPED, "title": f"{title} 45"}, home_currency="ILS")
    assert form.is_valid(), form.errors
    assert (form.new_expense().title, form.new_expense().currency) == (title, "ILS")


def test_a_given_amount_leaves_the_title_alone():
    form = ExpenseForm({**TYPED, "title": "Route 66", "amount": "12"}, home_currency="ILS")
    assert form.is_valid()
    assert (form.new_expense().title, form.new_expense().amount) == ("Route 66", Decimal("12.00"))


def test_an_emptied_amount_of_a_stored_expense_is_asked_for():
    form = EditForm({**TYPED, "title": "Route 66", "category": "other"}, home_currency="ILS")
    assert list(form.errors) == ["amount"]


letters = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=4, max_size=20)


@given(st.text(max_size=60))
def test_any_text_is_split_or_not_or_an_error(text):
    try:
        found = money.split_title(text, "ILS", "en")
    except money.AmountError:
        found = None
    if found:
        assert found.title in " ".join(text.split())
        assert found.parsed.amount
        assert any(map(str.isdecimal, text))


@given(letters, st.decimals(min_value="0.01", max_value="9999.99", places=2), st.sampled_from(["", " ILS", " USD"]))
def test_what_is_appended_comes_off_again(title, amount, currency):
    found = money.split_title(f"{title} {amount}{currency}", "ILS", "en")
    assert (found.title, found.parsed.amount, found.parsed.currency) == (title, amount, currency.strip() or None)
