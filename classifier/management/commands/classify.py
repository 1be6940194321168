import sys
from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError

from classifier import serving
from classifier.kinds import Direction
from classifier.suggest import suggest_many
from classifier.suggest_kinds import suggest_kinds

_NO_MODEL = "There is no model to classify with. Train one: manage.py retrain"


class Command(BaseCommand):
    help = "Read titles, one per line, and print category, confidence and title, separated by tabs."

    def add_arguments(self, parser):
        parser.add_argument(
            "--kind",
            action="store_true",
            help="read in or out, a tab and a title per line, and print the kind instead of the category",
        )

    def handle(self, *args, kind, **options):
        if serving.active_model() is None:
            raise CommandError(_NO_MODEL)
        lines = [line.rstrip("\n") for line in sys.stdin]
        for title, suggestion in _kinds(lines) if kind else _categories(lines):
            self.stdout.write("\t".join((*suggestion, title)))


def _categories(titles: Sequence[str]):
    for title, suggestion in zip(titles, suggest_many(titles), strict=True):
        if suggestion is None:  # the model was deactivated since the check above
            raise CommandError(_NO_MODEL)
        yield title, (suggestion.category, f"{suggestion.confidence:.3f}")


def _kinds(lines: Sequence[str]):
    entries = [_entry(number, line) for number, line in enumerate(lines, 1)]
    for (title, _), suggestion in zip(entries, suggest_kinds(None, entries), strict=True):
        if suggestion is None:
            raise CommandError(_NO_MODEL)  # or one from before there were kinds
        yield title, (suggestion.kind, f"{suggestion.confidence:.3f}")


def _entry(number: int, line: str) -> tuple[str, Direction]:
    direction, tab, title = line.partition("\t")
    if not tab or direction not in list(Direction):
        raise CommandError(f"Line {number}: expected in or out, a tab and a title, not {line[:60]!r}.")
    return title, Direction(direction)
