"""Made-up expenses for benchmarks, always the same for the same arguments."""

import random
from datetime import date, timedelta
from decimal import Decimal

from bson import ObjectId

from accounts.models import User
from classifier.categories import SLUGS
from expenses import rates
from expenses.ledger.touch import touch_months
from expenses.models import CategorySource, Expense
from expenses.months import add_months

PASSWORD = "only for a benchmark on this machine"
BATCH = 5_000
CURRENCIES = {"ILS": 70, "USD": 14, "EUR": 10, "GBP": 4, "JPY": 2}
PLACES = ("Market", "Café", "Taxi", "Pharmacy", "Cinema", "Bakery", "Books", "Energy", "Telecom", "Rail", "Gym", "Bar")
# What everybody has bought equally often, so that a search for it finds as much among few expenses as among many.
RARE, RARE_TIMES = "Harbour Planetarium", 3
NAMES = ("Aurora", "Bruno", "Carmel", "Delta", "Elm", "Fjord", "Gaia", "Harbour", "Iris", "Juno", "Kiwi", "Lotus")


def seed_person(email: str, expenses: int, months: int, until: date, currencies: tuple[str, ...] = ()) -> User:
    """Create a person with that many expenses, spread evenly over the `months` up to that of `until`.

    Without `currencies`, about a third of them are in four foreign ones. The email must be new.
    """
    user = User.objects.create_user(email, PASSWORD, first_name="Noa", home_currency="ILS")
    chance = random.Random(expenses)
    first = add_months(until.replace(day=1), 1 - months)
    length = (until - first).days + 1
    days = [first + timedelta(days=n) for n in range(length)]
    codes = {code: CURRENCIES[code] for code in currencies} or CURRENCIES
    book = rates.rates_between(first, until, codes)
    for start in range(0, expenses, BATCH):
        size = min(BATCH, expenses - start)
        made = [made_up(user, chance, days, codes, book) for _ in range(size)]
        for expense in made[: RARE_TIMES if start == 0 else 0]:
            expense.title = RARE
        Expense.objects.bulk_create(made)
    touch_months(user.pk, days)
    return user


def made_up(
    user: User, chance: random.Random, days: list[date], codes: dict[str, int], book: rates.RateBook
) -> Expense:
    """Make up one expense. Most places occur often, a few only once."""
    day = chance.choice(days)
    currency = chance.choices(list(codes), list(codes.values()))[0]
    amount = Decimal(max(1, round(chance.lognormvariate(4, 1)))) + (
        Decimal(0) if currency == "JPY" else Decimal(chance.randrange(100)) / 100
    )
    rank = min(int(chance.paretovariate(0.9)), 2_000)
    title = f"{NAMES[rank % 12]} {PLACES[rank // 12 % 12]}" + (f" {chr(97 + rank % 26)}{rank}" if rank > 143 else "")
    reviewed = chance.random() < 0.8
    return Expense(
        ledger_id=user.pk,
        title=title,
        amount=amount,
        currency=currency,
        spent_on=day,
        category=SLUGS[rank % 7],
        category_source=CategorySource.PERSON if reviewed else CategorySource.MODEL,
        confidence=None if reviewed else round(chance.uniform(0.4, 1), 4),
        reviewed=reviewed,
        entry_key=str(ObjectId()),
        order_value=book.order_value(amount, currency, day),
    )
