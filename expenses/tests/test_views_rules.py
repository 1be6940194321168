"""The pages of rules: from an expense to a rule, its preview, the past, undo, the order, and whose rules they are."""

import io
import json
import re
import zipfile
from decimal import Decimal

import pytest
from bson import ObjectId

from accounts.models import User
from classifier.models import Memory
from expenses.ledger.by_rule import file_stored_by_rule, undo_rule
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories
from expenses.models import Expense, RuleChange
from expenses.models.rules import MOST, How, Rule, live, read_rules
from expenses.people.deletion import delete_person
from expenses.people.ledger_settings import personal_ledger, save_rules
from expenses.rules import effect
from expenses.rules.effect import effect_of_rule
from expenses.tests.making import DAY, make_expense, make_expenses

RULES, NEW = "/expenses/rules/", "/expenses/rules/new/"
TEA, RENT = (Rule(f"{number:024x}", How.CONTAINS, text, category="other") for number, text in ((1, "tea"), (2, "rent")))
TYPED = {"how": "contains", "text": "tesco", "category": "food-drinks"}


def keep_rules(person, rules):
    save_rules(personal_ledger(person), rules)


def rules_of(person):
    return live(read_rules(User.objects.get(pk=person.pk).rules))


def save(client, address=NEW, next_url="", **values):
    """Preview a rule and save what was previewed."""
    form = client.post(address, TYPED | values | {"action": "preview"})
    assert form.status_code == 200, form.context["form"].errors
    seen = form.context["preview"]["seen"]
    return client.post(address, TYPED | values | {"action": "save", "seen": seen, "next": next_url})


def undo(client, page):
    """Press Undo in the message on a page."""
    client.post(re.search(r'action="([^"]+/(?:undo|restore)/)"', page)[1])


@pytest.fixture
def shops(alice):
    """Expenses of one merchant: two unsure under Other, one under Food, one that Alice filed by hand, and another."""
    rows = [
        {"title": f"TESCO STORES {number}", "amount": "5", "unsure": 0.4, "category": "other"}
        for number in (3297, 2841)
    ]
    rows.append({"title": "Tesco Stores", "amount": "5", "unsure": 0.9, "category": "food-drinks"})
    rows += [
        {"title": "tesco stores 1234", "amount": "5", "category": "leisure-gifts"},
        {"title": "Kiosk", "amount": "5"},
    ]
    return make_expenses(alice, rows)


def categories(shops):
    found = {expense.pk: (expense.category, expense.category_source) for expense in Expense.objects.all()}
    return [found[expense.pk] for expense in shops]


BEFORE = [("other", "model"), ("other", "model"), ("food-drinks", "model"), ("leisure-gifts", "person")]


def test_from_an_expense_in_two_clicks(client_alice, alice, shops):
    address = f"/expenses/{shops[2].pk}/always/"
    assert address in client_alice.get(f"/expenses/{shops[2].pk}/edit/").content.decode()
    page = client_alice.get(address, headers={"referer": "http://testserver/expenses/?month=2026-08"})
    preview, form = page.context["preview"], page.context["form"]
    assert (preview["effect"].count, preview["differ"], preview["by_hand"], preview["to_file"]) == (4, 3, 1, 3)
    shown = [(row["title"], row["note"]) for row in preview["rows"]]
    banks = [("Tesco Stores", f"TESCO STORES {number}") for number in (2841, 3297)]
    assert shown == [("tesco stores 1234", ""), *banks]
    sent = {field.html_name: field.value() or "" for field in form}
    hidden = {"id": form.rule_id, "seen": preview["seen"], "next": page.context["next"], "action": "save"}
    answer = client_alice.post(page.context["address"], sent | hidden)
    assert answer.url == "http://testserver/expenses/?month=2026-08"
    [rule] = rules_of(alice)
    assert (rule.how, rule.text, rule.category) == ("merchant", "tesco stores", "food-drinks")
    assert categories(shops)[:4] == BEFORE, "the past only changes if the person wants it"
    client_alice.post(page.context["address"], sent | hidden)
    assert len(rules_of(alice)) == 1, "sending the form twice makes one rule"
    page = client_alice.get(f"/expenses/{shops[0].pk}/always/")
    assert (page.context["form"].rule_id, page.context["form"]["category"].value()) == (rule.id, "other")


def test_nothing_is_saved_before_it_was_previewed(client_alice, alice):
    seen = client_alice.post(NEW, TYPED | {"action": "preview"}).context["preview"]["seen"]
    for sent in ({"action": "save"}, {"action": "save", "seen": seen, "text": "aldi"}):
        answer = client_alice.post(NEW, TYPED | sent)
        assert (answer.status_code, bool(answer.context["preview"])) == (200, True)
    assert rules_of(alice) == ()


def test_the_past_and_its_undo(client_alice, alice, shops):
    answer = save(client_alice, past="1", next_url="/expenses/?month=2026-08")
    [rule] = rules_of(alice)
    assert categories(shops)[:4] == [("food-drinks", "rule")] * 3 + BEFORE[3:]
    page = client_alice.get(answer.url).content.decode()
    assert page.count(f'href="{RULES}{rule.id}/"') == 3
    assert "By your rule: title contains “tesco”" in page
    set_categories(personal_ledger(alice), [shops[0].pk], "other")
    undo(client_alice, page)
    assert categories(shops)[:4] == [("other", "person"), *BEFORE[1:]], "what was filed by hand since then stays"
    assert not RuleChange.objects.exists()


def test_by_hand_only_if_chosen_and_the_memory_follows(client_alice, alice):
    add_expense(personal_ledger(alice), NewExpense("tesco stores", Decimal(5), "ILS", DAY, "leisure-gifts"))
    answer = save(client_alice, past="1", by_hand="1")
    expense = Expense.objects.get()
    assert (expense.category, expense.category_source, expense.reviewed) == ("food-drinks", "rule", False)
    assert not Memory.objects.exists()
    undo(client_alice, client_alice.get(answer.url).content.decode())
    expense = Expense.objects.get()
    assert (expense.category, expense.category_source, expense.reviewed) == ("leisure-gifts", "person", True)
    assert Memory.objects.get().category == "leisure-gifts"


def test_a_title_alone_leaves_the_category(client_alice, alice, shops):
    values = {"category": "", "title": "Groceries", "one_off": "on"}
    answer = save(client_alice, past="1", by_hand="1", **values)
    assert categories(shops)[:4] == BEFORE
    named = Expense.objects.filter(shown_title="Groceries", title_key="groceries", one_off=True)
    assert named.count() == 4
    page = client_alice.get(answer.url).content.decode()
    assert "Shown as “Groceries”" in client_alice.get(f"/expenses/{shops[0].pk}/edit/").content.decode()
    undo(client_alice, page)
    assert not Expense.objects.exclude(shown_title="", one_off=False).exists()
    assert Expense.objects.filter(title_key__contains="tesco").count() == 4


def test_a_salary_of_the_past_comes_in_and_back(alice):
    expense = make_expense(alice, "Acme", "9000", category="other", unsure=0.4)
    ledger, rule = personal_ledger(alice), Rule("1", How.IS, "acme", category="salary")
    changed = file_stored_by_rule(ledger, rule, [expense.pk])
    expense.refresh_from_db()
    assert (expense.kind, expense.amount) == ("received", Decimal(-9000))
    assert undo_rule(ledger, changed.batch) == 1
    expense.refresh_from_db()
    assert (expense.kind, expense.amount, expense.category) == ("spent", Decimal(9000), "other")


def test_a_kind_alone_in_the_past(alice):
    moved = {
        "category": "transfer",
        "kind": "moved",
        "kind_source": "model",
        "reviewed": False,
        "category_source": "model",
    }
    expense = make_expense(alice, "bit dana", "9", **moved, confidence=0.9)
    changed = file_stored_by_rule(personal_ledger(alice), Rule("1", How.IS, "bit dana", kind="spent"), [expense.pk])
    expense.refresh_from_db()
    assert (expense.kind, expense.kind_source, expense.category, expense.confidence) == ("spent", "rule", "other", 0)
    assert undo_rule(personal_ledger(alice), changed.batch) == 1
    expense.refresh_from_db()
    assert (expense.kind, expense.kind_source, expense.category) == ("moved", "model", "transfer")


def test_only_what_no_earlier_rule_decides_is_counted(alice, shops):
    earlier, later = (
        Rule("1", How.STARTS, "tesco stores 2", category="other"),
        Rule("2", How.CONTAINS, "tesco", category="other"),
    )
    assert effect_of_rule(alice.pk, (earlier, later), later).count == 3
    assert effect_of_rule(alice.pk, (later, earlier), later).count == 4
    assert effect_of_rule(alice.pk, (later, earlier), earlier).count == 0


def test_the_past_has_a_limit_and_says_so(client_alice, alice, shops, monkeypatch, count_db):
    monkeypatch.setattr(effect, "LOOKED_AT", 3)
    page = client_alice.post(NEW, TYPED)
    assert page.context["preview"]["effect"].has_more
    assert "newest 3 expenses only" in page.content.decode()
    with count_db() as calls:
        client_alice.post(NEW, TYPED)
    few = len(calls)
    make_expenses(alice, [{"title": f"Tesco {number}", "amount": "1", "unsure": 0.1} for number in range(60)])
    monkeypatch.setattr(effect, "LOOKED_AT", 1000)
    client_alice.get(RULES)  # counts what waits for review, which has changed
    with count_db() as calls:
        client_alice.post(NEW, TYPED)
    assert len(calls) == few


def test_many_are_filed_in_parts(alice, count_db):
    ledger, rule = personal_ledger(alice), Rule("1", How.CONTAINS, "tesco", category="food-drinks")
    counts = []
    for number in (10, 260):
        rows = [{"title": f"Tesco {at}", "amount": "1", "unsure": 0.1} for at in range(number)]
        ids = [expense.pk for expense in make_expenses(alice, rows)]
        with count_db() as calls:
            changed = file_stored_by_rule(ledger, rule, ids)
        counts.append(len(calls))
        assert RuleChange.objects.filter(batch=changed.batch).count() == -(-number // 250)
        assert undo_rule(ledger, changed.batch) == number
    assert counts[1] <= 2 * counts[0] + 1  # more rows than one batch of a cursor


def test_the_order_is_changed_without_scripts(client_alice, alice):
    keep_rules(alice, [TEA, RENT])
    answer = client_alice.post(f"{RULES}{RENT.id}/change/", {"action": "up"})
    assert rules_of(alice) == (RENT, TEA)
    page = client_alice.get(answer.url).content.decode()
    assert re.search(r'aria-label="Move down: [^"]*rent[^"]*"\s+autofocus', page), "the focus stays on the rule"
    client_alice.post(f"{RULES}{RENT.id}/change/", {"action": "up"})
    assert rules_of(alice) == (RENT, TEA)
    client_alice.post(f"{RULES}{RENT.id}/change/", {"action": "down"})
    assert rules_of(alice) == (TEA, RENT)


def test_a_rule_is_switched_off_and_on(client_alice, alice):
    keep_rules(alice, [TEA])
    make_expense(alice, "Tea", "3", unsure=0.4)
    client_alice.post(f"{RULES}{TEA.id}/change/", {"action": "off"})
    assert "Off" in client_alice.get(RULES).content.decode()
    client_alice.post("/expenses/add/", {"title": "Tea 3", "spent_on": "2026-08-20"})
    assert not Expense.objects.filter(category_source="rule").exists()
    preview = client_alice.get(f"{RULES}{TEA.id}/").context["preview"]
    assert (preview["effect"].count, preview["is_on"]) == (2, False)
    save(client_alice, f"{RULES}{TEA.id}/", text="tea", past="1")
    assert not Expense.objects.filter(category_source="rule").exists()
    client_alice.post(f"{RULES}{TEA.id}/change/", {"action": "on"})
    client_alice.post("/expenses/add/", {"title": "Tea 3", "spent_on": "2026-08-20"})
    assert Expense.objects.filter(category_source="rule").count() == 1


def test_a_deleted_rule_comes_back_to_its_place(client_alice, alice):
    keep_rules(alice, [TEA, RENT])
    client_alice.post("/expenses/add/", {"title": "Tea 3", "spent_on": "2026-08-20"})
    answer = client_alice.post(f"{RULES}{TEA.id}/change/", {"action": "delete"})
    assert rules_of(alice) == (RENT,)
    undo(client_alice, client_alice.get(answer.url).content.decode())
    assert rules_of(alice) == (TEA, RENT)
    client_alice.post(f"{RULES}{TEA.id}/change/", {"action": "delete"})
    page = client_alice.get(f"/expenses/{Expense.objects.get().pk}/edit/").content.decode()
    assert "By a rule that you deleted" in page
    client_alice.post(f"{RULES}{TEA.id}/restore/")
    for rule in (TEA, RENT):
        client_alice.post(f"{RULES}{rule.id}/change/", {"action": "delete"})
    assert client_alice.post(f"{RULES}{TEA.id}/restore/").status_code == 404, "only the last one is kept"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"category": ""}, "category"),
        ({"category": "pets"}, "category"),
        ({"least": "20", "most": "10"}, "most"),
        ({"least": "many"}, "least"),
        ({"most": "0"}, "most"),
        ({"how": "matches"}, "how"),
        ({"currency": "XXX"}, "currency"),
        ({"direction": "up"}, "direction"),
        ({"kind": "moved"}, "kind"),
        ({"text": "x" * 121}, "text"),
        ({"text": "TEA", "category": "food-drinks"}, "text"),
    ],
)
def test_messages_are_at_their_fields(client_alice, alice, values, field):
    keep_rules(alice, [TEA])
    answer = client_alice.post(NEW, TYPED | values | {"action": "save"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert len(rules_of(alice)) == 1


def test_there_is_a_limit(client_alice, alice):
    save_rules(
        personal_ledger(alice),
        [Rule(str(ObjectId()), text=f"shop {number}", category="other") for number in range(MOST)],
    )
    answer = client_alice.post(NEW, TYPED)
    assert answer.status_code == 422
    assert f"at most {MOST} rules" in answer.content.decode()


def test_limits_are_read_like_amounts(client_alice, alice):
    save(client_alice, text="", least="1,250", most="1,300", currency="USD", account="Visa", direction="out")
    [rule] = rules_of(alice)
    assert (rule.least, rule.currency, rule.account, rule.direction) == (Decimal(1250), "USD", "Visa", "out")


def test_a_stranger_finds_nothing(client_bob, client_alice, alice, bob, shops):
    save(client_alice, past="1")
    [rule] = rules_of(alice)
    batch = RuleChange.objects.get().batch
    keep_rules(bob, [TEA])
    assert client_bob.get(f"/expenses/{shops[0].pk}/always/").status_code == 404
    assert client_bob.get(f"{RULES}{rule.id}/").status_code == 404
    assert client_bob.post(f"{RULES}{rule.id}/change/", {"action": "delete"}).status_code == 404
    assert client_bob.post(f"{RULES}{rule.id}/restore/").status_code == 404
    client_bob.post(f"{RULES}changes/{batch}/undo/")
    assert file_stored_by_rule(personal_ledger(bob), TEA, [each.pk for each in shops]).count == 0
    assert categories(shops)[:3] == [("food-drinks", "rule")] * 3
    assert len(rules_of(alice)) == 1


def test_they_are_in_the_download_and_go_with_the_person(client_alice, alice, shops):
    save(client_alice, past="1", title="Groceries")
    answer = client_alice.post("/accounts/download/", {"password": "correct horse battery staple"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    [rule] = json.loads(archive.read("rules.json"))
    assert (rule["text"], rule["category"], rule["title"]) == ("tesco", "food-drinks", "Groceries")
    stored = json.loads(archive.read("expenses.json"))
    assert {row["shown_title"] for row in stored if row["rule"] == rule["id"]} == {"Groceries"}
    assert len(json.loads(archive.read("rulechange.json"))[0]["before"]) == 3
    delete_person(alice)
    assert not RuleChange.objects.exists()


def test_a_correction_offers_a_rule(client_alice, alice, shops):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=2026-08"}
    answer = client_alice.post(f"/expenses/{shops[0].pk}/category/", {"category": "food-drinks"}, headers=headers)
    assert f'href="/expenses/{shops[0].pk}/always/"' in answer.content.decode()


def test_typing_shows_the_rule(client_alice, alice):
    save_rules(
        personal_ledger(alice), [TEA, Rule("2", How.CONTAINS, "cake", least=Decimal(100), category="leisure-gifts")]
    )
    assert (
        "by your rule: title contains “tea”" in client_alice.get("/expenses/suggest/?title=green tea").content.decode()
    )
    assert "by your rule" not in client_alice.get("/expenses/suggest/?title=cake").content.decode()
