"""The site on which a search for SLOW takes MongoDB longer than a page may take.

gunicorn serves it instead of `finbrain.wsgi`.
"""

import django

django.setup()

from expenses.listing import list_page  # noqa: E402 - needs the settings
from finbrain.wsgi import application  # noqa: E402, F401 - for gunicorn

SLOW = "slowword"
SECONDS = 10
original = list_page.match_list_query


def match_list_query(query, *args):
    """The usual filter, and for SLOW a function that MongoDB calls for each of the person's expenses."""
    match = original(query, *args)
    if query.q != SLOW:
        return match
    body = f"function() {{ sleep({SECONDS * 1000}); return true }}"
    usual = {name: condition for name, condition in match.items() if name != "$or"}
    return usual | {"$expr": {"$function": {"body": body, "args": [], "lang": "js"}}}


list_page.match_list_query = match_list_query
