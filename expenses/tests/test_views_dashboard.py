"""The dashboard page."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django_redis import get_redis_connection

from classifier.categories import ALL_CATEGORIES, CATEGORIES, kind_of
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.months import add_months, month_range, month_text
from expenses.people.ledger_settings import personal_ledger
from expenses.sums import loading_figures, loading_sums
from expenses.tests.making import make_expenses, multiply_expenses
from expenses.tests.nodes import count_nodes
from expenses.tests.spending import SPRING, Spent, by_category

NAMES = {str(category.name): slug for slug, category in CATEGORIES.items()}


def chart_of(response) -> dict:
    return json.loads(
        re.search(r'id="chart-data" type="application/json">(.*?)</script>', response.content.decode())[1]
    )


def text_of(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def breakdown_of(response) -> dict[str, Decimal]:
    chart = chart_of(response)
    (dataset,) = chart["datasets"]
    return {NAMES[label]: Decimal(value) for label, value in zip(chart["labels"], dataset["data"], strict=True)}


def spend(owner, amount="10.00", day=date(2024, 3, 9), category="other", currency="ILS", title="Lunch", **more):
    new = NewExpense(title, Decimal(amount), currency, day, category=category, **more)
    return add_expense(personal_ledger(owner), new).expense


@pytest.fixture
def spring(alice):
    for item in SPRING:
        item.add(alice)
    return alice


def test_who_is_not_signed_in_signs_in_first(client):
    response = client.get("/dashboard/?month=2024-03")
    assert response.status_code == 302
    assert "/accounts/login/" in response.url


def test_it_is_the_home_page_of_who_is_signed_in(client_alice, spring):
    assert chart_of(client_alice.get("/?month=2024-03"))["months"] == ["2024-03"]


def test_breakdown_holds_to_the_contract(client_alice, alice):
    spend(alice, "58.00", category="transportation")
    spend(alice, "212.40", category="food-drinks")
    spend(alice, "10.10", category="food-drinks")
    response = client_alice.get("/dashboard/?month=2024-03")
    chart = chart_of(response)
    assert chart["view"] == "breakdown"
    assert chart["currency"] == "ILS"
    assert chart["months"] == ["2024-03"]
    assert chart["labels"] == ["Food & Drinks", "Transportation"]
    assert [dataset["data"] for dataset in chart["datasets"]] == [["222.50", "58.00"]]
    assert chart["total"] == "280.50"
    assert chart["excluded"] == 0
    for text in ("₪222.50", "79%", "₪58.00", "₪280.50"):
        assert text in text_of(response)


@pytest.mark.parametrize("currency", ["ILS", "USD", "JPY"])
@pytest.mark.parametrize("months", [[3], [4], [3, 5], [3, 4, 5]])
def test_both_views_agree_with_the_expenses(client_alice, spring, currency, months):
    query = "&".join(f"month=2024-{month:02}" for month in months)
    response = client_alice.get(f"/dashboard/?{query}&currency={currency}")
    expected = by_category(SPRING, currency, {(2024, month) for month in months})
    assert breakdown_of(response) == expected
    assert Decimal(chart_of(response)["total"]) == sum(expected.values())

    chart = chart_of(client_alice.get(f"/dashboard/?{query}&currency={currency}&view=comparison"))
    assert chart["months"] == [f"2024-{month:02}" for month in months]
    assert len(chart["labels"]) == len(months)
    for place, month in enumerate(months):
        cells = {NAMES[row["label"]]: Decimal(row["data"][place]) for row in chart["datasets"]}
        assert {slug: value for slug, value in cells.items() if value} == by_category(SPRING, currency, {(2024, month)})
    assert Decimal(chart["total"]) == sum(Decimal(value) for row in chart["datasets"] for value in row["data"])


@pytest.mark.parametrize("view", ["breakdown", "comparison"])
def test_charts_have_the_colours_of_their_categories(client_alice, spring, view):
    chart = chart_of(client_alice.get(f"/dashboard/?month=2024-03&month=2024-04&view={view}"))
    assert chart["categories"]
    assert chart["palette"] == [CATEGORIES[slug].palette for slug in chart["categories"]]
    assert chart["narrowed"] is None

    chart = chart_of(client_alice.get(f"/dashboard/?month=2024-03&category=transportation&view={view}"))
    assert chart["narrowed"] == CATEGORIES["transportation"].palette


def test_chosen_categories_alone_are_shown(client_alice, spring):
    chart = chart_of(client_alice.get("/dashboard/?month=2024-03&category=food-drinks&category=transportation"))
    assert [NAMES[label] for label in chart["labels"]] == ["food-drinks", "transportation"]


def test_a_stranger_sees_nothing_of_it(client_bob, spring):
    response = client_bob.get("/dashboard/?month=2024-03")
    assert chart_of(response)["datasets"] == []
    assert "No expenses in this period" in text_of(response)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("month=2026-13", "“2026-13” isn't a month"),
        ("month=9999-12", "“9999-12” isn't a month"),
        ("month=0000-00", "isn't a month"),
        ("month=%00", "isn't a month"),
        ("from=x&to=y", "“x” isn't a month"),
        ("from=1999-01&to=2031-01", "Showing only the last 24 months"),
        ("&".join(f"month=20{n:02}-01" for n in range(30)), "Showing only the last 24 months"),
        ("month=" + "9" * 10_000, "isn't a month"),
        ("currency=XXX", "FinBrain converts currencies, not XXX."),
        ("currency=%3Cscript%3E", "doesn't know the currency"),
        ("category=nope", "no category “nope”"),
        ("category=%F0%9F%8D%95", "no category “🍕”"),
        ("view=pie", "That view doesn't exist"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_message(client_alice, spring, query, message):
    response = client_alice.get(f"/dashboard/?{query}")
    assert response.status_code == 200
    assert message in text_of(response)
    assert b"<script>" not in response.content
    assert chart_of(response)["currency"] == "ILS"


def test_money_that_waits_for_review_is_told_and_leads_to_the_inbox(client_alice, alice):
    expense = spend(alice, "170.00")
    Expense.objects.filter(pk=expense.pk).update(reviewed=False, confidence=0.3)
    touch_months(alice.pk, [expense.spent_on])
    response = client_alice.get("/dashboard/?month=2024-03")
    assert "₪170.00 of this is unsure" in text_of(response)
    assert b'href="/expenses/inbox/"' in response.content


def test_amounts_without_a_rate_are_left_out_and_counted(client_alice, alice):
    spend(alice, "10.00", date(2008, 3, 3), currency="EUR")
    spend(alice, "20.00", date(2008, 3, 3))
    response = client_alice.get("/dashboard/?month=2008-03")  # the ECB has quoted the shekel since 2011
    assert chart_of(response)["excluded"] == 1
    assert chart_of(response)["total"] == "20.00"
    assert "1 amount in EUR is left out: there is no rate from EUR to ILS" in text_of(response)


def test_rates_of_an_earlier_day_are_told(client_alice, alice):
    spend(alice, "10.00", date(2024, 3, 9), currency="USD")
    assert "1 amount uses an earlier day's rate" in text_of(client_alice.get("/dashboard/?month=2024-03"))


def test_an_own_rate_wins(client_alice, alice):
    spend(alice, "10.00", currency="USD", own_rate=Decimal("4.5"), own_rate_currency="ILS")
    assert chart_of(client_alice.get("/dashboard/?month=2024-03"))["total"] == "45.00"


def test_a_month_of_refunds_is_no_error(client_alice, alice):
    spend(alice, "-10.00")
    for query in ("", "&view=comparison"):
        response = client_alice.get(f"/dashboard/?month=2024-03{query}")
        assert chart_of(response)["total"] == "-10.00"


@pytest.mark.parametrize(("language", "sign"), [("en", "−"), ("he", "\u200e−")])
def test_signs_are_on_the_same_side_everywhere(client_alice, alice, language, sign):
    spend(alice, "9800")
    spend(alice, "-9313", date(2024, 3, 12))
    spend(alice, "-400", date(2024, 3, 10), category="salary")
    headers = {"accept-language": language}
    page = client_alice.get("/dashboard/?month=2024-03", headers=headers).content.decode()
    assert re.findall(r'heat-short"[^>]*>(.*?)<', page) == ["9,800", f"{sign}9,313"]
    flow = client_alice.get("/dashboard/?month=2024-03&view=cashflow", headers=headers)
    assert f"{sign}22%" in text_of(flow)


def test_titles_cannot_break_out_of_the_page(client_alice, alice):
    for _ in range(2):
        spend(alice, title="</script><script>alert(1)</script>")
    response = client_alice.get("/dashboard/?month=2024-03")
    assert b"<script>alert" not in response.content
    assert "</script><script>alert(1)</script>" in text_of(response)


def test_the_change_against_the_month_before_and_what_the_rates_did(client_alice, spring):
    text = text_of(client_alice.get("/dashboard/?month=2024-04&category=leisure-gifts"))
    before, now = (item.value("ILS") for item in SPRING if item.title == "Netflix")
    difference = round(now, 2) - round(before, 2)
    assert f"On Leisure & Gifts, you spent ₪{abs(difference)} (" in text
    # the same amount of dollars in both months, so the rate explains the whole change
    assert f"{'more' if difference > 0 else 'less'} than in March 2024: exchange rates (" in text
    plain = text_of(client_alice.get("/dashboard/?month=2024-04&category=housing-bills"))
    assert "Exactly the same as in March 2024" in plain
    assert "exchange rates (" not in plain


def test_food_of_three_months_against_the_three_before_is_two_clicks_and_one_sentence(client_alice, alice):
    """Both clicks are links of the page."""
    this = timezone.localdate().replace(day=1)
    for back, amounts in ((0, ["20"]), (1, ["20", "20"]), (3, ["10"]), (5, ["10"]), (6, ["999"])):
        for amount in amounts:
            spend(alice, amount, add_months(this, -back), "food-drinks", title="Market")
    spend(alice, "500", this, "other")
    page = client_alice.get("/dashboard/").content.decode()
    for label in ("3 months", "Food &amp; Drinks"):
        links = re.findall(r'<a\s[^>]*class="pill[^"]*"[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
        (url,) = (unescape(url) for url, text in links if label in text)
        response = client_alice.get(url)
        page = response.content.decode()
    answer = re.search(r'id="answer">(.*?)</p>', page)[1]
    assert re.match(r"On Food & Drinks, you spent ₪40\.00 \(200%\) more than (by the same day )?in ", unescape(answer))
    assert "₪10.00 more per expense on average (+\u2060₪30.00), 1 more expense (+\u2060₪10.00)." in answer
    assert "Market 3×, before 2× +\u2060₪40.00" in text_of(response)


@pytest.mark.parametrize(
    ("against", "title", "answer"),
    [
        (
            "",
            "Mar – Apr 2024 compared with Jan – Feb 2024",
            "₪30.00 (60%) less than in Jan – Feb 2024, mostly on Other",
        ),
        ("&against=year", "compared with Mar – Apr 2023", "₪15.00 (300%) more than in Mar – Apr 2023, mostly on Other"),
        (
            "&against_from=2024-02&against_to=2024-02",
            "compared with February 2024",
            "₪20.00 (50%) less than in February",
        ),
        ("&against_from=2022-02", "compared with February 2022", "No expenses in February 2022 to compare with."),
        ("&against_from=2024-13", "compared with Jan – Feb 2024", "“2024-13” isn't a month"),
        ("&against=decade", "compared with Jan – Feb 2024", "less than in Jan – Feb 2024"),
    ],
)
def test_a_period_is_compared_with_the_one_before_a_year_ago_or_another(client_alice, alice, against, title, answer):
    for amount, month in (("20", 4), ("10", 1), ("40", 2)):
        spend(alice, amount, date(2024, month, 5))
    spend(alice, "5", date(2023, 4, 5))
    text = text_of(client_alice.get(f"/dashboard/?from=2024-03&to=2024-04{against}"))
    assert title in text
    assert answer in text


def test_a_change_links_to_the_period_that_has_the_expenses(client_alice, alice):
    spend(alice, "478.60", date(2024, 2, 5), "leisure-gifts", title="Running shoes")
    spend(alice, "99", date(2024, 2, 5), title="Sofa", one_off=True)
    spend(alice, "20", date(2024, 2, 5), title="Market")
    spend(alice, "30", date(2024, 3, 5), title="Market")
    change = client_alice.get("/dashboard/?month=2024-03").context["comparing"]["change"]
    assert {row["title"]: row["url"] for row in change["merchants"]} == {
        "Running shoes": "/expenses/?month=2024-02&kind=spent&merchant=Running+shoes",
        "Sofa": "/expenses/?month=2024-02&kind=spent&merchant=Sofa",
        "Market": "/expenses/?month=2024-03&kind=spent&merchant=Market",
    }
    assert {row["slug"]: row["url"] for row in change["rows"]} == {
        "leisure-gifts": "/expenses/?month=2024-02&category=leisure-gifts&kind=spent&one_off=without",
        "one-off": "/expenses/?month=2024-02&kind=spent&one_off=only",
        "other": "/expenses/?month=2024-03&category=other&kind=spent&one_off=without",
    }


def test_more_than_a_year_is_compared_only_on_demand(client_alice, alice):
    spend(alice, "5", date(2022, 4, 5))
    spend(alice, "7", date(2024, 4, 5))
    assert "less than in" not in text_of(client_alice.get("/dashboard/?from=2023-05&to=2024-05"))
    text = text_of(client_alice.get("/dashboard/?from=2023-05&to=2024-05&against=before"))
    assert "₪2.00 (40%) more than in Apr 2022 – Apr 2023" in text


def test_a_category_alone_shows_its_merchants(client_alice, alice):
    for title, amount in (("Wolt", "30"), ("Wolt", "12.40"), ("Market", "20"), ("Café", "0.60")):
        spend(alice, amount, category="food-drinks", title=title)
    spend(alice, "99", category="other", title="Lamp")
    url = "/dashboard/?month=2024-03&category=food-drinks"
    response = client_alice.get(url)
    chart = chart_of(response)
    assert list(zip(chart["labels"], chart["datasets"][0]["data"], strict=True)) == [
        ("Wolt", "42.40"),
        ("Market", "20.00"),
        ("Café", "0.60"),
    ]
    assert chart["links"][0] == "/expenses/?month=2024-03&category=food-drinks&kind=spent&merchant=Wolt"
    text = text_of(response)
    assert "Inside Food & Drinks" in text
    assert "Most went to Wolt: ₪42.40 of ₪63.00, 67%." in text
    rows = list(csv.reader(io.StringIO(client_alice.get(f"{url}&format=csv").content.decode("utf-8-sig"))))
    assert rows[0][0] == "Merchant"
    assert rows[1] == ["Wolt", "42.40", "67.3", "2", ""]
    assert rows[-1] == ["Total", "63.00", "", "4", "0.00"]


@pytest.mark.parametrize(
    ("refund", "said"),
    [
        ("-9.00", "Most went to Other: ₪10.00. Refunds reduce the total to ₪1.00."),
        ("-10.00", "Most went to Other: ₪10.00. Refunds reduce the total to ₪0.00."),
        ("-999999.00", "Most went to Other: ₪10.00. Refunds reduce the total to −₪999,989.00."),
    ],
)
def test_the_largest_is_no_share_of_a_total_after_refunds(client_alice, alice, refund, said):
    spend(alice, "10.00")
    spend(alice, refund, category="food-drinks")
    assert said in text_of(client_alice.get("/dashboard/?month=2024-03"))
    in_hebrew = client_alice.get("/dashboard/?month=2024-03", headers={"accept-language": "he"})
    assert "החזרים מקטינים את הסכום הכולל ל־" in text_of(in_hebrew)


def test_the_merchants_beyond_the_first_are_one_row(client_alice, alice):
    for number in range(1, 12):
        spend(alice, f"{number}.00", category="food-drinks", title=f"Place {chr(64 + number) * 3}")
    chart = chart_of(client_alice.get("/dashboard/?month=2024-03&category=food-drinks"))
    assert chart["labels"][-1] == "Other merchants"
    assert chart["datasets"][0]["data"][-1] == "6.00"
    assert chart["total"] == "66.00"


def test_months_without_entries_are_not_drawn(client_alice, alice):
    for month in (5, 6, 8):
        spend(alice, day=date(2024, month, 2))
    for view in ("breakdown", "comparison", "cashflow"):
        response = client_alice.get(f"/dashboard/?from=2023-01&to=2024-12&view={view}")
        chart = chart_of(response)
        drawn = chart["labels"] if view != "breakdown" else chart["trend"]["labels"]
        assert drawn == ["May 2024", "Jun 2024", "Jul 2024", "Aug 2024"]
        calendars = re.findall(r"<caption>(.*?)</caption>", response.content.decode())
        assert calendars == ([] if view == "cashflow" else ["May 2024", "June 2024", "August 2024"])
    assert "21 months without spending are not shown." in text_of(
        client_alice.get("/dashboard/?from=2023-01&to=2024-12")
    )


def test_the_main_table_as_csv(client_alice, spring):
    response = client_alice.get("/dashboard/?month=2024-03&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Category", "Spent (ILS)", "Share (%)", "Expenses", "Unsure amount (ILS)"]
    expected = by_category(SPRING, "ILS", {(2024, 3)})
    assert {NAMES[row[0]]: Decimal(row[1]) for row in rows[1:-1]} == expected
    assert rows[-1] == ["Total", str(sum(expected.values())), "", "6", "0.00"]
    response = client_alice.get("/dashboard/?from=2024-03&to=2024-05&view=comparison&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Month", "2024-03", "2024-04", "2024-05", "Total"]
    assert all(Decimal(row[-1]) == sum(map(Decimal, row[1:-1])) for row in rows[1:])
    for column in list(zip(*rows, strict=True))[1:]:
        assert Decimal(column[-1]) == sum(map(Decimal, column[1:-1]))


def test_a_csv_tells_what_is_unsure(client_alice, alice):
    make_expenses(alice, [{"amount": "170", "unsure": 0.3}, {"amount": "30"}, {"amount": "9", "category": "other"}])
    response = client_alice.get("/dashboard/?month=2026-08&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]
    assert [row[-1] for row in rows] == ["170.00", "0.00", "170.00"]
    empty = client_alice.get("/dashboard/?month=2020-08&format=csv").content.decode("utf-8-sig").splitlines()
    assert empty[1:] == ["Total,0,,0,0"]


def test_a_new_expense_shows_at_once(client_alice, alice):
    for number in range(1, 4):
        spend(alice, "10.00")
        assert chart_of(client_alice.get("/dashboard/?month=2024-03"))["total"] == f"{number}0.00"


def test_something_else_in_the_cache_breaks_nothing(client_alice, spring):
    before = client_alice.get("/dashboard/?month=2024-03")
    client = get_redis_connection("default")
    (key,) = client.keys("*:page:*")
    client.set(key, b"something else")
    assert chart_of(client_alice.get("/dashboard/?month=2024-03")) == chart_of(before)


def test_another_display_currency_or_language_is_another_page(client_alice, spring):
    assert "₪" in text_of(client_alice.get("/dashboard/?month=2024-03"))
    assert chart_of(client_alice.get("/dashboard/?month=2024-03&currency=EUR"))["currency"] == "EUR"
    in_hebrew = client_alice.get("/dashboard/?month=2024-03", headers={"accept-language": "he"})
    assert 'lang="he"' in in_hebrew.content.decode()
    assert "מרץ 2024" in text_of(in_hebrew)


TWO_YEARS = month_range(date(2023, 1, 1), date(2024, 12, 1))


@pytest.fixture
def made_up(alice):
    """Store expenses without the services, as an import does."""

    def store(count):
        days = [month.replace(day=1 + n % 28) for n in range(28) for month in TWO_YEARS]
        at_once = min(count, 2_000)
        Expense.objects.bulk_create([made_up_expense(alice, n, days[n % len(days)]) for n in range(at_once)])
        multiply_expenses(alice, count // at_once)
        touch_months(alice.pk, days)

    return store


def made_up_expense(owner, n, day):
    category = list(ALL_CATEGORIES)[n % len(ALL_CATEGORIES)]
    return Expense(
        ledger_id=owner.pk,
        title=f"Place {n % 40}",
        amount=Decimal(n % 997 + 1),
        currency=("ILS", "USD", "EUR", "GBP", "CHF")[n % 5],
        spent_on=day,
        category=category,
        kind=kind_of(category),
        category_source="person",
        reviewed=True,
        order_value=Decimal(n % 997 + 1),
    )


# One month, half a year and the half before, 24 months, and cash flow.
QUERIES = (
    "month=2024-12",
    "from=2024-07&to=2024-12",
    "from=2023-01&to=2024-12",
    "from=2023-01&to=2024-12&view=cashflow",
)


@pytest.mark.parametrize("count", [50, 100, pytest.param(50_000, marks=pytest.mark.slow)])
def test_round_trips(client_alice, alice, made_up, count_db, count_cache, monkeypatch, count):
    """One month or 24, 50 expenses or 50,000, in five currencies: the round trips are the same."""
    made_up(count)
    summed = []
    original = loading_sums.sum_months
    monkeypatch.setattr(
        loading_sums, "sum_months", lambda o, months, *t: summed.append(list(months)) or original(o, months, *t)
    )
    for query in QUERIES:
        url = f"/dashboard/?{query}"
        client_alice.get(url)
        with count_db() as database, count_cache() as cached:
            warm = client_alice.get(url)
        assert len(database) <= 3, database.names
        assert not any("expenses_expense" in name for name in database.names)
        assert len(cached) <= 3, cached.names

        summed.clear()
        spend(alice, "1.00", date(2024, 12, 31))
        with count_db() as database:
            after = client_alice.get(url)
        assert summed == [[date(2024, 12, 1)]]
        of_the_month_and_waiting = ["aggregate expenses_expense"] * 2
        assert [name for name in database.names if "expenses_expense" in name] == of_the_month_and_waiting
        more = -1 if "cashflow" in query else 1  # what is spent isn't kept
        assert Decimal(chart_of(after)["total"]) == Decimal(chart_of(warm)["total"]) + more


def test_cold_pages_sum_a_year_at_once(client_alice, made_up, count_db, count_cache):
    """Five currencies cost no round trip more than one, and no rate is read by itself."""
    made_up(200)
    client_alice.get("/dashboard/?from=2023-01&to=2024-12")
    cache.delete_pattern("*")
    loading_figures.forget_figures()
    with count_db() as database, count_cache() as cached:
        client_alice.get("/dashboard/?from=2023-01&to=2024-12")
    two_years_and_waiting = [name for name in database.names if "expenses_expense" in name]
    assert len(two_years_and_waiting) == 3
    assert len(database) <= 7, database.names
    assert len(cached) <= 12, cached.names


def test_this_month_is_the_default_and_an_empty_one_says_so(client_alice, alice):
    today = timezone.localdate()
    response = client_alice.get("/dashboard/")
    assert chart_of(response)["months"] == [month_text(today)]
    assert "No expenses in this period" in text_of(response)
    spend(alice, day=add_months(today.replace(day=1), -1))
    assert chart_of(client_alice.get("/dashboard/"))["total"] == "0"
    Spent("5.00", "ILS", today, "other").add(alice)
    assert chart_of(client_alice.get("/dashboard/"))["total"] == "5.00"


def test_a_month_that_isnt_over_is_neither_the_lowest_nor_in_an_average(client_alice, alice):
    this = timezone.localdate().replace(day=1)
    before, first = add_months(this, -1), add_months(this, -2)

    def page() -> str:
        return text_of(client_alice.get(f"/dashboard/?from={month_text(first)}&to={month_text(this)}&view=comparison"))

    spend(alice, "1", this)
    assert "Only " in page()
    assert "The average appears here as soon as one of these months is over." in page()
    assert "Per month" not in page()
    spend(alice, "30", before)
    assert "The highest and the lowest month appear here as soon as two of these months are over." in page()
    assert "₪30.00 a month on average" in page()
    spend(alice, "10", first)
    names = (date_format(month, "F Y") for month in (before, first))
    assert "The highest month was {} with ₪30.00, the lowest {} with ₪10.00.".format(*names) in page()


def test_averages_start_at_the_first_expense(client_alice, alice):
    spend(alice, "310.00", date(2024, 5, 2))
    spend(alice, "300.00", date(2024, 6, 3))
    text = text_of(client_alice.get("/dashboard/?from=2024-01&to=2024-06&view=comparison"))
    assert "Per month ₪305.00 Per day ₪10.00 " in text  # 61 days
    assert "The highest month was May 2024 with ₪310.00, the lowest June 2024 with ₪300.00." in text
    assert "₪305.00 a month on average" in text
    assert "59 no-spend days" in text
    text = text_of(client_alice.get("/dashboard/?from=2024-01&to=2024-05&view=comparison"))
    assert "Only May 2024 has expenses" in text


@pytest.mark.parametrize(
    ("amounts", "typical"),
    [(("125.90", "800.80"), "463.35"), (("1", "2", "30"), "2.00"), (("1", "2", "3", "40"), "2.50")],
)
def test_a_typical_spending_day_is_the_median(client_alice, alice, amounts, typical):
    for number, amount in enumerate(amounts, 1):
        spend(alice, amount, date(2024, 3, number))
    assert f"On a typical spending day you spend ₪{typical}." in text_of(client_alice.get("/dashboard/?month=2024-03"))


def test_titles_run_in_their_own_direction(client_alice, alice):
    """A long title then loses its end, not its beginning, on a page of the other direction."""
    for _ in range(2):
        spend(alice, title="Lunch")
    page = client_alice.get("/dashboard/?month=2024-03").content.decode()
    assert len(re.findall(r'<a class="two-lines" href="[^"]+" dir="auto">Lunch</a>', page)) == 3


def test_the_list_of_currencies_offers_the_others(client_alice, spring):
    page = client_alice.get("/dashboard/?month=2024-03&currency=EUR").content.decode()
    choices = re.search(r'<select id="currency".*?</select>', page, re.DOTALL)[0]
    assert '<option value="EUR" selected>Other…</option>' in choices
    offered = set(re.findall(r"<option>(\w+)", choices))
    assert "CHF" in offered
    assert not offered & {"ILS", "EUR"}


def test_every_negative_amount_has_a_true_minus(client_alice, alice):
    spend(alice, "-12000.00", category="other")
    spend(alice, "-1234.50", currency="USD", category="leisure-gifts")
    spend(alice, "40.00", currency="USD", category="leisure-gifts", title="Refunded")
    spend(alice, "-50.00", currency="USD", category="leisure-gifts", title="Refunded")
    text = text_of(client_alice.get("/dashboard/?month=2024-03"))
    assert "−$10.00" in text
    assert "−₪12,000.00" in text
    assert not re.search(r"-[₪$€]?\d[\d,.]*k?\b(?!-)", re.sub(r"\{.*\}|\d{4}-\d\d(-\d\d)?", "", text))


def test_amounts_of_places_say_that_they_are_as_entered(client_alice, alice):
    for _ in range(2):
        spend(alice, "5.00", title="Here")
        spend(alice, "6.00", currency="USD", title="There")
    text = text_of(client_alice.get("/dashboard/?month=2024-03"))
    assert "There $12.00 · as entered" in text
    assert "Here ₪10.00 2×" in text


def test_a_change_carries_its_sign_where_the_language_puts_it(client_alice, alice):
    spend(alice, "10.00", date(2024, 3, 9))
    spend(alice, "15.10", date(2024, 4, 9))
    assert "+\u2060₪5.10" in text_of(client_alice.get("/dashboard/?month=2024-04"))
    in_hebrew = client_alice.get("/dashboard/?month=2024-04", headers={"accept-language": "he"})
    assert "\u200f\u200e+\u20605.10" in text_of(in_hebrew)


@pytest.mark.parametrize(("first", "limit"), [("2024-03", 400), ("2023-04", 440)])
def test_a_full_dashboard_renders_few_nodes_of_templates(client_alice, alice, monkeypatch, first, limit):
    """Every row costs some, so days, months, weekdays and menus are rendered as a whole."""
    rows = [
        {
            "title": f"Shop {place}",
            "spent_on": date(2022 + at // 12, at % 12 + 1, day),
            "category": slug,
            "amount": place + 1,
        }
        for at in range(27)
        for place, slug in enumerate(CATEGORIES)
        for day in range(1 + place, 29, 7)
    ]
    make_expenses(alice, rows)
    client_alice.get("/dashboard/?month=2024-02")  # so that the templates are loaded
    rendered = count_nodes(monkeypatch)
    response = client_alice.get(f"/dashboard/?from={first}&to=2024-03")
    assert response.status_code == 200
    assert len(rendered) <= limit, len(rendered)
