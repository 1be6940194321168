"""Loads in advance what the first visitors would otherwise wait for.

gunicorn loads the application once and then forks the workers, which share the memory of everything loaded here.
"""

import logging
from datetime import date
from decimal import Decimal
from itertools import product

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.translation import override
from pymongo.errors import PyMongoError

from accounts.session import time_zone
from classifier import serving
from expenses import rates
from expenses.statements.days import month_names
from finbrain.core.breaker import mongodb

_PAGES = (
    "expenses/list.html",
    "expenses/_changed.html",
    "expenses/_added.html",
    "expenses/dashboard.html",
    "account/login.html",
)

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Import all views, compile the main pages, list the time zones and months, load the model and today's rates.

    If MongoDB or Redis is away, the workers load the model and rates when they need them.
    """
    reverse("expenses:add")
    time_zone.zone_names()
    for (language, _name), page in product(settings.LANGUAGES, _PAGES):
        with override(language):
            get_template(page)
    month_names()
    render_to_string("503.html", {"kept": [("title", "Tea")]})  # later there may be no file descriptor to load it
    if not mongodb.answers():
        return
    try:
        serving.load_at_start()
        rates.order_value(Decimal(1), "USD", date.today())
    except (PyMongoError, DatabaseError):
        logger.warning("Could not load the rates in advance")
    finally:
        cache.close()
