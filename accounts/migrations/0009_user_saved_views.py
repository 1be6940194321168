from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_user_rules")]

    operations = [
        migrations.AddField(
            "user",
            "saved_views",
            models.JSONField(verbose_name="saved views", default=list, blank=True, editable=False),
        ),
    ]
