from django.core.management.base import BaseCommand

from finbrain.logs import log_stray_errors
from finbrain.operations.scheduler import Scheduler


class Command(BaseCommand):
    help = "Run the scheduler and its jobs: exchange rates, clean-up, emails. Stops on SIGTERM."

    def handle(self, *args, **options):
        log_stray_errors()
        Scheduler().run()
