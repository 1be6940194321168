"""A ledger's own rates: which conversions they change, the page that shows it first, the file, and kept sums."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from expenses.models.own_rates import LedgerRate, currency_set, read_rates, sorted_rates, version_of
from expenses.people.own_rates import OwnRatesError, read_rates_file, write_rates
from expenses.rates import BLENDED, OLD, OWN, OwnRate, rates_between
from expenses.tests import ecb
from expenses.tests.making import make_expense, make_expenses

pytestmark = pytest.mark.django_db

URL = "/accounts/settings/rates/"
MARCH, DAY = date(2026, 3, 1), date(2026, 8, 21)
D = Decimal


def own(since, unit, rate, currency, sets=None):
    return LedgerRate(since, unit, D(rate), currency, sets or currency)


def convert(amount, code, to_code, rates, day=DAY, own_rate=None):
    book = rates_between(day, day, {code, to_code}, sorted_rates(rates))
    found = book.convert(D(amount), code, to_code, day, own_rate)
    return found and (found.amount.quantize(D("0.0001")), found.own, found.since)


def published(amount, code, to_code, day="2026-08-21"):
    return (D(amount) / D(ecb.table()[day].get(code, 1)) * D(ecb.table()[day].get(to_code, 1))).quantize(D("0.0001"))


TRY = own(MARCH, "USD", "50", "TRY")


@pytest.mark.parametrize(
    ("code", "to_code", "expected"),
    [
        ("TRY", "USD", D("2.0000")),
        ("USD", "TRY", D("5000.0000")),
        ("TRY", "ILS", published("2", "USD", "ILS")),
        ("ILS", "TRY", published("5000", "ILS", "USD")),
    ],
)
def test_it_sets_the_value_of_one_currency_to_and_from_every_other(code, to_code, expected):
    assert convert(100, code, to_code, [TRY]) == (expected, True, MARCH)


def test_other_currencies_stay_at_published_rates():
    assert convert(100, "USD", "ILS", [TRY]) == (published(100, "USD", "ILS"), False, None)


def test_two_of_them_convert_into_each_other():
    rates = [TRY, own(MARCH, "EUR", "400", "HUF")]
    assert convert(100, "TRY", "HUF", rates) == (published("800", "USD", "EUR"), True, MARCH)
    direct = [own(MARCH, "TRY", "8", "HUF"), own(MARCH, "USD", "50", "TRY")]
    assert convert(100, "TRY", "HUF", direct) == (D("800.0000"), True, MARCH)


@pytest.mark.parametrize(("day", "rate"), [("2026-02-28", None), ("2026-03-01", "50"), ("2026-06-01", "60")])
def test_it_counts_from_its_day_until_the_next_one(day, rate):
    rates = [own(date(2026, 6, 1), "USD", "60", "TRY"), TRY]
    amount, is_own, _since = convert(100, "USD", "TRY", rates, ecb.day(day))
    assert is_own is (rate is not None)
    assert not rate or amount == 100 * D(rate)


def test_an_expenses_own_rate_comes_first():
    assert convert(100, "TRY", "USD", [TRY], own_rate=OwnRate(D("0.5"), "USD"))[0] == 50
    onward = convert(100, "USD", "ILS", [TRY], own_rate=OwnRate(D(50), "TRY"))
    assert onward[0] == published(100, "USD", "ILS")


def test_it_works_where_nothing_is_published():
    assert convert(100, "ISK", "EUR", [], date(2012, 6, 1)) is None
    assert convert(100, "ISK", "EUR", [own(date(2010, 1, 1), "EUR", "160", "ISK")], date(2012, 6, 1))[0] == D("0.6250")


def test_it_sets_what_is_not_the_home_currency_and_else_the_second_one():
    assert currency_set("USD", "TRY", "USD") == "TRY"
    assert currency_set("USD", "TRY", "TRY") == "USD"
    assert currency_set("USD", "TRY", "ILS") == "TRY"


def test_the_kinds_of_rates_are_told_apart():
    book = rates_between(DAY, date(2026, 8, 22), {"USD", "ILS", "TRY"}, (TRY,))
    assert book.convert(D(1), "USD", "ILS", DAY).bases == ()
    assert book.convert(D(1), "USD", "ILS", date(2026, 8, 22)).bases == (OLD,)
    assert book.convert(D(1), "TRY", "ILS", date(2026, 8, 22)).bases == (OWN,)
    assert BLENDED not in book.convert(D(1), "TRY", "ILS", DAY).bases


DAMAGED: list[object] = [
    *(None, "text", 7, [7], [["2026-03-01"]], [[1, 2, 3, 4, 5]]),
    [["x", "USD", "1", "TRY", "TRY"]],
    [["2026-03-01", "USD", "0", "TRY", "TRY"]],
    [["2026-03-01", "USD", "NaN", "TRY", "TRY"]],
    [["2026-03-01", "USD", "5", "TRY", "EUR"]],
]


@pytest.mark.parametrize("stored", DAMAGED)
def test_what_another_release_stored_is_left_out(client_alice, alice, stored):
    assert read_rates(stored) == ()
    User.objects.filter(pk=alice.pk).update(own_rates=stored or [])
    assert client_alice.get("/expenses/").status_code == 200


dates = st.dates(date(1999, 1, 4), date(2026, 12, 31))
digits = st.decimals(D("0.00000001"), D("999999999"), places=8)
ANY = st.builds(
    own,
    dates,
    st.sampled_from(["USD", "EUR"]),
    digits,
    st.sampled_from(["TRY", "ILS"]),
    st.sampled_from(["TRY", "ILS"]),
).map(lambda rate: rate._replace(sets=rate.currency))


@given(st.lists(ANY, max_size=8))
def test_the_file_and_the_stored_form_are_read_back(rates):
    rates = sorted_rates(rates)
    assert tuple(read_rates_file(write_rates(rates).encode(), "EUR")) == rates
    assert read_rates([rate.to_stored() for rate in rates]) == rates
    assert (version_of(rates) == "") is (not rates)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("from,unit,rate,currency\n2026-03-01,USD,50,TRY\n", TRY),
        ("\ufeffFrom;Unit;Rate;Currency\n2026-03-01;usd;50,0;try\n", TRY),
        ('currency,rate,unit,from\nIDR,"16,250",USD,2026-03-01\n\n', own(MARCH, "USD", "16250", "IDR")),
        ("from,unit,rate,currency\n2026-03-01,TRY,0.08,ILS\n", own(MARCH, "TRY", "0.08", "ILS", "TRY")),
    ],
)
def test_a_file_from_a_spreadsheet(text, read):
    assert read_rates_file(text.encode(), "ILS") == [read]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\n", "no column"),
        (b"from,unit,rate\n", "currency"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * 200_000, "too large"),
        (b"from,unit,rate,currency\n2026-03-01,USD,0,TRY\n", "Line 2: A rate can't be zero."),
        (b"from,unit,rate,currency\n2026-03-01,USD,,TRY\n", "Line 2"),
        (b"from,unit,rate,currency\n2026-03-01,USD,NaN,TRY\n", "Line 2"),
        (b"from,unit,rate,currency\n2026-03-01,USD,5,QQQ\n", "QQQ"),
        (b"from,unit,rate,currency\n2026-03-01,USD,5,USD\n", "different currency"),
        (b"from,unit,rate,currency\n2026-03-01,USD,5,TRY\nyesterday,USD,5,TRY\n", "Line 3: That isn't a date"),
        (b"from,unit,rate,currency\n1066-03-01,USD,5,TRY\n", "Line 2: That isn't a date"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(client_alice, content, problem):
    with pytest.raises(OwnRatesError, match=re.escape(problem)):
        read_rates_file(content, "ILS")
    file = SimpleUploadedFile("rates.csv", content)
    page = client_alice.post(URL, {"action": "import", "file": file})
    assert page.status_code == 422
    assert problem in unescape(page.content.decode())


def text_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode())))


def saved(client, page):
    table = unescape(re.search(r"<textarea name=\"table\"[^>]*>(.*?)</textarea>", page.content.decode(), re.DOTALL)[1])
    return client.post(URL, {"action": "save", "table": table}, follow=True)


ADD = {"action": "add", "unit": "USD", "rate": "50", "currency": "TRY", "since": "2026-03-01"}


@pytest.fixture
def lira(alice):
    """Two expenses in lira, one of them with its own rate, one in dollars, and one before the rate begins."""
    rows = [
        {"title": "Hotel", "amount": 500, "currency": "TRY", "spent_on": DAY},
        {
            "title": "Cash",
            "amount": 500,
            "currency": "TRY",
            "spent_on": DAY,
            "own_rate": D("0.1"),
            "own_rate_currency": "ILS",
        },
        {"title": "Flight", "amount": 10, "currency": "USD", "spent_on": DAY},
        {"title": "Before", "amount": 500, "currency": "TRY", "spent_on": date(2026, 2, 3)},
    ]
    return make_expenses(alice, rows)


def test_the_page_shows_the_effect_and_saves_only_then(client_alice, alice, lira):
    page = client_alice.post(URL, ADD)
    before = published(500, "TRY", "ILS").quantize(D("0.01"))
    after = published(10, "USD", "ILS").quantize(D("0.01"))
    assert f"1 expense changes: from ₪{before} to ₪{after}." in text_of(page)
    assert User.objects.get(pk=alice.pk).own_rates == []
    assert "1 USD = 50 TRY" in text_of(saved(client_alice, page))
    assert User.objects.get(pk=alice.pk).own_rates == [["2026-03-01", "USD", "50", "TRY", "TRY"]]


def test_the_effect_counts_what_had_no_rate(client_alice, alice):
    make_expenses(alice, [{"title": t, "amount": 160, "currency": "ISK", "spent_on": date(2012, 6, 1)} for t in "ab"])
    data = ADD | {"unit": "ILS", "rate": "32", "currency": "ISK", "since": "2012-01-01"}
    text = text_of(client_alice.post(URL, data))
    assert "2 expenses change: from ₪0.00 to ₪10.00 in total." in text
    assert "2 amounts had no rate until now." in text


def test_the_effect_names_what_came_in_and_what_loses_its_rate(client_alice, alice):
    make_expense(alice, "Pay", "-20", currency="VES", spent_on=date(2026, 6, 1), category="salary")
    page = client_alice.post(URL, ADD | {"rate": "2", "currency": "VES", "unit": "ILS", "since": "2026-01-01"})
    assert "Money received changes from ₪0.00 to ₪10.00." in text_of(page)
    saved(client_alice, page)
    removed = text_of(client_alice.post(URL, {"action": "remove", "since": "2026-01-01", "sets": "VES"}))
    assert "Money received changes from ₪10.00 to ₪0.00." in removed
    assert "1 amount will have no rate, so totals leave it out." in removed


def test_kept_sums_and_pages_follow_the_rates(client_alice, alice, lira):
    urls = ("/expenses/?month=2026-08", "/dashboard/?month=2026-08", "/expenses/?month=2026-08&display=USD")
    before = [client_alice.get(url).content for url in urls]
    saved(client_alice, client_alice.post(URL, ADD))
    client_alice.get(URL)  # shows the message
    total = (published(20, "USD", "ILS") + 50).quantize(D("0.01"))
    after = [client_alice.get(url) for url in urls]
    assert f"₪{total}" in text_of(after[0])
    assert f"₪{total}" in text_of(after[1])
    assert all(page.content != old for page, old in zip(after, before, strict=True))
    removed = client_alice.post(URL, {"action": "remove", "since": "2026-03-01", "sets": "TRY"})
    assert "1 expense changes" in text_of(removed)
    saved(client_alice, removed)
    client_alice.get(URL)
    assert f"₪{total}" not in text_of(client_alice.get(urls[0]))


def test_a_row_and_the_totals_name_the_own_rate(client_alice, alice, lira):
    saved(client_alice, client_alice.post(URL, ADD))
    page = client_alice.get("/expenses/?month=2026-08").content.decode()
    assert "At your own rate since Mar 1, 2026: 1 TRY = " in page
    assert "2 amounts use your own rate." in page
    listed = client_alice.get("/expenses/?month=2026-08&rate=own").content.decode()
    assert {"Hotel", "Cash"} <= set(re.findall(r">(\w+)</a>", listed))
    assert ">Flight</a>" not in listed


def test_an_import_without_a_file_asks_for_one(client_alice):
    page = client_alice.post(URL, {"action": "import"})
    assert page.status_code == 422
    assert "Choose a file first." in unescape(page.content.decode())


def test_an_import_adds_to_the_table_and_the_export_gives_it_back(client_alice, alice):
    saved(client_alice, client_alice.post(URL, ADD))
    content = b"from,unit,rate,currency\n2026-03-01,USD,51,TRY\n2026-04-01,USD,52,TRY\n"
    page = client_alice.post(URL, {"action": "import", "file": SimpleUploadedFile("r.csv", content)})
    saved(client_alice, page)
    exported = client_alice.get(f"{URL}export/")
    assert exported.content.decode().splitlines() == [
        "from,unit,rate,currency,sets",
        "2026-03-01,USD,51,TRY,TRY",
        "2026-04-01,USD,52,TRY,TRY",
    ]


def test_the_download_has_a_table_that_can_be_imported(client_alice, alice):
    saved(client_alice, client_alice.post(URL, ADD))
    content = b"".join(client_alice.post("/accounts/download/").streaming_content)
    table = zipfile.ZipFile(io.BytesIO(content)).read("rates.csv")
    assert read_rates_file(table, "ILS") == [TRY]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rate": "0"}, "A rate can't be zero."),
        ({"rate": "x"}, "That isn't a rate."),
        ({"currency": "USD"}, "different currency"),
        ({"since": "x"}, "That isn't a date."),
        ({"since": "1066-01-01"}, "The date must be between"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused_at_its_field(client_alice, alice, change, problem):
    page = client_alice.post(URL, ADD | change)
    assert page.status_code == 422
    assert problem in text_of(page)


def test_a_comma_before_three_digits_groups_thousands(client_alice):
    assert "1 USD = 1,250 TRY" in text_of(client_alice.post(URL, ADD | {"rate": "1,250"}))


def test_nobody_elses_ledger_changes(client_alice, client_bob, alice, bob):
    make_expense(bob, amount="500", currency="TRY", spent_on=DAY)
    before = client_bob.get("/dashboard/?month=2026-08&currency=USD").content
    saved(client_alice, client_alice.post(URL, ADD))
    assert "own rate" not in client_bob.get("/dashboard/?month=2026-08&currency=USD").content.decode()
    assert before
    assert client_bob.get(f"{URL}export/").content.decode().splitlines() == ["from,unit,rate,currency,sets"]
