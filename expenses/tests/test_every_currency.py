"""An expense in each currency of ISO 4217: added, listed, exported, read back; and three decimals everywhere."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from expenses import money
from expenses.forms.entry import ExpenseForm
from expenses.ledger.entries import build_expense, store_together
from expenses.ledger.order_values import fill_order_values
from expenses.listing.find_rows import find_page
from expenses.models import Expense
from expenses.models.entry_filters import entries_of
from expenses.people.ledger_settings import personal_ledger
from expenses.statements import Reading, apply_mapping, guess_mapping, read_file
from expenses.tests.importing.uploading import import_statement
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.transactions import run_in_transaction

DAY = "2026-08-20"
ENTRY = {"title": "Lunch", "amount": "1.234", "currency": "KWD", "spent_on": DAY}
FORMATS = ("csv", "xlsx", "json", "ofx")
ENDED = {"DEM": "2001-06-01", "FRF": "2002-02-17", "ITL": "1999-12-31", "HRK": "2022-12-31", "VEF": "2015-01-01"}


def smallest_and_large(code: str) -> list[str]:
    """Amounts in a currency: its smallest one, and one of many digits."""
    unit = Decimal(1).scaleb(-money.minor_units(code))
    return [f"{unit:f}", f"{Decimal(987_654_321_012) + unit:f}"]


@pytest.fixture
def spent(alice) -> list[tuple[str, Decimal]]:
    """Alice's expenses, typed as `lunch 0.001 KWD`: two in every currency in use, and one in some that have ended."""
    typed = [(f"lunch {amount} {code}", DAY) for code in money.CURRENT for amount in smallest_and_large(code)]
    typed += [(f"lunch 12 {code}", day) for code, day in ENDED.items()]
    ledger, expenses = personal_ledger(alice), []
    for title, day in typed:
        form = ExpenseForm({"title": title, "spent_on": day, "category": "food-drinks"}, home_currency="ILS")
        assert form.is_valid(), (title, form.errors)
        expenses.append(build_expense(ledger.id, form.new_expense(), None))
    run_in_transaction(lambda: store_together(expenses))
    return sorted((expense.currency, expense.amount) for expense in expenses)


def exported(client, name: str, **query: str) -> bytes:
    return b"".join(client.get("/expenses/export/", {"month": "all", "format": name, **query}).streaming_content)


def entries_in(data: bytes, name: str):
    found = read_file(data, name)
    reading = found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, "CHF"))
    assert reading.problems == ()
    return reading.entries


def test_each_is_added_listed_exported_and_read_back(client_alice, spent):
    assert len(spent) == 2 * 155 + len(ENDED)
    assert sorted((one.currency, one.amount) for one in Expense.objects.all()) == spent
    shown, address = "", "/expenses/?month=all"
    while address:
        page = client_alice.get(address)
        shown += unescape(page.content.decode())
        address = page.context["next_url"]
    assert [pair for pair in spent if money.format_money(pair[1], pair[0], "en") not in shown] == []
    for name in FORMATS:
        entries = entries_in(exported(client_alice, name), f"finbrain.{name}")
        assert sorted((entry.currency, entry.amount) for entry in entries) == spent, name


def test_each_can_be_the_home_currency(client_alice, alice):
    offered = client_alice.get("/accounts/settings/").content.decode()
    assert [code for code in money.CURRENT if f'<option value="{code}"' not in offered] == []
    for code in ("UAH", "KWD", "CLP", "ZWG"):
        alice.home_currency = code
        alice.save()
        make_expense(alice, amount="12", currency=code)
        page = client_alice.get("/expenses/?month=2026-08").content.decode()
        assert money.format_money(Decimal(12), code, "en") in unescape(page)
        assert client_alice.get("/dashboard/?month=2026-08").status_code == 200


def test_lists_begin_with_the_currencies_of_the_page(client_alice, alice):
    make_expenses(alice, [{"title": code, "amount": "5", "currency": code} for code in ("UAH", "AED")])
    page = client_alice.get("/expenses/?month=2026-08").content.decode()
    for name in ("id_currency", "f-currency", "f-display"):
        select = page[page.index(f'id="{name}"') :].partition("</select>")[0]
        offered = re.findall(r"<option[^>]*>([A-Z]{3})<", select)
        assert {*offered[:3]} == {"ILS", "UAH", "AED"}
        assert sorted(set(offered) & money.KNOWN) == sorted(money.CURRENT)
        assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("query", "is_text"), [("", True), ("&currency=USD", False), ("&display=USD", False), ("&min=x", False)]
)
def test_the_lists_of_the_filters_are_text_until_they_are_needed(client_alice, query, is_text):
    page = client_alice.get(f"/expenses/?month=2026-08{query}").content.decode()
    assert bool(re.search(r'<noscript>\s*<div class="pair">', page)) is is_text


def test_three_decimals_stay_from_the_form_to_the_list_and_the_sum(client_alice, alice):
    alice.home_currency = "KWD"
    alice.save()
    for key in ("first-of-two", "second-of-two"):
        assert client_alice.post("/expenses/add/", ENTRY | {"entry_key": key}).status_code == 302
    assert {expense.amount for expense in Expense.objects.all()} == {Decimal("1.234")}
    client_alice.get("/expenses/")  # has the messages, which name the amounts too
    page = unescape(client_alice.get("/expenses/?month=2026-08").content.decode()).replace("\xa0", " ")
    assert page.count("KWD 1.234<") == 2
    assert "KWD 2.468" in page
    edit = client_alice.get(f"/expenses/{Expense.objects.first().pk}/edit/").content.decode()
    assert 'value="1.234"' in edit
    dashboard = client_alice.get("/dashboard/?month=2026-08")
    assert "KWD 2.468" in unescape(dashboard.content.decode()).replace("\xa0", " ")
    assert dashboard.context["chart_data"]["decimals"] == 3


def test_a_filter_of_amounts_has_three_decimals(client_alice, alice):
    alice.home_currency = "KWD"
    alice.save()
    make_expenses(alice, [{"title": name, "amount": name, "currency": "KWD"} for name in ("1.233", "1.234", "1.235")])
    for query in ("min=1.234&max=1.234", "min=1.234&max=1.234&currency=KWD"):
        assert client_alice.get(f"/expenses/?month=2026-08&{query}").context["count"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_three_decimals_stay_in_a_file_and_its_import(client_alice, client_bob, bob, alice, name):
    make_expenses(
        alice,
        [{"title": "Tea", "amount": amount, "currency": "KWD"} for amount in ("1.234", "0.001", "999999999999.999")],
    )
    data = exported(client_alice, name)
    if name == "json":
        assert '"1.234"' in json.dumps(json.loads(data))
    import_statement(client_bob, data, f"finbrain.{name}")
    brought = Expense.objects.of(personal_ledger(bob)).values_list("amount", "currency")
    assert sorted(brought) == [(Decimal(amount), "KWD") for amount in ("0.001", "1.234", "999999999999.999")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bank.csv", "Date,Description,Amount,Currency\n2026-08-03,Tea,-1.234,KWD\n2026-08-04,Bun,-2.500,KWD\n"),
        ("bank.csv", "Date;Description;Amount (KWD)\n2026-08-03;Tea;-1,234\n2026-08-04;Bun;-2,500\n"),
        ("bank.csv", "Date;Description;Amount;Currency\n2026-08-03;Tea;-1,234;KWD\n2026-08-04;Bun;-2,500;KWD\n"),
        ("bank.csv", "Date;Description;Amount (KWD)\n2026-08-03;Tea;-1.234\n2026-08-04;Bun;-2.500\n"),
        (
            "bank.sta",
            ":20:1\n:25:KW1\n:28C:1\n:60F:C260801KWD10,000\n:61:2608030803D1,234NTRFX\n:86:Tea\n"
            ":61:2608040804D2,500NTRFX\n:86:Bun\n:62F:C260831KWD6,266\n",
        ),
        (
            "bank.ofx",
            "<OFX><STMTRS><CURDEF>KWD</CURDEF><BANKTRANLIST>"
            "<STMTTRN><DTPOSTED>20260803</DTPOSTED><TRNAMT>-1,234</TRNAMT><FITID>1</FITID><NAME>Tea</NAME></STMTTRN>"
            "<STMTTRN><DTPOSTED>20260804</DTPOSTED><TRNAMT>-2.500</TRNAMT><FITID>2</FITID><NAME>Bun</NAME></STMTTRN>"
            "</BANKTRANLIST></STMTRS></OFX>",
        ),
    ],
)
def test_a_statement_in_a_currency_of_three_decimals(name, text):
    found = read_file(text.encode(), name)
    reading = found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, "ILS"))
    said = [(entry.title, entry.amount, entry.currency) for entry in reading.entries]
    assert said == [("Tea", Decimal("1.234"), "KWD"), ("Bun", Decimal("2.500"), "KWD")]


def test_a_statement_of_grouped_thousands_stays_one():
    found = read_file(b"Date;Description;Amount\n2026-08-03;Tea;-1.234\n2026-08-04;Bun;-2.500\n", "bank.csv")
    assert [entry.amount for entry in apply_mapping(found, guess_mapping(found, "EUR")).entries] == [1234, 2500]


def test_what_is_stored_with_two_decimals_is_read_as_before(client_alice, alice):
    stored = make_expense(alice, amount="58.00")
    assert Expense.objects.get(pk=stored.pk).amount == Decimal("58.00")
    assert '"58.00"' in exported(client_alice, "json").decode()


def test_an_upload_names_what_is_no_currency(client_alice):
    file = SimpleUploadedFile("bank.csv", b"Date,Title,Amount,Currency\n2026-08-03,Ring,5,XAU\n2026-08-03,Tea,5,EUR\n")
    page = client_alice.post("/expenses/import/", {"file": file}, follow=True).content.decode()
    assert "FinBrain converts currencies, not XAU." in page


# ---- no rate yet


@pytest.fixture
def without_rates(alice):
    """Expenses of Alice in shekels, and in hryvnias, which have no rates yet."""
    rows = [("one", "1", "ILS"), ("hundred", "100", "UAH"), ("ten", "10", "ILS"), ("two hundred", "200", "UAH")]
    return make_expenses(alice, [{"title": title, "amount": amount, "currency": code} for title, amount, code in rows])


@pytest.mark.usefixtures("without_rates")
def test_without_a_rate_an_amount_is_counted_apart(client_alice):
    page = " ".join(client_alice.get("/expenses/?month=2026-08").content.decode().split())
    assert "₪11.00" in page
    assert "2 with no rate yet" in page
    dashboard = client_alice.get("/dashboard/?month=2026-08").content.decode()
    assert "2 with no rate yet" in dashboard
    assert "₪11.00" in dashboard


@pytest.mark.usefixtures("without_rates")
@pytest.mark.parametrize(("sort", "sign"), [("amount", 1), ("-amount", -1)])
def test_without_a_rate_amounts_are_below_all_others_on_every_page(alice, sort, sign):
    match, seen, after = entries_of(alice.pk), [], ""
    while True:
        page = find_page(match, sort, after, size=1)
        seen += [row["title"] for row in page.rows]
        if not (after := page.after):
            break
    assert seen == ["hundred", "two hundred", "one", "ten"][::sign]


@pytest.mark.usefixtures("without_rates")
@pytest.mark.parametrize(
    ("query", "count"), [("min=5", 1), ("max=5", 1), ("min=5&currency=UAH", 2), ("max=150&display=UAH", 1)]
)
def test_without_a_rate_an_amount_is_in_no_range_of_another_currency(client_alice, query, count):
    assert client_alice.get(f"/expenses/?month=2026-08&{query}").context["count"] == count


def test_an_expense_gets_its_order_value_when_its_currency_has_a_rate(alice, client_alice):
    [made] = make_expenses(alice, [{"title": "Tea", "amount": "58", "currency": "USD"}])
    valued = made.order_value
    Expense.objects.update(order_value=None)
    make_expense(alice, amount="100", currency="UAH")
    assert client_alice.get("/expenses/?month=2026-08&min=5").context["count"] == 0
    assert fill_order_values(date(2026, 8, 20)) == 1
    assert Expense.objects.get(pk=made.pk).order_value == valued
    assert client_alice.get("/expenses/?month=2026-08&min=5").context["count"] == 1
    assert fill_order_values(date(2026, 8, 20)) == 0
