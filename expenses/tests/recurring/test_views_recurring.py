"""The page with what comes again, and what a person does there."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from expenses.listing.rows import signed_text
from expenses.models import Expense, Series
from expenses.recurring.cycles import Cycle, day_after
from expenses.recurring.refreshing import find_series, refresh
from expenses.tests.making import make_expenses

PAGE = "/expenses/recurring/"
FIELDS = {
    "name": "Rent",
    "category": "housing-bills",
    "cycle": "monthly",
    "low": "1,200.50",
    "currency": "EUR",
}


def days_until(last: date, count: int, cycle: Cycle = Cycle.MONTHLY) -> list[date]:
    return [day_after(last, cycle, -n) for n in reversed(range(count))]


def make(owner, title="Blue Lamp", count=10, ago=10, amounts=("9.90",), **values) -> list[Expense]:
    days = days_until(timezone.localdate() - timedelta(days=ago), count)
    each = [*amounts] if len(amounts) == count else [*amounts] * count
    rows = [{"title": title, "amount": a, "spent_on": d, **values} for d, a in zip(days, each, strict=True)]
    return make_expenses(owner, rows)


def look(client):
    assert client.post(f"{PAGE}look/").status_code == 302
    return client.get(PAGE)


def test_the_first_visit_looks_for_series(client_alice, alice):
    make(alice)
    assert "Nothing here yet" in client_alice.get(PAGE).content.decode()
    page = client_alice.get(PAGE)
    [proposal] = page.context["proposals"]
    assert (proposal["name"], proposal["count"], proposal["range"]) == ("Blue Lamp", 10, "₪9.90")
    assert "Nothing here yet" not in page.content.decode()


def test_keep_and_dismiss_with_one_key(client_alice, alice):
    make(alice)
    make(alice, "Red Sofa", amounts=("40",))
    page = look(client_alice).content.decode()
    assert page.count('data-key="k"') == page.count('data-key="d"') == page.count('data-key="e"') == 1
    first, second = Series.objects.order_by("name")
    client_alice.post(f"{PAGE}{first.pk}/state/", {"state": "kept"})
    client_alice.post(f"{PAGE}{second.pk}/state/", {"state": "dismissed"})
    page = look(client_alice)
    assert [each["name"] for each in page.context["kept"]] == ["Blue Lamp"]
    assert "Red Sofa" not in "".join(each["name"] for each in page.context["proposals"])
    assert client_alice.get(f"{PAGE}{second.pk}/").status_code == 404


@pytest.mark.parametrize("state", ["proposed", "kept", "paused"])
def test_dismissing_is_undone_with_the_state_before(client_alice, alice, state):
    make(alice)
    look(client_alice)
    if state != "proposed":
        client_alice.post(f"{PAGE}{Series.objects.get().pk}/state/", {"state": state})
    before = Series.objects.get()
    answer = client_alice.post(f"{PAGE}{before.pk}/state/", {"state": "dismissed"}, follow=True)
    *_, said = answer.context["messages"]
    assert client_alice.get(PAGE).context["dismissed"][0]["name"] == "Blue Lamp"
    client_alice.post(said.extra_tags)
    after = Series.objects.get()
    assert (after.state, after.confidence) == (state, before.confidence)
    client_alice.post(f"{PAGE}{after.pk}/state/", {"state": "paused"})
    client_alice.post(said.extra_tags)
    assert Series.objects.get().state == "paused", "an undo of something older"


def test_a_dismissed_series_can_be_kept_later_with_what_came_since(client_alice, alice):
    days = [each.spent_on for each in make(alice, ago=40)]
    look(client_alice)
    key = Series.objects.get().pk
    client_alice.post(f"{PAGE}{key}/state/", {"state": "dismissed"})
    make_expenses(alice, [{"title": "Blue Lamp", "amount": "9.90", "spent_on": day_after(days[-1], Cycle.MONTHLY, 1)}])
    assert "Dismissed series" in client_alice.get(PAGE).content.decode()
    client_alice.post(f"{PAGE}{key}/restore/")
    kept = Series.objects.get()
    assert (kept.pk, kept.state, kept.confidence, len(kept.entries)) == (key, "kept", None, 11)
    assert "Dismissed series" not in client_alice.get(PAGE).content.decode()


@pytest.mark.parametrize("state", ["", "proposed", "x"])
def test_an_unknown_state_changes_nothing(client_alice, alice, state):
    make(alice)
    look(client_alice)
    key = Series.objects.get().pk
    client_alice.post(f"{PAGE}{key}/state/", {"state": state})
    assert Series.objects.get().state == "proposed"


def test_somebody_elses_series_does_not_exist(client_bob, alice):
    make(alice)
    refresh(alice.pk, timezone.localdate())
    key = Series.objects.get().pk
    for path, data in (("", FIELDS), ("state/", {"state": "kept"}), ("paid/", {}), ("restore/", {})):
        assert client_bob.post(f"{PAGE}{key}/{path}", data).status_code == 404
    assert client_bob.get(f"{PAGE}x/").status_code == 404
    assert Series.objects.get().state == "proposed"


def test_a_series_by_hand_with_no_entry_and_its_payment(client_alice, alice):
    today = timezone.localdate()
    due = today - timedelta(days=4)
    answer = client_alice.post(f"{PAGE}new/", FIELDS | {"next_on": due.isoformat(), "notice_days": "30"})
    assert answer.status_code == 302
    made = Series.objects.get()
    assert (made.state, made.low, made.high, made.confidence) == ("kept", Decimal("1200.5"), Decimal("1200.5"), None)
    page = client_alice.get(PAGE)
    assert any("4 days late" in each.text for each in page.context["findings"])
    assert not Expense.objects.exists(), "what is due is never made up"
    for _ in range(2):
        client_alice.post(f"{PAGE}{made.pk}/paid/", {"due": due.isoformat()})
    paid = Expense.objects.get()
    assert (paid.title, paid.amount, paid.currency, paid.spent_on) == ("Rent", Decimal("1200.5"), "EUR", due)
    assert paid.category == "housing-bills"
    [row] = find_series(alice.pk)
    assert [entry[0] for entry in row["entries"]] == [str(paid.pk)]
    assert row["next_on"].date() == day_after(due, Cycle.MONTHLY)
    assert not client_alice.get(PAGE).context["due"]


def test_what_is_due_today_can_be_paid(client_alice, alice):
    today = timezone.localdate()
    client_alice.post(f"{PAGE}new/", FIELDS | {"next_on": today.isoformat()})
    page = client_alice.get(PAGE).content.decode()
    assert "Due today" in page
    assert "0 days late" not in page
    client_alice.post(f"{PAGE}{Series.objects.get().pk}/paid/", {"due": today.isoformat()})
    assert Expense.objects.get().spent_on == today


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"low": "x"}, "low"),
        ({"low": ""}, "low"),
        ({"low": "-15"}, "low"),
        ({"low": "-15", "category": "salary"}, "low"),
        ({"high": "-1,300"}, "high"),
        ({"high": "3"}, "high"),
        ({"category": "transfer"}, "category"),
        ({"cycle": "daily"}, "cycle"),
        ({"next_on": "soon"}, "next_on"),
        ({"notice_days": "-1"}, "notice_days"),
        ({"payments": "0"}, "payments"),
    ],
)
def test_a_form_that_cannot_be_used_stays_with_its_error(client_alice, changes, field):
    answer = client_alice.post(f"{PAGE}new/", FIELDS | {"next_on": "2026-12-01"} | changes)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Series.objects.exists()


def test_a_correction_keeps_the_proposal_and_its_entries(client_alice, alice):
    make(alice)
    look(client_alice)
    key = Series.objects.get().pk
    shown = client_alice.get(f"{PAGE}{key}/")
    assert shown.context["form"]["low"].value() == "9.90"
    fields = {"name": "Lamp club", "low": "9.90", "currency": "ILS", "next_on": "2027-01-05"}
    assert client_alice.post(f"{PAGE}{key}/", FIELDS | fields).status_code == 302
    corrected = Series.objects.get()
    assert (corrected.state, corrected.name, len(corrected.entries)) == ("kept", "Lamp club", 10)
    refresh(alice.pk, timezone.localdate())
    assert Series.objects.get().name == "Lamp club"


def test_detach(client_alice, alice):
    made = make(alice)
    look(client_alice)
    key = Series.objects.get().pk
    client_alice.post(f"{PAGE}{key}/detach/", {"id": str(made[0].pk)})
    assert len(Series.objects.get().entries) == 9
    assert client_alice.post(f"{PAGE}{key}/detach/", {"id": "x"}).status_code == 404


def texts(page) -> list[str]:
    return [each.text.replace("\u2068", "").replace("\u2069", "") for each in page.context["findings"]]


def test_what_is_worth_a_look(client_alice, alice):
    make(alice, "Netflix", 13, amounts=("10",) * 10 + ("12",) * 3)
    make(alice, "Disney Plus", 8, amounts=("30",))
    make(alice, "Gym Fit", 12, ago=75, amounts=("50",))
    said = texts(look(client_alice))
    assert "Netflix rose 20%." in said
    assert any(text.startswith("Two or more services for video streaming: ") for text in said)
    assert any(text.startswith("Nothing from Gym Fit since") for text in said)


def test_a_price_that_only_the_exchange_rate_changed(client_alice, alice):
    later = (timezone.localdate() - timedelta(days=100)).isoformat()
    alice.own_rates = [["2020-01-01", "USD", "3.5", "ILS", "USD"], [later, "USD", "3.85", "ILS", "USD"]]
    alice.save()
    make(alice, "Tidal", 13, currency="USD")
    assert texts(look(client_alice)) == ["Tidal rose 10% because of the exchange rate."]


@pytest.mark.parametrize(
    ("after", "text"),
    [
        ("3.7", "Tidal rose 16%: 10% price, 6% exchange rate."),
        ("3.5", "Tidal rose 10%."),
        ("3", "Tidal fell 6%: 10% price, −16% exchange rate."),
    ],
)
def test_a_foreign_price_says_what_is_the_exchange_rate(client_alice, alice, after, text):
    later = (timezone.localdate() - timedelta(days=100)).isoformat()
    alice.own_rates = [["2020-01-01", "USD", "3.5", "ILS", "USD"], [later, "USD", after, "ILS", "USD"]]
    alice.save()
    make(alice, "Tidal", 13, amounts=("10",) * 8 + ("11",) * 5, currency="USD")
    assert texts(look(client_alice)) == [text]


def test_charged_twice(client_alice, alice):
    made = make(alice)
    look(client_alice)
    client_alice.post(
        "/expenses/add/",
        {"title": "Blue Lamp", "amount": "9.90", "currency": "ILS", "spent_on": made[-1].spent_on + timedelta(days=1)},
    )
    assert any("Blue Lamp was charged twice" in text for text in texts(client_alice.get(PAGE)))


@pytest.mark.parametrize(("amount", "after", "is_twice"), [("9.90", 1, True), ("9.90", 16, False), ("4", 1, False)])
def test_what_was_charged_twice_before_the_first_look(client_alice, alice, amount, after, is_twice):
    made = make(alice)
    due = made[-1].spent_on
    make_expenses(alice, [{"title": "Blue Lamp", "amount": amount, "spent_on": due + timedelta(days=after)}])
    assert any("charged twice" in text for text in texts(look(client_alice))) == is_twice
    found = Series.objects.get()
    assert (found.next_on, len(found.entries)) == (day_after(due, Cycle.MONTHLY), 10 + is_twice)
    refresh(alice.pk, timezone.localdate())
    assert Series.objects.get().entries == found.entries


def test_costs_by_category_in_the_home_currency(client_alice, alice):
    make(alice, amounts=("100",), category="housing-bills")
    make(alice, "Payroll", amounts=("-9000",), category="salary")
    page = look(client_alice)
    [row] = page.context["costs"]["rows"]
    assert (row["category"].slug, row["monthly"], row["yearly"]) == ("housing-bills", "₪100.00", "₪1,200.00")
    assert page.context["incomes"]["monthly"] == "₪9,000.00"


BILLS = [f"{amount}" for amount in (300, 384, 351, 290, 240, 212, 260, 310, 330, 295, 270, 262)]


@pytest.mark.parametrize(
    ("amounts", "monthly", "yearly", "due"),
    [
        (BILLS, "₪292.00", "₪3,504.00", "₪260.00 – ₪330.00"),
        (["9.90"] * 12, "₪9.90", "₪118.80", "₪9.90"),
        (["10"] * 11 + ["12"], "₪12.00", "₪144.00", "₪12.00"),
        ([str(100 + n) for n in range(12)], "₪111.00", "₪1,332.00", "₪111.00"),
        (["10"] * 5 + ["20"] + ["10"] * 5 + ["12"], "₪12.00", "₪144.00", "₪12.00"),
    ],
)
def test_bills_that_vary_cost_their_mean_and_other_prices_the_last_one(
    client_alice, alice, amounts, monthly, yearly, due
):
    make(alice, "Iron Grid", 12, amounts=amounts, category="housing-bills")
    page = look(client_alice)
    [row] = page.context["costs"]["rows"]
    assert (row["monthly"], row["yearly"]) == (monthly, yearly)
    assert {each["amount"] for week in page.context["weeks"] for day in week["days"] for each in day["due"]} == {due}


def test_the_next_weeks(client_alice, alice):
    make(alice, ago=20)
    weeks = look(client_alice).context["weeks"]
    due = [(each["day"], due["name"]) for week in weeks for each in week["days"] for due in each["due"]]
    assert due[0] == (Series.objects.get().next_on, "Blue Lamp")
    assert len(weeks) == 6


def test_series_that_end(client_alice, alice):
    make(alice, ago=20)
    look(client_alice)
    Series.objects.update(payments=11, state="kept")
    weeks = client_alice.get(PAGE).context["weeks"]
    assert sum(week["count"] for week in weeks) == 1
    Series.objects.update(payments=10)
    assert [each["state"] for each in client_alice.get(PAGE).context["resting"]] == ["ended"]


def test_the_page_in_hebrew(client_alice, alice):
    make(alice)
    make(alice, "Payroll", amounts=("-9000",), category="salary")
    alice.language = "he"
    alice.save()
    weeks = look(client_alice).context["weeks"]
    with translation.override("he"):
        page = client_alice.get(PAGE).content.decode()
    due = {each["amount"] for week in weeks for day in week["days"] for each in day["due"]}
    assert signed_text(Decimal(9000), "ILS", "received", "he") in due
    assert 'dir="rtl"' in page
    assert "מה חוזר" in page


def test_the_page_takes_few_round_trips(client_alice, alice, count_db, count_cache):
    for number in range(12):
        make(alice, f"Lamp{chr(97 + number)} club", 9, ago=number, amounts=(str(number + 5),), currency="USD")
    look(client_alice)
    client_alice.get(PAGE)
    with count_db() as calls, count_cache() as cached:
        page = client_alice.get(PAGE)
    assert page.content.decode().count('value="dismissed"') == 12
    assert len(calls) <= 3, calls.names
    assert len(cached) <= 3, cached.names
