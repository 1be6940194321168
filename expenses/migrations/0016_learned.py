from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0012_import_edits")]

    operations = [migrations.AddField("categorychange", "learned", models.JSONField(null=True))]
