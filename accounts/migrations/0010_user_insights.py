from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_user_emails_and_calendar")]

    operations = [
        migrations.AddField("user", "dismissed_insights", models.JSONField(default=list, blank=True, editable=False)),
        migrations.AddField("user", "answered_questions", models.JSONField(default=list, blank=True, editable=False)),
    ]
