"""The preview of an import, and the person's choices in it."""

import re
from datetime import date

import pytest
from bson import ObjectId
from django.template.loader import render_to_string

from classifier import memory
from expenses.importing import plan_steps
from expenses.importing.plan_steps import make_step
from expenses.models import Expense, ImportBatch
from expenses.tests.importing.uploading import BANK, fields, import_statement, run, statement, upload_statement
from expenses.tests.making import make_expenses

URL = "/expenses/import/"


def test_what_is_missing_is_said_at_its_field(client_alice):
    batch = upload_statement(client_alice, "alpha,beta,gamma\nx,y,z\nu,v,w\n")
    page = client_alice.get(f"{URL}{batch.pk}/")
    errors = page.context["form"].errors
    assert errors["column_date"] == ["FinBrain needs a date column. Choose it here."]
    assert "counts" not in page.context
    sent = fields(client_alice, batch) | {"column_money_out": "1"}
    assert "column_amount" not in client_alice.post(f"{URL}{batch.pk}/", sent).context["form"].errors
    assert client_alice.post(f"{URL}{batch.pk}/run/", sent).status_code == 200
    assert ImportBatch.objects.get().state == "draft"


def test_what_cannot_be_read_is_shown_with_its_line(client_alice):
    batch = upload_statement(client_alice, BANK + "2026-13-45,<b>Bread</b>,-3.20\n")
    page = client_alice.get(f"{URL}{batch.pk}/")
    [problem] = page.context["unreadable"]
    assert (problem["line"], problem["text"]) == (8, "2026-13-45")
    assert b"2026-13-45" in page.content
    run(client_alice, batch)
    assert "6 added, 1 could not be read" in client_alice.get(f"{URL}{batch.pk}/").content.decode()


def test_a_row_whose_cell_is_empty_is_told_by_its_others(client_alice):
    batch = upload_statement(client_alice, BANK + "2026-08-14,,-3.20\n2026-08-15,Bread,\n")
    shown = client_alice.get(f"{URL}{batch.pk}/").context["unreadable"]
    assert [(row["text"], row["message"]) for row in shown] == [
        ("2026-08-14 · -3.20", "The title is missing."),
        ("2026-08-15 · Bread", "The amount is missing."),
    ]


def test_only_what_was_looked_at_comes_in(client_alice):
    """If the form differs from the preview, the page shows an updated preview instead of importing."""
    batch = upload_statement(client_alice, BANK)
    sent = fields(client_alice, batch) | {"currency": "EUR"}
    answer = client_alice.post(f"{URL}{batch.pk}/run/", sent)
    assert "You changed how the file is read" in answer.content.decode()
    assert "€32.40" in answer.content.decode()
    assert Expense.objects.count() == 0
    assert client_alice.post(f"{URL}{batch.pk}/run/", sent).status_code == 302
    assert set(Expense.objects.values_list("currency", flat=True)) == {"EUR"}


def test_nothing_to_import_begins_nothing(client_alice):
    import_statement(client_alice, BANK)
    batch = upload_statement(client_alice, BANK)
    answer = client_alice.post(f"{URL}{batch.pk}/run/", fields(client_alice, batch))
    assert "There is nothing to import. Tick the rows you want, or discard the file." in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "draft"


def test_the_preview_files_as_the_import_will(client_alice, alice):
    memory.learn(alice.pk, "COFFEE BEAN", "food-drinks")
    batch = upload_statement(client_alice, BANK)
    shown = client_alice.get(f"{URL}{batch.pk}/").context["groups"]["new"]
    run(client_alice, batch)
    stored = {row.title: (row.category, row.confidence) for row in Expense.objects.all()}
    assert {row["title"]: row["category"] for row in shown} == {title: slug for title, (slug, _) in stored.items()}
    assert stored["COFFEE BEAN"] == ("food-drinks", pytest.approx(1, abs=0.3))


def test_a_preview_is_short_however_long_the_file(client_alice):
    batch = upload_statement(client_alice, statement(3000))
    page = client_alice.get(f"{URL}{batch.pk}/")
    assert len(page.context["groups"]["new"]) == 100
    assert "1–100 of 3000" in page.content.decode()
    assert len(page.content) < 150_000


def test_htmx_gets_the_changing_part(client_alice):
    batch = upload_statement(client_alice, BANK)
    answer = client_alice.post(f"{URL}{batch.pk}/", fields(client_alice, batch), headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b'id="look"' in answer.content
    assert b'id="preview-said"' in answer.content


def test_all_rows_of_a_group_are_ticked_by_one_button(client_alice, alice):
    rows = [{"amount": f"{n + 1}.50", "spent_on": date(2026, 1 + n // 28 % 12, 1 + n % 28)} for n in range(130)]
    make_expenses(alice, [{"title": "Typed", **row} for row in rows])
    batch = upload_statement(client_alice, statement(131))
    page = client_alice.get(f"{URL}{batch.pk}/")
    assert (page.context["counts"]["alike"], len(page.context["groups"]["alike"]), page.context["wanted"]) == (
        130,
        100,
        1,
    )
    page = client_alice.post(f"{URL}{batch.pk}/", fields(client_alice, batch) | {"all": "alike:on"})
    assert page.context["wanted"] == 131
    page = client_alice.post(f"{URL}{batch.pk}/", fields(client_alice, batch) | {"shown": "alike:7", "page": "alike:2"})
    assert (page.context["wanted"], len(page.context["groups"]["alike"])) == (130, 30)
    run(client_alice, batch)
    assert (batch.added, batch.left_out) == (130, 1)


def test_what_was_imported_before_is_shown(client_alice):
    import_statement(client_alice, statement(120))
    page = client_alice.get(f"{URL}{upload_statement(client_alice, statement(125, first=2)).pk}/")
    known = page.context["groups"]["known"]
    assert (page.context["counts"]["known"], len(known), page.context["pages"]["known"]["last"]) == (118, 100, 2)
    assert [known[0][name] for name in ("line", "title", "date_iso")] == [2, "Shop 2", "2026-01-03"]
    assert "Shop 2</span>" in page.content.decode()


def test_money_that_came_in_is_new_and_shown_positive_with_its_category(client_alice, alice):
    memory.learn_entries(alice.pk, [("SALARY ACME GMBH", "in", "salary")])
    batch = upload_statement(client_alice, BANK + "2026-08-06,ALDI SUED 4711,12.00\n")
    page = client_alice.get(f"{URL}{batch.pk}/")
    rows = {(row["title"], row["amount_text"]): row for row in page.context["groups"]["new"]}
    salary, refund = rows["SALARY ACME GMBH", "+₪2,500.00"], rows["ALDI SUED 4711", "−₪12.00"]
    assert (salary["kind"], salary["category"], salary["refund"]) == ("received", "salary", False)
    assert (refund["kind"], refund["refund"]) == ("spent", True)
    assert "Salary" in page.content.decode()
    assert run(client_alice, batch).added == 7


def test_the_other_sign_makes_spending_of_what_came_in(client_alice):
    batch = upload_statement(client_alice, statement(130))
    page = client_alice.post(f"{URL}{batch.pk}/", fields(client_alice, batch) | {"sign": "positive"})
    assert (page.context["counts"]["new"], page.context["groups"]["new"][0]["amount_text"]) == (130, "−₪1.50")


PENDING = """Date,Description,Amount,Status
2026-08-03,ALDI,-32.40,Completed
2026-08-04,COFFEE,-4.50,Pending
2026-08-05,CINEMA,-11.00,Cancelled
2026-08-06,TRAIN,-8.20,Completed
"""


def test_what_is_not_booked_stays_out_unless_it_is_ticked(client_alice, alice):
    batch = upload_statement(client_alice, PENDING)
    page = client_alice.get(f"{URL}{batch.pk}/")
    assert page.context["counts"] == {"new": 2, "alike": 0, "known": 0, "unbooked": 2, "unreadable": 0}
    coffee, cinema = page.context["groups"]["unbooked"]
    assert [(row["title"], row["status"], row["wanted"]) for row in (coffee, cinema)] == [
        ("COFFEE", "pending", False),
        ("CINEMA", "cancelled", False),
    ]
    run(client_alice, batch, take=f"unbooked:{coffee['number']}")
    assert (batch.added, batch.left_out) == (3, 1)
    assert set(Expense.objects.values_list("title", flat=True)) == {"ALDI", "COFFEE", "TRAIN"}
    assert "3 added, 1 not ticked" in client_alice.get(f"{URL}{batch.pk}/").content.decode()
    booked = client_alice.get(f"{URL}{upload_statement(client_alice, PENDING.replace('Pending', 'Completed')).pk}/")
    assert booked.context["counts"] == {"new": 0, "alike": 0, "known": 3, "unbooked": 1, "unreadable": 0}


def test_a_pending_amount_takes_no_duplicate_from_a_booked_one(client_alice, alice):
    make_expenses(alice, [{"title": "Typed", "amount": "4.50", "spent_on": date(2026, 8, 4)}])
    batch = upload_statement(client_alice, PENDING + "2026-08-04,COFFEE BEAN,-4.50,Completed\n")
    counts = client_alice.get(f"{URL}{batch.pk}/").context["counts"]
    assert (counts["alike"], counts["unbooked"]) == (1, 2)


def test_only_unbooked_rows_can_be_imported_alone(client_alice):
    batch = upload_statement(client_alice, PENDING.replace("Completed", "Pending"))
    page = client_alice.get(f"{URL}{batch.pk}/")
    assert page.context["counts"]["new"] == 0
    content = page.content.decode()
    assert content.count("Import ticked entries") == 1
    assert "This file has no expenses to import" not in content
    assert run(client_alice, batch, take=f"unbooked:{page.context['groups']['unbooked'][0]['number']}").added == 1


def test_with_nothing_new_the_button_speaks_of_the_ticked_ones(client_alice, alice):
    make_expenses(alice, [{"title": "Typed", "amount": "1.50", "spent_on": date(2026, 1, 1)}])
    page = client_alice.get(f"{URL}{upload_statement(client_alice, statement(1)).pk}/").content.decode()
    assert "Import ticked entries" in page


def test_long_names_of_columns_are_cut(client_alice):
    names = ",".join(f"{place} {'x' * 4000}" for place in range(100))
    batch = upload_statement(
        client_alice, f"{names}\n" + ",".join(["2026-08-03", "Bread", "-3.20", *["b"] * 97]) + "\n"
    )
    page = client_alice.get(f"{URL}{batch.pk}/").content
    assert b"99 xxx" in page
    assert len(page) < 150_000


def test_the_navigation_shows_where_one_is(client_alice):
    for url, kind in ((URL, "page"), (f"{URL}{upload_statement(client_alice, BANK).pk}/", "true")):
        assert f'href="{URL}" aria-current="{kind}"' in client_alice.get(url).content.decode()
    assert f'href="{URL}">' in client_alice.get("/expenses/").content.decode()


@pytest.fixture
def made(monkeypatch) -> list[object]:
    """The plans made so far."""
    plans = []
    monkeypatch.setattr(plan_steps, "make_step", lambda *args: plans.append(make_step(*args)) or plans[-1])
    return plans


def test_the_plan_is_made_once(client_alice, made):
    batch = upload_statement(client_alice, BANK)
    sent = fields(client_alice, batch)
    first = client_alice.get(f"{URL}{batch.pk}/")
    client_alice.post(f"{URL}{batch.pk}/", sent)
    assert run(client_alice, batch).added == 6
    assert len(made) == 1
    assert first.context["counts"] == {"new": 6, "alike": 0, "known": 0, "unbooked": 0, "unreadable": 0}
    batch.refresh_from_db()
    assert (batch.plan, batch.preview, batch.table) == (None, None, None)


@pytest.mark.parametrize("change", ["choices", "language", "expense", "undo"])
def test_the_plan_is_made_again_when_what_it_depends_on_changes(client_alice, alice, made, change):
    earlier = import_statement(client_alice, BANK.replace("-4.50", "-7.50"))
    batch = upload_statement(client_alice, BANK)
    client_alice.get(f"{URL}{batch.pk}/")
    before = len(made)
    if change == "choices":
        client_alice.post(f"{URL}{batch.pk}/", fields(client_alice, batch) | {"currency": "EUR"})
    elif change == "language":
        client_alice.cookies["django_language"] = "he"
    elif change == "expense":
        client_alice.post(
            "/expenses/add/", {"title": "Tea", "amount": "4", "currency": "EUR", "spent_on": "2026-08-20"}
        )
    else:
        client_alice.post(f"{URL}{earlier.pk}/undo/")
    shown = client_alice.get(f"{URL}{batch.pk}/")
    assert len(made) == before + 1
    assert shown.context["counts"]["known"] == (0 if change in ("choices", "undo") else 4)


def test_making_plans_is_limited(client_alice, settings, one_minute):
    """A kept plan may be looked at more often."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"plan": 1}
    batch, other = upload_statement(client_alice, BANK), upload_statement(client_alice, BANK)
    assert [client_alice.get(f"{URL}{batch.pk}/").status_code for _ in range(3)] == [200, 200, 200]
    assert client_alice.get(f"{URL}{other.pk}/").status_code == 429


def test_a_draft_of_an_earlier_version(client_alice):
    batch = upload_statement(client_alice, BANK)
    ImportBatch.objects.update(table=None, plan_key="")
    assert fields(client_alice, batch)["column_date"] == "0"
    assert run(client_alice, batch).added == 6


def test_counts_are_written_with_separators():
    counts = {"new": 8998, "alike": 1200, "known": 12, "unbooked": 0, "unreadable": 10_000}
    context = {"batch": ImportBatch(pk=ObjectId()), "counts": counts, "wanted": 8998}
    page = render_to_string("expenses/_import_counts.html", context)
    assert re.findall(r'<b class="num">(.*?)</b>', page) == ["8,998", "1,200", "12", "10,000"]
    assert "Import 8,998 entries" in page
