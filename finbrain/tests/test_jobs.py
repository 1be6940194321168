"""The scheduler's jobs: caught up when missed, done once, retried, and never in each other's way."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from expenses.emails.all_kinds import KINDS
from expenses.rates.updates import UpdateResult
from expenses.tests.making import make_expense
from finbrain.core import locks
from finbrain.core.locks import BusyError, only_one
from finbrain.models import JobRun
from finbrain.operations import jobs
from finbrain.operations.jobs import (
    BUSY_PAUSE,
    FRANKFURT,
    PAUSES,
    Job,
    TryAgainError,
    fetch_rates,
    is_due,
    last_published,
    next_time,
    run_if_due,
)
from finbrain.operations.scheduler import Scheduler
from finbrain.tests.waiting import SECONDS, until

pytestmark = pytest.mark.django_db
NIGHTLY = "0 3 * * *"


@pytest.fixture(autouse=True)
def _clock_stands_still(monkeypatch):
    """No time of a job comes while a test runs it twice."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


class Work:
    """A job's work, which counts its runs and raises `error` if there is one."""

    def __init__(self, error: Exception | None = None):
        self.runs = 0
        self.error = error

    def __call__(self) -> str:
        self.runs += 1
        if self.error:
            raise self.error
        return "done"


def done_until(when: datetime, name: str = "nightly") -> None:
    JobRun.objects.create(name=name, done_until=when)


@pytest.mark.parametrize(
    ("done", "now", "due"),
    [
        ("2026-08-20T03:00", "2026-08-20T23:00", False),
        ("2026-08-20T03:00", "2026-08-21T02:59", False),
        ("2026-08-20T03:00", "2026-08-21T03:00", True),
        ("2026-08-10T12:00", "2026-08-20T12:00", True),
    ],
)
def test_a_job_is_due_once_one_of_its_times_has_passed(done, now, due):
    done, now = (datetime.fromisoformat(text).replace(tzinfo=FRANKFURT) for text in (done, now))
    assert is_due(Job("nightly", NIGHTLY, Work()), done, now) is due


@pytest.mark.parametrize(
    ("name", "after", "then"),
    [
        ("cleanup", "2026-08-20T14:22:59.5+02:00", "2026-08-20T14:23+02:00"),
        ("cleanup", "2026-08-20T14:23+02:00", "2026-08-20T15:23+02:00"),
        ("cleanup", "2026-10-25T02:23+02:00", "2026-10-25T02:23+01:00"),  # the hour that occurs twice
        ("emails", "2026-08-20T12:30+02:00", "2026-08-20T13:00+02:00"),
        ("rates", "2026-03-27T16:15+01:00", "2026-03-30T16:15+02:00"),  # a weekend, and summer time
    ],
)
def test_the_next_time_of_each_job(name, after, then):
    [job] = [job for job in jobs.JOBS if job.name == name]
    assert next_time(job, datetime.fromisoformat(after)) == datetime.fromisoformat(then)


def test_the_scheduler_retries_a_failed_job_before_its_next_time():
    failing = Job("nightly", NIGHTLY, Work(TryAgainError("no rates yet")))
    done = Job("cleanup", "23 * * * *", Work())
    scheduler = Scheduler((failing, done))
    before = timezone.now()
    for job in (failing, done):
        scheduler.attempt(job)
    assert before <= scheduler.due[failing] - timedelta(seconds=PAUSES[0]) <= timezone.now()
    assert scheduler.due[done] == next_time(done, before)


def test_the_scheduler_runs_overdue_jobs_one_after_another_and_waits_then():
    order = []
    scheduler = Scheduler(
        tuple(Job(name, NIGHTLY, lambda name=name: order.append(name) or "done") for name in ("a", "b"))
    )
    worker = threading.Thread(target=scheduler.work)
    worker.start()
    until(lambda: JobRun.objects.exclude(outcome="").count() == 2, "both jobs")
    scheduler.stopping.set()
    worker.join(SECONDS)
    assert not worker.is_alive()
    assert order == ["a", "b"]


def test_a_missed_run_is_caught_up_once():
    done_until(timezone.now() - timedelta(days=3))
    work = Work()
    job = Job("nightly", NIGHTLY, work)
    assert run_if_due(job) is None
    assert run_if_due(job) is None
    assert work.runs == 1
    run = JobRun.objects.get(name="nightly")
    assert (run.outcome, run.failures) == ("done", 0)
    assert run.started_at <= run.ended_at


@pytest.fixture
def set_clock(monkeypatch):
    """A function that sets this process's clock wrong, by days."""
    right = timezone.now

    def set_wrong(**days: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(**days))

    return set_wrong


@pytest.mark.parametrize("job", jobs.JOBS, ids=lambda job: job.name)
def test_a_run_with_a_clock_far_ahead_does_not_count(job, set_clock, caplog):
    work = Work()
    job = Job(job.name, "0 * * * *", work, at_first=job.at_first)
    done_until(timezone.now() - timedelta(days=1), job.name)
    set_clock(days=400)
    run_if_due(job)
    set_clock(days=0)
    run_if_due(job)
    run_if_due(job)
    assert work.runs == 2
    assert JobRun.objects.get(name=job.name).done_until <= timezone.now()
    assert f"Job {job.name}: its last run is in the future, so it doesn't count. Check the clocks." in caplog.messages


def test_a_failed_run_with_a_clock_far_ahead_is_tried_again(set_clock):
    work = Work(TryAgainError("no rates yet"))
    job = Job("nightly", NIGHTLY, work)
    done_until(timezone.now() + timedelta(days=400))
    assert run_if_due(job) == PAUSES[0]
    work.error = None
    run_if_due(job)
    assert work.runs == 2
    assert JobRun.objects.get(name="nightly").done_until <= timezone.now()


def test_another_scheduler_with_a_clock_minutes_ahead_did_the_work(set_clock):
    work = Work()
    job = Job("nightly", NIGHTLY, work)
    set_clock(minutes=8)
    run_if_due(job)
    set_clock(minutes=0)
    run_if_due(job)
    assert work.runs == 1


def test_a_scheduler_whose_clock_is_set_back_looks_at_all_jobs_again(set_clock):
    work = Work()
    job = Job("nightly", NIGHTLY, work)
    set_clock(days=400)
    scheduler = Scheduler((job,))
    scheduler.attempt(job)
    set_clock(days=0)
    assert scheduler.due[job] > timezone.now() + timedelta(days=399)
    assert scheduler.look_at_clock() >= scheduler.due[job]
    scheduler.attempt(job)
    assert work.runs == 2
    assert scheduler.due[job] <= timezone.now() + timedelta(days=1, hours=1)


@pytest.fixture
def reader(alice):
    """Alice, who wants summaries and lives where it is noon."""
    hours = 12 - timezone.now().astimezone(UTC).hour
    alice.monthly_summary, alice.time_zone = True, f"Etc/GMT{-hours:+d}"
    alice.save()
    last_month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=2)
    make_expense(alice, spent_on=last_month)
    return alice


def test_a_summary_sent_by_a_wrong_clock_does_not_replace_the_right_one(reader, mailoutbox, set_clock):
    [job] = [job for job in jobs.JOBS if job.name == "emails"]
    done_until(timezone.now() - timedelta(days=40), "emails")
    set_clock(days=400)
    run_if_due(job)
    set_clock(days=0)
    JobRun.objects.filter(name="emails").update(done_until=timezone.now() - timedelta(days=40))
    run_if_due(job)
    assert [mail.to for mail in mailoutbox] == [[reader.email]]


def test_a_mark_of_the_future_keeps_no_email_back(alice):
    """Only that of the month before may be ahead of today, by a month, because months can begin later."""
    today = date(2026, 11, 29)
    alice.weekly_insights = alice.monthly_summary = True
    for week, month, due in (("2026-W48", "2026-11", []), ("2026-W49", "2026-12", ["monthly", "weekly"])):
        alice.insights_week, alice.summary_month = week, month
        assert sorted(kind.name for kind in KINDS if kind.mark and kind.is_due(alice, today)) == due


@pytest.mark.parametrize(("at_first", "runs"), [(True, 1), (False, 0)])
def test_the_first_start_ever(at_first, runs):
    work = Work()
    run_if_due(Job("nightly", NIGHTLY, work, at_first=at_first))
    assert work.runs == runs


def test_a_failure_is_tried_again_less_and_less_and_stays_due():
    work = Work(TryAgainError("no rates yet"))
    job = Job("nightly", NIGHTLY, work)
    assert [run_if_due(job) for _ in range(len(PAUSES) + 1)] == [*PAUSES, None]
    assert JobRun.objects.get(name="nightly").outcome == "no rates yet"
    work.error = None
    assert run_if_due(job) is None
    assert JobRun.objects.get(name="nightly").failures == 0


def test_what_an_unexpected_error_says_is_not_kept(caplog):
    run_if_due(Job("nightly", NIGHTLY, Work(ValueError("alice@example.com"))))
    assert JobRun.objects.get(name="nightly").outcome == "ValueError"
    assert "alice" not in caplog.messages[0]


def test_two_schedulers_do_the_work_once():
    entered, leave = threading.Event(), threading.Event()

    def slow() -> str:
        entered.set()
        leave.wait(SECONDS)
        return "done"

    first = threading.Thread(target=run_if_due, args=(Job("nightly", NIGHTLY, slow),))
    first.start()
    assert entered.wait(SECONDS)
    second = Work()
    assert run_if_due(Job("nightly", NIGHTLY, second)) == BUSY_PAUSE
    leave.set()
    first.join()
    assert run_if_due(Job("nightly", NIGHTLY, second)) is None
    assert second.runs == 0


class Impatient(threading.Event):
    """Waits for a hundredth of a second at most."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(0.01)


def test_a_lock_is_kept_as_long_as_the_work_lasts(monkeypatch):
    monkeypatch.setattr(locks.threading, "Event", Impatient)
    server, key = cache.client.get_client(), cache.make_key("long")
    with only_one("long"):
        server.pexpire(key, 600 * locks.LOCK_SECONDS)
        until(lambda: server.pttl(key) > 900 * locks.LOCK_SECONDS, "a lock that is renewed")
        with pytest.raises(BusyError), only_one("long"):
            pass
    assert not server.exists(key)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-08-20T14:30+00:00", date(2026, 8, 20)),  # a Thursday, 16:30 in Frankfurt
        ("2026-08-20T13:30+00:00", date(2026, 8, 19)),
        ("2026-08-22T20:00+00:00", date(2026, 8, 21)),
        ("2026-08-24T06:00+00:00", date(2026, 8, 21)),
        ("2026-04-06T15:00+00:00", date(2026, 4, 2)),  # Easter Monday
    ],
)
def test_the_last_day_with_rates(now, day):
    assert last_published(datetime.fromisoformat(now)) == day


def test_rates_are_asked_for_until_the_days_own_are_there(monkeypatch):
    today = last_published(timezone.now())
    monkeypatch.setattr(jobs, "update_rates", lambda: UpdateResult(newest=today - timedelta(days=1)))
    with pytest.raises(TryAgainError, match=f"no rates for {today} yet"):
        fetch_rates()
    monkeypatch.setattr(jobs, "update_rates", lambda: UpdateResult(error="no answer"))
    with pytest.raises(TryAgainError, match="Frankfurter failed: no answer"):
        fetch_rates()
    monkeypatch.setattr(jobs, "update_rates", lambda: UpdateResult(days=2, newest=today))
    assert fetch_rates() == f"2 days stored or changed, the newest is {today}"


def test_emails_are_sent_but_not_at_the_first_start(reader, mailoutbox):
    [job] = [job for job in jobs.JOBS if job.name == "emails"]
    run_if_due(job)
    assert mailoutbox == []
    JobRun.objects.filter(name="emails").update(done_until=timezone.now() - timedelta(days=40))
    run_if_due(job)
    assert [mail.to for mail in mailoutbox] == [[reader.email]]
    assert JobRun.objects.get(name="emails").outcome == "1 emails sent"


def test_emails_are_tried_again_while_the_mail_server_is_away(reader, monkeypatch):
    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    [job] = [job for job in jobs.JOBS if job.name == "emails"]
    done_until(timezone.now() - timedelta(days=1), "emails")
    assert run_if_due(job) == PAUSES[0]
    assert JobRun.objects.get(name="emails").outcome == "the mail server doesn't answer: ConnectionRefusedError"


def test_secrets_of_second_steps_are_encrypted_with_the_current_key(alice, settings):
    [job] = [job for job in jobs.JOBS if job.name == "second_steps"]
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    assert job.work() == "1 secrets of second steps encrypted"
    settings.SECRET_KEY = "another key " * 6
    with pytest.raises(TryAgainError, match="Add that key to SECRET_KEY_FALLBACKS"):
        job.work()


@pytest.mark.slow
def test_the_scheduler_runs_what_is_due_and_stops_when_told(other_processes_write):
    scheduler = subprocess.Popen(
        [sys.executable, "manage.py", "scheduler"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "MONGODB_NAME": settings.DATABASES["default"]["NAME"],
            "FRANKFURTER_URL": "http://127.0.0.1:9",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        cleaned_up = JobRun.objects.filter(name="cleanup", outcome__startswith="0 demo accounts")
        until(lambda: scheduler.poll() is not None or cleaned_up.exists(), "the first run of a job")
        assert scheduler.poll() is None, scheduler.stderr.read()
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(SECONDS) == 0
    finally:
        scheduler.kill()
        scheduler.stderr.close()
