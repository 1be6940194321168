from django.core.management.base import BaseCommand

from accounts import second_step_secrets


class Command(BaseCommand):
    help = "Encrypt the secrets of second steps with SECRET_KEY. The scheduler does it every night."

    def add_arguments(self, parser):
        text = "store them as plain text, before rolling back to a release that can't decrypt them"
        parser.add_argument("--decrypt", action="store_true", help=text)

    def handle(self, *args, **options):
        if options["decrypt"]:
            self.stdout.write(f"{second_step_secrets.decrypt_all()} secrets decrypted.")
        else:
            self.stdout.write(f"{second_step_secrets.encrypt_all()} secrets encrypted.")
