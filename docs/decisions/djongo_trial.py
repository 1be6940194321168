"""Shows what djongo does with everyday queries. Needs a separate Python environment and a replica set.

python -m venv trial && trial/bin/pip install djongo==1.3.7 "setuptools<70" pytz
trial/bin/python docs/decisions/djongo_trial.py "mongodb://127.0.0.1:27017/?replicaSet=rs0"
"""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import django
from django.conf import settings

DATABASE = {"ENGINE": "djongo", "NAME": "djongo_trial", "CLIENT": {"host": sys.argv[1]}}
settings.configure(DATABASES={"default": DATABASE})
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.db.models import Count, F, Sum  # noqa: E402
from django.db.models.functions import TruncMonth  # noqa: E402


class Spent(models.Model):
    title = models.CharField(max_length=20, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    day = models.DateField()
    reviewed = models.BooleanField(default=True)
    seen = models.IntegerField(default=0)

    class Meta:
        app_label = "trial"

    def __str__(self) -> str:
        return self.title


def add(title: str, month: int = 1) -> None:
    Spent.objects.create(title=title, amount=Decimal("1.10"), day=date(2020, month, 1))


def rows_after_rollback() -> int:
    try:
        with transaction.atomic():
            add("rolled back")
            raise KeyError
    except KeyError:
        return Spent.objects.filter(title="rolled back").count()


def tell(name: str, ask: Callable[[], object]) -> None:
    try:
        outcome = repr(ask())
    except Exception as error:  # whatever it raises is the result
        outcome = type(error).__name__
    print(f"{name}: {outcome}")


with connection.schema_editor() as editor:
    editor.create_model(Spent)
for number in range(3):
    add(f"row {number}", 1 + number)
tell("rows", Spent.objects.count)
tell("sum of a decimal", lambda: Spent.objects.aggregate(Sum("amount")))
tell(
    "grouped by month",
    lambda: list(Spent.objects.annotate(month=TruncMonth("day")).values("month").annotate(Count("id"))),
)
tell("filter on a boolean", Spent.objects.filter(reviewed=True).count)
tell("update with F()", lambda: Spent.objects.update(seen=F("seen") + 1))
tell("duplicate", lambda: add("row 0"))
tell("rows left after a rollback", rows_after_rollback)
connection.client_connection.drop_database(DATABASE["NAME"])
