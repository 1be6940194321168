"""The categories of another app: what they mean, what is learned from them, and what is remembered."""

import pytest

from classifier.suggest import suggest
from expenses.importing.file_categories import keep_meanings, kept_meanings, key_of
from expenses.models import ColumnMapping, Expense
from expenses.tests.importing.uploading import fields, import_statement, run, upload_statement

pytestmark = pytest.mark.django_db
HEAD = "Date,Payee,Category,Account,Notes,Tags,Amount\n"
FILE = (
    HEAD
    + '2026-08-03,Grocer Maple,Groceries,Giro,weekly shop,"home, date night",-32.40\n'
    + "2026-08-04,Corner Bakery,Groceries,Giro,,,-4.50\n"
    + "2026-08-05,Supermarket Sun,Groceries,Giro,,,-54.10\n"
    + "2026-08-06,City Metro ticket,Bus & Train,Giro,,,-2.80\n"
    + "2026-08-07,Taxi to the airport,Bus & Train,Giro,,,-31.00\n"
    + "2026-08-08,Qwrx 17,Zed,Giro,,,-9.00\n"
    + "2026-08-10,Acorn Works,Paycheck,Giro,,,2500.00\n"
    + "2026-08-12,Rainy Day,Transfer,Giro,,,-300.00\n"
)


def offered(client, batch) -> dict[str, dict]:
    return {one["name"]: one for one in client.get(f"/expenses/import/{batch.pk}/").context["file_categories"]}


def means(**slugs: str) -> list[str]:
    return [f"{key_of(name.replace('_', ' '))}:{slug}" for name, slug in slugs.items()]


def filed(**wanted: str) -> dict[str, tuple[str, bool]]:
    rows = Expense.objects.filter(deleted_at=None, **wanted)
    return {row.title: (row.category, row.reviewed) for row in rows}


def test_categories_are_proposed_from_titles_and_names(client_alice, real_model):
    found = offered(client_alice, upload_statement(client_alice, FILE))
    assert [(name, one["slug"], one["count"]) for name, one in found.items()] == [
        ("Groceries", "food-drinks", 3),
        ("Bus & Train", "transportation", 2),
        ("Paycheck", "salary", 1),
        ("Transfer", "transfer", 1),
        ("Zed", "", 1),
    ]
    assert found["Groceries"]["percent"] == 100
    page = client_alice.get(f"/expenses/import/{upload_statement(client_alice, FILE).pk}/").content.decode()
    assert "100% of 3" in page


def test_a_name_alone_is_enough_if_it_says_so(client_alice, real_model):
    rows = "2026-03-31,Invoice 4711,Groceries,Giro,,,-30\n2026-03-30,Order 12,Transport,Giro,,,-14\n"
    found = offered(client_alice, upload_statement(client_alice, HEAD + rows + "2026-03-28,Y 8,Rent,Giro,,,-90\n"))
    slugs = {name: one["slug"] for name, one in found.items()}
    assert slugs == {"Groceries": "food-drinks", "Transport": "transportation", "Rent": "housing-bills"}


def test_a_category_of_mixed_titles_is_left_to_each_title(client_alice, real_model):
    titles = ("Grocer Maple", "City Metro ticket", "Pharmacy", "Cinema Rex", "Electricity bill", "Book shop")
    rows = "".join(f"2026-08-0{n},{title},Qx,Giro,,,-5.00\n" for n, title in enumerate(titles, 1))
    assert offered(client_alice, upload_statement(client_alice, HEAD + rows))["Qx"]["slug"] == ""


def test_mapped_rows_are_reviewed_and_taught_until_the_import_is_undone(client_alice, alice):
    batch = upload_statement(client_alice, FILE)
    run(client_alice, batch, means=means(Groceries="leisure-gifts", Zed="health-essentials"))
    assert filed(title="Grocer Maple") == {"Grocer Maple": ("leisure-gifts", True)}
    assert filed(title="Qwrx 17") == {"Qwrx 17": ("health-essentials", True)}
    assert filed(category_source="person").keys() == {
        *("Grocer Maple", "Corner Bakery", "Supermarket Sun", "Qwrx 17", "Acorn Works", "Rainy Day")
    }
    found = suggest("Qwrx 17", alice.pk)
    assert found is not None
    assert (found.category, found.source) == ("health-essentials", "memory")
    client_alice.post(f"/expenses/import/{batch.pk}/undo/")
    assert suggest("Qwrx 17", alice.pk) is None


def test_a_choice_shows_in_the_preview_and_stays_until_it_is_changed(client_alice):
    batch = upload_statement(client_alice, FILE)
    page = f"/expenses/import/{batch.pk}/"
    sent = fields(client_alice, batch) | {"means": means(Zed="housing-bills")}
    shown = {row["title"]: row for row in client_alice.post(page, sent).context["groups"]["new"]}
    assert (shown["Qwrx 17"]["category"], shown["Qwrx 17"]["confidence_pct"]) == ("housing-bills", None)
    assert offered(client_alice, batch)["Zed"]["slug"] == "housing-bills"
    client_alice.post(page, sent | {"means": means(Zed="")})
    assert offered(client_alice, batch)["Zed"]["slug"] == ""


def test_meanings_are_remembered_for_files_of_any_shape(client_alice, client_bob, alice):
    run(
        client_alice,
        upload_statement(client_alice, FILE),
        means=means(Groceries="leisure-gifts", Zed="", Paycheck="gift"),
    )
    other = "Day;What;Envelope;Sum\n2026-09-03;Stall 9;GROCERIES;-3.20\n2026-09-04;Stall 10;zed;-4.20\n"
    found = offered(client_alice, upload_statement(client_alice, other.replace("Envelope", "Category")))
    assert {name: (one["slug"], one["is_kept"]) for name, one in found.items()} == {
        "GROCERIES": ("leisure-gifts", True),
        "zed": ("", True),
    }
    assert not any(one["is_kept"] for one in offered(client_bob, upload_statement(client_bob, FILE)).values())


def test_automatic_files_each_row_by_its_title(client_alice):
    run(client_alice, upload_statement(client_alice, FILE), means=means(Transfer="", Paycheck=""))
    assert filed(title="Rainy Day") == {"Rainy Day": ("transfer", False)}
    assert filed(title="Acorn Works") == {"Acorn Works": ("salary", False)}


def test_income_is_never_what_was_paid(client_alice):
    run(client_alice, upload_statement(client_alice, FILE), means=means(Groceries="salary"))
    assert not any(reviewed for _category, reviewed in filed(title="Grocer Maple").values())


def test_a_row_that_is_mended_keeps_the_category_of_its_own(client_alice):
    batch = upload_statement(client_alice, FILE)
    page = f"/expenses/import/{batch.pk}/"
    row = {row["title"]: row for row in client_alice.get(page).context["groups"]["new"]}["Grocer Maple"]
    sent = fields(client_alice, batch) | {"means": means(Groceries="food-drinks"), "mend": row["number"]}
    form = client_alice.post(page, sent).context["row_form"]
    assert form["category"].value() == "food-drinks"
    values = {f"row-{name}": form[name].value() for name in form.fields} | {"row-category": "housing-bills"}
    run(client_alice, batch, mending=row["number"], **values)
    assert filed(title__in=["Grocer Maple", "Corner Bakery"]) == {
        "Grocer Maple": ("housing-bills", True),
        "Corner Bakery": ("food-drinks", True),
    }


@pytest.mark.parametrize("sent", ["x", ":", f"{key_of('Zed')}:nothing", f"{key_of('Other')}:food-drinks", "\x00:\x00"])
def test_odd_meanings_change_nothing(client_alice, sent):
    batch = upload_statement(client_alice, FILE)
    page = f"/expenses/import/{batch.pk}/"
    assert client_alice.post(page, fields(client_alice, batch) | {"means": sent}).status_code == 200
    assert offered(client_alice, batch)["Zed"]["slug"] == ""


def test_notes_and_tags_of_the_file_become_the_note(client_alice):
    import_statement(client_alice, FILE)
    assert Expense.objects.get(title="Grocer Maple").note == "weekly shop · #home #date-night"
    assert Expense.objects.get(title="Corner Bakery").note == ""


def test_kinds_of_payment_and_files_without_categories_are_not_asked_about(client_alice):
    plain = "Date,Payee,Category,Amount\n2026-08-03,Grocer,Card payment,-3.00\n2026-08-04,Baker,,-4.00\n"
    assert offered(client_alice, upload_statement(client_alice, plain)) == {}


ODD = [{}, {"meanings": None}, {"meanings": 7}, {"meanings": [["zed"], 5, [[], "other"], ["zed", 5]]}, []]


@pytest.mark.parametrize("stored", ODD)
def test_meanings_of_another_shape_are_none(alice, stored):
    ColumnMapping.objects.create(ledger_id=alice.pk, header="categories", choices=stored)
    assert kept_meanings(alice.pk) == {}
    keep_meanings(alice.pk, (), {})
