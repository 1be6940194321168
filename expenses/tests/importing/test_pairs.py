"""Movements between own accounts that two imports brought, through the doors that people use."""

from decimal import Decimal

import pytest

from expenses.ledger.by_rule import file_stored_by_rule, undo_rule
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.ledger.trash import delete_expenses
from expenses.models import Expense, Pair
from expenses.models.rules import How, Rule
from expenses.months import month_of
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.changed_days import changed_days
from expenses.sums.month_tokens import all_tokens
from expenses.tests.importing.uploading import import_statement

GIRO = """Date,Description,Amount
2026-11-01,GROCERIES,-52.30
2026-11-03,CREDIT CRD AUTOPAY,-800.00
2026-11-05,TRANSFER TO LENA,-300.00
"""
CARD = """Date,Description,Amount
2026-10-12,FURNITURE,-640.00
2026-10-20,PHARMACY,-160.00
2026-11-04,PAYMENT THANK YOU,800.00
"""
FILED = ("category", "category_source", "confidence", "kind", "kind_source", "kind_confidence", "reviewed", "pair")


def moved() -> set[str]:
    return {each.title for each in Expense.objects.in_trash(False).filter(kind="moved")}


def entry(title: str) -> Expense:
    return Expense.objects.in_trash(False).get(title=title)


def filed(title: str) -> dict:
    return {name: getattr(entry(title), name) for name in FILED}


def spent(client) -> Decimal:
    """The total of all time, as the list shows it."""
    text = client.get("/expenses/?month=all").context["total_text"]
    return Decimal(text.replace(",", "").strip("₪"))


@pytest.mark.parametrize("files", [(GIRO, CARD), (CARD, GIRO)])
def test_in_either_order_the_payment_of_the_card_is_moved_and_counts_once(client_alice, files):
    for number, text in enumerate(files):
        import_statement(client_alice, text, f"{number}.csv")
    out, came = entry("CREDIT CRD AUTOPAY"), entry("PAYMENT THANK YOU")
    assert out.pair == came.pair is not None
    assert (out.kind, out.kind_source, out.category) == (came.kind, came.kind_source, came.category)
    assert (out.kind, out.kind_source, out.category, out.reviewed) == ("moved", "pair", "transfer", False)
    assert spent(client_alice) == Decimal("52.30") + 300 + 640 + 160


@pytest.mark.parametrize("undone", [0, 1])
@pytest.mark.parametrize("files", [(GIRO, CARD), (CARD, GIRO)])
def test_undoing_either_import_files_the_other_half_as_before(client_alice, files, undone):
    batches, alone = [], {}
    for number, text in enumerate(files):
        batches.append(import_statement(client_alice, text, f"{number}.csv"))
    kept = "PAYMENT THANK YOU" if files[undone] == GIRO else "CREDIT CRD AUTOPAY"
    with_both = filed(kept)
    assert with_both["pair"]
    client_alice.post(f"/expenses/import/{batches[undone].pk}/undo/")
    alone = filed(kept)
    assert (alone["kind"], alone["pair"]) == ("spent", None)
    assert not Pair.objects.exists()
    client_alice.post(f"/expenses/import/{batches[undone].pk}/restore/")
    assert filed(kept) | {"pair": None} == with_both | {"pair": None}
    assert moved() == {"CREDIT CRD AUTOPAY", "PAYMENT THANK YOU"}


def test_importing_again_after_undo_pairs_again(client_alice):
    import_statement(client_alice, GIRO)
    card = import_statement(client_alice, CARD, "card.csv")
    client_alice.post(f"/expenses/import/{card.pk}/undo/")
    import_statement(client_alice, CARD, "card.csv")
    assert moved() == {"CREDIT CRD AUTOPAY", "PAYMENT THANK YOU"}
    assert Pair.objects.count() == 1


@pytest.mark.parametrize("title", ["CREDIT CRD AUTOPAY", "PAYMENT THANK YOU"])
def test_a_pair_that_a_person_rejects_never_comes_back_and_can_be_undone(client_alice, alice, title):
    ledger = personal_ledger(alice)
    import_statement(client_alice, GIRO)
    card = import_statement(client_alice, CARD, "card.csv")
    before = {name: filed(name) for name in moved()}
    done = set_categories(ledger, [entry(title).pk], "other")
    assert moved() == set()
    assert entry(title).reviewed
    undo_categories(ledger, done.batch)
    assert {name: filed(name) for name in moved()} == before
    set_categories(ledger, [entry(title).pk], "other")
    client_alice.post(f"/expenses/import/{card.pk}/undo/")
    import_statement(client_alice, CARD, "card.csv")
    assert moved() == set()


def test_confirming_one_half_keeps_the_pair(client_alice, alice):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    set_categories(personal_ledger(alice), [entry("PAYMENT THANK YOU").pk], "transfer")
    assert entry("PAYMENT THANK YOU").reviewed
    assert entry("PAYMENT THANK YOU").pair == entry("CREDIT CRD AUTOPAY").pair is not None


@pytest.mark.parametrize("kept", ["PAYMENT THANK YOU", "CREDIT CRD AUTOPAY"])
@pytest.mark.parametrize("files", [(GIRO, CARD), (GIRO.replace("11-03", "11-30"), CARD.replace("11-04", "12-02"))])
def test_a_half_that_a_person_filed_is_added_up_again_when_the_other_goes(client_alice, alice, files, kept):
    """It counts as moved by itself then, also if it is of another month."""
    for number, text in enumerate(files):
        import_statement(client_alice, text, f"{number}.csv")
    half, ledger = entry(kept), personal_ledger(alice)
    [other] = Expense.objects.exclude(pk=half.pk).filter(pair=half.pair)
    set_categories(ledger, [half.pk], "transfer")
    month, before = month_of(half.spent_on), all_tokens(alice.pk)
    delete_expenses(ledger, [other.pk])
    changed = changed_days(alice.pk, month, before[month], all_tokens(alice.pk)[month])
    assert half.spent_on in (changed or [])
    assert entry(kept).pair is None


@pytest.mark.parametrize("confirmed", [None, "PAYMENT THANK YOU", "CREDIT CRD AUTOPAY"])
@pytest.mark.parametrize(("changed", "category"), [("CREDIT CRD AUTOPAY", "other"), ("PAYMENT THANK YOU", "salary")])
def test_undo_pairs_again_also_halves_that_a_person_filed(client_alice, alice, confirmed, changed, category):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    ledger = personal_ledger(alice)
    if confirmed:
        set_categories(ledger, [entry(confirmed).pk], "transfer")
    halves = ("CREDIT CRD AUTOPAY", "PAYMENT THANK YOU")
    before = [filed(title) for title in halves]
    change = set_categories(ledger, [entry(changed).pk], category)
    assert [entry(title).pair for title in halves] == [None, None]
    assert undo_categories(ledger, change.batch) == 1
    assert [filed(title) for title in halves] == before


@pytest.mark.parametrize("confirmed", [False, True])
def test_undoing_a_rule_pairs_again(client_alice, alice, confirmed):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    ledger, half = personal_ledger(alice), entry("CREDIT CRD AUTOPAY")
    if confirmed:
        set_categories(ledger, [half.pk], "transfer")
    halves = ("CREDIT CRD AUTOPAY", "PAYMENT THANK YOU")
    before = [filed(title) for title in halves]
    rule = Rule("1", How.CONTAINS, "autopay", category="other")
    change = file_stored_by_rule(ledger, rule, [half.pk], by_hand=True)
    assert [entry(title).pair for title in halves] == [None, None]
    assert undo_rule(ledger, change.batch) == 1
    assert [filed(title) for title in halves] == before


def test_a_person_who_said_spent_is_not_overruled_by_a_pair(client_alice, alice):
    import_statement(client_alice, GIRO)
    set_categories(personal_ledger(alice), [entry("CREDIT CRD AUTOPAY").pk], "other")
    import_statement(client_alice, CARD, "card.csv")
    assert moved() == set()


@pytest.mark.parametrize(("changes", "still"), [({"amount": "799"}, False), ({"note": "Mastercard"}, True)])
def test_editing_what_both_share_separates_them(client_alice, changes, still):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    url = f"/expenses/{entry('CREDIT CRD AUTOPAY').pk}/edit/"
    form = client_alice.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client_alice.post(url, sent | changes).status_code == 302
    assert bool(entry("PAYMENT THANK YOU").pair) == still
    assert ("PAYMENT THANK YOU" in moved()) == still


def test_deleting_one_half_separates_and_restoring_pairs_again(client_alice):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    gone = entry("CREDIT CRD AUTOPAY")
    client_alice.post(f"/expenses/{gone.pk}/delete/")
    assert moved() == set()
    client_alice.post(f"/expenses/{gone.pk}/restore/")
    assert moved() == {"CREDIT CRD AUTOPAY", "PAYMENT THANK YOU"}


def test_an_amount_without_a_rate_is_paired_in_its_own_currency_only(client_alice):
    giro, card = (text.replace("Amount", "Amount (UAH)") for text in (GIRO, CARD))
    for text, name in ((giro, "bank.csv"), (card, "card.csv"), (CARD, "another.csv")):
        import_statement(client_alice, text, name)
    pair = Pair.objects.get()
    halves = Expense.objects.filter(pk__in=[pair.out_entry, pair.in_entry])
    assert {(half.currency, half.order_value) for half in halves} == {("UAH", None)}


def test_other_ledgers_are_never_paired(client_alice, client_bob):
    import_statement(client_alice, GIRO)
    import_statement(client_bob, CARD, "card.csv")
    assert moved() == set()


@pytest.mark.parametrize(
    ("title", "other"), [("CREDIT CRD AUTOPAY", "PAYMENT THANK YOU"), ("PAYMENT THANK YOU", "CREDIT CRD AUTOPAY")]
)
def test_the_edit_page_names_the_other_half_and_leads_to_it(client_alice, title, other):
    import_statement(client_alice, GIRO)
    import_statement(client_alice, CARD, "card.csv")
    page = client_alice.get(f"/expenses/{entry(title).pk}/edit/").content.decode()
    assert f'<a href="/expenses/{entry(other).pk}/edit/">because' in page
    assert other in page
