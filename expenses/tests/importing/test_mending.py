"""In the preview, every row can be ticked, unticked and mended, and all of it stays with the draft."""

from datetime import date
from decimal import Decimal

import pytest

from classifier import memory
from expenses.models import Expense, ImportBatch
from expenses.tests.importing.uploading import BANK, fields, import_statement, run, statement, upload_statement
from expenses.views import import_rows

pytestmark = pytest.mark.django_db
URL = "/expenses/import/"
ROW = {"row-title": "Cocoa", "row-amount": "5.10", "row-currency": "EUR", "row-spent_on": "2026-08-04"}


def send(client, batch, **sent):
    return client.post(f"{URL}{batch.pk}/", fields(client, batch) | sent)


def number_of(client, batch, title: str, group: str = "new") -> int:
    rows = client.get(f"{URL}{batch.pk}/").context["groups"][group]
    return next(row["number"] for row in rows if row["title"] == title)


def test_new_rows_can_be_unticked(client_alice):
    batch = upload_statement(client_alice, BANK)
    page = send(client_alice, batch, shown="new:0 1 2", take=["new:0", "new:2"])
    assert page.context["wanted"] == 5
    assert [row["wanted"] for row in page.context["groups"]["new"]] == [True, False, True, True, True, True]
    assert "Import 5 entries" in client_alice.get(f"{URL}{batch.pk}/").content.decode()
    run(client_alice, batch)
    assert (batch.added, batch.left_out) == (5, 1)
    assert Expense.objects.filter(title="COFFEE BEAN").count() == 1


def test_rows_imported_before_can_be_imported_again(client_alice):
    first = import_statement(client_alice, BANK)
    batch = upload_statement(client_alice, BANK)
    number = number_of(client_alice, batch, "UBER *TRIP HELP.UBER.COM", "known")
    run(client_alice, batch, take=f"known:{number}")
    assert (batch.added, batch.known, batch.left_out) == (1, 5, 0)
    assert Expense.objects.filter(title__startswith="UBER").count() == 2
    client_alice.post(f"{URL}{batch.pk}/undo/")
    client_alice.post(f"{URL}{first.pk}/undo/")
    assert import_statement(client_alice, BANK).added == 6


def test_each_row_shows_its_kind(client_alice, alice):
    memory.learn_entries(alice.pk, [("SALARY ACME GMBH", "in", "salary")])
    page = client_alice.get(f"{URL}{upload_statement(client_alice, BANK).pk}/")
    kinds = {row["title"]: row["kind_name"] for row in page.context["groups"]["new"]}
    assert (kinds["SALARY ACME GMBH"], kinds["ALDI SUED 4711"]) == ("Received", "Spent")
    assert '<span class="row-kind">Received</span>' in page.content.decode()


def test_a_row_is_mended_in_place_and_stays_mended(client_alice, alice):
    batch = upload_statement(client_alice, BANK)
    page = send(client_alice, batch, mend="1")
    assert page.context["row_form"].initial["title"] == "COFFEE BEAN"
    assert 'name="mending" value="1"' in page.content.decode()
    page = send(client_alice, batch, mending="1", **ROW, **{"row-category": "food-drinks"})
    assert page.context["groups"]["new"][1]["amount_text"] == "€5.10"
    run(client_alice, batch)
    row = Expense.objects.get(title="Cocoa")
    assert (row.amount, row.currency, row.spent_on) == (Decimal("5.10"), "EUR", date(2026, 8, 4))
    assert (row.category, row.reviewed, row.kind) == ("food-drinks", True, "spent")
    other = upload_statement(client_alice, BANK.replace("ALDI SUED 4711", "Cocoa"))
    assert client_alice.get(f"{URL}{other.pk}/").context["groups"]["alike"][0]["category"] == "food-drinks"
    page = client_alice.get(f"{URL}{upload_statement(client_alice, BANK).pk}/")
    assert page.context["counts"]["known"] == 6, "the mended row is known by what the file says"


@pytest.mark.parametrize(
    ("kind", "amount", "stored"),
    [("moved", "5.10", "5.10"), ("received", "5.10", "-5.10"), ("spent", "-5.10", "-5.10")],
)
def test_a_kind_can_be_chosen_alone(client_alice, kind, amount, stored):
    batch = upload_statement(client_alice, BANK)
    send(client_alice, batch, mending="0", **ROW | {"row-amount": amount, "row-kind": kind})
    run(client_alice, batch)
    row = Expense.objects.get(title="Cocoa")
    assert (row.kind, row.amount) == (kind, Decimal(stored))


def test_errors_of_a_row_keep_its_form_open(client_alice):
    batch = upload_statement(client_alice, BANK)
    wrong = ROW | {"row-amount": "much", "row-title": ""}
    page = send(client_alice, batch, mending="0", **wrong)
    assert set(page.context["row_form"].errors) == {"amount", "title"}
    assert "much" in page.content.decode()
    answer = client_alice.post(f"{URL}{batch.pk}/run/", fields(client_alice, batch) | wrong | {"mending": "0"})
    assert answer.status_code == 200
    assert Expense.objects.count() == 0
    assert send(client_alice, batch, mending="0", cancel="1", **wrong).context["row_form"] is None


def test_an_open_row_is_saved_by_importing(client_alice):
    batch = upload_statement(client_alice, BANK)
    run(client_alice, batch, mending="0", **ROW)
    assert Expense.objects.filter(title="Cocoa").count() == 1


def test_an_unreadable_row_becomes_a_new_one(client_alice):
    batch = upload_statement(client_alice, BANK + "2026-13-45,Bread,-3.20\n2026-08-15,Cake,-1.10\n")
    page = send(client_alice, batch, mend="-1")
    assert (page.context["row_form"].initial["title"], page.context["row_form"].initial["amount"]) == ("Bread", "3.20")
    page = send(client_alice, batch, mending="-1", **ROW | {"row-title": "Bread"})
    assert (page.context["counts"]["new"], page.context["counts"]["unreadable"]) == (8, 0)
    assert page.context["groups"]["new"][0]["title"] == "Bread"
    run(client_alice, batch)
    assert (batch.added, batch.unreadable) == (8, 0)
    again = upload_statement(client_alice, BANK + "2026-13-45,Bread,-3.20\n")
    page = send(client_alice, again, mending="-1", **ROW | {"row-title": "Bread"})
    assert (page.context["wanted"], page.context["groups"]["new"][0]["like"]["title"]) == (0, "Bread")


@pytest.mark.parametrize(
    ("amount", "code", "as_read"),
    [("-1.234", "KWD", ("1.234", "KWD")), ("2500.00", "USD", ("-2500.00", "USD")), ("-5", "XAU", ("5", "EUR"))],
)
def test_the_form_of_an_unreadable_row_has_its_currency_and_direction(client_alice, amount, code, as_read):
    rows = [f"{row},EUR" for row in BANK.splitlines()[1:]]
    header = "Date,Description,Amount,Currency"
    batch = upload_statement(client_alice, "\n".join([header, *rows, f"2026-13-45,Bread,{amount},{code}"]))
    page = send(client_alice, batch, mend="-1", currency="EUR")
    assert tuple(page.context["row_form"].initial[name] for name in ("amount", "currency")) == as_read


def test_another_mapping_keeps_what_was_mended_and_ticked(client_alice):
    """With the new mapping, the rows have other numbers, and the unreadable one can be read."""
    text = "Date,Paid,Description,Amount\n2026-13-45,2026-08-01,Bread,-3.20\n" + "".join(
        f"2026-08-{day:02},2026-07-{day:02},Shop {day},-{day}.50\n" for day in range(2, 9)
    )
    batch = upload_statement(client_alice, text)
    send(client_alice, batch, mending="2", **ROW | {"row-title": "Mended"})
    sent = {"shown": "new:0 1 2 3 4 5 6", "take": ["new:0", "new:2", "new:3", "new:4", "new:5", "new:6"]}
    page = send(client_alice, batch, column_date="1", **sent)
    assert "discarded" not in page.content.decode()
    rows = [(row["title"], row["wanted"]) for row in page.context["groups"]["new"]]
    assert rows[:4] == [("Bread", True), ("Shop 2", True), ("Shop 3", False), ("Mended", True)]
    assert page.context["wanted"] == 7
    assert run(client_alice, batch).added == 7


def test_a_form_that_is_open_while_the_mapping_changes_mends_its_own_row(client_alice):
    text = "Date,Paid,Description,Amount\n2026-13-45,2026-08-01,Bread,-3.20\n" + "".join(
        f"2026-08-{day:02},2026-07-{day:02},Shop {day},-{day}.50\n" for day in range(2, 9)
    )
    batch = upload_statement(client_alice, text)
    page = send(client_alice, batch, column_date="1", mending="2", **ROW)
    assert [row["title"] for row in page.context["groups"]["new"]][:5] == [
        "Bread", "Shop 2", "Shop 3", "Cocoa", "Shop 5",
    ]  # fmt: skip


def _wanted(page) -> dict[str, bool]:
    groups = page.context["groups"]
    return {row["title"]: row["wanted"] for group in ("new", "alike", "known", "unbooked") for row in groups[group]}


def test_ticks_survive_a_reading_in_which_their_rows_are_unreadable(client_alice):
    text = "Date,Description,Amount\n" + "".join(f"{day:02}/07/2026,Shop {day},-{day}.50\n" for day in range(5, 20))
    batch = upload_statement(client_alice, text)
    numbers = [str(number) for number in range(15)]
    ticked = [f"new:{number}" for number in numbers if number not in ("2", "12")]
    send(client_alice, batch, shown=f"new:{' '.join(numbers)}", take=ticked)
    other = send(client_alice, batch, date_order="mdy")
    assert other.context["counts"]["unreadable"] > 0, "Shop 17 can't be read"
    assert not _wanted(other)["Shop 7"]
    wanted = _wanted(send(client_alice, batch, date_order="dmy"))
    assert [title for title, is_wanted in wanted.items() if not is_wanted] == ["Shop 7", "Shop 17"]
    assert run(client_alice, batch).added == 13


def test_ticks_survive_another_section(client_alice):
    """With the other column of days, the row is no duplicate."""
    import_statement(client_alice, "Date,Description,Amount\n2026-08-03,Shop 3,-3.50\n")
    text = "Date,Paid,Description,Amount\n" + "".join(
        f"2026-08-{day:02},2026-05-{day:02},Shop {day},-{day}.50\n" for day in range(2, 9)
    )
    batch = upload_statement(client_alice, text)
    page = client_alice.get(f"{URL}{batch.pk}/")
    [group] = [name for name in ("alike", "known") if page.context["counts"][name]]
    [row] = page.context["groups"][group]
    send(client_alice, batch, shown=f"{group}:{row['number']}", take=f"{group}:{row['number']}")
    assert send(client_alice, batch, column_date="1").context["counts"]["new"] == 7
    page = send(client_alice, batch, column_date="0")
    assert page.context["groups"][group][0]["wanted"]
    assert page.context["wanted"] == 7


def test_changes_to_rows_that_another_mapping_does_not_have_are_discarded_and_it_says_so(client_alice):
    text = "Date,Paid,Description,Amount,Fee\n" + "".join(
        f"2026-08-{day:02},2026-07-{day:02},Shop {day},-{day}.50,-1.00\n" for day in range(2, 9)
    )
    batch = upload_statement(client_alice, text)
    rows = client_alice.get(f"{URL}{batch.pk}/").context["groups"]["new"]
    assert len(rows) == 14
    send(client_alice, batch, mending="1", **ROW)
    page = send(client_alice, batch, column_amount="4")
    assert "some of your changes to its rows were discarded" in page.content.decode()
    assert not send(client_alice, batch, account="Giro").context["notice"]


def test_there_is_a_limit_for_mended_rows(client_alice, monkeypatch):
    monkeypatch.setattr(import_rows, "MOST_MENDED", 1)
    batch = upload_statement(client_alice, BANK)
    send(client_alice, batch, mending="0", **ROW)
    assert send(client_alice, batch, mending="0", **ROW).context["row_form"] is None
    page = send(client_alice, batch, mending="1", **ROW)
    assert "You can change up to 1 rows of a file." in page.content.decode()


def test_pages_keep_the_ticks_of_the_one_before(client_alice):
    batch = upload_statement(client_alice, statement(250))
    page = send(client_alice, batch, shown="new:0 1", take="new:0", page=["new:1", "new:3"])
    assert [row["number"] for row in page.context["groups"]["new"]] == list(range(200, 250))
    assert "201–250 of 250" in page.content.decode()
    page = send(client_alice, batch, shown="new:200", page="new:3")
    assert page.context["wanted"] == 248
    assert send(client_alice, batch, page="new:99").context["place"].page == 1
    assert run(client_alice, batch).added == 248


def test_ticking_renews_only_the_counts(client_alice):
    batch = upload_statement(client_alice, BANK)
    sent = fields(client_alice, batch) | {"shown": "new:0 1", "take": "new:1", "mending": "0", "row-title": ""}
    answer = client_alice.post(
        f"{URL}{batch.pk}/", sent, headers={"HX-Request": "true", "HX-Target": "preview-counts"}
    ).content.decode()
    assert "Import 5 entries" in answer
    assert 'id="look"' not in answer


@pytest.mark.parametrize("stored", [{"turned": 7}, {"mended": {"x": 1}}, {"mended": {"1": {"title": "A"}}}, ["x"]])
def test_edits_of_another_shape_are_none(client_alice, stored):
    batch = upload_statement(client_alice, BANK)
    ImportBatch.objects.filter(pk=batch.pk).update(edits=stored)
    assert run(client_alice, batch).added == 6


@pytest.mark.parametrize("sent", ["new:x 99999999999 -", "other:1", "new", "", "new:-7 8 9999999"])
def test_odd_numbers_of_rows_break_nothing(client_alice, sent):
    batch = upload_statement(client_alice, BANK)
    odd = dict.fromkeys(("shown", "take", "page", "all", "answer", "mend", "mending"), sent)
    assert send(client_alice, batch, **odd).status_code == 200
    assert send(client_alice, batch, mend="99", mending="-99").status_code == 200
