"""Amounts typed into the title, and what is no currency."""

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
        ("12+8 ILS taxi", "taxi", "20.00", "ILS"),
        ("3*4.50 USD coffee", "coffee", "13.50", "USD"),
        ("$12+8 coffee", "coffee", "20.00", "USD"),
        ("12+8 שקלים מונית", "מונית", "20.00", "ILS"),
        ("$5 coffee", "coffee", "5.00", "USD"),
        (f"{'Long word ' * 10}58", ("Long word " * 10).strip(), "58.00", "ILS"),
        (f"{'x' * 90} 12+8", "x" * 90, "20.00", "ILS"),
        ("Taxi - 58", "Taxi", "58.00", "ILS"),
        ("Refund -20", "Refund", "-20.00", "ILS"),
        ("Route 66", "Route", "66.00", "ILS"),
        ("מונית 58", "מונית", "58.00", "ILS"),
        ("تاكسي ٥٨", "تاكسي", "58.00", "ILS"),
        ("Lessons to try 80", "Lessons to try", "80.00", "ILS"),
        ("Bus line 5 7.50", "Bus line 5", "7.50", "ILS"),
        ("lunch 100 UAH", "lunch", "100.00", "UAH"),
        ("dinner 80 uah", "dinner", "80.00", "UAH"),
        ("dinner 80uah", "dinner", "80.00", "UAH"),
        ("DINNER 80 UAH", "DINNER", "80.00", "UAH"),
        ("dinner UAH 80", "dinner", "80.00", "UAH"),
        ("UAH 80 dinner", "dinner", "80.00", "UAH"),
        ("80 vnd coffee", "coffee", "80", "VND"),
        ("taxi 50 AED", "taxi", "50.00", "AED"),
        ("pho 90000 VND", "pho", "90000", "VND"),
        ("35 EGP tea", "tea", "35.00", "EGP"),
        ("hotel 15000 ARS", "hotel", "15000.00", "ARS"),
        ("gum 5 CLP", "gum", "5", "CLP"),
        ("dates 300 SAR", "dates", "300.00", "SAR"),
        ("rent 500 RUB", "rent", "500.00", "RUB"),
        ("lunch 1.234 KWD", "lunch", "1.234", "KWD"),
        ("lunch 100 hryvnia", "lunch", "100.00", "UAH"),
        ("lunch 100 Ukrainian hryvnias", "lunch", "100.00", "UAH"),
        ("100 US dollars hotel", "hotel", "100.00", "USD"),
        ("taxi 50 dirham", "taxi", "50.00", "AED"),
        ("lunch ₴100", "lunch", "100.00", "UAH"),
        ("pho ₫90000", "pho", "90000", "VND"),
        ("מונית 50 דירהם", "מונית", "50.00", "AED"),
        ("ארוחה 100 הריבניה", "ארוחה", "100.00", "UAH"),
        ("תה 35 לירה מצרית", "תה", "35.00", "EGP"),
        ("פו 90000 דונג", "פו", "90000", "VND"),
        ("קפה 20 שקלים", "קפה", "20.00", "ILS"),
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
    ("typed", "problem"),
    [
        ("lunch 100 XYZ", "FinBrain doesn't know the currency XYZ."),
        ("Hotel 1,250.50 QQQ.", "FinBrain doesn't know the currency QQQ."),
        ("100 XYZ lunch", "FinBrain doesn't know the currency XYZ."),
        ("מלון 100 XYZ", "FinBrain doesn't know the currency XYZ."),
        ("ring 5 XAU", "FinBrain converts currencies, not XAU."),
        ("ring 5 xau", "FinBrain converts currencies, not XAU."),
        ("ring XAU 5", "FinBrain converts currencies, not XAU."),
        ("5xag spoon", "FinBrain converts currencies, not XAG."),
        ("pizza 0.00015 BTC", "FinBrain converts currencies, not BTC."),
        ("pizza 12 usdt", "FinBrain converts currencies, not USDT."),
        ("pizza ₿5", "FinBrain converts currencies, not ₿."),
        ("PIZZA 5 XTS", "FinBrain converts currencies, not XTS."),
        ("flat 5 CLF", "FinBrain converts currencies, not CLF."),
    ],
)
def test_what_is_no_currency_is_refused_by_name(typed, problem):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    [error] = form.errors["amount"]
    assert error == f"{problem} Enter the amount here and choose a different currency."
    assert form["title"].value() == typed
    assert ExpenseForm({**TYPED, "title": typed, "amount": "100"}, home_currency="ILS").is_valid()


@pytest.mark.parametrize("typed", ["100 XYZ", "XAU 5", "0.5 btc", "₿5", "5 XXX"])
def test_an_amount_that_is_in_no_currency_is_refused_too(typed):
    form = ExpenseForm({**TYPED, "title": "lunch", "amount": typed}, home_currency="ILS")
    [error] = form.errors["amount"]
    assert error.endswith(" Enter the amount here and choose a different currency.")


@pytest.mark.parametrize("typed", ["taxi 100 pesos", "tea 5 kr", "tea 7 dinars", "תה 7 דינר"])
def test_of_a_shared_name_the_code_is_asked_for(typed):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    assert "can mean several currencies" in str(form.errors["amount"])


@pytest.mark.parametrize(
    ("home", "typed"), [("MXN", "taxi 100 pesos"), ("TND", "tea 7 dinars"), ("MAD", "tea 5 dirham")]
)
def test_a_shared_name_means_the_home_currency_first(home, typed):
    form = ExpenseForm({**TYPED, "title": typed, "currency": home}, home_currency=home)
    assert form.is_valid(), form.errors
    assert form.new_expense().currency == home


@pytest.mark.parametrize(
    "typed",
    [
        *("Taxi 58 ABC-street", "bus 12 the", "Bus 12 The", "BUS 12 THE", "pizza 1 all", "coffee 2 cup", "tea 3 Top"),
        *("2 all stars", "7 mad men", "30 מרק עוף", "3 real friends", "3 pesos cafe"),
        *("lunch 100 XY", "lunch 100 WXYZ", "meeting 12:30 UTC", "Canon 200EOS", "Route 66 to", "XYZ", "lunch XYZ"),
    ],
)
def test_other_words_beside_a_number_are_no_currency(typed):
    form = ExpenseForm({**TYPED, "title": typed}, home_currency="ILS")
    assert form.errors["amount"] == ["Enter an amount."]


@pytest.mark.parametrize("title", ["lunch KFC", "PIZZA TOP", "BMW service", "Bus XYZ", "DINNER ALL"])
def test_capitals_before_the_number_belong_to_the_title(title):
    form = ExpenseForm({**TYPED, "title": f"{title} 45"}, home_currency="ILS")
    assert form.is_valid(), form.errors
    assert (form.new_expense().title, form.new_expense().currency) == (title, "ILS")


@pytest.mark.parametrize(
    ("text", "title", "amount", "currency"),
    [
        ("Milk 3*4.50", "Milk", "13.50", None),
        ("Books 12+3", "Books", "15.00", None),
        ("Books 12 + 3", "Books", "15.00", None),
        ("Two coffees: 2 x 14,50", "Two coffees", "29.00", None),
        ("Pizza for two 60/2 USD", "Pizza for two", "30.00", "USD"),
        ("Shoes 100.50-20", "Shoes", "80.50", None),
        ("Lunch ₪(12+3)*2", "Lunch", "30.00", "ILS"),
        ("חלב 3×4.50", "חלב", "13.50", None),
        ("Windows 11 3*4", "Windows 11", "12.00", None),
        ("Bus 5 - 12", "Bus 5", "12.00", None),
        ("R2-D2 58", "R2-D2", "58.00", None),
        ("Room 2-3 58", "Room 2-3", "58.00", None),
        ("Disney + 12", "Disney +", "12.00", None),
        ("Disney+ 12 USD", "Disney+", "12.00", "USD"),
        ("$10 + tip", "+ tip", "10.00", "USD"),
    ],
)
def test_a_sum_at_the_end_is_calculated(text, title, amount, currency):
    found = money.split_title(text, "ILS", "en")
    assert (found.title, str(found.parsed.amount), found.parsed.currency) == (title, amount, currency)


UNCLEAR = ("Open 24/7", "Dinner 12/25", "Room 5-12", "Invoice 2026-08", "Phone 050-1234567", "Milk 1 234+5", "Milk 1/0")


# A slash may separate the amount, and amounts in two currencies aren't added.
CUT = (
    *("bus 10 / 2", "bus 10 /2", "bus 10/ 2", "Bus 24 / 12 / 2026"),
    *("10 USD + 5 EUR mix", "10 USD +5 EUR mix", "10 USD / 2 mix"),
    *("mix 10 USD + 5 EUR", "mix 10 USD +5 EUR", "mix $10+ 5 EUR", "mix 10 USD + €5"),
)


@pytest.mark.parametrize("text", [*UNCLEAR, *CUT])
def test_what_may_be_no_sum_is_asked_for(text):
    with pytest.raises(money.AmountError):
        money.split_title(text, "ILS", "en")


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
