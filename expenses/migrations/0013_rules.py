"""Rules: which one decided about an expense, the title that it shows, and what it replaced in the past.

No document changes: an expense without the new columns is read as one that no rule has decided about.
"""

import django.utils.timezone
from django.db import migrations, models
from django_mongodb_backend.fields import ObjectIdAutoField, ObjectIdField

SOURCES = [("person", "you"), ("rule", "your rule"), ("memory", "your own history"), ("model", "FinBrain")]


class Migration(migrations.Migration):
    dependencies = [("expenses", "0012_import_edits")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    "expense", "rule", models.CharField(max_length=24, blank=True, default="", editable=False)
                ),
                migrations.AddField(
                    "expense",
                    "shown_title",
                    models.CharField(
                        verbose_name="title to show", max_length=120, blank=True, default="", editable=False
                    ),
                ),
                migrations.AlterField(
                    "expense",
                    "category_source",
                    models.CharField(verbose_name="category chosen by", max_length=8, choices=SOURCES),
                ),
            ]
        ),
        migrations.CreateModel(
            "RuleChange",
            fields=[
                (
                    "id",
                    ObjectIdAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("ledger_id", ObjectIdField(db_column="owner_id", editable=False)),
                ("batch", models.CharField(max_length=24)),
                ("rule", models.CharField(max_length=24)),
                ("files", models.BooleanField(default=True)),
                ("before", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"indexes": [models.Index(fields=["ledger_id", "batch"], name="rule_change_by_batch")]},
        ),
    ]
