"""The list of expenses: its rows, filters and round trips."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from bson import ObjectId
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from expenses.forms.blank_entry import blank_entry
from expenses.forms.entry import ExpenseForm
from expenses.listing.find_rows import PAGE_SIZE
from expenses.models import Expense
from expenses.tests import ecb
from expenses.tests.making import make_expense, make_expenses, multiply_expenses
from expenses.tests.nodes import count_nodes

HTMX = {"HX-Request": "true"}


def titles(response) -> list[str]:
    return re.findall(r'id="t[0-9a-f]{24}" dir="auto">(.*?)</a>', response.content.decode())


def total(response) -> str:
    text = response.content.decode()
    return " ".join(re.sub("<[^>]+>", " ", text[text.index('id="list-total"') :].split("</div>")[0]).split()[1:])


def listed(client: Client, query: str, **headers: str) -> list[str]:
    response = client.get(f"/expenses/?{query}", headers=headers)
    assert response.status_code == 200
    return titles(response)


def test_this_month_newest_first(client_alice, alice):
    today = timezone.localdate()
    make_expenses(
        alice,
        [
            {"title": "first", "amount": 1, "spent_on": today.replace(day=1)},
            {"title": "last", "amount": 2, "spent_on": today},
            {"title": "earlier", "amount": 4, "spent_on": today - timedelta(days=40)},
        ],
    )
    response = client_alice.get("/expenses/")
    assert titles(response) == ["last", "first"]
    assert "₪3.00" in total(response)
    assert "2 expenses" in total(response)


def test_rows_carry_what_the_contract_says(client_alice, alice):
    made = make_expense(alice, amount="180.00")
    text = client_alice.get("/expenses/?month=2026-08").content.decode()
    assert (
        f'data-expense="{made.pk}" data-category="transportation" data-amount="180.00" data-currency="ILS"'
        ' data-date="2026-08-20"' in text
    )


def test_nobody_sees_what_others_have(client_bob, alice):
    make_expense(alice)
    assert listed(client_bob, "month=all") == []


def test_signed_out(client, alice):
    assert client.get("/expenses/?month=all").headers["Location"] == "/accounts/login/?next=/expenses/%3Fmonth%3Dall"
    answer = client.get("/expenses/", headers=HTMX)
    assert answer.status_code == 401
    assert "signed out" in answer.headers["HX-Trigger"]


@pytest.fixture
def several(alice):
    return make_expenses(
        alice,
        [
            {"title": "Bus", "amount": "5.90", "note": "to ΑΘΗΝΑ"},
            {"title": "МОСКВА tour", "amount": "100", "currency": "EUR", "category": "leisure-gifts"},
            {"title": "Straße 50% (off)", "amount": "20", "category": "other"},
            {"title": "apple", "amount": "-7", "category": "food-drinks", "unsure": 0.3},
            {"title": "Apple", "amount": "8", "category": "food-drinks", "unsure": 0.9},
            {"title": "zoo", "amount": "30", "currency": "USD", "category": "leisure-gifts"},
        ],
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bus", ["Bus"]),
        ("q=москва", ["МОСКВА tour"]),
        ("q=αθηνα", ["Bus"]),
        ("q=STRASSE", ["Straße 50% (off)"]),
        ("q=50%25 (", ["Straße 50% (off)"]),
        ("q=.*", []),
        ("q=%00", ["Apple", "Bus", "apple", "zoo", "МОСКВА tour", "Straße 50% (off)"]),
        ("category=food-drinks&category=other", ["Apple", "apple", "Straße 50% (off)"]),
        ("currency=EUR", ["МОСКВА tour"]),
        ("currency=EUR&min=100&max=100", ["МОСКВА tour"]),
        ("currency=EUR&min=100.01", []),
        ("min=-10&max=0", ["apple"]),
        ("min=50", ["zoo", "МОСКВА tour"]),
        ("min=50&display=EUR", ["МОСКВА tour"]),
        ("needs_review=1", ["apple"]),
        ("month=2026-07", []),
        ("month=2026-08&q=bus", ["Bus"]),
    ],
)
def test_filters(client_alice, several, query, found):
    query = query if "month=" in query else f"month=all&{query}"
    assert sorted(listed(client_alice, query)) == sorted(found)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["apple", "Apple", "Bus", "Straße 50% (off)", "zoo", "МОСКВА tour"]),
        ("amount", ["apple", "Bus", "Apple", "Straße 50% (off)", "zoo", "МОСКВА tour"]),
        ("category", ["Apple", "apple", "zoo", "МОСКВА tour", "Straße 50% (off)", "Bus"]),
    ],
)
def test_sorting(client_alice, several, sort, order):
    assert listed(client_alice, f"month=all&sort={sort}") == order
    assert listed(client_alice, f"month=all&sort=-{sort}") == order[::-1]


@pytest.mark.parametrize("sort", ["-date", "date", "-amount", "amount", "title", "-title", "category", "-category"])
def test_every_expense_is_on_exactly_one_page(client_alice, alice, sort):
    rows = [
        {
            "title": f"t{n % 9}",
            "amount": 1 + n % 5,
            "spent_on": date(2026, 8, 1 + n % 7),
            "category": ("other", "food-drinks", "transportation")[n % 3],
        }
        for n in range(2 * PAGE_SIZE + 7)
    ]
    make_expenses(alice, rows)
    seen, url = [], f"/expenses/?month=all&sort={sort}"
    for size in (PAGE_SIZE, PAGE_SIZE, 7):
        text = client_alice.get(url).content.decode()
        page = re.findall('data-expense="([0-9a-f]{24})"', text)
        assert len(page) == size
        seen += page
        url = next(iter(re.findall('id="more".*?href="([^"]+)"', text, re.DOTALL)), "").replace("&amp;", "&")
    assert url == ""
    assert len(set(seen)) == len(rows)


def test_a_bad_cursor_is_the_first_page(client_alice, several):
    assert listed(client_alice, "month=all&after=nonsense") == listed(client_alice, "month=all")


def test_more_rows_come_as_rows_and_filters_as_the_list(client_alice, several):
    rows = client_alice.get("/expenses/?month=all", headers=HTMX | {"HX-Target": "more"})
    assert "<html" not in rows.content.decode()
    assert "<table" not in rows.content.decode()
    part = client_alice.get("/expenses/?month=all&q=bus", headers=HTMX | {"HX-Target": "list"})
    assert "<html" not in part.content.decode()
    assert titles(part) == ["Bus"]
    assert 'id="list-total" role="status" data-hx-swap-oob="innerHTML"' in part.content.decode()
    restored = {"HX-Target": "list", "HX-History-Restore-Request": "true"}
    assert "<html" in client_alice.get("/expenses/", headers=HTMX | restored).content.decode()
    assert "HX-Target" in part.headers["Vary"]


def test_active_filters_can_be_removed(client_alice, several):
    text = client_alice.get("/expenses/?month=all&q=bus&category=other&min=5&max=x").content.decode()
    pills = re.findall('class="pill" href="([^"]+)"', text)
    assert "/expenses/?month=all&amp;category=other&amp;min=5" in pills
    assert "/expenses/?month=all&amp;q=bus&amp;min=5" in pills
    assert "/expenses/?month=all&amp;q=bus&amp;category=other" in pills
    assert "That isn't an amount. Write it like 1234.50. This filter was ignored." in unescape(text)
    assert 'id="f-max" maxlength="60" value="x"' in text


@pytest.mark.parametrize("typed", ["10^12", "1000000000000"])
def test_a_limit_that_is_too_large_says_what_the_largest_is(client_alice, typed):
    text = client_alice.get("/expenses/", {"min": typed}).content.decode()
    said = text.split('id="f-min-error"')[1].split("</ul>")[0]
    assert "That amount is too large. The largest is 999,999,999,999.99. This filter was ignored." in unescape(said)


def test_what_has_no_rate_is_left_out_and_said(client_alice, alice):
    make_expenses(
        alice,
        [
            {"title": "old", "amount": 5, "currency": "BRL", "spent_on": date(1999, 3, 1)},
            {"title": "own", "amount": 5, "currency": "USD", "spent_on": date(1999, 3, 1)},
        ],
    )
    response = client_alice.get("/expenses/?month=1999-03&display=USD")
    assert "$5.00" in total(response)
    assert "2 expenses" in total(response)
    assert "1 amount left out" in total(response)


def test_an_own_rate_wins(client_alice, alice):
    make_expense(alice, amount="10", currency="USD", own_rate=Decimal("4.2"), own_rate_currency="ILS")
    response = client_alice.get("/expenses/?month=2026-08")
    assert (
        '<small title="At your own rate: 1 USD = 4.2 ILS">₪42.00 · your own rate</small>' in response.content.decode()
    )
    assert "₪42.00" in total(response)


def test_a_total_says_which_rates_it_used(client_alice, alice):
    make_expense(alice, amount="10", currency="USD", own_rate=Decimal("4.2"), own_rate_currency="ILS")
    make_expense(alice, amount="10", currency="USD", spent_on=date(2026, 8, 22))
    text = client_alice.get("/expenses/?month=2026-08").content.decode()
    assert "1 amount uses your own rate." in text
    assert "1 amount uses an earlier day&#x27;s rate" in text or "1 amount uses an earlier day's rate" in text
    rate = Decimal(ecb.table()["2026-08-21"]["ILS"]) / Decimal(ecb.table()["2026-08-21"]["USD"])
    assert f'title="At the rate of Aug 21, 2026: 1 USD = {rate:.5f} ILS (ECB, published)"' in text


def test_html_in_titles_stays_text(client_alice, alice):
    make_expense(alice, "<script>alert(1)</script>", note='"><b>')
    text = client_alice.get("/expenses/?month=2026-08").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>" not in text.split('id="rows"')[1].split("</tbody>")[0]


def test_totals_follow_every_write(client_alice, alice):
    make_expense(alice, amount="10")
    assert "₪10.00" in total(client_alice.get("/expenses/?month=2026-08"))
    data = {"title": "x", "amount": "5", "currency": "ILS", "spent_on": "2026-08-01"}
    client_alice.post("/expenses/add/", data)
    assert "₪15.00" in total(client_alice.get("/expenses/?month=2026-08"))
    assert "₪15.00" in total(client_alice.get("/expenses/?month=all"))
    client_alice.post(f"/expenses/{Expense.objects.get(title='x').pk}/delete/")
    assert "₪10.00" in total(client_alice.get("/expenses/?month=2026-08"))
    assert "₪10.00" in total(client_alice.get("/expenses/?month=all"))


@pytest.mark.parametrize(
    "query",
    ["month=2026-08", "month=all", "month=all&q=t1&min=1&sort=-amount", "month=all&kind=moved", "needs_review=1"],
)
def test_the_cost_does_not_grow(client_alice, alice, count_db, count_cache, query):
    costs = []
    for size in (50, 400):
        rows = [
            {
                "title": f"t{n}",
                "amount": 1 + n,
                "currency": ("ILS", "USD", "EUR")[n % 3],
                "unsure": 0.3 if n % 2 else None,
                "category": ("food-drinks", "transfer", "cash")[n // 2 % 3],
                "kind_source": "model",
            }
            for n in range(size)
        ]
        make_expenses(alice, rows)
        client_alice.get(f"/expenses/?{query}")
        with count_db() as reads, count_cache() as calls:
            assert client_alice.get(f"/expenses/?{query}").status_code == 200
        assert len(reads) <= 3, reads.names
        assert len(calls) <= 3, calls.names
        costs.append((reads.names, calls.names))
    assert costs[0][0] == costs[1][0]


@pytest.mark.parametrize("source", ["model", "memory", "pair", "file"])
def test_the_cost_of_the_inbox_does_not_grow(client_alice, alice, count_db, source):
    costs = []
    for size in (50, 400):
        rows = [{"title": f"t{n}", "amount": 1 + n, "unsure": 0.3, "category": "transfer"} for n in range(size)]
        make_expenses(alice, [row | {"kind_source": source, "pair": ObjectId()} for row in rows])
        client_alice.get("/expenses/inbox/")
        with count_db() as reads:
            assert client_alice.get("/expenses/inbox/").status_code == 200
        assert len(reads) <= 6, reads.names
        costs.append(len(reads))
    assert costs[0] == costs[1]


@pytest.mark.slow
def test_fifty_thousand_feel_like_fifty(client_alice, alice, count_db):
    day = date(2020, 1, 1)
    rows = [{"title": f"t{n}", "amount": n % 97 + 1, "spent_on": day + timedelta(days=n)} for n in range(2_500)]
    make_expenses(alice, rows)
    multiply_expenses(alice, 20)
    client_alice.get("/expenses/?month=all")
    with count_db() as reads:
        response = client_alice.get("/expenses/?month=all")
    assert len(titles(response)) == PAGE_SIZE
    assert len(reads) <= 3, reads.names
    plan = (
        Expense.objects.filter(ledger_id=alice.pk, deleted_at__isnull=True)
        .order_by("-spent_on", "-id")[:PAGE_SIZE]
        .explain()
    )
    assert "expense_by_day" in plan


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "list"}])
def test_limits_the_wrong_way_round_are_said_with_and_without_htmx(client_alice, headers):
    text = client_alice.get("/expenses/?min=80&max=5", headers=headers).content.decode()
    assert "This is less than the minimum" in text.split('id="f-max-error"')[1].split("</ul>")[0]


def test_amounts_are_shown_in_another_currency_with_one_click(client_alice, alice):
    make_expense(alice, amount="10", currency="USD", spent_on=date(2024, 3, 5))
    page = client_alice.get("/expenses/?month=2024-03")
    links = {item["label"]: item["url"] for item in page.context["displays"]}
    assert list(links) == ["ILS", "USD"]
    shown = client_alice.get(links["USD"])
    assert shown.context["display"] == "USD"
    assert shown.context["total_text"] == "$10.00"
    assert "display=" not in links["ILS"]


def test_one_currency_offers_no_other(client_alice, alice):
    make_expense(alice, amount="10", currency="ILS", spent_on=date(2024, 3, 5))
    assert client_alice.get("/expenses/?month=2024-03").context["displays"] == []


def test_a_page_renders_few_nodes_of_templates(client_alice, alice, monkeypatch):
    """Menus are rendered once for all pages, and constants with the template."""
    make_expense(alice)
    client_alice.get("/expenses/?month=2026-08")
    make_expense(alice)  # so that the page isn't kept
    rendered = count_nodes(monkeypatch)
    assert client_alice.get("/expenses/?month=2026-08").status_code == 200
    assert 200 < len(rendered) <= 300, rendered


def test_the_blank_form_is_that_of_django(db):
    day, key = date(2026, 8, 20), "a" * 24
    initial = {"currency": "EUR", "spent_on": day, "entry_key": key}
    forms = blank_entry("EUR", day, key), ExpenseForm(home_currency="EUR", initial=initial)
    ours, django = (render_to_string("expenses/_quick_add.html", {"form": form}) for form in forms)
    assert 'value="2026-08-20"' in ours
    assert ours == django


def test_counts_of_thousands_have_separators(client_alice, alice):
    make_expense(alice)
    multiply_expenses(alice, 1_200)
    page = client_alice.get("/expenses/?month=2026-08")
    assert "1,200 expenses" in total(page)
    assert "All 1,200 matching expenses" in page.content.decode()
