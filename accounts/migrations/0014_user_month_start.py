from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_user_saved_views")]

    operations = [
        migrations.AddField(
            "user",
            "month_start",
            models.CharField(verbose_name="month starts on", max_length=2, blank=True, default=""),
        ),
    ]
