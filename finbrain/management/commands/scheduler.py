from django.core.management.base import BaseCommand

from finbrain.operations.scheduler import Clock


class Command(BaseCommand):
    help = "Run the clock: exchange rates, clean-up, monthly summaries. Ends on SIGTERM."

    def handle(self, *args, **options):
        Clock().run()
