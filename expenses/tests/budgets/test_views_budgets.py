"""The pages of budgets and goals, through requests."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from expenses.budgets.names import list_url
from expenses.budgets.spending import BudgetSpending
from expenses.emails.budget_line import budget_line
from expenses.emails.weekly import weekly_section
from expenses.models import Expense, Series
from expenses.models.budgets import MOST, Amount, BudgetPlan
from expenses.models.stored_budgets import read_plan
from expenses.months import add_months, month_of
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.month_tokens import all_tokens
from expenses.tests.budgets.made import budget, plan, stand
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.past_the_orm import collection

PAGE = "/expenses/budgets/"
FIELDS = {"scope": "food-drinks", "amount": "1,400", "currency": "ILS", "per": "month", "rollover": "none"}


def this_month() -> date:
    return month_of(timezone.localdate())


@pytest.fixture
def noon(monkeypatch):
    """The twentieth of June, in every module that asks for the day."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 6, 20))
    return date(2026, 6, 20)


def months_of(owner, amounts, until, **values) -> None:
    """An expense on the 10th of each of the months before `until`, the latest last."""
    rows = [
        {"title": "Market", "amount": amount, "category": "food-drinks", **values}
        | {"spent_on": add_months(month_of(until), n - len(amounts)).replace(day=10)}
        for n, amount in enumerate(amounts)
    ]
    make_expenses(owner, rows)


def plan_of(owner) -> BudgetPlan:
    owner.refresh_from_db()
    return personal_ledger(owner).plan


def send(client, **changes):
    return client.post(f"{PAGE}new/", FIELDS | {"starts_on": this_month().isoformat()} | changes)


def test_without_a_budget_no_page_mentions_them(client_alice, alice):
    make_expense(alice, spent_on=timezone.localdate())
    for url in ("/dashboard/", "/expenses/", "/expenses/recurring/", "/expenses/inbox/"):
        assert "udget" not in client_alice.get(url).content.decode().replace("budgets.css", ""), url
    assert f'href="{PAGE}"' in client_alice.get("/accounts/settings/").content.decode()


def test_add_change_delete_and_restore(client_alice, alice):
    assert send(client_alice, note="$5 a day", rollover="both").status_code == 302
    [mine] = plan_of(alice).live
    assert (mine.scope, mine.latest.amount, mine.note, mine.rollover) == ("food-drinks", 1400, "$5 a day", "both")
    assert "1400.00" in client_alice.get(f"{PAGE}{mine.id}/").content.decode()
    client_alice.post(f"{PAGE}{mine.id}/delete/")
    assert plan_of(alice).live == ()
    assert client_alice.get(f"{PAGE}{mine.id}/").status_code == 404
    client_alice.post(f"{PAGE}{mine.id}/restore/")
    assert plan_of(alice).live == (mine,)
    client_alice.post(f"{PAGE}{mine.id}/delete/")
    send(client_alice)
    said = client_alice.post(f"{PAGE}{mine.id}/restore/", follow=True).content.decode()
    assert "You already have a budget for this" in said
    assert mine not in plan_of(alice).live


@pytest.mark.parametrize(
    ("field", "changes", "said"),
    [
        ("amount", {"amount": "0"}, ""),
        ("amount", {"amount": "-5"}, "Enter an amount above zero."),
        ("amount", {"amount": ""}, "Enter an amount."),
        ("amount", {"amount": "much"}, ""),
        ("ends_on", {"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "can’t be before|can't be before"),
        ("starts_on", {"starts_on": "1980-01-01"}, "The date must be between"),
        ("starts_on", {"starts_on": "tomorrow"}, "That isn't a date"),
        ("every", {"per": "day"}, "Enter a number from 1 to 31."),
        ("every", {"per": "day", "every": "32"}, "Enter a number from 1 to 31."),
        ("every", {"per": "weeks", "every": "0"}, "Enter a number from 1 to 26."),
        ("scope", {"scope": "salary"}, ""),
        ("per", {"per": "decade"}, ""),
    ],
)
def test_wrong_input_gets_its_message_at_the_field(client_alice, alice, field, changes, said):
    page = send(client_alice, **changes)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert any(part in str(page.context["form"].errors[field]).replace("&#x27;", "'") for part in said.split("|"))
    text = page.content.decode()
    assert all(
        f'value="{value}"' in text
        for name, value in changes.items()
        if value and name in ("amount", "starts_on", "ends_on", "every")
    )
    assert f'aria-describedby="id_{field}_error' in text or f'id="id_{field}_error"' in text
    assert plan_of(alice).live == ()


def test_two_budgets_of_one_scope_and_period(client_alice, alice):
    send(client_alice, starts_on="2026-01-01", ends_on="2026-03-31")
    assert send(client_alice, starts_on="2026-04-01").status_code == 302
    page = send(client_alice, starts_on="2026-05-01")
    assert "You already have a budget for this" in str(page.context["form"].errors["scope"])
    assert send(client_alice, per="week").status_code == send(client_alice, scope="other").status_code == 302
    first, _later, weekly, _other = plan_of(alice).live
    for budget_id, field in ((first.id, "starts_on"), (weekly.id, "scope")):
        again = FIELDS | {"starts_on": "2026-01-01", "applies": "now"}
        page = client_alice.post(f"{PAGE}{budget_id}/", again)
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_a_changed_period_has_one_amount_and_a_changed_category_keeps_its_amounts(client_alice, alice):
    start = add_months(this_month(), -2)
    amounts = (Amount(start, Decimal(100), "ILS"), Amount(add_months(start, 1), Decimal(120), "ILS"))
    plan(alice, budget("food-drinks", starts_on=start, amounts=amounts, id="mine"))
    sent = FIELDS | {"starts_on": start.isoformat(), "applies": "now", "amount": "120"}
    assert 'value="food-drinks" selected' in client_alice.get(f"{PAGE}mine/").content.decode()
    for changes, kept in (
        ({"scope": "other"}, amounts),
        ({"scope": "other", "per": "day", "every": "1"}, amounts),
        ({"scope": "other", "per": "week", "amount": "30"}, (Amount(start, Decimal(30), "ILS"),)),
    ):
        client_alice.post(f"{PAGE}mine/", sent | changes)
        [mine] = plan_of(alice).live
        assert (mine.scope, mine.per, mine.amounts) == ("other", changes.get("per", "month"), kept)


@pytest.mark.parametrize(("chosen", "day"), [("mon", 25), ("sun", 24), ("sat", 23)])
def test_weekly_budgets_begin_on_the_first_day_of_the_week(client_alice, alice, monkeypatch, chosen, day):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 5, 28))
    User.objects.filter(pk=alice.pk).update(week_start=chosen)
    make_expenses(alice, [{"amount": f"{2**n}", "spent_on": date(2026, 5, 22 + n)} for n in range(7)])
    plan(alice, budget(per="week", starts_on=date(2026, 5, 1)))
    [shown] = client_alice.get(PAGE).context["budgets"]
    assert shown["period"].startswith(f"May {day} – May {day + 6}")
    assert shown["spent"] == f"₪{sum(2**n for n in range(day - 22, 7))}.00"


def test_a_changed_amount_leaves_earlier_periods_as_they_were(client_alice, alice):
    start = add_months(this_month(), -3)
    send(client_alice, starts_on=start.isoformat())
    [mine] = plan_of(alice).live
    changed = FIELDS | {"amount": "900", "starts_on": start.isoformat()}
    client_alice.post(f"{PAGE}{mine.id}/", changed | {"applies": "now"})
    [standing] = stand(alice, timezone.localdate())
    assert [each.amount for each in standing.periods] == [1400, 1400, 1400, 900]
    client_alice.post(f"{PAGE}{mine.id}/", changed | {"amount": "1000", "applies": "next"})
    assert [each.amount for each in plan_of(alice).live[0].amounts] == [1400, 900, 1000]
    client_alice.post(f"{PAGE}{mine.id}/", changed | {"amount": "700", "applies": "always"})
    assert [each.amount for each in stand(alice, timezone.localdate())[0].periods] == [700] * 4


def test_proposals_from_the_median_of_ones_own_months(client_alice, alice, noon):
    months_of(alice, ["1180", "1290.40", "1310", "1330", "1420", "1200"], noon)
    months_of(alice, ["5000"], noon, one_off=True)
    make_expense(alice, "Once", "80", category="other", spent_on=noon)
    proposals = {each["scope"]: each for each in client_alice.get(PAGE).context["proposals"]}
    assert set(proposals) == {"all", "food-drinks"}
    assert proposals["food-drinks"]["amount"] == "₪1,300.00"
    assert proposals["food-drinks"]["reason"] == "your last 6 months: ₪1,180.00 to ₪1,420.00"
    [said] = client_alice.post(f"{PAGE}accept/", follow=True).context["messages"]
    assert len(plan_of(alice).live) == 2
    [undone] = client_alice.post(said.extra_tags, follow=True).context["messages"]
    assert (str(undone), plan_of(alice).live) == ("Deleted 2 budgets", ())
    client_alice.post(f"{PAGE}accept/", {"scope": "food-drinks"})
    assert [(each.scope, each.latest) for each in plan_of(alice).live] == [
        ("food-drinks", Amount(date(2026, 6, 1), Decimal(1300), "ILS"))
    ]
    client_alice.post(f"{PAGE}accept/")
    client_alice.post(f"{PAGE}accept/")
    assert [each.scope for each in plan_of(alice).live] == ["food-drinks", "all"]


def test_two_months_are_too_few_for_proposals(client_alice, alice, noon):
    months_of(alice, ["100", "200"], noon)
    page = client_alice.get(PAGE)
    assert page.context["proposals"] == []
    assert "After three months" in page.content.decode()


def series_of(owner, entries, next_on, **values) -> Series:
    stored = [[str(each.pk), each.spent_on.isoformat(), f"{each.amount:f}", each.currency] for each in entries]
    amount = {"low": Decimal(99), "high": Decimal(99), "currency": "ILS"}
    about = {"name": "Internet", "category": "food-drinks", "state": "kept", "next_on": next_on, **amount}
    return Series.objects.create(ledger_id=owner.pk, entries=stored, **about | values)


def test_pace_is_that_of_ones_own_earlier_periods_and_of_what_is_due(client_alice, alice, noon):
    """Four months: 600 by the 10th, 99 for the internet on the 25th, and 300 on the 28th. Now it is the 20th."""
    months_of(alice, ["600"] * 4, noon)
    paid = []
    for n in range(1, 5):
        month = add_months(date(2026, 6, 1), -n)
        row = {"category": "food-drinks", "title": "Internet", "amount": "99", "spent_on": month.replace(day=25)}
        feast = row | {"title": "Feast", "amount": "300", "spent_on": month.replace(day=28)}
        paid += make_expenses(alice, [row, feast])[:1]
    rent = make_expense(alice, "Rent", "500", category="food-drinks", spent_on=date(2026, 6, 2))
    make_expense(alice, "Market", "40", category="food-drinks", spent_on=noon, unsure=0.2)
    make_expense(alice, "Sofa", "70", category="food-drinks", spent_on=noon, one_off=True)
    series_of(alice, sorted(paid, key=lambda each: each.spent_on), date(2026, 6, 25))
    series_of(alice, [rent], date(2026, 7, 2), name="Rent", low=Decimal(500), high=Decimal(500))
    plan(alice, budget("food-drinks", amount="1400", starts_on=date(2026, 6, 1)))
    [shown] = client_alice.get(PAGE).context["budgets"]
    assert shown["headline"] == "₪790.00 left, Rent already paid; at this pace ₪1,009.00 of ₪1,400.00."
    assert shown["details"] == [
        "You usually spend ₪600.00 by this point. This time it's ₪610.00.",
        "₪99.00 is still due: Internet.",
        "₪70.00 of what you spent is one-off.",
        "₪40.00 of what you spent is unsure.",
    ]
    assert (shown["bar"]["sure"], shown["bar"]["spent"], shown["bar"]["limit"]) == ("40.7", "43.6", "100.0")


def test_a_pace_that_expects_no_more_is_not_said(client_alice, alice, noon):
    """Everything is spent by the 10th, and the bar's own line has the amount."""
    months_of(alice, ["600"] * 4, noon)
    make_expense(alice, "Market", "600", category="food-drinks", spent_on=date(2026, 6, 10))
    plan(
        alice,
        *(budget("food-drinks", id=amount, amount=amount, starts_on=date(2026, 6, 1)) for amount in ("400", "1400")),
    )
    shown = client_alice.get(PAGE).context["budgets"]
    assert sorted(each["headline"] for each in shown) == ["₪200.00 over.", "₪800.00 left."]


def test_the_part_of_exchange_rates_is_named(client_alice, alice, noon):
    make_expense(alice, "Hotel", "100", currency="USD", spent_on=date(2026, 6, 15))
    plan(alice, budget(starts_on=date(2026, 6, 1)))
    alice.refresh_from_db()
    [standing] = stand(alice, noon)
    [shown] = client_alice.get(PAGE).context["budgets"]
    moved = abs(standing.pace.rates)
    assert moved
    assert any(f"₪{moved}" in each and "xchange rates that changed since" in each for each in shown["details"])


def test_the_dashboard_has_bars_with_the_current_month_only(client_alice, alice):
    plan(alice, budget(starts_on=this_month()))
    make_expense(alice, spent_on=timezone.localdate())
    page = client_alice.get("/dashboard/").content.decode()
    assert 'class="card dash-budgets"' in page
    assert "₪58.00 of ₪1,000.00" in " ".join(page.split())
    before = add_months(this_month(), -1)
    assert "dash-budgets" not in client_alice.get(f"/dashboard/?month={before:%Y-%m}").content.decode()


def test_drill_down_to_the_entries_of_a_payday_period(client_alice, alice):
    rows = [
        ("Before", date(2026, 3, 24)),
        ("First", date(2026, 3, 25)),
        ("Last", date(2026, 4, 24)),
        ("After", date(2026, 4, 25)),
    ]
    make_expenses(alice, [{"title": title, "amount": "10", "spent_on": day} for title, day in rows])
    plan(alice, budget(per="day", every=25, starts_on=date(2026, 3, 25)))
    [standing] = stand(alice, date(2026, 4, 10))
    page = client_alice.get(list_url("all", standing.periods[-1], "ILS")).content.decode()
    assert ("First" in page, "Last" in page, "Before" in page, "After" in page) == (True, True, False, False)
    assert "Mar 25, 2026 – Apr 24, 2026" in page


def test_a_merge_moves_budgets_along_and_undo_moves_them_back(client_alice, alice):
    client_alice.post(
        "/accounts/settings/categories/", {"name": "Coffee", "base": "food-drinks", "icon": "cup", "palette": "9"}
    )
    alice.refresh_from_db()
    [coffee] = personal_ledger(alice).categories.own_of("food-drinks")
    make_expense(alice, "Espresso", "9", category=coffee, spent_on=timezone.localdate())
    make_expense(alice, "Bar", "30", category="leisure-gifts", spent_on=timezone.localdate())
    send(client_alice, scope=coffee)
    url = f"/accounts/settings/categories/{coffee}/"
    said = client_alice.post(f"{url}merge/", {"into": "leisure-gifts"}, follow=True).content.decode()
    assert "Its budget now counts Leisure" in said
    [shown] = client_alice.get(PAGE).context["budgets"]
    assert (shown["name"], shown["spent"]) == ("Leisure & Gifts", "₪39.00")
    [mine] = plan_of(alice).live
    client_alice.post(f"{PAGE}{mine.id}/", FIELDS | {"scope": "leisure-gifts", "starts_on": this_month().isoformat()})
    assert "Its budget is back." in client_alice.post(f"{url}restore/", follow=True).content.decode()
    [shown] = client_alice.get(PAGE).context["budgets"]
    assert (shown["name"], shown["spent"]) == ("Coffee", "₪9.00")
    send(client_alice, scope="leisure-gifts")
    said = client_alice.post(f"{url}merge/", {"into": "leisure-gifts"}, follow=True).content.decode()
    assert "two budgets for the same period" in said


def test_the_email_says_once_that_a_budget_will_be_exceeded(client_alice, alice):
    make_expense(alice, "Feast", "120", category="food-drinks", spent_on=date(2026, 6, 2))
    make_expense(alice, "Feast", "130", category="food-drinks", spent_on=date(2026, 7, 2))
    fine = budget("transportation", starts_on=date(2026, 6, 1), id="a")
    plan(alice, budget("food-drinks", amount="100", starts_on=date(2026, 6, 1), id="b"), fine)

    def line(today: date) -> str:
        alice.refresh_from_db()
        return budget_line(personal_ledger(alice), all_tokens(alice.pk), today)

    said = "Budgets: Food & Drinks has exceeded its budget: ₪120.00 of ₪100.00"
    assert line(date(2026, 6, 9)) == said
    assert line(date(2026, 6, 10)) == said  # the first one couldn't be sent
    assert line(date(2026, 6, 16)) == line(date(2026, 6, 23)) == ""
    assert "130.00 of ₪100.00" in line(date(2026, 7, 7))
    plan(alice)
    assert line(date(2026, 7, 7)) == ""


def test_the_weekly_email_has_the_line(alice):
    make_expense(alice, "Feast", "120", category="food-drinks", spent_on=date(2026, 6, 2))
    plan(alice, budget("food-drinks", amount="100", starts_on=date(2026, 6, 1)))
    monday = date(2026, 6, 8)
    for day, lines in ((monday, 1), (monday + timedelta(days=7), 0)):
        alice.refresh_from_db()
        found = weekly_section(alice, day)
        sentences = found.context["insights"] if found else []
        assert sum("has exceeded its budget" in sentence for sentence in sentences) == lines


def test_the_email_says_what_will_be_exceeded_at_this_pace(client_alice, alice):
    for month in (3, 4, 5):
        days = [date(2026, month, 5), date(2026, month, 25)]
        make_expenses(alice, [{"amount": "60", "spent_on": day} for day in days])
    make_expense(alice, "Taxi", "70", spent_on=date(2026, 6, 5))
    plan(alice, budget(amount="100", starts_on=date(2026, 6, 1)))
    alice.refresh_from_db()
    line = budget_line(personal_ledger(alice), all_tokens(alice.pk), date(2026, 6, 10))
    assert line == "Budgets: Everything will probably exceed its budget: ₪130.00 of ₪100.00"


def test_forty_budgets_over_24_periods(client_alice, alice, count_db, count_cache):
    start = add_months(this_month(), -24)
    months_of(alice, ["50"] * 24, this_month())
    months_of(alice, ["10"] * 24, this_month(), currency="USD")
    codes, pers = ("ILS", "USD", "EUR", "GBP"), ("month", "quarter", "day", "weeks", "working-day")
    scopes = ("all", "food-drinks")
    every = [(code, per, scope) for code in codes for per in pers for scope in scopes]
    about = {"rollover": "both", "starts_on": start, "every": 5}
    plan(alice, *(budget(s, p, currency=c, id=f"{c}{p}{s}", **about) for c, p, s in every))
    alice.refresh_from_db()
    for most_cached in (5, 3):  # at first the sums and rates are loaded and kept
        with count_db() as calls, count_cache() as cached:
            found = stand(alice, timezone.localdate())
        assert len(found) == 40
        assert len(calls) <= 6, calls.names  # person, tokens, series; at first also stored sums, sums of two years
        assert len(cached) <= most_cached, cached.names
    assert len(calls) <= 3, calls.names
    client_alice.get(PAGE)
    for url in (PAGE, "/dashboard/"):
        client_alice.get(url)
        with count_db() as calls, count_cache() as cached:
            client_alice.get(url)
        assert len(calls) <= 3, calls.names
        assert len(cached) <= 3, cached.names


def test_a_thousand_weeks_cost_the_sums_of_those_shown_and_spent(client_alice, alice, monkeypatch):
    """A budget adds up only periods with spending, and without rollover only those on the page."""
    spent = {"7": date(2026, 1, 10), "3": date(2026, 5, 9)}
    make_expenses(alice, [{"amount": amount, "spent_on": day} for amount, day in spent.items()])
    first = {"starts_on": date(1999, 1, 4), "amount": "10", "per": "week"}
    kinds = ("none", "surplus", "both")
    plan(alice, *(budget(id=each, rollover=each, **first) for each in kinds))
    added, total = [], BudgetSpending.total
    monkeypatch.setattr(BudgetSpending, "total", lambda *args: added.append(args) or total(*args))
    weeks = (date(2026, 5, 30) - date(1999, 1, 4)).days // 7
    by_kind = dict(zip(kinds, stand(alice, date(2026, 5, 30)), strict=True))
    assert len(added) <= 12 + 2 * 22
    assert [each.periods[-1].carried for each in by_kind.values()] == [0, weeks * 10 - 10, weeks * 10 - 10]


GOAL = {"name": "Trip", "kind": "save", "scope": "all", "amount": "3000", "currency": "ILS"}


def test_the_expenses_of_a_week_are_headed_by_its_days(client_alice):
    page = client_alice.get("/expenses/?month=all&kind=spent&since=2026-06-14&until=2026-06-20")
    assert page.context["month"]["label"] == "Jun 14, 2026 – Jun 20, 2026"


def test_a_goal_says_that_more_is_spent_than_comes_in(client_alice, alice, noon):
    months_of(alice, ["700"] * 4, noon)
    client_alice.post(f"{PAGE}goals/new/", GOAL | {"starts_on": "2026-04-01", "by": "2026-12-31"})
    [goal] = client_alice.get(PAGE).context["goals"]
    assert goal["outlook"].startswith("You usually spend ₪700.00 more a month than comes in. With ")
    [proposal] = [each for each in client_alice.get(PAGE).context["proposals"] if each["scope"] == "food-drinks"]
    assert proposal["reason"] == "your last 4 months: ₪700.00 each"


def test_a_goal_says_when_it_will_be_missed_and_what_would_reach_it(client_alice, alice, noon):
    months_of(alice, ["-1000"] * 4, noon, category="salary", title="Salary")
    months_of(alice, ["700"] * 4, noon)
    days = {"starts_on": "2026-04-01", "by": "2026-12-31"}
    client_alice.post(f"{PAGE}goals/new/", GOAL | days)
    [goal] = client_alice.get(PAGE).context["goals"]
    assert goal["progress"] == "₪600.00 of ₪3,000.00 saved, until Dec 31, 2026"
    # 194 days are left, at 300 a month.
    assert goal["outlook"].startswith("At your usual ₪300.00 a month, it comes to ₪2,512.")
    assert goal["outlook"].endswith("With ₪76.54 more a month you would reach it.")
    [stored] = plan_of(alice).goals
    client_alice.post(f"{PAGE}goals/{stored.id}/", GOAL | days | {"amount": "2000"})
    assert "more a month" not in client_alice.get(PAGE).context["goals"][0]["outlook"]
    client_alice.post(f"{PAGE}goals/{stored.id}/", GOAL | days | {"kind": "under", "scope": "food-drinks"})
    [goal] = client_alice.get(PAGE).context["goals"]
    assert "less a month to stay within the goal" in goal["outlook"]
    client_alice.post(f"{PAGE}goals/{stored.id}/delete/")
    assert plan_of(alice).live_goals == ()
    assert client_alice.get(f"{PAGE}goals/{stored.id}/").status_code == 404
    assert client_alice.get(PAGE).context["goals"] == []
    client_alice.post(f"{PAGE}goals/{stored.id}/restore/")
    assert [each.id for each in plan_of(alice).live_goals] == [stored.id]
    assert client_alice.post(f"{PAGE}goals/other/restore/").status_code == 404


def test_a_goal_saves_what_a_budget_leaves_over(client_alice, alice, noon):
    months_of(alice, ["60", "80", "130"], noon)
    plan(alice, budget("food-drinks", amount="100", starts_on=date(2026, 3, 1), id="food"))
    days = {"starts_on": "2026-03-01", "by": "2026-12-31"}
    client_alice.post(f"{PAGE}goals/new/", GOAL | days | {"scope": "food"})
    [goal] = client_alice.get(PAGE).context["goals"]
    assert goal["progress"].startswith("₪30.00 of ₪3,000.00")
    assert goal["scope"] == "what Food & Drinks leaves over"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("by", {"by": "2025-01-01"}),
        ("amount", {"amount": "-1"}),
        ("name", {"name": " "}),
        ("scope", {"scope": "food-drinks"}),
        ("scope", {"scope": "food", "kind": "under"}),
    ],
)
def test_a_wrong_goal_gets_its_message_at_the_field(client_alice, alice, field, changes):
    plan(alice, budget("food-drinks", id="food"))
    days = {"starts_on": "2026-01-01", "by": "2026-12-31"}
    page = client_alice.post(f"{PAGE}goals/new/", GOAL | days | changes)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert plan_of(alice).goals == ()


def test_there_is_a_most(client_alice, alice):
    plan(alice, *(budget(id=f"b{n}", starts_on=date(2000, 1, 1) + timedelta(days=n)) for n in range(MOST)))
    page = send(client_alice)
    assert page.status_code == 422
    assert f"at most {MOST} budgets" in page.content.decode()


@pytest.mark.parametrize(
    "text", ["", "no", "[]", '{"budgets": [3, {"id": "x"}, {"id": "a", "scope": "all", "per": "aeon", "amounts": []}]}']
)
def test_what_another_release_stored_is_left_out(text):
    assert read_plan(text) == BudgetPlan()


def test_everything_that_is_stored_is_read_again():
    said = {"note": "x", "said_for": date(2026, 1, 2), "said_on": date(2026, 1, 9), "deleted": True}
    mine = budget("other", "weeks", every=3, ends_on=date(2026, 5, 1), **said)
    assert read_plan(BudgetPlan((mine,)).to_text()).budgets == (mine,)


def test_old_documents_without_a_plan(client_alice, alice):
    collection(User).update_one({"_id": alice.pk}, {"$unset": {"plan": ""}})
    assert client_alice.get(PAGE).status_code == client_alice.get("/dashboard/").status_code == 200
    assert Expense.objects.count() == 0
