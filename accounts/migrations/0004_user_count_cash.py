from django.db import migrations, models

CHOICES = [("spent", "When I spend it"), ("withdrawn", "When I withdraw it")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_user_links_stopped_at")]

    operations = [
        migrations.AddField(
            "user",
            "count_cash",
            models.CharField(verbose_name="Count cash", max_length=9, choices=CHOICES, default="spent"),
        )
    ]
