from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_user_own_categories")]

    operations = [
        migrations.AddField(
            "user", "rules", models.JSONField(verbose_name="rules", default=list, blank=True, editable=False)
        ),
    ]
