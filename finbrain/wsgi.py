"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")

application = get_wsgi_application()

from finbrain.logs import log_stray_errors  # noqa: E402 - needs the settings
from finbrain.warm import warm_up  # noqa: E402 - needs the settings

log_stray_errors()
warm_up()
