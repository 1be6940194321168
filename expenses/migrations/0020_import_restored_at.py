from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0019_stored_sums")]

    operations = [
        migrations.AddField("importbatch", "restored_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("importbatch", "last_undone_at", models.DateTimeField(blank=True, null=True)),
    ]
