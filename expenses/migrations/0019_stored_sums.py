from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expenses", "0018_month_changes")]

    operations = [
        migrations.CreateModel(
            name="StoredSums",
            fields=[
                ("key", models.CharField(db_column="_id", max_length=40, primary_key=True, serialize=False)),
                ("made_for", models.CharField(max_length=200)),
                ("sums", models.BinaryField()),
            ],
        ),
    ]
