"""The column `owner_id` names a ledger now.

A person's own ledger has the person's id, so nothing that is stored changes: no document, no index.
"""

from django.db import migrations, models
from django_mongodb_backend.fields import ObjectIdField

STATE = [
    migrations.RemoveIndex("memory", "memory_by_revision"),
    migrations.RemoveConstraint("memory", "one_memory_per_text"),
    migrations.RenameField("memory", "owner", "ledger_id"),
    migrations.AlterField("memory", "ledger_id", ObjectIdField(editable=False, db_column='owner_id')),
    migrations.AddIndex("memory", models.Index(fields=['ledger_id', 'revision'], name="memory_by_revision")),
    migrations.AddConstraint("memory", models.UniqueConstraint(fields=['ledger_id', 'text'], name="one_memory_per_text")),
    migrations.RenameField("memorystate", "owner", "ledger_id"),
    migrations.AlterField("memorystate", "ledger_id", ObjectIdField(primary_key=True, serialize=False, db_column='_id')),
]


class Migration(migrations.Migration):
    dependencies = [("classifier", "0001_initial")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=STATE)]
