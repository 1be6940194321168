"""docs/operations.md shards every collection that stores data per person."""

import re
from datetime import date

import pytest
from bson import ObjectId
from django.apps import apps
from django.conf import settings
from django.db import connection

from expenses.models.month_version import month_key

COMMAND = re.compile(r'sh\.shardCollection\("finbrain\.(\w+)", *\{ (\w+): 1 \}\)')
OPERATIONS = settings.BASE_DIR / "docs" / "operations.md"


def sharded() -> dict[str, str]:
    """The shard key of each collection that the docs shard."""
    return dict(COMMAND.findall(OPERATIONS.read_text()))


def owned() -> dict[str, str]:
    """The owner's field in each collection that has one."""
    models = [model for model in apps.get_models() if any(field.name == "ledger_id" for field in model._meta.fields)]
    return {model._meta.db_table: model._meta.get_field("ledger_id").column for model in models}


def test_all_that_is_kept_for_each_person_is_sharded_by_its_owner():
    keys = sharded()
    assert len(owned()) > 5
    assert keys == owned() | {"expenses_monthversion": "_id", "expenses_storedsums": "_id"}
    owner = ObjectId()
    assert month_key(owner, date(2026, 11, 1)).startswith(str(owner))


@pytest.mark.parametrize("name", sharded())
def test_unique_indexes_begin_with_the_shard_key(db, name):
    indexes = connection.database[name].index_information()
    assert "_id_" in indexes
    unique = [index["key"][0][0] for index in indexes.values() if index.get("unique")]
    assert set(unique) <= {sharded()[name]}
