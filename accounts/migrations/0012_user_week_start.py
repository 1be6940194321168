from django.db import migrations, models
from django.utils.dates import WEEKDAYS


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_user_plan")]

    operations = [
        migrations.AddField(
            "user",
            "week_start",
            models.CharField(
                verbose_name="week starts on",
                max_length=3,
                choices=[
                    ("", "As usual in my language"),
                    ("mon", WEEKDAYS[0]),
                    ("sat", WEEKDAYS[5]),
                    ("sun", WEEKDAYS[6]),
                ],
                blank=True,
                default="",
            ),
        ),
        migrations.AlterField(
            "user", "share_feedback", models.BooleanField(verbose_name="share corrections", default=False)
        ),
    ]
