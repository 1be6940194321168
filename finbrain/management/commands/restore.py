from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from finbrain.operations.backup import BackupError
from finbrain.operations.restore import check_backup, restore_backup


class Command(BaseCommand):
    help = "Replace the database with a backup. Stop the web processes and the scheduler first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a database that is in use")
        parser.add_argument("--check", action="store_true", help="only read the file and verify its checksum")

    def handle(self, *args, file, force, check: bool, verbosity, **options):
        say = self.stdout.write if verbosity > 1 else lambda line: None
        try:
            counts = check_backup(file) if check else restore_backup(file, force, say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        done = "readable" if check else "restored"
        self.stdout.write(f"{sum(counts.values())} documents of {len(counts)} collections {done}.")
