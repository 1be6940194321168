"""The expense form converts any input, or says at the field what is wrong."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.choices import flatten_choices
from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import SLUGS
from expenses import money
from expenses.forms.entry import EditForm, ExpenseForm
from expenses.months import EARLIEST_DAY, YEARS_AHEAD

GOOD = {"title": "Taxi home", "amount": "58", "currency": "ILS", "spent_on": "2026-08-20"}


def form_of(**typed: str) -> ExpenseForm:
    return ExpenseForm({**GOOD, **typed}, home_currency="ILS")


def edit_form_of(**typed: str) -> EditForm:
    return EditForm({**GOOD, "category": "other", **typed}, home_currency="ILS")


def test_good():
    form = form_of(category="other", note="  late  ", entry_key="0123456789abcdef")
    assert form.is_valid(), form.errors
    new = form.new_expense()
    assert (new.title, new.amount, new.currency, new.spent_on) == (
        "Taxi home",
        Decimal("58.00"),
        "ILS",
        date(2026, 8, 20),
    )
    assert (new.category, new.note, new.entry_key) == ("other", "late", "0123456789abcdef")


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("1,5", "1.50", "ILS"),
        ("१२", "12.00", "ILS"),
        ("58 USD", "58.00", "USD"),
        ("€ 1.234,50", "1234.50", "EUR"),
        ("-5", "-5.00", "ILS"),
        ("1200 JPY", "1200", "JPY"),
    ],
)
def test_amounts_as_people_write_them(typed, amount, currency):
    form = form_of(amount=typed)
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["amount"], form.cleaned_data["currency"]) == (Decimal(amount), currency)


def test_without_a_currency_it_is_the_home_currency():
    form = form_of(currency="")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["currency"] == "ILS"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("title", text) for text in ("", "   ", "\x00", "a\x00b", "x" * 10_000, "\u200b\u200d", "\x1b[31m")),
        *(("amount", text) for text in ("", "0", "-0", "-0.00", "1e9", "NaN", "Infinity", "9" * 40, "1" * 10_000)),
        *(("amount", text) for text in ("5\x00", "1.239", "<b>5</b>", "5 XYZ", "1,2,3", "٠")),
        *(("currency", text) for text in ("XXX", "ils ", "<b>", "\x00", "x" * 10_000)),
        *(("spent_on", text) for text in ("", "0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "1998-12-31")),
        *(("spent_on", text) for text in ("yesterday", "\x00", "2" * 10_000, "2026-08-20T00:00")),
        *(("category", text) for text in ("nonsense", "\x00", "x" * 10_000)),
        *(("note", text) for text in ("a\x00b", "x" * 10_000, "\x07")),
        *(("entry_key", text) for text in ("short", "x" * 65, "with blanks", "\x00" * 10)),
    ],
)
def test_bad_input_is_named_at_its_field(field, typed):
    form = form_of(**{field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert all(form.errors[field])


@pytest.mark.parametrize(
    "title", ["🍕", "x" * 120, "<script>alert(1)</script>", "סופר פארם", "ขนมปัง", "👨‍👩‍👧 day out", "e\u0301"]
)
def test_titles_in_any_script(title):
    form = form_of(title=title)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == title


def test_white_space_in_titles_is_folded():
    form = form_of(title="  Taxi\t\n home ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Taxi home"


def test_the_last_possible_day():
    latest = date(timezone.localdate().year + YEARS_AHEAD, 12, 31)
    assert form_of(spent_on=latest.isoformat()).is_valid()
    assert form_of(spent_on=EARLIEST_DAY.isoformat(), currency="USD").is_valid()


def test_a_currency_that_is_gone_counts_for_its_time_only():
    assert form_of(spent_on="2010-02-01", amount="5 LVL").is_valid()
    assert edit_form_of(spent_on="2010-02-01", currency="LVL").is_valid()
    form = form_of(amount="5 LVL")
    assert not form.is_valid()
    assert list(form.errors) == ["currency"]


class TestOwnRate:
    def test_none(self):
        form = edit_form_of()
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["own_rate"], form.cleaned_data["own_rate_currency"]) == (None, "")

    def test_into_the_home_currency_unless_said_otherwise(self):
        form = edit_form_of(currency="USD", own_rate="3.71")
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["own_rate"], form.cleaned_data["own_rate_currency"]) == (Decimal("3.71"), "ILS")

    @pytest.mark.parametrize("typed", ["-1", "x", "1e400", "NaN", "1" * 40, "0.123456789", "\x00"])
    def test_bad(self, typed):
        form = edit_form_of(currency="USD", own_rate=typed)
        assert not form.is_valid()
        assert list(form.errors) == ["own_rate"]

    def test_into_the_same_currency(self):
        assert not edit_form_of(own_rate="3", own_rate_currency="ILS").is_valid()


anything = st.text(max_size=200) | st.sampled_from(
    ["58", "0", "-0", "1e9", "1,5", "१२", "2026-08-20", "ILS", "", "\x00"]
)


@given(title=anything, amount=anything, currency=anything, spent_on=anything, category=anything, note=anything)
def test_whatever_is_typed_what_passes_can_be_stored(**typed):
    form = ExpenseForm(typed, home_currency="ILS")
    if not form.is_valid():
        assert set(form.errors) <= set(form.fields)
        return
    new = form.new_expense()
    assert 0 < len(new.title) <= 120
    assert "\x00" not in new.title + new.note
    assert new.amount
    assert new.amount == money.quantize(new.amount, new.currency)
    assert len(new.amount.as_tuple().digits) <= 14
    assert money.is_valid(new.currency, new.spent_on)
    assert new.category in ("", *SLUGS)


@given(number=st.decimals(min_value="-999999999999", max_value="999999999999", places=2).filter(bool))
def test_every_plain_amount_is_read_as_it_stands(number):
    form = form_of(amount=str(number))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == number


@pytest.mark.parametrize(
    ("typed", "rate"), [("3,7215", "3.7215"), ("٣٫٧٢", "3.72"), (" 3.70000000000 ", "3.7"), ("0.00012", "0.00012")]
)
def test_an_own_rate_in_the_notations_of_amounts(typed, rate):
    form = edit_form_of(currency="USD", own_rate=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["own_rate"] == Decimal(rate)


@pytest.mark.parametrize("typed", ["-3", "3 USD", "three", "1.2.3", "0.000000001", "1" * 13, "5²"])
def test_a_bad_own_rate_is_named_plainly(typed):
    form = edit_form_of(currency="USD", own_rate=typed)
    assert not form.is_valid()
    [message] = form.errors["own_rate"]
    assert "rate" in message.lower() or "amount" in message.lower()


@given(st.text(max_size=80))
def test_any_own_rate_is_a_rate_or_a_message(typed):
    form = edit_form_of(currency="USD", own_rate=typed)
    if form.is_valid():
        rate = form.cleaned_data["own_rate"]
        assert rate is None or (rate > 0 and rate == round(rate, 8))
    else:
        assert list(form.errors) == ["own_rate"]


@pytest.mark.parametrize("stored", ["UAH", "HRK", "ILS"])
def test_every_currency_is_offered_once_the_home_currency_first(stored):
    form = EditForm(home_currency="UAH", initial={"currency": stored, "own_rate_currency": ""})
    for name, count in (("currency", len(money.KNOWN)), ("own_rate_currency", len(money.CURRENT) + 1)):
        field = form.fields[name]
        values = [value for value, _label in flatten_choices(field.widget.choices)]
        assert len(values) == len(set(values)) == count
        assert [value for value in values if value][:2] == ["UAH", "EUR"]
