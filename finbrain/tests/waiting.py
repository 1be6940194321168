"""Wait for what has to happen, for as long as a busy machine may need."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SECONDS = 120.0


def until(
    condition: Callable[[], T],
    what: str | Callable[[], str],
    seconds: float = SECONDS,
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """Ask until the condition is true, and return what it returned. Fails naming `what` after `seconds`.

    The limit only ends a test that would hang. It says nothing about speed: benchmarks do.
    """
    limit = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > limit:
            raise AssertionError(f"Waited {seconds:.0f} s for this: {what if isinstance(what, str) else what()}")
        pause(0.02)
    return found
