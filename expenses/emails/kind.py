"""What a kind of email is, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from accounts.models import User


@dataclass(frozen=True)
class EmailSection:
    """What a kind of email says to a person on a day. subject: of an email that says nothing else."""

    subject: str
    context: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class EmailKind:
    """A kind of email, which people turn on by itself.

    name: of its templates and in its links, so it never changes. label: what people call it. question: that of the
    setting, and help_text what is below it. setting: the field of User that turns it on. section: what it says, None
    for nothing. mark: the field of User with the last period that was reported, "" if it may say something every day.
    period: the period of a day; a period is reported on the first day that the scheduler runs in it. ahead: by how much
    the mark may be ahead of today, because the person chose a later beginning. Further ahead, a wrong clock set it.
    """

    name: str
    label: Promise
    question: Promise
    help_text: Promise
    setting: str
    section: Callable[[User, date], EmailSection | None]
    mark: str = ""
    period: Callable[[date], str] = date.isoformat
    ahead: timedelta = timedelta()

    def is_due(self, user: User, today: date) -> bool:
        """Whether the person wants it, and hasn't had that of this period."""
        if not getattr(user, self.setting):
            return False
        reported = getattr(user, self.mark) if self.mark else None
        return not (reported and self.period(today) <= reported <= self.period(today + self.ahead))


def week_text(day: date) -> str:
    """Return the week of a day by ISO 8601, which begins on Monday: "2026-W48"."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"
