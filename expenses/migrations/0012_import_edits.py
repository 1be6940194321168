from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0011_currencies_in_use")]

    operations = [migrations.AddField("importbatch", "edits", models.JSONField(blank=True, null=True))]
