from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0019_stored_sums")]

    operations = [
        migrations.AddField("importbatch", "absences", models.JSONField(default=list, editable=False)),
    ]
