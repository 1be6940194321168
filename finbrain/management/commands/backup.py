from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from finbrain.operations.backup import BackupError, backup


class Command(BaseCommand):
    help = "Write a consistent snapshot of the whole database to a file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, verbosity, **options):
        try:
            counts = backup(file, self.stdout.write if verbosity > 1 else lambda line: None)
        except BackupError as error:
            raise CommandError(str(error)) from error
        size = file.stat().st_size
        self.stdout.write(f"{sum(counts.values())} documents of {len(counts)} collections in {file}, {size} bytes.")
