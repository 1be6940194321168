from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_user_own_rates")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="own_categories",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="own categories"),
        ),
    ]
