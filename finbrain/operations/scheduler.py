"""The scheduler: a process that runs the jobs at their times. `manage.py scheduler` starts it."""

import logging
import signal
import threading
import time
from datetime import datetime, timedelta
from types import FrameType

from django.utils import timezone

from finbrain.operations.jobs import DRIFT, JOBS, Job, next_time, run_if_due

_GRACE_SECONDS = 2
# The computer may have been asleep, or its time may have been changed.
_LOOK_SECONDS = 60

logger = logging.getLogger(__name__)


class _Stopped(BaseException):
    """Raised on SIGTERM or Ctrl-C."""


class Scheduler:
    """Runs `jobs` one after another at their times. Overdue jobs run at once, and failed ones are retried."""

    def __init__(self, jobs: tuple[Job, ...] = JOBS) -> None:
        self.looked_at = timezone.now()
        self.due: dict[Job, datetime] = dict.fromkeys(jobs, self.looked_at)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. A running job then gets two seconds, and is caught up at the next start."""
        # A daemon thread: a job that hangs in a socket must not keep the process alive.
        worker = threading.Thread(target=self.work, name="jobs", daemon=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        logger.info("The scheduler runs these jobs: %s", ", ".join(job.name for job in self.due))
        try:
            worker.start()
            while worker.is_alive():
                time.sleep(1)
        except _Stopped:
            self.stopping.set()
            worker.join(_GRACE_SECONDS)
            logger.info("The scheduler stopped")
        else:
            raise RuntimeError("The scheduler's jobs ended unexpectedly. See the reason above.")

    def work(self) -> None:
        """Run each job when it is due until `stopping` is set."""
        while not self.stopping.is_set():
            now = self.look_at_clock()
            job = min(self.due, key=lambda job: self.due[job])
            seconds = (self.due[job] - now).total_seconds()
            if seconds > 0:
                self.stopping.wait(min(seconds, _LOOK_SECONDS))
            else:
                self.attempt(job)

    def look_at_clock(self) -> datetime:
        """The time now. If the clock was set back, all jobs are looked at again: they were due by the wrong time."""
        now = timezone.now()
        if now < self.looked_at - DRIFT:
            logger.warning("The clock was set back, so all jobs are looked at again")
            self.due = dict.fromkeys(self.due, now)
        self.looked_at = now
        return now

    def attempt(self, job: Job) -> None:
        """Run the job if it is due, and note when to try it next."""
        pause = run_if_due(job)
        now = timezone.now()
        times = [next_time(job, now)]
        if pause is not None:
            times.append(now + timedelta(seconds=pause))
        self.due[job] = min(times)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _Stopped
