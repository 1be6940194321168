"""The active model in this process. It is loaded once, and replaced when the database has another active version."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from classifier import versions
from classifier.artifact import ArtifactError, from_bytes
from classifier.kinds import Direction
from classifier.scorer import Scorer

logger = logging.getLogger(__name__)

# How often a process checks the database for another active version.
_CHECK_SECONDS = 20.0


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded model version, ready to score texts.

    kinds: the scorers of kinds by direction. Versions from before there were kinds have none.
    """

    number: int
    scorer: Scorer
    kinds: Mapping[Direction, Scorer]


class _Served:
    """The model that this process serves. number: of the version last loaded or found unusable, None without one.

    was_missing: whether there was none when the process started.
    """

    def __init__(self) -> None:
        self.was_missing = False
        self.model: Model | None = None
        self.number: int | None = None
        self.checked_at = float("-inf")
        self.lock = threading.Lock()


_served = _Served()


def forget_model() -> None:
    """Forget the loaded model, so that the next call of `active_model` checks the database."""
    _served.model = _served.number = None
    _served.checked_at = float("-inf")


def active_model() -> Model | None:
    """Return the active model. None if there is none, or if it is damaged or made for another environment.

    Checks the database at most once in `_CHECK_SECONDS`, and returns the loaded model until then. Errors are logged,
    once for each unusable version, and never raised.
    """
    now = time.monotonic()
    if now - _served.checked_at >= _CHECK_SECONDS and _served.lock.acquire(blocking=_served.number is None):
        try:
            if time.monotonic() - _served.checked_at >= _CHECK_SECONDS:
                _refresh()
        finally:
            _served.lock.release()
    return _served.model


def load_at_start() -> None:
    """Load the active model, and note if there is none."""
    _served.was_missing = active_model() is None


def is_missing() -> bool:
    """Whether there was no model when this process started, and there still is none."""
    return _served.was_missing and _served.model is None and active_model() is None


def _refresh() -> None:
    try:
        number = versions.active_number()
        if number != _served.number:
            _served.model = None if number is None else _load(number)
            _served.number = number
    except Exception:
        logger.exception("Could not look up the active model. Suggestions continue with the loaded one.")
    _served.checked_at = time.monotonic()


def _load(number: int) -> Model | None:
    try:
        artifact = from_bytes(versions.artifact(number))
    except (ArtifactError, versions.MissingArtifactError) as error:
        logger.error("Model version %s cannot be served, so there are no suggestions: %s", number, error)
        return None
    return Model(number, artifact.scorer, {direction: part.scorer for direction, part in artifact.kinds.items()})
