from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_user_count_cash")]

    operations = [
        migrations.AddField("user", "void_stop_links", models.JSONField(default=list, blank=True, editable=False)),
    ]
