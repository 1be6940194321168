"""Kinds of entries, one-off expenses, account names and pairs. Every existing expense is spent.

The site serves while this runs. Documents that the earlier release writes in the meantime lack the columns, and are
read as spent, too. One update writes all columns; `AddField` would rewrite every document once for each.
"""

import pymongo
from django.db import migrations, models
from django_mongodb_backend.fields import ObjectIdField


from finbrain.core.past_the_orm import collection

KINDS = [("spent", "Spent"), ("moved", "Moved"), ("received", "Received")]
CATEGORIES = [
    ("food-drinks", "Food & Drinks"),
    ("housing-bills", "Housing & Bills"),
    ("transportation", "Transportation"),
    ("education-growth", "Education & Personal Growth"),
    ("health-essentials", "Health & Essentials"),
    ("leisure-gifts", "Leisure & Gifts"),
    ("other", "Other"),
    ("transfer", "Between own accounts"),
    ("cash", "Cash withdrawal"),
    ("salary", "Salary"),
    ("interest", "Interest"),
    ("gift", "Gift"),
    ("sale", "Sale"),
    ("tax-refund", "Tax refund"),
    ("other-income", "Other income"),
]
SOURCES = [
    ("person", "you"),
    ("rule", "your rule"),
    ("pair", "the other half"),
    ("file", "the file"),
    ("memory", "your own history"),
    ("model", "FinBrain"),
]
# Far more than it takes, whatever the limit of a page is.
SECONDS = 600
ADDED = {"kind": "spent", "kind_source": "", "kind_confidence": None, "one_off": False, "account": "", "pair": None}


def add_columns(apps, schema_editor):
    stored = collection(apps.get_model("expenses", "Expense"))
    with pymongo.timeout(SECONDS):
        stored.update_many({"kind": {"$exists": False}}, {"$set": ADDED})


class Migration(migrations.Migration):
    dependencies = [("expenses", "0007_import_plan")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "expense",
                    "category",
                    models.CharField(verbose_name="category", max_length=32, choices=CATEGORIES),
                ),
                migrations.AddField(
                    "expense",
                    "kind",
                    models.CharField(
                        verbose_name="kind", max_length=8, choices=KINDS, default="spent"
                    ),
                ),
                migrations.AddField(
                    "expense",
                    "kind_source",
                    models.CharField(
                        verbose_name="kind chosen by",
                        max_length=8,
                        choices=SOURCES,
                        blank=True,
                        default="",
                        editable=False,
                    ),
                ),
                migrations.AddField(
                    "expense",
                    "kind_confidence",
                    models.FloatField(verbose_name="confidence in the kind", null=True, blank=True, editable=False),
                ),
                migrations.AddField(
                    "expense",
                    "one_off",
                    models.BooleanField(verbose_name="one-off", default=False),
                ),
                migrations.AddField(
                    "expense",
                    "account",
                    models.CharField(
                        verbose_name="account", max_length=60, blank=True, default=""
                    ),
                ),
                migrations.AddField("expense", "pair", ObjectIdField(null=True, blank=True, editable=False)),
            ]
        ),
        migrations.RunPython(add_columns, migrations.RunPython.noop),
        migrations.AddIndex(
            "expense", models.Index(fields=["ledger_id", "kind", "-spent_on", "-id"], name="expense_by_kind")
        ),
        migrations.AddIndex(
            "expense", models.Index(fields=["ledger_id", "account", "-spent_on", "-id"], name="expense_by_account")
        ),
        migrations.AddIndex(
            "expense",
            models.Index(
                fields=["ledger_id", "pair"],
                name="expense_by_pair",
                condition=models.Q(pair__gt="000000000000000000000000"),
            ),
        ),
    ]
