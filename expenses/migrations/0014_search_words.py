"""Words by which search finds expenses, and title keys without accents.

The site serves while this runs. Expenses without words are found as before. Those that the earlier release writes in
the meantime stay so until they are edited.
"""

import pymongo
from bson import ObjectId
from django.db import migrations, models
from pymongo import UpdateOne

from expenses.models.expense import SearchWordsField
from expenses.models.folding import search_words, title_key
from finbrain.core.past_the_orm import LEDGER, collection
from finbrain.core.stored import text

# Expenses per round trip. A batch takes far less time than this, whatever the limit of a page is.
BATCH, SECONDS = 1_000, 60


def add_words(apps, schema_editor):
    stored = collection(apps.get_model("expenses", "Expense"))
    last = ObjectId("0" * 24)
    while True:
        with pymongo.timeout(SECONDS):
            rows = list(stored.find({"_id": {"$gt": last}}, {LEDGER: 1, "title": 1, "note": 1}).sort("_id").limit(BATCH))
            if not rows:
                return
            stored.bulk_write([update_of(row) for row in rows], ordered=False)
        last = rows[-1]["_id"]


def update_of(row):
    """Update an expense unless somebody has edited its texts since it was read."""
    same = {name: row[name] if name in row else {"$exists": False} for name in ("title", "note")}
    title, note = text(row.get("title")), text(row.get("note"))
    words = {"title_key": title_key(title), "search_words": search_words(title, note)}
    return UpdateOne({"_id": row["_id"], LEDGER: row.get(LEDGER), **same}, {"$set": words})


class Migration(migrations.Migration):
    dependencies = [("expenses", "0013_rules")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    "expense",
                    "search_words",
                    SearchWordsField(
                        models.CharField(max_length=32), default=list, editable=False, size=None
                    ),
                )
            ]
        ),
        migrations.AddIndex(
            "expense",
            models.Index(fields=["ledger_id", "search_words", "-spent_on", "-id"], name="expense_by_word"),
        ),
        migrations.RunPython(add_words, migrations.RunPython.noop),
    ]
