"""The interesting states of the expenses pages, for screenshots and accessibility tests.

STATES: name -> function(page, user) that leaves the page in that state. The user is signed in on `page`.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from expenses.ledger.set_categories import set_categories
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expenses

STORY = [
    ("Groceries", "212.40", "ILS", "food-drinks", None, ""),
    ("Taxi home", "58", "ILS", "transportation", None, ""),
    ("סופר פארם", "122", "ILS", "health-essentials", None, ""),
    ("Netflix", "12.99", "USD", "leisure-gifts", None, ""),
    ("Rent", "3200", "ILS", "housing-bills", None, "August, by standing order"),
    ("SQ *BLUE BOTTLE COFFEE OAKLAND CA", "6.75", "USD", "food-drinks", 0.52, ""),
    ("Python course", "49", "EUR", "education-growth", 0.93, ""),
    ("Refund: broken kettle", "-89.90", "ILS", "housing-bills", None, "returned on Sunday"),
    ("Geburtstagsgeschenk für die allerbeste Großmutter der Welt, eingepackt", "35", "EUR", "leisure-gifts", 0.41, ""),
    ("Bank fee", "9.90", "ILS", "other", None, ""),
]


def fill(user: User, count: int = 24) -> None:
    """Add `count` expenses of the last days."""
    today = timezone.localdate()
    rows = []
    for number in range(count):
        title, amount, currency, category, unsure, note = STORY[number % len(STORY)]
        row = {"title": title, "amount": amount, "currency": currency, "category": category, "note": note}
        rows.append(row | {"spent_on": today - timedelta(days=number // 6), "unsure": unsure})
    make_expenses(user, rows)


def empty(page: Page, user: User) -> None:
    page.goto("/expenses/")


def full(page: Page, user: User) -> None:
    fill(user)
    page.goto("/expenses/?month=all")


def filtered(page: Page, user: User) -> None:
    fill(user)
    page.goto("/expenses/?month=all&category=food-drinks&category=leisure-gifts&min=5&display=USD&sort=-amount")


def nothing_matches(page: Page, user: User) -> None:
    fill(user)
    page.goto("/expenses/?month=all&q=zzz&currency=JPY")


def filters_open(page: Page, user: User) -> None:
    full(page, user)
    page.locator("#filters [data-key=f]").click()


def selected(page: Page, user: User) -> None:
    full(page, user)
    page.locator("#rows [name=ids]").nth(0).check()
    page.locator("#rows [name=ids]").nth(2).check()


def refused(page: Page, user: User) -> None:
    full(page, user)
    page.fill("#id_title", "Taxi home")
    page.fill("#id_amount", "1e9")
    page.press("#id_amount", "Enter")
    expect(page.locator("#quick-add .errorlist")).to_be_visible()


def offline(page: Page, user: User) -> None:
    full(page, user)
    page.route("**/expenses/add/", lambda route: route.abort())
    page.fill("#id_title", "Taxi home")
    page.fill("#id_amount", "58")
    page.press("#id_amount", "Enter")
    expect(page.locator(".toast-error")).to_be_visible()


def deleted(page: Page, user: User) -> None:
    full(page, user)
    page.locator("#rows .row").first.hover()
    page.locator("#rows .row-actions button").first.click()
    expect(page.locator(".toast-undo")).to_be_visible()


def picker(page: Page, user: User) -> None:
    full(page, user)
    page.locator("#rows .row-cat > a").first.click()
    expect(page.locator("#category-picker")).to_be_visible()


def shortcuts(page: Page, user: User) -> None:
    full(page, user)
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def edit(page: Page, user: User) -> None:
    fill(user, 9)
    page.goto(f"/expenses/{Expense.objects.filter(ledger_id=user.pk, confidence__lt=0.5).first().pk}/edit/")


def inbox(page: Page, user: User) -> None:
    fill(user)
    page.goto("/expenses/inbox/")


def inbox_done(page: Page, user: User) -> None:
    page.goto("/expenses/inbox/")


def twins(page: Page, user: User) -> None:
    full(page, user)
    page.locator("#rows .row:has(.ask) .row-title a").first.focus()
    page.keyboard.press("y")
    page.locator(".twins summary").click()


def learned(page: Page, user: User) -> None:
    fill(user)
    unsure = Expense.objects.filter(ledger_id=user.pk, reviewed=False)
    for category in ("food-drinks", "leisure-gifts"):
        set_categories(personal_ledger(user), [expense.pk for expense in unsure], category)
    page.goto("/expenses/learned/")


def trash(page: Page, user: User) -> None:
    fill(user, 8)
    Expense.objects.filter(ledger_id=user.pk).update(deleted_at=timezone.now())
    page.goto("/expenses/trash/")


def kinds(page: Page, user: User) -> None:
    """The list with entries of every kind, and the line under its total."""
    rows = [
        {"title": "Groceries", "amount": "212.40", "category": "food-drinks", "account": "Visa 4321"},
        {"title": "CREDIT CRD AUTOPAY", "amount": "8000", "category": "transfer"},
        {"title": "ATM", "amount": "600", "category": "cash"},
        {"title": "ACME PAYROLL", "amount": "-19400", "category": "salary"},
        {"title": "Sofa", "amount": "4500", "category": "housing-bills", "one_off": True},
    ]
    make_expenses(user, [row | {"spent_on": timezone.localdate()} for row in rows])
    page.goto("/expenses/")
    expect(page.locator("#list-total")).to_contain_text("moved")


STATES: dict[str, Callable[[Page, User], None]] = {
    state.__name__: state
    for state in (
        *(empty, full, filtered, nothing_matches, filters_open, selected, refused, offline, deleted, picker),
        *(shortcuts, edit, inbox, inbox_done, twins, learned, trash, kinds),
    )
}
