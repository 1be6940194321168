"""The user model."""

from datetime import timedelta
from typing import Any, ClassVar

from bson import ObjectId
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ObjectIdField

from accounts.passwords import LONGEST

_DEFAULT_AUTO_FILE_THRESHOLD = 0.7


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def _create(self, email: str, password: str | None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self._create(email, password, **extra)

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self._create(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.lower())


class Theme(models.TextChoices):
    AUTO = "auto", _("Match my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class CountCash(models.TextChoices):
    SPENT = "spent", _("When I spend it")
    WITHDRAWN = "withdrawn", _("When I withdraw it")


class WeekStart(models.TextChoices):
    AUTO = "", _("As usual in my language")
    MONDAY = "mon", WEEKDAYS[0]
    SATURDAY = "sat", WEEKDAYS[5]
    SUNDAY = "sun", WEEKDAYS[6]


class User(AbstractUser):
    """A person, who signs in with an email. Emails are stored in lower case."""

    # Not ObjectIdAutoField, which is an IntegerField: allauth would call int() on the key.
    id = ObjectIdField(primary_key=True, default=ObjectId, editable=False, db_column="_id")
    username = None  # pyright: ignore[reportAssignmentType] - how Django says that there is no such field
    email = models.EmailField(_("email address"), unique=True)
    home_currency = models.CharField(_("home currency"), max_length=3, default="EUR")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    week_start = models.CharField(
        _("week starts on"), max_length=3, choices=WeekStart.choices, blank=True, default=WeekStart.AUTO
    )
    # The day on which the ledger's months begin, read by expenses/months.py.
    month_start = models.CharField(_("month starts on"), max_length=2, blank=True, default="")
    auto_file_threshold = models.FloatField(
        _("auto-file threshold"),
        default=_DEFAULT_AUTO_FILE_THRESHOLD,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    count_cash = models.CharField(_("Count cash"), max_length=9, choices=CountCash.choices, default=CountCash.SPENT)
    # The ledger's own exchange rates, read by expenses/models/own_rates.py.
    own_rates = models.JSONField(_("own exchange rates"), default=list, blank=True, editable=False)
    # The ledger's rules, read by expenses/models/rules.py.
    rules = models.JSONField(_("rules"), default=list, blank=True, editable=False)
    # The ledger's own categories and declined proposals as JSON, read by expenses/models/own_categories.py.
    own_categories = models.TextField(_("own categories"), default="", blank=True, editable=False)
    # The ledger's budgets and goals as JSON, read by expenses/models/budgets.py.
    plan = models.TextField(_("budgets and goals"), default="", blank=True, editable=False)
    # The person's views of the dashboard, read by expenses/models/saved_views.py.
    saved_views = models.JSONField(_("saved views"), default=list, blank=True, editable=False)
    share_feedback = models.BooleanField(_("share corrections"), default=False)
    monthly_summary = models.BooleanField(_("monthly summary by email"), default=False)
    # The last month ("2026-10") for which a summary was sent.
    summary_month = models.CharField(max_length=7, blank=True, default="", editable=False)
    reminders = models.BooleanField(_("reminders by email"), default=False)
    weekly_insights = models.BooleanField(_("weekly insights by email"), default=False)
    # The last week ("2026-W48") for which insights were sent.
    insights_week = models.CharField(max_length=8, blank=True, default="", editable=False)
    # The keys of insights that the person dismissed (expenses/insights/loading.py).
    dismissed_insights = models.JSONField(default=list, blank=True, editable=False)
    # The questions that links in emails answered (expenses/insights/answer_links.py).
    answered_questions = models.JSONField(default=list, blank=True, editable=False)
    # The last day whose email was sent or had nothing to say, in the person's time zone (expenses/emails/sending.py).
    emailed_on = models.DateField(null=True, blank=True, editable=False)
    # The IANA name of the zone of the device that the person signed in on last, "" if unknown.
    time_zone = models.CharField(max_length=64, blank=True, default="", editable=False)
    # What makes the address of the calendar feed the current one, "" if there is none (expenses/recurring/feed.py).
    calendar_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    calendar_amounts = models.BooleanField(_("amounts in the calendar feed"), default=False)
    # When a link last stopped or undid a change of the account. Whatever was pending then is void (accounts/grants.py).
    links_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When links that stop something were void: [[from, to], …] in seconds since 1970 (accounts/stop_links.py).
    void_stop_links = models.JSONField(default=list, blank=True, editable=False)
    # With an index, because every new demo and every scrape of the metrics counts the demos.
    demo_expires_at = models.DateTimeField(_("demo expires at"), null=True, blank=True, editable=False, db_index=True)

    DEMO_LIFE = timedelta(days=1)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Compare the password, rejecting one over the limit without hashing it."""
        return len(raw_password or "") <= LONGEST and super().check_password(raw_password)

    @property
    def is_demo(self) -> bool:
        return self.demo_expires_at is not None


def display_name(user: User) -> str:
    """The person's name on pages and in emails: the first name, or else the part of the email before the @."""
    return user.first_name or user.email.partition("@")[0]
