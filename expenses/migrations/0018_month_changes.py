from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0017_import_restoring")]

    operations = [
        migrations.AddField("monthversion", "changes", models.JSONField(default=list, editable=False)),
    ]
