"""Store, fetch and activate model versions."""

from bson import ObjectId
from gridfs import GridFS
from gridfs.errors import NoFile

from classifier.models import ModelVersion
from finbrain.core import mongodb
from finbrain.core.transactions import transaction

# Larger artifacts are stored in GridFS, because a MongoDB document holds at most 16 MB.
MOST_IN_ROW = 10 * 1024 * 1024


# In `trained_on`: whether no model could be served before this one, so that entries may wait for it.
ENTRIES_WAIT = "entries_wait"


class MissingArtifactError(LookupError):
    """The version has no artifact, or doesn't exist."""


def active_number() -> int | None:
    """Return the number of the active version, or None without one."""
    return ModelVersion.objects.filter(active=True).order_by("-number").values_list("number", flat=True).first()


def artifact(number: int) -> bytes:
    """Return the stored artifact of a version. Raises `MissingArtifactError`."""
    found = ModelVersion.objects.filter(number=number).values_list("artifact", "artifact_file").first()
    content, file = found or (None, None)
    if file:
        try:
            return _files().get(ObjectId(file)).read()
        except NoFile as error:
            raise MissingArtifactError(f"the file of version {number} is missing") from error
    if content is None:
        raise MissingArtifactError(f"version {number} has no artifact")
    return bytes(content)


def store_version(content: bytes, metrics: dict, trained_on: dict) -> ModelVersion:
    """Store a new version with the next number, without activating it."""
    newest = ModelVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0
    in_row = len(content) <= MOST_IN_ROW
    return ModelVersion.objects.create(
        number=newest + 1,
        artifact=content if in_row else None,
        artifact_file=None if in_row else _files().put(content),
        size=len(content),
        metrics=metrics,
        trained_on=trained_on,
    )


def activate(number: int) -> None:
    """Activate a version. Raises `MissingArtifactError` if it has no artifact or doesn't exist."""
    artifact(number)
    with transaction():
        ModelVersion.objects.filter(active=True).update(active=False)
        ModelVersion.objects.filter(number=number).update(active=True)


def awaited() -> ModelVersion | None:
    """Return the active version if entries may still wait for it."""
    version = ModelVersion.objects.filter(active=True).defer("artifact").order_by("-number").first()
    return version if version and version.trained_on.get(ENTRIES_WAIT) else None


def nothing_waits(version: ModelVersion) -> None:
    """Note that no entries wait for a version any more."""
    version.trained_on = {**version.trained_on, ENTRIES_WAIT: False}
    version.save(update_fields=["trained_on"])


def _files() -> GridFS:
    return GridFS(mongodb.database(), "classifier_artifacts")
