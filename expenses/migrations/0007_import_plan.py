from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0006_ledgers")]

    operations = [
        migrations.AddField("importbatch", "table", models.JSONField(blank=True, null=True)),
        migrations.AddField("importbatch", "plan", models.BinaryField(blank=True, null=True)),
        migrations.AddField("importbatch", "preview", models.BinaryField(blank=True, null=True)),
        migrations.AddField("importbatch", "plan_key", models.CharField(blank=True, default="", max_length=32)),
    ]
