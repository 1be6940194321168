"""What pages say about the model."""

from collections.abc import Callable

from django.http import HttpRequest

from classifier import serving


def model(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """A function that tells whether there is no model yet."""
    return {"model_is_missing": serving.is_missing}
