"""The scheduler's jobs: what they do, when they are due, and the record of their runs.

A job is due when one of its times has passed since the last successful run, so a scheduler that was stopped catches up
at once. A run in the future doesn't count: a clock was wrong then. Running two schedulers is safe: a lock in Redis lets
one of them do a job, and the other then finds it done.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from cronsim import CronSim
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts import second_step_secrets
from expenses.emails.sending import send_emails
from expenses.ledger.order_values import fill_order_values
from expenses.people.checked_sums import check_sums
from expenses.rates.business_days import last_business_day
from expenses.rates.other_updates import fetch_new, update_others
from expenses.rates.updates import update_rates
from finbrain.core.locks import LOCK_SECONDS, BusyError, only_one
from finbrain.models import JobRun
from finbrain.operations.built_in_model import train_if_needed
from finbrain.operations.cleanup import clean_up

FRANKFURT = ZoneInfo("Europe/Berlin")
# Seconds before the second try, the third, and so on.
PAUSES = (60, 600, 1800, 3600)
_A_WEEK = timedelta(days=7)
# How far the clocks of two machines may be apart.
DRIFT = timedelta(minutes=10)
BUSY_PAUSE = LOCK_SECONDS + 5

logger = logging.getLogger(__name__)


class TryAgainError(RuntimeError):
    """Raised when a job can't do its work now. The text says why."""


@dataclass(frozen=True)
class Job:
    """A scheduled job.

    times: when it runs, in cron's syntax and Frankfurt time. work: does the job and returns its outcome as text, "" if
    there was nothing to do.
    at_first: whether to run it on the very first start as well.
    """

    name: str
    times: str
    work: Callable[[], str]
    at_first: bool = True


def fetch_rates() -> str:
    """Fetch the rates up to the last business day. The ECB publishes them at about 16:00 in Frankfurt."""
    result, others = update_rates(), update_others()
    fill_order_values(timezone.localdate())
    if error := result.error or others.error:
        raise TryAgainError(f"Frankfurter failed: {error}")
    expected = last_published(timezone.now())
    if result.newest is None or result.newest < expected:
        raise TryAgainError(f"no rates for {expected} yet, the newest are from {result.newest}")
    return f"{result.days} days stored or changed, the newest is {result.newest}"


def fetch_new_currencies() -> str:
    """Fetch the history of currencies that somebody uses for the first time. They are tried again by themselves."""
    result = fetch_new()
    if not result.codes:
        return ""
    fill_order_values(timezone.localdate())
    return result.error or str(result)


def last_published(now: datetime) -> date:
    """The last business day with published rates."""
    there = now.astimezone(FRANKFURT)
    day = there.date() if (there.hour, there.minute) >= (16, 10) else there.date() - timedelta(days=1)
    return last_business_day(day)


def _send_emails() -> str:
    try:
        sent = send_emails(timezone.now())
    except (SMTPException, OSError) as error:
        raise TryAgainError(f"the mail server doesn't answer: {type(error).__name__}") from error
    return f"{sent} emails sent" if sent else ""


def _encrypt_second_steps() -> str:
    """Encrypt what an earlier release or an earlier SECRET_KEY stored."""
    try:
        return f"{second_step_secrets.encrypt_all()} secrets of second steps encrypted"
    except ImproperlyConfigured as error:
        raise TryAgainError(str(error)) from error


JOBS: tuple[Job, ...] = (
    Job("cleanup", "23 * * * *", lambda: str(clean_up())),
    # Every hour, because morning comes at another time in each time zone, and for emails that failed.
    Job("emails", "0 * * * *", _send_emails, at_first=False),
    Job("rates", "15 16 * * mon-fri", fetch_rates),
    Job("currencies", "* * * * *", fetch_new_currencies),
    Job("model", "* * * * *", train_if_needed),
    Job("sums", "50 3 * * *", lambda: check_sums(timezone.now()), at_first=False),
    # Not at the first start: while a release is replaced, the earlier one still reads what it stored.
    Job("second_steps", "30 3 * * *", _encrypt_second_steps, at_first=False),
)


def run_if_due(job: Job) -> float | None:
    """Run the job if it is due. Returns the seconds until it should be retried, or None to wait for its next time.

    Raises nothing: errors are logged and the job is retried.
    """
    try:
        with only_one(f"job:{job.name}"):
            return _run(job)
    except BusyError:
        return BUSY_PAUSE
    except Exception as error:
        logger.warning("Job %s: MongoDB or Redis is away (%s); retrying in a minute", job.name, type(error).__name__)
        return PAUSES[0]


def _run(job: Job) -> float | None:
    now = timezone.now()
    first = now - _A_WEEK if job.at_first else now
    run, _ = JobRun.objects.get_or_create(name=job.name, defaults={"done_until": first})
    if run.done_until > now + DRIFT:
        logger.warning("Job %s: its last run is in the future, so it doesn't count. Check the clocks.", job.name)
        run.done_until = now - _A_WEEK
    if not is_due(job, run.done_until, now):
        return None
    run.started_at = now
    try:
        run.outcome = job.work()[:300]
    except Exception as error:
        run.failures += 1
        pause = PAUSES[run.failures - 1] if run.failures <= len(PAUSES) else None
        run.outcome = str(error)[:300] if isinstance(error, TryAgainError) else type(error).__name__
        _log_failure(job, error, run.outcome, pause)
    else:
        run.failures, run.done_until, pause = 0, now, None
        if run.outcome:
            logger.info("Job %s: %s", job.name, run.outcome)
    run.ended_at = timezone.now()
    run.save()
    return pause


def is_due(job: Job, done_until: datetime, now: datetime) -> bool:
    """Whether one of the job's times has passed since `done_until`."""
    return next_time(job, done_until) <= now


def next_time(job: Job, after: datetime) -> datetime:
    """The job's first time after `after`."""
    return next(CronSim(job.times, after.astimezone(FRANKFURT))).astimezone(UTC)


def _log_failure(job: Job, error: Exception, outcome: str, pause: float | None) -> None:
    then = f"retrying in {pause} s" if pause else "retrying at its next time"
    expected = isinstance(error, TryAgainError)
    logger.log(
        logging.WARNING if expected else logging.ERROR,
        "Job %s failed: %s; %s",
        job.name,
        outcome,
        then,
        exc_info=None if expected else error,
    )
