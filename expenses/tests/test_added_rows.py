"""An added expense brings the page its row, and the page then shows what it would show if it were loaded again."""

import random
import re
from dataclasses import dataclass, field
from datetime import date
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from expenses.ledger.trash import delete_expenses
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.month_tokens import all_tokens
from expenses.tests.making import make_expense, make_expenses
from expenses.views import answers

LIST = {"HX-Request": "true", "HX-Target": "list"}
MORE = {"HX-Request": "true", "HX-Target": "more"}
TITLES = ("Taxi home", "Bus", "Énergie", "אוטובוס", "Coffee <b>")
QUERIES = [
    "month=2026-08",
    "month=2026-08&sort=date",
    "month=2026-08&sort=-amount",
    "month=2026-08&sort=amount&min=20&max=60",
    "month=all&sort=title",
    "month=all&sort=-category&category=transportation&category=other",
    "month=2026-08&kind=received",
    "month=all&needs_review=1",
    "month=all&q=taxi&sort=date",
    "month=2026-08&currency=USD&display=USD",
    "day=2026-08-20",
    "month=2026-07",
]


@dataclass
class Page:
    """The list as a browser shows it: `#list`, and what is beside it by id. rows: the heads of days and the rows."""

    client: Client
    query: str
    version: str = ""
    rows: list[str] = field(default_factory=list)
    more: str = ""
    beside: dict[str, str] = field(default_factory=dict)

    def load(self) -> "Page":
        self.show(self.client.get(f"/expenses/?{self.query}", headers=LIST).content.decode())
        return self

    def show(self, text: str) -> None:
        """Take over a whole list."""
        [self.version] = re.findall('id="list"[^>]* data-version="([0-9a-f]+)"', text)
        self.rows, self.more = rows_in(text), more_in(text)
        self.beside |= parts_in(text)

    def show_more(self) -> None:
        text = self.client.get(self.more, headers=MORE).content.decode()
        self.rows, self.more = self.rows + rows_in(text), more_in(text)

    def add(self, **values: str) -> bool:
        """Add an expense. Returns whether the answer was only a row."""
        headers = {
            "HX-Request": "true",
            "HX-Current-URL": f"http://testserver/expenses/?{self.query}",
            "X-Rows": str(sum("data-expense" in row for row in self.rows)),
            "X-List": self.version,
        }
        answer = self.client.post("/expenses/add/", values, headers=headers)
        assert answer.status_code == 200
        assert answer["HX-Reswap"] == "none"
        text = answer.content.decode()
        if "X-List" not in answer:
            self.show(text)
            return False
        self.version = answer["X-List"]
        self.beside |= parts_in(text)
        self._insert(text)
        return True

    def _insert(self, text: str) -> None:
        """Swap the row and the sum of its day into the list, as htmx does."""
        for day, amount in re.findall(r'<p id="sum-([\d-]+)" data-hx-swap-oob="innerHTML">(.*?)</p>', text):
            [at] = (at for at, row in enumerate(self.rows) if f'id="sum-{day}"' in row)
            self.rows[at] = re.sub(r'(id="sum-[\d-]+">).*?(?=</td>)', rf"\g<1>{amount}", self.rows[at])
        for how, target in re.findall(r'<tbody data-hx-swap-oob="(\w+):([^"]+)"', text):
            at = 0
            if target != "#rows":
                wanted = unescape(target)[1:-1].replace("'", '"')
                [at] = (at for at, row in enumerate(self.rows) if wanted in row)
            at += how == "afterend"
            self.rows[at:at] = rows_in(text)

    def everything(self) -> "Page":
        """Return the page with all rows, also those that it would still load."""
        whole = Page(self.client, self.query, self.version, [*self.rows], self.more, {**self.beside})
        while whole.more:
            whole.show_more()
        return whole


def rows_in(text: str) -> list[str]:
    found = re.findall('(?s)<tr class="(?:row|day)[ "].*?</tr>', text)
    return [row.replace("row is-new", "row") for row in found if 'id="more"' not in row]


def more_in(text: str) -> str:
    found = re.search('id="more".*?href="([^"]+)"', text, re.DOTALL)
    return unescape(found[1]) if found else ""


def parts_in(text: str) -> dict[str, str]:
    """What is beside the rows: the total, the count of the inbox and the choice of everything that matches."""
    patterns = {
        "total": '(?s)id="list-total".*?>(.*?)</div>',
        "inbox": '(?s)(<span[^>]*id="inbox-count".*?</span>)',
        "all": r"All (\d+) matching",
        "has more": '(?s)id="several-all"([^>]*)>',
    }
    found = {name: re.search(pattern, text) for name, pattern in patterns.items()}
    said = {name: " ".join(match[1].split()) for name, match in found.items() if match}
    return {name: value.replace('data-hx-swap-oob="true"', "").strip() for name, value in said.items()}


def some_expenses(alice: User, count: int, chance: random.Random) -> None:
    """Store expenses of two months, so that lists of them have several pages."""
    make_expenses(
        alice,
        [
            {
                "title": chance.choice(TITLES),
                "amount": chance.randint(1, 90),
                "spent_on": date(2026, chance.choice((7, 8)), chance.randint(1, 28)),
                "currency": chance.choice(("ILS", "ILS", "USD", "EUR")),
                "category": chance.choice(("transportation", "other", "food-drinks")),
            }
            | ({"unsure": 0.4} if chance.random() < 0.3 else {})
            for _ in range(count)
        ],
    )


def entry(chance: random.Random) -> dict[str, str]:
    return {
        "title": chance.choice(TITLES),
        "amount": str(chance.choice((1, 20, 45, 60, 90, 2000, -30))),
        "spent_on": f"2026-0{chance.choice('78')}-{chance.randint(1, 28):02}",
        "currency": chance.choice(("ILS", "ILS", "USD")),
        "category": chance.choice(("", "transportation", "other", "salary")),
    }


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("count", [6, 130])
def test_the_page_shows_what_it_would_if_loaded_again(client_alice, alice, query, count):
    chance = random.Random(f"{query} {count}")
    some_expenses(alice, count, chance)
    page = Page(client_alice, query).load()
    if page.more:
        page.show_more()
    by_row = [page.add(**entry(chance)) for _ in range(5)]
    assert any(by_row) or "kind" in query
    fresh = Page(client_alice, query).load()
    has_more = page.beside.pop("has more", "hidden")
    fresh.beside.pop("has more", "")
    assert page.version == fresh.version
    assert page.beside == fresh.beside
    assert page.everything().rows == fresh.everything().rows
    assert (not page.more) == ("hidden" in has_more)


def test_a_row_that_the_list_does_not_show_counts_in_the_sum_of_its_day(client_alice, alice):
    make_expenses(alice, [{"title": "Tea", "amount": 1, "spent_on": date(2026, 8, 20)} for _ in range(60)])
    page = Page(client_alice, "month=2026-08&sort=date").load()
    assert page.add(title="Taxi home", amount="40", currency="ILS", spent_on="2026-08-20")
    assert "₪100.00" in page.rows[0]
    assert page.rows == Page(client_alice, page.query).load().rows


@pytest.mark.parametrize("start", ["1", "10", "last"])
def test_only_the_row_is_sent(client_alice, alice, start):
    """Whichever day months begin on."""
    User.objects.filter(pk=alice.pk).update(month_start=start)
    make_expenses(alice, [{"title": "Tea", "amount": 3, "spent_on": date(2026, 8, day)} for day in (14, 20)])
    page = Page(client_alice, "month=2026-08").load()
    for day in ("2026-08-20", "2026-08-17", "2026-08-14"):
        assert page.add(title="Taxi home", amount="58", currency="ILS", spent_on=day)
    assert page.rows == Page(client_alice, "month=2026-08").load().rows


def test_the_whole_list_is_sent_if_it_has_changed_since(client_alice, alice):
    sent = {"title": "Taxi home", "amount": "58", "currency": "ILS", "spent_on": "2026-08-20"}
    page = Page(client_alice, "month=2026-08").load()
    assert not page.add(**sent)  # it showed that there was none
    assert page.add(**sent)
    first, _second = Expense.objects.filter(ledger_id=alice.pk)
    make_expense(alice, "In another tab")
    assert not page.add(**sent)
    assert any("In another tab" in row for row in page.rows)
    delete_expenses(personal_ledger(alice), [first.pk])
    assert not page.add(**sent)
    assert page.add(**sent)
    User.objects.filter(pk=alice.pk).update(auto_file_threshold=0.9)
    assert not page.add(**sent)
    page.query = "month=2026-08&sort=date"
    assert not page.add(**sent)


def test_what_another_tab_adds_at_the_same_moment_never_takes_the_row_away(client_alice, alice, monkeypatch):
    """It is in neither the order of the rows nor the version, so the next answer has the whole list."""
    make_expense(alice)
    page = Page(client_alice, "month=2026-08").load()

    def read_before_another(ledger_id):
        tokens = all_tokens(ledger_id)
        make_expense(alice, "In another tab", spent_on=date(2026, 8, 20))
        return tokens

    sent = {"amount": "6", "currency": "ILS", "spent_on": "2026-08-20"}
    with monkeypatch.context() as patch:
        patch.setattr(answers, "all_tokens", read_before_another)
        assert page.add(title="Bus", **sent)
    assert any("Bus" in row for row in page.rows)
    assert not page.add(title="Tram", **sent)
    assert page.rows == Page(client_alice, "month=2026-08").load().rows


def test_the_whole_list_is_sent_if_a_currency_is_new_in_it(client_alice, alice):
    """It then offers to show amounts in that currency."""
    make_expense(alice)
    page = Page(client_alice, "month=2026-08").load()
    sent = {"title": "Taxi home", "amount": "58", "spent_on": "2026-08-20"}
    assert not page.add(currency="USD", **sent)
    assert page.add(currency="USD", **sent)


def test_an_expense_sent_twice_brings_the_whole_list(client_alice, alice):
    make_expense(alice)
    page = Page(client_alice, "month=2026-08").load()
    sent = {"title": "Bus", "amount": "6", "currency": "ILS", "spent_on": "2026-08-20", "entry_key": "key-0001"}
    assert page.add(**sent)
    assert not page.add(**sent)
    assert page.rows == Page(client_alice, "month=2026-08").load().rows


@pytest.mark.parametrize("unsure", [False, True])
def test_what_it_costs(client_alice, alice, count_db, count_cache, unsure):
    """Only an expense that needs review changes how many do."""
    make_expense(alice)
    make_expense(alice, unsure=0.3)
    page = Page(client_alice, "month=2026-08").load()
    sent = {"title": "Bus", "amount": "6", "currency": "ILS", "spent_on": "2026-08-20"}
    sent |= {} if unsure else {"category": "other"}
    assert page.add(**sent)
    with count_db() as calls, count_cache() as cached:
        assert page.add(**sent)
    reads = [name for name in calls.names if name in ("find expenses_expense", "aggregate expenses_expense")]
    assert len(reads) == 3 + unsure, calls.names  # the order of the rows, the sums of the day, the look for a series
    assert calls.names.count("find expenses_monthversion") == 1, calls.names  # the tokens
    assert len(cached) <= (4 if unsure else 6), cached.names  # a chosen category is remembered
    assert ("3" if unsure else "1") in page.beside["inbox"]
