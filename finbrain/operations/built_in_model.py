"""Trains the built-in model beside the running site, and then files what people entered before it was there.

The scheduler runs `train_if_needed` as a job. It trains in a process of its own (training_process.py).
"""

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from classifier import serving, versions
from expenses.people.first_model import file_all_waiting
from finbrain.embedded import process

# Web processes serve a new model after 20 seconds at most. What they add until then still waits for it.
_ALL_SERVE_AFTER = timedelta(minutes=1)
# A training that fails, such as for lack of memory, isn't tried again sooner.
_REST = timedelta(hours=1)


class TrainingFailedError(RuntimeError):
    """Raised when the process that trains ended without a model."""


@dataclass
class _Looked:
    """What this scheduler knows. compared: that it has compared the model with the training files, which takes seconds.

    failed_at: when the training last failed.
    """

    compared: bool = False
    failed_at: datetime | None = None

    def must_train(self) -> bool:
        if not settings.TRAIN_IN_BACKGROUND or (self.failed_at and timezone.now() - self.failed_at < _REST):
            return False
        return not self.compared or serving.active_model() is None


_looked = _Looked()


def train_if_needed() -> str:
    """Train the built-in model if it is missing, unusable or outdated, and file what waits. Returns what was done.

    Only one process trains at a time. Raises TrainingFailedError.
    """
    done = []
    if _looked.must_train():
        before = versions.active_number()
        _looked.failed_at = timezone.now()
        _train_apart()
        _looked.compared, _looked.failed_at = True, None
        serving.forget_model()
        if (after := versions.active_number()) != before:
            done.append(f"version {after} is trained and active")
    if filed := _file_what_waits():
        done.append(f"waiting entries filed: {filed}")
    return ", ".join(done)


def _train_apart() -> None:
    """Train in a process of its own, which ends with this one, and wait for it."""
    environment = {"MONGODB_TIMEOUT_MS": "0"}
    if process.spawn([sys.executable, "-m", "finbrain.operations.training_process"], env=environment).wait() != 0:
        raise TrainingFailedError("the built-in model could not be trained")


def _file_what_waits() -> int:
    """File what waits for the active version, also a minute later, when all web processes serve it."""
    version = versions.awaited()
    if version is None or serving.active_model() is None:
        return 0
    filed = file_all_waiting()
    if timezone.now() - version.created_at > _ALL_SERVE_AFTER:
        versions.nothing_waits(version)
    return filed
