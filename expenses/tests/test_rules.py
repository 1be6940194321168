"""Rules: which one an entry meets, what it decides and what comes before it, on adding, editing and importing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from classifier import serving, versions
from classifier.categories import ALL_CATEGORIES
from classifier.models import Feedback, Memory
from classifier.tests.small import small_artifact
from classifier.text import normalise
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.models import Expense, title_key
from expenses.models.rules import MOST, How, Rule, read_rules
from expenses.people.ledger_settings import personal_ledger, save_rules
from expenses.rules.matching import EntryFacts, Matcher, first_rule
from expenses.tests.importing.uploading import import_statement, upload_statement
from expenses.tests.making import DAY, make_expense
from finbrain.core.past_the_orm import collection

D = Decimal
TESCO = Rule("1", How.MERCHANT, "tesco stores", category="food-drinks")


def facts(title="TESCO STORES 3297 LONDON GB", amount="58", currency="ILS", account="", imported=True):
    return EntryFacts(title, D(amount), currency, account, imported)


@pytest.fixture
def model(db):
    """A small model, which knows a taxi."""
    versions.activate(versions.store_version(small_artifact(), {}, {}).number)
    serving.forget_model()


@pytest.fixture
def ruled(alice):
    """A function that stores rules for Alice and returns her ledger."""

    def store(*rules):
        save_rules(personal_ledger(alice), rules)
        return personal_ledger(User.objects.get(pk=alice.pk))

    return store


def typed(ledger, title, amount="58", **values):
    return add_expense(ledger, NewExpense(title, D(amount), "ILS", DAY, **values)).expense


def filed(expense):
    stored = Expense.objects.get(pk=expense.pk)
    return stored.category, stored.category_source, stored.kind, stored.kind_source, stored.rule


@pytest.mark.parametrize(
    ("rule", "met", "not_met"),
    [
        ({"how": How.MERCHANT, "text": "tesco"}, {"title": "Tesco 2841"}, {"title": "Tesco cafe"}),
        ({"how": How.CONTAINS, "text": "CAFÉ"}, {"title": "my cafe"}, {"title": "tea"}),
        ({"how": How.IS, "text": "rent"}, {"title": "RENT"}, {"title": "rent may"}),
        ({"how": How.STARTS, "text": "rent"}, {"title": "Rent may"}, {"title": "my rent"}),
        ({"how": How.CONTAINS, "text": "שופרסל"}, {"title": "שופרסל דיל"}, {"title": "רמי לוי"}),
        ({"least": D(10)}, {"amount": "10"}, {"amount": "9.99"}),
        ({"most": D(10)}, {"amount": "-10"}, {"amount": "10.01"}),
        ({"least": D(10), "most": D(20)}, {"amount": "15"}, {"amount": "25"}),
        ({"currency": "USD"}, {"currency": "USD"}, {"currency": "ILS"}),
        ({"account": "Visa"}, {"account": "VISA"}, {"account": "Visa gold"}),
        ({"direction": "in"}, {"amount": "-1"}, {"amount": "1"}),
        ({"direction": "out"}, {"amount": "1"}, {"amount": "-1"}),
        ({"text": "acme", "category": "salary"}, {"title": "acme", "amount": "-1"}, {"title": "acme", "amount": "1"}),
    ],
)
def test_conditions(rule, met, not_met):
    matcher = Matcher([Rule("1", **{"category": "other"} | rule)])
    assert matcher.first(facts(**met))
    assert matcher.first(facts(**not_met)) is None


texts = st.sampled_from(["", "tesco", "tesco stores", "rent", "café", "שופרסל", "a"])
limits = st.none() | st.sampled_from([D(1), D(10), D(100)])
some_rules = st.lists(
    st.builds(
        Rule,
        id=st.uuids().map(lambda made: made.hex),
        how=st.sampled_from(How.values),
        text=texts,
        least=limits,
        most=limits,
        currency=st.sampled_from(["", "ILS"]),
        account=st.sampled_from(["", "Visa"]),
        direction=st.sampled_from(["", "in", "out"]),
        category=st.sampled_from([*ALL_CATEGORIES, "pets"]),
        off=st.booleans(),
    ),
    max_size=8,
)
some_facts = st.builds(
    facts,
    title=st.sampled_from(["Tesco 1234", "TESCO STORES 3297", "rent", "Rent May", "my café", "שופרסל דיל", "x"])
    | st.text(),
    amount=st.sampled_from(["5", "-5", "50", "-500"]),
    currency=st.sampled_from(["ILS", "USD"]),
    account=st.sampled_from(["", "visa"]),
    imported=st.booleans(),
)


def meets(rule, entry):
    """The rule in plain words, one condition after the other."""
    key, text = title_key(entry.title), title_key(rule.text)
    compared = {
        How.MERCHANT: normalise(entry.title) == normalise(rule.text),
        How.CONTAINS: text in key,
        How.IS: text == key,
        How.STARTS: key.startswith(text),
    }
    size, came_in = abs(entry.amount), entry.amount < 0
    category = ALL_CATEGORIES.get(rule.category)
    return all(
        (
            not rule.off,
            category is not None,
            not rule.text or compared[How(rule.how)],
            rule.least is None or size >= rule.least,
            rule.most is None or size <= rule.most,
            rule.currency in ("", entry.currency),
            not rule.account or rule.account.lower() == entry.account.lower(),
            rule.direction in ("", "in" if came_in else "out"),
            came_in or not entry.imported or not category or category.kind != "received",
        )
    )


@given(some_rules, some_facts)
def test_the_first_rule_whose_conditions_hold_decides(rules, entry):
    expected = next((rule for rule in rules if meets(rule, entry)), None)
    assert Matcher(rules).first(entry) == expected
    assert first_rule(tuple(rules), entry) == expected


@given(some_rules)
def test_rules_are_stored_and_read_back(rules):
    assert read_rules([rule.to_stored() for rule in rules]) == tuple(rules)


@pytest.mark.parametrize(
    "stored",
    [None, 7, "rules", [7], [{}], [{"id": 7}], [{"id": "1", "how": "matches"}], [{"id": "1", "least": "many"}],
     [{"id": "1", "least": "NaN"}], [{"id": "1", "kind": "lost"}], [{"id": "1", "text": ["a"]}]],
)  # fmt: skip
def test_what_another_release_stored_is_left_out(client_alice, alice, stored):
    kept = {"id": "2", "text": "tea", "category": "other", "of_tomorrow": 1}
    assert read_rules([*stored, kept] if isinstance(stored, list) else stored) == (
        (Rule("2", text="tea", category="other"),) if isinstance(stored, list) else ()
    )
    collection(User).update_one({"_id": alice.pk}, {"$set": {"rules": stored}})
    make_expense(alice)
    assert client_alice.get("/expenses/?month=2026-08").status_code == 200
    assert client_alice.get("/expenses/rules/").status_code == 200


def test_it_files_what_is_typed_unless_the_person_chose(ruled):
    ledger = ruled(TESCO)
    assert filed(typed(ledger, "Tesco Stores 12")) == ("food-drinks", "rule", "spent", "rule", "1")
    assert filed(typed(ledger, "Tesco Stores 12", category="other")) == ("other", "person", "spent", "person", "")
    assert filed(typed(ledger, "Tesco Stores 12", kind="moved")) == ("transfer", "person", "moved", "person", "")


def test_it_comes_before_memory_and_model(ruled, model):
    ledger = ruled()
    for _ in range(3):
        typed(ledger, "Tesco Stores", category="leisure-gifts")
    assert filed(typed(ledger, "Tesco Stores"))[:2] == ("leisure-gifts", "memory")
    assert filed(typed(ledger, "Taxi home"))[:2] == ("transportation", "model")
    ledger = ruled(TESCO, Rule("2", How.CONTAINS, "taxi", category="other"))
    assert filed(typed(ledger, "Tesco Stores"))[:2] == ("food-drinks", "rule")
    assert filed(typed(ledger, "Taxi home"))[:2] == ("other", "rule")


def test_it_teaches_nothing_and_is_no_feedback(ruled):
    ledger = ruled(TESCO)
    expense = typed(ledger, "Tesco Stores 12")
    assert not Memory.objects.filter(ledger_id=ledger.id).exists()
    changed = set_categories(ledger, [expense.pk], "other")
    assert filed(expense)[:2] == ("other", "person")
    assert Memory.objects.get(ledger_id=ledger.id).category == "other"
    undo_categories(ledger, changed.batch)
    assert filed(expense) == ("food-drinks", "rule", "spent", "rule", "1")
    assert not Memory.objects.filter(ledger_id=ledger.id).exists()
    new = NewExpense("Tesco Stores 12", D(58), "ILS", DAY, "leisure-gifts")
    edit_expense(ledger, expense.pk, new)
    assert filed(expense)[:2] == ("leisure-gifts", "person")
    assert not Feedback.objects.exists()


def test_a_typed_salary_comes_in(ruled):
    ledger = ruled(Rule("1", How.CONTAINS, "acme", category="salary"))
    first = typed(ledger, "Acme", "9000", entry_key="12345678")
    assert typed(ledger, "Acme", "9000", entry_key="12345678").pk == first.pk
    stored = Expense.objects.get(pk=first.pk)
    assert (stored.kind, stored.amount, stored.order_value < 0) == ("received", D(-9000), True)
    edit_expense(ledger, first.pk, NewExpense("Shoes", D(-9000), "ILS", DAY, "salary"))
    stored = Expense.objects.get(pk=first.pk)
    assert (stored.kind, stored.amount, stored.order_value > 0, stored.rule) == ("spent", D(9000), True, "")


def test_editing_files_again_what_nobody_chose(ruled):
    ledger = ruled(TESCO, Rule("2", How.CONTAINS, "tesco", least=D(100), category="housing-bills"))
    expense = typed(ledger, "Corner shop")
    assert filed(expense)[1] != "rule"

    def edit(title, amount="58", category="", **values):
        category = category or Expense.objects.get(pk=expense.pk).category
        edit_expense(ledger, expense.pk, NewExpense(title, D(amount), "ILS", DAY, category, **values))
        return filed(expense)

    assert edit("Tesco Express")[1] != "rule"
    assert edit("Tesco Express", "100") == ("housing-bills", "rule", "spent", "rule", "2")
    assert edit("Tesco Express", "100", note="a note")[4] == "2"
    assert edit("Tesco Express", "99")[1::3] != ("rule", "2")
    assert edit("Tesco Stores", "99")[:2] == ("food-drinks", "rule")
    assert edit("Tesco Stores", "99", "other")[:2] == ("other", "person")
    assert edit("Tesco Express", "100")[:2] == ("other", "person")


def test_a_kind_alone_leaves_the_category_to_suggestions(ruled):
    ledger = ruled(Rule("1", How.CONTAINS, "bit", kind="spent"), Rule("2", How.CONTAINS, "pot", kind="moved"))
    assert filed(typed(ledger, "bit dana")) == ("other", "model", "spent", "rule", "1")
    assert filed(typed(ledger, "holiday pot")) == ("transfer", "rule", "moved", "rule", "2")


def test_the_inbox_names_the_rule_that_decided_the_kind(client_alice, ruled):
    ledger = ruled(Rule("1", How.CONTAINS, "bit", kind="spent"))
    typed(ledger, "bit dana")
    page = client_alice.get("/expenses/inbox/").content.decode()
    assert "By your rule: title contains “bit”" in page
    assert 'href="/expenses/rules/1/"' in page


FILE = "Date,Description,Amount\n2026-08-20,TESCO STORES 3297,-58.00\n2026-08-21,CORNER SHOP,-12.00\n"


def test_an_import_files_by_rules_and_says_so_before(client_alice, ruled):
    ruled(
        Rule("64b64b64b64b64b64b64b64b", text="tesco stores", category="food-drinks", title="Groceries", one_off=True)
    )
    batch = upload_statement(client_alice, FILE)
    page = client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()
    assert "By your rule: merchant is “tesco stores”" in page
    assert "/expenses/rules/64b64b64b64b64b64b64b64b/" in page
    assert "Shown as “Groceries”" in page
    import_statement(client_alice, FILE)
    first, second = Expense.objects.order_by("spent_on")
    assert (first.category, first.category_source, first.shown_title, first.one_off) == (
        "food-drinks",
        "rule",
        "Groceries",
        True,
    )
    assert (first.title, first.title_key) == ("TESCO STORES 3297", "groceries")
    assert (second.rule, second.category_source) == ("", "model")


def test_an_own_export_with_reviewed_rows_is_stronger(client_alice, ruled):
    ruled(TESCO)
    head = "Date,Title,Amount,Currency,Category,Note,Reviewed,Confidence\n"
    import_statement(
        client_alice,
        f"{head}2026-08-20,Tesco Stores,58.00,ILS,Other,,yes,\n2026-08-21,Tesco Stores,5.00,ILS,Other,,no,0.5\n",
    )
    assert set(Expense.objects.values_list("category", "category_source")) == {
        ("other", "person"),
        ("food-drinks", "rule"),
    }


GIRO = "Date,Description,Amount\n2026-11-01,GROCERIES,-52.30\n2026-11-03,CREDIT CRD AUTOPAY,-800.00\n"
CARD = "Date,Description,Amount\n2026-10-12,FURNITURE,-640.00\n2026-11-04,PAYMENT THANK YOU,800.00\n"


@pytest.mark.parametrize(
    ("category", "kinds"), [("housing-bills", {("spent", "rule", False)}), ("transfer", {("moved", "rule", True)})]
)
def test_a_rule_is_stronger_than_a_pair(client_alice, ruled, category, kinds):
    ruled(Rule("1", How.CONTAINS, "credit crd", category=category))
    for number, text in enumerate((CARD, GIRO)):
        import_statement(client_alice, text, f"{number}.csv")
    out = Expense.objects.get(title="CREDIT CRD AUTOPAY")
    assert {(out.kind, out.kind_source, out.pair is not None)} == kinds
    assert (Expense.objects.get(title="PAYMENT THANK YOU").pair is not None) == (category == "transfer")


def test_the_list_finds_both_titles_and_sorts_by_the_one_shown(client_alice, alice):
    make_expense(alice, "TESCO STORES 3297", shown_title="Groceries", note="weekly")
    make_expense(alice, "Milk")
    for query in ("stores", "grocer", "WEEKLY"):
        page = client_alice.get("/expenses/", {"month": "2026-08", "q": query}).content.decode()
        assert "Groceries" in page, query
        assert "TESCO STORES 3297 · weekly" in page, query
        assert "Milk" not in page
    page = client_alice.get("/expenses/", {"month": "2026-08", "sort": "title"}).content.decode()
    assert page.index("Groceries</a>") < page.index("Milk</a>")
    assert "Groceries" in client_alice.get("/dashboard/?month=2026-08").content.decode()
    assert "Groceries" in client_alice.get("/expenses/suggest/?title=groc").content.decode()


def test_old_documents_were_filed_by_no_rule(client_alice, alice):
    expense = make_expense(alice)
    collection(Expense).update_one({"_id": expense.pk}, {"$unset": {"rule": "", "shown_title": ""}})
    assert "Taxi home" in client_alice.get("/expenses/?month=2026-08&q=taxi").content.decode()
    assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 200
    edit_expense(personal_ledger(alice), expense.pk, NewExpense("Tram", D(5), "ILS", date(2026, 8, 20), "other"))
    assert Expense.objects.get(pk=expense.pk).rule == ""


def test_rules_need_no_round_trip_of_their_own(client_alice, alice, ruled, count_db):
    rules = [Rule(f"{number:024x}", text=f"shop {number}", category="other") for number in range(MOST)]
    counts = []
    for some in ((), rules):
        ruled(*some)
        client_alice.get("/expenses/?month=2026-08&q=a")
        client_alice.get("/expenses/suggest/?title=Tea")  # looks for the model, which happens twice a minute
        with count_db() as calls:
            client_alice.get("/expenses/?month=2026-08&q=b")
            client_alice.post("/expenses/add/", {"title": "Shop 7 12", "spent_on": "2026-08-20"})
        counts.append(len(calls))
    assert counts[0] == counts[1]
    assert Expense.objects.filter(category_source="rule").count() == 1
