"""Convert a trained model to bytes and back: a JSON header and NumPy arrays in a compressed npz, without pickle.

An artifact also contains the models of the cross-validation in 8 bits, so that later trainings can be compared with it
on the same folds.
"""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from classifier.categories import SLUGS
from classifier.features import FEATURES_VERSION
from classifier.scorer import Scorer

FORMAT = 1


class ArtifactError(ValueError):
    """The bytes aren't an artifact that this installation can serve. The message gives the reason."""


@dataclass(frozen=True, eq=False)
class Artifact:
    """The result of a training to store. scorer: the model. folds: models that never saw the samples of their fold."""

    scorer: Scorer
    folds: tuple[Scorer, ...]


def environment() -> dict[str, object]:
    """Return the versions and categories that must be the same where a model is trained and where it is served."""
    return {
        "format": FORMAT,
        "features": FEATURES_VERSION,
        "scikit-learn": version("scikit-learn"),
        "categories": list(SLUGS),
    }


def to_bytes(artifact: Artifact) -> bytes:
    """Return the artifact as a compressed npz."""
    model = artifact.scorer
    header = {**environment(), "sharpness": model.sharpness, "folds": len(artifact.folds)}
    arrays = {
        "header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
        "keys": model.keys,
        "idf": model.idf.astype(np.float32),
        "unseen_idf": model.unseen_idf,
        "coefficients": model.coefficients.astype(np.float16),
        "intercept": model.intercept,
    }
    for number, fold in enumerate(artifact.folds):
        step = np.abs(fold.coefficients).max(axis=0).astype(float) / 127
        rough = np.round(fold.coefficients / step).astype(np.int8)
        arrays |= {f"fold{number}": rough, f"fold{number}_step": step, f"fold{number}_intercept": fold.intercept}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def from_bytes(content: bytes, with_folds: bool = False) -> Artifact:
    """Read an artifact. Raises `ArtifactError` if it is damaged or made for another environment."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            header = json.loads(arrays["header"].tobytes())
            _check(header)
            model = _scorer(arrays, header)
            folds = tuple(_fold(arrays, model, number) for number in range(header["folds"] if with_folds else 0))
    except ArtifactError:
        raise
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ArtifactError(f"damaged: {error}") from error
    return Artifact(model, folds)


def _check(header: dict[str, Any]) -> None:
    for name, here in environment().items():
        if header.get(name) != here:
            raise ArtifactError(f"made for {name} {header.get(name)}, but this installation has {here}")


def _scorer(arrays: np.lib.npyio.NpzFile, header: dict[str, Any]) -> Scorer:
    scorer = Scorer(
        keys=arrays["keys"],
        idf=arrays["idf"],
        coefficients=arrays["coefficients"],
        intercept=arrays["intercept"],
        unseen_idf=arrays["unseen_idf"],
        sharpness=float(header["sharpness"]),
    )
    size, classes = len(scorer.keys), len(SLUGS)
    if scorer.idf.shape != (size,) or scorer.coefficients.shape != (size, classes) or size == 0:
        raise ArtifactError("damaged: the arrays do not fit together")
    return scorer


def _fold(arrays: np.lib.npyio.NpzFile, model: Scorer, number: int) -> Scorer:
    """Return the model of a fold. It has its own coefficients for the n-grams of the whole model."""
    coefficients = (arrays[f"fold{number}"] * arrays[f"fold{number}_step"]).astype(np.float32)
    return replace(model, coefficients=coefficients, intercept=arrays[f"fold{number}_intercept"])
