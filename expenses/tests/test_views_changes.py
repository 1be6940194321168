"""Adding, editing, filing, deleting and reviewing on the pages, with and without htmx."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts import afterwards
from expenses.models import Expense
from expenses.tests.making import make_expense, make_expenses

GOOD = {"title": "Taxi home", "amount": "58", "currency": "ILS", "spent_on": "2026-08-20"}
FROM_LIST = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=2026-08"}
FROM_INBOX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/inbox/"}
CHANGES = ["category/", "delete/", "restore/"]


def stored(expense: Expense) -> Expense:
    return Expense.objects.get(pk=expense.pk)


class TestAccess:
    @pytest.mark.parametrize("action", CHANGES)
    def test_only_the_owner(self, client_bob, alice, action):
        expense = make_expense(alice)
        assert client_bob.post(f"/expenses/{expense.pk}/{action}", {"category": "other"}).status_code == 404
        assert (stored(expense).category, stored(expense).deleted_at) == ("transportation", None)

    def test_only_the_owner_edits(self, client_bob, alice):
        expense = make_expense(alice)
        assert client_bob.get(f"/expenses/{expense.pk}/edit/").status_code == 404
        assert client_bob.post(f"/expenses/{expense.pk}/edit/", GOOD).status_code == 404

    @pytest.mark.parametrize("expense_id", ["x", "0" * 24, "6b0be5a3138a7975c2a1bd20", "%00", "0" * 25, "é"])
    @pytest.mark.parametrize("action", [*CHANGES, "edit/"])
    def test_no_such_expense(self, client_alice, expense_id, action):
        assert client_alice.post(f"/expenses/{expense_id}/{action}").status_code == 404

    @pytest.mark.parametrize("action", CHANGES)
    def test_get_changes_nothing(self, client_alice, alice, action):
        assert client_alice.get(f"/expenses/{make_expense(alice).pk}/{action}").status_code == 405

    @pytest.mark.parametrize(
        "path",
        ["", "add/", "suggest/", "several/", "inbox/", "inbox/review/", "inbox/undo/", "trash/", "trash/1/restore/"],
    )
    def test_signed_out(self, client, path):
        method = client.get if path in ("", "suggest/", "inbox/", "trash/") else client.post
        response = method(f"/expenses/{path}")
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")

    def test_others_are_left_alone_when_changing_several(self, client_bob, alice):
        expense = make_expense(alice)
        client_bob.post("/expenses/several/", {"ids": [str(expense.pk)], "action": "delete"})
        client_bob.post("/expenses/several/", {"ids": [str(expense.pk)], "action": "category", "category": "other"})
        client_bob.post("/expenses/inbox/review/", {"id": str(expense.pk), "category": "other"})
        client_bob.post("/expenses/several/", {"all": "1", "query": "?month=all", "action": "delete"})
        assert (stored(expense).category, stored(expense).deleted_at) == ("transportation", None)

    def test_undo_is_for_who_did_it(self, client_alice, client_bob, alice):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "other"}, headers=FROM_LIST)
        [undo] = re.findall(r'action="(/expenses/changes/[0-9a-f]+/undo/)"', answer.content.decode())
        client_bob.post(undo)
        assert stored(expense).category == "other"
        client_alice.post(undo)
        assert stored(expense).category == "transportation"

    def test_undo_of_what_has_changed_since_says_so(self, client_alice, alice):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "other"}, headers=FROM_LIST)
        [undo] = re.findall(r'action="(/expenses/changes/[0-9a-f]+/undo/)"', answer.content.decode())
        client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "food-drinks"}, headers=FROM_LIST)
        text = client_alice.post(undo, headers=FROM_LIST).content.decode()
        assert "Nothing to undo: these expenses have changed since." in text
        assert "0 categories" not in text

    def test_redirects_stay_on_this_site(self, client_alice, alice):
        expense = make_expense(alice)
        for address in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            answer = client_alice.post(
                f"/expenses/{expense.pk}/delete/", {"next": address}, headers={"Referer": address}
            )
            assert answer.headers["Location"] == "/expenses/"


class TestAdd:
    def test_without_javascript(self, client_alice, alice):
        answer = client_alice.post("/expenses/add/", GOOD, follow=True)
        assert answer.redirect_chain == [("/expenses/?month=2026-08", 302)]
        text = answer.content.decode()
        assert "Added Taxi home, ₪58.00" in text
        expense = Expense.objects.get(ledger_id=alice.pk)
        assert f'action="/expenses/{expense.pk}/delete/"' in text
        assert expense.amount == Decimal("58.00")

    @pytest.mark.parametrize("headers", [{}, FROM_LIST])
    def test_the_amount_may_stand_in_the_title(self, client_alice, alice, headers):
        typed = GOOD | {"title": "Taxi home 58", "amount": ""}
        text = client_alice.post("/expenses/add/", typed, headers=headers, follow=True).content.decode()
        assert "Added Taxi home, ₪58.00. FinBrain took the amount from the title." in text
        assert Expense.objects.get(ledger_id=alice.pk).title == "Taxi home"

    def test_htmx_gets_the_list_and_a_toast_but_never_a_form_that_replaces_typed_text(self, client_alice, alice):
        answer = client_alice.post("/expenses/add/", GOOD | {"entry_key": "key-0001"}, headers=FROM_LIST)
        text = answer.content.decode()
        assert "<html" not in text
        assert 'id="quick-add"' not in text
        assert answer["HX-Reswap"] == "none"
        assert 'id="list" data-hx-swap-oob="true"' in text
        assert f'class="row is-new" data-expense="{Expense.objects.get(ledger_id=alice.pk).pk}"' in text
        assert "₪58.00" in text

    @pytest.mark.parametrize("address", ["#add", "?month=all#add", "?q=a%23b"])
    def test_a_page_with_a_fragment_is_the_list_too(self, client_alice, address):
        headers = FROM_LIST | {"HX-Current-URL": f"http://testserver/expenses/{address}"}
        answer = client_alice.post("/expenses/add/", GOOD, headers=headers)
        assert 'id="list"' in answer.content.decode()
        assert "HX-Redirect" not in answer

    def test_saved_outside_of_the_month_shown(self, client_alice):
        answer = client_alice.post("/expenses/add/", GOOD | {"spent_on": "2026-03-05"}, headers=FROM_LIST)
        assert '<a href="/expenses/?month=2026-03">Show March 2026</a>' in answer.content.decode()
        assert answer["HX-Trigger"] == "elsewhere"

    def test_saved_in_the_month_shown_keeps_the_date(self, client_alice):
        answer = client_alice.post("/expenses/add/", GOOD, headers=FROM_LIST)
        assert "Show August" not in answer.content.decode()
        assert "HX-Trigger" not in answer

    @pytest.mark.parametrize("headers", [{}, FROM_LIST])
    def test_a_refused_one_offers_the_home_currency_first(self, client_alice, headers):
        sent = GOOD | {"title": "Ring 5 XAU", "amount": "", "currency": "USD"}
        text = client_alice.post("/expenses/add/", sent, headers=headers).content.decode()
        assert text.count("<option selected>USD</option><option>ILS</option>") == 1

    @pytest.mark.parametrize("headers", [{}, FROM_LIST])
    def test_a_note_that_is_too_long_is_refused_with_its_reason(self, client_alice, headers):
        answer = client_alice.post("/expenses/add/", GOOD | {"note": "x" * 1001}, headers=headers)
        assert answer.status_code == 422
        assert re.search(r'role="alert">Note: [^<]*1,?000', answer.content.decode())

    def test_sent_twice_is_one(self, client_alice):
        for _ in range(2):
            answer = client_alice.post("/expenses/add/", GOOD | {"entry_key": "key-0001"}, follow=True)
        assert "has already been saved" in answer.content.decode()
        assert Expense.objects.count() == 1

    @pytest.mark.parametrize("headers", [{}, FROM_LIST])
    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("title", "a\x00b"),
            ("title", "x" * 10_000),
            ("title", ""),
            ("amount", "1e9"),
            ("amount", "-0"),
            ("amount", '"><script>'),
            ("spent_on", "0000-01-01"),
            ("spent_on", "9999-01-01"),
            ("currency", "<b>"),
            ("category", "nonsense"),
            ("entry_key", "<b>"),
        ],
    )
    def test_bad_input_comes_back_with_a_message_and_what_was_typed(self, client_alice, field, typed, headers):
        typed_in = {"title": "Taxi home 🚕", "amount": "58", "currency": "USD", "spent_on": "2026-08-20", field: typed}
        answer = client_alice.post("/expenses/add/", typed_in, headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'class="errorlist"' in text
        assert "<script>" not in text.split('id="quick-add"')[1]
        kept = "title" if field != "title" else "amount"
        assert f'value="{typed_in[kept]}"' in text
        assert Expense.objects.count() == 0

    def test_a_date_that_is_none_stays_to_be_corrected(self, client_alice, alice):
        text = client_alice.post("/expenses/add/", GOOD | {"spent_on": "last <Tuesday>"}).content.decode()
        assert 'type="text" name="spent_on" id="id_spent_on" value="last &lt;Tuesday&gt;"' in text
        expense = make_expense(alice)
        text = client_alice.post(f"/expenses/{expense.pk}/edit/", {"spent_on": "31.12."}).content.decode()
        assert 'name="spent_on" value="31.12." type="text"' in text

    def test_what_it_costs(self, client_alice, count_db, count_cache, monkeypatch):
        """The person, what FinBrain remembers, the entry, its month, the series. The look for new ones comes later."""
        client_alice.post("/expenses/add/", GOOD)
        left: list[Callable[[], object]] = []
        monkeypatch.setattr(afterwards, "start", left.append)
        with count_db() as calls, count_cache() as cached:
            client_alice.post("/expenses/add/", GOOD)
        assert len(calls) <= 5, calls.names
        assert len(cached) <= 4, cached.names
        with count_db() as calls:
            for work in left:
                work()
        assert calls.names == ["find expenses_expense"]


class TestEdit:
    def test_page_and_save(self, client_alice, alice):
        expense = make_expense(alice, note="late", unsure=0.4)
        page = client_alice.get(f"/expenses/{expense.pk}/edit/").content.decode()
        assert 'value="58.00"' in page
        assert 'value="2026-08-20"' in page
        assert "40% sure" in page
        sent = GOOD | {"title": "Bus", "category": "other", "note": "early", "amount": "6,50"}
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", sent)
        assert answer.headers["Location"] == "/expenses/?month=2026-08"
        now = stored(expense)
        assert (now.title, now.category, now.note, now.amount) == ("Bus", "other", "early", Decimal("6.50"))

    def test_what_is_not_sent_stays(self, client_alice, alice):
        expense = make_expense(alice, currency="USD", note="late", own_rate=Decimal("4.1"), own_rate_currency="ILS")
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", {"title": "Bus"})
        assert answer.status_code == 302
        now = stored(expense)
        assert (now.title, now.note, now.currency, now.own_rate) == ("Bus", "late", "USD", Decimal("4.1"))

    def test_bad_input(self, client_alice, alice):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", GOOD | {"amount": "1e9", "title": "Kept"})
        assert answer.status_code == 422
        assert 'value="Kept"' in answer.content.decode()
        assert "1e9" in answer.content.decode()
        assert stored(expense).title == "Taxi home"

    def test_back_to_the_same_filters(self, client_alice, alice):
        expense = make_expense(alice)
        referer = "http://testserver/expenses/?month=2026-08&q=taxi"
        page = client_alice.get(f"/expenses/{expense.pk}/edit/", headers={"Referer": referer}).content.decode()
        assert f'name="next" value="{referer.replace("&", "&amp;")}"' in page
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", GOOD | {"next": referer})
        assert answer.headers["Location"] == referer

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "https://evil.example/expenses/", "//evil.example/expenses/"]
    )
    def test_a_refused_form_leads_nowhere_else(self, client_alice, alice, address):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", GOOD | {"amount": "x", "next": address})
        assert answer.status_code == 422
        assert answer.context["back_url"] == "/expenses/"
        assert address not in answer.content.decode()

    def test_deleted_while_editing(self, client_alice, alice):
        expense = make_expense(alice)
        client_alice.post(f"/expenses/{expense.pk}/delete/")
        answer = client_alice.post(f"/expenses/{expense.pk}/edit/", GOOD | {"title": "Typed at length"})
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "This expense was deleted while you were editing" in text
        assert 'value="Typed at length"' in text
        assert stored(expense).deleted_at
        assert 'name="restore" value="1"' in text
        again = client_alice.post(f"/expenses/{expense.pk}/edit/", GOOD | {"title": "Typed at length", "restore": "1"})
        assert again.status_code == 302
        assert (stored(expense).title, stored(expense).deleted_at) == ("Typed at length", None)

    def test_what_is_in_the_trash_is_not_opened_for_editing(self, client_alice, alice):
        expense = make_expense(alice)
        client_alice.post(f"/expenses/{expense.pk}/delete/")
        assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 404


class TestCategory:
    def test_without_javascript(self, client_alice, alice):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "other"}, follow=True)
        assert "Taxi home is now in Other" in answer.content.decode()
        assert "/undo/" in answer.content.decode()
        assert stored(expense).category == "other"

    def test_htmx_gets_the_row(self, client_alice, alice):
        expense = make_expense(alice, unsure=0.4)
        text = client_alice.post(
            f"/expenses/{expense.pk}/category/", {"category": "other"}, headers=FROM_LIST
        ).content.decode()
        assert text.count("<tr") == 1
        assert 'data-category="other"' in text
        assert "Is this" not in text

    @pytest.mark.parametrize("category", ["", "nonsense", "\x00"])
    def test_no_category(self, client_alice, alice, category):
        expense = make_expense(alice)
        assert client_alice.post(f"/expenses/{expense.pk}/category/", {"category": category}).status_code == 422
        assert stored(expense).category == "transportation"

    def test_unsure_rows_ask_and_offer_the_next_two(self, client_alice, alice):
        make_expense(alice, unsure=0.4)
        text = client_alice.get("/expenses/?month=2026-08").content.decode()
        assert 'aria-label="Is this Transportation?"' in text
        asked = text.split('class="ask"')[1].split("</td>")[0]
        assert re.findall('value="([a-z-]+)"', asked) == ["transportation", "other", "food-drinks"]


class TestTrash:
    def test_delete_and_undo_without_javascript(self, client_alice, alice):
        expense = make_expense(alice)
        answer = client_alice.post(f"/expenses/{expense.pk}/delete/", follow=True)
        assert f'action="/expenses/{expense.pk}/restore/"' in answer.content.decode()
        assert stored(expense).deleted_at
        assert "Taxi home" in client_alice.get("/expenses/trash/").content.decode()
        client_alice.post(f"/expenses/{expense.pk}/restore/")
        assert stored(expense).deleted_at is None

    def test_htmx_gets_the_list_without_it(self, client_alice, alice):
        expense, other = make_expenses(alice, [{"title": "gone", "amount": 1}, {"title": "there", "amount": 2}])
        answer = client_alice.post(f"/expenses/{expense.pk}/delete/", headers=FROM_LIST)
        assert answer.headers["HX-Reswap"] == "none"
        text = answer.content.decode()
        assert f'data-expense="{other.pk}"' in text
        assert f'data-expense="{expense.pk}"' not in text
        assert "₪2.00" in text

    def test_twice_is_as_good_as_once(self, client_alice, alice):
        expense = make_expense(alice)
        for action in ("delete/", "delete/", "restore/", "restore/"):
            assert client_alice.post(f"/expenses/{expense.pk}/{action}").status_code == 302
        assert stored(expense).deleted_at is None

    def test_what_is_in_the_trash_is_nowhere_else(self, client_alice, alice):
        expense = make_expense(alice, unsure=0.4)
        client_alice.post(f"/expenses/{expense.pk}/delete/")
        assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 404
        assert client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "other"}).status_code == 404
        assert str(expense.pk) not in client_alice.get("/expenses/?month=all").content.decode().split('id="list"')[1]
        assert str(expense.pk) not in client_alice.get("/expenses/inbox/").content.decode()

    def test_it_says_how_long_things_stay(self, client_alice):
        assert "Deleted expenses stay here for 30 days." in client_alice.get("/expenses/trash/").content.decode()

    def test_pages(self, client_alice, alice):
        make_expenses(alice, [{"title": f"t{n}", "amount": 1} for n in range(60)])
        client_alice.post("/expenses/several/", {"all": "1", "query": "?month=all", "action": "delete"})
        first = client_alice.get("/expenses/trash/").content.decode()
        [more] = re.findall(r'href="(/expenses/trash/\?after=[^"]+)"', first)
        second = client_alice.get(more).content.decode()
        ids = re.findall('data-expense="([0-9a-f]{24})"', first + second)
        assert len(ids) == len(set(ids)) == 60
        assert client_alice.get("/expenses/trash/?after=nonsense").status_code == 200

    @pytest.mark.parametrize("batch", ["x", "-1", "9" * 30])
    def test_no_batch(self, client_alice, batch):
        assert client_alice.post(f"/expenses/trash/{batch}/restore/").status_code == 404


class TestSeveral:
    def test_delete_and_undo_together(self, client_alice, alice):
        made = make_expenses(alice, [{"title": f"t{n}", "amount": n + 1} for n in range(3)])
        ids = [str(expense.pk) for expense in made[:2]]
        answer = client_alice.post("/expenses/several/", {"ids": ids, "action": "delete"}, headers=FROM_LIST)
        text = answer.content.decode()
        assert "2 expenses deleted" in text
        assert "₪3.00" in text
        [undo] = re.findall(r'data-hx-post="(/expenses/trash/\d+/restore/)"', text)
        assert "2 expenses restored" in client_alice.post(undo, headers=FROM_LIST).content.decode()
        assert Expense.objects.filter(deleted_at__isnull=True).count() == 3

    def test_all_that_match(self, client_alice, alice):
        rows = [{"title": f"t{n}", "amount": n + 1, "category": "other" if n % 2 else "food-drinks"} for n in range(80)]
        make_expenses(alice, rows)
        sent = {"all": "1", "query": "?month=all&category=other", "action": "category", "category": "leisure-gifts"}
        answer = client_alice.post("/expenses/several/", sent, follow=True)
        assert "40 expenses are now in Leisure &amp; Gifts" in answer.content.decode()
        assert Expense.objects.filter(category="leisure-gifts").count() == 40
        [undo] = re.findall(r'action="(/expenses/changes/[0-9a-f]+/undo/)"', answer.content.decode())
        client_alice.post(undo)
        assert Expense.objects.filter(category="other").count() == 40

    @pytest.mark.parametrize("headers", [{}, FROM_LIST])
    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"action": "delete"},
            {"ids": ["x", "\x00"], "action": "delete"},
            {"ids": ["0" * 24], "action": "nonsense"},
            {"ids": ["0" * 24], "action": "category", "category": "nonsense"},
        ],
    )
    def test_nothing_to_do_says_so(self, client_alice, headers, sent):
        answer = client_alice.post("/expenses/several/", sent, headers=headers)
        assert answer.status_code == (422 if headers else 302)


class TestInbox:
    @pytest.fixture
    def waiting(self, alice):
        make_expense(alice, "sure", unsure=0.9)
        titles = ("Plumber", "Zumba", "Quick lunch")
        return make_expenses(alice, [{"title": title, "amount": 1, "unsure": 0.3} for title in titles])[::-1]

    def shown(self, answer) -> str:
        return "".join(re.findall(r'inbox-card".*?data-expense="([0-9a-f]{24})"', answer.content.decode(), re.DOTALL))

    def hidden(self, answer, form: str) -> dict[str, str]:
        part = answer.content.decode().split(form)[1].split("</form>")[0]
        pairs = re.findall('type="hidden" name="([a-z]+)" value="([^"]*)"', part)
        return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}

    def test_one_after_the_other_and_back(self, client_alice, waiting):
        answer = client_alice.get("/expenses/inbox/")
        assert self.shown(answer) == str(waiting[0].pk)
        assert "0 of 3 reviewed" in answer.content.decode()
        sent = self.hidden(answer, "inbox-card") | {"category": "other"}
        answer = client_alice.post("/expenses/inbox/review/", sent, headers=FROM_INBOX)
        assert "<html" not in answer.content.decode()
        assert self.shown(answer) == str(waiting[1].pk)
        assert "1 of 3 reviewed" in answer.content.decode()
        assert stored(waiting[0]).category == "other"
        sent = self.hidden(answer, "inbox-undo")
        answer = client_alice.post("/expenses/inbox/undo/", sent, headers=FROM_INBOX)
        assert self.shown(answer) == str(waiting[0].pk)
        assert "0 of 3 reviewed" in answer.content.decode()
        assert not stored(waiting[0]).reviewed

    def test_without_javascript(self, client_alice, waiting):
        answer = client_alice.get("/expenses/inbox/")
        for expense in waiting:
            assert self.shown(answer) == str(expense.pk)
            sent = self.hidden(answer, "inbox-card") | {"category": "transportation"}
            answer = client_alice.post("/expenses/inbox/review/", sent, follow=True)
        assert "All caught up" in answer.content.decode()
        assert "3 of 3 reviewed" in answer.content.decode()

    def test_skip(self, client_alice, waiting):
        text = client_alice.get("/expenses/inbox/").content.decode()
        [skip] = re.findall(r'href="(\?after=[^"]+)"', text)
        answer = client_alice.get("/expenses/inbox/" + skip.replace("&amp;", "&"))
        assert self.shown(answer) == str(waiting[1].pk)

    def test_undo_goes_back_through_reviews_and_skips(self, client_alice, waiting):
        answer = client_alice.get("/expenses/inbox/")
        sent = self.hidden(answer, "inbox-card") | {"category": "other"}
        answer = client_alice.post("/expenses/inbox/review/", sent, headers=FROM_INBOX)
        [skip] = re.findall(r'href="(\?after=[^"]+)"', answer.content.decode())
        answer = client_alice.get("/expenses/inbox/" + skip.replace("&amp;", "&"))
        assert self.shown(answer) == str(waiting[2].pk)
        for left, shown in ((1, waiting[1]), (0, waiting[0])):
            sent = {"undo": answer.context["undo"], "done": answer.context["done"]}
            answer = client_alice.post("/expenses/inbox/undo/", sent, headers=FROM_INBOX)
            assert self.shown(answer) == str(shown.pk)
            assert len(answer.context["undo"]) == left
        assert "0 of 3 reviewed" in answer.content.decode()
        assert not stored(waiting[0]).reviewed

    @pytest.mark.parametrize(
        "sent", [{}, {"id": "x"}, {"id": "0" * 24, "category": "other", "done": "-1", "after": "x"}]
    )
    def test_nonsense(self, client_alice, waiting, sent):
        assert client_alice.post("/expenses/inbox/review/", sent).status_code == 302
        assert client_alice.post("/expenses/inbox/undo/", sent).status_code == 302
        assert client_alice.get("/expenses/inbox/", {"done": "9" * 9, "after": "x", "undo": "\x00"}).status_code == 200


class TestSuggest:
    def test_from_ones_own_history(self, client_alice, client_bob, alice):
        for title in ("Zumba with Noa", "Zumba with Noa", "Zumba shoes"):
            client_alice.post("/expenses/add/", GOOD | {"title": title, "currency": "EUR", "category": "leisure-gifts"})
        text = client_alice.get("/expenses/suggest/", {"title": "zumba"}).content.decode()
        assert re.findall('option value="([^"]+)"', text) == ["Zumba with Noa", "Zumba shoes"]
        text = client_alice.get("/expenses/suggest/", {"title": "zumba WITH noa"}).content.decode()
        assert 'data-amount="" data-currency="EUR"' in text
        assert 'data-category="leisure-gifts"' in text
        assert "like your “Zumba with Noa”" in text
        assert "Noa" not in client_bob.get("/expenses/suggest/", {"title": "Zumba"}).content.decode()

    @pytest.mark.parametrize("title", ["", " ", "\x00", "x" * 10_000, "🍕", ".*", "<b>", "\u200b"])
    def test_anything(self, client_alice, title):
        assert client_alice.get("/expenses/suggest/", {"title": title}).status_code == 200


def test_why_can_be_asked_for_an_expense_that_exists(client_alice, alice, real_model):
    sent = {"title": "Coffee zorblax", "amount": "5", "currency": "EUR", "spent_on": "2026-08-20"}
    client_alice.post("/expenses/add/", sent)
    made = Expense.objects.get(title="Coffee zorblax")
    page = client_alice.get(f"/expenses/{made.pk}/edit/").content.decode()
    assert "Why?" in page
    assert "<bdi>coffee</bdi>" in page
