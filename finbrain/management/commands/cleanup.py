from django.core.management.base import BaseCommand

from finbrain.operations.cleanup import clean_up


class Command(BaseCommand):
    help = "Delete expired demo accounts, expenses after 30 days in the trash, and changes that are too old to undo."

    def handle(self, *args, **options):
        self.stdout.write(f"{clean_up()}.")
