"""The WSGI entry point that gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
django.setup(set_prefix=False)

from finbrain.incoming import Handler  # noqa: E402 - needs the settings

application = Handler()

from finbrain.warm import warm_up  # noqa: E402 - needs the settings

warm_up()
