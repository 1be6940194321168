from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_user_insights")]

    operations = [
        migrations.AddField(
            "user", "plan", models.TextField(verbose_name="budgets and goals", default="", blank=True, editable=False)
        ),
    ]
