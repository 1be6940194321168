"""The site with two hard words: a search for SLOW takes MongoDB longer than a page may take, and an export is cut at an
expense titled CUT.

gunicorn serves it instead of `finbrain.wsgi`. Everything else has limits that a busy machine does not reach.
"""

import errno

import django
import pymongo

django.setup()

from expenses.export import csv_and_json  # noqa: E402 - needs the settings
from expenses.listing import list_page  # noqa: E402
from finbrain.middleware.fail_fast import AnswerAtOnce  # noqa: E402
from finbrain.tests import patience  # noqa: E402

SLOW, CUT = "slowword", "cutword"
SECONDS = 10
original_match, original_cells = list_page.match_list_query, csv_and_json.table_cells
original_limit = AnswerAtOnce.process_view


def process_view(self, request, *args):
    """The usual limit, and for SLOW also that of production."""
    if request.GET.get("q") == SLOW:
        request.database_limit.enter_context(pymongo.timeout(patience.IN_PRODUCTION.request))
    return original_limit(self, request, *args)


def match_list_query(query, *args, **options):
    """The usual filter, and for SLOW a function that MongoDB calls for each of the person's expenses."""
    match = original_match(query, *args, **options)
    if query.q != SLOW:
        return match
    body = f"function() {{ sleep({SECONDS * 1000}); return true }}"
    usual = {name: condition for name, condition in match.items() if name != "$or"}
    return usual | {"$expr": {"$function": {"body": body, "args": [], "lang": "js"}}}


def table_cells(row):
    if row.title == CUT:
        raise OSError(errno.ENOSPC, "No space left on device")
    return original_cells(row)


patience.lift_limits()
AnswerAtOnce.process_view = process_view
list_page.match_list_query = match_list_query
csv_and_json.table_cells = table_cells

from finbrain.wsgi import application  # noqa: E402, F401 - for gunicorn: it takes all this as it is now
