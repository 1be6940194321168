"""The project's own model: the runs of scheduled jobs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The state of one scheduled job.

    done_until: all runs due up to this time are done. started_at, ended_at and outcome describe the last run; failures
    counts the failed runs since the last successful one.
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
