"""What a file leaves undecided is asked, and what it states about itself is checked."""

import io
from datetime import date

import pytest
import xlsxwriter

from expenses.models import Expense
from expenses.tests.importing.uploading import fields, import_statement, run, upload_statement
from expenses.tests.statement_reading import latest_year

pytestmark = pytest.mark.django_db
URL = "/expenses/import/"
EITHER_SIGN = "Date,Title,Amount\n" + "".join(
    f"2026-08-2{n},{who},{amount}\n"
    for n, (who, amount) in enumerate([("Ann", 5), ("Ben", -6), ("Cid", 7), ("Dan", -8)])
)
EITHER_ORDER = "Date,Title,Amount\n01/02/2026,Tea,-5.00\n05/04/2026,Bus,-6.00\n"
NO_YEAR = "Datum;Text;Betrag\n04.01.;Bakery;-3,20\n05.01.;Bus;-2,80\n"


def look(client, batch, **sent):
    url = f"{URL}{batch.pk}/"
    return client.post(url, fields(client, batch) | sent) if sent else client.get(url)


def amounts() -> set[str]:
    return {f"{amount:.0f}" for amount in Expense.objects.values_list("amount", flat=True)}


def test_balanced_signs_are_asked_about_before_anything_is_imported(client_alice):
    batch = upload_statement(client_alice, EITHER_SIGN)
    page = look(client_alice, batch)
    [question] = page.context["questions"]
    readings = [[row["came_in"] for row in reading["rows"]] for reading in question["readings"]]
    assert question["name"] == "sign"
    assert readings[0] == [not came_in for came_in in readings[1]]
    assert page.content.decode().count("This is right") == 2
    assert "Import 4 entries" not in page.content.decode()
    answer = client_alice.post(f"{URL}{batch.pk}/run/", fields(client_alice, batch))
    assert "Choose the right reading, then import it." in answer.content.decode()
    assert Expense.objects.count() == 0


@pytest.mark.parametrize("which", ["this", "other"])
def test_one_click_answers_also_for_the_next_file(client_alice, which):
    batch = upload_statement(client_alice, EITHER_SIGN)
    shown = look(client_alice, batch).context["questions"][0]["readings"][which == "other"]["rows"]
    page = look(client_alice, batch, answer=f"sign:{which}")
    assert page.context["questions"] == []
    assert run(client_alice, batch).added == 4
    signs = {row.title: row.amount < 0 for row in Expense.objects.all()}
    assert [signs[row["title"]] for row in shown] == [row["came_in"] for row in shown]
    later = import_statement(client_alice, EITHER_SIGN.replace("2026-08", "2026-09"))
    assert later.added == 4
    assert amounts() == {f"{row.amount:.0f}" for row in Expense.objects.filter(import_batch=later.pk)}


def test_an_order_of_days_is_chosen_by_its_reading(client_alice):
    batch = upload_statement(client_alice, EITHER_ORDER)
    [question] = look(client_alice, batch).context["questions"]
    assert [reading["rows"][0]["date_text"] for reading in question["readings"]] == ["Feb 1, 2026", "Jan 2, 2026"]
    look(client_alice, batch, answer="date_order:other")
    assert run(client_alice, batch).added == 2
    assert {row.spent_on for row in Expense.objects.all()} == {date(2026, 1, 2), date(2026, 5, 4)}


def test_changing_the_format_answers_too(client_alice):
    batch = upload_statement(client_alice, EITHER_ORDER)
    assert look(client_alice, batch, date_order="mdy").context["questions"] == []
    assert run(client_alice, batch).added == 2


def test_what_makes_no_difference_is_not_asked(client_alice):
    text = "Date,Payee,Billed amount,Amount\n2026-08-03,Tea,-3.20,-3.20\n2026-08-04,Bus,-2.80,-2.80\n"
    assert import_statement(client_alice, text).added == 2


@pytest.mark.parametrize("back", ["0", "1", "3"])
def test_a_year_that_the_file_does_not_tell_is_asked_once(client_alice, back):
    batch = upload_statement(client_alice, NO_YEAR)
    [question] = look(client_alice, batch).context["questions"]
    this_year = latest_year(1, 5)
    assert [reading["rows"][0]["date_text"][-4:] for reading in question["readings"]] == [
        f"{this_year}",
        f"{this_year - 1}",
    ]
    if back == "0":
        look(client_alice, batch, answer="year:this")
    else:
        look(client_alice, batch, years_back=back)
    assert run(client_alice, batch).added == 2
    assert {row.spent_on for row in Expense.objects.all()} == {
        date(this_year - int(back), 1, 4),
        date(this_year - int(back), 1, 5),
    }
    assert [
        one["name"] for one in look(client_alice, upload_statement(client_alice, NO_YEAR)).context["questions"]
    ] == ["year"]


BALANCES = "Date,Title,Amount,Balance\n2026-08-01,A,-10.00,90.00\n2026-08-02,B,-20.00,70.00\n2026-08-03,C,-5.00,65.00\n"


def test_the_balance_is_checked_and_told(client_alice):
    page = look(client_alice, upload_statement(client_alice, BALANCES)).content.decode()
    assert "The rows add up to the closing balance." in page
    missing = BALANCES + "2026-08-04,D,-1.00,24.00\n2026-08-05,E,-2.00,22.00\n"
    page = look(client_alice, upload_statement(client_alice, missing)).content.decode()
    assert "The rows and the closing balance differ by ₪40.00." in page
    without = "Date,Title,Amount\n2026-08-01,A,-10.00\n"
    assert "closing balance" not in look(client_alice, upload_statement(client_alice, without)).content.decode()


def workbook(**sheets: list[tuple]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([("Date", "Title", "Amount"), *rows]):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_sheets_are_offered_and_the_choice_stays(client_alice):
    data = workbook(May=[("2026-05-01", "Tea", -3)], June=[("2026-06-01", "Bus", -4), ("2026-06-02", "Cake", -5)])
    batch = upload_statement(client_alice, data, "year.xlsx")
    page = look(client_alice, batch)
    assert (page.context["sheets"], page.context["counts"]["new"]) == (["May", "June"], 1)
    assert client_alice.post(f"{URL}{batch.pk}/", {"sheet": "June"}).status_code == 302
    for _again in range(2):
        page = look(client_alice, batch)
        assert (page.context["sheets"], page.context["counts"]["new"]) == (["May", "June"], 2)
    client_alice.post(f"{URL}{batch.pk}/", {"sheet": "July"})
    assert run(client_alice, batch).added == 2
    assert import_statement(client_alice, data, "year.xlsx").added == 1
    assert set(Expense.objects.values_list("title", flat=True)) == {"Tea", "Bus", "Cake"}


def test_each_sheet_keeps_its_ticks_and_its_reading(client_alice):
    days = [(f"2026-05-{day:02}", f"Shop {day}", -day) for day in range(1, 5)]
    batch = upload_statement(client_alice, workbook(May=days, June=days[:3]), "year.xlsx")
    url = f"{URL}{batch.pk}/"
    client_alice.post(url, fields(client_alice, batch) | {"sheet": "June", "shown": "new:0 1", "take": "new:0"})
    assert look(client_alice, batch).context["wanted"] == 3
    client_alice.post(url, fields(client_alice, batch) | {"sign": "positive", "shown": "new:2"})
    client_alice.post(url, {"sheet": "May"})
    page = look(client_alice, batch)
    assert [row["wanted"] for row in page.context["groups"]["new"]] == [True, False, True, True]
    client_alice.post(url, {"sheet": "June"})
    page = look(client_alice, batch)
    assert [row["wanted"] for row in page.context["groups"]["new"]] == [True, True, False]
    assert page.context["choices"].mapping.sign == "positive"
    assert run(client_alice, batch).added == 2
