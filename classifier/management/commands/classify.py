import sys

from django.core.management.base import BaseCommand, CommandError

from classifier import serving
from classifier.suggest import suggest_many

_NO_MODEL = "There is no model to classify with. Train one: manage.py retrain"


class Command(BaseCommand):
    help = "Read titles, one per line, and print category, confidence and title, separated by tabs."

    def handle(self, *args, **options):
        if serving.active_model() is None:
            raise CommandError(_NO_MODEL)
        titles = [line.rstrip("\n") for line in sys.stdin]
        for title, suggestion in zip(titles, suggest_many(titles), strict=True):
            if suggestion is None:  # the model was deactivated since the check above
                raise CommandError(_NO_MODEL)
            self.stdout.write(f"{suggestion.category}\t{suggestion.confidence:.3f}\t{title}")
