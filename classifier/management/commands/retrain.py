from django.core.management.base import BaseCommand, CommandError

from classifier import training
from classifier.training_report import report_lines


class Command(BaseCommand):
    help = "Train a new model from the training files and the approved feedback."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="report without storing anything")
        parser.add_argument("--activate", action="store_true", default=True, help="activate the new model (default)")
        parser.add_argument("--no-activate", action="store_false", dest="activate", help="store without activating")
        parser.add_argument(
            "--force", action="store_true", help="train even if nothing changed, activate even a worse model"
        )
        parser.add_argument("--rollback", type=int, metavar="N", help="activate version N without training")

    def handle(self, *args, dry_run, activate, force, rollback, verbosity, **options):
        say = self.stdout.write if verbosity else lambda message: None
        try:
            if rollback is not None:
                training.rollback(rollback)
                say(f"Version {rollback} is active.")
            else:
                outcome = training.retrain(force=force, dry_run=dry_run, activate=activate, progress=say)
                say("\n".join(report_lines(outcome)))
        except (RuntimeError, ValueError, LookupError) as error:
            raise CommandError(str(error)) from error
