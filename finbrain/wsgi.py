"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")

application = get_wsgi_application()

# When an engine goes away, everybody is waiting for this page at once.
get_template("503.html")
