"""One answer for all that is alike: offered, never silent, and taken back exactly by one undo."""

import re
from dataclasses import replace

import pytest

from classifier import memory
from classifier.models import Feedback, Memory
from expenses.ledger.rows_of_changes import CHUNK
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.models import CategoryChange, Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense, make_expenses

pytestmark = pytest.mark.django_db
FROM_LIST = {"HX-Request": "true", "HX-Target": "row", "HX-Current-URL": "http://testserver/expenses/?month=all"}
TITLES = ["ZORBLAX CAFE 12 LONDON", "Zorblax Cafe 99", "ZORBLAX CAFE 4711", "Zorblax cafe london"]


@pytest.fixture
def waiting(alice) -> list[Expense]:
    rows = [{"title": title, "amount": n + 1, "unsure": 0.3} for n, title in enumerate(TITLES)]
    return make_expenses(alice, [*rows, {"title": "Plumber visit", "amount": 9, "unsure": 0.3}])


def everything(owner) -> list[list[dict]]:
    """All that one answer may change."""
    expenses = Expense.objects.filter(ledger_id=owner.pk).order_by("pk").values()
    memories = (
        Memory.objects.filter(ledger_id=owner.pk)
        .order_by("text")
        .values("text", "title", "category", "counts", "kinds")
    )
    shared = Feedback.objects.order_by("normalised").values()
    return [
        [{name: value for name, value in row.items() if name != "updated_at"} for row in expenses],
        list(memories),
        [{name: value for name, value in row.items() if name != "id"} for row in shared],
    ]


def file(client, expense, category="leisure-gifts") -> str:
    sent = {"category": category}
    return client.post(f"/expenses/{expense.pk}/category/", sent, headers=FROM_LIST).content.decode()


def offered(text: str) -> list[str]:
    return re.findall('name="ids" value="([0-9a-f]{24})" checked', text)


def address(text: str, kind: str) -> str:
    return re.findall(rf'data-hx-post="(/expenses/changes/[0-9a-f]+/{kind}/)"', text)[0]


def reviewed(owner) -> int:
    return Expense.objects.filter(ledger_id=owner.pk, reviewed=True).count()


def test_one_answer_offers_its_twins_one_files_them_and_one_undo_takes_all_back(client_alice, alice, waiting):
    memory.learn(alice.pk, "zorblax CAFE", "leisure-gifts")
    before = everything(alice)
    text = file(client_alice, waiting[0])
    assert "3 more like it" in text
    assert set(offered(text)) == {str(expense.pk) for expense in waiting[1:4]}
    assert reviewed(alice) == 1, "nothing is filed silently"
    answer = client_alice.post(address(text, "twins"), {"ids": offered(text)}, headers=FROM_LIST).content.decode()
    assert "4 expenses are now in Leisure &amp; Gifts" in answer
    assert reviewed(alice) == 4
    client_alice.post(address(answer, "undo"), headers=FROM_LIST)
    assert everything(alice) == before
    assert not CategoryChange.objects.exists()


def test_what_is_alike_is_suggested_again_at_once_but_keeps_waiting(client_alice, alice, waiting):
    before = everything(alice)
    text = file(client_alice, waiting[0])
    twin = Expense.objects.get(pk=waiting[2].pk)
    assert (twin.category, twin.category_source, twin.reviewed) == ("leisure-gifts", "memory", False)
    assert 0.3 < twin.confidence < personal_ledger(alice).threshold
    assert Expense.objects.get(pk=waiting[4].pk).category == "transportation"
    client_alice.post(address(text, "undo"), headers=FROM_LIST)
    assert everything(alice) == before


def test_twins_can_be_taken_out(client_alice, alice, waiting):
    text = file(client_alice, waiting[0])
    client_alice.post(address(text, "twins"), {"ids": offered(text)[:1]}, headers=FROM_LIST)
    assert reviewed(alice) == 2


def test_what_a_person_filed_in_the_meantime_stays(client_alice, alice, waiting):
    text = file(client_alice, waiting[0])
    set_categories(personal_ledger(alice), [waiting[1].pk], "other")
    client_alice.post(address(text, "twins"), {"ids": offered(text)}, headers=FROM_LIST)
    assert Expense.objects.get(pk=waiting[1].pk).category == "other"
    assert Expense.objects.get(pk=waiting[2].pk).category == "leisure-gifts"


def test_a_merchant_with_two_categories_is_never_offered_and_gets_less_sure(client_alice, alice):
    amazons = make_expenses(alice, [{"title": f"Amazon {n}", "amount": n + 1, "unsure": 0.3} for n in range(6)])
    confidences = []
    for expense, category in zip(amazons, ("other", "leisure-gifts") * 2, strict=False):
        text = file(client_alice, expense, category)
        confidences.append(Expense.objects.get(pk=amazons[5].pk).confidence)
    assert not offered(text)
    assert confidences[1:] == sorted(confidences[1:], reverse=True)
    assert confidences[3] < confidences[1] < 0.7


def test_money_that_came_in_is_no_twin_of_money_that_left(client_alice, alice, waiting):
    make_expense(alice, TITLES[0], "-5", unsure=0.3)
    assert len(offered(file(client_alice, waiting[0]))) == 3


def test_it_belongs_to_one_ledger(client_alice, client_bob, alice, bob, waiting):
    his = make_expense(bob, TITLES[0], unsure=0.3)
    text = file(client_alice, waiting[0])
    assert str(his.pk) not in text
    for method in (client_bob.get, client_bob.post):
        assert method(address(text, "twins"), {"ids": offered(text)}).status_code == 404
    client_alice.post(address(text, "twins"), {"ids": [str(his.pk), "x"]}, headers=FROM_LIST)
    assert reviewed(bob) == 0


def test_without_javascript(client_alice, alice, waiting):
    page = client_alice.post(
        f"/expenses/{waiting[0].pk}/category/", {"category": "other"}, follow=True
    ).content.decode()
    [link] = re.findall(r'href="(/expenses/changes/[0-9a-f]+/twins/)"', page)
    page = client_alice.get(link).content.decode()
    assert len(offered(page)) == 3
    page = client_alice.post(link, {"ids": offered(page)}, follow=True).content.decode()
    assert "4 expenses are now in Other" in page
    assert reviewed(alice) == 4
    assert "Nothing else" in client_alice.get(link).content.decode()


@pytest.mark.parametrize("others", [0, 2])
def test_undo_counts_the_answers_and_not_what_was_only_suggested_again(client_alice, alice, waiting, others):
    before = everything(alice)
    text = file(client_alice, waiting[0])
    if others:
        client_alice.post(address(text, "twins"), {"ids": offered(text)[:others]}, headers=FROM_LIST)
    counted = "1 category" if not others else "3 categories"
    assert f"{counted} restored" in client_alice.post(address(text, "undo"), headers=FROM_LIST).content.decode()
    assert everything(alice) == before


def test_undo_restores_what_was_learned_and_shared_before(alice, waiting):
    ledger = personal_ledger(alice)
    set_categories(ledger, [waiting[0].pk], "food-drinks")
    memory.learn(alice.pk, TITLES[0], "leisure-gifts")
    Expense.objects.filter(pk=waiting[2].pk).update(title="ZORBLAX CAFE 12 LONDON")
    before = everything(alice)
    changed = set_categories(ledger, [waiting[2].pk], "food-drinks")
    assert everything(alice) != before
    undo_categories(ledger, changed.batch)
    assert everything(alice) == before


def test_undo_restores_a_correction_that_was_withdrawn(alice, waiting):
    ledger = personal_ledger(alice)
    suggested = waiting[0].category
    set_categories(ledger, [waiting[0].pk], "food-drinks")
    before = everything(alice)
    assert len(before[2]) == 1
    changed = set_categories(ledger, [waiting[0].pk], suggested)
    assert everything(alice)[2] == []
    undo_categories(ledger, changed.batch)
    assert everything(alice) == before


def test_undo_sends_nothing_again_once_corrections_are_no_longer_shared(alice, waiting):
    ledger = personal_ledger(alice)
    set_categories(ledger, [waiting[0].pk], "food-drinks")
    changed = set_categories(ledger, [waiting[0].pk], waiting[0].category)
    undo_categories(replace(ledger, shares_corrections=False), changed.batch)
    assert not Feedback.objects.exists()


def test_undo_leaves_what_was_sure_as_it_was(alice):
    """Another answer for the same text came in between, but FinBrain had filed this one without asking."""
    rows = make_expenses(alice, [{"title": TITLES[0], "amount": n, "unsure": 0.97} for n in (1, 2)])
    ledger = personal_ledger(alice)
    changed = [set_categories(ledger, [row.pk], "other") for row in rows]
    before = rows[0].category
    undo_categories(ledger, changed[0].batch)
    rows[0].refresh_from_db()
    assert (rows[0].category, rows[0].confidence) == (before, 0.97)


def test_what_turned_into_income_offers_the_same_twins_on_its_page(client_alice, alice, waiting):
    sent = {"kind": "received"}
    text = client_alice.post(f"/expenses/{waiting[0].pk}/category/", sent, headers=FROM_LIST).content.decode()
    assert len(offered(text)) == 3
    assert offered(client_alice.get(address(text, "twins")).content.decode()) == offered(text)


def test_only_a_part_of_many_filed_expenses_is_kept_in_memory(alice):
    rows = make_expenses(alice, [{"title": f"Lunch {n}", "amount": 1} for n in range(CHUNK + 5)])
    changed = set_categories(personal_ledger(alice), [row.pk for row in rows], "leisure-gifts")
    assert changed.count == CHUNK + 5
    assert len(changed.before) == CHUNK


def test_after_an_undo_what_waits_is_suggested_as_a_later_change_taught(client_alice, alice):
    ledger = personal_ledger(alice)
    rows = make_expenses(alice, [{"title": "Zorblax cafe", "amount": n, "unsure": 0.3} for n in range(1, 6)])
    first = set_categories(ledger, [row.pk for row in rows[:4]], "leisure-gifts")
    later = set_categories(ledger, [rows[0].pk], "food-drinks")
    assert undo_categories(ledger, first.batch) == 3
    waiting = [Expense.objects.get(pk=row.pk) for row in rows[1:4]]
    assert {(row.category, row.reviewed) for row in waiting} == {("food-drinks", False)}
    assert all(row.confidence < ledger.threshold for row in waiting)
    assert undo_categories(ledger, later.batch) == 1
    waiting = [Expense.objects.get(pk=row.pk) for row in rows[1:4]]
    assert {(row.category, row.reviewed, row.confidence) for row in waiting} == {("transportation", False, 0.3)}


def test_undo_leaves_a_later_lesson_alone(alice, waiting):
    ledger = personal_ledger(alice)
    first = set_categories(ledger, [waiting[0].pk], "food-drinks")
    memory.learn(alice.pk, TITLES[0], "other")
    undo_categories(ledger, first.batch)
    assert Memory.objects.get(ledger_id=alice.pk).counts == {"other": 1}


class TestInbox:
    def hidden(self, answer, form: str = "inbox-card") -> dict[str, str]:
        part = answer.content.decode().split(form)[1].split("</form>")[0]
        return dict(re.findall('type="hidden" name="([a-z]+)" value="([^"]*)"', part))

    def test_the_largest_effect_comes_first(self, client_alice, alice, waiting):
        make_expenses(alice, [{"title": f"Quuxbar {n}", "amount": 1, "unsure": 0.3} for n in range(2)])
        text = client_alice.get("/expenses/inbox/").content.decode()
        assert "and 3 more like it" in text
        assert len(offered(text)) == 3
        [skip] = re.findall(r'href="(\?after=[^"]+)"', text)
        text = client_alice.get("/expenses/inbox/" + skip.replace("&amp;", "&")).content.decode()
        assert "and 1 more like it" in text
        [skip] = re.findall(r'href="(\?after=[^"]+)"', text)
        text = client_alice.get("/expenses/inbox/" + skip.replace("&amp;", "&")).content.decode()
        assert "Plumber visit</a>" in text

    def test_money_counts(self, client_alice, alice):
        rows = [{"title": "Quuxbar", "amount": 2, "unsure": 0.3}, {"title": "Roofers", "amount": 5000, "unsure": 0.3}]
        make_expenses(alice, rows * 2)
        assert "Roofers</a>" in client_alice.get("/expenses/inbox/").content.decode()

    def test_one_answer_files_the_group_without_javascript_and_one_undo_takes_it_back(
        self, client_alice, alice, waiting
    ):
        before = everything(alice)
        answer = client_alice.get("/expenses/inbox/")
        sent = self.hidden(answer) | {"category": "other", "ids": offered(answer.content.decode())}
        answer = client_alice.post("/expenses/inbox/review/", sent, follow=True)
        assert "4 of 5 reviewed" in answer.content.decode()
        assert reviewed(alice) == 4
        answer = client_alice.post("/expenses/inbox/undo/", self.hidden(answer, "inbox-undo"), follow=True)
        assert "0 of 5 reviewed" in answer.content.decode()
        assert everything(alice) == before

    def test_an_undo_that_is_sent_twice_counts_once(self, client_alice, alice, waiting):
        sent = {"category": "other", "id": str(waiting[4].pk)}
        client_alice.post("/expenses/inbox/review/", sent)
        answer = client_alice.get("/expenses/inbox/", {"done": "1"})
        sent = self.hidden(answer) | {"category": "other", "ids": offered(answer.content.decode())}
        answer = client_alice.post("/expenses/inbox/review/", sent, follow=True)
        assert "5 of 5 reviewed" in answer.content.decode()
        undo = self.hidden(answer, "inbox-undo")
        for _ in range(2):
            answer = client_alice.post("/expenses/inbox/undo/", undo, follow=True)
            assert "1 of 5 reviewed" in answer.content.decode()
        assert reviewed(alice) == 1

    def test_an_undo_counts_only_what_was_answered(self, client_alice, alice, waiting):
        for done, expense in enumerate((waiting[4], waiting[0])):
            sent = {"category": "other", "id": str(expense.pk), "done": str(done)}
            answer = client_alice.post("/expenses/inbox/review/", sent, follow=True)
        assert Expense.objects.get(pk=waiting[1].pk).category == "other", "suggested again"
        answer = client_alice.post("/expenses/inbox/undo/", self.hidden(answer, "inbox-undo"), follow=True)
        assert "1 of 5 reviewed" in answer.content.decode()

    def test_what_was_taken_out_keeps_its_suggestion_and_is_asked_again(self, client_alice, alice, waiting):
        answer = client_alice.get("/expenses/inbox/")
        out, *rest = offered(answer.content.decode())
        sent = self.hidden(answer) | {"category": "other", "ids": rest}
        client_alice.post("/expenses/inbox/review/", sent)
        left = Expense.objects.get(pk=out)
        assert (left.reviewed, left.category, left.confidence) == (False, "transportation", 0.3)
        assert left.title in client_alice.get("/expenses/inbox/").content.decode()

    def test_a_merchant_with_two_categories_is_asked_one_by_one(self, client_alice, alice):
        memory.learn_many(alice.pk, [("Amazon", "other"), ("Amazon", "leisure-gifts")])
        make_expenses(alice, [{"title": f"Amazon {n}", "amount": 1, "unsure": 0.3} for n in range(3)])
        assert not offered(client_alice.get("/expenses/inbox/").content.decode())

    @pytest.mark.parametrize("count", [30, 300])
    def test_it_costs_the_same_however_many_wait(self, client_alice, alice, count_db, count):
        rows = [{"title": f"Shop {'abcdefghij'[n % 10] * 5}", "amount": 1, "unsure": 0.3} for n in range(count)]
        make_expenses(alice, rows)
        client_alice.get("/expenses/inbox/")
        with count_db() as calls:
            client_alice.get("/expenses/inbox/")
        assert len(calls) <= 7, calls.names
