from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0016_series")]

    operations = [migrations.AddField("importbatch", "restoring", models.JSONField(blank=True, null=True))]
