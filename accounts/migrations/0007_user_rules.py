from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_user_own_rates")]

    operations = [
        migrations.AddField(
            "user", "rules", models.JSONField(verbose_name="rules", default=list, blank=True, editable=False)
        ),
    ]
