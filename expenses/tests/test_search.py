"""Search: words in any script and notation, found by an index, also among entries of an earlier release."""

from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from expenses.listing.find_rows import find_page
from expenses.listing.list_query import ListQuery
from expenses.listing.mongodb_filter import match_list_query
from expenses.models import Expense
from expenses.models.folding import LONGEST_WORD, MOST_WORDS, asked_words, search_words, title_key
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.past_the_orm import collection

FOUND = [
    ("cafe muller", "Café Müller"),
    ("CAFÉ MÜLLER", "cafe muller"),
    ("muller cafe", "Café Müller"),
    ("7 eleven", "7-Eleven"),
    ("7-eleven", "7 ELEVEN Tokyo"),
    ("7eleven", "7-Eleven"),
    ("mcdonalds", "McDonald’s"),
    ("mcdonald's", "MCDONALDS 4711"),
    ("netflix com", "NETFLIX.COM"),
    ("uber", "UBER *TRIP HELP.UBER.COM"),
    ("trip", "UBER *TRIP HELP.UBER.COM"),
    ("lodz", "Łódź"),
    ("øl", "Ol & Co"),
    ("strasse", "Straße"),
    ("istanbul", "İstanbul"),
    ("ｃａｆｅ", "cafe"),
    ("cafe 7", "ＣＡＦＥ ７"),
    ("ёлка", "Елка"),
    ("ελλαδα", "Ελλάδα"),
    ("שלום", "שָׁלוֹם"),
    ("מים", "מימ חיים"),
    ("בנק", "לבנק הפועלים"),
    ("צהל", "צה״ל"),
    ("احمد", "أحمد"),
    ("مكتبه", "مكتبة"),
    ("علي", "على"),
    ("كتاب", "کتاب"),
    ("محمد", "مـحـمـد"),
    ("محمد", "مُحَمَّد"),
    ("بنك", "البنك الأهلي"),
    ("123", "فاتورة ١٢٣"),
    ("咖啡", "星巴克咖啡 店"),
    ("星巴克咖啡", "星巴克咖啡"),
    ("コンビニ", "ｺﾝﾋﾞﾆ"),
    ("กาแฟ", "ร้านกาแฟ"),
    ("서울", "서울 커피"),
    ("दुकान", "दुकान"),
    ("🍕", "Friday🍕night"),
]


def is_found(text: str, title: str, note: str = "") -> bool:
    words = search_words(title, note)
    asked = asked_words(text)
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)


@pytest.mark.parametrize(("text", "title"), FOUND)
def test_words_are_found_however_they_are_written(text, title):
    assert is_found(text, title)
    assert is_found(text, "Something", note=f"for {title}")


@pytest.mark.parametrize(
    ("text", "title"),
    [("cafe bar", "Café Müller"), ("eleven8", "7-Eleven"), ("茶", "星巴克咖啡"), ("*", "*"), ("", "a")],
)
def test_other_words_are_not_found(text, title):
    assert not is_found(text, title)


@given(st.text(max_size=TITLE_LENGTH), st.text(max_size=NOTE_LENGTH))
def test_every_text_has_few_short_words_and_is_found_by_its_own(title, note):
    words = search_words(title, note)
    assert len(words) <= MOST_WORDS
    assert all(0 < len(word) <= LONGEST_WORD for word in words)
    assert len(title_key(title)) <= TITLE_LENGTH
    if asked_words(title) and len(words) < MOST_WORDS:
        assert is_found(title, title)


def test_title_keys_follow():
    assert title_key("Café-Müller") == title_key("cafe muller") == "cafe muller"
    assert title_key("***") == "***"


def listed(client, text: str) -> list[str]:
    page = client.get("/expenses/", {"month": "all", "q": text}).content.decode()
    return sorted(title for title in Expense.objects.values_list("title", flat=True) if f">{title}<" in page)


def test_the_list_finds_them_and_completion_follows(client_alice, alice):
    texts = ({"title": "Café Müller"}, {"title": "7-Eleven"}, {"title": "Bus", "note": "to the café"})
    make_expenses(alice, [{"amount": 1, **row} for row in texts])
    assert listed(client_alice, "cafe") == ["Bus", "Café Müller"]
    assert listed(client_alice, "cafe muller") == ["Café Müller"]
    assert listed(client_alice, "7 eleven") == ["7-Eleven"]
    assert listed(client_alice, "---") == []


def test_an_edited_entry_is_found_by_its_new_words(client_alice, alice):
    expense = make_expense(alice, title="Bakery")
    expense.title, expense.note = "Cinema", "crème"
    expense.save()
    assert listed(client_alice, "bakery") == []
    assert listed(client_alice, "cinema creme") == ["Cinema"]


def before_words(alice) -> Expense:
    """An entry as the earlier release stored it."""
    expense = make_expense(alice, title="Café Müller", note="Große Runde")
    old = {"$unset": {"search_words": ""}, "$set": {"title_key": "café müller"}}
    collection(Expense).update_one({"_id": expense.pk}, old)
    return expense


def test_entries_of_an_earlier_release_are_found_as_before(client_alice, alice):
    expense = before_words(alice)
    assert listed(client_alice, "Müller") == ["Café Müller"]
    assert listed(client_alice, "große") == ["Café Müller"]
    assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 200
    Expense.objects.get(pk=expense.pk).save()
    assert listed(client_alice, "muller cafe") == ["Café Müller"]


def test_the_migration_adds_the_words_in_batches(client_alice, alice, monkeypatch):
    migration = import_module("expenses.migrations.0014_search_words")
    monkeypatch.setattr(migration, "BATCH", 2)
    for _ in range(3):
        before_words(alice)
    migration.add_words(apps, None)
    rows = list(collection(Expense).find({}, {"title_key": 1, "search_words": 1, "_id": 0}))
    assert rows == [{"title_key": "cafe muller", "search_words": ["cafe", "muller", "grosse", "runde"]}] * 3


def test_a_rare_word_is_found_by_the_index(alice):
    make_expenses(alice, [{"title": f"Shop {number}", "amount": 1} for number in range(300)])
    make_expense(alice, title="Zürich Café")
    ledger = personal_ledger(alice)
    match = match_list_query(ListQuery(None, q="zurich ca"), ledger.id, 0.8, "ILS", None, lambda *_: None)
    assert len(find_page(match, "-date").rows) == 1
    plan = collection(Expense).find(match).sort([("spent_on", -1), ("_id", -1)]).limit(51).explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 2
    assert plan["executionStats"]["totalKeysExamined"] <= 10
