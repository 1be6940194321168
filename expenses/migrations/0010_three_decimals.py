"""Amounts have up to three decimals, and no order value while their currency has no rate.

MongoDB stores decimals as they are, so no document changes, and the release before this one reads them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0009_pairs")]

    operations = [
        migrations.AlterField(
            "expense", "amount", models.DecimalField(verbose_name="amount", max_digits=15, decimal_places=3)
        ),
        migrations.AlterField(
            "expense", "order_value", models.DecimalField(max_digits=24, decimal_places=8, null=True, editable=False)
        ),
    ]
