from django.db import migrations, models

CHOICES = [("spent", "When I spend it"), ("withdrawn", "When I withdraw it")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_summary_month")]

    operations = [
        migrations.AddField(
            "user",
            "count_cash",
            models.CharField(verbose_name="Count cash", max_length=9, choices=CHOICES, default="spent"),
        )
    ]
