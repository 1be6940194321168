from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_summary_month")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="links_stopped_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="user",
            name="demo_expires_at",
            field=models.DateTimeField(
                blank=True, db_index=True, editable=False, null=True, verbose_name="demo expires at"
            ),
        ),
    ]
