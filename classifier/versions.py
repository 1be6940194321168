"""Store, fetch and activate model versions."""

from bson import ObjectId
from gridfs import GridFS
from gridfs.errors import NoFile

from classifier.models import ModelVersion
from finbrain.core import mongodb
from finbrain.core.transactions import transaction

# A bigger artifact goes to GridFS: a document of MongoDB holds 16 MB.
MOST_IN_ROW = 10 * 1024 * 1024


class MissingArtifactError(LookupError):
    """A version has no artifact, or there is no such version."""


def active_number() -> int | None:
    """The number of the active version; None without one."""
    return ModelVersion.objects.filter(active=True).order_by("-number").values_list("number", flat=True).first()


def artifact(number: int) -> bytes:
    """The stored artifact of a version; raises `MissingArtifactError`."""
    found = ModelVersion.objects.filter(number=number).values_list("artifact", "artifact_file").first()
    content, file = found or (None, None)
    if file:
        try:
            return _files().get(ObjectId(file)).read()
        except NoFile as error:
            raise MissingArtifactError(f"the file of version {number} is gone") from error
    if content is None:
        raise MissingArtifactError(f"version {number} has none")
    return bytes(content)


def store_version(content: bytes, metrics: dict, trained_on: dict) -> ModelVersion:
    """A new version with the next number, not active."""
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
    """Make this version the one that is served; raises `MissingArtifactError` if there is none."""
    artifact(number)
    with transaction():
        ModelVersion.objects.filter(active=True).update(active=False)
        ModelVersion.objects.filter(number=number).update(active=True)


def _files() -> GridFS:
    return GridFS(mongodb.database(), "classifier_artifacts")
