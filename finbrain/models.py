"""What the project itself keeps: when each job of the clock ran."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The runs of one job, in one row.

    done_until: every time at which the job had to run up to this one is dealt with. started_at, ended_at, failures and
    outcome tell of the last run; failures counts those since the last that went well.
    """

    name = models.CharField(_("job"), max_length=40, primary_key=True, db_column="_id")
    done_until = models.DateTimeField(_("done until"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    failures = models.IntegerField(_("failures in a row"), default=0)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.name
