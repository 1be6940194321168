"""The site with limits that a busy machine does not reach, for what nobody should notice.

gunicorn serves it instead of `finbrain.wsgi`. Without it a slow answer of a healthy engine would look like an outage.
"""

import django

django.setup()

from finbrain.tests import patience  # noqa: E402 - needs the settings

patience.lift_limits()

from finbrain.wsgi import application  # noqa: E402, F401 - connects with those limits
