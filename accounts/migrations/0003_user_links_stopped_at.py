from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_summary_month")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="links_stopped_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
