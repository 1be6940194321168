from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_user_rules")]

    operations = [
        migrations.AddField("user", "reminders", models.BooleanField(verbose_name="reminders by email", default=False)),
        migrations.AddField(
            "user", "weekly_insights", models.BooleanField(verbose_name="weekly insights by email", default=False)
        ),
        migrations.AddField(
            "user", "insights_week", models.CharField(max_length=8, blank=True, default="", editable=False)
        ),
        migrations.AddField("user", "emailed_on", models.DateField(null=True, blank=True, editable=False)),
        migrations.AddField("user", "time_zone", models.CharField(max_length=64, blank=True, default="", editable=False)),
        migrations.AddField(
            "user", "calendar_key", models.CharField(max_length=32, blank=True, default="", editable=False)
        ),
        migrations.AddField(
            "user",
            "calendar_amounts",
            models.BooleanField(verbose_name="amounts in the calendar feed", default=False),
        ),
    ]
