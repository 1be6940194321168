"""Own categories: the page, and every place that shows categories."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from classifier import memory
from classifier.category_set import BASE, showing
from classifier.models import Feedback
from classifier.suggest import suggest
from expenses.categories.changes import (
    CategoryError,
    add_category,
    change_category,
    merge_category,
    move_category,
    restore_category,
)
from expenses.categories.proposals import Titled, topics
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories
from expenses.models import Expense
from expenses.models.own_categories import CategoryRow, category_set, palette_class, read_stored
from expenses.people.deletion import delete_person
from expenses.people.ledger_settings import personal_ledger, save_categories, stored_categories
from expenses.statements.cells import category_named
from expenses.tests.emails.sending import send_on
from expenses.tests.making import make_expenses
from expenses.tests.test_deletion import mentions_in_database
from expenses.tests.test_export_round_trip import read
from finbrain.core.past_the_orm import collection

pytestmark = pytest.mark.django_db
LIST = "/accounts/settings/categories/"


@pytest.fixture
def dog(alice) -> str:
    """An own category of Alice's below Other."""
    return own(alice, "other", "Dog")


def own(person: User, base: str, name: str) -> str:
    rows, slug = add_category(rows_of(person), base, name, "paw", 14)
    save(person, rows)
    return slug


def rows_of(person: User) -> tuple[CategoryRow, ...]:
    return stored_categories(personal_ledger(person)).rows


def save(person: User, rows: Sequence[CategoryRow]) -> None:
    save_categories(personal_ledger(person), rows)
    person.refresh_from_db()


def text_of(answer) -> str:
    return answer.content.decode()


def entry(person: User, title: str, category: str, amount: str = "10", **more) -> Expense:
    new = NewExpense(title, Decimal(amount), "ILS", timezone.localdate(), category, **more)
    return add_expense(personal_ledger(person), new).expense


# The rows, without a database.

ROWS = read_stored("").rows


def test_a_ledger_without_changes_has_the_base_categories():
    assert category_set(ROWS, "").categories == BASE.categories
    assert personal_ledger(User()).categories is BASE


def test_own_categories_follow_their_base_category():
    rows, dog = add_category(ROWS, "other", "Dog")
    rows, vet = add_category(rows, "health-essentials", "Vet")
    found = list(category_set(rows, "").categories)
    assert found.index(vet) == found.index("health-essentials") + 1
    assert found.index(dog) == found.index("other") + 1
    assert category_set(rows, "").stored_slugs(["other"]) == ("other", dog)
    assert category_set(rows, "").stored_slugs(["other_"]) == ("other",)


@pytest.mark.parametrize("name", ["Dog", "dog", "Food & Drinks", "תחבורה"])
def test_two_categories_never_have_the_same_name(name):
    rows, _ = add_category(ROWS, "other", "Dog")
    with pytest.raises(CategoryError):
        add_category(rows, "leisure-gifts", name)


def test_a_category_moves_among_those_of_its_level():
    rows, first = add_category(ROWS, "other", "Dog")
    rows, second = add_category(rows, "other", "Cat")
    assert category_set(move_category(rows, second, -1), "").own_of("other") == (second, first)
    assert move_category(rows, first, -1) == rows
    moved = list(category_set(move_category(rows, "other", -1), "").categories)
    assert moved.index("other") < moved.index("leisure-gifts")


def test_merging_is_read_through_chains_and_undone_exactly():
    rows, first = add_category(ROWS, "other", "Dog")
    rows, second = add_category(rows, "leisure-gifts", "Pets")
    once = merge_category(rows, first, second)
    twice = merge_category(once, second, "food-drinks")
    assert category_set(twice, "").slug_of(first) == "food-drinks"
    assert set(category_set(twice, "").stored_slugs(["food-drinks"])) == {"food-drinks", first, second}
    assert restore_category(twice, second) == once
    assert restore_category(once, first) == rows


@pytest.mark.parametrize("into", ["salary", "transfer", "nothing"])
def test_a_category_merges_only_with_one_of_its_kind(into):
    rows, slug = add_category(ROWS, "other", "Dog")
    with pytest.raises(CategoryError):
        merge_category(rows, slug, into)


def test_what_another_release_stored_is_left_out():
    row = {"slug": "other_1", "name": "Dog"}
    odd = [row, {"slug": "new-base_1", "name": "x"}, {"slug": "other_2"}, {"slug": "other_3", "name": 5}, "x", None]
    rows = read_stored(json.dumps({"categories": odd, "declined": [1, "other dog"], "later": 1}))
    assert [each.slug for each in rows.rows if each.is_own] == ["other_1"]
    assert rows.declined == ("other dog",)
    for text in ("", "[]", "null", "{", '{"categories": 5}'):
        assert read_stored(text).rows == ROWS


def test_palette_numbers_are_hues_then_patterns():
    assert [palette_class(number) for number in (1, 12, 13, 48)] == ["1", "12", "1 pattern-1", "12 pattern-3"]
    assert len({palette_class(number) for number in range(1, 41)}) == 40


def test_topics_are_words_of_many_different_titles():
    def rows(*titles: str, category: str = "other") -> list[Titled]:
        return [Titled(n, title, title.casefold(), category) for n, title in enumerate(titles)]  # pyright: ignore[reportArgumentType]

    about = rows(*["Dog food", "dog walker", "vet for the dog", "dog toys"] * 3, *(chr(97 + n) * 4 for n in range(20)))
    [found] = topics(about, (), ())
    assert (found.base, found.word, len(found.ids), found.of) == ("other", "dog", 12, 32)
    assert topics(about, [found.key], ()) == [] == topics(about, (), ["dog"])
    assert (
        topics(about + rows(*["dog beer", "hot dog", "dog pizza"] * 20, category="food-drinks"), (), ())[0].base
        == "food-drinks"
    )
    assert topics(rows(*["same dog"] * 20), (), ()) == []


# The page.


def test_a_category_is_added_renamed_hidden_and_moved(client_alice, alice):
    sent = {"name": "Dog", "base": "other", "icon": "paw", "palette": "13"}
    assert client_alice.post(LIST, sent).status_code == 302
    alice.refresh_from_db()
    [slug] = personal_ledger(alice).categories.own_of("other")
    page = text_of(client_alice.get(LIST))
    assert ">Dog</a>" in page
    assert "cat-1 pattern-1" in page
    changed = {"name": "Puppy", "icon": "paw", "palette": "2", "hidden": "on"}
    client_alice.post(f"{LIST}{slug}/", changed)
    client_alice.post(f"{LIST}other/", {"name": "Rest", "icon": "other", "palette": "7"})
    answer = client_alice.post(f"{LIST}other/move/", {"direction": "up"})
    assert answer.headers["Location"].endswith("#up-other")
    alice.refresh_from_db()
    found = personal_ledger(alice).categories
    assert found.category_of(slug).name == "Puppy"
    assert found.category_of("other").name == "Rest"
    assert slug not in dict(found.choices())
    assert list(found.categories).index("other") < list(found.categories).index("leisure-gifts")


def test_menus_are_those_of_the_ledger_and_the_language(client_alice, client_bob, alice, dog):
    """They are rendered once for each set of categories: the filters, two selects and the picker."""

    def menus(client, language: str) -> int:
        client.cookies["django_language"] = language
        page = text_of(client.get("/expenses/?month=all", headers={"Accept-Language": language}))
        assert (">אחר<" in page, "Other" in page) == (language == "he", language == "en")
        return page.count("Dog")

    entry(alice, "Bus", "other")
    shown = [(menus(client_alice, language), menus(client_bob, language)) for language in ("en", "he", "en", "he")]
    assert shown == [(4, 0)] * 4
    save(alice, change_category(rows_of(alice), dog, "Puppy", "paw", 14, hidden=False))
    assert menus(client_alice, "en") == 0


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "Other"}, {"base": "transfer"}, {"icon": "x"}, {"palette": "49"}, {"name": "x" * 41}],
)
def test_an_invalid_form_stays_with_messages(client_alice, alice, wrong):
    sent = {"name": "Dog", "base": "other", "icon": "paw", "palette": "13"} | wrong
    answer = client_alice.post(LIST, sent)
    assert answer.status_code == 422
    assert "errorlist" in text_of(answer)
    alice.refresh_from_db()
    assert alice.own_categories == ""


@pytest.mark.parametrize("path", ["", "move/", "merge/", "restore/"])
def test_a_category_of_another_ledger_is_not_found(client_bob, dog, path):
    assert client_bob.post(f"{LIST}{dog}/{path}", {"direction": "up", "into": "other", "name": "x"}).status_code == 404


def test_a_name_that_a_database_could_run_is_only_a_name(client_alice, alice):
    for name in ("$title", "a.b", "{}", "<b>"):
        client_alice.post(LIST, {"name": name, "base": "other", "icon": "paw", "palette": "13"})
    alice.refresh_from_db()
    found = personal_ledger(alice).categories
    assert [str(found.category_of(slug).name) for slug in found.own_of("other")] == ["$title", "a.b", "{}", "<b>"]
    entry(alice, "x", found.own_of("other")[3])
    assert "&lt;b&gt;" in text_of(client_alice.get("/expenses/"))


# Everywhere else.


def test_the_list_shows_filters_and_files_own_categories(client_alice, alice, dog):
    inside, beside = entry(alice, "Quokka food", dog), entry(alice, "Wombat thing", "other")
    page = text_of(client_alice.get("/expenses/"))
    assert f'data-category="{dog}"' in page
    assert "cat-2 pattern-1" in page
    assert "#paw" in page
    for chosen, titles in (
        ("other", {"Quokka food", "Wombat thing"}),
        (dog, {"Quokka food"}),
        ("other_", {"Wombat thing"}),
    ):
        answer = client_alice.get("/expenses/", {"month": "all", "category": chosen})
        assert {row["title"] for row in answer.context["rows"]} == titles, chosen
    client_alice.post(f"/expenses/{beside.pk}/category/", {"category": dog})
    client_alice.post("/expenses/several/", {"action": "category", "category": dog, "ids": [str(inside.pk)]})
    assert set(Expense.objects.values_list("category", flat=True)) == {dog}


def test_the_forms_offer_own_categories_and_refuse_those_of_others(client_alice, client_bob, alice, dog):
    page = text_of(client_alice.get("/expenses/"))
    assert f'<option value="{dog}">\u2003Dog</option>' in page
    sent = {"title": "Quokka", "amount": "5", "currency": "ILS", "spent_on": "2026-08-20", "category": dog}
    assert client_alice.post("/expenses/add/", sent).status_code == 302
    expense = Expense.objects.get()
    assert (expense.category, expense.kind) == (dog, "spent")
    assert client_bob.post("/expenses/add/", sent).status_code == 422
    theirs = entry(User.objects.get(email__startswith="bob"), "x", "other")
    assert client_bob.post(f"/expenses/{theirs.pk}/category/", {"category": dog}).status_code == 422
    assert dog not in text_of(client_bob.get("/expenses/"))
    edited = client_alice.post(f"/expenses/{expense.pk}/edit/", {"note": "new"})
    assert edited.status_code == 302
    expense.refresh_from_db()
    assert (expense.category, expense.note) == (dog, "new")


def test_the_inbox_gives_own_categories_a_key(client_alice, alice, dog):
    [unsure] = make_expenses(alice, [{"title": "Quokka", "amount": "5", "unsure": 0.4}])
    page = text_of(client_alice.get("/expenses/inbox/"))
    assert f'value="{dog}"' in page
    assert [key for slug, _name, key in client_alice.get("/expenses/inbox/").context["categories"] if slug == dog] == [
        "a"
    ]
    client_alice.post("/expenses/inbox/review/", {"id": str(unsure.pk), "category": dog})
    unsure.refresh_from_db()
    assert (unsure.category, unsure.reviewed) == (dog, True)


def test_the_dashboard_drills_from_a_base_category_to_its_own(client_alice, alice, dog):
    cat = own(alice, "other", "Cat")
    for title, category, amount in (
        ("A", dog, "10"),
        ("B", cat, "20"),
        ("C", "other", "40"),
        ("D", "food-drinks", "80"),
    ):
        entry(alice, title, category, amount)
    everything = client_alice.get("/dashboard/")
    rows = {row["slug"]: row for row in everything.context["rows"]}
    assert set(rows) == {"other", "food-drinks"}
    assert "70" in rows["other"]["amount"]
    assert "2" in rows["other"]["inside"]["text"]
    inside = client_alice.get(rows["other"]["inside"]["url"])
    assert [row["slug"] for row in inside.context["rows"]] == ["other_", cat, dog]
    assert inside.context["total"] == rows["other"]["amount"]
    for row in inside.context["rows"]:
        shown = client_alice.get(row["url"])
        assert shown.context["total_text"] == row["amount"]
    only = client_alice.get("/dashboard/", {"category": dog})
    assert [row["slug"] for row in only.context["rows"]] == [dog]
    for view in ("comparison", "cashflow"):
        assert client_alice.get("/dashboard/", {"view": view, "category": "other"}).status_code == 200


def test_renaming_leaves_stored_data_alone_and_changes_kept_pages(client_alice, alice, dog):
    expense = entry(alice, "Quokka food", dog)
    before = Expense.objects.filter(pk=expense.pk).values().get()
    for path in ("/expenses/", "/dashboard/?category=other"):
        first = client_alice.get(path)
        assert "Dog" in text_of(first)
        save(alice, change_category(rows_of(alice), dog, "Puppy", "paw", 2, hidden=False))
        again = client_alice.get(path, headers={"if-none-match": first["ETag"]})
        assert again.status_code == 200
        assert "Puppy" in text_of(again)
        save(alice, change_category(rows_of(alice), dog, "Dog", "paw", 14, hidden=False))
    assert Expense.objects.filter(pk=expense.pk).values().get() == before


def test_merging_counts_everywhere_and_its_undo_is_exact(client_alice, alice, dog):
    expense = entry(alice, "Quokka food", dog)
    stored = Expense.objects.filter(pk=expense.pk).values().get(), alice.own_categories
    client_alice.post(f"{LIST}{dog}/merge/", {"into": "leisure-gifts"})
    assert "Undo" in text_of(client_alice.get(LIST))
    assert client_alice.get("/expenses/", {"category": "leisure-gifts"}).context["count"] == 1
    assert client_alice.get("/expenses/", {"category": "other"}).context["count"] == 0
    assert [row["slug"] for row in client_alice.get("/dashboard/").context["rows"]] == ["leisure-gifts"]
    alice.refresh_from_db()
    with showing(personal_ledger(alice).categories):
        found = suggest("Quokka food", alice.pk)
    assert found
    assert found.category == "leisure-gifts"
    client_alice.post(f"/expenses/{expense.pk}/edit/", {"note": ""})
    client_alice.post(f"{LIST}{dog}/restore/")
    alice.refresh_from_db()
    now = Expense.objects.filter(pk=expense.pk).values().get()
    changing = {"updated_at": None}
    assert (now | changing, alice.own_categories) == (stored[0] | changing, stored[1])
    assert client_alice.get("/expenses/", {"category": "other"}).context["count"] == 1


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "json"])
def test_an_export_names_both_levels_and_is_imported_unchanged(client_alice, client_bob, alice, bob, dog, format_name):
    entry(alice, "Quokka food", dog)
    data = b"".join(client_alice.get("/expenses/export/", {"month": "all", "format": format_name}).streaming_content)
    if format_name == "csv":
        head, row = data.decode("utf-8-sig").splitlines()
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        assert (cells["Category"], cells["Base category"]) == ("Dog", "Other")
    with showing(personal_ledger(alice).categories):
        assert [each.category for each in read(data, f"x.{format_name}")] == [dog]
    assert [each.category for each in read(data, f"x.{format_name}")] == ["other"]


def test_files_name_own_and_renamed_categories(alice, dog):
    save(alice, change_category(rows_of(alice), "other", "Misc", "other", 7, hidden=False))
    with showing(personal_ledger(alice).categories):
        named = [category_named(text) for text in ("dog", " DOG ", "misc", "Other", dog, "Supermarket")]
    assert named == [dog, dog, "other", "other", dog, ""]
    assert category_named("Dog") == ""


def test_only_base_categories_leave_the_ledger(alice, dog):
    ledger = personal_ledger(alice)
    rows = [{"title": "Quokka food", "amount": "5", "category": "food-drinks", "unsure": 0.4}]
    [unsure] = make_expenses(alice, rows)
    set_categories(ledger, [unsure.pk], dog)
    assert Feedback.objects.get().chosen_category == "other"
    set_categories(ledger, [unsure.pk], "leisure-gifts")
    assert Feedback.objects.get().chosen_category == "leisure-gifts"
    set_categories(ledger, [unsure.pk], dog)
    assert Feedback.objects.get().chosen_category == "other"
    [inside] = make_expenses(alice, [{"title": "Emu feed", "amount": "5", "category": "other", "unsure": 0.4}])
    set_categories(ledger, [inside.pk], dog)
    assert Feedback.objects.count() == 1, "Other was right"


def test_the_memory_learns_and_unlearns_own_categories(alice, dog):
    memory.learn(alice.pk, "Quokka food", dog)
    with showing(personal_ledger(alice).categories):
        found = suggest("quokka food", alice.pk)
        assert found
        assert (found.category, found.source) == (dog, "memory")
        memory.unlearn(alice.pk, "Quokka food", dog)
        found = suggest("quokka food", alice.pk)
        assert found is None or found.category != dog


def test_income_has_own_categories_too(client_alice, alice):
    bonus = own(alice, "salary", "Bonus")
    expense = entry(alice, "Quokka bonus", bonus, "-900")
    assert expense.kind == "received"
    page = client_alice.get("/dashboard/", {"view": "cashflow"})
    assert [row["name"] for row in page.context["income"]] == ["Bonus"]
    assert client_alice.get("/expenses/", {"category": "salary"}).context["count"] == 1


def test_the_monthly_email_has_base_categories_as_the_person_calls_them(alice, dog):
    save(alice, change_category(rows_of(alice), "other", "Misc", "other", 7, hidden=False))
    rows = [{"title": title, "amount": "5", "category": category} for title, category in (("A", dog), ("B", "other"))]
    make_expenses(alice, rows)
    User.objects.filter(pk=alice.pk).update(monthly_summary=True)
    assert send_on(date(2026, 9, 1)) == 1
    assert "Misc: ₪10.00" in mail.outbox[0].body


def test_deleting_the_account_deletes_its_categories(alice, dog):
    entry(alice, "Quokka food", dog)
    delete_person(alice)
    assert mentions_in_database([dog]) == []


def test_an_account_of_an_earlier_release_has_the_base_categories(client_alice, alice):
    entry(alice, "Quokka food", "other")
    for change in ({"$set": {"own_categories": {"damaged": 1}}}, {"$unset": {"own_categories": ""}}):
        collection(User).update_one({"_id": alice.pk}, change)
        assert "Quokka food" in text_of(client_alice.get("/expenses/"))
    assert client_alice.post(LIST, {"name": "Dog", "base": "other", "icon": "paw", "palette": "13"}).status_code == 302
    assert ">Dog</a>" in text_of(client_alice.get(LIST))


def test_a_proposal_is_made_once_or_declined_for_good(client_alice, alice):
    titles = ["dog food", "dog walker", "vet dog", "dog toys"] * 3
    make_expenses(
        alice,
        [{"title": title, "amount": "5", "category": "other", "spent_on": timezone.localdate()} for title in titles],
    )
    assert [each["key"] for each in client_alice.get(LIST).context["proposals"]] == ["other dog"]
    client_alice.post(f"{LIST}proposals/", {"proposal": "other dog", "answer": "no"})
    assert client_alice.get(LIST).context["proposals"] == []
    alice.refresh_from_db()
    alice.own_categories = ""
    alice.save()
    client_alice.post(f"{LIST}proposals/", {"proposal": "other dog", "answer": "yes"})
    alice.refresh_from_db()
    [slug] = personal_ledger(alice).categories.own_of("other")
    assert Expense.objects.filter(category=slug).count() == 12
    assert client_alice.get(LIST).context["proposals"] == []


def test_own_categories_cost_no_round_trip(client_alice, alice, dog, count_db):
    entry(alice, "Wombat", "food-drinks")
    for path in ("/expenses/", "/dashboard/"):
        client_alice.get(path)
    counts = []
    for stored in (alice.own_categories, ""):
        alice.own_categories = stored
        alice.save()
        entry(alice, f"Quokka {stored[:5]}", "food-drinks")
        with count_db() as counted:
            client_alice.get("/expenses/")
            client_alice.get("/dashboard/")
        counts.append(counted.names)
    assert counts[0] == counts[1]


def test_merging_and_restoring_twice_say_so(client_alice, dog):
    first = client_alice.post(f"{LIST}{dog}/merge/", {"into": "leisure-gifts"}, follow=True)
    assert "Dog is now part of" in text_of(first)
    again = client_alice.post(f"{LIST}{dog}/merge/", {"into": "leisure-gifts"}, follow=True)
    assert again.redirect_chain == [(LIST, 302)]
    assert "Dog has already been merged." in text_of(again)
    client_alice.post(f"{LIST}{dog}/restore/", follow=True)
    restored = client_alice.post(f"{LIST}{dog}/restore/", follow=True)
    assert restored.redirect_chain == [(LIST, 302)]
    assert "Dog has already been restored." in text_of(restored)
