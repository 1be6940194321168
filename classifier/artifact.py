"""Convert a trained model to bytes and back: a JSON header and NumPy arrays in a compressed npz, without pickle.

An artifact also contains the models of the cross-validation in 7 bits, so that later trainings can be compared with it
on the same folds.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from classifier.categories import SLUGS
from classifier.features import FEATURES_VERSION, SCRIPTS
from classifier.kinds import LABELS, Direction
from classifier.scorer import Scorer

_FORMAT = 3


class ArtifactError(ValueError):
    """The bytes aren't an artifact that this installation can serve. The message gives the reason."""


@dataclass(frozen=True, eq=False)
class ArtifactPart:
    """A model, and models that never saw the samples of their fold."""

    scorer: Scorer
    folds: tuple[Scorer, ...]


@dataclass(frozen=True, eq=False)
class Artifact:
    """The result of a training to store. scorer, folds: the model of categories, like an `ArtifactPart`.

    kinds: the models of kinds by direction. Artifacts from before there were kinds have none.
    """

    scorer: Scorer
    folds: tuple[Scorer, ...]
    kinds: Mapping[Direction, ArtifactPart] = field(default_factory=dict)


def environment() -> dict[str, object]:
    """Return the versions and categories that a training depends on."""
    return {**_served_with(), "scikit-learn": version("scikit-learn")}


def _served_with() -> dict[str, object]:
    """Return what must be the same where a model is trained and where it is served.

    scikit-learn only trains: FinBrain scores in its own code, so a model of another version of it can be served.
    """
    return {"format": _FORMAT, "features": FEATURES_VERSION, "categories": list(SLUGS)}


def to_bytes(artifact: Artifact) -> bytes:
    """Return the artifact as a compressed npz."""
    model = artifact.scorer
    kinds = {
        direction.value: {
            "labels": LABELS[direction],
            "sharpness": part.scorer.sharpness.tolist(),
            "folds": len(part.folds),
        }
        for direction, part in artifact.kinds.items()
    }
    header = {**environment(), "sharpness": model.sharpness.tolist(), "folds": len(artifact.folds), "kinds": kinds}
    arrays = {"header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)}
    arrays |= _arrays(model, artifact.folds, "")
    for direction, part in artifact.kinds.items():
        arrays |= _arrays(part.scorer, part.folds, f"{direction}_")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _arrays(model: Scorer, folds: Sequence[Scorer], prefix: str) -> dict[str, np.ndarray]:
    arrays = {
        "key_steps": np.diff(model.keys, prepend=np.uint64(0)),  # compress better than keys
        "idf": model.idf.astype(np.float32),
        "unseen_idf": model.unseen_idf,
        "coefficients": model.coefficients.astype(np.float16),
        "intercept": model.intercept,
    }
    for number, fold in enumerate(folds):
        step = np.abs(fold.coefficients).max(axis=0).astype(float) / 63
        arrays |= {
            f"fold{number}": _rough(fold.coefficients / step),
            f"fold{number}_step": step,
            f"fold{number}_intercept": fold.intercept,
        }
    return {prefix + name: array for name, array in arrays.items()}


def _rough(steps: np.ndarray) -> np.ndarray:
    """Round coefficients in steps. What isn't zero in all classes stays so: zeros are n-grams that a fold never saw."""
    rough = np.round(steps)
    lost = np.flatnonzero(steps.any(axis=1) & ~rough.any(axis=1))
    largest = np.abs(steps[lost]).argmax(axis=1)
    rough[lost, largest] = np.sign(steps[lost, largest])
    return rough.astype(np.int8)


def from_bytes(content: bytes, with_folds: bool = False) -> Artifact:
    """Read an artifact. Raises `ArtifactError` if it is damaged or made for another environment."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            header = json.loads(arrays["header"].tobytes())
            _check(header)
            model = _part(arrays, header, len(SLUGS), "", with_folds)
            kinds = _kinds(arrays, header, with_folds)
    except ArtifactError:
        raise
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ArtifactError(f"damaged: {error}") from error
    return Artifact(model.scorer, model.folds, kinds)


def _check(header: dict[str, Any]) -> None:
    for name, here in _served_with().items():
        if header.get(name) != here:
            raise ArtifactError(f"made for {name} {header.get(name)}, but this installation has {here}")


def _kinds(arrays: np.lib.npyio.NpzFile, header: dict[str, Any], with_folds: bool) -> dict[Direction, ArtifactPart]:
    """Return the models of kinds. An artifact without them, or with other labels, has none and can still be served."""
    found = header.get("kinds", {})
    if any(found.get(direction, {}).get("labels") != list(labels) for direction, labels in LABELS.items()):
        return {}
    return {
        direction: _part(arrays, found[direction], len(labels), f"{direction}_", with_folds)
        for direction, labels in LABELS.items()
    }


def _part(
    arrays: np.lib.npyio.NpzFile, header: dict[str, Any], classes: int, prefix: str, with_folds: bool
) -> ArtifactPart:
    """Return the model whose arrays have the prefix. header: its sharpness and the number of its folds."""
    scorer = Scorer(
        keys=np.cumsum(arrays[prefix + "key_steps"], dtype=np.uint64),
        idf=arrays[prefix + "idf"],
        coefficients=arrays[prefix + "coefficients"],
        intercept=arrays[prefix + "intercept"],
        unseen_idf=arrays[prefix + "unseen_idf"],
        sharpness=np.array(header["sharpness"], dtype=float),
    )
    size = len(scorer.keys)
    fits = scorer.idf.shape == (size,) and scorer.coefficients.shape == (size, classes) and size > 0
    if not fits or scorer.sharpness.shape != (len(SCRIPTS), 2):
        raise ArtifactError("damaged: the arrays do not fit together")
    numbers = range(header["folds"] if with_folds else 0)
    return ArtifactPart(scorer, tuple(_fold(arrays, scorer, f"{prefix}fold{number}") for number in numbers))


def _fold(arrays: np.lib.npyio.NpzFile, model: Scorer, name: str) -> Scorer:
    """Return the model of a fold. It has its own coefficients for the n-grams of the whole model."""
    coefficients = (arrays[name] * arrays[f"{name}_step"]).astype(np.float32)
    return replace(model, coefficients=coefficients, intercept=arrays[f"{name}_intercept"])
