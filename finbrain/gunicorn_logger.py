"""gunicorn's logger, which writes through FinBrain's handler once the settings are loaded."""

import logging
from typing import Any, cast

from gunicorn.glogging import Logger


class FinbrainLogger(Logger):
    def _set_handler(self, log: logging.Logger, *args: Any, **kwargs: Any) -> None:
        """Add gunicorn's handler only while there is none: a reload would add it beside ours, and log errors whole."""
        if not log.handlers:
            cast("Any", super())._set_handler(log, *args, **kwargs)
