"""The clock: one process that runs the jobs at their times. `manage.py scheduler` starts it."""

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job as Entry
from apscheduler.schedulers.blocking import BlockingScheduler
from django.utils import timezone

from finbrain.operations.jobs import JOBS, Job, run_if_due

_GRACE_SECONDS = 2

logger = logging.getLogger(__name__)


class Stopped(BaseException):
    """SIGTERM or Ctrl-C."""


class OneAtATime(BaseExecutor):
    """Runs jobs in threads that do not keep the process alive, one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.working = threading.Lock()

    def _do_submit_job(self, job: Entry, run_times: list[Any]) -> None:
        threading.Thread(target=self._work, args=(job,), name=job.id, daemon=True).start()

    def _work(self, job: Entry) -> None:
        with self.working:
            job.func(*job.args)
        self._run_job_success(job.id, [])


class Clock:
    """Runs `jobs` at their times, those that are overdue at once, and those that failed again."""

    def __init__(self, jobs: tuple[Job, ...] = JOBS) -> None:
        self.jobs = jobs
        self.executor = OneAtATime()
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 2}
        self.scheduler = BlockingScheduler(
            executors={"default": self.executor}, job_defaults=defaults, timezone=timezone.get_default_timezone()
        )

    def run(self) -> None:
        """Until SIGTERM or SIGINT. A job that is working then gets two seconds; it is caught up at the next start."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        for job in self.jobs:
            self.scheduler.add_job(self.attempt, job.trigger, args=(job,), id=job.name)
            self._again(job, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        logger.info("The clock runs: %s", ", ".join(job.name for job in self.jobs))
        try:
            self.scheduler.start()
        except Stopped:
            self.executor.working.acquire(timeout=_GRACE_SECONDS)
        logger.info("The clock stopped")

    def attempt(self, job: Job) -> None:
        pause = run_if_due(job)
        if pause is not None:
            self._again(job, pause)

    def _again(self, job: Job, seconds: float) -> None:
        when = timezone.now() + timedelta(seconds=seconds)
        self.scheduler.add_job(
            self.attempt, "date", run_date=when, args=(job,), id=f"{job.name} again", replace_existing=True
        )


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped
