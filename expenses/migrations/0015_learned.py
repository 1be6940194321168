from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0014_search_words")]

    operations = [migrations.AddField("categorychange", "learned", models.JSONField(null=True))]
