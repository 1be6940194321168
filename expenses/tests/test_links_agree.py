"""Every number of the dashboard that links to a list is the total, or the number of entries, of that list."""

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import NamedTuple

import pytest

from expenses.tests.making import make_expenses

MARCH, APRIL, MAY = (date(2024, month, 1) for month in (3, 4, 5))
BOXES = {"tr", "td", "li", "dd", "p"}
CELLS = {"td", "th"}


class Linked(NamedTuple):
    """The text of the row, cell or line that a link to a list is in. parent: the nearest id around it."""

    url: str
    text: str
    parent: str


class ListLinks(HTMLParser):
    """Collects the links to lists. Titles of links count as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.boxes: list[tuple[list[str], list[str]]] = []
        self.found: list[Linked] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in BOXES:
            self.boxes.append(([], []))
        self.open.append((tag, values.get("id", "")))
        url = values.get("href", "") if tag == "a" else ""
        if url.startswith("/expenses/?") and self.boxes:
            self.boxes[-1][0].append(url)
            self.handle_data(f" {values.get('title', '')} ")

    def handle_endtag(self, tag):
        if tag in BOXES:
            urls, texts = self.boxes.pop()
            parent = next((name for _tag, name in reversed(self.open) if name), "")
            self.found += [Linked(url, plain("".join(texts)), parent) for url in urls]
        if tag in CELLS:
            self.handle_data(" ")
        while any(each == tag for each, _name in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for _urls, texts in self.boxes:
            texts.append(data)


def plain(text: str) -> str:
    return re.sub(r"[\u2060\u2066-\u2069]", "", text).replace("\u2212", "-").replace("\xa0", " ")


@pytest.fixture
def lived(alice):
    """Merchants of two titles, names of a person's own, other currencies, own rates, one-off, moved, received, cash."""
    own = {"own_rate": Decimal("4.21"), "own_rate_currency": "ILS"}
    for month, factor in ((MARCH, 1), (APRIL, 2), (MAY, 3)):
        make_expenses(
            alice,
            [
                {"spent_on": month.replace(day=day), **row, "amount": Decimal(row["amount"]) * factor}
                for day, row in [
                    (2, {"title": "SQ *BLUE BOTTLE 4411", "amount": "12.34", "category": "food-drinks"}),
                    (9, {"title": "SQ *BLUE BOTTLE 7702", "amount": "21.43", "category": "food-drinks"}),
                    (9, {"title": "Blue bottle", "amount": "3.33", "currency": "USD", "category": "food-drinks"}),
                    (16, {"title": "Blue Bottle", "amount": "7.77", "currency": "EUR", "category": "leisure-gifts"}),
                    (16, {"title": "TRF 99", "shown_title": "Rent", "amount": "1001.01", "category": "housing-bills"}),
                    (17, {"title": "TRF 98", "shown_title": "Rent", "amount": "1.01", "category": "housing-bills"}),
                    (17, {"title": "TRF 98", "amount": "5.05", "category": "housing-bills"}),
                    (18, {"title": "Wine", "amount": "33.03", "category": "food-drinks_wine"}),
                    (20, {"title": "Blue Bottle", "amount": "9.99", "currency": "USD", "category": "other", **own}),
                    (21, {"title": "Sofa", "amount": "900.10", "category": "housing-bills", "one_off": True}),
                    (22, {"title": "Sofa", "amount": "80.10", "category": "leisure-gifts", "one_off": True}),
                    (23, {"title": "Fridge", "amount": "70.10", "category": "a-later-one", "kind": "spent"}),
                    (25, {"title": "Savings", "amount": "500", "category": "transfer"}),
                    (25, {"title": "Blue Bottle", "amount": "60", "category": "cash"}),
                    (26, {"title": "Salary", "amount": "-9000", "category": "salary"}),
                    (26, {"title": "Blue Bottle", "amount": "-4.40", "category": "food-drinks"}),
                ]
            ],
        )


TWO_CATEGORIES = "category=housing-bills&category=food-drinks"
PAGES = (
    "month=2024-04&currency=EUR",
    "month=2024-04&view=comparison&one_off=1",
    "month=2024-05&category=food-drinks",
    "from=2024-04&to=2024-05",
    "from=2024-04&to=2024-05&view=comparison&currency=EUR",
    "from=2024-04&to=2024-05&view=cashflow&category=food-drinks",
    f"from=2024-04&to=2024-05&currency=EUR&{TWO_CATEGORIES}",
    f"month=2024-03&month=2024-05&{TWO_CATEGORIES}",
    "month=2024-03&month=2024-05&view=cashflow&currency=EUR",
)


@pytest.mark.parametrize(("start", "cash_withdrawn"), [("", False), ("10", True)])
def test_every_linked_number_is_that_of_its_list(client_alice, alice, lived, start, cash_withdrawn):
    alice.month_start, alice.cash_withdrawn = start, cash_withdrawn
    alice.save()
    lists, seen, wrong = {}, set(), []
    for query in PAGES:
        for link in ListLinks(client_alice.get(f"/dashboard/?{query}").content.decode()).found:
            if link.url not in lists:
                lists[link.url] = client_alice.get(link.url).content.decode()
            seen.add(link.parent)
            wrong += [] if is_of(lists[link.url], link) else [(query, link)]
    assert not wrong
    assert {"chart-table", "merchants", "trend-table", "change-table", "merchant-changes", "income-table"} <= seen


def is_of(page: str, link: Linked) -> bool:
    total = plain(re.search(r'id="list-total".*?class="num">(.*?)<', page, re.DOTALL)[1])
    count = page.count('name="ids"')
    has_total = re.search(rf"(?<![-\d]){re.escape(total)}(?!\d)", link.text) is not None
    if link.parent == "merchants" and "as entered" in link.text:
        return f"{count}×" in link.text
    if link.parent == "merchants":
        return has_total and f"{count}×" in link.text
    if link.parent == "merchant-changes":
        now, before = map(int, re.search(r"(\d+)×, before (\d+)×", link.text).groups())
        return count == (now or before)
    if link.parent == "change-table":  # only differences
        return count > 0
    return has_total or re.match(rf"{count}( amounts? |$)", link.text.strip()) is not None
