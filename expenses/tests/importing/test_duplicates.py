"""Possible duplicates of existing expenses, and rows that only look similar."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from expenses.importing.fingerprints import file_rows
from expenses.statements import Entry, Reading
from expenses.tests.importing import uploading
from expenses.tests.importing.uploading import BANK, fields, import_statement, run, statement, upload_statement
from expenses.tests.making import DAY, make_expense, make_expenses

pytestmark = pytest.mark.django_db


def entry(title: str = "COFFEE", amount: str = "4.50", day: date = DAY, **others: object) -> Entry:
    return Entry(1, day, title, Decimal(amount), others.pop("currency", "ILS"), **others)


def prints(owner, *entries: Entry) -> list[str]:
    return [row.fingerprint for row in file_rows(owner.pk, entries)]


def plan_of(owner, *entries: Entry):
    return uploading.plan_of(owner, Reading(entries)).whole()


def test_equal_rows_of_one_file_are_several_and_the_same_in_every_file(alice):
    once, twice = prints(alice, entry()), prints(alice, entry(), entry("TEA"), entry())
    assert len(set(twice)) == 3
    assert once[0] == twice[0]
    assert twice == prints(alice, entry(), entry("TEA"), entry())


@pytest.mark.parametrize(
    "other",
    [entry("TEA"), entry(amount="4.51"), entry(amount="-4.50"), entry(day=DAY + timedelta(1)), entry(currency="EUR")],
)
def test_what_differs_is_another_movement(alice, other):
    assert len(set(prints(alice, entry(), other))) == 2
    assert prints(alice, entry())[0] != prints(alice, other)[0]


@pytest.mark.parametrize(
    "same", [entry("  Coffee "), entry("ＣＯＦＦＥＥ"), entry(amount="4.5"), entry(note="by card")]
)
def test_how_it_is_written_does_not_matter(alice, same):
    assert prints(alice, entry()) == prints(alice, same)


def test_the_name_that_the_bank_gave_decides(alice):
    named = entry(bank_id="1:77")
    assert prints(alice, named) == prints(alice, entry("COFFEE BEAN LTD", bank_id="1:77"))
    assert prints(alice, named) != prints(alice, entry(bank_id="1:78"))
    plan = plan_of(alice, named, named)
    assert (len(plan.new), len(plan.known)) == (1, 1)


@pytest.mark.parametrize("other", [{"day": DAY + timedelta(31)}, {"amount": "75"}, {"currency": "EUR"}])
def test_a_bank_that_counts_from_1_in_every_file_hides_nothing(alice, other):
    assert prints(alice, entry(bank_id="1:1")) != prints(alice, entry(bank_id="1:1", **other))


def test_fingerprints_tell_nothing_without_the_key(alice, bob, monkeypatch):
    mine = prints(alice, entry())
    assert mine != prints(bob, entry())
    monkeypatch.setattr(settings, "SECRET_KEY", "another key")
    assert mine != prints(alice, entry())


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ({}, 1),
        ({"title": "Lunch with Noa"}, 1),
        ({"spent_on": DAY - timedelta(2)}, 1),
        ({"spent_on": DAY + timedelta(2)}, 1),
        ({"spent_on": DAY - timedelta(3)}, 0),
        ({"amount": "4.60"}, 0),
        ({"currency": "EUR"}, 0),
    ],
)
def test_a_typed_expense_of_the_same_amount_looks_like_it(alice, bob, typed, alike):
    make_expense(alice, **({"amount": "4.50"} | typed))
    assert len(plan_of(alice, entry()).alike) == alike
    assert not plan_of(bob, entry()).alike


def test_one_expense_stands_for_one_movement_the_nearest(alice):
    make_expenses(alice, [{"title": "Bus", "amount": "4.50", "spent_on": DAY + timedelta(n)} for n in (0, 1)])
    days = [entry("BUS", day=DAY + timedelta(n)) for n in (2, 0, 1)]
    plan = plan_of(alice, *days)
    assert {(row.entry.spent_on, like.spent_on) for row, like in plan.alike} == {(DAY, DAY), (DAY + timedelta(1),) * 2}
    assert [row.entry.spent_on for row in plan.new] == [DAY + timedelta(2)]


def test_what_was_imported_hides_nothing_of_the_next_days(alice, client_alice):
    """The daily bus fare of last month's statement is not that of this month's."""
    import_statement(client_alice, "Date,Description,Amount\n2026-08-19,BUS,-4.50\n2026-08-20,BUS,-4.50\n")
    plan = plan_of(alice, entry("BUS", day=DAY), entry("BUS", day=DAY + timedelta(1)))
    assert (len(plan.known), len(plan.new), len(plan.alike)) == (1, 1, 0)


def test_the_same_statement_in_another_format_looks_like_what_is_there(alice, client_alice):
    import_statement(client_alice, "Date,Description,Amount\n2026-08-20,COFFEE,-4.50\n2026-08-20,COFFEE,-4.50\n")
    ofx = [entry("COFFEE BEAN 123", bank_id=f"1:{n}") for n in range(3)]
    plan = plan_of(alice, *ofx)
    assert (len(plan.alike), len(plan.new)) == (2, 1)


def test_what_lies_in_the_trash_is_not_there(alice):
    make_expense(alice, amount="4.50", deleted_at="2026-08-21T00:00:00Z")
    assert len(plan_of(alice, entry()).new) == 1


def test_what_looks_alike_stays_out_unless_it_is_ticked(alice, client_alice):
    make_expense(alice, "Power", "89.00", spent_on=date(2026, 8, 30))
    make_expense(alice, "Shopping", "32.40", spent_on=date(2026, 8, 3))
    batch = upload_statement(client_alice, BANK)
    page = client_alice.get(f"/expenses/import/{batch.pk}/")
    assert page.context["counts"]["alike"] == 2
    assert "You already have “Power” from Aug 30, 2026" in page.content.decode()
    [aldi, power] = page.context["groups"]["alike"]
    run(client_alice, batch, take=f"alike:{aldi['number']}")
    assert (batch.added, batch.left_out) == (5, 1)
    other = import_statement(client_alice, BANK, take=f"alike:{power['number']}")
    assert (other.added, other.known) == (1, 5)


def test_a_preview_asks_the_same_of_the_database_however_much_there_is(alice, client_alice, count_db):
    batch = upload_statement(client_alice, statement(300))
    costs = []
    for first in (150, 250):
        rows = [{"title": f"T{n}", "amount": n + 1, "spent_on": date(2026, 1 + n % 12, 3)} for n in range(1500)]
        make_expenses(alice, rows)
        import_statement(client_alice, statement(300, first=first))
        with count_db() as calls:
            assert client_alice.get(f"/expenses/import/{batch.pk}/").status_code == 200
        costs.append(calls.names)
    assert len(costs[0]) == len(costs[1]) <= 12, costs
    assert fields(client_alice, batch)["column_amount"] == "2"
