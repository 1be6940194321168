"""The column `owner_id` names a ledger now.

A person's own ledger has the person's id, so nothing that is stored changes: no document, no index.
"""

from django.db import migrations, models
from django_mongodb_backend.fields import ObjectIdField

STATE = [
    migrations.RemoveIndex("categorychange", "change_by_batch"),
    migrations.RenameField("categorychange", "owner", "ledger_id"),
    migrations.AlterField("categorychange", "ledger_id", ObjectIdField(editable=False, db_column="owner_id")),
    migrations.AddIndex("categorychange", models.Index(fields=["ledger_id", "batch"], name="change_by_batch")),
    migrations.RemoveIndex("expense", "expense_by_day"),
    migrations.RemoveIndex("expense", "expense_by_value"),
    migrations.RemoveIndex("expense", "expense_by_title"),
    migrations.RemoveIndex("expense", "expense_by_category"),
    migrations.RemoveIndex("expense", "expense_to_review"),
    migrations.RemoveIndex("expense", "expense_in_trash"),
    migrations.RemoveIndex("expense", "expense_by_import"),
    migrations.RemoveConstraint("expense", "one_expense_per_entry"),
    migrations.RenameField("expense", "owner", "ledger_id"),
    migrations.AlterField("expense", "ledger_id", ObjectIdField(verbose_name="ledger", db_column="owner_id")),
    migrations.AddIndex("expense", models.Index(fields=["ledger_id", "-spent_on", "-id"], name="expense_by_day")),
    migrations.AddIndex("expense", models.Index(fields=["ledger_id", "-order_value", "-id"], name="expense_by_value")),
    migrations.AddIndex("expense", models.Index(fields=["ledger_id", "title_key", "id"], name="expense_by_title")),
    migrations.AddIndex(
        "expense", models.Index(fields=["ledger_id", "category", "-spent_on", "-id"], name="expense_by_category")
    ),
    migrations.AddIndex(
        "expense", models.Index(fields=["ledger_id", "reviewed", "confidence"], name="expense_to_review")
    ),
    migrations.AddIndex("expense", models.Index(fields=["ledger_id", "-deleted_at", "-id"], name="expense_in_trash")),
    migrations.AddIndex(
        "expense",
        models.Index(
            fields=["ledger_id", "import_batch"],
            name="expense_by_import",
            condition=models.Q(import_batch__gt="000000000000000000000000"),
        ),
    ),
    migrations.AddConstraint(
        "expense", models.UniqueConstraint(fields=["ledger_id", "entry_key"], name="one_expense_per_entry")
    ),
    migrations.RemoveIndex("importbatch", "import_by_time"),
    migrations.RenameField("importbatch", "owner", "ledger_id"),
    migrations.AlterField("importbatch", "ledger_id", ObjectIdField(editable=False, db_column="owner_id")),
    migrations.AddIndex("importbatch", models.Index(fields=["ledger_id", "-id"], name="import_by_time")),
    migrations.RemoveIndex("fingerprint", "fingerprint_by_batch"),
    migrations.RemoveConstraint("fingerprint", "one_fingerprint_per_movement"),
    migrations.RenameField("fingerprint", "owner", "ledger_id"),
    migrations.AlterField("fingerprint", "ledger_id", ObjectIdField(editable=False, db_column="owner_id")),
    migrations.AddIndex("fingerprint", models.Index(fields=["ledger_id", "batch"], name="fingerprint_by_batch")),
    migrations.AddConstraint(
        "fingerprint", models.UniqueConstraint(fields=["ledger_id", "fingerprint"], name="one_fingerprint_per_movement")
    ),
    migrations.RemoveConstraint("columnmapping", "one_mapping_per_header"),
    migrations.RenameField("columnmapping", "owner", "ledger_id"),
    migrations.AlterField("columnmapping", "ledger_id", ObjectIdField(editable=False, db_column="owner_id")),
    migrations.AddConstraint(
        "columnmapping", models.UniqueConstraint(fields=["ledger_id", "header"], name="one_mapping_per_header")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("expenses", "0005_import_money_in")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=STATE)]
