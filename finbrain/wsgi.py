"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")

application = get_wsgi_application()

from finbrain.warm import warm_up  # noqa: E402 - needs the settings

warm_up()
