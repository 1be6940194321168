"""The pages show what was spent, and beside it what was only moved or received."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId

from expenses.models import Expense
from expenses.tests.making import make_expense, make_expenses

MONTH = {"month": "2026-08"}
ENTRY = {"title": "Salary", "amount": "9000", "currency": "ILS", "spent_on": "2026-08-20"}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=2026-08"}


def text_of(response) -> str:
    """The visible text of a page, with single spaces."""
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(plain.split())


def chart_of(response) -> dict:
    found = re.search(r'<script id="chart-data"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)
    return json.loads(found[1])


@pytest.fixture
def august(alice):
    """A month of every kind, and the entries by their titles."""
    rows = [
        {"title": "Groceries", "amount": "400", "category": "food-drinks", "account": "Visa 4321"},
        {"title": "Refund", "amount": "-50", "category": "food-drinks"},
        {"title": "CREDIT CRD AUTOPAY", "amount": "800", "category": "transfer", "account": "Leumi"},
        {"title": "TO SAVINGS", "amount": "300", "category": "transfer", "account": "Leumi"},
        {"title": "ATM", "amount": "60", "category": "cash", "account": "Leumi"},
        {"title": "ACME PAYROLL", "amount": "-9400", "category": "salary", "account": "Leumi"},
        {"title": "Sofa", "amount": "4500", "category": "housing-bills", "one_off": True},
    ]
    return {entry.title: entry for entry in make_expenses(alice, rows)}


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ({"title": "salary 9000 in", "amount": ""}, "other-income"),
        ({"title": "משכורת 9000 נכנס", "amount": ""}, "other-income"),
        ({"kind": "received"}, "other-income"),
        ({"category": "salary"}, "salary"),
        ({"kind": "received", "category": "salary"}, "salary"),
        ({"kind": "received", "category": "food-drinks"}, "other-income"),
    ],
)
def test_income_is_typed_positive_and_stored_as_money_that_came_in(client_alice, alice, typed, category):
    assert client_alice.post("/expenses/add/", ENTRY | typed).status_code == 302
    stored = Expense.objects.get(ledger_id=alice.pk)
    assert (stored.amount, stored.kind, stored.category) == (Decimal(-9000), "received", category)
    assert stored.title in ("Salary", "salary", "משכורת")
    page = client_alice.get("/expenses/", MONTH)
    assert "+₪9,000.00" in text_of(page)
    assert 'data-amount="9000.00"' in page.content.decode()
    assert "₪9,000.00 received" in text_of(page)


def test_a_last_word_is_only_a_direction_after_an_amount(client_alice, alice):
    client_alice.post("/expenses/add/", ENTRY | {"title": "Drive in", "amount": "30"})
    assert Expense.objects.get(ledger_id=alice.pk).kind == "spent"


def test_an_unknown_kind_is_an_error_at_its_field(client_alice, alice):
    answer = client_alice.post("/expenses/add/", ENTRY | {"kind": "lost"})
    assert answer.status_code == 422
    assert 'id="id_kind_error"' in answer.content.decode()
    assert "kind" in answer.context["form"].errors
    assert not Expense.objects.exists()


def test_the_line_under_the_total_opens_what_was_left_out(client_alice, august):
    page = client_alice.get("/expenses/", MONTH)
    assert "₪4,850.00 3 expenses ₪1,160.00 moved, of which ₪60.00 cash , ₪9,400.00 received" in text_of(page)
    links = re.findall(r'href="([^"]*kind=[a-z]+)"', page.content.decode().replace("&amp;", "&"))
    moved, received = (client_alice.get(link) for link in links)
    assert "₪1,160.00 moved of which ₪60.00 cash" in text_of(moved)
    assert {"CREDIT CRD AUTOPAY", "TO SAVINGS", "ATM"} <= set(
        re.findall("CREDIT CRD AUTOPAY|TO SAVINGS|ATM|Sofa", text_of(moved))
    )
    assert "Sofa" not in text_of(moved)
    assert "₪9,400.00 received" in text_of(received)
    assert "Sofa" not in text_of(received)


def test_the_dashboard_has_the_same_total_and_line(client_alice, august):
    page = client_alice.get("/dashboard/", MONTH)
    assert chart_of(page)["total"] == "4850.00"
    assert "₪1,160.00 moved, of which ₪60.00 cash" in text_of(page)
    narrowed = client_alice.get("/dashboard/", MONTH | {"category": "food-drinks"})
    assert chart_of(narrowed)["total"] == "350.00"
    assert "moved" not in text_of(narrowed)


def test_cash_counts_when_it_is_withdrawn_and_back(client_alice, august):
    settings = "/accounts/settings/"
    for chosen, total, line in [
        ("withdrawn", "4910.00", "₪1,100.00 moved "),
        ("spent", "4850.00", "₪1,160.00 moved, of which ₪60.00 cash"),
    ]:
        assert client_alice.post(settings, {"section": "cash", "count_cash": chosen}).status_code == 302
        dashboard, listed = client_alice.get("/dashboard/", MONTH), client_alice.get("/expenses/", MONTH)
        assert chart_of(dashboard)["total"] == total
        assert line in text_of(dashboard)
        assert line in text_of(listed)
        assert f"₪{Decimal(total):,}" in text_of(listed)
        other = client_alice.get("/expenses/", MONTH | {"category": "other"})
        assert ("ATM" in text_of(other)) == (chosen == "withdrawn")
    assert Expense.objects.get(pk=august["ATM"].pk).kind == "moved"
    assert client_alice.post(settings, {"section": "cash", "count_cash": "never"}).status_code == 422


def test_the_cash_flow_by_month(client_alice, alice, august):
    make_expense(alice, "Bonus", "-1000", category="salary", spent_on=date(2026, 7, 3))
    make_expense(alice, "Interest", "-10", category="interest", spent_on=date(2026, 7, 4))
    make_expense(alice, "Rent", "1200", category="housing-bills", spent_on=date(2026, 7, 1))
    query = {"from": "2026-07", "to": "2026-08", "view": "cashflow"}
    page = client_alice.get("/dashboard/", query)
    chart = chart_of(page)
    assert (chart["view"], chart["months"]) == ("cashflow", ["2026-07", "2026-08"])
    assert {each["label"]: each["data"] for each in chart["datasets"]} == {
        "In": ["1010.00", "9400.00"],
        "Out": ["1200.00", "4850.00"],
        "Kept": ["-190.00", "4550.00"],
    }
    assert "Jul 2026 ₪1,010.00 ₪1,200.00 −₪190.00 -19%" in text_of(page).replace("−19", "-19")
    assert "You kept ₪4,360.00, 42% of what came in." in text_of(page)
    assert "Salary ₪10,400.00 2 Interest ₪10.00 1" in text_of(page)
    rows = client_alice.get("/dashboard/", query | {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1] == "2026-07,1010.00,1200.00,-190.00,1000.00,10.00,-18.8"


def test_without_income_the_cash_flow_says_how_to_add_it(client_alice, alice):
    make_expense(alice)
    assert "Add your income" in text_of(client_alice.get("/dashboard/", MONTH | {"view": "cashflow"}))
    empty = client_alice.get("/dashboard/", {"month": "2020-01", "view": "cashflow"})
    assert "No expenses in this period" in text_of(empty)


def test_a_one_off_expense_stays_in_totals_and_leaves_averages(client_alice, august):
    past = MONTH | {"month": "2026-08"}
    page = client_alice.get("/dashboard/", past)
    assert chart_of(page)["total"] == "4850.00"
    assert sum(Decimal(day) for day in chart_of(page)["trend"]["datasets"][0]["data"]) == 350
    assert "₪4,500.00 is one-off and left out of averages and comparisons. Include it" in text_of(page)
    included = client_alice.get("/dashboard/", past | {"one_off": "1"})
    assert sum(Decimal(day) for day in chart_of(included)["trend"]["datasets"][0]["data"]) == 4850
    assert "counts in averages and comparisons. Leave it out" in text_of(included)
    assert "One-off" in text_of(client_alice.get("/expenses/", past))


def test_a_comparison_keeps_one_off_expenses_apart(client_alice, alice, august):
    make_expense(alice, "Rent", "1200", category="housing-bills", spent_on=date(2026, 7, 1))
    query = {"from": "2026-07", "to": "2026-08", "view": "comparison"}
    chart = chart_of(client_alice.get("/dashboard/", query))
    assert {each["label"]: each["data"] for each in chart["datasets"]} == {
        "Food & Drinks": ["0.00", "350.00"],
        "Housing & Bills": ["1200.00", "0.00"],
        "One-off": ["0.00", "4500.00"],
    }
    assert (chart["total"], chart["narrowing"][-1]) == ("6050.00", "&one_off=only")
    included = chart_of(client_alice.get("/dashboard/", query | {"one_off": "1"}))
    assert [each["label"] for each in included["datasets"]] == ["Food & Drinks", "Housing & Bills"]
    assert included["total"] == "6050.00"
    rows = client_alice.get("/dashboard/", query | {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[-1] == "Total,350.00,1200.00,4500.00,6050.00"


def test_entries_are_found_and_sorted_by_account(client_alice, august):
    found = client_alice.get("/expenses/", MONTH | {"account": "Visa 4321"})
    assert "₪400.00 1 expense" in text_of(found)
    order = re.findall(
        r'id="t[0-9a-f]+" dir="auto">([^<]+)<',
        client_alice.get("/expenses/", MONTH | {"sort": "-account"}).content.decode(),
    )
    assert order[0] == "Groceries"
    assert set(order[1:5]) == {"CREDIT CRD AUTOPAY", "TO SAVINGS", "ATM", "ACME PAYROLL"}


def test_an_edit_keeps_the_sign_and_the_switch(client_alice, august):
    salary = august["ACME PAYROLL"]
    url = f"/expenses/{salary.pk}/edit/"
    assert client_alice.get(url).context["form"]["amount"].value() == "9400.00"
    client_alice.post(url, {"title": "Payroll", "account": "Leumi 12"})
    saved = Expense.objects.get(pk=salary.pk)
    assert (saved.title, saved.amount, saved.kind, saved.account) == ("Payroll", -9400, "received", "Leumi 12")
    sofa = f"/expenses/{august['Sofa'].pk}/edit/"
    client_alice.post(sofa, {"note": "blue"})
    assert Expense.objects.get(pk=august["Sofa"].pk).one_off
    client_alice.post(sofa, {"one_off": ""})
    assert not Expense.objects.get(pk=august["Sofa"].pk).one_off
    client_alice.post(sofa, {"kind": "moved"})
    assert Expense.objects.get(pk=august["Sofa"].pk).category == "transfer"


def test_the_edit_page_names_who_chose_the_kind(client_alice, alice):
    paid = make_expense(alice, "AUTOPAY", "800", unsure=0.9, category="transfer", kind_source="file")
    assert "Moved, chosen by the file." in text_of(client_alice.get(f"/expenses/{paid.pk}/edit/"))


def test_a_statement_knows_which_way_money_went(client_alice, alice):
    paid = make_expense(alice, "Zelle to John", "25", category="other", import_batch=ObjectId())
    got = make_expense(alice, "Zelle from John", "-25", category="gift", import_batch=ObjectId())
    answer = client_alice.post(f"/expenses/{paid.pk}/category/", {"kind": "received"}, headers=HTMX)
    assert answer.status_code == 422
    assert "left your account" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    edited = client_alice.post(f"/expenses/{paid.pk}/edit/", {"category": "salary"})
    assert "left your account" in edited.context["form"].errors["category"][0]
    assert Expense.objects.get(pk=paid.pk).kind == "spent"
    client_alice.post(f"/expenses/{got.pk}/edit/", {"category": "food-drinks"})
    assert Expense.objects.get(pk=got.pk).amount == -25


def test_the_inbox_answers_with_a_kind(client_alice, alice):
    asked = make_expense(alice, "ATM 60", "60", unsure=0.4, category="other", alternatives="cash,transportation")
    page = client_alice.get("/expenses/inbox/")
    assert [(slug, key) for slug, _name, key in page.context["kinds"]] == [("cash", "m"), ("other-income", "r")]
    answer = client_alice.post("/expenses/inbox/review/", {"id": str(asked.pk), "category": "cash"}, headers=HTMX)
    assert "All caught up" in text_of(answer)
    assert Expense.objects.get(pk=asked.pk).kind == "moved"
    client_alice.post("/expenses/inbox/undo/", {"undo": answer.context["undo"]})
    assert Expense.objects.get(pk=asked.pk).kind == "spent"


def test_the_inbox_says_why_an_entry_is_moved(client_alice, alice, real_model):
    make_expense(alice, "CREDIT CRD AUTOPAY", "800", unsure=0.6, category="transfer", kind_source="model")
    text = text_of(client_alice.get("/expenses/inbox/"))
    assert "Is this Between own accounts? FinBrain is 60% sure." in text
    assert re.search("because of “(autopay|crd|credit)”", text)
    listed = client_alice.get("/expenses/", MONTH).content.decode()
    assert re.search(r'title="Change category \(because of “(autopay|crd|credit)”\)"', listed)


def test_the_inbox_and_the_list_ask_whether_it_was_spent_at_all(client_alice, alice):
    decided = {"kind_source": "model", "kind_confidence": 0.5}
    make_expense(alice, "ZELLE TO ANNA", "45", unsure=0.5, category="other", alternatives="leisure-gifts", **decided)
    page = client_alice.get("/expenses/inbox/")
    assert "Did you spend this? FinBrain is 50% sure." in text_of(page)
    assert [key for _slug, _name, key in page.context["kinds"]] == ["m", "r"]
    [row] = client_alice.get("/expenses/", MONTH).context["rows"]
    assert [slug for slug, _name in row["alternatives"]] == ["transfer", "leisure-gifts"]


@pytest.mark.parametrize(("batch", "offered"), [(ObjectId(), ["other"]), (None, ["other", "other-income"])])
def test_the_list_offers_income_only_for_what_may_be_income(client_alice, alice, batch, offered):
    asked = {"unsure": 0.5, "category": "transfer", "alternatives": "other,other-income"}
    make_expense(alice, "M1 FINANCE", "145", import_batch=batch, **asked)
    [row] = client_alice.get("/expenses/", MONTH).context["rows"]
    assert [slug for slug, _name in row["alternatives"]] == offered


@pytest.mark.parametrize(
    ("source", "why"), [("file", "because the file says so"), ("pair", "its other half is in another account")]
)
def test_the_list_says_what_else_decided(client_alice, alice, source, why):
    make_expense(alice, "AUTOPAY", "800", unsure=0.9, category="transfer", kind_source=source)
    assert why in client_alice.get("/expenses/", MONTH).content.decode()


@pytest.mark.parametrize(("category", "kind", "amount"), [("cash", "moved", "60"), ("salary", "received", "-900")])
def test_amounts_without_a_rate_are_not_left_out_silently(client_alice, alice, category, kind, amount):
    old, month = date(2008, 3, 3), {"month": "2008-03"}  # the ECB has quoted the shekel since 2011
    make_expense(alice, "Home", amount, category=category, spent_on=old)
    make_expense(alice, "Abroad", amount, currency="EUR", category=category, spent_on=old)
    said = f"1 {kind} amount left out: no rate"
    assert said in text_of(client_alice.get("/expenses/", month))
    assert said in text_of(client_alice.get("/dashboard/", month))
    assert said in text_of(client_alice.get("/expenses/", month | {"kind": kind}))
    assert said not in text_of(client_alice.get("/expenses/", month | {"kind": "spent"}))


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_bulk_change_says_what_it_left_and_why(client_alice, alice, headers):
    came = make_expense(alice, "ACME", "-900", category="other", import_batch=ObjectId())
    paid = [make_expense(alice, f"Shop {n}", "25", category="other", import_batch=ObjectId()) for n in range(5)]
    chosen = {"ids": [str(entry.pk) for entry in (came, *paid)], "action": "category", "category": "salary"}
    answer = client_alice.post("/expenses/several/", chosen, headers=headers, follow=True)
    text = text_of(answer)
    assert "1 expense is now in Salary" in text
    assert re.search("Not changed: “.*Shop 0.*”, “.*Shop 1.*”, “.*Shop 2.*” and 2 more.", text)
    assert "left your account" in text
    assert ("several-problem" in answer.content.decode()) == bool(headers)
    assert Expense.objects.filter(kind="received").count() == 1


def test_several_entries_get_a_kind_at_once(client_alice, august):
    chosen = {"ids": [str(august[name].pk) for name in ("Groceries", "Sofa")], "action": "category"}
    client_alice.post("/expenses/several/", chosen | {"category": "transfer"})
    assert {august_entry.kind for august_entry in Expense.objects.filter(title__in=["Groceries", "Sofa"])} == {"moved"}


def test_what_is_typed_as_income_is_suggested_as_such(client_alice, alice):
    answer = client_alice.get("/expenses/suggest/", {"title": "salary 9000 in"})
    assert "Received" in text_of(answer)
