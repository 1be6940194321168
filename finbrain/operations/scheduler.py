"""The clock: one process that runs the jobs at their times. `manage.py scheduler` starts it."""

import logging
import signal
import threading
import time
from datetime import datetime, timedelta
from types import FrameType

from django.utils import timezone

from finbrain.operations.jobs import JOBS, Job, next_time, run_if_due

_GRACE_SECONDS = 2
# The computer may have slept, or its time been set.
_LOOK_SECONDS = 60

logger = logging.getLogger(__name__)


class Stopped(BaseException):
    """SIGTERM or Ctrl-C."""


class Clock:
    """Runs `jobs` one after another at their times, those that are overdue at once, and those that failed again."""

    def __init__(self, jobs: tuple[Job, ...] = JOBS) -> None:
        self.due: dict[Job, datetime] = dict.fromkeys(jobs, timezone.now())
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until SIGTERM or SIGINT. A job that is working then gets two seconds; it is caught up at the next start."""
        # A job may hang in a socket: its thread does not keep the process alive.
        worker = threading.Thread(target=self.work, name="jobs", daemon=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        logger.info("The clock runs: %s", ", ".join(job.name for job in self.due))
        try:
            worker.start()
            while worker.is_alive():
                time.sleep(1)
        except Stopped:
            self.stopping.set()
            worker.join(_GRACE_SECONDS)
            logger.info("The clock stopped")
        else:
            raise RuntimeError("The clock's jobs ended unexpectedly; the reason is above.")

    def work(self) -> None:
        """Run each job when it is due, until `stopping` is set."""
        while not self.stopping.is_set():
            job = min(self.due, key=lambda job: self.due[job])
            seconds = (self.due[job] - timezone.now()).total_seconds()
            if seconds > 0:
                self.stopping.wait(min(seconds, _LOOK_SECONDS))
            else:
                self.attempt(job)

    def attempt(self, job: Job) -> None:
        """Run the job if it is due, and note when it is to be tried next."""
        pause = run_if_due(job)
        now = timezone.now()
        times = [next_time(job, now)]
        if pause is not None:
            times.append(now + timedelta(seconds=pause))
        self.due[job] = min(times)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped
