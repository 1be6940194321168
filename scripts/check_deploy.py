"""Runs `manage.py check --deploy` with production settings, so that unsuitable settings fail the build.

Needs no server, because the check opens no connection.
"""

import os
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PRODUCTION = {
    "FINBRAIN_ENV": "production",
    "DJANGO_SETTINGS_MODULE": "finbrain.settings",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DEBUG": "false",
    "ALLOWED_HOSTS": "finbrain.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.invalid:587",
    "MONGODB_URI": "mongodb://mongodb.invalid/?replicaSet=rs0",
    "REDIS_URL": "redis://redis.invalid:6379/0",
}


def main() -> None:
    os.environ.update(PRODUCTION)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("check", deploy=True, fail_level="WARNING")


if __name__ == "__main__":
    main()
