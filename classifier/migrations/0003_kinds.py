"""The memory also keeps the kinds of a text. Rows without them stay as they are, so nothing stored changes."""

from django.db import migrations, models

CATEGORIES = [
    ("food-drinks", "Food & Drinks"),
    ("housing-bills", "Housing & Bills"),
    ("transportation", "Transportation"),
    ("education-growth", "Education & Personal Growth"),
    ("health-essentials", "Health & Essentials"),
    ("leisure-gifts", "Leisure & Gifts"),
    ("other", "Other"),
]
STATE = [
    migrations.AddField("memory", "kinds", models.JSONField(default=dict)),
    migrations.AlterField("memory", "category", models.CharField(blank=True, choices=CATEGORIES, max_length=32)),
]


class Migration(migrations.Migration):
    dependencies = [("classifier", "0002_ledgers")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=STATE)]
