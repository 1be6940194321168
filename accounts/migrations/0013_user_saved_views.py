from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_user_week_start")]

    operations = [
        migrations.AddField(
            "user",
            "saved_views",
            models.JSONField(verbose_name="saved views", default=list, blank=True, editable=False),
        ),
    ]
