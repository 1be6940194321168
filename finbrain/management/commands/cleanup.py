from django.core.management.base import BaseCommand

from finbrain.operations.cleanup import clean_up


class Command(BaseCommand):
    help = (
        "Remove expired demo accounts, expenses 30 days in the trash, and changes that nobody can take back any more."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{clean_up()}.")
