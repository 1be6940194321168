"""The active model, in this process: loaded once, looked at again every 20 seconds, replaced in one assignment."""

import logging
import threading
import time
from dataclasses import dataclass

from classifier import versions
from classifier.artifact import ArtifactError, from_bytes
from classifier.scorer import Scorer

logger = logging.getLogger(__name__)

_CHECK_SECONDS = 20.0


@dataclass(frozen=True, eq=False)
class Model:
    """A model version ready to score."""

    number: int
    scorer: Scorer


class _Served:
    """What this process serves. number: of the version last loaded or found unusable; None when there was none."""

    def __init__(self) -> None:
        self.model: Model | None = None
        self.number: int | None = None
        self.checked_at = float("-inf")
        self.lock = threading.Lock()


_served = _Served()


def forget_model() -> None:
    """Start over: the next call of `active_model` looks at the database."""
    _served.model = _served.number = None
    _served.checked_at = float("-inf")


def active_model() -> Model | None:
    """The model that suggests; None when none is stored, or the stored one is damaged or made for another environment.

    Looks at the database at most every 20 seconds, and meanwhile serves what it has. An error is logged once for each
    version, and never raised.
    """
    now = time.monotonic()
    if now - _served.checked_at >= _CHECK_SECONDS and _served.lock.acquire(blocking=_served.number is None):
        try:
            if time.monotonic() - _served.checked_at >= _CHECK_SECONDS:
                _refresh()
        finally:
            _served.lock.release()
    return _served.model


def _refresh() -> None:
    try:
        number = versions.active_number()
        if number != _served.number:
            _served.model = None if number is None else _load(number)
            _served.number = number
    except Exception:
        logger.exception("The active model could not be looked up; suggestions go on with what is loaded.")
    _served.checked_at = time.monotonic()


def _load(number: int) -> Model | None:
    try:
        return Model(number, from_bytes(versions.artifact(number)).scorer)
    except (ArtifactError, versions.MissingArtifactError) as error:
        logger.error("Model version %s cannot be served, there are no suggestions: %s", number, error)
        return None
