"""The life of a series: proposed, kept or dismissed, and what entries do to it."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from benchmarks import series_histories
from classifier.categories import kind_of
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.trash import delete_expenses, restore_expenses
from expenses.models import Expense, Series, SeriesState
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.cycles import Cycle, day_after
from expenses.recurring.fitting import facts_of_series
from expenses.recurring.life import detach, set_state
from expenses.recurring.refreshing import find_series, look_around, refresh
from expenses.tests.importing.uploading import import_statement
from expenses.tests.making import make_expenses

TODAY = date(2026, 11, 20)
FIRST = date(2026, 1, 8)


def rent(owner, count=10, title="Blue Lamp", amount="9.90", first=FIRST, **values) -> list[Expense]:
    days = [day_after(first, Cycle.MONTHLY, n) for n in range(count)]
    return make_expenses(owner, [{"title": title, "amount": amount, "spent_on": day, **values} for day in days])


def add(owner, title="Blue Lamp", amount="9.90", day=date(2026, 11, 8)) -> Expense:
    """Add an expense as the page does, which looks for a new series after its answer."""
    added = add_expense(personal_ledger(owner), NewExpense(title, Decimal(amount), "ILS", day, "other"))
    if added.is_single:
        look_around(owner.pk, added.expense)
    return added.expense


def facts(owner):
    [row] = find_series(owner.pk)
    return facts_of_series(row)


def test_a_proposal_shows_its_evidence(alice):
    made = rent(alice)
    refresh(alice.pk, TODAY)
    found = Series.objects.get()
    assert (found.name, found.state, found.cycle, found.next_on) == (
        "Blue Lamp",
        "proposed",
        "monthly",
        date(2026, 11, 8),
    )
    assert (found.low, found.high, found.currency, found.category) == (
        Decimal("9.9"),
        Decimal("9.9"),
        "ILS",
        "transportation",
    )
    assert [entry.id for entry in facts(alice).entries] == [str(each.pk) for each in made]
    assert found.confidence > 0.9


def test_looking_again_changes_nothing(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    before = find_series(alice.pk)
    refresh(alice.pk, TODAY)
    assert find_series(alice.pk) == before


def test_what_was_moved_is_no_series(alice):
    rent(alice, title="To savings", category="transfer")
    refresh(alice.pk, TODAY)
    assert not Series.objects.exists()


def test_the_series_of_others_stay_apart(alice, bob):
    rent(alice)
    refresh(alice.pk, TODAY)
    refresh(bob.pk, TODAY)
    add(bob)
    assert len(facts(alice).entries) == 10
    assert not find_series(bob.pk)


def test_a_proposal_that_no_longer_holds_disappears_and_a_kept_one_stays(alice):
    made = rent(alice)
    refresh(alice.pk, TODAY)
    delete_expenses(personal_ledger(alice), [each.pk for each in made[1:]])
    refresh(alice.pk, TODAY)
    assert not Series.objects.exists()
    made = rent(alice)
    refresh(alice.pk, TODAY)
    set_state(alice.pk, Series.objects.get().pk, SeriesState.KEPT)
    delete_expenses(personal_ledger(alice), [each.pk for each in made[1:]])
    refresh(alice.pk, TODAY)
    assert len(facts(alice).entries) == 1


def test_an_added_entry_attaches_and_moves_the_next_day(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    added = add(alice)
    assert facts(alice).entries[-1].id == str(added.pk)
    assert facts(alice).next_on == date(2026, 12, 8)


def test_a_late_entry_attaches_and_does_not_shift_the_cycle(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    add(alice, day=date(2026, 11, 19))
    assert (len(facts(alice).entries), facts(alice).next_on) == (11, date(2026, 12, 8))


@pytest.mark.parametrize(
    ("title", "amount", "day"),
    [
        ("Red Sofa", "9.90", date(2026, 11, 8)),
        ("Blue Lamp", "99", date(2026, 11, 8)),
        ("Blue Lamp", "-9.90", date(2026, 11, 8)),
        ("Blue Lamp", "14", date(2026, 10, 12)),
    ],
)
def test_what_fits_no_series_stays_apart(alice, title, amount, day):
    rent(alice)
    refresh(alice.pk, TODAY)
    add(alice, title, amount, day)
    assert len(facts(alice).entries) == 10


def test_a_new_price_attaches(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    add(alice, amount="11.90")
    assert len(facts(alice).entries) == 11


def test_edited_deleted_and_restored_entries(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    added, ledger = add(alice), personal_ledger(alice)
    delete_expenses(ledger, [added.pk])
    assert (len(facts(alice).entries), facts(alice).next_on) == (10, date(2026, 11, 8))
    restore_expenses(ledger, [added.pk])
    assert len(facts(alice).entries) == 11
    edit_expense(ledger, added.pk, NewExpense("Blue Lamp", Decimal(75), "ILS", added.spent_on, "other"))
    assert len(facts(alice).entries) == 10
    edit_expense(ledger, added.pk, NewExpense("Blue Lamp", Decimal(10), "ILS", added.spent_on, "other"))
    assert facts(alice).entries[-1].amount == 10


def test_a_third_entry_is_proposed_without_a_look_at_the_whole_ledger(alice):
    rent(alice, 2)
    assert not Series.objects.exists()
    add(alice, day=date(2026, 3, 8))
    [found] = find_series(alice.pk)
    assert (found["state"], len(found["entries"])) == ("proposed", 3)


def test_detached_for_good(alice):
    made = rent(alice)
    refresh(alice.pk, TODAY)
    key = Series.objects.get().pk
    set_state(alice.pk, key, SeriesState.KEPT)
    last, ledger = made[-1], personal_ledger(alice)
    assert detach(alice.pk, key, str(last.pk))
    assert not detach(alice.pk, key, str(last.pk))
    refresh(alice.pk, TODAY)
    delete_expenses(ledger, [last.pk])
    restore_expenses(ledger, [last.pk])
    add(alice, day=last.spent_on)
    assert str(last.pk) not in {entry.id for entry in facts(alice).entries}
    assert len(facts(alice).entries) == 9


def test_dismissed_stays_dismissed_after_another_import(alice, client_alice):
    days = [day_after(FIRST, Cycle.MONTHLY, n) for n in range(8)]
    text = "Date,Description,Amount\n" + "".join(f"{day},BLUE LAMP 4711,-9.90\n" for day in days)
    batch = import_statement(client_alice, text)
    [row] = find_series(alice.pk)
    set_state(alice.pk, row["_id"], SeriesState.DISMISSED)
    client_alice.post(f"/expenses/import/{batch.pk}/undo/")
    assert not Expense.objects.filter(deleted_at=None).exists()
    import_statement(client_alice, text)
    refresh(alice.pk, TODAY)
    add(alice, "BLUE LAMP 4711", day=date(2026, 9, 8))
    assert [each["state"] for each in find_series(alice.pk)] == ["dismissed"]


def test_an_import_attaches_its_entries(alice, client_alice):
    rent(alice, title="BLUE LAMP")
    refresh(alice.pk, TODAY)
    set_state(alice.pk, Series.objects.get().pk, SeriesState.KEPT)
    import_statement(client_alice, "Date,Description,Amount\n2026-11-08,BLUE LAMP 4711,-9.90\n2026-11-09,OTHER,-3\n")
    assert (len(facts(alice).entries), facts(alice).next_on) == (11, date(2026, 12, 8))


def test_a_second_charge_attaches_beside_the_first(alice):
    rent(alice)
    refresh(alice.pk, TODAY)
    add(alice, day=date(2026, 10, 9))
    assert (len(facts(alice).entries), facts(alice).next_on) == (11, date(2026, 11, 8))


def test_the_command_answers_in_a_stable_form(alice):
    rent(alice, currency="EUR")
    rent(alice, 12, "Payroll", "-9000.50", date(2025, 12, 1), category="salary", kind=kind_of("salary"))
    out = StringIO()
    call_command("series", "--user", "ALICE@example.com", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["series"][0] == {
        "name": "Blue Lamp",
        "cycle": "monthly",
        "next": "2026-11-08",
        "low": 9.9,
        "high": 9.9,
        "currency": "EUR",
        "state": "proposed",
        "confidence": answer["series"][0]["confidence"],
        "entries": 10,
    }
    assert [(each["name"], each["low"]) for each in answer["series"][1:]] == [("Payroll", 9000.5)]
    out = StringIO()
    call_command("series", "--user", alice.email, stdout=out)
    assert "Blue Lamp\tmonthly\t2026-11-08" in out.getvalue()
    with pytest.raises(CommandError, match="Nobody has the email address"):
        call_command("series", "--user", "x@example.com")


def test_an_added_entry_costs_no_pass_over_the_history(alice, count_db):
    """One read of the series, and of a few entries with a similar title."""
    made = series_histories.make_history(1).entries
    rows = [{"title": e.title, "amount": e.amount, "spent_on": e.day, "currency": e.currency} for e in made]
    make_expenses(alice, rows)
    refresh(alice.pk, series_histories.LAST)
    add(alice, "Aurora Supermarket", "31")
    with count_db() as small:
        add(alice, "Aurora Supermarket", "32")
    make_expenses(alice, [{**row, "spent_on": row["spent_on"] - timedelta(days=1)} for row in rows])
    with count_db() as large:
        add(alice, "Aurora Supermarket", "33")
    assert len(large) <= len(small)
