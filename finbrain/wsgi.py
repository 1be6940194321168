"""The WSGI entry point that gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
django.setup(set_prefix=False)

from finbrain.incoming import Handler  # noqa: E402 - needs the settings

application = Handler()

from finbrain.logs import log_stray_errors  # noqa: E402 - needs the settings
from finbrain.warm import warm_up  # noqa: E402 - needs the settings

log_stray_errors()
warm_up()
