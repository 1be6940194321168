from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0009_pairs")]

    operations = [migrations.AddField("importbatch", "edits", models.JSONField(blank=True, null=True))]
