"""Brings an installation up to date: migrations, bundled rates, translations and static files.

`python -m finbrain.operations.prepare` does all of it and prints what it did. Steps with nothing to do are quick. It
leaves the built-in model to the scheduler, so that a start doesn't wait for a training; with `--model` it trains, too.
Scripts that need a usable database call `migrate_database()` and so on after `django.setup()`.
"""

import hashlib
import os
import sys
from collections.abc import Callable

import django
from django.core.exceptions import ImproperlyConfigured

Say = Callable[[str], None]


def _say(line: str) -> None:
    print(line, flush=True)


def migrate_database(say: Say = _say) -> None:
    """Apply missing migrations."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from finbrain.core import mongodb

    _drop_half_made_database()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    mongodb.database()["finbrain_setup"].replace_one({"_id": "migrated"}, {}, upsert=True)
    say(f"Database: {len(missing)} migrations applied." if missing else "Database: up to date.")


def _drop_half_made_database() -> None:
    """Drop the database if the first start was killed while migrating, because MongoDB can't roll back a migration.

    Only for the embedded engine, and only if migrating never succeeded and nobody has signed up.
    """
    from django.conf import settings

    from finbrain import embedded
    from finbrain.core import mongodb

    own = embedded.running() or {}
    if own.get("MONGODB_URI") != settings.MONGODB_URI:
        return
    found = mongodb.database()
    if found["finbrain_setup"].find_one() is None and found["accounts_user"].find_one() is None:
        mongodb.client().drop_database(found.name)


def ensure_model(say: Say = _say) -> None:
    """Train the built-in model if none is stored or its training data has changed."""
    from classifier import training
    from classifier.models import ModelVersion

    if not ModelVersion.objects.filter(active=True).exists():
        say("Model: training the first one, which takes a minute or two.")
    say(f"Model: {training.ensure_model()}")


def _announce_training(say: Say = _say) -> None:
    """Tell what happens while there is no model."""
    from classifier import versions

    if versions.active_number() is None:
        say("Model: the scheduler trains it in the background. Until then new expenses wait for review.")


def load_rates(say: Say = _say) -> None:
    """Load those rates of the currency package's ECB history that are not stored yet."""
    from expenses.rates.updates import load_bundled_history

    days = load_bundled_history()
    say(f"Rates: loaded {days} days of the bundled ECB history." if days else "Rates: up to date.")


def _compile_messages(say: Say = _say) -> None:
    """Compile the translations that have changed."""
    from finbrain import translations

    compiled = translations.compile_changed()
    say(f"Translations: {', '.join(compiled)} compiled." if compiled else "Translations: up to date.")


def collect_static(say: Say = _say) -> None:
    """Collect and compress the static files if any has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command

    root = settings.STATIC_ROOT
    stamp = root.with_name(root.name + ".stamp")
    fingerprint = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint and (root / "staticfiles.json").exists():
        say("Static files: up to date.")
        return
    stamp.unlink(missing_ok=True)
    setattr(staticfiles_storage, "use_brotli", settings.PRODUCTION)  # noqa: B010 - only our own storage has it
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)
    say("Static files: collected and compressed.")


def _static_fingerprint() -> str:
    """A hash that changes when a static file is added, removed or edited, or the storage or environment changes."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], settings.PRODUCTION)).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
    # Pages must fail soon, but building an index or a model may take long.
    os.environ.setdefault("MONGODB_TIMEOUT_MS", "0")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    migrate_database()
    ensure_model() if "--model" in sys.argv[1:] else _announce_training()
    load_rates()
    _compile_messages()
    if "--no-static" not in sys.argv[1:]:
        collect_static()
    return 0


if __name__ == "__main__":
    sys.exit(main())
